"""The arithmetic of agreements, without I/O: late interest, the days and amounts of a plan, what it is worth today.

Everything is `Decimal`; amounts are rounded by `money.rounded`, once each.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import NamedTuple

from core.agreements.models import Frequency
from core.money import CENT, ZERO, rounded

_WEEK = timedelta(days=7)
_YEAR = Decimal(365)  # of the present value; interest counts the days that the settings say
_HUNDRED = Decimal(100)


class Payment(NamedTuple):
    """One payment of a plan; position 0 is the down payment."""

    position: int
    due_on: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        """What is paid that day."""
        return self.principal + self.interest


def accrued(balance: Decimal, annual_pct: Decimal, days: int, days_in_year: int) -> Decimal:
    """Simple interest: balance × rate × days / 360 or 365; 0.00 while nothing is overdue."""
    if days <= 0:
        return ZERO
    return rounded(balance * annual_pct * days / (_HUNDRED * days_in_year))


def share(amount: Decimal, pct: Decimal) -> Decimal:
    """So many per cent of an amount, such as the interest that is waived."""
    return rounded(amount * pct / _HUNDRED)


def due_dates(first: date, frequency: Frequency, count: int) -> list[date]:
    """The days of `count` payments from `first` on.

    Weekly: the same weekday. Monthly: the same day of the month, its last one where the month is shorter (31 January,
    28 February, 31 March). Fortnightly: the 15th and the last day of each month, the first of these from `first` on.
    """
    if frequency is Frequency.WEEKLY:
        return [first + place * _WEEK for place in range(count)]
    if frequency is Frequency.MONTHLY:
        return [_months_after(first, place) for place in range(count)]
    found: list[date] = []
    month = first.replace(day=1)
    while len(found) < count:
        ends = (month.replace(day=15), month.replace(day=monthrange(month.year, month.month)[1]))
        found += [day for day in ends if day >= first]
        month = _months_after(month, 1)
    return found[:count]


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Begun months from `start` to `end`: 1 from 31 January to 28 February, 2 to 1 March."""
    months = max(0, (end.year - start.year) * 12 + end.month - start.month - 1)
    while _months_after(start, months) < end:
        months += 1
    return months


def plan(
    owed: Decimal, *, start: date, dates: Sequence[date], down_payment: Decimal = ZERO, down_on: date | None = None,
    plan_pct: Decimal = ZERO, days_in_year: int = 360,
) -> list[Payment]:  # fmt: skip
    """`owed` less the down payment in equal parts of principal, the last one with the rest, so that they add up to it.

    Interest of the plan, if any, runs on what is left from `start` (from the down payment on, less that) to each date.
    """
    made: list[Payment] = []
    left, since = owed, start
    if down_payment > 0:
        made.append(Payment(0, down_on or start, down_payment, ZERO))
        left -= down_payment
    part = (left / len(dates)).quantize(CENT, ROUND_DOWN)
    for position, due_on in enumerate(dates, 1):
        principal = left if position == len(dates) else part
        interest = accrued(left, plan_pct, (due_on - since).days, days_in_year)
        made.append(Payment(position, due_on, principal, interest))
        left, since = left - principal, due_on
    return made


def present_value(payments: Sequence[Payment], on: date, annual_pct: Decimal) -> Decimal:
    """What the payments are worth on a day at a compound annual rate, by days of 365 a year.

    Later payments and higher rates are never worth more. Decimal powers: the same digits on every machine.
    """
    with localcontext() as context:
        context.prec = 34
        growth = 1 + annual_pct / _HUNDRED
        worth = sum((one.amount / growth ** (Decimal((one.due_on - on).days) / _YEAR) for one in payments), ZERO)
    return rounded(worth)


def arrears(payments: Sequence[tuple[Decimal, date]], came: Sequence[tuple[date, Decimal]], as_of: date) -> int:
    """The most payments of a plan that were ever behind at once by `as_of`.

    `payments`: amount and last day (grace included) of each, in order. `came`: what came on each day. Money serves the
    oldest payment first, so what came early counts for those that follow, and what came late still closes the first.
    """
    worst, due = 0, ZERO
    owed: list[Decimal] = []  # all that was due up to each payment
    for amount, last_on in payments:
        due += amount
        owed.append(due)
        if last_on < as_of:
            so_far = sum((money for day, money in came if day <= last_on), ZERO)
            worst = max(worst, sum(up_to > so_far for up_to in owed))
    return worst
