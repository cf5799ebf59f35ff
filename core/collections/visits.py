"""Visits of a day: planned, put in the order of the route, made (the result is a contact) or dropped with a reason."""

from datetime import date
from typing import NamedTuple
from urllib.parse import quote_plus

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import today
from core.collections.models import Contact, Visit
from core.collections.outcomes import outcome_label
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents import checks
from core.errors import DomainError, NotAllowed
from core.i18n import N_


class VisitNotFound(DomainError):
    message = N_("Esa visita no está entre las que usted puede ver.")


class VisitOver(DomainError):
    message = N_("Esa visita ya tiene resultado. Planee otra.")


class VisitPlanned(DomainError):
    message = N_("{customer} ya está en la ruta de ese día.")


class VisitInThePast(DomainError):
    message = N_("Una visita se planea para hoy o para después.")


class CollectorMissing(DomainError):
    message = N_("Diga quién hace la visita.")


class VisitOfAnother(DomainError):
    message = N_("Esa visita es a otro cliente.")


class VisitRow(NamedTuple):
    """One stop of a route. `outcome`: how it went; `dropped`: why it was not made; neither: it is still to be made."""

    id: int
    position: int
    customer: str  # the code
    name: str
    phone: str | None
    address: str | None
    purpose: str | None
    collector: str
    outcome: str | None
    dropped: str | None

    @property
    def waits(self) -> bool:
        """Whether it is still to be made."""
        return self.outcome is None and self.dropped is None

    @property
    def map_url(self) -> str | None:
        """Where a telephone shows the way."""
        return f"https://www.google.com/maps/search/?api=1&query={quote_plus(self.address)}" if self.address else None


def visits_of(session: Session, actor: Actor, *, on: date, collector: str | None = None) -> list[VisitRow]:
    """The route of a day, of one collector or of all, to customers whom `actor` sees."""
    actor.require(Permission.VIEW_PORTFOLIO)
    asked = (
        select(
            col(Visit.id), col(Visit.position), col(Customer.code), col(Customer.legal_name), col(Customer.phone),
            col(Visit.address), col(Visit.purpose), col(Visit.collector), col(Contact.outcome), col(Visit.dropped),
        )
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .outerjoin(Contact, col(Contact.id) == col(Visit.contact_id))
        .where(visible_to(actor), col(Visit.planned_on) == on)
        .order_by(col(Visit.collector), col(Visit.position), col(Visit.id))
    )  # fmt: skip
    if collector is not None:
        asked = asked.where(col(Visit.collector) == collector)
    return [VisitRow(*row) for row in session.execute(asked)]


def last_address(session: Session, actor: Actor, customer_id: int) -> str | None:
    """Where the customer was visited before."""
    visible_customer(session, actor, customer_id)
    found: str | None = session.scalar(
        select(col(Visit.address))
        .where(col(Visit.customer_id) == customer_id, col(Visit.address).is_not(None))
        .order_by(col(Visit.id).desc())
        .limit(1)
    )
    return found


def plan_visit(
    session: Session, actor: Actor, *, customer_id: int, planned_on: date, collector: str, address: str | None = None,
    purpose: str | None = None,
) -> Visit:  # fmt: skip
    """Adds a stop at the end of a collector's route of a day; one's own, or anybody's for who supervises."""
    who = checks.text(collector, 80)
    if who is None:
        raise CollectorMissing
    _require(actor, who)
    customer = visible_customer(session, actor, customer_id)
    db.take(session, f"visits:{who}:{planned_on}")
    if planned_on < today():
        raise VisitInThePast
    that_day = (col(Visit.collector) == who, col(Visit.planned_on) == planned_on)
    if session.scalar(select(col(Visit.id)).where(*that_day, col(Visit.customer_id) == customer_id)):
        raise VisitPlanned(customer=customer.legal_name)
    last = session.scalar(select(func.max(col(Visit.position))).where(*that_day)) or 0
    where = checks.text(address, 250) or last_address(session, actor, customer_id)
    event = record(
        session, actor, "visit.planned", entity="visit", customer_id=customer_id, on=planned_on, collector=who,
        address=where, purpose=purpose,
    )  # fmt: skip
    visit = Visit(
        collector=who, planned_on=planned_on, position=last + 1, customer_id=customer_id, address=where,
        purpose=checks.text(purpose, 250), event_id=event.id,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    return visit


def move_visit(session: Session, actor: Actor, *, visit_id: int, up: bool) -> None:
    """Changes places with the stop before (`up`) or after; the first and the last stay where they are."""
    visit = _mine(session, actor, visit_id)
    before = col(Visit.position) < visit.position if up else col(Visit.position) > visit.position
    order = col(Visit.position).desc() if up else col(Visit.position)
    other = session.scalar(
        select(Visit)
        .where(col(Visit.collector) == visit.collector, col(Visit.planned_on) == visit.planned_on, before)
        .order_by(order)
        .limit(1)
    )
    if other is None:
        return
    visit.position, other.position = other.position, visit.position
    record(
        session, actor, "visit.moved", entity="visit", entity_id=visit_id, customer_id=visit.customer_id,
        on=visit.planned_on, place=visit.position,
    )  # fmt: skip


def drop_visit(session: Session, actor: Actor, *, visit_id: int, reason: str) -> None:
    """Takes a stop out of the route; it stays in the list with the reason."""
    visit = _mine(session, actor, visit_id)
    why = checks.reason(reason)
    if visit.contact_id is not None or visit.dropped is not None:
        raise VisitOver
    visit.dropped = why
    record(
        session, actor, "visit.dropped", entity="visit", entity_id=visit_id, customer_id=visit.customer_id,
        on=visit.planned_on, reason=why,
    )  # fmt: skip


def visit_to_close(session: Session, actor: Actor, *, visit_id: int, customer_id: int) -> Visit:
    """The planned visit whose result a contact with this customer is; refused when it has one already."""
    visit = _mine(session, actor, visit_id)
    if visit.customer_id != customer_id:
        raise VisitOfAnother
    if visit.contact_id is not None or visit.dropped is not None:
        raise VisitOver
    return visit


def how_it_went(row: VisitRow) -> str:
    """The result of a stop in words; blank while it is to be made."""
    return outcome_label(row.outcome) if row.outcome else row.dropped or ""


def _require(actor: Actor, collector: str) -> None:
    if actor.may(Permission.SUPERVISE):
        return
    actor.require(Permission.RECORD_CONTACT)
    if collector != actor.name:
        raise NotAllowed


def _mine(session: Session, actor: Actor, visit_id: int) -> Visit:
    found = session.scalar(
        select(Visit)
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .where(col(Visit.id) == visit_id, visible_to(actor))
        .with_for_update(of=Visit)
    )
    if found is None:
        raise VisitNotFound
    _require(actor, found.collector)
    return found
