"""Reading promises: the list as of a day, what is promised day by day, and how much of it is kept."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_to
from core.documents.models import Document
from core.promises.levels import levels
from core.promises.models import Promise, PromiseDocument, PromiseStatus
from core.promises.standing import FAILED, Query, standing
from core.tables import among, plain_order, year_month


class Wanted(NamedTuple):
    """Which promises; None asks for all. `collector` blank: of nobody. Days are those promised, both ends included."""

    statuses: Sequence[PromiseStatus] = ()
    collector: str | None = None
    customer_id: int | None = None
    number: str | None = None
    start: date | None = None
    end: date | None = None
    currency: str | None = None


EVERYTHING = Wanted()


class PromiseRow(NamedTuple):
    """A promise as it stood on a day. `counted`: what of `paid` came in its window."""

    id: int
    number: str
    customer_id: int
    customer: str
    name: str
    collector: str
    currency: str
    amount: Decimal
    paid: Decimal
    counted: Decimal
    made_on: date
    promised_on: date
    starts_on: date
    ends_on: date
    status: PromiseStatus
    contact: str | None
    notes: str | None
    agreement_id: int | None
    level: int = 1
    documents: tuple[str, ...] = ()


#: Who is to be asked about a promise: to whom it was made, else the customer's collector of today.
collector_of: ColumnElement[str] = func.coalesce(col(Promise.collector), col(Customer.collector), "")


def promises(
    session: Session, actor: Actor, *, as_of: date, wanted: Wanted = EVERYTHING, limit: int | None = None,
    offset: int = 0,
) -> list[PromiseRow]:  # fmt: skip
    """The promises made by `as_of` of the customers whom `actor` sees, as they stood then: first those due that day,
    then what failed, then what is pending, the rest last. A page of them with `limit` and `offset`."""
    found = listed(actor, as_of, wanted).subquery().c
    is_pending = found.status == PromiseStatus.PENDING.value
    place = case(
        (and_(is_pending, found.promised_on == as_of), 0),
        (found.status.in_([state.value for state in FAILED]), 1),
        (is_pending, 2),
        else_=3,
    )
    order = (place, case((is_pending, found.promised_on)), found.promised_on.desc(), plain_order(found.number))
    page = session.execute(select(*found).order_by(*order).limit(limit).offset(offset or None))
    rows = [PromiseRow._make((*row[:14], PromiseStatus(row[14]), *row[15:], 1, ())) for row in page]
    ids = [row.id for row in rows]
    level, documents = levels(session, ids), documents_of(session, ids)
    return [row._replace(level=level[row.id], documents=documents.get(row.id, ())) for row in rows]


def listed(actor: Actor, as_of: date, wanted: Wanted) -> Query:
    """The promises of a list: the columns of `PromiseRow` but its last two."""
    actor.require(Permission.VIEW_PORTFOLIO)
    its = standing(as_of, customers=_customers(actor, wanted), only=_only(wanted))
    statement = (
        select(
            its.c.promise_id, its.c.number, its.c.customer_id, col(Customer.code).label("customer"),
            col(Customer.legal_name).label("name"), collector_of.label("collector"), its.c.currency, its.c.amount,
            its.c.paid, its.c.counted, its.c.made_on, its.c.promised_on, its.c.starts_on, its.c.ends_on, its.c.status,
            col(Promise.contact), col(Promise.notes), col(Promise.agreement_id),
        )
        .select_from(its)
        .join(Promise, col(Promise.id) == its.c.promise_id)
        .join(Customer, col(Customer.id) == its.c.customer_id)
    )  # fmt: skip
    if wanted.statuses:
        statement = statement.where(its.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.collector is not None:
        statement = statement.where(collector_of == wanted.collector)
    return statement


def _customers(actor: Actor, wanted: Wanted) -> Query | None:
    if wanted.customer_id is None and sees_all(actor):
        return None
    customers = select(col(Customer.id)).where(visible_to(actor))
    return customers if wanted.customer_id is None else customers.where(col(Customer.id) == wanted.customer_id)


def _only(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What can be said of a promise before it is judged."""
    asked: list[ColumnElement[bool]] = []
    if wanted.number is not None:
        asked.append(col(Promise.number) == wanted.number)
    if wanted.currency is not None:
        asked.append(col(Promise.currency) == wanted.currency)
    if wanted.start is not None:
        asked.append(col(Promise.promised_on) >= wanted.start)
    if wanted.end is not None:
        asked.append(col(Promise.promised_on) <= wanted.end)
    return asked


def collectors(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Name and full name of those to whom the customers that `actor` sees have promised, by name."""
    actor.require(Permission.VIEW_PORTFOLIO)
    name = func.coalesce(func.nullif(col(User.full_name), ""), collector_of)
    found = session.execute(
        select(collector_of, name)
        .select_from(Promise)
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .outerjoin(User, col(User.name) == collector_of)
        .where(visible_to(actor), collector_of != "")
        .distinct()
    )
    return sorted((key, shown) for key, shown in found)


class Kept(NamedTuple):
    """How many were promised for a month, how many of them can be told by now, and how many were kept."""

    due: int
    judged: int
    kept: int


def kept_by_month(
    session: Session, *, today: date, first: date, last: date, customers: Query | None
) -> dict[tuple[str, str], Kept]:
    """By currency and month (`2026-03`), for promises for `first` to `last` as they stand today; what users ended is
    left out. `customers`: a query of customer ids, None: everybody's."""
    its = standing(today, customers=customers, only=[col(Promise.promised_on).between(first, last)]).c
    month = year_month(its.promised_on)
    found = session.execute(
        select(its.currency, month, func.count(), _count(its.status.in_(_TOLD)), _count(its.status == _KEPT))
        .where(its.status.not_in([PromiseStatus.WITHDRAWN.value, PromiseStatus.RESCHEDULED.value]))
        .group_by(its.currency, month)
    )
    return {(currency, of): Kept(*counts) for currency, of, *counts in found}


_KEPT = PromiseStatus.KEPT.value
#: Promises of which one knows what came of them.
_TOLD = (_KEPT, *(state.value for state in FAILED))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def documents_of(session: Session, promise_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The numbers of the documents that promises name, in order; those on account are left out."""
    found = session.execute(
        select(col(PromiseDocument.promise_id), col(Document.number))
        .join(Document, col(Document.id) == col(PromiseDocument.document_id))
        .where(among(col(PromiseDocument.promise_id), promise_ids))
        .order_by(plain_order(col(Document.number)))
    )
    named: dict[int, tuple[str, ...]] = {}
    for promise_id, number in found:
        named[promise_id] = (*named.get(promise_id, ()), number)
    return named
