"""Disputes (aclaraciones): what a customer questions of a document, who must answer, until when, and the outcome."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.money import Money
from core.tables import Moment, Table, append_only


class Dispute(Table, table=True):
    """One dispute. It counts from `opened_on` to the day before `closed_on`, which alone closes it."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("closed_on >= opened_on", name="closed_after_opened"),
        Index("ix_dispute_document", "document_id"),
        Index("ix_dispute_live", "closed_on", "opened_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=60, unique=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    document_id: int = Field(foreign_key="document.id")
    currency: str = Field(max_length=3)
    amount: Decimal = Field(sa_type=Money)
    opened_on: date
    reason: str = Field(max_length=250)  # of the catalogue, or as the file says it
    details: str | None = Field(default=None, max_length=1000)
    status: str = Field(default="open", max_length=60)
    owner_area: str | None = Field(default=None, max_length=60)
    deadline_on: date | None = None
    outcome: str | None = Field(default=None, max_length=20)
    credit_note: str | None = Field(default=None, max_length=60)  # its number, when that is the outcome
    closed_on: date | None = None
    opened_by: str = Field(max_length=60)
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")


class DisputeStep(Table, table=True):
    """What happened to a dispute: each change of state, owner or deadline, and notes."""

    __tablename__ = "dispute_step"

    id: int | None = Field(default=None, primary_key=True)
    dispute_id: int = Field(foreign_key="dispute.id", index=True)
    at: datetime = Field(sa_type=Moment)
    user_name: str = Field(max_length=60)
    status: str = Field(max_length=60)
    notes: str | None = Field(default=None, max_length=1000)
    event_id: int = Field(foreign_key="audit_event.id")


append_only(
    "dispute",
    may_change=frozenset({"status", "owner_area", "deadline_on", "outcome", "credit_note", "closed_on"}),
)
append_only("dispute_step")
