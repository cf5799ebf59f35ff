"""Review meetings: called once or as a series, attended, agreed in, closed with their agenda kept."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.clock import now
from core.customers.visibility import visible_customer
from core.errors import DomainError
from core.i18n import N_
from core.policies.settings import company_currency
from core.supervision.agenda import agenda, to_keep
from core.supervision.models import Meeting, MeetingAgreement, MeetingAttendee
from core.tasks.models import TaskKind
from core.tasks.raising import notify, raise_task

MOST_TIMES = 52
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d").fullmatch


class MeetingNotFound(DomainError):
    message = N_("Esa reunión no está entre las suyas. Cargue la página de nuevo.")


class MeetingNeedsTitle(DomainError):
    message = N_("Escriba el nombre de la reunión.")


class MeetingInThePast(DomainError):
    message = N_("La reunión no puede convocarse para el {held_on}: ya pasó.")


class TimeNotRead(DomainError):
    message = N_("«{value}» no es una hora. Escríbala como 09:30.")


class TooManyMeetings(DomainError):
    message = N_("Se convocan hasta {most} reuniones a la vez, cada una en su día.")


class NobodyInvited(DomainError):
    message = N_("Elija quién debe asistir.")


class AttendeeNotFound(DomainError):
    message = N_("No hay un usuario activo «{name}». Elija a otra persona.")


class RegionNotYours(DomainError):
    message = N_("Usted convoca reuniones de su región ({region}).")


class MeetingOver(DomainError):
    message = N_("La reunión del {held_on} ya se cerró o se canceló: su minuta no cambia.")


class MeetingNotYet(DomainError):
    message = N_("La reunión es el {held_on}: se cierra ese día o después.")


class AgreementNeedsText(DomainError):
    message = N_("Escriba qué se acordó.")


class AgreementInThePast(DomainError):
    message = N_("La fecha del acuerdo ({due_on}) ya pasó. Corríjala.")


def call_meetings(
    session: Session, actor: Actor, *, title: str, held_on: date, today: date, attendees: Sequence[str],
    starts_at: str = "", region: str | None = None, segment: str | None = None, every_days: int = 0, times: int = 1,
) -> list[Meeting]:  # fmt: skip
    """Calls a meeting, or a series of `times`, `every_days` apart; who is asked to come is told of the first."""
    actor.require(Permission.SUPERVISE)
    if actor.region is not None and region != actor.region:
        raise RegionNotYours(region=actor.region)
    title, starts_at = " ".join(title.split()), starts_at.strip()
    if not title or len(title) > 120:
        raise MeetingNeedsTitle
    if held_on < today:
        raise MeetingInThePast(held_on=held_on)
    if starts_at and not _TIME(starts_at):
        raise TimeNotRead(value=starts_at)
    if not 1 <= times <= MOST_TIMES or every_days < 0 or (times > 1 and every_days == 0):
        raise TooManyMeetings(most=MOST_TIMES)
    invited = list(dict.fromkeys(attendees))
    _refuse_strangers(session, invited)
    event = record(
        session, actor, "meeting.called", entity="meeting", title=title, on=held_on, region=region, segment=segment,
        times=times,
    )  # fmt: skip
    made = [
        Meeting(
            title=title, region=region, segment=segment, held_on=held_on + timedelta(days=every_days * at),
            starts_at=starts_at or None, made_by=actor.name, event_id=event.id,
        )
        for at in range(times)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    session.add_all(MeetingAttendee(meeting_id=one.id or 0, user_name=name) for one in made for name in invited)
    for name in invited:
        if name != actor.name:
            notify(
                session, user_name=name, kind="meeting_called", source="meeting", source_id=made[0].id or 0,
                event_id=event.id, text=title, on=held_on,
            )  # fmt: skip
    session.flush()
    return made


def move_meeting(
    session: Session, actor: Actor, *, meeting_id: int, held_on: date, today: date, starts_at: str = ""
) -> Meeting:
    """Another day or hour."""
    one = open_meeting(session, actor, meeting_id)
    if held_on < today:
        raise MeetingInThePast(held_on=held_on)
    if starts_at and not _TIME(starts_at):
        raise TimeNotRead(value=starts_at)
    record(
        session, actor, "meeting.moved", entity="meeting", entity_id=one.id, before=one.held_on, after=held_on,
    )  # fmt: skip
    one.held_on, one.starts_at = held_on, starts_at or None
    return one


def cancel_meeting(session: Session, actor: Actor, *, meeting_id: int, today: date) -> Meeting:
    """It will not be held; it stays in the calendar as cancelled."""
    one = open_meeting(session, actor, meeting_id)
    one.cancelled_on = today
    record(session, actor, "meeting.cancelled", entity="meeting", entity_id=one.id, title=one.title, on=one.held_on)
    return one


def keep_attendance(
    session: Session, actor: Actor, *, meeting_id: int, attended: Mapping[str, bool], notes: str = ""
) -> Meeting:
    """Who came and who did not, and what was said."""
    one = open_meeting(session, actor, meeting_id)
    people = session.scalars(select(MeetingAttendee).where(col(MeetingAttendee.meeting_id) == meeting_id)).all()
    for person in people:
        person.attended = attended.get(person.user_name, person.attended)
    one.notes = notes.strip()[:4000] or None
    record(
        session, actor, "meeting.attended", entity="meeting", entity_id=one.id, title=one.title,
        came=sorted(name for name, came in attended.items() if came),
    )  # fmt: skip
    return one


def agree_in_meeting(
    session: Session, actor: Actor, *, meeting_id: int, text: str, owner: str, due_on: date, today: date,
    customer_id: int | None = None,
) -> MeetingAgreement:  # fmt: skip
    """An agreement: at once a task of its owner, who is told."""
    one = open_meeting(session, actor, meeting_id)
    text = " ".join(text.split())
    if not text or len(text) > 250:
        raise AgreementNeedsText
    if due_on < today:
        raise AgreementInThePast(due_on=due_on)
    _refuse_strangers(session, [owner])
    if customer_id is not None:
        visible_customer(session, actor, customer_id)
    event = record(
        session, actor, "meeting.agreed", entity="meeting", entity_id=one.id, customer_id=customer_id, text=text,
        owner=owner, due_on=due_on,
    )  # fmt: skip
    made = MeetingAgreement(
        meeting_id=meeting_id, text=text, owner=owner, customer_id=customer_id, due_on=due_on, event_id=event.id
    )
    session.add(made)
    session.flush()
    raise_task(
        session, kind=TaskKind.MEETING, event_id=event.id, assigned_to=owner, assigned_by=actor.name, raised_on=today,
        due_on=due_on, customer_id=customer_id, source="meeting_agreement", source_id=made.id, text=text,
    )  # fmt: skip
    if owner != actor.name:
        notify(
            session, user_name=owner, kind="meeting", source="meeting_agreement", source_id=made.id or 0,
            event_id=event.id, customer_id=customer_id, text=text,
        )  # fmt: skip
    return made


def close_meeting(session: Session, actor: Actor, *, meeting_id: int, today: date) -> Meeting:
    """Ends it: the agenda is kept as the data were, and from here on only its tasks go on."""
    one = open_meeting(session, actor, meeting_id)
    if today < one.held_on:
        raise MeetingNotYet(held_on=one.held_on)
    one.agenda = to_keep(agenda(session, actor, one, as_of=today, currency=company_currency(session)))
    one.closed_at, one.closed_by = now(), actor.name
    record(session, actor, "meeting.closed", entity="meeting", entity_id=one.id, title=one.title, on=one.held_on)
    return one


def seen_meeting(session: Session, actor: Actor, meeting_id: int, *, lock: bool = False) -> Meeting:
    """A meeting of the actor's region; MeetingNotFound else."""
    actor.require(Permission.SUPERVISE)
    wanted = select(Meeting).where(col(Meeting.id) == meeting_id)
    if actor.region is not None:
        wanted = wanted.where(col(Meeting.region) == actor.region)
    one: Meeting | None = session.scalar(wanted.with_for_update() if lock else wanted)
    if one is None:
        raise MeetingNotFound
    return one


def open_meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """One that may still be worked on, locked."""
    one = seen_meeting(session, actor, meeting_id, lock=True)
    if one.closed_at is not None or one.cancelled_on is not None:
        raise MeetingOver(held_on=one.held_on)
    return one


def _refuse_strangers(session: Session, names: Sequence[str]) -> None:
    if not names:
        raise NobodyInvited
    known = set(session.scalars(select(col(User.name)).where(col(User.name).in_(names), col(User.active))))
    for name in names:
        if name not in known:
            raise AttendeeNotFound(name=name)
