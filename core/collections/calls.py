"""Recording a contact: what was said, and in the same transaction the promise, the dispute or the payment that it
brought. A contact is never erased nor changed; notes are added to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission, Role
from core.auth.models import User
from core.clock import local, now, today
from core.collections.hours import DISTURBING, Hours, hours_of
from core.collections.models import Channel, Contact, ContactNote
from core.collections.outcomes import ALREADY_PAID, CAUSES, COLLECTED, DISPUTE, NEXT_ACTIONS, OUTCOMES, PROMISE
from core.collections.visits import visit_to_close
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.disputes.models import Dispute
from core.disputes.opening import open_dispute
from core.documents import checks
from core.errors import DomainError
from core.i18n import N_
from core.promises.models import Promise
from core.promises.recording import record_promise
from core.tasks.models import Task, TaskKind
from core.tasks.raising import raise_task


class UnknownOutcome(DomainError):
    message = N_("«{outcome}» no es un resultado de la lista. Elija uno.")


class UnknownCause(DomainError):
    message = N_("«{cause}» no es una causa de atraso de la lista. Elija una.")


class UnknownNextAction(DomainError):
    message = N_("«{action}» no es un siguiente paso de la lista. Elija uno.")


class NextActionInThePast(DomainError):
    message = N_("El siguiente paso sería el {on}, antes de la gestión. Elija ese día o uno después.")


class NextActionWithoutDay(DomainError):
    message = N_("Diga para cuándo es el siguiente paso.")


class OutOfHours(DomainError):
    message = N_(
        "Donde está el cliente son las {time}: se llama de {opens}:00 a {closes}:00. Si hubo motivo, escríbalo."
    )


class ContactInTheFuture(DomainError):
    message = N_("La gestión sería después de este momento. Corrija la fecha o la hora.")


class PromiseMissing(DomainError):
    message = N_("Escriba cuánto promete pagar y cuándo, o elija otro resultado.")


class DisputeMissing(DomainError):
    message = N_("Escriba qué documento y qué importe se aclaran, o elija otro resultado.")


class PaidMissing(DomainError):
    message = N_("Escriba cuánto dice que pagó y cuándo, o elija otro resultado.")


class PaidInTheFuture(DomainError):
    message = N_("El pago sería del {on}, que todavía no llega. Si va a pagar, registre una promesa.")


class ContactNotFound(DomainError):
    message = N_("Esa gestión no está entre las que usted puede ver.")


class NoteMissing(DomainError):
    message = N_("Escriba la nota.")


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What the customer promised to pay; without documents, on account."""

    amount: Decimal
    currency: str
    promised_on: date
    documents: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """What the customer questions of a document."""

    document: str
    amount: Decimal
    reason: str
    details: str | None = None
    owner_area: str | None = None
    deadline_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What the customer says that was paid, or handed over: somebody at the till looks for it."""

    amount: Decimal
    currency: str
    paid_on: date
    reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactForm:
    """One contact as it was typed. `at`: None is now. `out_of_hours`: why it was made outside the hours allowed."""

    customer_id: int
    channel: Channel
    outcome: str
    at: datetime | None = None
    person: str | None = None
    notes: str | None = None
    cause: str | None = None
    next_action: str | None = None
    next_action_on: date | None = None
    out_of_hours: str | None = None
    promise: Promised | None = None
    dispute: Disputed | None = None
    paid: Paid | None = None
    visit_id: int | None = None  # the planned visit that this is the result of


class Recorded(NamedTuple):
    """The contact, and the numbers of what came of it; `task_for`: who looks for the payment."""

    contact_id: int
    promise: str | None = None
    dispute: str | None = None
    task_for: str | None = None


def record_contact(session: Session, actor: Actor, *, contact: ContactForm, submission: str | None = None) -> Recorded:
    """Records a contact with all that came of it, or nothing at all; the same form twice is one contact."""
    actor.require(Permission.RECORD_CONTACT)
    customer = visible_customer(session, actor, contact.customer_id, lock=True)
    if submission is not None and (done := _already(session, submission)):
        return done
    contact = checked(session, customer, contact)
    at, visit = contact.at or moment(), None
    if contact.visit_id is not None:
        visit = visit_to_close(session, actor, visit_id=contact.visit_id, customer_id=contact.customer_id)
    promise = _promise(session, actor, contact, submission)
    dispute = _dispute(session, actor, contact, submission)
    [id_] = db.reserve_ids(session, Contact, 1)
    event = record(
        session, actor, "contact.recorded", entity="contact", entity_id=id_, customer_id=customer.id,
        channel=contact.channel, outcome=contact.outcome, person=contact.person,
        promise=promise.number if promise else None, dispute=dispute.number if dispute else None,
        next_action=contact.next_action, next_action_on=contact.next_action_on, out_of_hours=contact.out_of_hours,
    )  # fmt: skip
    row = Contact(
        id=id_, customer_id=contact.customer_id, at=at, contacted_on=local(at).date(), channel=contact.channel,
        outcome=contact.outcome, person=contact.person, collector=actor.name, notes=contact.notes, cause=contact.cause,
        next_action=contact.next_action, next_action_on=contact.next_action_on, out_of_hours=contact.out_of_hours,
        promise_id=promise.id if promise else None, dispute_id=dispute.id if dispute else None,
        submission=submission, event_id=event.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if visit is not None:
        visit.contact_id = id_
    task_for = _look_for_it(session, actor, contact, id_, event.id)
    return Recorded(
        id_, promise.number if promise else None, dispute.number if dispute else None, task_for
    )  # fmt: skip


def annotate_contact(session: Session, actor: Actor, *, contact_id: int, text: str) -> ContactNote:
    """Adds to a contact what somebody knows afterwards; what was written stays."""
    actor.require(Permission.RECORD_CONTACT)
    found = session.execute(
        select(Contact, Customer)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(col(Contact.id) == contact_id, visible_to(actor))
    ).first()
    if found is None:
        raise ContactNotFound
    tidy = checks.text(text, 2000)
    if tidy is None:
        raise NoteMissing
    event = record(
        session, actor, "contact.annotated", entity="contact", entity_id=contact_id, customer_id=found[1].id, note=tidy
    )
    note = ContactNote(contact_id=contact_id, at=now(), user_name=actor.name, text=tidy, event_id=event.id)
    session.add(note)
    session.flush()
    return note


def checked(session: Session, customer: Customer, contact: ContactForm) -> ContactForm:
    """The contact with its texts tidy, or the refusal of what cannot be."""
    if contact.outcome not in OUTCOMES:
        raise UnknownOutcome(outcome=contact.outcome)
    if contact.cause and contact.cause not in CAUSES:
        raise UnknownCause(cause=contact.cause)
    _check_next(contact)
    at = contact.at or moment()
    if at > moment():
        raise ContactInTheFuture
    for outcome, brought, missing in (
        (PROMISE, contact.promise, PromiseMissing), (DISPUTE, contact.dispute, DisputeMissing),
        (ALREADY_PAID, contact.paid, PaidMissing), (COLLECTED, contact.paid, PaidMissing),
    ):  # fmt: skip
        if contact.outcome == outcome and brought is None:
            raise missing
    if contact.paid is not None and contact.paid.paid_on > local(at).date():
        raise PaidInTheFuture(on=contact.paid.paid_on)
    why = checks.text(contact.out_of_hours, 250)
    clock = hours_of(session, customer, at)
    if needs_reason(contact.channel, clock) and why is None:
        raise OutOfHours(time=f"{clock.local:%H:%M}", opens=clock.opens, closes=clock.closes)
    return replace(
        contact, person=checks.text(contact.person, 120), notes=checks.text(contact.notes, 2000),
        cause=contact.cause or None, next_action=contact.next_action or None,
        out_of_hours=why if needs_reason(contact.channel, clock) else None,
    )  # fmt: skip


def needs_reason(channel: Channel, clock: Hours) -> bool:
    """Whether a contact by this channel, at this hour of the customer's, asks for a reason."""
    return channel in DISTURBING and not clock.inside


def _check_next(contact: ContactForm) -> None:
    if contact.next_action and contact.next_action not in NEXT_ACTIONS:
        raise UnknownNextAction(action=contact.next_action)
    if contact.next_action and contact.next_action_on is None:
        raise NextActionWithoutDay
    if contact.next_action_on is not None and contact.next_action_on < _made_on(contact):
        raise NextActionInThePast(on=contact.next_action_on)


def _promise(session: Session, actor: Actor, contact: ContactForm, submission: str | None) -> Promise | None:
    if contact.promise is None or contact.outcome != PROMISE:
        return None
    made = contact.promise
    return record_promise(
        session, actor, customer_id=contact.customer_id, amount=made.amount, currency=made.currency,
        made_on=_made_on(contact), promised_on=made.promised_on, documents=made.documents, contact=contact.person,
        notes=contact.notes, submission=submission,
    )  # fmt: skip


def _dispute(session: Session, actor: Actor, contact: ContactForm, submission: str | None) -> Dispute | None:
    if contact.dispute is None or contact.outcome != DISPUTE:
        return None
    made = contact.dispute
    return open_dispute(
        session, actor, customer_id=contact.customer_id, document=made.document, amount=made.amount,
        opened_on=_made_on(contact), reason=made.reason, details=made.details or contact.notes,
        owner_area=made.owner_area, deadline_on=made.deadline_on, submission=submission,
    )  # fmt: skip


def _made_on(contact: ContactForm) -> date:
    return local(contact.at).date() if contact.at else today()


def moment() -> datetime:
    """This moment on the business day: where that is fixed, this time of that day."""
    at = now()
    return at if local(at).date() == today() else datetime.combine(today(), local(at).timetz())


def _look_for_it(session: Session, actor: Actor, contact: ContactForm, contact_id: int, event_id: int) -> str | None:
    """The task of finding a payment of which the customer says that it was made; who got it."""
    if contact.paid is None or contact.outcome not in (ALREADY_PAID, COLLECTED):
        return None
    paid, who, on = contact.paid, _who_looks(session) or actor.name, today()
    raise_task(
        session, kind=TaskKind.ALREADY_PAID, event_id=event_id, assigned_to=who, assigned_by=actor.name,
        raised_on=on, due_on=on, customer_id=contact.customer_id, notes=contact.notes, source="contact",
        source_id=contact_id, amount=checks.amount(paid.amount), currency=paid.currency, paid_on=paid.paid_on,
        reference=checks.text(paid.reference, 120), handed_over=contact.outcome == COLLECTED,
    )  # fmt: skip
    return who


def _who_looks(session: Session) -> str | None:
    """The cashier who has the fewest tasks waiting; None where there is no cashier."""
    waiting = (
        select(col(Task.assigned_to).label("name"), func.count().label("tasks"))
        .where(col(Task.done_on).is_(None))
        .group_by(col(Task.assigned_to))
        .subquery()
    )
    found: str | None = session.scalar(
        select(col(User.name))
        .outerjoin(waiting, waiting.c.name == col(User.name))
        .where(col(User.role) == Role.CASHIER, col(User.active))
        .order_by(func.coalesce(waiting.c.tasks, 0), col(User.name))
        .limit(1)
    )
    return found


def _already(session: Session, submission: str) -> Recorded | None:
    """What the same form brought about before, when it had been sent already."""
    row = session.execute(
        select(col(Contact.id), col(Promise.number), col(Dispute.number))
        .outerjoin(Promise, col(Promise.id) == col(Contact.promise_id))
        .outerjoin(Dispute, col(Dispute.id) == col(Contact.dispute_id))
        .where(col(Contact.submission) == submission)
    ).first()
    return None if row is None else Recorded(*row)
