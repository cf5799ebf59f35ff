"""Giving somebody something to do, and doing it."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from core.attachments.keeping import keep
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.auth.queries import actor_of
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.errors import DomainError
from core.i18n import N_
from core.tasks.models import Task, TaskKind
from core.tasks.queries import may_follow, task_seen
from core.tasks.raising import notify
from core.tasks.words import task_title

MOST_TITLE, MOST_TEXT = 250, 1_000


class TaskNeedsTitle(DomainError):
    message = N_("Escriba qué hay que hacer.")


class TaskTextTooLong(DomainError):
    message = N_("El texto es demasiado largo: caben {most} caracteres.")


class TaskDueInThePast(DomainError):
    message = N_("La fecha límite {due_on} ya pasó. Elija hoy o un día que venga.")


class AssigneeNotFound(DomainError):
    message = N_("No hay un usuario activo «{name}». Elija a otra persona.")


class NotYourTeam(DomainError):
    message = N_("{name} no es de su región. Encárguelo a alguien de su equipo.")


class AssigneeDoesNotSee(DomainError):
    message = N_("{name} no atiende a {customer} y no podría verlo. Asígnele el cliente o elija a otra persona.")


class TaskDoneAlready(DomainError):
    message = N_("{name} ya la terminó el {on}. No hace falta nada más.")


def assign_task(
    session: Session, actor: Actor, *, assigned_to: str, title: str, on: date, due_on: date,
    customer_id: int | None = None, notes: str = "",
) -> Task:  # fmt: skip
    """Something for oneself, or (supervisors) for somebody else, who is told."""
    if assigned_to != actor.name:
        actor.require(Permission.SUPERVISE)
    title, notes = title.strip(), notes.strip()
    if not title:
        raise TaskNeedsTitle
    for text, most in ((title, MOST_TITLE), (notes, MOST_TEXT)):
        if len(text) > most:
            raise TaskTextTooLong(most=most)
    if due_on < on:
        raise TaskDueInThePast(due_on=due_on)
    customer = visible_customer(session, actor, customer_id) if customer_id is not None else None
    if assigned_to != actor.name:
        _refuse_stranger(session, actor, assigned_to, customer)
    kind = TaskKind.OTHER if assigned_to == actor.name else TaskKind.BOSS
    event = record(
        session, actor, "task.assigned", entity="task", customer_id=customer_id, to=assigned_to, title=title,
        due_on=due_on,
    )  # fmt: skip
    task = Task(
        kind=kind, title=title, notes=notes or None, customer_id=customer_id, assigned_to=assigned_to,
        assigned_by=actor.name, raised_on=on, due_on=due_on, event_id=event.id,
    )  # fmt: skip
    session.add(task)
    session.flush()
    if assigned_to != actor.name:
        notify(
            session, user_name=assigned_to, kind="task_assigned", source="task", source_id=task.id or 0,
            event_id=event.id, customer_id=customer_id, by=actor.full_name or actor.name, text=title,
        )  # fmt: skip
    return task


def pass_task(session: Session, actor: Actor, *, task_id: int, assigned_to: str) -> Task:
    """Gives a task that waits to somebody else, who is told: what the system raised for nobody, or who is away."""
    actor.require(Permission.SUPERVISE)
    task = task_seen(session, actor, task_id, lock=True)
    if task.done_on is not None:
        raise TaskDoneAlready(name=task.done_by, on=task.done_on)
    if assigned_to == task.assigned_to:
        return task
    customer = session.get_one(Customer, task.customer_id) if task.customer_id is not None else None
    if assigned_to != actor.name:
        _refuse_stranger(session, actor, assigned_to, customer)
    text = task_title(task.kind, task.title, task.facts)
    event = record(
        session, actor, "task.passed", entity="task", entity_id=task.id, customer_id=task.customer_id,
        before=task.assigned_to, after=assigned_to, title=task.title or task.kind,
    )  # fmt: skip
    task.assigned_to = assigned_to
    session.flush()
    if assigned_to != actor.name:
        notify(
            session, user_name=assigned_to, kind="task_assigned", source="task_passed", source_id=event.id,
            event_id=event.id, customer_id=task.customer_id, by=actor.full_name or actor.name, text=text,
        )  # fmt: skip
    return task


def finish_task(
    session: Session, actor: Actor, *, task_id: int, on: date, result: str = "",
    evidence: tuple[str, bytes] | None = None,
) -> Task:  # fmt: skip
    """It is done: by who had it, or by a supervisor of the team. `evidence`: a file's name and its content."""
    task = task_seen(session, actor, task_id, lock=True)
    if task.assigned_to != actor.name:
        actor.require(Permission.SUPERVISE)
    if task.done_on is not None:
        raise TaskDoneAlready(name=task.done_by, on=task.done_on)
    result = result.strip()
    if len(result) > MOST_TEXT:
        raise TaskTextTooLong(most=MOST_TEXT)
    event = record(
        session, actor, "task.done", entity="task", entity_id=task.id, customer_id=task.customer_id, result=result,
        title=task.title or task.kind,
    )  # fmt: skip
    if evidence is not None:
        name, content = evidence
        keep(
            session, entity="task", entity_id=task_id, customer_id=task.customer_id, name=name, content=content,
            event_id=event.id,
        )  # fmt: skip
    task.done_on, task.done_by, task.result = on, actor.name, result or None
    session.flush()
    if task.assigned_by not in (actor.name, "system"):
        notify(
            session, user_name=task.assigned_by, kind="task_done", source="task", source_id=task_id,
            event_id=event.id, customer_id=task.customer_id, by=actor.full_name or actor.name,
            text=task_title(task.kind, task.title, task.facts),
        )  # fmt: skip
    return task


def _refuse_stranger(session: Session, actor: Actor, name: str, customer: Customer | None) -> None:
    """Refuses who is not there, not of the supervisor's region, or could not see the customer."""
    user = session.scalar(select(User).where(col(User.name) == name, col(User.active)))
    if user is None:
        raise AssigneeNotFound(name=name)
    if not may_follow(actor, user.region):
        raise NotYourTeam(name=user.full_name or name)
    if customer is not None and not session.scalar(
        select(col(Customer.id)).where(col(Customer.id) == customer.id, visible_to(actor_of(user)))
    ):
        raise AssigneeDoesNotSee(name=user.full_name or name, customer=customer.legal_name)
