"""Putting e-mails into the outbox, in the transaction of the command that wants them sent."""

from collections.abc import Sequence
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.clock import now
from core.errors import DomainError
from core.outbox.addresses import AddressMissing, addresses, one_line
from core.outbox.models import Message, MessageStatus
from core.outbox.words import ADDRESS_NOT_USABLE, NO_ADDRESS


class Wanted(NamedTuple):
    """An e-mail to be queued: what it is about, to whom, in which language; the text, unless its kind makes it."""

    source_id: int
    customer_id: int | None
    to_address: str | None
    language: str
    subject: str = ""
    body: str = ""


def queue(
    session: Session, *, kind: str, source_id: int, event_id: int, customer_id: int | None, to_address: str | None,
    language: str, subject: str = "", body: str = "",
) -> int:  # fmt: skip
    """Queues an e-mail and returns its id. Without an address, or with one that cannot be used, it is held, and says
    so. Asked for again for the same thing, it is another copy."""
    before = session.scalar(
        select(func.max(col(Message.copy_no))).where(col(Message.kind) == kind, col(Message.source_id) == source_id)
    )
    wanted = Wanted(source_id, customer_id, to_address, language, subject, body)
    [made] = queue_many(session, kind=kind, event_id=event_id, wanted=[wanted], copy_no=(before or 0) + 1)
    return made


def queue_many(session: Session, *, kind: str, event_id: int, wanted: Sequence[Wanted], copy_no: int = 1) -> list[int]:
    """Queues many e-mails of a kind at once, each for something that had none yet; their ids in the same order."""
    ids = db.reserve_ids(session, Message, len(wanted))
    moment, key = now(), token_hex(8)
    rows = []
    for id_, one in zip(ids, wanted, strict=True):
        to, held = _usable(one.to_address)
        rows.append((
            id_, kind, one.source_id, copy_no, f"{kind}-{id_}-{key}"[:60], one.customer_id, to,
            one_line(one.subject)[:250], one.body, one.language, MessageStatus.HELD if held else MessageStatus.QUEUED,
            0, moment, None if held else moment, held, event_id,
        ))  # fmt: skip
    db.insert_many(session, Message, _COLUMNS, rows)
    return ids


_COLUMNS = (
    "id", "kind", "source_id", "copy_no", "message_key", "customer_id", "to_address", "subject", "body", "language",
    "status", "tries", "queued_at", "next_try_at", "last_error", "event_id",
)  # fmt: skip


def _usable(address: str | None) -> tuple[str, str | None]:
    """The address as it will be used, and why it cannot be, if it cannot."""
    try:
        return "; ".join(addresses(address or "")), None
    except AddressMissing:
        return "", NO_ADDRESS
    except DomainError:
        return one_line(address or "")[:250], ADDRESS_NOT_USABLE
