"""What is to be sent by e-mail: queued in the transaction of the command that wants it, delivered by a job."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from core.tables import Moment, Table, append_only, one_of


class MessageStatus(StrEnum):
    """`queued`: to be sent (again at `next_try_at`); `sending`: a job has it in its hands since `claimed_at`; `failed`:
    given up, somebody must look; `held`: no address."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


class Message(Table, table=True):
    """One e-mail. `kind` and `source_id` say what it is about (`letter`, its id), `copy_no` how often it was asked for.

    The text is written when it is sent by what `kind` names (a letter is made then from its frozen facts), and a copy
    of what went out is kept in `MessageFile`. `message_key` is the Message-ID: the same however often it is tried.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        one_of("status", MessageStatus),
        UniqueConstraint("kind", "source_id", "copy_no"),
        Index(
            "ix_outbox_message_waiting", "next_try_at",
            sqlite_where=text("status = 'queued'"), postgresql_where=text("status = 'queued'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=30)
    source_id: int
    copy_no: int = 1
    message_key: str = Field(max_length=60, unique=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    to_address: str = Field(default="", max_length=250)
    subject: str = Field(default="", max_length=250)
    body: str = Field(default="")
    language: str = Field(default="es", max_length=2)
    status: str = Field(default=MessageStatus.QUEUED, max_length=10)
    tries: int = 0
    queued_at: datetime = Field(sa_type=Moment)
    next_try_at: datetime | None = Field(default=None, sa_type=Moment)
    claimed_at: datetime | None = Field(default=None, sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    last_error: str | None = Field(default=None, max_length=500)
    event_id: int = Field(foreign_key="audit_event.id")


class MessageFile(Table, table=True):
    """An attachment as it was sent."""

    __tablename__ = "outbox_message_file"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="outbox_message.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    content: bytes


append_only(
    "outbox_message",
    may_change=frozenset(
        {"to_address", "subject", "body", "status", "tries", "next_try_at", "claimed_at", "sent_at", "last_error"}
    ),
)
append_only("outbox_message_file")
