"""The row of its own of what is neither document nor payment: exchange, small difference written off, refund."""

from datetime import date
from decimal import Decimal

from core import db
from core.ledger.models import Adjustment, AdjustmentKind, Source
from core.ledger.posting import Batch, Item
from core.money import from_cents


def record_adjustment(
    batch: Batch, kind: AdjustmentKind, credit: Item, *, on: date, amount: int, charge: Item | None = None,
    spent: int | None = None, difference: int | None = None, notes: str | None = None,
) -> Adjustment:  # fmt: skip
    """Keeps what a credit gave, `amount` centavos in the currency of the charge that it closes, else in its own.

    `spent` (in the credit's currency) and `difference` (company currency) are an exchange's. Its entries are posted by
    the caller, with source `adjustment` and the id of the row.
    """
    closes = charge if charge is not None and charge.source == Source.DOCUMENT else None
    made = Adjustment(
        kind=kind, customer_id=credit.customer_id, source=credit.source, source_id=credit.source_id,
        document_id=closes.source_id if closes else None, booked_on=on, amount=from_cents(amount),
        currency=(charge or credit).currency, spent=_exact(spent),
        spent_currency=None if spent is None else credit.currency, difference=_exact(difference), notes=notes,
        event_id=batch.event_id,
    )  # fmt: skip
    row = (
        str(kind), credit.customer_id, str(credit.source), credit.source_id, made.document_id, on, amount,
        made.currency, spent, made.spent_currency, difference, notes, batch.event_id,
    )  # fmt: skip
    made.id = db.insert_one(batch.session, Adjustment, _COLUMNS, row)
    return made


_COLUMNS = (
    "kind", "customer_id", "source", "source_id", "document_id", "booked_on", "amount", "currency", "spent",
    "spent_currency", "difference", "notes", "event_id",
)  # fmt: skip


def _exact(centavos: int | None) -> Decimal | None:
    return None if centavos is None else from_cents(centavos)
