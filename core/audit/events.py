"""Writing the log. It knows the user's id and name only; every command ends with one event."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from sqlmodel import Session

from core import db
from core.audit.models import AuditEvent
from core.clock import now, today


class Who(Protocol):
    """The one who acts, as far as the log cares."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def os_user(self) -> str | None: ...


class Recorded(NamedTuple):
    """An event that was written: the id that goes into every row of the write."""

    id: int


def record(
    session: Session, actor: Who, action: str, *,
    entity: str | None = None, entity_id: object = None, customer_id: int | None = None,
    file_hash: str | None = None, event_id: int | None = None, **facts: object,
) -> Recorded:  # fmt: skip
    """Adds the event of a write and returns its id (`event_id`, when that was reserved before); `facts` are kept as
    JSON, amounts as text."""
    session.flush()
    written = (
        now(), today(), actor.user_id, actor.name, actor.origin, actor.os_user, action, entity,
        None if entity_id is None else str(entity_id), customer_id,
        json.dumps({name: plain(value) for name, value in facts.items()}), file_hash,
    )  # fmt: skip
    if event_id is None:
        return Recorded(db.insert_one(session, AuditEvent, _COLUMNS, written))
    db.insert_many(session, AuditEvent, ("id", *_COLUMNS), [(event_id, *written)])
    return Recorded(event_id)


_COLUMNS = (
    "at", "business_on", "user_id", "user_name", "origin", "os_user", "action", "entity", "entity_id",
    "customer_id", "facts", "file_hash",
)  # fmt: skip


def plain(value: Any) -> Any:
    """A fact as JSON can hold it: amounts as text with their decimals, dates as ISO."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(one) for one in value]
    return value
