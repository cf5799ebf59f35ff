"""Loading the demo company: everything in one transaction, so that an unfinished one is nothing.

The accounts are worked out customer by customer and written in chunks, past `ledger.posting`: ten million documents
through a counter made for one payment would take hours, and nobody else is writing into an empty database. What comes
out obeys the same rules, and `db check` proves it (tests/core/test_demo.py).
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from itertools import accumulate
from random import Random
from typing import NamedTuple

from sqlalchemy import select, text
from sqlmodel import Session, col

from core import db
from core.audit.models import AuditEvent
from core.auth.models import User
from core.customers.models import Customer
from core.demo import company, counter
from core.demo.accounts import Account
from core.demo.books import Books, first_ids, keep_sequences
from core.demo.calls import calls
from core.demo.customers import COLUMNS, Profile, profiles, row, slots
from core.demo.days import Days
from core.demo.desk import Desk
from core.demo.filing import events_of
from core.demo.followup import follow_up
from core.demo.matters import matters
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.ledger.loading import without_indexes
from core.ledger.models import MonthLock
from core.payments.models import Payment
from core.policies.models import ExchangeRate
from core.policies.settings import mark_as_demo

DOCUMENTS = 6_000
#: From so many documents on, rows are written in chunks without indexes and without fiscal folios.
BULK = 100_000
_CHUNK = 40_000
_CONCEPTS = ("SPEI sin referencia", "Depósito en ventanilla", "Pago de facturas", "Transferencia de tercero")


class NotEmpty(DomainError):
    message = N_("La base ya tiene datos; la empresa de demostración solo se carga en una vacía. No se cambió nada.")


class DemoUser(NamedTuple):
    """Somebody who may sign in to the demo; the password is told now and never again."""

    name: str
    role: str
    password: str


#: Told from time to time how many documents are made of how many.
Progress = Callable[[int, int], None]


def load(
    *, documents: int = DOCUMENTS, seed: int = 1, today: date, progress: Progress = lambda done, of: None
) -> list[DemoUser]:
    """Fills an empty database with two years up to `today`; the same seed and day make the same data."""
    days = Days(today, seed)
    with db.transaction(alone=True) as session:
        _refuse_unless_empty(session)
        mark_as_demo(session)
        drawn = company.add_users(session, days)
        company.add_settings(session)
        books = Books(days, first_ids(session))
        customers = list(profiles(seed, documents, first_id=1))
        _add_history(session, books, customers)
        company.add_rates(session, days, books.events)
        detailed = documents < BULK
        with nullcontext() if detailed else without_indexes(session, (Document, Payment)):
            _add_accounts(session, books, customers, seed, progress, detailed=detailed)
        keep_sequences(session, books.next_id)
        company.add_locks(session, days)
        session.execute(text("ANALYZE"))  # or the commands below look for their rows the long way
        desk = Desk(session, days)
        desk.tell([*matters(desk), *calls(desk)])
        counter.add(session, days)
        for table in ("letter", "letter_line", "outbox_message"):
            session.execute(text(f"ANALYZE {table}"))
    return [DemoUser(one.name, one.role, drawn[one.name]) for one in company.PEOPLE]


def _refuse_unless_empty(session: Session) -> None:
    for id_ in (User.id, Customer.id, Document.id, Payment.id, ExchangeRate.id, MonthLock.id):
        if session.scalar(select(col(id_)).limit(1)) is not None:
            raise NotEmpty


def _add_history(session: Session, books: Books, customers: list[Profile]) -> None:
    """Customers with their people, two years of the log, and the changes of customers that it tells."""
    days = books.days
    changes = [(one.id, *change) for one in customers[:2_000] for change in company.changes_of(one, days)]
    usual, filed = company.usual_events(days, len(customers)), events_of(days)
    numbers = company.write_log(session, days, [*usual, *filed.values(), *(happened for _, happened, _ in changes)])
    books.events = [number for number, one in zip(numbers, usual, strict=False) if one.action == company.DAILY]
    born = numbers[[one.action for one in usual].index("import.customers")]
    db.insert_many(session, Customer, COLUMNS, (row(one, born) for one in customers))
    company.add_people(session, [person for one in customers for person in company.people_at(one)])
    books.filing.events = dict(zip(filed, numbers[len(usual) :], strict=False))
    told = zip(changes, numbers[len(usual) + len(filed) :], strict=True)
    company.add_changes(session, [(id_, number, *pair) for (id_, _, pair), number in told])
    books.next_id |= {Customer: len(customers) + 1, AuditEvent: max(numbers) + 1}


def _add_accounts(
    session: Session, books: Books, customers: list[Profile], seed: int, progress: Progress, *, detailed: bool
) -> None:
    folios, made, total = _folios(customers, seed, books.days), 0, sum(one.documents for one in customers)
    for one in customers:
        account = Account(one, seed, books, folios, detailed=detailed)
        account.live(slots(one, books.days, seed))
        follow_up(account, seed)
        made += one.documents
        if len(books.documents) >= _CHUNK:
            books.write(session)
            progress(made, total)
    _unidentified(books, Random(f"{seed}:unidentified"), total)
    books.write(session)
    progress(total, total)


def _folios(customers: list[Profile], seed: int, days: Days) -> list[int]:
    """The number of the first invoice of each day: invoices of all customers are numbered in the order of days."""
    counts = [0] * (days.last + 1)
    for one in customers:
        for place, kind in slots(one, days, seed):
            counts[place] += kind == "invoice"
    first = 10 ** max(5, len(str(sum(counts))))
    return [first + 1, *(first + 1 + count for count in accumulate(counts[:-1]))]


def _unidentified(books: Books, rng: Random, documents: int) -> None:
    """Money of which nobody knows yet whose it is, some of it for months."""
    days = books.days
    for place in sorted(_recent(rng, days, max(3, min(400, documents // 700)))):
        id_, number = books.take(Payment), books.folio("P", place)
        books.payments.append((
            id_, number, days.dates[place], rng.randrange(1_500_00, 95_000_00), "MXN", 1_000_000, "transfer",
            f"{rng.randrange(10**9, 10**10)}", "Banco del Mirto 0417", None,
            rng.choice(_CONCEPTS), True, books.events[place],
        ))  # fmt: skip
        books.numbers.append((number, "payment", id_))


def _recent(rng: Random, days: Days, count: int) -> Iterator[int]:
    for _ in range(count):
        back = rng.choice((rng.randrange(1, 12), rng.randrange(1, 35), rng.randrange(20, 95)))
        yield days.working(days.last - back) if days.works[days.last] or back > 3 else days.last - back
