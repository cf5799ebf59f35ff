"""Many promises at once: what an import has checked, written past the ORM."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from core import db
from core.promises.models import Promise, PromiseDocument
from core.promises.pending import Made


class NewPromise(NamedTuple):
    """A promise of a file: what decides over it, and what is only told."""

    made: Made
    promised_on: date
    contact: str | None
    collector: str | None


_COLUMNS = (
    "id", "number", "customer_id", "currency", "amount", "made_on", "promised_on", "starts_on", "ends_on", "contact",
    "collector", "event_id",
)  # fmt: skip


def write_promises(session: Session, promises: Sequence[NewPromise], *, event_id: int) -> None:
    """Inserts promises and the documents that they name."""
    ids = db.reserve_ids(session, Promise, len(promises))
    rows = (
        (id_, one.made.number, one.made.customer_id, one.made.currency, one.made.amount, one.made.made_on,
         one.promised_on, one.made.starts_on, one.made.ends_on, one.contact, one.collector, event_id)
        for id_, one in zip(ids, promises, strict=True)
    )  # fmt: skip
    db.insert_many(session, Promise, _COLUMNS, rows)
    named = (
        (id_, document)
        for id_, one in zip(ids, promises, strict=True)
        for document in sorted(one.made.documents)
    )  # fmt: skip
    db.insert_many(session, PromiseDocument, ("promise_id", "document_id"), named)
