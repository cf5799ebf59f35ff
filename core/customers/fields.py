"""What a user may write of a customer: the fields, their words, and what makes them valid."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global

from core.customers.models import Customer, CustomerPerson, CustomerStatus
from core.customers.tax_ids import tidy
from core.errors import DomainError, SeveralRefusals
from core.i18n import LANGUAGES, N_, _
from core.money import MAX_AMOUNT

#: The fields of the history, with the words of the screens; the names are the contract's columns.
LABELS: dict[str, str] = {
    "code": N_("Clave"),
    "legal_name": N_("Nombre o razón social"),
    "tax_id": N_("RFC"),
    "region": N_("Región"),
    "district": N_("Distrito"),
    "sales_rep": N_("Asesor"),
    "collector": N_("Gestor"),
    "segment": N_("Segmento"),
    "currency": N_("Moneda"),
    "terms_days": N_("Días de crédito"),
    "credit_limit": N_("Límite de crédito"),
    "email": N_("Correo"),
    "phone": N_("Teléfono"),
    "language": N_("Idioma"),
    "status": N_("Estado"),
    "parent": N_("Cliente principal"),
    "country": N_("País"),
    "time_zone": N_("Zona horaria"),
    "person": N_("Persona de contacto"),
}
#: Who changes these needs the permission of the credit area.
CREDIT = frozenset({"terms_days", "credit_limit"})
MOST_DAYS = 3_650
_ADDRESS = r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+"
_EMAIL = re.compile(rf"{_ADDRESS}(\s*[,;]\s*{_ADDRESS})*").fullmatch


class FieldMissing(DomainError):
    message = N_("Falta {field}. Escríbalo y guarde de nuevo.")


class FieldTooLong(DomainError):
    message = N_("{field} es demasiado largo: caben {most} caracteres.")


class FieldHasControlSigns(DomainError):
    message = N_("{field} tiene caracteres que no se ven. Bórrelo y escríbalo de nuevo.")


class FieldNotKnown(DomainError):
    message = N_("{field}: «{value}» no es una opción conocida. Elija otra.")


class EmailNotUsable(DomainError):
    message = N_("«{value}» no es un correo. Escríbalo como nombre@empresa.com")


class TermsOutOfRange(DomainError):
    message = N_("Los días de crédito van de 0 a {most}.")


class LimitOutOfRange(DomainError):
    message = N_("El límite de crédito va de 0.00 a {most}, con dos decimales. Déjelo vacío para no controlarlo.")


@dataclass(frozen=True, kw_only=True)
class CustomerFields:
    """A customer as a form holds it. None is a blank; `parent` is a code; `credit_limit` is in company currency."""

    legal_name: str
    tax_id: str | None = None
    region: str | None = None
    district: str | None = None
    sales_rep: str | None = None
    collector: str | None = None
    segment: str | None = None
    currency: str | None = None
    terms_days: int = 0
    credit_limit: Decimal | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    status: str = CustomerStatus.ACTIVE
    parent: str | None = None
    country: str | None = None
    time_zone: str | None = None

    def checked(self, known: "CustomerFields | None" = None) -> "CustomerFields":
        """These fields, tidied; SeveralRefusals with every reason why they cannot be kept.

        What an import brought as it was written (`known`) may stay as long as nobody touches it.
        """
        texts, reasons = _one_lines({name: getattr(self, name) for name in _MOST})
        if reasons:
            raise SeveralRefusals(reasons)
        for name in ("country", "currency"):
            texts[name] = texts[name].upper() if texts[name] else None
        texts["tax_id"] = tidy(texts["tax_id"], texts["country"])
        fields = replace(self, **texts)
        if reasons := [*_missing(fields), *_unknown_choices(fields, known), *_out_of_range(fields, known)]:
            raise SeveralRefusals(reasons)
        return fields


def _most(model: type[Customer] | type[CustomerPerson], name: str) -> int:
    return int(model.__table__.c[name].type.length)  # type: ignore[union-attr]  # SQLModel adds it to tables


_MOST = {
    name: _most(Customer, name)
    for name in ("legal_name", "tax_id", "region", "district", "sales_rep", "collector", "segment", "currency", "email",
                 "phone", "language", "status", "country", "time_zone")
} | {"parent": _most(Customer, "code")}  # fmt: skip


def one_line(field: str, value: str | None, most: int) -> str | None:
    """A text without blanks around it, None when nothing is left; refused, never cut. `field`: its word."""
    text = (value or "").strip()
    if len(text) > most:
        raise FieldTooLong(field=_(field), most=most)
    if not text.isprintable():
        raise FieldHasControlSigns(field=_(field))
    return text or None


def _one_lines(values: dict[str, str | None]) -> tuple[dict[str, Any], list[DomainError]]:
    """Each text tidied, and the reasons of those that cannot be kept."""
    tidied: dict[str, Any] = {}
    reasons: list[DomainError] = []
    for name, value in values.items():
        try:
            tidied[name] = one_line(LABELS[name], value, _MOST[name])
        except DomainError as reason:
            reasons.append(reason)
    return tidied, reasons


def _missing(fields: CustomerFields) -> list[DomainError]:
    return [] if fields.legal_name else [FieldMissing(field=_(LABELS["legal_name"]))]


def _out_of_range(fields: CustomerFields, known: CustomerFields | None) -> list[DomainError]:
    reasons: list[DomainError] = []
    if fields.email != getattr(known, "email", None) and not is_email(fields.email):
        reasons.append(EmailNotUsable(value=fields.email))
    if not 0 <= fields.terms_days <= MOST_DAYS:
        reasons.append(TermsOutOfRange(most=MOST_DAYS))
    if fields.credit_limit is not None and not _is_amount(fields.credit_limit):
        reasons.append(LimitOutOfRange(most=MAX_AMOUNT))
    return reasons


def _unknown_choices(fields: CustomerFields, known: CustomerFields | None) -> list[DomainError]:
    allowed: dict[str, frozenset[str] | set[str]] = {
        "currency": currencies(), "language": set(LANGUAGES), "status": set(CustomerStatus), "country": countries(),
        "time_zone": available_timezones(),
    }  # fmt: skip
    return [
        FieldNotKnown(field=_(LABELS[name]), value=value)
        for name, values in allowed.items()
        if (value := getattr(fields, name)) not in (None, getattr(known, name, None)) and value not in values
    ]


def is_email(value: str | None) -> bool:
    """Whether a text is blank, an address, or several divided by `,` or `;`."""
    return not value or _EMAIL(value) is not None


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= MAX_AMOUNT and value == round(value, 2)


@cache
def currencies() -> frozenset[str]:
    """ISO codes that are legal tender somewhere today."""
    return frozenset(
        code
        for uses in get_global("territory_currencies").values()
        for code, _start, end, tender in uses
        if tender and end is None
    )


@cache
def countries() -> frozenset[str]:
    """ISO codes of countries, two letters."""
    return frozenset(code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha())
