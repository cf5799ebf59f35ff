"""What is doubtful about a tax id. Nothing here refuses: real RFCs with a wrong check digit are in use."""

from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.mx import rfc

from core.customers.search import is_generic
from core.errors import DomainError
from core.i18n import N_


class TaxIdMalformed(DomainError):
    message = N_(
        "El RFC «{tax_id}» no tiene la forma de un RFC: 3 letras (empresa) o 4 (persona), la fecha AAMMDD y 3 signos "
        "más. Compárelo con la constancia fiscal; si el cliente es extranjero, indique su país."
    )


class TaxIdCheckDigit(DomainError):
    message = N_(
        "El RFC «{tax_id}» no cuadra con su dígito verificador: puede tener una letra o cifra cambiada. "
        "Compárelo con la constancia fiscal."
    )


def is_mexican(country: str | None) -> bool:
    """Whether the tax id of a customer of this country is an RFC; a blank country is Mexico."""
    return country in (None, "", "MX")


def tidy(tax_id: str | None, country: str | None) -> str | None:
    """A tax id as it is kept: an RFC in capitals without blanks and hyphens; another country's as written."""
    text = (tax_id or "").strip()
    return (rfc.compact(text) if is_mexican(country) else text) or None


def doubt(tax_id: str | None, country: str | None) -> DomainError | None:
    """What to warn of before a tax id is kept, if anything. Generic RFCs and those of other countries are taken."""
    if tax_id is None or not is_mexican(country) or is_generic(tax_id):
        return None
    try:
        rfc.validate(tax_id, validate_check_digits=True)
    except (InvalidChecksum, InvalidComponent):
        # a wrong date is a wrong form; wrong signs at the end are what the check digit is there for
        return (TaxIdCheckDigit if rfc.is_valid(tax_id) else TaxIdMalformed)(tax_id=tax_id)
    except ValidationError:
        return TaxIdMalformed(tax_id=tax_id)
    return TaxIdMalformed(tax_id=tax_id) if len(tax_id) < len("AAA010101AAA") else None
