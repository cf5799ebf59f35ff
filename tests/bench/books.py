"""Books of any size for measuring: three years of documents, one in eight still open, written in bulk.

Customers N/50, 40 sales reps, 12 regions, one invoice in twelve in dollars, some in instalments, payments one a
customer and day that close several documents, some in two parts. The same numbers give the same books.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import SQLModel

from core import db
from core.audit.events import record
from core.auth.actor import system
from core.customers.models import Customer
from core.documents.models import Document
from core.ledger.models import Application, Entry, Number
from core.payments.models import Payment

TODAY = date(2026, 6, 30)
PER_CUSTOMER = 50
_DAYS = 3 * 365
_RATE = 18_500_000

_COLUMNS: dict[type[SQLModel], tuple[str, ...]] = {
    Customer: (
        "id", "code", "code_key", "legal_name", "region", "district", "sales_rep", "collector", "segment", "terms_days",
        "status", "search", "event_id",
    ),
    Document: (
        "id", "kind", "number", "customer_id", "issued_on", "due_on", "total", "subtotal", "currency", "exchange_rate",
        "sales_rep", "po_number", "event_id",
    ),
    Payment: ("id", "number", "paid_on", "amount", "currency", "exchange_rate", "method", "bank_reference", "event_id"),
    Entry: (
        "id", "customer_id", "side", "kind", "source", "source_id", "instalment", "number", "currency", "exchange_rate",
        "booked_on", "due_on", "paid_on", "amount", "open",
    ),
    Application: (
        "id", "credit_id", "charge_id", "amount", "applied_on", "imported", "customer_id", "currency", "due_on",
        "charge_on", "credit_on", "paid_on", "event_id",
    ),
    Number: ("number", "source", "source_id"),
}  # fmt: skip


class Shape(NamedTuple):
    """What of the books varies: documents, customers, how many of a hundred nobody ever pays; closed documents more for
    each customer, and how many of a hundred open documents stay open (the others were paid in the last days)."""

    documents: int
    customers: int
    unpaid_percent: int = 8
    closed_more: int = 0
    stay_open: int = 100

    @property
    def in_favour(self) -> float:
        """Which part of the payments leaves something in favour: as much is open however much is closed."""
        each = self.documents / self.customers
        return 0.02 * self.stay_open / 100 * each / (each + self.closed_more)


def usual(documents: int) -> Shape:
    """The books of the goals: fifty documents a customer."""
    return Shape(documents, max(documents // PER_CUSTOMER, 1))


def fill(shape: Shape, *, seed: int = 1) -> None:
    """Writes the books into the empty database in use and brings the planner's statistics up to date."""
    maker = _Maker(Random(seed))
    with db.transaction(alone=True) as session:
        maker.event = record(session, system("job"), "bench.filled").id or 0
        db.insert_many(session, Customer, _COLUMNS[Customer], maker.customers(shape.customers))
        for rows in maker.chunks(shape):
            for model in rows:
                db.insert_many(session, model, _COLUMNS[model], rows[model])
    _settle()


def _settle() -> None:
    """PostgreSQL as its autovacuum leaves it, and free ids for who writes next. SQLite as it is: nobody tunes it."""
    if db.is_sqlite():
        return
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        for model in (one for one in _COLUMNS if one is not Number):
            table = model.__table__.name  # type: ignore[attr-defined]  # SQLModel adds it
            last = f"(SELECT coalesce(max(id), 1) FROM {table})"
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


class _Charge(NamedTuple):
    entry: int
    currency: str
    rate: int
    issued: date
    due: date
    amount: int


class _Maker:
    """Rows as the database keeps them, a few hundred customers at a time."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.event = 0
        self.next: dict[type[SQLModel], int] = {Document: 0, Payment: 0, Entry: 0, Application: 0}

    def customers(self, count: int) -> Iterator[Sequence[Any]]:
        for one in range(1, count + 1):
            code = f"C{one:06d}"
            yield (
                one, code, code, f"Comercializadora {one} SA de CV", f"Región {one % 12:02d}",
                f"Distrito {one % 60:02d}", f"Asesor {one % 40:02d}", f"gestor{one % 30:02d}",
                f"Segmento {one % 5}", 30, "active", code.lower(), self.event,
            )  # fmt: skip

    def chunks(self, shape: Shape) -> Iterator[dict[Any, list[Sequence[Any]]]]:
        each, left = divmod(shape.documents, shape.customers)
        for start in range(1, shape.customers + 1, 400):
            rows: dict[Any, list[Sequence[Any]]] = {model: [] for model in _COLUMNS if model is not Customer}
            for customer in range(start, min(start + 400, shape.customers + 1)):
                self._account(rows, customer, each + (customer <= left), shape)
            yield rows

    def _id(self, model: type[SQLModel]) -> int:
        self.next[model] += 1
        return self.next[model]

    def _account(
        self, rows: dict[type[SQLModel], list[Sequence[Any]]], customer: int, documents: int, shape: Shape
    ) -> None:
        """One customer's documents, the payments of each day, and what is left open."""
        paid: dict[tuple[date, str], list[tuple[_Charge, int]]] = {}
        left: dict[int, int] = {}
        charges: list[tuple[_Charge, tuple[Any, ...]]] = []
        for place in range(documents + shape.closed_more):
            old = place >= documents
            for charge, row in self._document(rows, customer, old):
                left[charge.entry] = charge.amount
                charges.append((charge, row))
                for day, part in self._parts(charge, old, shape):
                    paid.setdefault((day, charge.currency), []).append((charge, part))
                    left[charge.entry] -= part
        rows[Entry] += [(*row, left[charge.entry]) for charge, row in charges]
        for (day, currency), applied in sorted(paid.items()):
            self._payment(rows, customer, day, currency, applied, shape.in_favour)

    def _document(
        self, rows: dict[type[SQLModel], list[Sequence[Any]]], customer: int, old: bool
    ) -> Iterator[tuple[_Charge, tuple[Any, ...]]]:
        random = self.random
        id_ = self._id(Document)
        currency, rate = ("USD", _RATE) if random.random() < 0.08 else ("MXN", 1_000_000)
        issued = TODAY - timedelta(days=int(300 + random.random() * (_DAYS - 300) if old else random.random() * _DAYS))
        amount = 5_000 + int(random.random() ** 2 * 5_000_000)
        many = 3 if random.random() < 0.04 else 1
        number, last = f"F-{id_:08d}", issued + timedelta(days=30 * many)
        rows[Number].append((number, "document", id_))
        rows[Document].append(
            (id_, "invoice", number, customer, issued, last, amount, amount * 100 // 116, currency, rate,
             f"Asesor {(customer + (id_ % 9 == 0)) % 40:02d}", f"OC-{id_}", self.event)
        )  # fmt: skip
        for part in range(1, many + 1):
            piece = amount // many if part < many else amount - amount // many * (many - 1)
            charge = _Charge(self._id(Entry), currency, rate, issued, issued + timedelta(days=30 * part), piece)
            yield charge, (
                charge.entry, customer, "charge", "invoice", "document", id_, part, number, currency, rate, issued,
                charge.due, None, piece,
            )  # fmt: skip

    def _parts(self, charge: _Charge, old: bool, shape: Shape) -> list[tuple[date, int]]:
        """When it was paid by today: mostly after it was due, three times in ten in two parts, one in twelve never."""
        random = self.random
        if not old and random.random() * 100 < shape.unpaid_percent:
            parts = []
        else:
            day = max(charge.issued, charge.due + timedelta(days=int(random.random() * 50) - 10))
            parts = [(day, charge.amount)]
            if random.random() < 0.3 and charge.amount > 1:
                half = charge.amount // 2
                parts = [(day, half), (day + timedelta(days=20), charge.amount - half)]
        parts = [(day, part) for day, part in parts if day <= TODAY]
        left = charge.amount - sum(part for _, part in parts)
        if left and random.random() * 100 >= shape.stay_open:
            parts.append((max(charge.issued, TODAY - timedelta(days=int(random.random() * 5))), left))
        return parts

    def _payment(
        self, rows: dict[type[SQLModel], list[Sequence[Any]]], customer: int, day: date, currency: str,
        applied: list[tuple[_Charge, int]], in_favour: float,
    ) -> None:  # fmt: skip
        """A payment of what it closes, now and then of something more, which stays in favour."""
        spare = 10_000 if self.random.random() < in_favour else 0
        amount = sum(part for _, part in applied) + spare
        payment, entry = self._id(Payment), self._id(Entry)
        rate, number = applied[0][0].rate, f"P-{payment:08d}"
        rows[Number].append((number, "payment", payment))
        rows[Payment].append((payment, number, day, amount, currency, rate, "transfer", f"REF{payment}", self.event))
        rows[Entry].append(
            (entry, customer, "credit", "payment", "payment", payment, 0, number, currency, rate, day, None, day,
             amount, spare)
        )  # fmt: skip
        rows[Application] += [
            (self._id(Application), entry, charge.entry, part, day, False, customer, currency, charge.due,
             charge.issued, day, day, self.event)
            for charge, part in applied
        ]  # fmt: skip
