"""Many contacts at once, as a file brings them."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from core import db
from core.collections.models import Contact

#: What a file brings of a contact, in the order of the rows.
COLUMNS = (
    "customer_id", "at", "contacted_on", "channel", "outcome", "notes", "next_action_on", "collector", "event_id",
)  # fmt: skip


def write_contacts(session: Session, rows: Iterable[tuple[Any, ...]]) -> None:
    """Inserts contacts; `rows` in the order of COLUMNS, `at` aware."""
    db.insert_many(session, Contact, COLUMNS, rows)
