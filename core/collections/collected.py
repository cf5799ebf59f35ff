"""What came in from the customers of an agenda, this month and up to the same day of the month before."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.ledger.models import Entry, Kind, Reversal, Source
from core.money import in_base, total, zero
from core.portfolio.scope import Scope, customers_in


class Collected(NamedTuple):
    """Company currency, each payment at its rate; reversals taken off on their own day."""

    this_month: Decimal
    month_before: Decimal  # up to the same day


def collected(session: Session, actor: Actor, *, as_of: date, collector: str | None = None) -> Collected:
    """Payments by the day they came on the account, as the indicators count them."""
    actor.require(Permission.VIEW_PORTFOLIO)
    first = as_of.replace(day=1)
    last_before = first - timedelta(days=1)
    same_day = last_before.replace(day=min(as_of.day, last_before.day))
    undone = aliased(Reversal)
    is_payment = and_(col(Entry.source) == Source.PAYMENT, col(Entry.kind) == Kind.PAYMENT)
    is_undone = and_(col(Entry.source) == Source.REVERSAL, col(undone.source) == Source.PAYMENT)
    base = in_base(Entry.amount, Entry.exchange_rate)

    def within(start: date, end: date, which: ColumnElement[bool]) -> ColumnElement[Decimal]:
        return total(case((and_(which, col(Entry.booked_on).between(start, end)), base), else_=zero()))

    asked = (
        select(
            within(first, as_of, is_payment), within(first, as_of, is_undone),
            within(last_before.replace(day=1), same_day, is_payment),
            within(last_before.replace(day=1), same_day, is_undone),
        )
        .select_from(Entry)
        .outerjoin(undone, and_(col(Entry.source) == Source.REVERSAL, col(undone.id) == col(Entry.source_id)))
        .where(
            col(Entry.booked_on).between(last_before.replace(day=1), as_of),
            or_(col(Entry.kind) == Kind.PAYMENT, col(Entry.kind) == Kind.REVERSAL),
        )
    )  # fmt: skip
    customers = customers_in(session, actor, Scope(collector=collector))
    if customers is not None:
        asked = asked.where(col(Entry.customer_id).in_(customers))
    row = session.execute(asked).one()
    return Collected(row[0] - row[1], row[2] - row[3])
