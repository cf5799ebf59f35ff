"""Goals of collectors by month: set by a supervisor, in force until a later month has others."""

import re
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.queries import collectors_for
from core.errors import DomainError
from core.i18n import N_
from core.money import MAX_AMOUNT, ZERO
from core.supervision.models import CollectorGoal

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])").fullmatch


class GoalNotUsable(DomainError):
    message = N_("Las metas van de 0 en adelante, y el cumplimiento de 0 a 100 por ciento.")


class GoalNotYours(DomainError):
    message = N_("«{name}» no es un gestor activo de su región. Elija otro.")


class Goal(NamedTuple):
    """What a collector should reach in a month; None: no goal of that figure. `since`: the month that set it."""

    collector: str
    since: str
    recovered: Decimal | None
    contacts: int | None
    kept_pct: Decimal | None


def goals(session: Session, actor: Actor, *, month: str) -> dict[str, Goal]:
    """The goals in force in a month (`2026-03`), by collector."""
    actor.require(Permission.VIEW_PORTFOLIO)
    last = (
        select(col(CollectorGoal.collector), func.max(col(CollectorGoal.month)).label("month"))
        .where(col(CollectorGoal.month) <= month)
        .group_by(col(CollectorGoal.collector))
        .subquery()
    )
    rows = session.scalars(
        select(CollectorGoal).join(
            last, (col(CollectorGoal.collector) == last.c.collector) & (col(CollectorGoal.month) == last.c.month)
        )
    )
    return {one.collector: Goal(one.collector, one.month, one.recovered, one.contacts, one.kept_pct) for one in rows}


def set_goal(
    session: Session, actor: Actor, *, collector: str, month: str, recovered: Decimal | None = None,
    contacts: int | None = None, kept_pct: Decimal | None = None,
) -> CollectorGoal:  # fmt: skip
    """Sets a collector's goals from a month on; the same month again replaces them."""
    actor.require(Permission.SUPERVISE)
    db.take(session, "goals")
    if collector not in collectors_for(session, actor):
        raise GoalNotYours(name=collector)
    fits = (
        recovered is None or ZERO <= recovered <= MAX_AMOUNT,
        contacts is None or 0 <= contacts <= 1_000_000,
        kept_pct is None or 0 <= kept_pct <= 100,
        _MONTH(month) is not None,
    )
    if not all(fits):
        raise GoalNotUsable
    event = record(
        session, actor, "goal.set", entity="collector", entity_id=collector, month=month, recovered=recovered,
        contacts=contacts, kept_pct=kept_pct,
    )  # fmt: skip
    found = session.scalar(
        select(CollectorGoal).where(col(CollectorGoal.collector) == collector, col(CollectorGoal.month) == month)
    )
    goal = found or CollectorGoal(collector=collector, month=month, event_id=event.id)
    goal.recovered, goal.contacts, goal.kept_pct, goal.event_id = recovered, contacts, kept_pct, event.id
    session.add(goal)
    session.flush()
    return goal
