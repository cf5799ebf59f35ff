"""Payments by the thousand, for imports and the demo company: received, identified, applied and reversed in a batch
that `documents.bulk.plan` opens, written in sets. Whole centavos and millionths throughout."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core import db
from core.documents.bulk import Batch, Item, ticking
from core.ledger.models import Kind, Reversal, Source
from core.ledger.numbers import claim_many
from core.ledger.reversing import (
    AlreadyReversed,
    NothingApplied,
    ReversedTooEarly,
    prepare,
    reverse_applied,
    reverse_whole,
)
from core.payments.models import Payment
from core.payments.unidentified import put_on_account

__all__ = [
    "AlreadyReversed",
    "NewPayment",
    "NothingApplied",
    "ReversedTooEarly",
    "apply_exactly",
    "prepare_reversals",
    "put_on_account",
    "receive",
    "reverse",
    "undo",
    "write_payments",
]


@dataclass(slots=True)
class NewPayment:
    """Money received. Without customer it is unidentified: it has no entry in the ledger, `item`, yet."""

    number: str
    customer_id: int | None
    paid_on: date
    amount: int
    currency: str
    rate: int
    method: str | None = None
    bank_reference: str | None = None
    account: str | None = None
    applies_to: str | None = None
    notes: str | None = None
    id: int = 0
    item: Item | None = None


_COLUMNS = (
    "id", "number", "paid_on", "amount", "currency", "exchange_rate", "method", "bank_reference", "account",
    "applies_to", "notes", "came_unidentified", "event_id",
)  # fmt: skip


def receive(batch: Batch, payment: NewPayment) -> None:
    """Posts a payment on its customer's account, if it has one."""
    batch.check_open(payment.paid_on)
    if payment.customer_id is not None:
        payment.item = batch.credit(
            customer_id=payment.customer_id, kind=Kind.PAYMENT, source=Source.PAYMENT, source_id=payment.id,
            number=payment.number, currency=payment.currency, rate=payment.rate, booked_on=payment.paid_on,
            amount=payment.amount, paid_on=payment.paid_on,
        )  # fmt: skip


def write_payments(
    batch: Batch, payments: Sequence[NewPayment], progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Writes the payments and their numbers; their entries follow with `batch.flush()`."""
    session, event_id = batch.session, batch.event_id
    for payment, id_ in zip(payments, db.reserve_ids(session, Payment, len(payments)), strict=True):
        payment.id = id_
        if payment.item is not None:
            payment.item.source_id, payment.item.customer_id = id_, payment.customer_id or 0
    rows = (
        (one.id, one.number, one.paid_on, one.amount, one.currency, one.rate, one.method, one.bank_reference,
         one.account, one.applies_to, one.notes, one.customer_id is None, event_id)
        for one in payments
    )  # fmt: skip
    db.insert_many(session, Payment, _COLUMNS, ticking(rows, len(payments), progress))
    claim_many(session, Source.PAYMENT, ((one.number, one.id) for one in payments))


def apply_exactly(batch: Batch, credit: Item, charges: Sequence[Item], amount: int, on: date) -> int:
    """Applies centavos to the instalments of one document by due date, as a row of a file; returns how much fitted."""
    return batch.spread(credit, charges, on, amount, imported=True)


# ------------------------------------------------------------------ undoing
def prepare_reversals(batch: Batch, papers: Mapping[Source, Iterable[int]], customer_ids: Iterable[int]) -> None:
    """Looks up at once what the reversals (or identifications) of these papers will ask for."""
    prepare(batch, papers, customer_ids)


def reverse(
    batch: Batch, items: list[Item], *, source: Source, source_id: int, number: str, on: date, reason: str, since: date
) -> Reversal:
    """Takes a whole payment or document off the account; `items` none of an unidentified payment."""
    return reverse_whole(
        batch, items, source=source, source_id=source_id, number=number, on=on, reason=reason, imported=True,
        since=since,
    )  # fmt: skip


def undo(batch: Batch, credit: Item, document_id: int, document: str, *, on: date, reason: str) -> Reversal:
    """Undoes what a payment or credit note has live on one document."""
    return reverse_applied(batch, credit, document_id, document, on=on, reason=reason, imported=True)
