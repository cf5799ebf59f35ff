"""The collector's work: contacts with customers, what came of them, visits, strategies."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Moment, Table, append_only, one_of


class Channel(StrEnum):
    CALL = "call"
    VISIT = "visit"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    LETTER = "letter"


class Contact(Table, table=True):
    """One attempt to speak with a customer. Never erased, only annotated."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("channel", Channel),
        UniqueConstraint("customer_id", "at", "channel"),
        Index("ix_contact_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    at: datetime = Field(sa_type=Moment)
    contacted_on: date  # the day of `at` where the company is
    channel: str = Field(max_length=10)
    outcome: str = Field(max_length=120)  # a code of the catalogue, or as the file says it
    person: str | None = Field(default=None, max_length=120)
    collector: str | None = Field(default=None, max_length=80)  # who made it: a user's name
    notes: str | None = Field(default=None, max_length=2000)
    cause: str | None = Field(default=None, max_length=40)  # of the delay, of the catalogue
    next_action: str | None = Field(default=None, max_length=40)
    next_action_on: date | None = None
    out_of_hours: str | None = Field(default=None, max_length=250)  # why outside the hours allowed
    promise_id: int | None = Field(default=None, foreign_key="promise.id")
    dispute_id: int | None = Field(default=None, foreign_key="dispute.id")
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")


class ContactNote(Table, table=True):
    """What somebody added to a contact afterwards."""

    __tablename__ = "contact_note"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    at: datetime = Field(sa_type=Moment)
    user_name: str = Field(max_length=60)
    text: str = Field(max_length=2000)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("contact")
append_only("contact_note")
