"""The rows behind the figures of productivity: contacts, promises, what was recovered, whom to contact.

Collectors come as they are called.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.collections.models import Contact
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.ledger.models import Application, Entry
from core.ledger.queries import open_items
from core.money import total
from core.portfolio.scope import Scope, blank, customers_in
from core.promises.models import Promise
from core.supervision.productivity import Asked, own_promises, promised_for, recoveries


class ContactMade(NamedTuple):
    """One contact."""

    contacted_on: date
    collector: str | None
    customer_code: str
    customer: str
    channel: str
    outcome: str
    person: str | None
    notes: str | None


class PromiseMade(NamedTuple):
    """One promise, with how it stands; None for those that are only counted as made."""

    number: str
    collector: str | None
    customer_code: str
    customer: str
    made_on: date
    promised_on: date
    amount: Decimal
    paid: Decimal | None = None
    status: str | None = None


class Recovered(NamedTuple):
    """Money applied to an overdue instalment; negative where it was undone."""

    applied_on: date
    customer_code: str
    customer: str
    payment: str
    document: str
    due_on: date
    days_late: int
    amount: Decimal


class Worth(NamedTuple):
    """A customer who was overdue at the end of the period. `contacts`: how many there were in it."""

    customer_code: str
    customer: str
    collector: str | None
    region: str | None
    overdue: Decimal
    oldest_due_on: date
    contacts: int


class CauseOfDelay(NamedTuple):
    """Why customers pay late, as contacts of the period say. `cause`: a code of the catalogue."""

    cause: str
    customers: int
    contacts: int
    overdue: Decimal


def causes(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[CauseOfDelay]:
    """The causes of delay told in the period, with what those customers have overdue at its end (company currency; a
    customer who gave two causes counts in both), the largest first."""
    actor.require(Permission.SUPERVISE)
    as_of = min(asked.end, asked.today)
    item = open_items(session, as_of, customers_in(session, actor, Scope(region=asked.region)))
    late = (
        select(item.c.customer_id, total(item.c.base).label("overdue"))
        .where(item.c.due_on < as_of)
        .group_by(item.c.customer_id)
        .subquery("late")
    )
    told = (
        select(col(Contact.cause), col(Contact.customer_id), func.count().label("contacts"))
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(visible_to(actor), col(Contact.contacted_on).between(asked.start, asked.end))
        .where(col(Contact.cause).is_not(None))
        .group_by(col(Contact.cause), col(Contact.customer_id))
    )
    for column, wanted in ((Contact.collector, asked.collector), (Customer.region, asked.region)):
        if wanted is not None:
            told = told.where(blank(column) == wanted)
    each = told.subquery("told")
    overdue = total(late.c.overdue)
    rows = session.execute(
        select(each.c.cause, func.count(), func.sum(each.c.contacts), overdue)
        .select_from(each)
        .outerjoin(late, late.c.customer_id == each.c.customer_id)
        .group_by(each.c.cause)
        .order_by(overdue.desc(), each.c.cause)
        .limit(limit)
    )
    return [CauseOfDelay(cause, customers, int(many), amount) for cause, customers, many, amount in rows]


def contacts(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[ContactMade]:
    """The contacts of the period, the latest first."""
    actor.require(Permission.SUPERVISE)
    found = (
        select(
            col(Contact.contacted_on), called(col(Contact.collector)), col(Customer.code), col(Customer.legal_name),
            col(Contact.channel), col(Contact.outcome), col(Contact.person), col(Contact.notes),
        )
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(visible_to(actor), col(Contact.contacted_on).between(asked.start, asked.end))
        .order_by(col(Contact.at).desc(), col(Contact.id).desc())
        .limit(limit)
    )  # fmt: skip
    for column, wanted in ((Contact.collector, asked.collector), (Customer.region, asked.region)):
        if wanted is not None:
            found = found.where(blank(column) == wanted)
    return [ContactMade(*row) for row in session.execute(found)]


def promises_made(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[PromiseMade]:
    """The promises obtained in the period, the latest first."""
    actor.require(Permission.SUPERVISE)
    found = (
        select(
            col(Promise.number), called(col(Promise.collector)), col(Customer.code), col(Customer.legal_name),
            col(Promise.made_on), col(Promise.promised_on), col(Promise.amount),
        )
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(visible_to(actor), col(Promise.made_on).between(asked.start, asked.end), *own_promises(asked))
        .order_by(col(Promise.made_on).desc(), col(Promise.id).desc())
        .limit(limit)
    )  # fmt: skip
    for column, wanted in ((Promise.collector, asked.collector), (Customer.region, asked.region)):
        if wanted is not None:
            found = found.where(blank(column) == wanted)
    return [PromiseMade(*row) for row in session.execute(found)]


def promises_due(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[PromiseMade]:
    """The promises for the period with how they stand, by the day promised."""
    actor.require(Permission.SUPERVISE)
    stands = promised_for(session, actor, asked)
    found = (
        select(
            stands.c.number, called(col(Promise.collector)), col(Customer.code), col(Customer.legal_name),
            stands.c.made_on, stands.c.promised_on, stands.c.amount, stands.c.paid, stands.c.status,
        )
        .select_from(stands)
        .join(Promise, col(Promise.id) == stands.c.promise_id)
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(visible_to(actor), stands.c.status.not_in(("withdrawn", "rescheduled")))
        .order_by(stands.c.promised_on, stands.c.number)
        .limit(limit)
    )  # fmt: skip
    if asked.collector is not None:
        found = found.where(blank(Promise.collector) == asked.collector)
    return [PromiseMade(*row) for row in session.execute(found)]


def recovered(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[Recovered]:
    """What was applied to overdue instalments, the latest first."""
    actor.require(Permission.SUPERVISE)
    charge, credit = aliased(Entry), aliased(Entry)
    rows = session.execute(
        select(
            col(Application.applied_on), col(Customer.code), col(Customer.legal_name), col(credit.number),
            col(charge.number), col(Application.due_on), col(Application.amount),
        )
        .select_from(Application)
        .join(Customer, col(Customer.id) == col(Application.customer_id))
        .join(charge, col(charge.id) == col(Application.charge_id))
        .join(credit, col(credit.id) == col(Application.credit_id))
        .where(*recoveries(actor, asked))
        .order_by(col(Application.applied_on).desc(), col(Application.id).desc())
        .limit(limit)
    )  # fmt: skip
    return [
        Recovered(on, code, name, payment, document, due_on, (on - due_on).days, amount)
        for on, code, name, payment, document, due_on, amount in rows
    ]


def worth_contacting(session: Session, actor: Actor, *, asked: Asked, limit: int | None = None) -> list[Worth]:
    """Customers overdue at the end of the period in the currency asked, those nobody has contacted first."""
    actor.require(Permission.SUPERVISE)
    as_of = min(asked.end, asked.today)
    item = open_items(session, as_of, customers_in(session, actor, Scope(region=asked.region)))
    made = (
        select(func.count())
        .select_from(Contact)
        .where(col(Contact.customer_id) == col(Customer.id), col(Contact.contacted_on).between(asked.start, asked.end))
        .correlate(Customer)
        .scalar_subquery()
    )
    late = (
        select(item.c.customer_id, total(item.c.base).label("overdue"), func.min(item.c.due_on).label("oldest"))
        .where(item.c.due_on < as_of)
        .group_by(item.c.customer_id)
        .subquery("late")
    )
    contacted = exists(
        select(col(Contact.id)).where(
            col(Contact.customer_id) == col(Customer.id), col(Contact.contacted_on).between(asked.start, asked.end)
        )
    )
    found = (
        select(
            col(Customer.code), col(Customer.legal_name), called(col(Customer.collector)), col(Customer.region),
            late.c.overdue, late.c.oldest, made,
        )
        .select_from(late)
        .join(Customer, col(Customer.id) == late.c.customer_id)
        .where(visible_to(actor))
        .order_by(contacted, late.c.overdue.desc(), col(Customer.code))
        .limit(limit)
    )  # fmt: skip
    if asked.collector is not None:
        found = found.where(blank(Customer.collector) == asked.collector)
    return [Worth(*row) for row in session.execute(found)]
