"""Why a value or a file cannot be read: a Spanish sentence with places for its facts, translated when it is shown."""

from __future__ import annotations

from core.errors import DomainError
from core.i18n import N_, _
from core.i18n import shown as written


class BadValue(ValueError):
    """A cell that cannot be read as what its column holds; `template` is the message id, `params` its facts."""

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template)
        self.template = template
        self.params = params

    def sentence(self) -> str:
        """The refusal in the language in use."""
        return _(self.template).format(**{name: written(value) for name, value in self.params.items()})

    def __str__(self) -> str:
        return self.sentence()


class BadFile(DomainError):
    """A file that cannot be read at all; each reason is a class below."""

    message = N_("El archivo «{name}» no se puede leer.")


class WrongSuffix(BadFile):
    message = N_("«{name}» no termina en .csv ni en .xlsx; guárdelo en uno de esos formatos.")


class EmptyFile(BadFile):
    message = N_("«{name}» está vacío; expórtelo de nuevo.")


class FileTooLarge(BadFile):
    message = N_(
        "«{name}» pesa {size} MB y en pantalla se aceptan hasta {most} MB; impórtelo en el servidor con: "
        "python -m core import"
    )


class UnpacksTooLarge(BadFile):
    message = N_(
        "«{name}» ocupa más de {most} MB descomprimido; divídalo, o impórtelo en el servidor con: python -m core import"
    )


class TooManyRows(BadFile):
    message = N_(
        "«{name}» tiene {rows} filas y en pantalla se aceptan hasta {most}; impórtelo en el servidor con: "
        "python -m core import"
    )


class NotText(BadFile):
    message = N_("«{name}» no es un CSV: su contenido es {found}. Guárdelo como CSV UTF-8.")


class BinaryFile(BadFile):
    message = N_("«{name}» no es un CSV: contiene bytes que no son texto. Guárdelo como CSV UTF-8.")


class NotDecodable(BadFile):
    message = N_("«{name}» no está en UTF-8 ni en Windows-1252 (línea {line}); guárdelo como CSV UTF-8.")


class UnclosedQuote(BadFile):
    message = N_("«{name}»: las comillas que abre la fila {row} no se cierran; corríjalas o exporte de nuevo.")


class CellTooLong(BadFile):
    message = N_("«{name}», fila {row}: una celda tiene más de 131,072 caracteres; revise las comillas.")


class NotAWorkbook(BadFile):
    message = N_("«{name}» no es un libro de Excel; ábralo en Excel y guárdelo como .xlsx.")


class LockedWorkbook(BadFile):
    message = N_("«{name}» tiene contraseña o es de un Excel antiguo (.xls); guárdelo como .xlsx sin contraseña.")


class BrokenWorkbook(BadFile):
    message = N_("«{name}» está dañado; ábralo en Excel, guárdelo de nuevo como .xlsx y vuelva a intentarlo.")


class CellsTooFar(BadFile):
    message = N_(
        "«{name}» tiene celdas escritas demasiado lejos ({rows} filas por {columns} columnas); borre lo que sobra "
        "junto a la tabla y guárdelo de nuevo."
    )


class SheetNotFound(BadFile):
    message = N_("«{name}» no tiene la hoja «{sheet}»; tiene: {sheets}.")


class AmbiguousDates(BadFile):
    message = N_(
        "No se sabe si «{value}» empieza por el día o por el mes, y ninguna fecha del archivo lo demuestra; "
        "indíquelo con --date-order dmy o --date-order mdy."
    )
