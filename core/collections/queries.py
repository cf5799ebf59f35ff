"""Contacts as screens read them, each with what was added to it; and who was contacted last when."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.collections.models import Contact, ContactNote
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.disputes.models import Dispute
from core.promises.models import Promise
from core.tables import among

Query = Select[*tuple[Any, ...]]


class NoteRow(NamedTuple):
    """What somebody added to a contact."""

    at: datetime
    user_name: str
    text: str


class ContactRow(NamedTuple):
    """One contact. `outcome`, `cause`, `next_action`: codes of the catalogues, or as a file says it."""

    id: int
    customer: str  # the code
    name: str
    at: datetime
    contacted_on: date
    channel: str
    outcome: str
    person: str | None
    collector: str | None
    notes: str | None
    cause: str | None
    next_action: str | None
    next_action_on: date | None
    out_of_hours: str | None
    promise: str | None
    dispute: str | None
    added: tuple[NoteRow, ...] = ()


class Contacts(NamedTuple):
    """A page of contacts, and how many there are in all."""

    rows: list[ContactRow]
    found: int


def last_contacts(as_of: date, customers: Query | None = None) -> CTE:
    """The last contact of each customer made by the end of `as_of`. Columns: `customer_id, contact_id, at,
    contacted_on, channel, outcome, next_action, next_action_on`. It costs two looks into the index a customer.

    `customers`: a query of customer ids; only theirs.
    """
    made = aliased(Contact)
    newest = (
        select(col(made.id))
        .where(col(made.customer_id) == col(Customer.id), col(made.contacted_on) <= as_of)
        .order_by(col(made.at).desc(), col(made.channel).desc())
        .limit(1)
        .scalar_subquery()
    )
    found: Query = select(
        col(Contact.customer_id), col(Contact.id).label("contact_id"), col(Contact.at), col(Contact.contacted_on),
        col(Contact.channel), col(Contact.outcome), col(Contact.next_action), col(Contact.next_action_on),
    ).select_from(Customer).join(Contact, col(Contact.id) == newest)  # fmt: skip
    if customers is not None:
        found = found.where(col(Customer.id).in_(customers))
    return found.cte("last_contact")


def contacts_of(
    session: Session, actor: Actor, customer_id: int, *, limit: int | None = None, offset: int = 0
) -> Contacts:
    """A customer's contacts, the latest first, with their notes."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    return _read(session, _contacts().where(col(Contact.customer_id) == customer_id), limit, offset)


def contacts_made(
    session: Session, actor: Actor, *, first: date, last: date, collector: str | None = None,
    limit: int | None = None, offset: int = 0,
) -> Contacts:  # fmt: skip
    """The contacts of some days with the customers one sees, the latest first; `collector`: only those of a user."""
    actor.require(Permission.VIEW_PORTFOLIO)
    asked = _contacts().where(visible_to(actor), col(Contact.contacted_on).between(first, last))
    if collector is not None:
        asked = asked.where(col(Contact.collector) == collector)
    return _read(session, asked, limit, offset)


def collectors(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Name and full name of the collectors of the customers whom `actor` sees, by full name."""
    actor.require(Permission.VIEW_PORTFOLIO)
    shown = func.coalesce(func.nullif(col(User.full_name), ""), col(Customer.collector))
    found = session.execute(
        select(col(Customer.collector), shown)
        .outerjoin(User, col(User.name) == col(Customer.collector))
        .where(visible_to(actor), col(Customer.collector) != "")
        .distinct()
    )
    return sorted(((name, full) for name, full in found), key=lambda one: (one[1].casefold(), one[0]))


def _contacts() -> Query:
    return (
        select(
            col(Contact.id), col(Customer.code), col(Customer.legal_name), col(Contact.at), col(Contact.contacted_on),
            col(Contact.channel), col(Contact.outcome), col(Contact.person), col(Contact.collector),
            col(Contact.notes), col(Contact.cause), col(Contact.next_action), col(Contact.next_action_on),
            col(Contact.out_of_hours), col(Promise.number), col(Dispute.number),
        )
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .outerjoin(Promise, col(Promise.id) == col(Contact.promise_id))
        .outerjoin(Dispute, col(Dispute.id) == col(Contact.dispute_id))
    )  # fmt: skip


def _read(session: Session, asked: Query, limit: int | None, offset: int) -> Contacts:
    ordered = asked.order_by(col(Contact.at).desc(), col(Contact.id).desc()).limit(limit).offset(offset)
    rows = [ContactRow(*row) for row in session.execute(ordered)]
    found = len(rows)
    if limit is not None:
        found = session.scalar(select(func.count()).select_from(asked.order_by(None).subquery())) or 0
    added: dict[int, list[NoteRow]] = defaultdict(list)
    notes = select(
        col(ContactNote.contact_id), col(ContactNote.at), col(ContactNote.user_name), col(ContactNote.text)
    ).where(among(col(ContactNote.contact_id), [row.id for row in rows]))  # fmt: skip
    for contact_id, *note in session.execute(notes.order_by(col(ContactNote.at), col(ContactNote.id))):
        added[contact_id].append(NoteRow(*note))
    return Contacts([row._replace(added=tuple(added[row.id])) for row in rows], found)
