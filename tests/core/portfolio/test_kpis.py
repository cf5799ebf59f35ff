"""Indicators by month and currency, from the books. Contract, section 4."""

from datetime import date
from decimal import Decimal

import pytest

from core.auth.actor import Role, system
from core.ledger.models import Kind, Reversal, Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.portfolio.kpis import TooManyMonths, kpis
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay


def months(session, start="2026-03", end="2026-03", *, actor=None, **asked):
    return kpis(session, actor or system(), start=start, end=end, **{"today": TODAY, **asked})


def only(session, month="2026-03", **asked):
    [row] = months(session, month, month, **asked)
    return row


def reverse(session, paper, source, on):
    batch = Batch(session, event_id=an_event(session))
    items = batch.load_of(source, [paper.id]).get(paper.id, [])
    reverse_whole(batch, items, source=source, source_id=paper.id, number=paper.number, on=on, reason="error")
    batch.flush()


def identify(session, payment, customer, on):
    batch = Batch(session, event_id=an_event(session))
    batch.credit(
        customer_id=customer.id, kind=Kind.PAYMENT, source=Source.PAYMENT, source_id=payment.id, number=payment.number,
        currency=payment.currency, rate=1_000_000, booked_on=on, amount=int(payment.amount * 100),
        paid_on=payment.paid_on,
    )  # fmt: skip
    batch.flush()


def test_the_dso_family(session):
    customer = a_customer(session)
    one = a_charge(session, customer, amount="180000.00", issued_on=date(2026, 6, 10), due_on=date(2026, 6, 20))
    two = a_charge(session, customer, amount="270000.00", issued_on=date(2026, 6, 10), due_on=date(2026, 7, 10))
    pay(session, customer, one, amount="140000.00", paid_on=date(2026, 6, 28))
    pay(session, customer, two, amount="210000.00", paid_on=date(2026, 6, 28))
    row = only(session, "2026-06")
    assert (row.opening, row.sales, row.collected) == (0, Decimal("450000.00"), Decimal("350000.00"))
    assert (row.closing, row.overdue, row.overdue_pct) == (
        Decimal("100000.00"), Decimal("40000.00"), Decimal("40.00")
    )  # fmt: skip
    assert (row.dso, row.best_possible_dso, row.add, row.dso_countback) == tuple(
        map(Decimal, ("6.67", "4.00", "2.67", "6.67"))
    )


def test_collection_effectiveness(session):
    customer = a_customer(session)
    old = a_charge(session, customer, amount="200000.00", issued_on=date(2026, 2, 10), due_on=date(2026, 3, 12))
    a_charge(session, customer, amount="100000.00", issued_on=date(2026, 3, 10), due_on=date(2026, 4, 10))
    pay(session, customer, old, amount="150000.00", paid_on=date(2026, 3, 15))
    row = only(session)
    assert (row.opening, row.closing, row.overdue, row.cei_pct) == tuple(
        map(Decimal, ("200000.00", "150000.00", "50000.00", "75.00"))
    )


def test_unapplied_money_is_in_no_balance(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="100.00", issued_on=date(2026, 3, 1))
    a_payment(session, customer, amount="30.00", paid_on=date(2026, 3, 2))
    row = only(session)
    assert (row.closing, row.collected) == (Decimal("100.00"), Decimal("30.00"))


def test_what_falls_due_on_the_last_day_is_not_overdue_yet(session):
    a_charge(session, a_customer(session), amount="10.00", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 31))
    march, april = months(session, "2026-03", "2026-04")
    assert (march.overdue, april.overdue) == (0, Decimal("10.00"))


def test_credit_notes_and_reversals_lower_sales_in_their_own_month(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00", issued_on=date(2026, 3, 1))
    note = a_credit_note(session, customer, amount="30.00", issued_on=date(2026, 4, 1))
    reverse(session, charge, Source.DOCUMENT, date(2026, 5, 1))
    reverse(session, note, Source.DOCUMENT, date(2026, 6, 1))
    assert [row.sales for row in months(session, "2026-03", "2026-06")] == [100, -30, -100, 30]


def test_money_counts_from_the_day_it_came_on_an_account_until_it_was_reversed(session):
    customer = a_customer(session)
    paid = a_payment(session, customer, amount="50.00", paid_on=date(2026, 3, 1))
    identify(session, a_payment(session, None, amount="7.00", paid_on=date(2026, 3, 2)), customer, date(2026, 4, 2))
    reverse(session, paid, Source.PAYMENT, date(2026, 5, 1))
    assert [row.collected for row in months(session, "2026-03", "2026-05")] == [50, 7, -50]


def test_money_is_unidentified_until_it_is_identified_or_reversed(session):
    later = a_payment(session, None, amount="7.00", paid_on=date(2026, 3, 31))
    gone = a_payment(session, None, amount="5.00", paid_on=date(2026, 3, 1))
    a_payment(session, None, amount="1.00", paid_on=date(2026, 4, 30))
    identify(session, later, a_customer(session), date(2026, 5, 1))
    session.add(
        Reversal(source=Source.PAYMENT, source_id=gone.id, reversed_on=date(2026, 4, 1), reason="x",
                 event_id=an_event(session))
    )  # fmt: skip
    session.flush()
    assert [row.unidentified for row in months(session, "2026-02", "2026-05")] == [0, 12, 8, 1]


def test_unidentified_money_is_of_no_region_and_hidden_from_who_may_not_see_it(session):
    a_charge(session, a_customer(session, region="Norte"), issued_on=date(2026, 3, 1))
    a_payment(session, None, amount="7.00", paid_on=date(2026, 3, 1))
    assert only(session, region="Norte").unidentified == 0
    assert only(session, actor=an_actor(Role.CREDIT_ANALYST)).unidentified == 0
    assert only(session, actor=an_actor(Role.CASHIER)).unidentified == 7


def test_each_month_asked_has_a_row_for_each_currency_used_by_then(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="10.00", issued_on=date(2026, 3, 1))
    a_charge(session, customer, amount="10.00", currency="USD", rate="20", issued_on=date(2026, 4, 1))
    a_charge(session, customer, amount="10.00", currency="EUR", rate="22", issued_on=date(2026, 5, 1))
    assert [(row.month, row.currency) for row in months(session, "2026-02", "2026-04")] == [
        (month, currency) for month in ("2026-02", "2026-03", "2026-04") for currency in ("MXN", "USD")
    ]
    assert months(session, "2025-01", "2025-02") == []


def test_a_month_without_anything_has_zeros_and_no_ratios(session):
    a_charge(session, a_customer(session), amount="10.00", issued_on=date(2026, 4, 1))
    row = months(session, "2026-03", "2026-04")[0]
    assert (row.opening, row.closing, row.dso_countback) == (0, 0, 0)
    assert {row.overdue_pct, row.dso, row.best_possible_dso, row.add, row.cei_pct} == {None}
    assert (row.promises_due, row.promises_kept_pct) == (0, None)


def test_countback_looks_back_before_the_first_month_asked(session):
    customer = a_customer(session)
    for month in (1, 2, 3):
        a_charge(session, customer, amount="100.00", issued_on=date(2026, month, 1), due_on=date(2026, month, 2))
    assert only(session).dso_countback == Decimal(31 + 28 + 31)


def test_indicators_are_those_of_the_customers_whom_one_sees(session):
    for code, region in (("C1", "Norte"), ("C2", "Sur")):
        customer = a_customer(session, code, region=region)
        pay(session, customer, a_charge(session, customer, amount="10.00", issued_on=date(2026, 3, 1)), amount="4.00",
            paid_on=date(2026, 3, 9))  # fmt: skip
    north = an_actor(Role.MANAGER, region="Norte")
    for row in (only(session, actor=north), only(session, region="Sur")):
        assert (row.sales, row.collected, row.closing) == (10, 4, 6)
    assert only(session).sales == 20


def test_too_many_months_at_once_are_refused(session):
    with pytest.raises(TooManyMonths):
        months(session, "0001-01", "9999-12")
