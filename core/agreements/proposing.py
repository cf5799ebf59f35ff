"""Proposing an agreement, taking the proposal back, and keeping what the customer signed."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.agreements.drafting import Draft, Terms, draft
from core.agreements.levels import above_level
from core.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementInstalment,
    AgreementStep,
    Outcome,
    Step,
)
from core.attachments.keeping import keep
from core.audit.events import record
from core.auth.actor import Actor, Permission, Role
from core.auth.models import User
from core.clock import now
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents import checks
from core.errors import DomainError, NotAllowed
from core.i18n import N_
from core.policies.settings import setting
from core.tasks.raising import notify

SERIES, ENTITY = "CV", "payment_agreement"


class AgreementNotFound(DomainError):
    message = N_("No hay un convenio «{number}» entre los que usted puede ver. Revise el folio.")


class AlreadyDecided(DomainError):
    message = N_("El convenio {number} ya fue resuelto por {by} el {on}. Actualice la lista.")


class NotYours(DomainError):
    message = N_("El convenio {number} lo propuso {by}: solo esa persona puede retirarlo. Quien aprueba lo rechaza.")


class NotApproved(DomainError):
    message = N_("El convenio {number} no está aprobado: se firma después de aprobarlo.")


class AlreadySigned(DomainError):
    message = N_("El convenio {number} ya se firmó el {on}.")


def propose_agreement(
    session: Session, actor: Actor, *, terms: Terms, on: date, submission: str | None = None
) -> Agreement:
    """Sends a proposal to whoever may approve it. Nothing changes for the customer until then.

    `submission` is the token of a form: the second time it returns the first proposal.
    """
    actor.require(Permission.PROPOSE_AGREEMENT)
    customer = visible_customer(session, actor, terms.customer_id, lock=True)
    if submission and (done := session.scalar(select(Agreement).where(col(Agreement.submission) == submission))):
        return done
    worked = draft(session, actor, terms=terms, on=on)
    [id_] = db.reserve_ids(session, Agreement, 1)
    number = f"{SERIES}-{id_:06d}"
    event = record(
        session, actor, "agreement.proposed", entity="agreement", entity_id=number, customer_id=customer.id,
        total=worked.total, currency=terms.currency, documents=[one.number for one in worked.documents],
        waived=worked.waived, rows=len(worked.payments),
    )  # fmt: skip
    made = _agreement(session, actor, worked, id_, number, event.id)
    made.submission = submission
    session.add(made)
    session.flush()
    session.add_all(_lines(worked, id_))
    session.flush()
    for user in _who_approves(session, actor, customer, above=above_level(session, made, on)):
        notify(
            session, user_name=user, kind="agreement_proposed", source=ENTITY, source_id=id_, event_id=event.id,
            customer_id=customer.id, number=number,
        )  # fmt: skip
    return made


def _agreement(session: Session, actor: Actor, worked: Draft, id_: int, number: str, event_id: int) -> Agreement:
    terms = worked.terms
    return Agreement(
        id=id_, number=number, customer_id=terms.customer_id, currency=terms.currency, proposed_on=worked.on,
        proposed_by_id=actor.user_id, proposed_by=actor.name, debt=worked.debt, late_interest=worked.late_interest,
        waived=worked.waived, annual_pct=worked.rate.annual_pct, days_in_year=worked.rate.days_in_year,
        plan_pct=terms.plan_pct, plan_interest=worked.plan_interest, down_payment=terms.down_payment,
        total=worked.total, frequency=terms.frequency, months=worked.months,
        guarantee=checks.text(terms.guarantee, 500), notes=checks.text(terms.notes, 1000),
        breach_after=int(setting(session, "agreements.breach_after")),
        grace_days=int(setting(session, "agreements.grace_days")), event_id=event_id,
    )  # fmt: skip


def _lines(worked: Draft, id_: int) -> list[AgreementDocument | AgreementInstalment]:
    documents = [
        AgreementDocument(
            agreement_id=id_, document_id=one.document_id, due_on=one.due_on, open=one.open, interest=one.interest
        )
        for one in worked.documents
    ]
    payments = [
        AgreementInstalment(
            agreement_id=id_, position=one.position, due_on=one.due_on, principal=one.principal,
            interest=one.interest, amount=one.amount,
        )
        for one in worked.payments
    ]  # fmt: skip
    return [*documents, *payments]


def _who_approves(session: Session, actor: Actor, customer: Customer, *, above: bool) -> list[str]:
    """By name, other than who proposes: managers who see the customer; above their level, administrators."""
    sees = col(User.region).is_(None) | (col(User.region) == customer.region)
    wanted = select(col(User.name)).where(col(User.active), col(User.name) != actor.name)
    if above:
        wanted = wanted.where(col(User.role) == Role.ADMIN)
    else:
        wanted = wanted.where(col(User.role) == Role.MANAGER, sees)
    return list(session.scalars(wanted.order_by(col(User.name))))


def withdraw_agreement(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> Agreement:
    """Takes one's own proposal back before anybody decided."""
    actor.require(Permission.PROPOSE_AGREEMENT)
    found = undecided(session, actor, number)
    if (found.proposed_by_id, found.proposed_by) != (actor.user_id, actor.name):
        raise NotYours(number=number, by=found.proposed_by)
    take(session, actor, found, Step.DECISION, Outcome.WITHDRAWN, on, checks.reason(reason), "agreement.withdrawn")
    return found


def sign_agreement(
    session: Session, actor: Actor, *, number: str, on: date, name: str, content: bytes, signed_by: str
) -> Agreement:
    """Keeps the document that the customer signed, and by whom; once, after the approval."""
    if not (actor.may(Permission.PROPOSE_AGREEMENT) or actor.may(Permission.APPROVE_AGREEMENT)):
        raise NotAllowed
    found = locked(session, actor, number)
    decision = session.get(AgreementStep, (found.id, Step.DECISION))
    if decision is None or decision.outcome != Outcome.APPROVED:
        raise NotApproved(number=number)
    if done := session.get(AgreementStep, (found.id, Step.SIGNATURE)):
        raise AlreadySigned(number=number, on=done.taken_on)
    signer = checks.text(signed_by, 120)
    event_id = take(session, actor, found, Step.SIGNATURE, Outcome.SIGNED, on, signer, "agreement.signed", file=name)
    keep(
        session, entity=ENTITY, entity_id=found.id or 0, customer_id=found.customer_id, name=name, content=content,
        event_id=event_id,
    )  # fmt: skip
    return found


def locked(session: Session, actor: Actor, number: str) -> Agreement:
    """The agreement of a number with its customer locked, or AgreementNotFound: who may not see it learns nothing."""
    found = session.scalar(
        select(Agreement)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(col(Agreement.number) == number.strip(), visible_to(actor))
    )
    if found is None:
        raise AgreementNotFound(number=number)
    visible_customer(session, actor, found.customer_id, lock=True)
    return found


def undecided(session: Session, actor: Actor, number: str) -> Agreement:
    """As `locked`, while nobody has decided; else AlreadyDecided."""
    found = locked(session, actor, number)
    decision = session.get(AgreementStep, (found.id, Step.DECISION), populate_existing=True)
    if decision is not None:
        raise AlreadyDecided(number=found.number, by=decision.by, on=decision.taken_on)
    return found


def take(
    session: Session, actor: Actor, agreement: Agreement, step: Step, outcome: Outcome, on: date, remark: str | None,
    action: str, **facts: Any,
) -> int:  # fmt: skip
    """Writes a step and its event; returns the event's id."""
    event = record(
        session, actor, action, entity="agreement", entity_id=agreement.number, customer_id=agreement.customer_id,
        on=on, remark=remark, **facts,
    )  # fmt: skip
    session.add(
        AgreementStep(
            agreement_id=agreement.id or 0, step=step, outcome=outcome, taken_on=on, at=now(), by_id=actor.user_id,
            by=actor.name, remark=remark, event_id=event.id,
        )
    )  # fmt: skip
    session.flush()
    return event.id
