"""Pure rules of supervision: the period before, sharing customers out, what a portfolio would be."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.money import ZERO

_TENTH = Decimal("0.1")


def period_before(start: date, end: date) -> tuple[date, date]:
    """The period before one: of whole months the months before, else as many days."""
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        at = start.year * 12 + start.month - 1 - months
        return date(at // 12, at % 12 + 1, 1), start - timedelta(days=1)
    return start - (end - start) - timedelta(days=1), start - timedelta(days=1)


def rate(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """A share in per cent with one decimal; None where there is nothing to have a share of."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP) if whole else None


def per_day(count: int, days: int) -> Decimal | None:
    """So many a day, with one decimal; None without a day."""
    return (Decimal(count) / days).quantize(_TENTH, ROUND_HALF_UP) if days else None


def share_out(customers: Iterable[tuple[int, Decimal]], loads: Mapping[str, Decimal]) -> dict[int, str]:
    """Customers (id, weight) among collectors with their loads: the heaviest first, each to whoever has least then.

    Of equals the first by name, so that the same choice gives the same answer.
    """
    carried = dict(loads)
    given: dict[int, str] = {}
    for customer_id, weight in sorted(customers, key=lambda one: (-one[1], one[0])):
        least = min(carried, key=lambda name: (carried[name], name))
        given[customer_id] = least
        carried[least] += max(weight, ZERO)
    return given
