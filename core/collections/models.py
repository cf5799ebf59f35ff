"""The collector's work: contacts with customers, what came of them, visits, strategies."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from core.money import Money
from core.tables import Moment, Table, append_only, one_of

#: Contacts that say when to go on.
_TO_GO_ON = text("next_action_on IS NOT NULL")


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
        Index("ix_contact_contacted_on", "contacted_on", "collector"),
        Index(
            "ix_contact_next_action", "customer_id", "at", "channel",
            sqlite_where=_TO_GO_ON, postgresql_where=_TO_GO_ON,
        ),
    )  # fmt: skip

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


class Visit(Table, table=True):
    """A visit that somebody planned; its result is a contact."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("collector", "planned_on", "customer_id"),
        CheckConstraint("contact_id IS NULL OR dropped IS NULL", name="made_or_dropped"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collector: str = Field(max_length=80)  # who goes: a user's name
    planned_on: date
    position: int  # in the route of the day: 1, 2…
    customer_id: int = Field(foreign_key="customer.id", index=True)
    address: str | None = Field(default=None, max_length=250)
    purpose: str | None = Field(default=None, max_length=250)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    dropped: str | None = Field(default=None, max_length=250)  # why it was not made
    event_id: int = Field(foreign_key="audit_event.id")


class Strategy(Table, table=True):
    """How customers of a segment (blank: all others) are put in order and worked; a change is a new version."""

    __tablename__ = "collection_strategy"
    __table_args__ = (UniqueConstraint("segment", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    segment: str = Field(max_length=80)
    version: int
    at: datetime = Field(sa_type=Moment)
    user_name: str = Field(max_length=60)
    ended: bool = False  # from here on the segment has no strategy of its own
    quiet_days: int | None = None  # blank: the setting
    minimum_amount: Decimal = Field(sa_type=Money)  # company currency
    preventive_days: int = 0  # customers due within so many days are called too; 0: none
    any_dispute: bool = True  # False: only one that covers all that is overdue sets aside
    points: str  # JSON: points of each reason, and steps by amount, days and silence
    event_id: int = Field(foreign_key="audit_event.id")


class Stage(Table, table=True):
    """A stage of a strategy: from so many days overdue on, what is done and what is said."""

    __tablename__ = "collection_stage"

    strategy_id: int = Field(foreign_key="collection_strategy.id", primary_key=True)
    from_days: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(max_length=80)
    action: str = Field(max_length=250)
    script_es: str = Field(max_length=2000)
    script_en: str = Field(max_length=2000)


for _table in ("contact", "contact_note", "collection_strategy", "collection_stage"):
    append_only(_table)
append_only("visit", may_change=frozenset({"position", "contact_id", "dropped"}))
