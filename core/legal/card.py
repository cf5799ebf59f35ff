"""One case with all that belongs to it: its stages and their lists, steps, costs, recoveries."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents.models import Document
from core.ledger.models import Entry, Source
from core.legal.handing import visible_case
from core.legal.models import (
    Agency,
    Case,
    CaseCost,
    CaseStep,
    HandOver,
    HandOverDocument,
    HandOverState,
)
from core.legal.recoveries import Recovery, recoveries
from core.money import total
from core.tables import plain_order


class HandOverRow(NamedTuple):
    """A stage of a case, or a proposal for one."""

    hand_over_id: int
    stage: str
    state: str
    reason: str
    agency: str | None
    commission_pct: Decimal | None
    proposed_on: date
    proposed_by: str
    from_on: date | None
    decided_by: str | None
    decision_note: str | None


class HandedRow(NamedTuple):
    """A line of a hand-over list; `handed` None while it waits."""

    number: str
    kind: str
    due_on: date
    currency: str
    proposed: Decimal
    handed: Decimal | None
    open_now: Decimal


class StepRow(NamedTuple):
    """A step of a case."""

    step_id: int
    kind: str
    on_day: date
    at_time: str | None
    place: str | None
    what: str
    amount: Decimal | None
    currency: str | None
    result: str | None
    result_on: date | None
    recorded_by: str


class CostRow(NamedTuple):
    """A cost of a case, or its undoing (negative)."""

    cost_id: int
    kind: str
    on_day: date
    amount: Decimal
    currency: str
    what: str | None
    by: str
    at: datetime
    undone: bool


class CaseCard(NamedTuple):
    """One case with all that belongs to it; amounts are by currency in their rows."""

    number: str
    customer_id: int
    customer_code: str
    customer: str
    tax_id: str | None
    collector: str | None
    opened_on: date
    stage: str | None
    since: date | None
    agency: str | None
    lawyer: str | None
    court: str | None
    file_number: str | None
    guarantee: str | None
    prescribes_on: date | None
    hand_overs: tuple[HandOverRow, ...]
    steps: tuple[StepRow, ...]
    costs: tuple[CostRow, ...]
    recoveries: tuple[Recovery, ...]


def case_card(session: Session, actor: Actor, *, number: str, as_of: date) -> CaseCard:
    """One case, or CaseNotFound when the actor does not see its customer."""
    actor.require(Permission.VIEW_PORTFOLIO)
    case = visible_case(session, actor, number)
    customer = session.get_one(Customer, case.customer_id)
    stages = _hand_overs(session, case)
    stands = next((one for one in reversed(stages) if one.state == HandOverState.APPROVED), None)
    return CaseCard(
        case.number, case.customer_id, customer.code, customer.legal_name, customer.tax_id, customer.collector,
        case.opened_on, stands.stage if stands else None, stands.from_on if stands else None,
        stands.agency if stands else None, case.lawyer, case.court, case.file_number, case.guarantee,
        case.prescribes_on, stages, _steps(session, case), _costs(session, case),
        tuple(recoveries(session, actor, start=None, end=as_of, case_number=number)),
    )  # fmt: skip


def _hand_overs(session: Session, case: Case) -> tuple[HandOverRow, ...]:
    rows = session.execute(
        select(
            col(HandOver.id), col(HandOver.stage), col(HandOver.state), col(HandOver.reason), col(Agency.name),
            col(HandOver.commission_pct), col(HandOver.proposed_on), called(col(HandOver.proposed_by)),
            col(HandOver.from_on), called(col(HandOver.decided_by)), col(HandOver.decision_note),
        )
        .outerjoin(Agency, col(Agency.id) == col(HandOver.agency_id))
        .where(col(HandOver.case_id) == case.id)
        .order_by(col(HandOver.id))
    )  # fmt: skip
    return tuple(HandOverRow(*row) for row in rows)


def handed_documents(session: Session, actor: Actor, *, hand_over_id: int) -> list[HandedRow]:
    """The list of a hand-over, frozen when it was approved, and what is open of each document now."""
    actor.require(Permission.VIEW_PORTFOLIO)
    left = (
        select(total(col(Entry.open)))
        .where(col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == col(Document.id))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            col(Document.number), col(Document.kind), col(HandOverDocument.due_on), col(HandOverDocument.currency),
            col(HandOverDocument.proposed), col(HandOverDocument.handed), left,
        )
        .join(HandOverDocument, col(HandOverDocument.document_id) == col(Document.id))
        .join(Customer, col(Customer.id) == col(Document.customer_id))
        .where(col(HandOverDocument.hand_over_id) == hand_over_id, visible_to(actor))
        .order_by(col(HandOverDocument.currency), col(HandOverDocument.due_on), plain_order(col(Document.number)))
    )  # fmt: skip
    return [HandedRow(*row) for row in rows]


def _steps(session: Session, case: Case) -> tuple[StepRow, ...]:
    rows = session.scalars(
        select(CaseStep).where(col(CaseStep.case_id) == case.id).order_by(col(CaseStep.on_day).desc(), col(CaseStep.id))
    )
    return tuple(
        StepRow(
            one.id or 0, one.kind, one.on_day, one.at_time, one.place, one.what, one.amount, one.currency, one.result,
            one.result_on, one.recorded_by,
        )
        for one in rows
    )  # fmt: skip


def _costs(session: Session, case: Case) -> tuple[CostRow, ...]:
    undo = aliased(CaseCost)
    undone = select(col(undo.id)).where(col(undo.undoes_id) == col(CaseCost.id)).correlate(CaseCost).exists()
    rows = session.execute(
        select(CaseCost, col(AuditEvent.user_name), col(AuditEvent.at), undone)
        .join(AuditEvent, col(AuditEvent.id) == col(CaseCost.event_id))
        .where(col(CaseCost.case_id) == case.id)
        .order_by(col(CaseCost.on_day).desc(), col(CaseCost.id).desc())
    )
    return tuple(
        CostRow(one.id or 0, one.kind, one.on_day, one.amount, one.currency, one.what, by, at, bool(is_undone))
        for one, by, at, is_undone in rows
    )


def cost_totals(session: Session, actor: Actor, *, number: str) -> list[tuple[str, Decimal]]:
    """What a case cost, by currency."""
    case = visible_case(session, actor, number)
    rows = session.execute(
        select(col(CaseCost.currency), total(col(CaseCost.amount)))
        .where(col(CaseCost.case_id) == case.id)
        .group_by(col(CaseCost.currency))
        .order_by(col(CaseCost.currency))
    )
    return [(row[0], row[1]) for row in rows]
