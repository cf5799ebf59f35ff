"""Tasks by who has them and who gave them, and notices that nobody has read yet."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core import db
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_customer, visible_to
from core.errors import DomainError
from core.i18n import N_
from core.tasks.models import Notice, Task
from core.tasks.words import notice_text, task_title


class TaskNotFound(DomainError):
    message = N_("Esa tarea no está entre las suyas ni las de su equipo. Cargue la página de nuevo.")


class Whose(StrEnum):
    """Which tasks: one's own, those one gave to others, those of the team."""

    MINE = "mine"
    GIVEN = "given"
    TEAM = "team"


class Standing(StrEnum):
    """How they stand: waiting (late ones first), late, done."""

    WAITING = "waiting"
    LATE = "late"
    DONE = "done"


class TaskRow(NamedTuple):
    """One task; `title` in the reader's language. `late_days`: beyond its day, 0 while in time or done."""

    id: int
    kind: str
    title: str
    notes: str | None
    customer_id: int | None
    customer_code: str | None
    customer: str | None
    assigned_to: str
    assigned_to_name: str
    assigned_by: str
    raised_on: date
    due_on: date
    late_days: int
    done_on: date | None
    done_by: str | None
    result: str | None


class TaskCounts(NamedTuple):
    """How many wait, how many of those are late or due on the day, how many were done in the last seven days."""

    waiting: int
    late: int
    due_today: int
    done_lately: int


class NoticeRow(NamedTuple):
    """One notice in words; `source` says what it is about."""

    id: int
    kind: str
    text: str
    source: str
    customer_code: str | None
    customer: str | None
    at: datetime


def may_follow(actor: Actor, region: str | None) -> bool:
    """Whether a supervisor's team reaches a user of that region (None: of none in particular)."""
    return actor.region is None or region is None or region == actor.region


def tasks(
    session: Session, actor: Actor, *, as_of: date, whose: Whose = Whose.MINE, standing: Standing = Standing.WAITING,
    person: str | None = None, customer_id: int | None = None, limit: int | None = None, offset: int = 0,
) -> list[TaskRow]:  # fmt: skip
    """Tasks, the most late first; done ones, the latest first."""
    order = [col(Task.done_on).desc(), col(Task.id).desc()] if standing is Standing.DONE else [Task.due_on, Task.id]
    wanted = _wanted(actor, as_of, whose, standing, person)
    if customer_id is not None:
        wanted.append(col(Task.customer_id) == customer_id)
    found = session.execute(_rows(actor).where(*wanted).order_by(*order).limit(limit).offset(offset))
    return [_row(row, as_of) for row in found]


def how_many(
    session: Session, actor: Actor, *, as_of: date, whose: Whose = Whose.MINE, standing: Standing = Standing.WAITING,
    person: str | None = None,
) -> int:  # fmt: skip
    """How many tasks `tasks` would find."""
    counted = _joined(select(func.count()).select_from(Task), actor)
    return session.scalar(counted.where(*_wanted(actor, as_of, whose, standing, person))) or 0


def _wanted(
    actor: Actor, as_of: date, whose: Whose, standing: Standing, person: str | None
) -> list[ColumnElement[bool]]:
    named = [] if person is None else [col(Task.assigned_to) == person]
    return [*_which(actor, whose), _stands(standing, as_of), *named]


def tasks_of_customer(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> list[TaskRow]:
    """What is to be done, and was done, about a customer whom the actor sees: waiting ones first."""
    visible_customer(session, actor, customer_id)
    found = session.execute(
        _rows(actor)
        .where(col(Task.customer_id) == customer_id)
        .order_by(case((col(Task.done_on).is_(None), 0), else_=1), col(Task.due_on), col(Task.id))
        .limit(200)
    )
    return [_row(row, as_of) for row in found]


def task_counts(
    session: Session, actor: Actor, *, as_of: date, since: date, whose: Whose = Whose.MINE, person: str | None = None
) -> TaskCounts:
    """How many there are; `since`: the first day of those done lately."""
    waits = col(Task.done_on).is_(None)
    wanted = _which(actor, whose)
    if person is not None:
        wanted.append(col(Task.assigned_to) == person)
    counted = [
        waits, and_(waits, col(Task.due_on) < as_of), and_(waits, col(Task.due_on) == as_of),
        col(Task.done_on) >= since,
    ]  # fmt: skip
    found = session.execute(
        _joined(select(*(func.count().filter(one) for one in counted)).select_from(Task), actor).where(
            *wanted, or_(waits, col(Task.done_on) >= since)
        )
    ).one()
    return TaskCounts(*found)


def task_seen(session: Session, actor: Actor, task_id: int, *, lock: bool = False) -> Task:
    """One task that is the actor's, was given by the actor, or is of the team; else TaskNotFound."""
    statement = _joined(select(Task), actor).where(
        col(Task.id) == task_id,
        or_(col(Task.assigned_to) == actor.name, col(Task.assigned_by) == actor.name, _team(actor)),
    )
    found: Task | None = session.scalar(statement.with_for_update(of=Task) if lock else statement)
    if found is None:
        raise TaskNotFound
    return found


def people(session: Session, actor: Actor) -> dict[str, str]:
    """Active users to whom the actor may give a task: name and how they are called; oneself first."""
    own = {actor.name: actor.full_name or actor.name}
    if not actor.may(Permission.SUPERVISE):
        return own
    rows = session.execute(
        select(col(User.name), col(User.full_name), col(User.region))
        .where(col(User.active), col(User.name) != actor.name)
        .order_by(col(User.full_name), col(User.name))
    )
    return own | {name: full_name or name for name, full_name, region in rows if may_follow(actor, region)}


def unread_count(session: Session, actor: Actor) -> int:
    """Notices that the actor has not read: on every rerun, from an index of those alone."""
    return int(db.rows(session, _UNREAD, user_name=actor.name)[0][0])


def unread(session: Session, actor: Actor, *, limit: int = 50) -> list[NoticeRow]:
    """Notices that the actor has not read, latest first; a customer whom one no longer sees is not named."""
    rows = session.execute(
        select(Notice, col(Customer.code), col(Customer.legal_name))
        .outerjoin(Customer, and_(col(Customer.id) == col(Notice.customer_id), visible_to(actor)))
        .where(col(Notice.user_name) == actor.name, col(Notice.read_at).is_(None))
        .order_by(col(Notice.id).desc())
        .limit(limit)
    )
    return [
        NoticeRow(one.id or 0, one.kind, notice_text(one.kind, one.facts), one.source, code, name, one.at)
        for one, code, name in rows
    ]


_UNREAD = select(func.count()).where(col(Notice.user_name) == bindparam("user_name"), col(Notice.read_at).is_(None))
_giver, _holder = aliased(User), aliased(User)


def _rows(actor: Actor) -> Any:
    return _joined(
        select(
            Task, col(Customer.code), col(Customer.legal_name),
            func.coalesce(func.nullif(col(_holder.full_name), ""), col(Task.assigned_to)),
            func.coalesce(func.nullif(col(_giver.full_name), ""), col(Task.assigned_by)),
        ).outerjoin(_giver, col(_giver.name) == col(Task.assigned_by)),
        actor,
    )  # fmt: skip


def _joined(statement: Any, actor: Actor) -> Any:
    """With the one who has it, and with the customer as far as the actor sees it."""
    seen = and_(col(Customer.id) == col(Task.customer_id), visible_to(actor))
    return statement.outerjoin(Customer, seen).outerjoin(_holder, col(_holder.name) == col(Task.assigned_to))


def _which(actor: Actor, whose: Whose) -> list[ColumnElement[bool]]:
    if whose is Whose.MINE:
        return [col(Task.assigned_to) == actor.name]
    if whose is Whose.GIVEN:
        return [col(Task.assigned_by) == actor.name, col(Task.assigned_to) != actor.name]
    actor.require(Permission.SUPERVISE)
    return [_team(actor)]


def _team(actor: Actor) -> ColumnElement[bool]:
    """Of whom the actor supervises: everybody, or who is of the region or has a customer of it."""
    if not actor.may(Permission.SUPERVISE):
        return col(Task.id).is_(None)
    if sees_all(actor):
        return true()
    return or_(col(_holder.region) == actor.region, col(Customer.id).is_not(None))


def _stands(standing: Standing, as_of: date) -> ColumnElement[bool]:
    waits = col(Task.done_on).is_(None)
    if standing is Standing.DONE:
        return col(Task.done_on).is_not(None)
    return and_(waits, col(Task.due_on) < as_of) if standing is Standing.LATE else waits


def _row(row: Any, as_of: date) -> TaskRow:
    task, code, customer, holder, giver = row
    late = 0 if task.done_on is not None else max(0, (as_of - task.due_on).days)
    return TaskRow(
        task.id, task.kind, task_title(task.kind, task.title, task.facts), task.notes, task.customer_id, code,
        customer, task.assigned_to, holder, giver, task.raised_on, task.due_on, late, task.done_on, task.done_by,
        task.result,
    )  # fmt: skip
