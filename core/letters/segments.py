"""Simple interest by balance segments: exact until it is rounded, once a document.

A day bears interest on what was open, and not disputed, at the end of the day before: an invoice due on the 1st and
paid on the 2nd bears one day. Amounts are whole centavos here, rates ten-thousandths of a per cent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from core.money import from_cents

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days, both included, on which balance and rate stood still; `amount` adds up to the document's interest."""

    from_on: date
    to_on: date
    days: int
    balance: Decimal
    annual_pct: Decimal
    amount: Decimal


def spans(
    *, start: date, end: date, balance: Callable[[date], int], rate: Callable[[date], int], changes: Sequence[date],
    days_in_year: int,
) -> list[Span]:  # fmt: skip
    """The segments of `start` to `end`. `balance`: centavos at the end of a day; `rate`: in force on a day; `changes`:
    the days on which the balance (at their end) or the rate may have changed."""
    if start > end:
        return []
    # the balance of a day's end counts from the next day on, a rate from its own day on
    cuts = sorted({start, *(cut for day in changes for cut in (day, day + _DAY) if start < cut <= end)})
    made: list[Span] = []
    done, told = 0, 0
    for place, first in enumerate(cuts):
        last = cuts[place + 1] - _DAY if place + 1 < len(cuts) else end
        left, pct = balance(first - _DAY), rate(first)
        if left <= 0 or pct <= 0:
            continue
        days = (last - first).days + 1
        done += left * pct * days
        amount = interest_cents(done, days_in_year)
        before = made[-1] if made else None
        if before and before.to_on == first - _DAY and before.balance == from_cents(left) and _pct(pct) == before[4]:
            first, days = before.from_on, before.days + days
            told -= int(before.amount.scaleb(2))
            made.pop()
        made.append(Span(first, last, days, from_cents(left), _pct(pct), from_cents(amount - told)))
        told = amount
    return made


def interest_cents(weighed: int, days_in_year: int) -> int:
    """Centavos, half up, of the sum of centavos x rate x days."""
    divisor = 1_000_000 * days_in_year
    return (2 * weighed + divisor) // (2 * divisor)


def _pct(pct: int) -> Decimal:
    return Decimal(pct).scaleb(-4)


def stepwise(steps: Mapping[date, int], first: int = 0) -> Callable[[date], int]:
    """A figure that takes each value from its day on; `first` before them all."""
    days = sorted(steps)

    def at(day: date) -> int:
        value = first
        for one in days:
            if one > day:
                break
            value = steps[one]
        return value

    return at
