"""Search from anywhere: folios of documents and payments, each as far as one sees them."""

import pytest
from sqlalchemy import text

from core.auth.actor import Role
from core.portfolio.search import search
from tests.build import a_charge, a_customer, a_payment, an_actor


@pytest.fixture
def book(session):
    ana = a_customer(session, "C1", legal_name="Uno", region="Norte", collector="ana", sales_rep="V1")
    luis = a_customer(session, "C2", legal_name="Dos", region="Sur", collector="luis", sales_rep="V2")
    a_charge(session, ana, number="A-1001", amount="150.00")
    a_charge(session, luis, number="A-1002")
    a_payment(session, ana, number="PA-1")
    a_payment(session, luis, number="PA-2")
    a_payment(session, None, number="PA-3")
    return session


def keys(session, actor, typed):
    return [(hit.kind, hit.key) for hit in search(session, actor, typed)]


def test_folios_are_found_by_what_they_begin_with_in_capitals_or_not(book):
    everything = [("document", "A-1001"), ("document", "A-1002")]
    assert keys(book, an_actor(), "A-10") == everything
    assert keys(book, an_actor(), " a-10 ") == everything
    assert keys(book, an_actor(), "a-1002") == everything[1:]
    assert keys(book, an_actor(), "a-") == []  # too little to say


def test_a_document_says_what_it_is(book):
    [hit] = search(book, an_actor(), "A-1001")
    assert (hit.title, hit.detail) == ("A-1001", "Factura · 01/03/2026 · $150.00 MXN · Uno")


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (an_actor(), ["PA-1", "PA-2", "PA-3"]),
        (an_actor(Role.CASHIER), ["PA-1", "PA-2", "PA-3"]),
        (an_actor(Role.MANAGER), ["PA-1", "PA-2", "PA-3"]),
        (an_actor(Role.MANAGER, region="Sur"), ["PA-2"]),
        (an_actor(Role.COLLECTOR, name="ana"), ["PA-1"]),
        (an_actor(Role.SALES_REP, rep="V2"), ["PA-2"]),
        (an_actor(Role.CREDIT_ANALYST), ["PA-1", "PA-2"]),
    ],
)
def test_each_finds_the_payments_that_he_may_see(book, actor, expected):
    assert [key for _, key in keys(book, actor, "pa-")] == expected


def test_signs_of_like_are_not_wildcards(book):
    assert keys(book, an_actor(), "A%1") == []
    assert keys(book, an_actor(), "A_1001") == []


def test_no_more_than_asked(book):
    assert len(search(book, an_actor(), "pa-", limit=2)) == 2


def test_the_series_of_numbers_is_searched_by_its_index(book):
    from sqlalchemy import select
    from sqlmodel import col

    from core.ledger.models import Number
    from core.portfolio.search import begins

    asked = select(col(Number.number)).where(begins(col(Number.number), "A-10"))
    sql = str(asked.compile(book.connection(), compile_kwargs={"literal_binds": True}))
    if book.get_bind().dialect.name == "sqlite":
        plan = " ".join(row[3] for row in book.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
        assert "SCAN" not in plan
    else:
        book.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(row[0] for row in book.execute(text(f"EXPLAIN {sql}")))
        assert "Index Cond" in plan
