"""Reading customers: the card, the history of changes, pickers, and the search by name, code or RFC."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Role
from core.auth.models import User
from core.customers.editing import version
from core.customers.fields import LABELS
from core.customers.models import Customer, CustomerChange
from core.customers.search import folded
from core.customers.visibility import customer_by_code, visible_customer, visible_to
from core.i18n import _
from core.policies.settings import company_currency


class CustomerCard(NamedTuple):
    """One customer; `currency` is the company's where the customer has none. `children`: how many depend on it."""

    id: int
    code: str
    legal_name: str
    tax_id: str | None
    region: str | None
    district: str | None
    sales_rep: str | None
    collector: str | None
    collector_name: str | None
    segment: str | None
    currency: str
    terms_days: int
    credit_limit: Decimal | None
    email: str | None
    phone: str | None
    language: str | None
    status: str
    parent_code: str | None
    parent_name: str | None
    children: int
    country: str | None
    time_zone: str | None
    version: int


class CustomerOption(NamedTuple):
    """A customer in a picker or among what a search found."""

    id: int
    code: str
    legal_name: str
    tax_id: str | None


class ChangeRow(NamedTuple):
    """One change of one field (or that the customer was made), latest first; `at` in UTC; `field` is its word."""

    at: datetime
    user: str
    origin: str
    field: str
    before: str | None
    after: str | None
    reason: str | None


def customer_card(session: Session, actor: Actor, code: str) -> CustomerCard:
    """The customer of a code, as its page shows it; CustomerNotFound when the actor does not see it."""
    one = customer_by_code(session, actor, code)
    parent = session.scalar(select(Customer).where(col(Customer.id) == one.parent_id, visible_to(actor)))
    children = select(func.count()).select_from(Customer).where(col(Customer.parent_id) == one.id)
    collector_name = session.scalar(select(col(User.full_name)).where(col(User.name) == one.collector))
    return CustomerCard(
        id=one.id or 0, code=one.code, legal_name=one.legal_name, tax_id=one.tax_id, region=one.region,
        district=one.district, sales_rep=one.sales_rep, collector=one.collector,
        collector_name=collector_name or one.collector, segment=one.segment,
        currency=one.currency or company_currency(session), terms_days=one.terms_days, credit_limit=one.credit_limit,
        email=one.email, phone=one.phone, language=one.language, status=one.status,
        parent_code=parent.code if parent else None, parent_name=parent.legal_name if parent else None,
        children=session.scalar(children.where(visible_to(actor))) or 0, country=one.country, time_zone=one.time_zone,
        version=version(session, one.id or 0),
    )  # fmt: skip


def history(session: Session, actor: Actor, customer_id: int, *, limit: int = 500) -> list[ChangeRow]:
    """What changed of a customer, field by field, latest first; last, who made it."""
    customer = visible_customer(session, actor, customer_id)
    rows = session.execute(
        select(CustomerChange, AuditEvent)
        .join(AuditEvent, col(AuditEvent.id) == col(CustomerChange.event_id))
        .where(col(CustomerChange.customer_id) == customer_id)
        .order_by(col(CustomerChange.id).desc())
        .limit(limit)
    )
    changes = [
        ChangeRow(
            event.at, event.user_name, event.origin, _(LABELS.get(change.field, change.field)), change.before,
            change.after, event.facts.get("reason") or event.facts.get("file"),
        )
        for change, event in rows
    ]  # fmt: skip
    made = session.get_one(AuditEvent, customer.event_id)
    born = ChangeRow(made.at, made.user_name, made.origin, _("Alta"), None, customer.code, made.facts.get("file"))
    return [*changes, born]


def found_by(text: str) -> ColumnElement[bool]:
    """The condition on `customer` that every word of `text` is in its code, name or RFC, case and accents aside."""
    words = folded(text).split()
    return and_(*(col(Customer.search).contains(word, autoescape=True) for word in words))


def search_customers(session: Session, actor: Actor, text: str, *, limit: int = 20) -> list[CustomerOption]:
    """Customers by name, code or RFC: first the code itself, then names that begin so, then the rest by name."""
    wanted = folded(text)
    if not wanted:
        return []
    begins = or_(
        col(Customer.search).startswith(wanted, autoescape=True),
        func.lower(col(Customer.legal_name)).startswith(wanted, autoescape=True),
    )
    first = case((func.lower(col(Customer.code)) == wanted, 0), (begins, 1), else_=2)
    rows = session.execute(
        select(col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.tax_id))
        .where(found_by(text), visible_to(actor))
        .order_by(first, col(Customer.legal_name), col(Customer.code))
        .limit(limit)
    )
    return [CustomerOption(*row) for row in rows]


def customer_options(session: Session, actor: Actor, *, limit: int) -> list[CustomerOption]:
    """The customers one sees, by name, for a picker; one more than `limit` when there are more."""
    rows = session.execute(
        select(col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.tax_id))
        .where(visible_to(actor))
        .order_by(col(Customer.legal_name), col(Customer.code))
        .limit(limit + 1)
    )
    return [CustomerOption(*row) for row in rows]


def values_of(session: Session, actor: Actor, field: str) -> list[str]:
    """What customers have in a field (`region`, `district`, `sales_rep`, `collector`, `segment`), for filters."""
    column = _LISTED[field]
    found = session.scalars(
        select(column).where(column.is_not(None), visible_to(actor)).distinct().order_by(column).limit(1_000)
    )
    return [value for value in found if value]


def collectors(session: Session) -> dict[str, str]:
    """Active users who collect: their user name, which a customer's `collector` is, and how they are called."""
    rows = session.execute(
        select(col(User.name), col(User.full_name))
        .where(col(User.role) == Role.COLLECTOR, col(User.active))
        .order_by(col(User.name))
    )
    return {name: full_name or name for name, full_name in rows}


def collectors_for(session: Session, actor: Actor) -> dict[str, str]:
    """The active collectors to whom the actor may give customers: who has a region, gives to those of it or of none."""
    own = [] if actor.region is None else [or_(col(User.region).is_(None), col(User.region) == actor.region)]
    rows = session.execute(
        select(col(User.name), col(User.full_name))
        .where(col(User.role) == Role.COLLECTOR, col(User.active), *own)
        .order_by(col(User.name))
    )
    return {name: full_name or name for name, full_name in rows}


def children_of(session: Session, actor: Actor, customer_id: int, *, limit: int = 200) -> list[CustomerOption]:
    """The customers whose parent this one is."""
    visible_customer(session, actor, customer_id)
    rows = session.execute(
        select(col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.tax_id))
        .where(col(Customer.parent_id) == customer_id, visible_to(actor))
        .order_by(col(Customer.legal_name), col(Customer.code))
        .limit(limit)
    )
    return [CustomerOption(*row) for row in rows]


_LISTED = {
    "region": col(Customer.region),
    "district": col(Customer.district),
    "sales_rep": col(Customer.sales_rep),
    "collector": col(Customer.collector),
    "segment": col(Customer.segment),
}
