"""Formulas of the indicators, without a database. Amounts of one currency; days and percentages with two decimals."""

from collections.abc import Iterable
from decimal import Decimal

from core.money import ZERO, rounded

HUNDRED = Decimal(100)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` of `whole` in per cent; None when there is no whole."""
    return rounded(part * HUNDRED / whole) if whole else None


def days_of_sales(balance: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """How many days of the period's sales a balance is (DSO); None when nothing was sold."""
    return rounded(balance * days / sales) if sales > 0 else None


def average_delay(dso: Decimal | None, best: Decimal | None) -> Decimal | None:
    """ADD: what the overdue balance adds to the days, as both are shown."""
    return None if dso is None or best is None else dso - best


def effectiveness(opening: Decimal, sales: Decimal, closing: Decimal, overdue: Decimal) -> Decimal | None:
    """CEI: what was collected of what could be, in per cent; None when nothing could be."""
    return share(opening + sales - closing, opening + sales - (closing - overdue))


def countback(balance: Decimal, months: Iterable[tuple[int, Decimal]]) -> Decimal | None:
    """DSO by exhaustion: the days of whole months (days, sales; latest first) that the balance outlives, and the
    fraction of the last. A month of 0 or less gives its days and takes nothing. 0.00 without balance; None when the
    balance outlives all sales."""
    left, passed = balance, 0
    if left <= 0:
        return ZERO
    for days, sales in months:
        if sales >= left:
            return rounded(passed + left * days / sales)
        left -= max(sales, ZERO)
        passed += days
    return None
