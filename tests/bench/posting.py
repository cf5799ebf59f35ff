"""Goal 9: a payment with two applications through the product, beside the same rows by a bare SQLAlchemy Core loop.

The bare loop writes what such a payment cannot do without (payment, its entry, twice a guarded update and an
application) and checks nothing. The product's command also finds the customer and locks the account, looks for
the same money and for closed months, draws a number, keeps the log, and holds every rule.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from random import Random
from threading import Thread
from time import perf_counter

from sqlalchemy import Connection, func, insert, select, text, update
from sqlmodel import col

from core import db
from core.audit.models import AuditEvent
from core.auth.actor import Actor, Role
from core.documents.applying import Line
from core.ledger.models import Entry, Side
from core.payments.models import Payment
from core.payments.registration import Received, register_payment
from tests.bench.books import TODAY
from tests.bench.measure import Figure, Site, at_least, at_most, shown

WRITERS = 8
SECONDS, SLICES = 6.0, 6
ROUNDS, EACH = 60, 10
CASHIER = Actor(None, "caja", Role.CASHIER)


@dataclass
class _Place:
    """Two open instalments of a customer in pesos."""

    customer_id: int
    charges: tuple[Entry, Entry]


@dataclass
class _Run:
    """How the transactions of a writer went: seconds each, and what was refused."""

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def figures(site: Site) -> Iterator[Figure]:
    """Goal 9."""
    site.copy()
    places = _places()
    serial = count(1)
    product, bare = _alternating(places, serial)
    ratio = statistics.median(bare) / statistics.median(product)
    about = f"{shown(statistics.median(product))} against {shown(statistics.median(bare))} a transaction"
    yield at_least("9", "a payment with two applications, against bare SQLAlchemy Core", ratio, 0.6, about)
    one, many = _Run(), _Run()
    for _ in range(SLICES):  # in turns too
        _writers(one, 1, places, serial)
        _writers(many, WRITERS, places, serial)
    limit = 0.9 if site.backend == "sqlite" else 1.8
    rates = [len(run.taken) / SECONDS for run in (one, many)]
    about = f"{rates[1]:,.0f}/s against {rates[0]:,.0f}/s; {_spread(many)}; one: {_spread(one)}"
    yield at_least("9", f"{WRITERS} writers against one, transactions a second", rates[1] / rates[0], limit, about)
    yield at_most("9", "errors of locks", len(many.errors), 0, "; ".join(sorted(set(many.errors))), unit="")
    yield at_most("9", "entries whose balance is not their applications'", _untrue(), 0, unit="")


def _places() -> list[_Place]:
    """Customers with two open instalments in pesos, large enough for all that is to come."""
    with db.reading() as session:
        rows = session.scalars(
            select(Entry)
            .where(col(Entry.open) >= Decimal("500.00"), col(Entry.side) == Side.CHARGE, col(Entry.currency) == "MXN")
            .order_by(col(Entry.customer_id), col(Entry.due_on))
        )
        by_customer: dict[int, list[Entry]] = {}
        for row in rows:
            by_customer.setdefault(row.customer_id, []).append(row)
    found = [_Place(id_, (rows[0], rows[1])) for id_, rows in by_customer.items() if len(rows) > 1]
    Random(1).shuffle(found)
    return found


def _alternating(places: list[_Place], serial: Iterator[int]) -> tuple[list[float], list[float]]:
    """Seconds a transaction of each side, in turns."""
    product, bare = _Run(), _Run()
    for _ in range(ROUNDS):
        for run, work in ((product, _product), (bare, _bare)):
            for _ in range(EACH):
                number = next(serial)
                _timed(run, work, places[number % len(places)], number)
    return product.taken[EACH:], bare.taken[EACH:]  # the first round warms caches


def _writers(run: _Run, writers: int, places: list[_Place], serial: Iterator[int]) -> None:
    """So many threads for a slice of the seconds, each on customers of its own turn."""
    runs = [_Run() for _ in range(writers)]
    until = perf_counter() + SECONDS / SLICES

    def write(one: _Run) -> None:
        while perf_counter() < until:
            number = next(serial)
            _timed(one, _product, places[number % len(places)], number)

    threads = [Thread(target=write, args=(one,)) for one in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.taken += [taken for one in runs for taken in one.taken]
    run.errors += [error for one in runs for error in one.errors]


def _timed(run: _Run, work: Callable[[_Place, int], None], place: _Place, number: int) -> None:
    start = perf_counter()
    try:
        work(place, number)
    except Exception as error:
        run.errors.append(type(error).__name__)
        return
    run.taken.append(perf_counter() - start)


def _product(place: _Place, number: int) -> None:
    amount = Decimal(200 + number) / 100  # none looks like another
    received = Received(
        place.customer_id, TODAY + timedelta(days=number % 40), amount, "MXN", "transfer", Decimal(1),
        bank_reference=f"SPEI {number}",
    )  # fmt: skip
    lines = [Line(charge.id or 0, Decimal("1.00")) for charge in place.charges]
    with db.transaction() as session:
        register_payment(session, CASHIER, received=received, lines=lines, submission=f"bench-{number}")


_TABLES = Payment.metadata.tables
_PAYMENT, _ENTRY, _APPLICATION = (insert(_TABLES[name]) for name in ("payment", "ledger_entry", "ledger_application"))
_SPEND = update(_TABLES["ledger_entry"]).values(open=text("open - :part")).where(text("id = :entry AND open >= :part"))


def _bare(place: _Place, number: int) -> None:
    with db.engine().connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        event = _event(connection)
        amount = Decimal("2.00")
        payment = connection.execute(_PAYMENT, {
            "number": f"BARE-{number}", "paid_on": TODAY, "amount": amount, "currency": "MXN", "method": "transfer",
            "exchange_rate": Decimal(1), "bank_reference": f"SPEI {number}", "event_id": event,
        }).inserted_primary_key  # fmt: skip
        assert payment is not None
        entry = connection.execute(_ENTRY, {
            "customer_id": place.customer_id, "side": "credit", "kind": "payment", "source": "payment",
            "source_id": payment[0], "instalment": 0, "number": f"BARE-{number}", "currency": "MXN",
            "exchange_rate": Decimal(1), "booked_on": TODAY, "paid_on": TODAY, "amount": amount, "open": Decimal(0),
        }).inserted_primary_key  # fmt: skip
        assert entry is not None
        for charge in sorted(place.charges, key=lambda one: one.id or 0):
            connection.execute(_SPEND, {"entry": charge.id, "part": 100})
            connection.execute(_APPLICATION, {
                "credit_id": entry[0], "charge_id": charge.id, "amount": Decimal("1.00"), "applied_on": TODAY,
                "imported": False, "customer_id": place.customer_id, "currency": "MXN", "due_on": charge.due_on,
                "charge_on": charge.booked_on, "credit_on": TODAY, "paid_on": TODAY, "event_id": event,
            })  # fmt: skip
        connection.commit()


_known: dict[str, int] = {}


def _event(connection: Connection) -> int:
    """An event for the bare rows to point at; looked up once."""
    where = str(connection.engine.url)
    if where not in _known:
        _known[where] = connection.execute(select(func.min(col(AuditEvent.id)))).scalar_one() or 0
    return _known[where]


def _spread(run: _Run) -> str:
    taken = sorted(run.taken)
    p50, p99 = (taken[int(len(taken) * part)] for part in (0.5, 0.99))
    return f"p50 {shown(p50)}, p99 {shown(p99)}, most {shown(taken[-1])}"


def _untrue() -> int:
    """Entries whose `open` is not their amount less what was applied."""
    with db.reading() as session:
        return int(session.execute(text(
            "SELECT count(*) FROM ledger_entry e LEFT JOIN (SELECT id, sum(amount) AS used FROM ("
            " SELECT charge_id AS id, amount FROM ledger_application UNION ALL"
            " SELECT credit_id, amount FROM ledger_application) m GROUP BY id) a ON a.id = e.id"
            " WHERE e.open <> e.amount - coalesce(a.used, 0)"
        )).scalar_one())  # fmt: skip
