"""Indicators of the portfolio by month and currency: sales, collections, DSO, CEI and what goes with them.

Balances start from the aging at the day before the first month and follow what was booked and applied since.
"""

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_
from core.ledger.months import last_day
from core.money import ZERO
from core.portfolio import kpi_rules as rules
from core.portfolio.month_sums import Balance, ByMonth, Flow, balances, flows, unidentified
from core.portfolio.scope import Scope, customers_in
from core.promises.queries import Kept, kept_by_month

MOST_MONTHS = 600


class TooManyMonths(DomainError):
    message = N_("Pidió {months} meses; se pueden ver {most} a la vez. Acorte el periodo.")


class KpiRow(NamedTuple):
    """A month and currency. Amounts in that currency; percentages and days with two decimals, None without divisor."""

    month: str
    currency: str
    opening: Decimal
    sales: Decimal
    collected: Decimal
    closing: Decimal
    overdue: Decimal
    overdue_pct: Decimal | None
    dso: Decimal | None
    dso_countback: Decimal | None
    best_possible_dso: Decimal | None
    add: Decimal | None
    cei_pct: Decimal | None
    promises_due: int
    promises_kept_pct: Decimal | None
    unidentified: Decimal


def kpis(
    session: Session, actor: Actor, *, start: str, end: str, today: date, region: str | None = None
) -> list[KpiRow]:  # fmt: skip
    """A row for each month from `start` to `end` (`2026-03`) and each currency used up to `end`, in that order.

    Of the customers whom `actor` sees; `unidentified` is 0.00 for who may not see it and within a region. Promises
    for those months count as they stand on `today`.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    months = list(_months(start, end))
    if len(months) > MOST_MONTHS:
        raise TooManyMonths(months=len(months), most=MOST_MONTHS)
    customers = customers_in(session, actor, Scope(region=region))
    moved = flows(session, last_day(end), customers)
    sees_unidentified = region is None and actor.may(Permission.VIEW_UNIDENTIFIED)
    waiting = unidentified(session, months) if sees_unidentified else {}
    owed = balances(session, months, customers)
    first = date.fromisoformat(f"{months[0]}-01")
    promised = kept_by_month(session, today=today, first=first, last=last_day(end), customers=customers)
    currencies = sorted({currency for currency, _ in (*moved, *waiting, *promised)})
    return [
        _row(
            month,
            currency,
            owed.get((currency, month), _NO_BALANCE),
            moved,
            waiting.get((currency, month), ZERO),
            promised.get((currency, month), _NO_PROMISES),
        )
        for month in months
        for currency in currencies
    ]


_NOTHING = Flow(ZERO, ZERO)
_NO_BALANCE = Balance(ZERO, ZERO, ZERO)
_NO_PROMISES = Kept(0, 0, 0)


def _row(
    month: str, currency: str, balance: Balance, moved: Mapping[ByMonth, Flow], waiting: Decimal, promised: Kept
) -> KpiRow:  # fmt: skip
    opening, closing, overdue = balance
    sales, collected = moved.get((currency, month), _NOTHING)
    days = _days(month)
    dso = rules.days_of_sales(closing, sales, days)
    best = rules.days_of_sales(closing - overdue, sales, days)
    first = min((one for used, one in moved if used == currency), default=month)
    back = ((_days(one), moved.get((currency, one), _NOTHING).sales) for one in reversed(list(_months(first, month))))
    kept_pct = rules.share(Decimal(promised.kept), Decimal(promised.judged))
    return KpiRow(
        month, currency, opening, sales, collected, closing, overdue, rules.share(overdue, closing), dso,
        rules.countback(closing, back), best, rules.average_delay(dso, best),
        rules.effectiveness(opening, sales, closing, overdue), promised.due, kept_pct, waiting,
    )  # fmt: skip


def _months(start: str, end: str) -> Iterator[str]:
    """`2025-11`, `2025-12`, `2026-01`… both ends included."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (start, end))
    return (f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(first, last + 1))


def _days(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]
