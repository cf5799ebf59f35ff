"""How agreements stand on a day: from their promises, and from the money that came to their documents."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.agreements.models import Agreement, AgreementInstalment, AgreementStep, Outcome, Step
from core.agreements.rules import arrears
from core.ledger.models import Application, Entry, Side, Source
from core.money import ZERO, total
from core.promises.models import Promise, PromiseDocument
from core.promises.standing import judged, promises_at
from core.tables import among

#: An agreement whose last payment fell due longer ago is history: its state is the one that was recorded.
RECENT = timedelta(days=400)


class State(StrEnum):
    """How an agreement stands."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    BREACHED = "breached"
    COMPLETED = "completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Kept(NamedTuple):
    """How a payment of the plan stands: its promise."""

    promise: str  # number
    position: int
    amount: Decimal
    promised_on: date
    ends_on: date
    counted: Decimal
    status: str


class Progress(NamedTuple):
    """What has become of an approved plan: what came to its documents since, and how many payments were behind."""

    state: State
    promised: Decimal
    came: Decimal
    failed: int
    payments: tuple[Kept, ...]

    @property
    def next_payment(self) -> Kept | None:
        """The first payment that still waits."""
        return next((one for one in self.payments if one.status == "pending"), None)


def progress(session: Session, agreements: Sequence[Agreement], as_of: date) -> dict[int, Progress]:
    """Of each approved agreement by its id, at the end of `as_of`; endings (cancelled) are not looked at."""
    ids = [one.id or 0 for one in agreements]
    payments, money = _payments(session, ids, as_of), _money(session, ids, as_of)
    found: dict[int, Progress] = {}
    for one in agreements:
        mine, came = payments.get(one.id or 0, []), money.get(one.id or 0, [])
        grace = timedelta(days=one.grace_days)
        failed = arrears([(each.amount, each.ends_on + grace) for each in mine], came, as_of)
        promised, so_far = sum((each.amount for each in mine), ZERO), sum((amount for _on, amount in came), ZERO)
        if failed >= one.breach_after:
            state = State.BREACHED
        else:
            state = State.COMPLETED if mine and so_far >= promised else State.IN_FORCE
        found[one.id or 0] = Progress(state, promised, so_far, failed, tuple(mine))
    return found


def _payments(session: Session, ids: Sequence[int], as_of: date) -> dict[int, list[Kept]]:
    """The promises of each agreement in the order of their days."""
    asked = judged(promises_at(as_of).where(among(col(Promise.agreement_id), ids)))
    mine = select(
        col(Promise.agreement_id), asked.c.number, col(AgreementInstalment.position), asked.c.amount,
        asked.c.promised_on, asked.c.ends_on, asked.c.counted, asked.c.status,
    )  # fmt: skip
    rows = session.execute(
        mine.join(asked, asked.c.promise_id == col(Promise.id))
        .join(
            AgreementInstalment,
            and_(
                col(AgreementInstalment.agreement_id) == col(Promise.agreement_id),
                col(AgreementInstalment.due_on) == col(Promise.promised_on),
            ),
        )
        .order_by(col(Promise.agreement_id), asked.c.promised_on)
    )
    found: dict[int, list[Kept]] = {}
    for agreement_id, *row in rows:
        found.setdefault(agreement_id, []).append(Kept(*row))
    return found


def _money(session: Session, ids: Sequence[int], as_of: date) -> dict[int, list[tuple[date, Decimal]]]:
    """The money applied each day to the documents of each agreement since its first window began, undone aside."""
    promised = (
        select(col(Promise.agreement_id), func.min(col(Promise.starts_on)).label("start"),
               func.min(col(Promise.id)).label("promise_id"))
        .where(among(col(Promise.agreement_id), ids))
        .group_by(col(Promise.agreement_id))
        .subquery("promised")
    )  # fmt: skip
    undo = aliased(Application)
    undone = select(col(undo.id)).where(col(undo.undoes_id) == col(Application.id), col(undo.applied_on) <= as_of)
    rows = session.execute(
        select(promised.c.agreement_id, col(Application.applied_on), total(Application.amount))
        .join(PromiseDocument, col(PromiseDocument.promise_id) == promised.c.promise_id)
        .join(
            Entry,
            and_(
                col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == col(PromiseDocument.document_id),
                col(Entry.side) == Side.CHARGE,
            ),
        )
        .join(Application, col(Application.charge_id) == col(Entry.id))
        .where(
            col(Application.applied_on) >= promised.c.start, col(Application.applied_on) <= as_of,
            col(Application.undoes_id).is_(None), col(Application.paid_on).is_not(None), ~undone.exists(),
        )
        .group_by(promised.c.agreement_id, col(Application.applied_on))
        .order_by(promised.c.agreement_id, col(Application.applied_on))
    )  # fmt: skip
    found: dict[int, list[tuple[date, Decimal]]] = {}
    for agreement_id, day, amount in rows:
        found.setdefault(agreement_id, []).append((day, amount))
    return found


def steps_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, AgreementStep]]:
    """What was decided, signed, broken and ended of each agreement."""
    found: dict[int, dict[str, AgreementStep]] = {}
    for one in session.scalars(select(AgreementStep).where(among(col(AgreementStep.agreement_id), ids))):
        found.setdefault(one.agreement_id, {})[one.step] = one
    return found


def states(
    session: Session, agreements: Sequence[Agreement], as_of: date
) -> tuple[dict[int, State], dict[int, Progress], dict[int, dict[str, AgreementStep]]]:
    """The state of each agreement on a day, with what it follows from."""
    steps = steps_of(session, [one.id or 0 for one in agreements])
    approved = [one for one in agreements if _outcome(steps.get(one.id or 0, {}), Step.DECISION) == Outcome.APPROVED]
    plans = progress(session, approved, as_of)
    return (
        {one.id or 0: _state(steps.get(one.id or 0, {}), plans.get(one.id or 0)) for one in agreements}, plans, steps,
    )  # fmt: skip


def _outcome(steps: dict[str, AgreementStep], step: Step) -> str | None:
    return steps[step].outcome if step in steps else None


def _state(steps: dict[str, AgreementStep], plan: Progress | None) -> State:
    if Step.ENDING in steps:
        return State.CANCELLED
    decision = _outcome(steps, Step.DECISION)
    if decision == Outcome.REFUSED:
        return State.REFUSED
    if decision == Outcome.WITHDRAWN:
        return State.WITHDRAWN
    return plan.state if plan is not None else State.WAITING
