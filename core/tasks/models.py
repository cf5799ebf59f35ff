"""What somebody has to do (tasks) or to know (notices). Both are raised once for what they are about."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from core.tables import Moment, Table, append_only, one_of


class TaskKind(StrEnum):
    """Why there is a task."""

    BROKEN_PROMISE = "broken_promise"
    BREACH = "breach"  # of a payment agreement
    ALREADY_PAID = "already_paid"  # the customer says so: look for the payment
    BOSS = "boss"
    MINUTE = "minute"  # agreed in a reconciliation
    MEETING = "meeting"
    LEGAL = "legal"
    OTHER = "other"


class Task(Table, table=True):
    """Something to be done by somebody. `source` and `source_id`: what raised it, so that it is raised once."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("kind", TaskKind),
        UniqueConstraint("kind", "source", "source_id"),
        CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        Index(
            "ix_task_waiting", "assigned_to", "due_on",
            sqlite_where=text("done_on IS NULL"), postgresql_where=text("done_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    source: str | None = Field(default=None, max_length=30)
    source_id: int | None = None
    title: str = Field(max_length=250)  # as typed; blank for tasks of the system, whose words follow from `facts`
    facts: str = Field(default="{}")  # JSON: what the words of a task of the system need
    notes: str | None = Field(default=None, max_length=1000)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    assigned_to: str = Field(max_length=60)  # a user's name, or whom the data names; follows a customer to who has it
    assigned_by: str = Field(max_length=60)
    raised_on: date
    due_on: date
    done_on: date | None = None
    done_by: str | None = Field(default=None, max_length=60)
    result: str | None = Field(default=None, max_length=1000)
    event_id: int = Field(foreign_key="audit_event.id")


class Notice(Table, table=True):
    """Something that a user should know; it is read, never deleted."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("user_name", "kind", "source", "source_id"),
        Index(
            "ix_notice_unread", "user_name", "id",
            sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    user_name: str = Field(max_length=60)
    kind: str = Field(max_length=30)
    source: str = Field(max_length=30)
    source_id: int
    facts: str = Field(default="{}")  # JSON; the words are made in the reader's language
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("task", may_change=frozenset({"assigned_to", "done_on", "done_by", "result"}))
append_only("notice", may_change=frozenset({"read_at"}))
