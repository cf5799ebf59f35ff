"""The rows that the demo company's collectors leave behind, on their way into the database; and the events of each day
to which they belong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, SQLModel

from core import db
from core.collections.models import Contact
from core.demo import names
from core.demo.company import Happened
from core.demo.days import SPAN, Days
from core.disputes.models import Dispute, DisputeStep
from core.promises.models import Promise, PromiseDocument, PromiseEnding, PromiseJudgement
from core.tasks.models import Notice, Task

#: The first day of which the collectors' work is known.
START = SPAN - 90
#: What a collector hands in at the end of a working day, and what the night finds.
FILED, JUDGED = ("contacts", "promises", "disputes"), "promise.evaluated"
#: Tables whose rows get their ids here, because others name them.
NUMBERED: tuple[type[SQLModel], ...] = (Promise, Dispute, Contact)
_COLUMNS: dict[type[SQLModel], tuple[str, ...]] = {
    Promise: (
        "id", "number", "customer_id", "currency", "amount", "made_on", "promised_on", "starts_on", "ends_on",
        "contact", "collector", "notes", "replaces_id", "event_id",
    ),
    PromiseDocument: ("promise_id", "document_id"),
    PromiseEnding: ("promise_id", "ending", "ended_on", "reason", "event_id"),
    PromiseJudgement: ("promise_id", "as_of", "before", "status", "event_id"),
    Dispute: (
        "id", "number", "customer_id", "document_id", "currency", "amount", "opened_on", "reason", "details", "status",
        "owner_area", "deadline_on", "outcome", "closed_on", "opened_by", "event_id",
    ),
    DisputeStep: ("dispute_id", "at", "user_name", "status", "notes", "event_id"),
    Contact: (
        "id", "customer_id", "at", "contacted_on", "channel", "outcome", "person", "collector", "notes", "cause",
        "next_action", "next_action_on", "promise_id", "dispute_id", "event_id",
    ),
    Task: (
        "kind", "source", "source_id", "title", "facts", "customer_id", "assigned_to", "assigned_by", "raised_on",
        "due_on", "done_on", "done_by", "result", "event_id",
    ),
    Notice: ("user_name", "kind", "source", "source_id", "facts", "customer_id", "at", "read_at", "event_id"),
}  # fmt: skip

#: When, by whom and with which result: of a task that waits.
NOT_DONE: tuple[date | None, str | None, str | None] = (None, None, None)


class Slot(NamedTuple):
    """Of which file an event tells: whose, of which day (by place), of what."""

    user: str
    place: int
    kind: str


def events_of(days: Days) -> dict[Slot, Happened]:
    """The files of each collector and working day, and the judging of promises every night."""
    log: dict[Slot, Happened] = {}
    for place in range(START, days.last + 1):
        day = days.dates[place]
        log[Slot("system", place, JUDGED)] = Happened(
            place, 2 * 60 + 5, "system", JUDGED, "promises", str(day), None, {"on": str(day)}
        )
        if not days.works[place]:
            continue
        for at, user in enumerate(one for team in names.COLLECTORS.values() for one in team):
            for minute, kind in enumerate(FILED):
                file = f"{kind}_{user}_{day}.csv"
                log[Slot(user, place, kind)] = Happened(
                    place, 17 * 60 + 30 + 4 * at + minute, user, f"import.{kind}", "import", file, None, {"file": file}
                )
    return log


@dataclass(slots=True)
class Filing:
    """Rows not yet written, by table, in the order in which tables need each other."""

    events: Mapping[Slot, int] = field(default_factory=dict)
    rows: dict[type[SQLModel], list[tuple[Any, ...]]] = field(default_factory=lambda: {one: [] for one in _COLUMNS})

    def add(self, model: type[SQLModel], *row: Any) -> None:
        """One more row of a table, in the order of its columns above."""
        self.rows[model].append(row)

    def write(self, session: Session) -> None:
        """Everything collected so far; nothing is left afterwards."""
        for model, rows in self.rows.items():
            db.insert_many(session, model, _COLUMNS[model], rows)
            rows.clear()
