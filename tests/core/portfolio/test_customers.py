"""The list of customers with balances, and the figures of one customer's page."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.customers.search import search_text
from core.customers.visibility import CustomerNotFound
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.portfolio.customer import accounts_of, credit_of, last_payment, lateness
from core.portfolio.customers import CurrencyTotal, Order, Owing, Wanted, customer_rows, customer_totals
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay

YEAR = timedelta(days=365)


@pytest.fixture
def book(session):
    """C1 owes 900 (600 overdue) and 10 USD, C2 owes 1,000, C3 nothing."""
    one = a_customer(
        session, "C1", legal_name="Zinc", region="Norte", collector="ana", search=search_text("C1", "Zinc", None)
    )
    two = a_customer(session, "C2", legal_name="acero", region="Sur", search=search_text("C2", "acero", None))
    a_customer(session, "C3", legal_name="Muro", currency="USD", status="inactive", search="c3 muro")
    a_charge(session, one, amount="600.00", overdue_days=40)
    a_charge(session, one, amount="400.00", due_on=TODAY)
    a_credit_note(session, one, amount="100.00")
    a_charge(session, one, amount="10.00", currency="USD", rate="20", due_on=TODAY)
    a_charge(session, two, amount="1000.00", overdue_days=1)
    return session


def codes(session, actor=None, **options):
    return [(row.code, row.currency) for row in customer_rows(session, actor or an_actor(), as_of=TODAY, **options)]


def test_each_customer_has_a_row_a_currency(book):
    rows = customer_rows(book, an_actor(), as_of=TODAY)
    figures = [(row.code, row.currency, row.balance, row.overdue, row.in_favour, row.oldest_days) for row in rows]
    assert figures == [
        ("C2", "MXN", Decimal("1000.00"), Decimal("1000.00"), Decimal("0.00"), 1),
        ("C3", "USD", Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), None),
        ("C1", "MXN", Decimal("900.00"), Decimal("600.00"), Decimal("100.00"), 40),
        ("C1", "USD", Decimal("10.00"), Decimal("0.00"), Decimal("0.00"), None),
    ]  # fmt: skip


def test_the_totals_are_those_of_the_rows(book):
    assert customer_totals(book, an_actor(), as_of=TODAY) == (
        4,
        3,
        [
            CurrencyTotal("MXN", 2, Decimal("1900.00"), Decimal("1600.00")),
            CurrencyTotal("USD", 1, Decimal("10.00"), Decimal("0.00")),
        ],
    )
    assert customer_totals(book, an_actor(), as_of=TODAY, wanted=Wanted(text="nadie")) == (0, 0, [])


def test_the_list_is_sorted_as_asked(book):
    assert codes(book, order=Order.CODE) == [("C1", "MXN"), ("C1", "USD"), ("C2", "MXN"), ("C3", "USD")]
    assert codes(book, order=Order.BALANCE)[:2] == [("C2", "MXN"), ("C1", "MXN")]
    assert codes(book, order=Order.OVERDUE)[:2] == [("C2", "MXN"), ("C1", "MXN")]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(text="ZÍNC"), {"C1"}), (Wanted(region="Sur"), {"C2"}), (Wanted(region=""), {"C3"}),
        (Wanted(status="inactive"), {"C3"}), (Wanted(owing=Owing.BALANCE), {"C1", "C2"}),
        (Wanted(owing=Owing.OVERDUE, region="Norte"), {"C1"}), (Wanted(collector="nadie"), set()),
    ],
)  # fmt: skip
def test_filters_leave_those_who_fit(book, wanted, expected):
    assert {code for code, _ in codes(book, wanted=wanted)} == expected


def test_pages_follow_one_another(book):
    assert codes(book, order=Order.CODE, limit=2, offset=2) == [("C2", "MXN"), ("C3", "USD")]


def test_rows_and_totals_are_those_of_the_actor(book):
    ana = an_actor(Role.COLLECTOR, name="ana")
    assert {code for code, _ in codes(book, ana)} == {"C1"}
    assert [one.balance for one in customer_totals(book, ana, as_of=TODAY).totals] == [
        Decimal("900.00"),
        Decimal("10.00"),
    ]


def test_the_list_of_a_past_day_has_what_was_open_then(book):
    paid = a_charge(book, a_customer(book, "C4"), amount="50.00", due_on=TODAY - timedelta(days=2))
    customer = book.get_one(type(a_customer(book, "C5")), paid.customer_id)
    pay(book, customer, paid, amount="50.00")
    before = customer_rows(book, an_actor(), as_of=TODAY - timedelta(days=1), wanted=Wanted(owing=Owing.OVERDUE))
    assert ("C4", Decimal("50.00")) in [(row.code, row.overdue) for row in before]


def amounts(written: str) -> list[Decimal]:
    return [Decimal(one) for one in written.split()]


def test_the_figures_of_one_customer(session):
    customer = a_customer(session, credit_limit=Decimal("2000.00"))
    first = a_charge(
        session, customer, amount="600.00", instalments=[(TODAY - timedelta(days=9), "100.00"), (TODAY, "500.00")]
    )
    a_charge(session, customer, amount="10.00", currency="USD", rate="20", overdue_days=3)
    pay(session, customer, first, amount="40.00")
    a_payment(session, customer, amount="60.00")
    id_ = customer.id or 0
    assert [tuple(one) for one in accounts_of(session, an_actor(), id_, as_of=TODAY)] == [
        ("MXN", *amounts("500.00 60.00 60.00 0.00 500.00 60.00"), 1, 1, 9),
        ("USD", *amounts("10.00 10.00 0.00 0.00 200.00 200.00"), 1, 1, 3),
    ]
    assert credit_of(session, an_actor(), id_, as_of=TODAY)[:4] == (
        Decimal("2000.00"), Decimal("700.00"), Decimal("1300.00"), Decimal("35.00"),
    )  # fmt: skip
    with pytest.raises(CustomerNotFound):
        accounts_of(session, an_actor(Role.COLLECTOR, name="ana"), id_, as_of=TODAY)


def test_without_limit_nothing_is_used_of_it(session):
    nobody = a_customer(session)
    assert credit_of(session, an_actor(), nobody.id or 0, as_of=TODAY)[:4] == (None, Decimal("0.00"), None, None)
    none = a_customer(session, credit_limit=Decimal("0.00"))
    assert credit_of(session, an_actor(), none.id or 0, as_of=TODAY).used_pct is None


def test_a_line_is_watched_above_the_setting_and_over_above_its_limit(session):
    customer = a_customer(session, credit_limit=Decimal("100.00"))
    for amount, watched, over in (("80.00", False, False), ("0.01", True, False), ("20.00", True, True)):
        a_charge(session, customer, amount=amount)
        credit = credit_of(session, an_actor(), customer.id or 0, as_of=TODAY)
        assert (credit.watched, credit.over) == (watched, over)


def test_lateness_counts_live_payments_of_each_year_apart(session):
    customer = a_customer(session)
    late, early, older = (
        a_charge(session, customer, due_on=TODAY - timedelta(days=20)),
        a_charge(session, customer, due_on=TODAY),
        a_charge(session, customer, due_on=TODAY - YEAR - timedelta(days=30)),
    )
    pay(session, customer, late, amount="1000.00", paid_on=TODAY - timedelta(days=5))
    pay(session, customer, early, amount="1000.00", paid_on=TODAY - timedelta(days=5))
    pay(session, customer, older, amount="1000.00", paid_on=TODAY - YEAR - timedelta(days=9))
    id_ = customer.id or 0
    assert lateness(session, an_actor(), id_, as_of=TODAY) == (Decimal("7.5"), Decimal(21))
    assert lateness(session, an_actor(), id_, as_of=TODAY - 3 * YEAR) == (None, None)


def last_number(session, customer_id):
    found = last_payment(session, an_actor(), customer_id, as_of=TODAY)
    return found and found.number


def test_the_last_payment_is_one_that_nobody_reversed(session):
    customer = a_customer(session)
    a_payment(session, customer, number="P1", paid_on=TODAY - timedelta(days=3))
    back = a_payment(session, customer, number="P2")
    id_ = customer.id or 0
    assert last_number(session, id_) == "P2"
    batch = Batch(session, event_id=an_event(session))
    payment_id = back.id or 0
    items = batch.load_of(Source.PAYMENT, [payment_id])[payment_id]
    reverse_whole(batch, items, source=Source.PAYMENT, source_id=payment_id, number="P2", on=TODAY, reason="other")
    batch.flush()
    assert last_number(session, id_) == "P1"
    assert last_number(session, a_customer(session).id or 0) is None
