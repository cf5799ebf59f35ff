"""Supervision of collectors: their goals, and the meetings in which the portfolio is reviewed."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.money import Money, Percent
from core.tables import Moment, Table, append_only


class CollectorGoal(Table, table=True):
    """What a collector should reach in a month; it holds until a later month has one. None: no goal of that figure."""

    __tablename__ = "collector_goal"
    __table_args__ = (
        UniqueConstraint("collector", "month"),
        CheckConstraint("recovered >= 0", name="recovered_not_negative"),
        CheckConstraint("contacts >= 0", name="contacts_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collector: str = Field(max_length=80)
    month: str = Field(max_length=7)  # 2026-03
    recovered: Decimal | None = Field(default=None, sa_type=Money)  # company currency
    contacts: int | None = None
    kept_pct: Decimal | None = Field(default=None, sa_type=Percent)
    event_id: int = Field(foreign_key="audit_event.id")


class Meeting(Table, table=True):
    """A review of a part of the portfolio. Its agenda follows from the data until it is closed, then it is kept."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR cancelled_on IS NULL", name="closed_or_cancelled"),
        Index("ix_meeting_held_on", "held_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=120)
    region: str | None = Field(default=None, max_length=80)  # None: all
    segment: str | None = Field(default=None, max_length=80)
    held_on: date
    starts_at: str | None = Field(default=None, max_length=5)  # 09:30, by the company's clocks
    made_by: str = Field(max_length=60)
    notes: str | None = Field(default=None, max_length=4000)
    agenda: str | None = None  # JSON, as it was when the meeting was closed
    cancelled_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str | None = Field(default=None, max_length=60)
    event_id: int = Field(foreign_key="audit_event.id")


class MeetingAttendee(Table, table=True):
    """Somebody who is asked to come; `attended` None: nobody has said yet."""

    __tablename__ = "meeting_attendee"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    user_name: str = Field(max_length=60, primary_key=True)
    attended: bool | None = None


class MeetingAgreement(Table, table=True):
    """What was agreed in a meeting; its task (source `meeting_agreement`) says whether it was done."""

    __tablename__ = "meeting_agreement"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    text: str = Field(max_length=250)
    owner: str = Field(max_length=60)  # a user's name
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    due_on: date
    event_id: int = Field(foreign_key="audit_event.id")


append_only("meeting_agreement")
append_only(
    "meeting",
    may_change=frozenset({"held_on", "starts_at", "notes", "agenda", "cancelled_on", "closed_at", "closed_by"}),
)
