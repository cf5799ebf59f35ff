"""The nightly run: everything that a day's end brings about, step by step, each step whole.

A step is one transaction: its work and its row in the log are kept together or not at all (mail is marked message by
message). So a run may be killed at any moment, repeated, or started twice at once (each step waits for the other's),
and the books end as after one undisturbed run. A step that fails leaves nothing of itself; the others go on, and the
run says at its end what failed.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text, update
from sqlmodel import Session, col

from core import clock, db
from core.audit.events import plain, record
from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_, _
from core.jobs.models import NightlyRun, NightlyStep
from core.jobs.nightly_steps import STEPS, Delivery, Facts, Step


class StepFailed(DomainError):
    message = N_("{step}: {reason}")


class Unexpected(DomainError):
    message = N_("Hubo un error que no esperábamos ({kind}). De este paso no se guardó nada.")


AnyStep = Step | Delivery


class Outcome(NamedTuple):
    """How a step went: what it did, or why it did nothing."""

    step: AnyStep
    done: Facts
    error: DomainError | None


def run(
    actor: Actor,
    *,
    as_of: date,
    steps: Sequence[AnyStep] = STEPS,
    telling: Callable[[AnyStep], object] = lambda step: None,
) -> list[Outcome]:
    """Runs every step as of a day and returns how each went; `telling` is called with each before it starts.

    Opens its own transactions, so call it outside of any. What is no refusal but a bug is raised once all has run.
    """
    run_id, outcomes, bugs = _begun(actor, as_of), [], []
    for step in steps:
        telling(step)
        try:
            outcome = Outcome(step, _done(run_id, step, actor, as_of), None)
        except DomainError as error:
            outcome = Outcome(step, {}, error)
        except Exception as error:  # noqa: BLE001  the other steps must go on; it is raised at the end
            outcome = Outcome(step, {}, Unexpected(kind=type(error).__name__))
            bugs.append(error)
        if outcome.error is not None:
            _failed(run_id, step, outcome.error)
        outcomes.append(outcome)
    with db.transaction() as session:
        session.execute(update(NightlyRun).where(col(NightlyRun.id) == run_id).values(finished_at=clock.now()))
        if db.is_sqlite():  # PostgreSQL keeps its own; without them lists are looked up the long way
            session.execute(text("PRAGMA analysis_limit=1000"))
            session.execute(text("ANALYZE"))
    if bugs:
        raise bugs[0]
    return outcomes


def failures(outcomes: Sequence[Outcome]) -> list[DomainError]:
    """What failed, a refusal a step, each with the step's name."""
    return [StepFailed(step=_(one.step.label), reason=str(one.error)) for one in outcomes if one.error is not None]


def _begun(actor: Actor, as_of: date) -> int:
    with db.transaction() as session:
        actor.require(Permission.RUN_NIGHTLY)
        event = record(session, actor, "nightly.run", entity="nightly", entity_id=as_of, on=as_of)
        begun = NightlyRun(
            as_of=as_of, user_name=actor.name, origin=actor.origin, started_at=clock.now(), event_id=event.id
        )
        session.add(begun)
        session.flush()
        return begun.id or 0


def _done(run_id: int, step: AnyStep, actor: Actor, as_of: date) -> Facts:
    started = clock.now()
    if isinstance(step, Delivery):
        facts = step.work(actor)
        with db.transaction() as session:
            _log(session, run_id, step, started, facts, None)
        return facts
    with db.transaction() as session:
        db.take(session, "nightly")
        facts = step.work(session, actor, as_of)
        _log(session, run_id, step, started, facts, None)
    return facts


def _failed(run_id: int, step: AnyStep, error: DomainError) -> None:
    with db.transaction() as session:
        _log(session, run_id, step, clock.now(), {}, str(error)[:2000])


def _log(session: Session, run_id: int, step: AnyStep, started: datetime, facts: Facts, error: str | None) -> None:
    session.add(
        NightlyStep(
            run_id=run_id, step=step.name, started_at=started, finished_at=clock.now(), done=json.dumps(plain(facts)),
            error=error,
        )
    )  # fmt: skip
    session.flush()
