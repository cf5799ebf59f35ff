"""Goals 1 to 4 and 8: aging, aging of the past, statement; against bare SQL, a frame in memory, and the rebuild."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import psycopg

from core import db, schema
from core.auth.actor import system
from core.db import reading
from core.money import cents
from core.portfolio.aging import Aging, aging
from core.portfolio.buckets import buckets
from core.portfolio.lines import ALL, Page
from core.portfolio.statements import statement
from tests.bench.books import TODAY, Shape, fill, usual
from tests.bench.measure import Figure, Site, at_least, at_most, in_turn, plain, shown

LIMITS = [30, 60, 90, 120]
MONTH_BACK, OLD = TODAY - timedelta(days=30), TODAY - timedelta(days=548)
PAGE = Page(size=25)
_CUSTOMER = "C000007"


class Driver:
    """The driver alone, on the database that the product works on."""

    def __init__(self, site: Site) -> None:
        url = site.database.url
        if site.backend == "sqlite":
            self.connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
            for pragma in ("cache_size=-262144", "mmap_size=268435456", "temp_store=MEMORY"):  # as the product's
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            self.connection = psycopg.connect(plain(url), autocommit=True)

    def rows(self, statement: str) -> list[Any]:
        """All rows of a statement, as the driver gives them."""
        found: list[Any] = self.connection.cursor().execute(statement).fetchall()
        return found


@contextmanager
def driver_of(site: Site) -> Iterator[Driver]:
    """The driver beside the product, both gone at the end."""
    opened = Driver(site)
    try:
        yield opened
    finally:
        opened.connection.close()
        db.engine().dispose()


def product(as_of: date, page: Page = ALL) -> Aging:
    """Aging by customer: all rows, or the largest as a page gets them; totals with either."""
    with reading() as session:
        return aging(session, system(), as_of=as_of, limits=LIMITS, page=page, largest_first=page is not ALL)


def bare(as_of: date, items: str, amount: str, order: str = "c.code, a.currency") -> str:
    """Aging by customer in SQL written by hand, over `items` (customer_id, currency, due_on, rate, `amount`)."""
    ages = []
    for one in buckets(as_of, LIMITS):
        ends = [f"due_on >= '{one.first}'"] if one.first else []
        ends += [f"due_on <= '{one.last}'"] if one.last else []
        ages.append(f"sum(CASE WHEN {' AND '.join(ends)} THEN {amount} ELSE 0 END)")
    return f"""
        SELECT c.code, c.legal_name, a.* FROM (
          SELECT customer_id, currency, {", ".join(ages)},
            sum(CASE WHEN due_on IS NULL THEN -{amount} ELSE 0 END),
            sum(CASE WHEN due_on IS NULL THEN -{amount} ELSE {amount} END) AS total,
            sum(CASE WHEN due_on < '{as_of}' THEN {amount} ELSE 0 END), 0, 0,
            sum(CASE WHEN due_on IS NULL THEN -1 ELSE 1 END * (({amount} * exchange_rate + 500000) / 1000000))
          FROM {items} GROUP BY customer_id, currency
        ) a JOIN customer c ON c.id = a.customer_id ORDER BY {order}"""


_OPEN = f"(SELECT * FROM ledger_entry WHERE open > 0 AND booked_on <= '{TODAY}') e"


def bare_page(driver: Driver) -> list[Any]:
    """The largest customers of today: what a page shows, but for the totals."""
    return driver.rows(f"{bare(TODAY, _OPEN, 'open', 'a.total DESC')} LIMIT {PAGE.size}")


def rebuild(as_of: date, order: str = "c.code, a.currency") -> str:
    """What was open at a past date, from all entries and all applications up to it."""
    items = f"""(
        SELECT e.customer_id, e.currency, e.due_on, e.exchange_rate,
               CAST(e.amount - coalesce(a.applied, 0) AS BIGINT) AS left_then
        FROM ledger_entry e LEFT JOIN (
          SELECT id, sum(amount) AS applied FROM (
            SELECT charge_id AS id, amount FROM ledger_application WHERE applied_on <= '{as_of}'
            UNION ALL SELECT credit_id, amount FROM ledger_application WHERE applied_on <= '{as_of}'
          ) m GROUP BY id
        ) a ON a.id = e.id
        WHERE e.booked_on <= '{as_of}' AND e.amount > coalesce(a.applied, 0)
    ) e"""
    return bare(as_of, items, "left_then", order)


def frame(driver: Driver) -> Any:
    """The dashboard that reads the tables and groups them in memory."""
    import pandas as pd

    def table(name: str) -> Any:
        cursor = driver.connection.cursor().execute(f"SELECT * FROM {name}")
        return pd.DataFrame(cursor.fetchall(), columns=[column[0] for column in cursor.description])

    entries = table("ledger_entry").merge(table("customer"), left_on="customer_id", right_on="id")
    entries = entries[entries["open"] > 0]
    days = (pd.Timestamp(TODAY) - pd.to_datetime(entries["due_on"])).dt.days
    entries["bucket"] = pd.cut(days, [-100_000, 0, *LIMITS, 100_000]).cat.codes
    return entries.pivot_table("open", ["code", "currency_x"], "bucket", "sum")


def figures(site: Site) -> Iterator[Figure]:
    """Goals 1 to 4, and the statement of goal 8."""
    site.full()
    with driver_of(site) as driver:
        yield from _today(site, driver)
        yield from _past(site, driver)
        [large] = in_turn(15, _statement)
    yield from _growth(site)
    site.empty()
    fill(usual(site.documents // 10))
    [small] = in_turn(15, _statement)
    db.engine().dispose()
    about = f"{shown(large)} against {shown(small)}"
    yield at_most("8", "one statement, ten times the documents and customers", large / small, 1.5, about)


def _today(site: Site, driver: Driver) -> Iterator[Figure]:
    ours, theirs = in_turn(9, partial(product, TODAY, PAGE), partial(bare_page, driver))
    limit = 1.5 if site.documents >= 1_000_000 else None
    about = f"{shown(ours)} against {shown(theirs)}"
    yield Figure("1", "aging by customer as a page gets it, against bare SQL", ours / theirs, limit, about=about)
    whole, theirs = in_turn(5, partial(product, TODAY), partial(driver.rows, bare(TODAY, _OPEN, "open")))
    about = f"{shown(whole)} against {shown(theirs)}"
    yield Figure("1", "the same with all rows, as a file gets it", whole / theirs, about=about)
    ours, read = in_turn(2, partial(product, TODAY, PAGE), partial(frame, driver))
    about = f"{shown(ours)} against {shown(read)}"
    yield at_least("2", "aging by customer, against reading all into pandas", read / ours, 40, about)


def _past(site: Site, driver: Driver) -> Iterator[Figure]:
    """All rows are compared first, to the centavo; then a page is timed. Limits are those of a million documents."""
    large = site.documents >= 1_000_000
    least = 8.0 if site.backend == "sqlite" else 5.0
    for label, as_of, goal in (("one month", MONTH_BACK, least), ("eighteen months", OLD, 2.0)):
        assert_same(product(as_of), driver.rows(rebuild(as_of)))
        again = partial(driver.rows, f"{rebuild(as_of, 'a.total DESC')} LIMIT {PAGE.size}")
        ours, theirs = in_turn(3, partial(product, as_of, PAGE), again)
        about = f"{shown(ours)} against {shown(theirs)}"
        what = f"aging {label} back, against the rebuild"
        yield Figure("4", what, theirs / ours, goal if large else None, is_most=False, about=about)
    now, then = in_turn(5, partial(product, TODAY, PAGE), partial(product, MONTH_BACK, PAGE))
    yield at_most("4", "aging one month back, against today's", then / now, 4, f"{shown(then)} against {shown(now)}")


def assert_same(found: Aging, rows: list[Any]) -> None:
    """The product and the rebuild give one answer, to the centavo."""
    mine = {
        (row.key, row.currency): [*map(cents, (*row.buckets, row.unapplied, row.total, row.overdue))]
        for row in found.rows
    }
    theirs = {(row[0], row[3]): [int(value) for value in row[4 : 4 + len(LIMITS) + 5]] for row in rows}
    assert mine == theirs, "the roll back and the rebuild differ"
    assert sum((row.total for row in found.totals), Decimal(0)) == sum((row.total for row in found.rows), Decimal(0))


def _growth(site: Site) -> Iterator[Figure]:
    """Measured in turns, each book in a database of its own."""
    few = usual(min(site.documents // 4, 100_000))
    ours, more = in_turn(9, *(partial(_page, _book(site, one)) for one in (few, few._replace(closed_more=450))))
    about = f"{shown(more)} against {shown(ours)}"
    yield at_most("3", "aging, ten times the closed documents, as many open ones", more / ours, 1.2, about)
    tenth = _book(site, usual(site.documents)._replace(stay_open=10))
    ours, less = in_turn(9, *(partial(_page, url) for url in (site.full(), tenth)))
    about = f"{shown(less)} against {shown(ours)}"
    limit = 0.4 if site.documents >= 1_000_000 else None  # below it, what a page costs at all counts for more
    yield Figure("3", "aging, a tenth of the open documents, as many in all", less / ours, limit, about=about)
    db.use(site.database.url)


def _page(url: str) -> object:
    db.use(url)
    return product(TODAY, PAGE)


def _book(site: Site, shape: Shape) -> str:
    url = site.database.bare()
    db.use(url)
    schema.upgrade()
    fill(shape)
    return url


def _statement() -> object:
    with reading() as session:
        return statement(session, system(), customer=_CUSTOMER, end=TODAY)
