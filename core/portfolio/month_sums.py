"""Sums by month and currency behind the indicators; each reads what was booked or applied in the order of days."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import CTE, Date, String, and_, case, column, literal, or_, select, type_coerce, union_all, values
from sqlmodel import Session, col

from core.ledger.models import Entry, Kind, Reversal, Side, Source
from core.ledger.months import last_day
from core.ledger.queries import applied, booked, open_parts
from core.money import Money, total, zero
from core.payments.models import Payment
from core.portfolio.buckets import before
from core.portfolio.scope import Query
from core.tables import year_month

SOLD = (Kind.INVOICE, Kind.DEBIT_NOTE, Kind.CREDIT_NOTE)
ByMonth = tuple[str, str]  # currency, month


class Balance(NamedTuple):
    """Open instalments before a month and at its end, and how much of these is overdue."""

    opening: Decimal
    closing: Decimal
    overdue: Decimal


class Flow(NamedTuple):
    """A month's sales and collections, reversals taken off."""

    sales: Decimal
    collected: Decimal


def balances(session: Session, months: Sequence[str], customers: Query | None) -> dict[ByMonth, Balance]:
    """Open instalments at the end of each month, and at the day before it begins."""
    first = date.fromisoformat(f"{months[0]}-01")
    part = open_parts(session, before(first, 1), customers).c
    last = last_day(months[-1])
    charged, paid = booked(last, first, customers).c, applied(last, first, customers).c
    billed = case((charged.side == Side.CHARGE, charged.amount), else_=zero())
    moved = union_all(
        select(part.currency, literal("").label("month"), part.due_on, part.amount).where(part.due_on.is_not(None)),
        select(charged.currency, year_month(charged.booked_on), charged.due_on, billed),
        select(paid.currency, year_month(paid.applied_on), paid.due_on, type_coerce(-paid.amount, Money())),
    )
    m = moved.subquery("moved").c
    flow = (
        select(m.currency, m.month, m.due_on, total(m.amount).label("amount"))
        .group_by(m.currency, m.month, m.due_on)
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
    return {(row[0], row[1]): Balance(*row[2:]) for row in found}


def flows(session: Session, last: date, customers: Query | None) -> dict[ByMonth, Flow]:
    """Sales and collections of every month up to `last`; a month in which a currency was used has an element."""
    day = booked(last, customers=customers).c
    papers: Query = select(
        day.currency, day.booked_on, literal("").label("source"), day.kind, day.side, day.amount
    ).where(day.kind.in_((*SOLD, Kind.PAYMENT)))
    undone: Query = (
        select(
            col(Entry.currency), col(Entry.booked_on), col(Reversal.source), col(Entry.kind), col(Entry.side),
            col(Entry.amount),
        )
        .join(Reversal, col(Reversal.id) == col(Entry.source_id))
        .where(col(Entry.source) == Source.REVERSAL, col(Entry.booked_on) <= last)
    )  # fmt: skip
    if customers is not None:
        undone = undone.where(col(Entry.customer_id).in_(customers))
    c = union_all(papers, undone).subquery("flow").c
    signed = case((c.side == Side.CHARGE, c.amount), else_=-c.amount)
    is_sale = or_(c.kind.in_(SOLD), c.source == Source.DOCUMENT)
    is_money = or_(c.kind == Kind.PAYMENT, c.source == Source.PAYMENT)
    month = year_month(c.booked_on)
    found = session.execute(
        select(
            c.currency, month, total(case((is_sale, signed), else_=zero())),
            total(case((is_money, -signed), else_=zero())),
        ).group_by(c.currency, month)
    )  # fmt: skip
    return {(row[0], row[1]): Flow(row[2], row[3]) for row in found}


def unidentified(session: Session, months: Sequence[str]) -> dict[ByMonth, Decimal]:
    """Money on hand at the end of each month on nobody's account: received, less what came on an account, less what
    was reversed before it did."""
    last = last_day(months[-1])
    received: Query = select(
        col(Payment.currency), col(Payment.paid_on).label("on"), col(Payment.amount).label("amount")
    ).where(col(Payment.came_unidentified), col(Payment.paid_on) <= last)
    its_entry = and_(col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Payment.id))
    placed_on = select(col(Entry.booked_on)).where(its_entry).scalar_subquery()  # NULL: nobody's still
    placed = select(
        col(Payment.currency), placed_on, type_coerce(-col(Payment.amount), Money())
    ).where(col(Payment.came_unidentified), col(Payment.paid_on) <= last)  # fmt: skip
    on_an_account = select(col(Entry.id)).where(its_entry).exists()
    returned = (
        select(col(Payment.currency), col(Reversal.reversed_on), type_coerce(-col(Payment.amount), Money()))
        .select_from(Reversal)
        .join(Payment, and_(col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Payment.id)))
        .where(col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= last, ~on_an_account)
    )
    c = union_all(received, placed, returned).subquery("moved").c
    in_month = year_month(c.on)
    flow = (
        select(c.currency, in_month.label("month"), total(c.amount).label("amount"))
        .group_by(c.currency, in_month)
        .cte("flow")
    )
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
