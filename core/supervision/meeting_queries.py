"""Meetings as the calendar shows them, and one with its agenda, attendance and agreements."""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.policies.settings import company_currency
from core.supervision.agenda import Topic, agenda
from core.supervision.meetings import seen_meeting
from core.supervision.models import Meeting, MeetingAgreement, MeetingAttendee
from core.supervision.rules import rate
from core.tasks.models import Task, TaskKind


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingRow(NamedTuple):
    """One meeting of the calendar; `agreed` and `done` count its agreements, `done_pct` says it in per cent."""

    id: int
    title: str
    held_on: date
    starts_at: str | None
    region: str | None
    segment: str | None
    state: MeetingState
    invited: int
    came: int
    agreed: int
    done: int
    done_pct: Any


class AttendeeRow(NamedTuple):
    """Somebody asked to come."""

    user_name: str
    name: str
    attended: bool | None


class AgreedRow(NamedTuple):
    """One agreement with what became of its task; `late`: not done and beyond its day."""

    id: int
    text: str
    owner: str
    owner_name: str
    customer_code: str | None
    customer: str | None
    due_on: date
    done_on: date | None
    late: bool
    result: str | None


class MeetingCard(NamedTuple):
    """One meeting, whole."""

    row: MeetingRow
    made_by: str
    notes: str | None
    closed_by: str | None
    topics: list[Topic]
    people: list[AttendeeRow]
    agreements: list[AgreedRow]


def meetings(session: Session, actor: Actor, *, first: date, last: date) -> list[MeetingRow]:
    """The meetings of some days, of the actor's region or all, by day."""
    actor.require(Permission.SUPERVISE)
    wanted = _rows().where(col(Meeting.held_on).between(first, last))
    if actor.region is not None:
        wanted = wanted.where(col(Meeting.region) == actor.region)
    return [_row(row) for row in session.execute(wanted.order_by(Meeting.held_on, Meeting.starts_at, Meeting.id))]


def meeting_card(session: Session, actor: Actor, meeting_id: int, *, as_of: date) -> MeetingCard:
    """One meeting with its agenda as the data are on `as_of`, or as it was kept when it was closed."""
    one = seen_meeting(session, actor, meeting_id)
    row = session.execute(_rows().where(col(Meeting.id) == meeting_id)).one()
    people = session.execute(
        select(
            col(MeetingAttendee.user_name),
            func.coalesce(func.nullif(col(User.full_name), ""), col(MeetingAttendee.user_name)),
            col(MeetingAttendee.attended),
        )
        .outerjoin(User, col(User.name) == col(MeetingAttendee.user_name))
        .where(col(MeetingAttendee.meeting_id) == meeting_id)
        .order_by(col(MeetingAttendee.user_name))
    )
    topics = agenda(session, actor, one, as_of=as_of, currency=company_currency(session))
    return MeetingCard(
        _row(row), one.made_by, one.notes, one.closed_by, topics, [AttendeeRow(*person) for person in people],
        _agreements(session, actor, meeting_id, as_of),
    )  # fmt: skip


def _rows() -> Any:
    people = (
        select(
            col(MeetingAttendee.meeting_id), func.count().label("invited"),
            func.count().filter(col(MeetingAttendee.attended).is_(True)).label("came"),
        )
        .group_by(col(MeetingAttendee.meeting_id))
        .subquery()
    )  # fmt: skip
    agreed = (
        select(
            col(MeetingAgreement.meeting_id), func.count().label("agreed"),
            func.count(col(Task.done_on)).label("done"),
        )
        .outerjoin(Task, _its_task())
        .group_by(col(MeetingAgreement.meeting_id))
        .subquery()
    )  # fmt: skip
    return (
        select(
            Meeting, func.coalesce(people.c.invited, 0), func.coalesce(people.c.came, 0),
            func.coalesce(agreed.c.agreed, 0), func.coalesce(agreed.c.done, 0),
        )
        .outerjoin(people, people.c.meeting_id == col(Meeting.id))
        .outerjoin(agreed, agreed.c.meeting_id == col(Meeting.id))
    )  # fmt: skip


def _row(row: Any) -> MeetingRow:
    one, invited, came, agreed, done = row
    state = MeetingState.CLOSED if one.closed_at is not None else MeetingState.PLANNED
    return MeetingRow(
        one.id, one.title, one.held_on, one.starts_at, one.region, one.segment,
        MeetingState.CANCELLED if one.cancelled_on is not None else state, invited, came, agreed, done,
        rate(done, agreed),
    )  # fmt: skip


def _agreements(session: Session, actor: Actor, meeting_id: int, as_of: date) -> list[AgreedRow]:
    rows = session.execute(
        select(
            MeetingAgreement, func.coalesce(func.nullif(col(User.full_name), ""), col(MeetingAgreement.owner)),
            col(Customer.code), col(Customer.legal_name), col(Task.done_on), col(Task.result),
        )
        .outerjoin(User, col(User.name) == col(MeetingAgreement.owner))
        .outerjoin(Customer, and_(col(Customer.id) == col(MeetingAgreement.customer_id), visible_to(actor)))
        .outerjoin(Task, _its_task())
        .where(col(MeetingAgreement.meeting_id) == meeting_id)
        .order_by(col(MeetingAgreement.due_on), col(MeetingAgreement.id))
    )  # fmt: skip
    return [
        AgreedRow(
            one.id, one.text, one.owner, name, code, customer, one.due_on, done_on,
            done_on is None and one.due_on < as_of, result,
        )
        for one, name, code, customer, done_on, result in rows
    ]  # fmt: skip


def _its_task() -> Any:
    return and_(
        col(Task.kind) == TaskKind.MEETING, col(Task.source) == "meeting_agreement",
        col(Task.source_id) == col(MeetingAgreement.id),
    )  # fmt: skip
