"""The nightly run's log: what each run and each of its steps did, in words, and when the next one is expected."""

import json
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.i18n import _
from core.jobs.models import NightlyRun, NightlyStep
from core.jobs.nightly_steps import STEPS

GOING, DONE, FAILED, CUT = "going", "done", "failed", "cut"
#: A run without an end that wrote nothing for so long was cut short.
_SILENT = timedelta(minutes=15)
#: The server's timer runs once a day; so much later than expected, it is late.
_DAY, _LATE = timedelta(days=1), timedelta(hours=2)


class RunRow(NamedTuple):
    """A run. `state`: going, done, failed (a step of it) or cut (it never came to its end)."""

    id: int
    as_of: date
    user_name: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    steps: int
    failed: int


class StepRow(NamedTuple):
    """What a step of a run did, in words; `error`: why it did nothing."""

    step: str
    started_at: datetime
    finished_at: datetime
    done: str
    error: str | None


class Schedule(NamedTuple):
    """When the server's timer ran last and is expected again (None: it never did); `late`: it should have run."""

    last: datetime | None
    next: datetime | None
    late: bool


def runs(session: Session, actor: Actor, *, now: datetime, limit: int = 100) -> list[RunRow]:
    """The latest runs, newest first."""
    actor.require(Permission.RUN_NIGHTLY)
    steps = (
        select(
            col(NightlyStep.run_id), func.count().label("steps"), func.count(col(NightlyStep.error)).label("failed"),
            func.max(col(NightlyStep.finished_at)).label("last"),
        )
        .group_by(col(NightlyStep.run_id))
        .subquery()
    )  # fmt: skip
    found = session.execute(
        select(
            col(NightlyRun.id), col(NightlyRun.as_of), called(col(NightlyRun.user_name)), col(NightlyRun.started_at),
            col(NightlyRun.finished_at), func.coalesce(steps.c.steps, 0), func.coalesce(steps.c.failed, 0),
            steps.c.last,
        )
        .outerjoin(steps, steps.c.run_id == col(NightlyRun.id))
        .order_by(col(NightlyRun.id).desc())
        .limit(limit)
    )  # fmt: skip
    return [
        RunRow(id_, as_of, who, start, end, _state(start, end, failed, last, now), count, failed)
        for id_, as_of, who, start, end, count, failed, last in found
    ]


def steps_of(session: Session, actor: Actor, run_id: int) -> list[StepRow]:
    """The steps of a run in their order."""
    actor.require(Permission.RUN_NIGHTLY)
    found = session.scalars(select(NightlyStep).where(col(NightlyStep.run_id) == run_id).order_by(col(NightlyStep.id)))
    return [_in_words(one) for one in found]


def schedule(session: Session, actor: Actor, *, now: datetime) -> Schedule:
    """When the run that the server starts by itself was last there, and when it is to come again."""
    actor.require(Permission.RUN_NIGHTLY)
    last = session.scalar(
        select(col(NightlyRun.started_at))
        .where(col(NightlyRun.origin) == "cli")
        .order_by(col(NightlyRun.id).desc())
        .limit(1)
    )
    if last is None:
        return Schedule(None, None, True)
    return Schedule(last, last + _DAY, now > last + _DAY + _LATE)


def _in_words(one: NightlyStep) -> StepRow:
    step = next((step for step in STEPS if step.name == one.step), None)
    done = step.told(json.loads(one.done)) if step and not one.error else ""
    return StepRow(_(step.label) if step else one.step, one.started_at, one.finished_at, done, one.error)


def _state(start: datetime, end: datetime | None, failed: int, last: datetime | None, now: datetime) -> str:
    if end is not None:
        return FAILED if failed else DONE
    return GOING if now - (last or start) < _SILENT else CUT
