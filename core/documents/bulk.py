"""Documents by the thousand, for imports and the demo company: posted in a batch, written in sets.

Whole centavos and millionths throughout. `plan` opens a batch that may be tried out against a snapshot and written
later, in another session (`take_over`), once nothing has changed meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlmodel import Session

from core import db
from core.documents.applying import Target, apply_targets
from core.documents.models import Document, DocumentKind
from core.ledger.models import Kind, Source
from core.ledger.numbers import claim_many
from core.ledger.posting import Batch, Item
from core.money import from_cents

__all__ = [
    "Batch",
    "Item",
    "Named",
    "NewDocument",
    "apply_named",
    "issue",
    "plan",
    "set_presented",
    "take_over",
    "ticking",
    "write_documents",
]

T = TypeVar("T")
#: What a paper names in `applies_to`: numbers, each with the centavos that it takes or None for all that is open.
Named = Sequence[tuple[str, int | None]]


@dataclass(slots=True)
class NewDocument:
    """A document to be issued. `id` is 0 until it is written; `items` are its ledger entries once it is posted."""

    kind: DocumentKind
    number: str
    customer_id: int
    issued_on: date
    total: int
    subtotal: int
    currency: str
    rate: int
    due_on: date | None = None  # of charges: the last instalment's
    presented_on: date | None = None
    tax: int | None = None
    sales_rep: str | None = None
    uuid: str | None = None
    po_number: str | None = None
    applies_to: str | None = None
    reason: str | None = None
    notes: str | None = None
    id: int = 0
    items: list[Item] = field(default_factory=list)


_COLUMNS = (
    "id", "kind", "number", "customer_id", "issued_on", "due_on", "presented_on", "total", "subtotal", "tax",
    "currency", "exchange_rate", "sales_rep", "uuid", "po_number", "applies_to", "reason", "notes", "event_id",
)  # fmt: skip


def plan(session: Session) -> Batch:
    """A batch for somebody who writes alone, or only tries out what would be written."""
    return Batch(session, alone=True)


def take_over(batch: Batch, session: Session, event_id: int) -> None:
    """From here on the batch writes through `session`, for this event."""
    batch.session, batch.event_id = session, event_id


def issue(batch: Batch, document: NewDocument, instalments: Sequence[tuple[date, int]] = ()) -> None:
    """Posts a document: a charge by its instalments (due date, centavos), or by one at `due_on`; or a credit note."""
    if document.kind is DocumentKind.CREDIT_NOTE:
        credit = batch.credit(
            customer_id=document.customer_id, kind=Kind.CREDIT_NOTE, source=Source.DOCUMENT, source_id=document.id,
            number=document.number, currency=document.currency, rate=document.rate, booked_on=document.issued_on,
            amount=document.total,
        )  # fmt: skip
        document.items = [credit]
        return
    document.items = batch.charges(
        customer_id=document.customer_id, kind=Kind(document.kind), source=Source.DOCUMENT, source_id=document.id,
        number=document.number, currency=document.currency, rate=document.rate, booked_on=document.issued_on,
        instalments=instalments or [(document.due_on or document.issued_on, document.total)],
    )  # fmt: skip


def apply_named(batch: Batch, credit: Item, named: Named, charges: Sequence[list[Item]]) -> int:
    """Applies a credit to the documents it names (`charges`: their instalments, in the order of `named`); centavos.

    Exactly the amounts, or OverApplied; without amounts as much as is open, oldest instalment first.
    """
    targets = [Target(number, None if cents is None else from_cents(cents)) for number, cents in named]
    spent: Decimal = apply_targets(batch, credit, targets, charges, at_most=False)
    return int(spent.scaleb(2))


def write_documents(
    batch: Batch, documents: Sequence[NewDocument], progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Writes the documents and their numbers; their entries follow with `batch.flush()`."""
    session = batch.session
    for document, id_ in zip(documents, db.reserve_ids(session, Document, len(documents)), strict=True):
        document.id = id_
        for item in document.items:
            item.source_id = id_
            item.customer_id = document.customer_id
    rows = ticking(_rows(documents, batch.event_id), len(documents), progress)
    db.insert_many(session, Document, _COLUMNS, rows)
    claim_many(session, Source.DOCUMENT, ((one.number, one.id) for one in documents))


def _rows(documents: Iterable[NewDocument], event_id: int) -> Iterator[tuple[Any, ...]]:
    return (
        (one.id, one.kind.value, one.number, one.customer_id, one.issued_on, one.due_on, one.presented_on, one.total,
         one.subtotal, one.tax, one.currency, one.rate, one.sales_rep, one.uuid, one.po_number, one.applies_to,
         one.reason, one.notes, event_id)
        for one in documents
    )  # fmt: skip


def ticking(rows: Iterable[T], total: int, progress: Callable[[int, int], None]) -> Iterator[T]:
    """The rows as they are, telling every few thousand how many have passed."""
    for done, row in enumerate(rows):
        if done % 5_000 == 0:
            progress(done, total)
        yield row


def set_presented(session: Session, presented: Sequence[tuple[date, int]]) -> None:
    """Notes the day of presentation of documents that had none: (day, document's id). Due dates stay."""
    if presented:
        days = [(day.isoformat() if db.is_sqlite() else day, id_) for day, id_ in presented]
        db.update_many(session, "UPDATE document SET presented_on = {0} WHERE id = {1} AND presented_on IS NULL", days)
