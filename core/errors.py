"""Refusals that a user can read. Any other exception is a bug."""

import errno
from typing import ClassVar

from core.i18n import N_, _, shown


class DomainError(Exception):
    """A refusal: what is wrong and what to do, as a sentence in the user's language.

    Each refusal is a class of its own; its `message` is a template in Spanish (the msgid of the catalogue) whose
    `{names}` are filled with the facts it was given. Amounts, dates and counts are written as the user writes them.
    """

    message: ClassVar[str] = N_("No se pudo completar la operación.")

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__)
        self.facts = facts

    def sentence(self) -> str:
        """The refusal in the language of the one who reads it."""
        return _(self.message).format(**{name: shown(value) for name, value in self.facts.items()})

    def lines(self) -> list[str]:
        """One sentence a reason; most refusals have one."""
        return [self.sentence()]

    def __str__(self) -> str:
        return self.sentence()


class SeveralRefusals(DomainError):
    """Several reasons at once: all of them are told, so that the user mends them in one go."""

    def __init__(self, reasons: list[DomainError]) -> None:
        super().__init__()
        self.reasons = reasons

    def lines(self) -> list[str]:
        return [line for reason in self.reasons for line in reason.lines()]

    def sentence(self) -> str:
        return "\n".join(self.lines())


def why(error: OSError) -> str:
    """What the operating system says of a file, in the user's language."""
    return _(_WHY.get(error.errno or 0, "")) or error.strerror or type(error).__name__


_WHY = {
    errno.ENOENT: N_("no existe"),
    errno.EACCES: N_("no hay permiso"),
    errno.EPERM: N_("no hay permiso"),
    errno.EISDIR: N_("es una carpeta"),
    errno.ENOTDIR: N_("una parte de la ruta no es una carpeta"),
    errno.ENOSPC: N_("no queda espacio en el disco"),
    errno.EROFS: N_("el disco es de solo lectura"),
    errno.ENAMETOOLONG: N_("el nombre es demasiado largo"),
    errno.EADDRINUSE: N_("ya está en uso"),
    errno.EADDRNOTAVAIL: N_("no es una dirección de esta máquina"),
}


class NotAllowed(DomainError):
    message = N_("Su usuario no tiene permiso para esto. Pídalo a quien administra el sistema.")


class SomebodyIsWriting(DomainError):
    message = N_("Otra persona está guardando una operación larga. No se guardó nada; intente de nuevo en un minuto.")


class DatabaseNotReady(DomainError):
    message = N_("La base de datos no está preparada para esta versión. Ejecute: python -m core db upgrade")
