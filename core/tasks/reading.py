"""Notices that were read: they leave the bell, never the books."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor
from core.clock import now
from core.tables import among
from core.tasks.models import Notice


def mark_read(session: Session, actor: Actor, ids: Sequence[int]) -> int:
    """One's own notices of these ids are read; how many were not yet. Of nobody else's, nothing."""
    done = session.execute(
        update(Notice)
        .where(among(col(Notice.id), list(ids)), col(Notice.user_name) == actor.name, col(Notice.read_at).is_(None))
        .values(read_at=now())
        .returning(col(Notice.id))
    ).all()
    if done:
        record(session, actor, "notice.read", entity="notice", count=len(done))
    return len(done)
