"""Plans are pinned: what is open costs what is open, a roll back what was applied since, one account its own rows.

Timings depend on the machine, plans do not. SQLite's follow from the schema alone. PostgreSQL's follow from statistics
and from what other transactions still see, so there it is pinned what cannot vary: that an index alone has the answer.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from core import db
from core.auth.actor import system
from core.ledger.queries import ledger_balances
from core.payments.queries import on_account, unidentified, unidentified_totals
from core.portfolio.aging import By, aging
from core.portfolio.kpis import kpis
from core.portfolio.scope import Scope
from core.portfolio.statements import statement
from tests.bench import books

LIMITS = [30, 60, 90, 120]
MONTH_BACK = books.TODAY - timedelta(days=30)
OPEN, ON, BOOKED = "ix_ledger_entry_open", "ix_ledger_application_on", "ix_ledger_entry_booked_on"

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture
def plans(database) -> Callable[[Callable[[Any], Any]], str]:
    """The plans of all statements that a read runs on books of 2,000 documents."""
    books.fill(books.usual(2_000))

    def explained(read: Callable[[Any], Any], only: str = "") -> str:
        asked: list[tuple[str, Any]] = []

        def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        with db.transaction() as session:
            if only:
                leave_only(session, only)
            event.listen(db.engine(), "before_cursor_execute", keep)
            read(session)
            event.remove(db.engine(), "before_cursor_execute", keep)
            cursor: Any = session.connection().connection.cursor()
            lines = []
            for statement, parameters in asked:
                cursor.execute(("EXPLAIN QUERY PLAN " if db.is_sqlite() else "EXPLAIN ") + statement, parameters)
                lines += [str(row[-1]) for row in cursor.fetchall()]
            session.rollback()
        return "\n".join(lines)

    return explained


def leave_only(session: Any, index: str) -> None:
    """No other way of PostgreSQL to the ledger than this index and the keys, until the transaction ends."""
    for way in ("seqscan", "bitmapscan"):
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    others = session.scalars(text(
        "SELECT indexname FROM pg_indexes WHERE tablename IN ('ledger_entry', 'ledger_application')"
        " AND indexname LIKE 'ix%' AND indexname <> :index"
    ), {"index": index})  # fmt: skip
    for other in others.all():
        session.execute(text(f"DROP INDEX {other}"))


def lines_about(plan: str, *names: str) -> list[str]:
    """How the plan reads a table or index."""
    reads = [line.strip() for line in plan.splitlines() if re.search(r"\b(SCAN|SEARCH|Scan)\b", line)]
    return [line for line in reads if any(name in line for name in names)]


def is_index_only(line: str) -> bool:
    return "COVERING INDEX" in line or "Index Only Scan" in line


def by_customer(as_of: date, **asked: Any) -> Callable[[Any], Any]:
    return lambda session: aging(session, system(), as_of=as_of, limits=LIMITS, **asked)


@pytest.mark.parametrize("by", [By.CUSTOMER, By.REGION])
def test_aging_of_today_reads_what_is_open_from_one_index_and_no_history(plans, by):
    plan = plans(by_customer(books.TODAY, by=by))
    [entries] = lines_about(plan, "ledger_entry")
    assert OPEN in entries
    assert is_index_only(entries)
    assert all(ON in line for line in lines_about(plan, "ledger_application"))  # the look whether there is any


def test_a_roll_back_reads_what_is_open_what_was_applied_since_and_the_entries_that_names(plans):
    plan = plans(by_customer(MONTH_BACK))
    applied = lines_about(plan, "ledger_application")
    assert len(applied) == 3
    assert all(ON in line and is_index_only(line) for line in applied)
    opened, touched = sorted(lines_about(plan, "ledger_entry"), key=is_index_only, reverse=True)
    assert OPEN in opened
    assert is_index_only(opened)
    assert "PRIMARY KEY" in touched


@pytest.mark.backend("postgresql")
@pytest.mark.parametrize(
    ("index", "read"),
    [
        (OPEN, by_customer(books.TODAY)), (OPEN, by_customer(books.TODAY, by=By.REGION)),
        (OPEN, by_customer(MONTH_BACK)), (ON, by_customer(MONTH_BACK)),
        (BOOKED, lambda session: ledger_balances(session, books.TODAY)),
    ],
    ids=["today", "today by region", "month back, what is open", "month back, what was applied", "ledger"],
)  # fmt: skip
def test_an_index_alone_has_the_answer_on_postgresql(plans, index, read):
    reads = lines_about(plans(read, only=index), index)
    assert reads
    assert all(is_index_only(line) for line in reads)


@pytest.mark.parametrize("as_of", [books.TODAY, MONTH_BACK])
def test_aging_of_one_customer_reads_its_own_rows(plans, as_of):
    plan = plans(by_customer(as_of, scope=Scope(customer="C000007")))
    entries = lines_about(plan, "ledger_entry")
    assert any(OPEN in line for line in entries)
    assert [line for line in entries if "SCAN ledger_entry" in line] == []
    assert all("customer_id=?" in line for line in entries if OPEN in line)
    applied = lines_about(plan, "ix_ledger_application_customer")
    assert len(applied) == (0 if as_of == books.TODAY else 2)


def test_a_statement_reads_one_account(plans):
    plan = plans(lambda session: statement(session, system(), customer="C000007", end=books.TODAY))
    entries = lines_about(plan, "ledger_entry")
    assert entries
    assert [line for line in entries if "SCAN ledger_entry" in line] == []


def test_the_ledgers_sum_reads_one_index_in_its_order(plans):
    plan = plans(lambda session: ledger_balances(session, books.TODAY))
    [entries] = lines_about(plan, "ledger_entry")
    assert BOOKED in entries
    assert is_index_only(entries)


def test_what_is_unidentified_is_looked_for_among_the_payments_that_came_so(plans):
    for read in (unidentified, unidentified_totals):
        plan = plans(lambda session, read=read: read(session, system(), as_of=books.TODAY))
        assert all("ix_payment_came_unidentified" in line for line in lines_about(plan, "payment"))


def test_what_is_in_favour_is_read_from_what_is_open(plans):
    entries = lines_about(plans(lambda session: on_account(session, system())), "ledger_entry")
    assert all(OPEN in line for line in entries)
    of_one = lines_about(plans(lambda session: on_account(session, system(), number="P-00000001")), "ledger_entry")
    assert all("source_id=?" in line for line in of_one)


def test_indicators_sort_days_and_never_rows(plans):
    plan = plans(lambda session: kpis(session, system(), start="2025-06", end="2026-06", today=books.TODAY))
    history = lines_about(plan, BOOKED)
    assert len(history) == 2
    assert all(is_index_only(line) for line in history)
    assert lines_about(plan, "ix_payment_paid_on") == []  # what is unidentified is looked for among what came so
    assert "SCAN ledger_application" not in plan
