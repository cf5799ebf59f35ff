"""The rows that the demo company's accounts leave behind, table by table, on their way into the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel, col

from core import db
from core.demo.days import Days
from core.demo.filing import NUMBERED, Filing
from core.documents.models import Document
from core.ledger.loading import insert_accounts
from core.ledger.models import Application, Entry, Reversal
from core.payments.models import Payment

DOCUMENT = (
    "id", "kind", "number", "customer_id", "issued_on", "due_on", "presented_on", "total", "subtotal", "tax",
    "currency", "exchange_rate", "sales_rep", "uuid", "po_number", "applies_to", "reason", "notes", "event_id",
)  # fmt: skip
PAYMENT = (
    "id", "number", "paid_on", "amount", "currency", "exchange_rate", "method", "bank_reference", "account",
    "applies_to", "notes", "came_unidentified", "event_id",
)  # fmt: skip
TABLES: tuple[type[SQLModel], ...] = (Document, Payment, Entry, Application, Reversal, *NUMBERED)


@dataclass(slots=True, eq=False)
class Line:
    """A ledger entry while its account is worked out; days are places, amounts centavos."""

    id: int
    side: str
    kind: str
    source: str
    source_id: int
    instalment: int
    number: str
    rate: int
    booked: int
    due: int | None
    paid: int | None
    amount: int
    open: int
    moves: list["Move"] = field(default_factory=list)  # of a charge: what was applied to it

    def open_at(self, place: int) -> int:
        """What was open at the end of a day, in centavos."""
        return self.amount - sum(one.amount for one in self.moves if one.place <= place)


class Move(NamedTuple):
    """An application to a charge; `amount` is negative where it undoes the application `undoes`."""

    id: int
    place: int
    amount: int
    is_money: bool  # of a payment, not of a credit note
    undoes: int | None


@dataclass(slots=True)
class Books:
    """Rows not yet written, the next id of each table, and the events to which each day's rows belong."""

    days: Days
    next_id: dict[type[SQLModel], int]
    events: Sequence[int] = ()  # by place of the day
    documents: list[tuple[Any, ...]] = field(default_factory=list)
    payments: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    applications: list[tuple[Any, ...]] = field(default_factory=list)
    reversals: list[tuple[Any, ...]] = field(default_factory=list)
    filing: Filing = field(default_factory=Filing)
    series: Counter[str] = field(default_factory=Counter)

    def take(self, model: type[SQLModel]) -> int:
        """The next id of a table."""
        id_ = self.next_id[model]
        self.next_id[model] = id_ + 1
        return id_

    def folio(self, prefix: str, place: int) -> str:
        """The next number of a day: `P-261103-007`."""
        stem = f"{prefix}-{self.days.dates[place]:%y%m%d}"
        self.series[stem] += 1
        return f"{stem}-{self.series[stem]:03d}"

    def post(self, lines: Sequence[Line], customer_id: int, currency: str) -> None:
        """The entries of an account that is worked out to the end."""
        dates = self.days.dates
        self.entries += [
            (
                line.id, customer_id, line.side, line.kind, line.source, line.source_id, line.instalment, line.number,
                currency, line.rate, dates[line.booked], None if line.due is None else dates[line.due],
                None if line.paid is None else dates[line.paid], line.amount, line.open,
            )
            for line in lines
        ]  # fmt: skip

    def write(self, session: Session) -> None:
        """Everything collected so far; the lists are empty afterwards."""
        db.insert_many(session, Document, DOCUMENT, self.documents)
        db.insert_many(session, Payment, PAYMENT, self.payments)
        insert_accounts(
            session, numbers=self.numbers, entries=self.entries, applications=self.applications,
            reversals=self.reversals,
        )  # fmt: skip
        for rows in (self.documents, self.payments, self.numbers, self.entries, self.applications, self.reversals):
            rows.clear()
        self.filing.write(session)


def first_ids(session: Session) -> dict[type[SQLModel], int]:
    """The next free id of each table that `Books` fills."""
    return {model: (session.scalar(select(func.max(col(model.id)))) or 0) + 1 for model in TABLES}  # type: ignore[attr-defined]  # each has one


def keep_sequences(session: Session, next_id: dict[type[SQLModel], int]) -> None:
    """On PostgreSQL, the sequences go on after the ids that were given here."""
    if not db.is_sqlite():
        for model, id_ in next_id.items():
            told = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :next, false)")
            session.execute(told, {"table": str(model.__tablename__), "next": id_})
