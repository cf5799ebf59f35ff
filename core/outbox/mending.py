"""What people do with messages: try again, cancel, correct the address."""

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now
from core.errors import DomainError
from core.i18n import N_
from core.outbox.addresses import addresses
from core.outbox.models import Message, MessageStatus

_OPEN = (MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.HELD)


class MessageNotFound(DomainError):
    message = N_("Ese correo ya no está en la lista. Cargue la página de nuevo.")


class MessageGone(DomainError):
    message = N_("Este correo ya salió, se está enviando o se canceló; no se puede cambiar.")


def _locked(session: Session, actor: Actor, message_id: int) -> Message:
    actor.require(Permission.RUN_NIGHTLY)
    found = session.scalar(select(Message).where(col(Message.id) == message_id).with_for_update())
    if found is None:
        raise MessageNotFound
    return found


def retry(session: Session, actor: Actor, *, message_id: int) -> None:
    """Puts a message at the front again, with all its tries; one that was cancelled too."""
    message = _locked(session, actor, message_id)
    if message.status not in (*_OPEN, MessageStatus.CANCELLED):
        raise MessageGone
    addresses(message.to_address)
    _requeue(message)
    _told(session, actor, "outbox.retried", message)


def cancel(session: Session, actor: Actor, *, message_id: int) -> None:
    """The message will not go out."""
    message = _locked(session, actor, message_id)
    if message.status not in _OPEN:
        raise MessageGone
    message.status, message.next_try_at = MessageStatus.CANCELLED, None
    _told(session, actor, "outbox.cancelled", message)


def correct_address(session: Session, actor: Actor, *, message_id: int, to_address: str) -> None:
    """The message goes to this address (or these) instead."""
    message = _locked(session, actor, message_id)
    if message.status not in _OPEN:
        raise MessageGone
    before, message.to_address = message.to_address, "; ".join(addresses(to_address))
    _requeue(message)
    _told(session, actor, "outbox.readdressed", message, before=before, after=message.to_address)


def _requeue(message: Message) -> None:
    message.status, message.tries = MessageStatus.QUEUED, 0
    message.next_try_at, message.last_error = now(), None


def _told(session: Session, actor: Actor, action: str, message: Message, **facts: str) -> None:
    session.flush()
    record(
        session, actor, action, entity="outbox", entity_id=message.id, customer_id=message.customer_id,
        about=message.kind, changes={"to": (facts["before"], facts["after"])} if facts else None,
    )  # fmt: skip
