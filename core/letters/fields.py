"""The fields that a template may use, what each means, and sample values to try a template with."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from babel.dates import format_date

from core.i18n import N_, money
from core.outbox.addresses import one_line

#: Fields with one value.
SINGLE = {
    "empresa": N_("Nombre de la empresa"),
    "fecha": N_("Día de la carta, con el mes por nombre"),
    "cliente": N_("Razón social del cliente"),
    "clave": N_("Clave del cliente"),
    "rfc": N_("RFC del cliente; vacío si no tiene"),
    "nivel": N_("Nivel de la carta: 1, 2…"),
    "gestor": N_("Nombre del gestor del cliente; vacío si no tiene"),
    "total": N_("Suma de lo que la carta pide, en la moneda de la empresa"),
    "moneda": N_("Moneda de la empresa"),
    "a_favor": N_("Saldo a favor sin aplicar, en la moneda de la empresa; vacío si no hay"),
}
#: Lists, to be repeated; those of `membrete` are texts, the others have fields of their own.
LISTS: dict[str, dict[str, str]] = {
    "membrete": {},
    "documentos": {
        "folio": N_("Folio del documento"),
        "emision": N_("Fecha de emisión"),
        "vencimiento": N_("Fecha en que venció"),
        "dias": N_("Días de atraso"),
        "saldo": N_("Saldo del documento"),
        "aclaracion": N_("Parte que está en aclaración; vacío si nada"),
        "importe": N_("Lo que se pide: saldo menos aclaración"),
        "moneda": N_("Moneda del documento"),
    },
    "totales": {"moneda": N_("Moneda"), "importe": N_("Suma de lo que se pide en esa moneda")},
}
#: What each list holds.
ABOUT = {
    "membrete": N_("Los renglones del membrete"),
    "documentos": N_("Los documentos de la carta, uno por parcialidad vencida"),
    "totales": N_("Las sumas, una por moneda"),
}
_LOCALES = {"es": "es_MX", "en": "en_US"}


class Line(NamedTuple):
    """An instalment that a letter lists."""

    number: str
    issued_on: date
    due_on: date
    days: int
    open: Decimal
    disputed: Decimal
    amount: Decimal
    currency: str


class Facts(NamedTuple):
    """What a letter says; `totals`: what it asks for by currency."""

    company: str
    letterhead: Sequence[str]
    on: date
    customer: str
    code: str
    tax_id: str
    level: int
    signed_by: str
    total: Decimal
    currency: str
    unapplied: Decimal
    lines: Sequence[Line]
    totals: Sequence[tuple[str, Decimal]]


def values(facts: Facts, language: str) -> Mapping[str, Any]:
    """The facts as a template gets them: texts only, each in one line."""
    several = len({line.currency for line in facts.lines} | {facts.currency}) > 1

    def paid(value: Decimal, currency: str) -> str:
        return money(value, currency if several else "")

    return {
        "empresa": one_line(facts.company), "membrete": [one_line(line) for line in facts.letterhead],
        "fecha": long_day(facts.on, language), "cliente": one_line(facts.customer), "clave": one_line(facts.code),
        "rfc": one_line(facts.tax_id), "nivel": str(facts.level), "gestor": one_line(facts.signed_by),
        "total": money(facts.total, facts.currency), "moneda": facts.currency,
        "a_favor": money(facts.unapplied, facts.currency) if facts.unapplied else "",
        "documentos": [
            {
                "folio": one_line(line.number), "emision": short_day(line.issued_on, language),
                "vencimiento": short_day(line.due_on, language), "dias": str(line.days),
                "saldo": paid(line.open, line.currency),
                "aclaracion": paid(line.disputed, line.currency) if line.disputed else "",
                "importe": paid(line.amount, line.currency), "moneda": line.currency,
            }
            for line in facts.lines
        ],
        "totales": [{"moneda": currency, "importe": money(amount, currency)} for currency, amount in facts.totals],
    }  # fmt: skip


def long_day(value: date, language: str) -> str:
    """`6 de marzo de 2026`, `March 6, 2026`: the month by name, for nobody reads 06/03 alike everywhere."""
    return format_date(value, "long", locale=_LOCALES[language])


def short_day(value: date, language: str) -> str:
    """`6 mar 2026`."""
    return format_date(value, "d MMM y" if language == "es" else "MMM d, y", locale=_LOCALES[language])


def sample(stage_level: int = 2, lines: int = 6) -> Facts:
    """An invented letter with everything in it that a template must stand: signs, long names, two currencies."""
    day = date(2026, 3, 6)
    made = [
        Line(f"F-{1000 + at}", date(2026, 1, 2 + at % 25), date(2026, 2, 1 + at % 25), 33 - at % 25,
             Decimal("1234.50"), Decimal("100.00") if at == 1 else Decimal("0.00"),
             Decimal("1134.50") if at == 1 else Decimal("1234.50"), "USD" if at == 2 else "MXN")
        for at in range(lines)
    ]  # fmt: skip
    return Facts(
        "Empresa de muestra, S.A. de C.V.", ["Av. Juárez 100, Centro", "Monterrey, N.L. · Tel. 81 5555 0100"], day,
        "Núñez & Hijos <Refacciones>, S. de R.L. de C.V.", "C-0042", "NHR010203AB1", stage_level,
        "María Fernanda Ibáñez", Decimal("27345.10"), "MXN", Decimal("150.00"), made,
        [("MXN", Decimal("6072.50")), ("USD", Decimal("1234.50"))],
    )  # fmt: skip
