"""Raising tasks and notices: by people, and by the system once for what they are about."""

import json
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import plain
from core.clock import now
from core.tasks.models import Notice, Task, TaskKind


def raise_task(
    session: Session, *, kind: TaskKind, event_id: int, assigned_to: str, assigned_by: str, raised_on: date,
    due_on: date, customer_id: int | None = None, title: str = "", notes: str | None = None,
    source: str | None = None, source_id: int | None = None, **facts: object,
) -> bool:  # fmt: skip
    """Adds a task as part of a command that has its event; False, and nothing, when `source` had raised it already.

    Tasks of the system have no title: their words are made of `kind` and `facts` in the reader's language.
    """
    if source is not None and session.scalar(
        select(col(Task.id)).where(col(Task.kind) == kind, col(Task.source) == source, col(Task.source_id) == source_id)
    ):
        return False
    session.add(
        Task(
            kind=kind, source=source, source_id=source_id, title=title, facts=_kept(facts), notes=notes,
            customer_id=customer_id, assigned_to=assigned_to, assigned_by=assigned_by, raised_on=raised_on,
            due_on=due_on, event_id=event_id,
        )
    )  # fmt: skip
    session.flush()
    return True


def notify(
    session: Session, *, user_name: str, kind: str, source: str, source_id: int, event_id: int,
    customer_id: int | None = None, **facts: object,
) -> bool:  # fmt: skip
    """Tells a user something once; False, and nothing, when he or she was told already."""
    if session.scalar(
        select(col(Notice.id)).where(
            col(Notice.user_name) == user_name, col(Notice.kind) == kind, col(Notice.source) == source,
            col(Notice.source_id) == source_id,
        )
    ):  # fmt: skip
        return False
    session.add(
        Notice(
            user_name=user_name, kind=kind, source=source, source_id=source_id, facts=_kept(facts),
            customer_id=customer_id, at=now(), event_id=event_id,
        )
    )  # fmt: skip
    session.flush()
    return True


def _kept(facts: dict[str, object]) -> str:
    return json.dumps({name: plain(value) for name, value in facts.items()})
