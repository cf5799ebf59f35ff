"""Indicators of the portfolio by month and currency: sales, collections, DSO, CEI and what goes with them.

Balances start from the aging at the day before the first month and follow what was booked and applied since.
"""

import calendar
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Date,
    String,
    and_,
    case,
    column,
    literal,
    select,
    union_all,
    values,
)  # fmt: skip
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Application, Entry, Kind, Reversal, Side, Source
from core.ledger.months import last_day
from core.ledger.queries import open_parts
from core.money import ZERO, total, zero
from core.payments.models import Payment
from core.portfolio import kpi_rules as rules
from core.portfolio.buckets import before
from core.portfolio.scope import Query, Scope, customers_in
from core.tables import year_month

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


def kpis(session: Session, actor: Actor, *, start: str, end: str, region: str | None = None) -> list[KpiRow]:
    """A row for each month from `start` to `end` (`2026-03`) and each currency used up to `end`, in that order.

    Of the customers whom `actor` sees; `unidentified` is 0.00 for who may not see it and within a region.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    months = list(_months(start, end))
    if len(months) > MOST_MONTHS:
        raise TooManyMonths(months=len(months), most=MOST_MONTHS)
    customers = customers_in(session, actor, Scope(region=region))
    last = last_day(end)
    flows = _flows(session, last, customers)
    sees_unidentified = region is None and actor.may(Permission.VIEW_UNIDENTIFIED)
    waiting = _unidentified(session, months) if sees_unidentified else {}
    balances = _balances(session, months, customers)
    currencies = sorted({currency for currency, _ in flows} | {currency for currency, _ in waiting})
    return [
        _row(month, currency, balances, flows, waiting.get((currency, month), ZERO))
        for month in months
        for currency in currencies
    ]


class _Balance(NamedTuple):
    opening: Decimal
    closing: Decimal
    overdue: Decimal


class _Flow(NamedTuple):
    sales: Decimal
    collected: Decimal


_NOTHING = _Flow(ZERO, ZERO)
_NO_BALANCE = _Balance(ZERO, ZERO, ZERO)
_ByMonth = tuple[str, str]  # currency, month


def _row(
    month: str, currency: str, balances: dict[_ByMonth, _Balance], flows: dict[_ByMonth, _Flow], waiting: Decimal
) -> KpiRow:
    opening, closing, overdue = balances.get((currency, month), _NO_BALANCE)
    sales, collected = flows.get((currency, month), _NOTHING)
    days = _days(month)
    dso = rules.days_of_sales(closing, sales, days)
    best = rules.days_of_sales(closing - overdue, sales, days)
    first = min((one for used, one in flows if used == currency), default=month)
    back = ((_days(one), flows.get((currency, one), _NOTHING).sales) for one in reversed(list(_months(first, month))))
    promises_due, promises_kept_pct = promises_of(month)
    return KpiRow(
        month, currency, opening, sales, collected, closing, overdue, rules.share(overdue, closing), dso,
        rules.countback(closing, back), best, rules.average_delay(dso, best),
        rules.effectiveness(opening, sales, closing, overdue), promises_due, promises_kept_pct, waiting,
    )  # fmt: skip


def promises_of(month: str) -> tuple[int, Decimal | None]:
    """Promises for the month, and how many of them were kept in per cent. There is no table of promises yet."""
    return 0, None


def _balances(session: Session, months: Sequence[str], customers: Query | None) -> dict[_ByMonth, _Balance]:
    """Open instalments at the end of each month, and at the day before it begins."""
    first = date.fromisoformat(f"{months[0]}-01")
    part = open_parts(session, before(first, 1), customers).c
    last = last_day(months[-1])
    charged: Query = select(
        col(Entry.currency), year_month(Entry.booked_on), col(Entry.due_on), col(Entry.amount)
    ).where(col(Entry.booked_on).between(first, last), col(Entry.side) == Side.CHARGE)
    applied: Query = select(
        col(Application.currency), year_month(Application.applied_on), col(Application.due_on), -col(Application.amount)
    ).where(col(Application.applied_on).between(first, last))
    if customers is not None:
        charged = charged.where(col(Entry.customer_id).in_(customers))
        applied = applied.where(col(Application.customer_id).in_(customers))
    before_all = select(part.currency, literal("").label("month"), part.due_on, part.amount).where(
        part.due_on.is_not(None)
    )
    moved = union_all(before_all, charged, applied).subquery("moved").c
    flow = (
        select(moved.currency, moved.month, moved.due_on, total(moved.amount).label("amount"))
        .group_by(moved.currency, moved.month, moved.due_on)
        .cte("flow")
    )
    month = _month_table(months)
    closing = total(flow.c.amount)
    opening = total(case((flow.c.month < month.c.month, flow.c.amount), else_=zero()))
    overdue = total(case((flow.c.due_on < month.c.last, flow.c.amount), else_=zero()))
    found = session.execute(
        select(flow.c.currency, month.c.month, opening, closing, overdue)
        .join(month, flow.c.month <= month.c.month)
        .group_by(flow.c.currency, month.c.month)
    )
    return {(row[0], row[1]): _Balance(*row[2:]) for row in found}


def _flows(session: Session, last: date, customers: Query | None) -> dict[_ByMonth, _Flow]:
    """Sales and collections of every month up to `last`; a month in which a currency was used has an element."""
    signed = case((col(Entry.side) == Side.CHARGE, col(Entry.amount)), else_=-col(Entry.amount))
    sold = (Kind.INVOICE, Kind.DEBIT_NOTE, Kind.CREDIT_NOTE)

    def flow(is_sale: Any, is_money: Any) -> Query:
        sales = total(case((is_sale, signed), else_=zero())).label("sales")
        collected = total(case((is_money, -signed), else_=zero())).label("collected")
        made: Query = (
            select(col(Entry.currency), col(Entry.booked_on), sales, collected)
            .where(col(Entry.booked_on) <= last)
            .group_by(col(Entry.booked_on), col(Entry.currency))
        )
        return made if customers is None else made.where(col(Entry.customer_id).in_(customers))

    papers = flow(col(Entry.kind).in_(sold), col(Entry.kind) == Kind.PAYMENT).where(
        col(Entry.kind).in_((*sold, Kind.PAYMENT))
    )
    undone = (
        flow(col(Reversal.source) == Source.DOCUMENT, col(Reversal.source) == Source.PAYMENT)
        .join(Reversal, col(Reversal.id) == col(Entry.source_id))
        .where(col(Entry.source) == Source.REVERSAL)
    )
    c = union_all(papers, undone).subquery("flow").c
    month = year_month(c.booked_on)
    found = session.execute(select(c.currency, month, total(c.sales), total(c.collected)).group_by(c.currency, month))
    return {(row[0], row[1]): _Flow(row[2], row[3]) for row in found}


def _unidentified(session: Session, months: Sequence[str]) -> dict[_ByMonth, Decimal]:
    """Money on hand at the end of each month on nobody's account: received, less what came on an account, less what
    was reversed before it did."""
    last = last_day(months[-1])
    received = select(col(Payment.currency), year_month(Payment.paid_on).label("month"), col(Payment.amount)).where(
        col(Payment.paid_on) <= last
    )
    placed = select(col(Entry.currency), year_month(Entry.booked_on), -col(Entry.amount)).where(
        col(Entry.kind) == Kind.PAYMENT, col(Entry.booked_on) <= last
    )
    on_an_account = (
        select(col(Entry.id))
        .where(col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Payment.id))
        .exists()
    )
    returned = (
        select(col(Payment.currency), year_month(Reversal.reversed_on), -col(Payment.amount))
        .select_from(Reversal)
        .join(Payment, and_(col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Payment.id)))
        .where(
            col(Reversal.document_id).is_(None),
            col(Reversal.reversed_on) <= last,
            ~on_an_account,
        )
    )
    c = union_all(received, placed, returned).subquery("moved").c
    flow = select(c.currency, c.month, total(c.amount).label("amount")).group_by(c.currency, c.month).cte("flow")
    month = _month_table(months)
    found = session.execute(
        select(flow.c.currency, month.c.month, total(flow.c.amount))
        .join(month, flow.c.month <= month.c.month)
        .group_by(flow.c.currency, month.c.month)
    )
    return {(row[0], row[1]): row[2] for row in found}


def _month_table(months: Sequence[str]) -> CTE:
    data = [(month, last_day(month)) for month in months]
    return values(column("month", String), column("last", Date), name="asked").data(data).cte("asked")


def _months(start: str, end: str) -> Iterator[str]:
    """`2025-11`, `2025-12`, `2026-01`… both ends included."""
    year, number = int(start[:4]), int(start[5:])
    while (month := f"{year:04d}-{number:02d}") <= end:
        yield month
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)


def _days(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]
