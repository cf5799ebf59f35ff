"""Judging agreements: one whose payments fail is broken, once, and whoever follows it is told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from core import db
from core.agreements.models import Agreement, AgreementInstalment, AgreementStep, Outcome, Step
from core.agreements.proposing import ENTITY, take
from core.agreements.standing import RECENT, State, progress
from core.agreements.taken import approved, over
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.tasks.models import TaskKind
from core.tasks.raising import notify, raise_task

_TO_DECIDE = timedelta(days=1)


class Broken(NamedTuple):
    """An agreement that was found broken: how many payments were behind; `waived` interest is owed again."""

    number: str
    customer: str  # code
    failed: int
    waived: Decimal
    currency: str


def judge_agreements(session: Session, actor: Actor, *, as_of: date) -> list[Broken]:
    """Finds the agreements of the customers whom `actor` sees that are broken on `as_of`; by number.

    Each is told once: a task for the collector (else who proposed it), a notice for who proposed and who approved.
    Again on the same day, or later, nothing new.
    """
    actor.require(Permission.RECORD_PROMISE)
    db.take(session, "agreements.judge")
    in_force = session.execute(
        select(Agreement, Customer)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(visible_to(actor), approved(as_of), ~over(as_of), ~_told(), _recent(as_of))
        .order_by(col(Agreement.id))
    ).all()
    plans = progress(session, [one for one, _customer in in_force], as_of)
    found: list[Broken] = []
    for one, customer in in_force:
        plan = plans[one.id or 0]
        if plan.state is State.BREACHED:
            _break(session, actor, one, customer, plan.failed, as_of)
            found.append(Broken(one.number, customer.code, plan.failed, one.waived, one.currency))
    return found


def _told() -> ColumnElement[bool]:
    """Broken or ended on any day: of a later one nothing is to be told for a day before."""
    steps = (Step.BREACH, Step.ENDING)
    return exists().where(
        col(AgreementStep.agreement_id) == col(Agreement.id), col(AgreementStep.step).in_(steps)
    )  # fmt: skip


def _recent(as_of: date) -> ColumnElement[bool]:
    last = (
        select(func.max(col(AgreementInstalment.due_on)))
        .where(col(AgreementInstalment.agreement_id) == col(Agreement.id))
        .scalar_subquery()
    )
    return last >= as_of - RECENT


def _break(session: Session, actor: Actor, agreement: Agreement, customer: Customer, failed: int, on: date) -> None:
    event_id = take(
        session, actor, agreement, Step.BREACH, Outcome.BREACHED, on, None, "agreement.breached", rows=failed,
        waived=agreement.waived, currency=agreement.currency,
    )  # fmt: skip
    about: dict[str, Any] = {
        "number": agreement.number,
        "waived": agreement.waived or None,
        "currency": agreement.currency,
    }
    raise_task(
        session, kind=TaskKind.BREACH, source=ENTITY, source_id=agreement.id, event_id=event_id,
        assigned_to=customer.collector or agreement.proposed_by, assigned_by=actor.name, raised_on=on,
        due_on=on + _TO_DECIDE, customer_id=customer.id, **about,
    )  # fmt: skip
    decision = session.get_one(AgreementStep, (agreement.id, Step.DECISION))
    for user in {customer.collector, agreement.proposed_by, decision.by} - {None, "system"}:
        notify(
            session, user_name=str(user), kind="breach", source=ENTITY, source_id=agreement.id or 0,
            event_id=event_id, customer_id=customer.id, **about,
        )  # fmt: skip
