"""Writing the log. It knows the user's id and name only; every command ends with one event."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlmodel import Session

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


def record(
    session: Session, actor: Who, action: str, *,
    entity: str | None = None, entity_id: object = None, customer_id: int | None = None,
    file_hash: str | None = None, **facts: object,
) -> AuditEvent:  # fmt: skip
    """Adds the event of a write and gives it its id; `facts` are kept as JSON, amounts as text."""
    written = AuditEvent(
        at=now(), business_on=today(), user_id=actor.user_id, user_name=actor.name, origin=actor.origin,
        os_user=actor.os_user, action=action, entity=entity,
        entity_id=None if entity_id is None else str(entity_id), customer_id=customer_id,
        facts={name: plain(value) for name, value in facts.items()}, file_hash=file_hash,
    )  # fmt: skip
    session.add(written)
    session.flush()
    return written


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
