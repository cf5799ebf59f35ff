"""What a customer can promise today: the documents with something open, and what stands in the way."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.documents.models import Document
from core.ledger.models import Entry, Side, Source
from core.money import ZERO, total
from core.promises.levels import levels
from core.promises.models import PromiseDocument, PromiseStatus
from core.promises.queries import documents_of
from core.promises.standing import FAILED, Query, standing
from core.tables import plain_order

#: More are not offered; the whole account can be promised instead.
MOST = 300


class Promisable(NamedTuple):
    """A document with something open now; `pending`: the number of the promise that stands on it."""

    number: str
    due_on: date
    open: Decimal
    pending: str | None


class Promisables(NamedTuple):
    """The documents, the oldest due first; all that is open of the account; the pending promise on account."""

    documents: list[Promisable]
    open: Decimal
    pending: str | None


def promisable(session: Session, actor: Actor, *, customer_id: int, currency: str, on: date) -> Promisables:
    """What can be promised on `on`, of one currency."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    its = standing(on, customers=_only(customer_id), since=on)
    standing_on = select(its.c.promise_id, its.c.number).where(
        its.c.status == PromiseStatus.PENDING, its.c.currency == currency
    )
    pending: dict[int, str] = {row[0]: row[1] for row in session.execute(standing_on)}
    named = documents_of(session, list(pending))
    promised = {number: pending[id_] for id_, numbers in named.items() for number in numbers}
    due_on, owed = func.min(col(Entry.due_on)), total(Entry.open)
    mine = (
        col(Entry.customer_id) == customer_id, col(Entry.currency) == currency, col(Entry.open) > 0,
        col(Entry.side) == Side.CHARGE,
    )  # fmt: skip
    charges = session.execute(
        select(col(Entry.number), due_on, owed)
        .where(*mine, col(Entry.source) == Source.DOCUMENT)
        .group_by(col(Entry.source_id), col(Entry.number))
        .order_by(due_on, plain_order(col(Entry.number)))
        .limit(MOST)
    )
    return Promisables(
        [Promisable(number, due, open_, promised.get(number)) for number, due, open_ in charges],
        session.execute(select(owed).where(*mine)).scalar_one(),
        next((number for id_, number in pending.items() if id_ not in named), None),
    )


def next_level(session: Session, actor: Actor, *, customer_id: int, documents: Collection[str], on: date) -> int:
    """The level that a promise made on `on` for these documents of the customer will have."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    its = standing(on, customers=_only(customer_id))
    last = session.execute(
        select(its.c.promise_id, its.c.status)
        .select_from(its)
        .join(PromiseDocument, col(PromiseDocument.promise_id) == its.c.promise_id)
        .join(Document, col(Document.id) == col(PromiseDocument.document_id))
        .where(
            col(Document.number).in_(documents),
            its.c.status.not_in((PromiseStatus.WITHDRAWN.value, PromiseStatus.RESCHEDULED.value)),
        )
        .order_by(its.c.made_on.desc(), its.c.promise_id.desc())
        .limit(1)
    ).first()
    return levels(session, [last[0]])[last[0]] + 1 if last is not None and last[1] in FAILED else 1


def open_of(chosen: Iterable[Promisable]) -> Decimal:
    """What is open of these documents, which are of one currency."""
    return sum((one.open for one in chosen), ZERO)


def _only(customer_id: int) -> Query:
    return select(col(Customer.id)).where(col(Customer.id) == customer_id)
