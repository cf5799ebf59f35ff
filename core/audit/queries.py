"""The log as it is read: filtered, newest first, a page at a time."""

from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from core.audit import words
from core.audit.models import AuditEvent


class Reader(Protocol):
    """The one who reads, as far as the log cares: it lies below users and permissions."""

    def require(self, permission: Any) -> None:
        """Refuses what is not permitted."""


_MAY_READ = "view_audit"  # auth.actor.Permission.VIEW_AUDIT


class EventRow(NamedTuple):
    """One write: who, when, from where, about what, with which facts."""

    id: int
    at: datetime
    business_on: date
    user_name: str
    origin: str
    os_user: str | None
    action: str
    entity: str | None
    entity_id: str | None
    customer_id: int | None
    facts: dict[str, Any]
    file_hash: str | None

    @property
    def topic(self) -> str:
        """The word under which the log files it: money, access, data…"""
        return words.topic(self.action)

    @property
    def label(self) -> str:
        """What was done, in words."""
        return words.label(self.action)

    @property
    def summary(self) -> str:
        """The facts in one line."""
        return words.summary(self.facts)


class Filter(NamedTuple):
    """Which events: all that is given must hold. `about` is what the user calls it: code, folio, number, name."""

    user: str | None = None
    topic: str | None = None
    customer_id: int | None = None
    written: Select[Any] | None = None  # ids of more events that count as the customer's
    about: str | None = None
    entity: str | None = None
    start: date | None = None
    end: date | None = None


def events(
    session: Session, actor: Reader, wanted: Filter = Filter(), *, limit: int | None = None, offset: int = 0  # noqa: B008  immutable
) -> list[EventRow]:  # fmt: skip
    """Events of a filter, newest first; dates are business days, both included."""
    actor.require(_MAY_READ)
    rows = session.execute(
        select(
            col(AuditEvent.id), col(AuditEvent.at), col(AuditEvent.business_on), col(AuditEvent.user_name),
            col(AuditEvent.origin), col(AuditEvent.os_user), col(AuditEvent.action), col(AuditEvent.entity),
            col(AuditEvent.entity_id), col(AuditEvent.customer_id), col(AuditEvent.facts), col(AuditEvent.file_hash),
        )
        .where(*_conditions(wanted))
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [EventRow(*row) for row in rows]


def how_many(session: Session, actor: Reader, wanted: Filter) -> int:
    """How many events a filter leaves."""
    actor.require(_MAY_READ)
    return session.scalar(select(func.count()).select_from(AuditEvent).where(*_conditions(wanted))) or 0


def event(session: Session, actor: Reader, event_id: int) -> EventRow | None:
    """One event by its number."""
    actor.require(_MAY_READ)
    found = session.get(AuditEvent, event_id)
    return None if found is None else EventRow(*(getattr(found, name) for name in EventRow._fields))


def who_acted(session: Session, actor: Reader) -> list[str]:
    """The names in the log, for a picker; `system` among them."""
    actor.require(_MAY_READ)
    return list(session.scalars(select(col(AuditEvent.user_name)).distinct().order_by(col(AuditEvent.user_name))))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.user is not None:
        made.append(col(AuditEvent.user_name) == wanted.user)
    if wanted.topic is not None:
        areas = words.areas_of(wanted.topic)
        made.append(or_(*(col(AuditEvent.action).startswith(f"{area}.", autoescape=True) for area in areas)))
    about: list[ColumnElement[bool]] = []
    if wanted.customer_id is not None:
        about.append(col(AuditEvent.customer_id) == wanted.customer_id)
    if wanted.written is not None:
        about.append(col(AuditEvent.id).in_(wanted.written))
    if wanted.about is not None:
        about.append(col(AuditEvent.entity_id) == wanted.about)
    if about:
        made.append(or_(*about))
    if wanted.entity is not None:
        made.append(col(AuditEvent.entity) == wanted.entity)
    if wanted.start is not None:
        made.append(col(AuditEvent.business_on) >= wanted.start)
    if wanted.end is not None:
        made.append(col(AuditEvent.business_on) <= wanted.end)
    return made
