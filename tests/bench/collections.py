"""Goal 8: the work list against the aging; beside it promises as they stand, and who gets which letter.

The book has three contacts a customer in the last two months and a promise for one customer in three.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import system
from core.collections.models import Contact
from core.collections.worklist import worklist
from core.customers.models import Customer
from core.letters.running import run_letters
from core.portfolio.lines import Page
from core.promises.models import Promise
from core.promises.standing import standing
from tests.bench.books import TODAY
from tests.bench.measure import Figure, Site, at_most, in_turn, shown
from tests.bench.reads import product

TOP = Page(size=100)


def figures(site: Site) -> Iterator[Figure]:
    """The list of today, of the whole company: the largest that there is."""
    site.copy()
    with db.transaction() as session:
        _work(session)
    large = site.documents >= 1_000_000
    ours, aging = in_turn(5, _worklist, partial(product, TODAY))
    about = f"{shown(ours)} against {shown(aging)}"
    yield Figure("8", "the 100 best of the work list, against the aging by customer", ours / aging, 0.6, about=about)
    if large:
        yield at_most("8", "the same in seconds", ours, 1, unit=" s")
    [promises] = in_turn(5, _promises)
    yield Figure("", "every promise as it stands", promises, unit=" s")
    [letters] = in_turn(3, _letters)
    yield Figure("", "who gets which letter today", letters, unit=" s")
    db.engine().dispose()


def _work(session: Session) -> None:
    event = record(session, system(), "bench.filled").id
    customers = list(session.scalars(select(col(Customer.id)).order_by(col(Customer.id))))
    contacts, promises = [], []
    for place, customer in enumerate(customers):
        for back in (3 + place % 11, 17 + place % 13, 35 + place % 17):
            on = TODAY - timedelta(days=back)
            at = datetime.combine(on, time(15, place % 60), UTC)
            contacts.append((customer, at, on, "call", "no_answer", "beto", event))
        if place % 3 == 0:
            made = TODAY - timedelta(days=2 + place % 40)
            ends = made + timedelta(days=7)
            promises.append((f"PR-{place:06d}", customer, "MXN", 100_000, made, ends, made, ends, event))
    columns = ("customer_id", "at", "contacted_on", "channel", "outcome", "collector", "event_id")
    db.insert_many(session, Contact, columns, contacts)
    of_promises = (
        "number", "customer_id", "currency", "amount", "made_on", "promised_on", "starts_on", "ends_on", "event_id",
    )  # fmt: skip
    db.insert_many(session, Promise, of_promises, promises)
    if db.is_sqlite():  # as the nightly run leaves it
        session.execute(text("PRAGMA analysis_limit=1000"))
    session.execute(text("ANALYZE"))


def _worklist() -> object:
    with db.reading() as session:
        return worklist(session, system(), as_of=TODAY, page=TOP)


def _promises() -> object:
    with db.reading() as session:
        its = standing(TODAY).c
        return session.execute(select(its.status, func.count(), func.sum(its.amount)).group_by(its.status)).all()


def _letters() -> object:
    with db.reading() as session:
        return run_letters(session, system(), as_of=TODAY, dry_run=True)
