"""The payments on one customer's account, for its page."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.ledger.models import Entry, Kind, Reversal, Source
from core.ledger.queries import open_items
from core.money import ZERO
from core.payments.models import Payment
from core.tables import plain_order


class State(StrEnum):
    """How a payment stands at a date: used up, in part, not at all, or taken back."""

    APPLIED = "applied"
    PARTLY = "partly"
    UNAPPLIED = "unapplied"
    REVERSED = "reversed"


class PaymentRow(NamedTuple):
    """One payment. `paid_on`: received; `booked_on`: on the account (later when it was identified later)."""

    number: str
    paid_on: date
    booked_on: date
    amount: Decimal
    left: Decimal
    currency: str
    method: str | None
    bank_reference: str | None
    state: State
    notes: str | None


class Payments(NamedTuple):
    """A page of payments, and how many there are in all."""

    rows: list[PaymentRow]
    found: int


def payments_of(
    session: Session, actor: Actor, customer_id: int, *, as_of: date, currency: str | None = None,
    limit: int | None = None, offset: int = 0,
) -> Payments:  # fmt: skip
    """Payments on a customer's account by `as_of`, latest first, with what is left of each at the end of that day."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    item = open_items(session, as_of, select(col(Customer.id)).where(col(Customer.id) == customer_id))
    reversed_ = select(col(Reversal.id)).where(
        col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Payment.id),
        col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= as_of,
    )  # fmt: skip
    found = (
        select(Payment, col(Entry.booked_on), item.c.balance, reversed_.exists())
        .join(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))
        .outerjoin(item, item.c.entry_id == col(Entry.id))
        .where(
            col(Entry.customer_id) == customer_id, col(Entry.kind) == Kind.PAYMENT, col(Entry.booked_on) <= as_of,
            *([] if currency is None else [col(Entry.currency) == currency]),
        )
    )  # fmt: skip
    order = (col(Entry.booked_on).desc(), plain_order(col(Entry.number)).desc())
    rows = session.execute(found.order_by(*order).limit(limit).offset(offset))
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return Payments([_row(*row) for row in rows], count)


def _row(one: Payment, booked_on: date, balance: Decimal | None, reversed_: bool) -> PaymentRow:
    left = balance or ZERO
    if reversed_:
        state = State.REVERSED
    elif not left:
        state = State.APPLIED
    else:
        state = State.PARTLY if left < one.amount else State.UNAPPLIED
    return PaymentRow(
        one.number, one.paid_on, booked_on, one.amount, left, one.currency, one.method, one.bank_reference, state,
        one.notes,
    )  # fmt: skip
