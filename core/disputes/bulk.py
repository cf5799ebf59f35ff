"""Many disputes at once, as a file brings them: of any amount, on any day, with a status in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from core import db
from core.clock import now
from core.disputes.models import Dispute, DisputeStep
from core.disputes.opening import days_to_answer
from core.disputes.reasons import REASONS

OPEN = "open"


@dataclass(slots=True)
class NewDispute:
    """One dispute that a file brings; the amount in centavos. `status` None: open."""

    number: str
    customer_id: int
    document_id: int
    currency: str
    amount: int
    opened_on: date
    reason: str
    status: str | None
    closed_on: date | None


@dataclass(slots=True)
class Completed:
    """What a file adds to a dispute that is there; None: what is there stays."""

    id: int
    status: str | None
    closed_on: date | None
    was: str  # its status until now


_COLUMNS = (
    "id", "number", "customer_id", "document_id", "currency", "amount", "opened_on", "reason", "status", "owner_area",
    "deadline_on", "closed_on", "opened_by", "event_id",
)  # fmt: skip
_STEP = ("dispute_id", "at", "user_name", "status", "event_id")


def write_disputes(
    session: Session, new: Sequence[NewDispute], completed: Sequence[Completed], *, user_name: str, event_id: int
) -> None:
    """Inserts the new ones, with area and days where the catalogue knows their reason, and completes the others."""
    days, moment = days_to_answer(session), now()
    rows: list[tuple[Any, ...]] = []
    steps: list[tuple[Any, ...]] = []
    for id_, one in zip(db.reserve_ids(session, Dispute, len(new)), new, strict=True):
        known = REASONS.get(one.reason)
        rows.append((
            id_, one.number, one.customer_id, one.document_id, one.currency, one.amount, one.opened_on, one.reason,
            one.status or OPEN, known.area if known else None,
            one.opened_on + timedelta(days=days[one.reason]) if known else None, one.closed_on, user_name, event_id,
        ))  # fmt: skip
        steps.append((id_, moment, user_name, one.status or OPEN, event_id))
    steps += [(one.id, moment, user_name, one.status or one.was, event_id) for one in completed]
    db.insert_many(session, Dispute, _COLUMNS, rows)
    db.insert_many(session, DisputeStep, _STEP, steps)
    if completed:
        values = [(one.status, _written(one.closed_on), one.id) for one in completed]
        db.update_many(session, _COMPLETE, values)


_COMPLETE = "UPDATE dispute SET status = COALESCE({0}, status), closed_on = COALESCE({1}, closed_on) WHERE id = {2}"


def _written(day: date | None) -> Any:
    return day.isoformat() if day is not None and db.is_sqlite() else day
