"""Figures as people read them: short money for charts and cards, percentages, and «s/d» where there is no data."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_skeleton

from core.i18n import _, amount, language, money

#: A space at which no line breaks, between a number and what it counts.
NBSP = "\u00a0"
_MILLION, _THOUSAND = Decimal(1_000_000), Decimal(1_000)


def no_data() -> str:
    """What stands where there is no figure; a zero would be a claim."""
    return _("s/d")


def compact(value: Decimal | None) -> str:
    """Money short enough for a card: `$73.9 M`, `$761 mil`, `$9,350.00`; the exact amount belongs on hover."""
    if value is None:
        return no_data()
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= Decimal(999_500):
        return f"{sign}${_tenths(size / _MILLION):,}{NBSP}M"
    if size >= Decimal(10_000):
        whole = (size / _THOUSAND).quantize(Decimal(1), ROUND_HALF_UP)
        return f"{sign}${whole}{NBSP}{'k' if language() == 'en' else 'mil'}"
    return money(value)


def in_millions(longest: Decimal) -> bool:
    """Whether a chart whose longest bar is so long counts in millions; else in thousands."""
    return longest >= _MILLION


def inside(value: Decimal, *, millions: bool) -> str:
    """What stands inside a bar: `9.9` of millions, `398` of thousands; nothing where it would say zero."""
    if millions:
        return f"{_tenths(value / _MILLION):,}" if value >= _MILLION / 20 else ""
    return f"{(value / _THOUSAND).quantize(Decimal(1), ROUND_HALF_UP):,}" if value >= _THOUSAND else ""


def percent(value: Decimal | None) -> str:
    """A percentage with one decimal: `44.7 %`."""
    return no_data() if value is None else f"{_tenths(value):,}{NBSP}%"


def exact(value: Decimal | None, currency: str = "") -> str:
    """The amount to the centavo: `$1,234.50 MXN`."""
    return no_data() if value is None else money(value, currency)


def decimal(value: Decimal | None) -> str:
    """A figure with two decimals: `47.31`."""
    return no_data() if value is None else amount(value)


def month_name(month: str) -> str:
    """`2026-03` as `marzo de 2026`."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale="en" if language() == "en" else "es_MX")


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
