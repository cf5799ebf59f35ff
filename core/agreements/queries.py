"""Agreements as screens show them: counts and list by state, one with its plan, the link of a customer's page."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.agreements.levels import above_level, waived_pct
from core.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementInstalment,
    AgreementStep,
    Step,
)
from core.agreements.proposing import ENTITY, AgreementNotFound
from core.agreements.standing import Progress, State, states
from core.attachments.keeping import AttachmentRow, listed
from core.auth.actor import Actor, Permission, Role
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents.models import Document
from core.ledger.models import Entry, Source
from core.money import ZERO, total
from core.tables import plain_order

#: The newest that a list looks at; older ones are found by customer.
MOST = 2_000


class AgreementRow(NamedTuple):
    """An agreement in the list. `came`, `next_on`, `next_amount`: of approved ones."""

    number: str
    customer_code: str
    customer: str
    collector: str | None
    currency: str
    total: Decimal
    waived: Decimal
    payments: int
    months: int
    proposed_on: date
    proposed_by: str
    state: State
    came: Decimal
    failed: int
    next_on: date | None
    next_amount: Decimal | None
    last_on: date
    signed: bool


class PlanRow(NamedTuple):
    """A payment of the plan; `status` and `promise` once it is approved."""

    position: int
    due_on: date
    principal: Decimal
    interest: Decimal
    amount: Decimal
    promise: str | None
    counted: Decimal | None
    status: str | None


class DocumentRow(NamedTuple):
    """A document of an agreement as it stood when it was proposed, and what is open of it now."""

    number: str
    due_on: date
    open: Decimal
    interest: Decimal
    open_now: Decimal


class StepRow(NamedTuple):
    """What happened to it: who, when, with which word."""

    step: str
    outcome: str
    taken_on: date
    at: datetime
    by: str
    remark: str | None


class AgreementCard(NamedTuple):
    """One agreement with all that belongs to it."""

    row: AgreementRow
    agreement_id: int
    customer_id: int
    debt: Decimal
    late_interest: Decimal
    waived_pct: Decimal
    annual_pct: Decimal
    days_in_year: int
    plan_pct: Decimal
    plan_interest: Decimal
    down_payment: Decimal
    frequency: str
    guarantee: str | None
    notes: str | None
    breach_after: int
    grace_days: int
    language: str | None
    tax_id: str | None
    interest_note: str | None
    needs_admin: bool
    mine: bool
    plan: tuple[PlanRow, ...]
    documents: tuple[DocumentRow, ...]
    steps: tuple[StepRow, ...]
    files: tuple[AttachmentRow, ...]


def agreements(
    session: Session, actor: Actor, *, as_of: date, state: State | None = None, customer: str | None = None
) -> list[AgreementRow]:
    """Agreements of the customers one sees as they stand on `as_of`, those of a state or all; the newest first, those
    that wait before the others. `customer`: a code."""
    return [one for one in _rows(session, actor, as_of, customer) if state in (None, one.state)]


def counts(session: Session, actor: Actor, *, as_of: date) -> dict[State, int]:
    """How many there are of each state."""
    return dict(Counter(one.state for one in _rows(session, actor, as_of, None)))


def waiting(session: Session, actor: Actor, *, as_of: date) -> list[AgreementRow]:
    """The inbox of who approves: proposals that wait, of others, the oldest first; those above the level with the
    administrator."""
    actor.require(Permission.APPROVE_AGREEMENT)
    found = agreements(session, actor, as_of=as_of, state=State.WAITING)
    return [one for one in reversed(found) if one.proposed_by != actor.name]


def _rows(session: Session, actor: Actor, as_of: date, customer: str | None) -> list[AgreementRow]:
    actor.require(Permission.VIEW_PORTFOLIO)
    wanted = (
        select(Agreement, Customer)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(visible_to(actor), col(Agreement.proposed_on) <= as_of)
        .order_by(col(Agreement.id).desc())
        .limit(MOST)
    )
    if customer is not None:
        wanted = wanted.where(col(Customer.code) == customer)
    found = session.execute(wanted).all()
    made = _worked(session, [(row[0], row[1]) for row in found], as_of)
    return sorted(made, key=lambda one: one.state is not State.WAITING)


def _worked(session: Session, found: Sequence[tuple[Agreement, Customer]], as_of: date) -> list[AgreementRow]:
    state, plans, steps = states(session, [one for one, _customer in found], as_of)
    ids = [one.id or 0 for one, _customer in found]
    last = session.execute(
        select(col(AgreementInstalment.agreement_id), func.count(), func.max(col(AgreementInstalment.due_on)))
        .where(col(AgreementInstalment.agreement_id).in_(ids))
        .group_by(col(AgreementInstalment.agreement_id))
    )
    ends = {row[0]: (row[1], row[2]) for row in last}
    return [
        _row(one, customer, state[one.id or 0], plans.get(one.id or 0), steps.get(one.id or 0, {}), ends[one.id or 0])
        for one, customer in found
    ]


def _row(
    one: Agreement, customer: Customer, state: State, plan: Progress | None, steps: dict[str, AgreementStep],
    ends: tuple[int, date],
) -> AgreementRow:  # fmt: skip
    next_ = plan.next_payment if plan is not None else None
    return AgreementRow(
        one.number, customer.code, customer.legal_name, customer.collector, one.currency, one.total, one.waived,
        ends[0], one.months, one.proposed_on, one.proposed_by, state, plan.came if plan else ZERO,
        plan.failed if plan else 0, next_.promised_on if next_ else None, next_.amount if next_ else None, ends[1],
        Step.SIGNATURE in steps,
    )  # fmt: skip


def agreement_card(session: Session, actor: Actor, *, number: str, as_of: date) -> AgreementCard:
    """One agreement, or AgreementNotFound when the actor does not see its customer."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = session.execute(
        select(Agreement, Customer)
        .join(Customer, col(Customer.id) == col(Agreement.customer_id))
        .where(col(Agreement.number) == number.strip(), visible_to(actor))
    ).first()
    if found is None:
        raise AgreementNotFound(number=number)
    one, customer = found
    _state, plans, steps = states(session, [one], as_of)
    [row] = _worked(session, [(one, customer)], as_of)
    note = session.get(Document, one.interest_document_id) if one.interest_document_id else None
    return AgreementCard(
        row, one.id or 0, one.customer_id, one.debt, one.late_interest, waived_pct(one), one.annual_pct,
        one.days_in_year, one.plan_pct, one.plan_interest, one.down_payment, one.frequency, one.guarantee, one.notes,
        one.breach_after, one.grace_days, customer.language, customer.tax_id, note.number if note else None,
        row.state is State.WAITING and actor.role is not Role.ADMIN and above_level(session, one, as_of),
        one.proposed_by == actor.name, _plan(session, one, plans.get(one.id or 0)), _documents(session, one),
        _steps(steps.get(one.id or 0, {})), tuple(listed(session, actor, ENTITY, one.id or 0)),
    )  # fmt: skip


def _plan(session: Session, one: Agreement, plan: Progress | None) -> tuple[PlanRow, ...]:
    stands = {each.position: each for each in plan.payments} if plan is not None else {}
    rows = session.scalars(
        select(AgreementInstalment)
        .where(col(AgreementInstalment.agreement_id) == one.id)
        .order_by(col(AgreementInstalment.position))
    )
    return tuple(
        PlanRow(
            each.position, each.due_on, each.principal, each.interest, each.amount, kept.promise if kept else None,
            kept.counted if kept else None, kept.status if kept else None,
        )
        for each in rows
        for kept in [stands.get(each.position)]
    )  # fmt: skip


def _documents(session: Session, one: Agreement) -> tuple[DocumentRow, ...]:
    left = (
        select(total(col(Entry.open)))
        .where(col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == col(Document.id))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            col(Document.number), col(AgreementDocument.due_on), col(AgreementDocument.open),
            col(AgreementDocument.interest), left,
        )
        .join(Document, col(Document.id) == col(AgreementDocument.document_id))
        .where(col(AgreementDocument.agreement_id) == one.id)
        .order_by(col(AgreementDocument.due_on), plain_order(col(Document.number)))
    )  # fmt: skip
    return tuple(DocumentRow(*row) for row in rows)


def _steps(steps: dict[str, AgreementStep]) -> tuple[StepRow, ...]:
    in_order = sorted(steps.values(), key=lambda one: one.at)
    return tuple(StepRow(one.step, one.outcome, one.taken_on, one.at, one.by, one.remark) for one in in_order)
