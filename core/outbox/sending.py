"""Delivering what waits in the outbox, one message after another: made, claimed, handed over, marked.

A message is claimed in a transaction of its own before the server sees it, and marked in another one after. Killed
before the claim, it waits as before; killed between the two, nobody knows whether it went out: it is shown as
interrupted, and a person decides. So nothing goes out twice unless somebody wants it, and nothing is lost.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now
from core.config import config
from core.errors import DomainError
from core.outbox import words
from core.outbox.addresses import AddressNotUsable, addresses, named, one_line
from core.outbox.models import Message, MessageFile, MessageStatus
from core.outbox.smtp import Mailer, MailServerSilent, Refused, Server, Unknown, connected, server
from core.policies.settings import setting

#: How long to wait after each failed try, in minutes; the last one again and again.
WAITS = (5, 15, 60, 240, 720)
#: A message in the hands of a job for longer than this was left by a job that was killed.
STALE = timedelta(minutes=15)
#: Few servers take a larger message.
MOST_BYTES = 15_000_000


class File(NamedTuple):
    """An attachment."""

    name: str
    media_type: str
    content: bytes


class Made(NamedTuple):
    """A message ready to go: its text and attachments."""

    subject: str
    body: str
    files: Sequence[File] = ()


#: Makes the message of a kind from what it is about: (session, actor, source_id) -> Made.
Maker = Callable[[Session, Actor, int], Made]


class Sent(NamedTuple):
    """What a run did: how many went out, will be tried again, were given up; how many wait still."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    waiting: int = 0


class Sender(NamedTuple):
    """From whom, and how often a message is tried."""

    name: str
    address: str
    max_tries: int


def send_waiting(
    actor: Actor, makers: Mapping[str, Maker], *, limit: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Sent:  # fmt: skip
    """Sends what is due, oldest first, at most `limit` messages. Opens its own transactions.

    Raises NoMailServer, MailServerSilent and their like when no mail can go out at all; messages wait then as before.
    `told`: called with how many were dealt with, of how many.
    """
    actor.require(Permission.RUN_NIGHTLY)
    _give_up_interrupted()
    where = server(config().smtp_url)
    with db.reading() as session:
        ids = list(session.scalars(_due().limit(limit)))
        sender = _sender(session, where)
    results = [0, 0, 0]
    if ids:
        try:
            with connected(where) as mailer:
                for place, id_ in enumerate(ids, 1):
                    done = _deliver(actor, makers, mailer, sender, id_)
                    if done is not None:
                        results[done] += 1
                    if told:
                        told(place, len(ids))
        except MailServerSilent:
            _say_nobody_answers(ids)
            raise
        finally:
            _log(actor, results)
    with db.reading() as session:
        waiting = session.scalar(
            select(func.count()).select_from(Message).where(col(Message.status) == MessageStatus.QUEUED)
        )
    sent, again, failed = results
    return Sent(sent, again, failed, waiting or 0)


def _log(actor: Actor, results: Sequence[int]) -> None:
    if any(results):
        sent, again, failed = results
        with db.transaction() as session:
            record(session, actor, "outbox.sent", entity="outbox", sent=sent, again=again, failed=failed)


def _due() -> Select[Any]:
    return (
        select(col(Message.id))
        .where(col(Message.status) == MessageStatus.QUEUED, col(Message.next_try_at) <= now())
        .order_by(col(Message.next_try_at), col(Message.id))
    )


def _sender(session: Session, where: Server) -> Sender:
    name = setting(session, "company.name")
    address = setting(session, "outbox.from_address") or where.user
    if "@" not in address:
        named_host = "." in where.host and where.host[-1].isalpha()
        address = f"cobranza@{where.host if named_host else 'localhost.localdomain'}"
    return Sender(name, addresses(address)[0], int(setting(session, "outbox.max_tries")))


_SENT, _AGAIN, _FAILED = range(3)


def _deliver(actor: Actor, makers: Mapping[str, Maker], mailer: Mailer, sender: Sender, id_: int) -> int | None:
    """Deals with one message; None when somebody else has taken it meanwhile."""
    with db.reading() as session:
        row = session.get(Message, id_)
        if row is None or row.status != MessageStatus.QUEUED:
            return None
        try:
            made = _made(session, actor, makers, row)
            to = addresses(row.to_address)
            email = compose(made, sender=sender, to=to, key=row.message_key)
        except AddressNotUsable:
            return _close(id_, MessageStatus.QUEUED, MessageStatus.FAILED, words.ADDRESS_NOT_USABLE)
        except DomainError as error:
            return _close(id_, MessageStatus.QUEUED, MessageStatus.FAILED, error.sentence())
    if sum(len(file.content) for file in made.files) > MOST_BYTES:
        return _close(id_, MessageStatus.QUEUED, MessageStatus.FAILED, words.REFUSED_FILES)
    tries = _claim(id_, made)
    if tries is None:
        return None
    try:
        mailer.send(email, sender=sender.address, to=to)
    except Refused as refusal:
        return _put_off(id_, tries, sender.max_tries, refusal)
    except MailServerSilent:  # before it took anything: as if nothing had been tried
        _release(id_)
        raise
    except Unknown as error:
        _close(id_, MessageStatus.SENDING, MessageStatus.FAILED, words.INTERRUPTED)
        raise MailServerSilent(host=mailer.host, reason=words.why_not(words.INTERRUPTED)) from error
    _mark_sent(id_)
    return _SENT


def _made(session: Session, actor: Actor, makers: Mapping[str, Maker], row: Message) -> Made:
    if row.kind in makers:
        return makers[row.kind](session, actor, row.source_id)
    return Made(row.subject, row.body)


def compose(made: Made, *, sender: Sender, to: Sequence[str], key: str) -> EmailMessage:
    """The e-mail itself; a name or subject with line breaks becomes one line, so no header can be smuggled in."""
    email = EmailMessage()
    email["From"] = named(sender.name, sender.address)
    email["To"] = [named("", address) for address in to]
    email["Subject"] = one_line(made.subject)[:250]
    email["Date"] = format_datetime(localtime())
    email["Message-ID"] = f"<{key}@{sender.address.rpartition('@')[2]}>"
    email.set_content(made.body)
    for file in made.files:
        main, _slash, sub = file.media_type.partition("/")
        email.add_attachment(file.content, maintype=main, subtype=sub, filename=one_line(file.name))
    return email


# ------------------------------------------------------------------ one short transaction each
def _claim(id_: int, made: Made) -> int | None:
    """Takes a message in hand, with what is going out; its tries with this one, None when it is not to be had."""
    with db.transaction() as session:
        taken = session.execute(
            update(Message)
            .where(col(Message.id) == id_, col(Message.status) == MessageStatus.QUEUED)
            .values(
                status=MessageStatus.SENDING, claimed_at=now(), tries=col(Message.tries) + 1,
                subject=one_line(made.subject)[:250], body=made.body,
            )
            .returning(col(Message.tries))
        ).scalar()  # fmt: skip
        if taken is None:
            return None
        if not session.scalar(select(col(MessageFile.id)).where(col(MessageFile.message_id) == id_).limit(1)):
            columns = ("message_id", "name", "media_type", "content")
            db.insert_many(session, MessageFile, columns, [(id_, *file) for file in made.files])
        return int(taken)


def _close(id_: int, before: MessageStatus, after: MessageStatus, reason: str | None) -> int:
    with db.transaction() as session:
        session.execute(
            update(Message)
            .where(col(Message.id) == id_, col(Message.status) == before)
            .values(status=after, last_error=reason and reason[:500], next_try_at=None)
        )
    return _FAILED


def _mark_sent(id_: int) -> None:
    with db.transaction() as session:
        session.execute(
            update(Message).where(col(Message.id) == id_)
            .values(status=MessageStatus.SENT, sent_at=now(), last_error=None, next_try_at=None)
        )  # fmt: skip


def _put_off(id_: int, tries: int, max_tries: int, refusal: Refused) -> int:
    if refusal.for_good or tries >= max_tries:
        return _close(id_, MessageStatus.SENDING, MessageStatus.FAILED, refusal.reason)
    wait = timedelta(minutes=WAITS[min(tries, len(WAITS)) - 1])
    with db.transaction() as session:
        session.execute(
            update(Message).where(col(Message.id) == id_)
            .values(status=MessageStatus.QUEUED, last_error=refusal.reason[:500], next_try_at=now() + wait)
        )  # fmt: skip
    return _AGAIN


def _release(id_: int) -> None:
    with db.transaction() as session:
        session.execute(
            update(Message).where(col(Message.id) == id_, col(Message.status) == MessageStatus.SENDING)
            .values(status=MessageStatus.QUEUED, tries=col(Message.tries) - 1, next_try_at=now())
        )  # fmt: skip


def _say_nobody_answers(ids: Sequence[int]) -> None:
    """They wait as before, and the screen says why."""
    with db.transaction() as session:
        session.execute(
            update(Message).where(col(Message.id).in_(ids[:500]), col(Message.status) == MessageStatus.QUEUED)
            .values(last_error=words.NOBODY_ANSWERS)
        )  # fmt: skip


def _give_up_interrupted() -> None:
    with db.transaction() as session:
        session.execute(
            update(Message)
            .where(col(Message.status) == MessageStatus.SENDING, col(Message.claimed_at) < now() - STALE)
            .values(status=MessageStatus.FAILED, last_error=words.INTERRUPTED, next_try_at=None)
        )
