"""What a batch reads and writes, in the database's own values: whole centavos, whole millionths, dates."""

from typing import Any

from sqlalchemy import BigInteger, Date, Select, bindparam, select, type_coerce
from sqlmodel import col

from core.ledger.items import Applied, Item
from core.ledger.models import Application, Entry, Side
from core.tables import among

CLAIM = "INSERT INTO ledger_number (number, source, source_id) VALUES ({0}, {1}, {2}) ON CONFLICT DO NOTHING"
#: What is left of an entry, if it is still what was read.
OPEN = "UPDATE ledger_entry SET open = {0} WHERE id = {1} AND open = {2}"
OPEN_FEW = (
    "UPDATE ledger_entry SET open = v.column1 FROM (VALUES {values}) AS v"
    " WHERE ledger_entry.id = v.column2 AND ledger_entry.open = v.column3"
)
_Query = Select[*tuple[Any, ...]]
_IDS = "ids"
_ENTRY = (
    col(Entry.customer_id), col(Entry.side), col(Entry.kind), col(Entry.source), col(Entry.source_id),
    col(Entry.instalment), col(Entry.number), col(Entry.currency), type_coerce(Entry.exchange_rate, BigInteger),
    col(Entry.booked_on), col(Entry.due_on), col(Entry.paid_on), type_coerce(Entry.amount, BigInteger),
    type_coerce(Entry.open, BigInteger), col(Entry.id),
)  # fmt: skip
ENTRIES: _Query = select(*_ENTRY).where(among(col(Entry.id), _IDS)).order_by(col(Entry.id))
LOCKED_ENTRIES = ENTRIES.with_for_update()
#: The ids of the entries of papers.
OF_PAPERS: _Query = select(col(Entry.id)).where(
    col(Entry.source) == bindparam("source"), among(col(Entry.source_id), _IDS)
)
_MOVES = select(
    col(Application.id), col(Application.credit_id), col(Application.charge_id),
    type_coerce(Application.amount, BigInteger), col(Application.applied_on), col(Application.undoes_id),
    col(Application.imported),
)  # fmt: skip
APPLICATIONS = {
    Side.CREDIT: _MOVES.where(among(col(Application.credit_id), _IDS)),
    Side.CHARGE: _MOVES.where(among(col(Application.charge_id), _IDS)),
}
#: Charges, each with what closed it after a day: a row an application, or one without.
CHARGES: _Query = (
    select(*_ENTRY, col(Application.applied_on), type_coerce(Application.amount, BigInteger))
    .select_from(Entry)
    .outerjoin(
        Application,
        (col(Application.charge_id) == col(Entry.id)) & (col(Application.applied_on) > bindparam("after", type_=Date)),
    )
    .where(among(col(Entry.id), _IDS))
    .order_by(col(Entry.id))
)
LOCKED_CHARGES = CHARGES.with_for_update(of=Entry)
ENTRY_COLUMNS = (
    "id", "customer_id", "side", "kind", "source", "source_id", "instalment", "number", "currency", "exchange_rate",
    "booked_on", "due_on", "paid_on", "amount", "open",
)  # fmt: skip
APPLICATION_COLUMNS = (
    "id", "credit_id", "charge_id", "amount", "applied_on", "undoes_id", "imported", "customer_id", "currency",
    "due_on", "charge_on", "credit_on", "paid_on", "event_id",
)  # fmt: skip
REVERSAL_COLUMNS = (
    "id", "source", "source_id", "document_id", "reversed_on", "reason", "imported", "event_id",
)  # fmt: skip


def entry_row(item: Item) -> tuple[object, ...]:
    """An entry in the order of `ENTRY_COLUMNS`."""
    return (
        item.id, item.customer_id, str(item.side), str(item.kind), str(item.source), item.source_id, item.instalment,
        item.number, item.currency, item.rate, item.booked_on, item.due_on, item.paid_on, item.amount,
        item.open,
    )  # fmt: skip


def application_row(move: Applied, event_id: int) -> tuple[object, ...]:
    """An application in the order of `APPLICATION_COLUMNS`."""
    credit, charge = move.credit, move.charge
    return (
        move.id, credit.id, charge.id, move.amount, move.on, move.undoes.id if move.undoes else None, move.imported,
        charge.customer_id, charge.currency, charge.due_on, charge.booked_on, credit.booked_on,
        credit.paid_on, event_id,
    )  # fmt: skip
