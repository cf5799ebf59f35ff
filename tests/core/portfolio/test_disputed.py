"""What is disputed, in every form of the aging: against a plain walk over all instalments, at any date."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from core.auth.actor import Role, system
from core.db import transaction
from core.disputes.models import Dispute
from core.documents.models import Document
from core.money import ZERO
from core.portfolio.aging import Basis, By, aging
from core.portfolio.customer import accounts_of
from core.portfolio.open_documents import each_open_document, open_documents
from core.portfolio.scope import Scope
from core.portfolio.statements import statement
from tests.bench import books
from tests.build import TODAY, a_charge, a_credit_note, a_customer, an_actor, an_event, pay
from tests.core.portfolio import test_plans
from tests.core.portfolio.test_histories import LIMITS, START, Books, Walk, days, step

plans = test_plans.plans
doubt = st.tuples(
    st.integers(0, 1_000_000), st.integers(1, 90_000), days, st.none() | st.integers(0, 60)
)  # which charge, centavos, opened, closed so many days later


def a_dispute(session: Session, document: Any, amount: str, opened: date, closed: date | None = None) -> Dispute:
    """As an import writes it: of any amount, on any day."""
    event = an_event(session)
    made = Dispute(
        number=f"D{event}", customer_id=document.customer_id, document_id=document.id, currency=document.currency,
        amount=Decimal(amount), opened_on=opened, closed_on=closed, reason="x", opened_by="system", event_id=event,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def walked(session: Session, walk: Walk, on: date) -> dict[int, Decimal]:
    """What is disputed of each entry, one instalment after another."""
    claims: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for one in session.scalars(select(Dispute)):
        if one.opened_on <= on and (one.closed_on is None or one.closed_on > on):
            claims[one.document_id] += one.amount
    found: dict[int, Decimal] = {}
    for entry, _code in sorted(walk.entries, key=lambda pair: pair[0].instalment):
        if entry.source == "document" and entry.due_on is not None:
            taken = min(walk.open(entry, on), claims[entry.source_id])
            claims[entry.source_id] -= taken
            found[entry.id or 0] = taken
    return found


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(step, min_size=3, max_size=25),
    doubts=st.lists(doubt, min_size=1, max_size=8),
    look=st.lists(days, min_size=1, max_size=2),
)
def test_what_is_disputed_is_what_a_walk_over_all_instalments_finds_at_any_date(database, history, doubts, look):
    with transaction() as session:
        made = Books(session)
        for one in history:
            made.take(*one)
        for pick, cents, opened, later in doubts if made.charges else []:
            closed = None if later is None else opened + timedelta(days=later)
            charge = made.charges[pick % len(made.charges)]
            a_dispute(session, charge, f"{cents / 100:.2f}", opened, closed)
        walk = Walk(session)
        for on in [*look, START, START + timedelta(days=400)]:
            agrees(session, walk, on)
        session.rollback()


def agrees(session: Session, walk: Walk, on: date) -> None:
    asked: dict[str, Any] = {"as_of": on, "limits": LIMITS}
    expected = {key: amount for key, amount in walked(session, walk, on).items() if amount}
    papers = open_documents(session, system(), **asked)
    assert {one.entry_id: one.figures.disputed for one in papers.rows if one.figures.disputed} == expected
    assert all(0 <= one.figures.disputed <= max(one.open, ZERO) for one in papers.rows)
    assert [*each_open_document(session, system(), **asked)] == papers.rows
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for entry, code in walk.entries:
        sums[code, entry.currency] += expected.get(entry.id or 0, ZERO)
    plain = aging(session, system(), **asked)
    assert {(row.key, row.currency): row.disputed for row in plain.rows if row.disputed} == {
        key: amount for key, amount in sums.items() if amount
    }
    totals = {row.currency: row[4:] for row in plain.totals}
    for by in (one for one in By if one is not By.DOCUMENT):
        for basis in Basis:
            other = aging(session, system(), by=by, basis=basis, **asked)
            assert {row.currency: row[4:] for row in other.totals} == totals
    for rep in ("V0", "V1"):
        own = aging(session, system(), scope=Scope(sales_rep=rep), **asked)
        assert sum((row.disputed for row in own.rows), ZERO) == sum(
            (one.figures.disputed for one in papers.rows if one.sales_rep == rep), ZERO
        )


def test_disputed_money_stays_in_its_bucket_and_in_the_total(session: Session) -> None:
    customer = a_customer(session, "C1")
    document = a_charge(session, customer, amount="1000.00", overdue_days=45)
    a_credit_note(session, customer, amount="50.00")
    a_dispute(session, document, "300.00", TODAY)
    [row] = aging(session, system(), as_of=TODAY, limits=[30, 60, 90, 120]).rows
    assert (row.buckets[2], row.overdue, row.disputed, row.total) == (
        Decimal("1000.00"), Decimal("1000.00"), Decimal("300.00"), Decimal("950.00"),
    )  # fmt: skip


def test_a_payment_lowers_what_is_disputed_only_below_what_is_left(session: Session) -> None:
    customer = a_customer(session, "C1")
    document = a_charge(session, customer, amount="1000.00", issued_on=date(2026, 1, 1))
    a_dispute(session, document, "300.00", date(2026, 1, 5))
    pay(session, customer, document, amount="600.00", paid_on=date(2026, 2, 1))
    pay(session, customer, document, amount="300.00", paid_on=date(2026, 3, 1))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1)]
    found = [aging(session, system(), as_of=day, limits=[30]).rows[0].disputed for day in days]
    assert found == [Decimal("300.00"), Decimal("300.00"), Decimal("100.00")]


def test_a_document_without_sales_rep_shows_its_dispute_under_nobody(session: Session) -> None:
    customer = a_customer(session, "C1", sales_rep="V1")
    document = a_charge(session, customer, amount="100.00", sales_rep="V2")
    nobodys = a_charge(session, a_customer(session, "C2"), amount="100.00")
    a_dispute(session, document, "10.00", TODAY)
    a_dispute(session, nobodys, "20.00", TODAY)
    rows = aging(session, system(), as_of=TODAY, limits=[30], by=By.SALES_REP).rows
    assert {row.key: row.disputed for row in rows} == {"": Decimal("20.00"), "V2": Decimal("10.00")}


def test_a_collector_sees_what_his_own_customers_dispute(session: Session) -> None:
    own = a_charge(session, a_customer(session, "C1", collector="luis"), amount="100.00")
    other = a_charge(session, a_customer(session, "C2", collector="eva"), amount="100.00")
    for one in (own, other):
        a_dispute(session, one, "10.00", TODAY)
    luis = an_actor(Role.COLLECTOR, name="luis")
    found = aging(session, luis, as_of=TODAY, limits=[30])
    assert ([row.key for row in found.rows], found.totals[0].disputed) == (["C1"], Decimal("10.00"))


def test_a_customers_page_and_statement_say_what_is_disputed(session: Session) -> None:
    customer = a_customer(session, "C1")
    a_dispute(session, a_charge(session, customer, amount="100.00"), "30.00", TODAY)
    [account] = accounts_of(session, system(), customer.id or 0, as_of=TODAY)
    assert account.disputed == Decimal("30.00")
    assert statement(session, system(), customer="C1", end=TODAY).aging.disputed == Decimal("30.00")


def twenty_disputes(session: Session) -> None:
    for document in session.scalars(select(Document).where(Document.kind == "invoice").limit(20)):
        a_dispute(session, document, "10.00", books.TODAY - timedelta(days=40))


@pytest.mark.backend("sqlite")
def test_with_disputes_aging_still_reads_what_is_open_from_one_index(plans) -> None:
    def read(session: Session) -> None:
        twenty_disputes(session)
        aging(session, system(), as_of=books.TODAY, limits=[30])

    plan = plans(read)
    entries = test_plans.lines_about(plan, "ledger_entry")
    assert [line for line in entries if test_plans.OPEN in line and test_plans.is_index_only(line)]
    others = [line for line in entries if test_plans.OPEN not in line]
    assert others
    assert all("source=? AND source_id=?" in line for line in others)
    assert all("ix_dispute_live (closed_on" in line for line in test_plans.lines_about(plan, "dispute USING"))
    assert all("charge_id=?" in line for line in test_plans.lines_about(plan, "ix_ledger_application_charge"))


@pytest.mark.backend("sqlite")
def test_what_is_disputed_of_each_document_is_looked_up_and_not_walked_through(plans) -> None:
    def read(session: Session) -> None:
        twenty_disputes(session)
        open_documents(session, system(), as_of=books.TODAY, limits=[30])

    joined = [line for line in plans(read).splitlines() if "disputed_item" in line and "LEFT-JOIN" in line]
    assert joined
    assert all("AUTOMATIC COVERING INDEX (entry_id=?)" in line for line in joined)
