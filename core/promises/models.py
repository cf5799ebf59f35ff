"""Promises to pay. What became of one is no column: it follows from the money that came, for any day."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.money import Money
from core.tables import Table, append_only, one_of


class PromiseStatus(StrEnum):
    PENDING = "pending"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    RESCHEDULED = "rescheduled"
    WITHDRAWN = "withdrawn"


class Ending(StrEnum):
    """How a user may end a pending promise."""

    RESCHEDULED = "rescheduled"
    WITHDRAWN = "withdrawn"


class Promise(Table, table=True):
    """What a customer committed to pay and when; on account unless there are rows in `promise_document`.

    Money counts from `starts_on` to `ends_on`: `made_on` to `promised_on` + tolerance as that was when it was made; of
    an agreement, the day after the previous instalment's window.
    """

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("promised_on >= made_on", name="promised_after_made"),
        CheckConstraint("starts_on >= made_on AND ends_on >= promised_on", name="window_in_order"),
        Index("ix_promise_customer", "customer_id", "made_on"),
        Index("ix_promise_ends_on", "ends_on", "starts_on"),
        Index("ix_promise_promised_on", "promised_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=60, unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    currency: str = Field(max_length=3)
    amount: Decimal = Field(sa_type=Money)
    made_on: date
    promised_on: date
    starts_on: date
    ends_on: date
    contact: str | None = Field(default=None, max_length=120)  # who promised
    collector: str | None = Field(default=None, max_length=80)  # to whom: a user's name
    notes: str | None = Field(default=None, max_length=1000)
    agreement_id: int | None = Field(default=None, index=True)  # one of `payment_agreement`
    replaces_id: int | None = Field(default=None, foreign_key="promise.id", unique=True)  # the one rescheduled
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")


class PromiseDocument(Table, table=True):
    """A document that a promise names."""

    __tablename__ = "promise_document"
    __table_args__ = (Index("ix_promise_document_document", "document_id", "promise_id"),)

    promise_id: int = Field(foreign_key="promise.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True)


class PromiseEnding(Table, table=True):
    """A promise that a user withdrew or replaced by another before its window ended."""

    __tablename__ = "promise_ending"
    __table_args__ = (one_of("ending", Ending),)

    promise_id: int = Field(foreign_key="promise.id", primary_key=True)
    ending: str = Field(max_length=12)
    ended_on: date
    reason: str | None = Field(default=None, max_length=250)
    event_id: int = Field(foreign_key="audit_event.id")


class PromiseJudgement(Table, table=True):
    """What `evaluate` found changed on a day: a trace of what was told, never what a status is read from."""

    __tablename__ = "promise_judgement"
    __table_args__ = (one_of("status", PromiseStatus), Index("ix_promise_judgement", "promise_id", "as_of"))

    id: int | None = Field(default=None, primary_key=True)
    promise_id: int = Field(foreign_key="promise.id")
    as_of: date
    before: str = Field(max_length=12)
    status: str = Field(max_length=12)
    event_id: int = Field(foreign_key="audit_event.id")


for _table in ("promise", "promise_document", "promise_ending", "promise_judgement"):
    append_only(_table)
