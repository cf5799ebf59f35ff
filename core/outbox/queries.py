"""The outbox as people see it: messages with their state, how many of each, the copy that went out."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.outbox.mending import MessageNotFound
from core.outbox.models import Message, MessageFile, MessageStatus


class MessageRow(NamedTuple):
    """A message; `last_error`: see `words.why_not`."""

    message_id: int
    kind: str
    source_id: int
    customer_id: int | None
    to_address: str
    subject: str
    status: str
    tries: int
    queued_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None
    last_error: str | None


class SentFile(NamedTuple):
    """An attachment as it went out."""

    file_id: int
    name: str
    media_type: str
    size: int


def messages(
    session: Session, actor: Actor, *, statuses: Sequence[str] = (), search: str = "", most: int = 500
) -> list[MessageRow]:
    """The latest first; only those in `statuses` (none: all), to an address or about a subject with `search` in it."""
    actor.require(Permission.RUN_NIGHTLY)
    m = Message
    found = select(
        col(m.id), col(m.kind), col(m.source_id), col(m.customer_id), col(m.to_address), col(m.subject), col(m.status),
        col(m.tries), col(m.queued_at), col(m.next_try_at), col(m.sent_at), col(m.last_error),
    )  # fmt: skip
    if statuses:
        found = found.where(col(m.status).in_(statuses))
    if search.strip():
        wanted = search.strip().lower()
        found = found.where(
            func.lower(col(m.to_address)).contains(wanted, autoescape=True)
            | func.lower(col(m.subject)).contains(wanted, autoescape=True)
        )
    return [MessageRow(*row) for row in session.execute(found.order_by(col(m.id).desc()).limit(most))]


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many messages are in each state; every state is there."""
    actor.require(Permission.RUN_NIGHTLY)
    found = session.execute(select(col(Message.status), func.count()).group_by(col(Message.status)))
    return {status.value: 0 for status in MessageStatus} | {str(status): int(many) for status, many in found}


def files_of(session: Session, message_id: int) -> list[SentFile]:
    """What was attached to a message that went out; the caller has seen to it that it may be read."""
    f = MessageFile
    found = session.execute(
        select(col(f.id), col(f.name), col(f.media_type), func.length(col(f.content)))
        .where(col(f.message_id) == message_id)
        .order_by(col(f.id))
    )
    return [SentFile(*row) for row in found]


def kept(session: Session, message_id: int, place: int = 0) -> MessageFile:
    """An attachment as it went out, the first one if not said otherwise; MessageNotFound when there is none."""
    found = session.scalars(
        select(MessageFile).where(col(MessageFile.message_id) == message_id).order_by(col(MessageFile.id))
    ).all()
    if len(found) <= place:
        raise MessageNotFound
    return found[place]
