"""Reconciliations of the customers one sees: the history, one with its lines and agreements, causes added up."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.money import total
from core.reconciliations.comparing import CauseSum
from core.reconciliations.kinds import Cause, Party
from core.reconciliations.models import Reconciliation, ReconciliationAgreement, ReconciliationLine
from core.reconciliations.recording import ReconciliationNotFound
from core.tasks.models import Task, TaskKind


class State(StrEnum):
    """How far one is."""

    DRAFT = "draft"
    SIGNED = "signed"
    DISCARDED = "discarded"


class ReconciliationRow(NamedTuple):
    """One of the history; `gap` = ours − theirs; `agreed` counts what became tasks, `fulfilled` those that are done."""

    id: int
    number: str
    customer_code: str
    customer: str
    currency: str
    cut_on: date
    our_balance: Decimal
    their_balance: Decimal
    gap: Decimal
    made_by: str
    made_on: date
    signed_on: date | None
    state: State
    agreed: int
    fulfilled: int


class LineRow(NamedTuple):
    """One line as it is kept."""

    id: int
    place: int
    our_number: str | None
    our_kind: str | None
    our_on: date | None
    our_amount: Decimal
    their_row: int | None
    their_number: str | None
    their_on: date | None
    their_amount: Decimal
    difference: Decimal
    matched_by: str | None
    evidence: str | None
    found_cause: str
    cause: str
    remark: str | None


class AgreementRow(NamedTuple):
    """One agreement; `done_on` of its task. `row`: what is kept, for the signing."""

    id: int
    party: Party
    owner: str
    owner_name: str
    text: str
    due_on: date
    amount: Decimal | None
    document: str | None
    promise: str | None
    done_on: date | None
    row: Any


class Card(NamedTuple):
    """One reconciliation, whole: lines that differ first; `causes` add them up as people judged them."""

    id: int
    number: str
    customer_id: int
    customer_code: str
    customer: str
    tax_id: str | None
    customer_language: str | None
    currency: str
    cut_on: date
    file_name: str
    our_balance: Decimal
    their_balance: Decimal
    gap: Decimal
    explained: Decimal
    state: State
    made_by: str
    made_on: date
    notes: str | None
    signed_on: date | None
    our_signer: str | None
    their_signer: str | None
    their_position: str | None
    lines: list[LineRow]
    causes: list[CauseSum]
    agreements: list[AgreementRow]


def reconciliations(
    session: Session, actor: Actor, *, customer_id: int | None = None, state: State | None = None, limit: int = 200
) -> list[ReconciliationRow]:
    """The latest first, with how much of what was agreed has been done."""
    actor.require(Permission.VIEW_PORTFOLIO)
    agreed = (
        select(
            col(ReconciliationAgreement.reconciliation_id).label("of"), func.count().label("agreed"),
            func.count(col(Task.done_on)).label("fulfilled"),
        )
        .outerjoin(Task, _its_task())
        .where(~col(ReconciliationAgreement.withdrawn), col(ReconciliationAgreement.promise).is_(None))
        .group_by(col(ReconciliationAgreement.reconciliation_id))
        .subquery()
    )  # fmt: skip
    found = (
        select(
            Reconciliation, col(Customer.code), col(Customer.legal_name), func.coalesce(agreed.c.agreed, 0),
            func.coalesce(agreed.c.fulfilled, 0),
        )
        .join(Customer, col(Customer.id) == col(Reconciliation.customer_id))
        .outerjoin(agreed, agreed.c.of == col(Reconciliation.id))
        .where(visible_to(actor))
        .order_by(col(Reconciliation.id).desc())
        .limit(limit)
    )  # fmt: skip
    if customer_id is not None:
        found = found.where(col(Reconciliation.customer_id) == customer_id)
    if state is not None:
        signed, left = col(Reconciliation.signed_on), col(Reconciliation.discarded_on)
        found = found.where(
            {State.SIGNED: signed.is_not(None), State.DISCARDED: left.is_not(None)}.get(
                state, and_(signed.is_(None), left.is_(None))
            )
        )
    return [
        ReconciliationRow(
            one.id or 0, one.number, code, name, one.currency, one.cut_on, one.our_balance, one.their_balance,
            one.our_balance - one.their_balance, one.made_by, one.made_on, one.signed_on, _state(one), many, done,
        )
        for one, code, name, many, done in session.execute(found)
    ]  # fmt: skip


def card(session: Session, actor: Actor, reconciliation_id: int) -> Card:
    """One with everything; ReconciliationNotFound for who may not see its customer."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = session.execute(
        select(Reconciliation, Customer)
        .join(Customer, col(Customer.id) == col(Reconciliation.customer_id))
        .where(col(Reconciliation.id) == reconciliation_id, visible_to(actor))
    ).first()
    if found is None:
        raise ReconciliationNotFound
    one, customer = found
    causes = _causes(session, reconciliation_id)
    return Card(
        one.id, one.number, one.customer_id, customer.code, customer.legal_name, customer.tax_id, customer.language,
        one.currency, one.cut_on, one.file_name, one.our_balance, one.their_balance,
        one.our_balance - one.their_balance, _explained(session, reconciliation_id), _state(one), one.made_by,
        one.made_on, one.notes, one.signed_on, one.our_signer, one.their_signer, one.their_position,
        _lines(session, reconciliation_id), causes, _agreements(session, reconciliation_id),
    )  # fmt: skip


def card_of(session: Session, actor: Actor, number: str) -> Card:
    """`card` by its folio."""
    found = session.scalar(select(col(Reconciliation.id)).where(col(Reconciliation.number) == number))
    if found is None:
        raise ReconciliationNotFound
    return card(session, actor, found)


def _state(one: Reconciliation) -> State:
    if one.signed_on is not None:
        return State.SIGNED
    return State.DISCARDED if one.discarded_on is not None else State.DRAFT


def _lines(session: Session, reconciliation_id: int) -> list[LineRow]:
    columns = [getattr(ReconciliationLine, name) for name in LineRow._fields]
    rows = session.execute(
        select(*columns)
        .where(col(ReconciliationLine.reconciliation_id) == reconciliation_id)
        .order_by(col(ReconciliationLine.place))
    )
    return [LineRow(*row) for row in rows]


def _causes(session: Session, reconciliation_id: int) -> list[CauseSum]:
    causes = sorted(Cause, key=lambda one: one is Cause.AGREES)
    order = case({cause.value: place for place, cause in enumerate(causes)}, value=col(ReconciliationLine.cause))
    rows = session.execute(
        select(
            col(ReconciliationLine.cause), func.count(), total(ReconciliationLine.our_amount),
            total(ReconciliationLine.their_amount), total(ReconciliationLine.difference),
        )
        .where(col(ReconciliationLine.reconciliation_id) == reconciliation_id)
        .group_by(col(ReconciliationLine.cause))
        .order_by(order)
    )  # fmt: skip
    return [CauseSum(*row) for row in rows]


def _explained(session: Session, reconciliation_id: int) -> Decimal:
    added = select(total(ReconciliationLine.difference)).where(
        col(ReconciliationLine.reconciliation_id) == reconciliation_id
    )
    explained: Decimal = session.execute(added).scalar_one()
    return explained


def _agreements(session: Session, reconciliation_id: int) -> list[AgreementRow]:
    rows = session.execute(
        select(ReconciliationAgreement, col(User.full_name), col(Task.done_on))
        .outerjoin(User, col(User.name) == col(ReconciliationAgreement.owner))
        .outerjoin(Task, _its_task())
        .where(
            col(ReconciliationAgreement.reconciliation_id) == reconciliation_id,
            ~col(ReconciliationAgreement.withdrawn),
        )
        .order_by(col(ReconciliationAgreement.due_on), col(ReconciliationAgreement.id))
    )
    return [
        AgreementRow(
            one.id, Party(one.party), one.owner, (name if one.party == Party.US else None) or one.owner, one.text,
            one.due_on, one.amount, one.document, one.promise, done_on, one,
        )
        for one, name, done_on in rows
    ]  # fmt: skip


def _its_task() -> Any:
    return and_(
        col(Task.kind) == TaskKind.MINUTE, col(Task.source) == "reconciliation_agreement",
        col(Task.source_id) == col(ReconciliationAgreement.id),
    )  # fmt: skip
