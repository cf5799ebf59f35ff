"""Aging at any date: buckets, bases, dimensions, filters, who sees what. Contract, section 4."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role, system
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.portfolio.aging import MEASURES, AgingRow, Basis, By, aging
from core.portfolio.lines import Page
from core.portfolio.scope import Scope
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay

LIMITS = [30, 60, 90, 120]


def ages(session, *, as_of=TODAY, limits=LIMITS, actor=None, **asked):
    return aging(session, actor or system(), as_of=as_of, limits=limits, **asked)


def only(session, **asked) -> AgingRow:
    [row] = ages(session, **asked).rows
    return row


@pytest.mark.parametrize(
    ("overdue_days", "bucket"),
    [(-30, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "121+"), (4000, "121+")],
)  # fmt: skip
def test_both_ends_belong_to_a_bucket(session, overdue_days, bucket):
    a_charge(session, a_customer(session), amount="10.00", due_on=TODAY - timedelta(days=overdue_days),
             issued_on=date(2000, 1, 1))  # fmt: skip
    found = ages(session)
    amounts = dict(zip(found.buckets, found.rows[0].buckets, strict=True))
    assert {name: amount for name, amount in amounts.items() if amount} == {bucket: Decimal("10.00")}
    assert found.rows[0].overdue == (Decimal("10.00") if overdue_days > 0 else 0)


def test_the_buckets_are_those_that_are_asked_for(session):
    a_charge(session, a_customer(session), amount="10.00", overdue_days=8)
    found = ages(session, limits=[7])
    assert found.buckets == ["current", "1-7", "8+"]
    assert found.rows[0].buckets == (0, 0, Decimal("10.00"))


def test_what_is_not_used_up_is_negative_and_in_no_bucket(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="100.00", overdue_days=5)
    a_payment(session, customer, amount="30.00")
    a_credit_note(session, customer, amount="20.00")
    row = only(session)
    assert (row.unapplied, row.total, sum(row.buckets)) == (Decimal("-50.00"), Decimal("50.00"), Decimal("100.00"))


def test_each_instalment_has_its_own_age(session):
    parts = [(TODAY - timedelta(days=40), "30.00"), (TODAY, "50.00"), (TODAY + timedelta(days=30), "20.00")]
    charge = a_charge(session, a_customer(session, "C1"), instalments=parts)
    pay(session, customer=_of(session, charge), charge=charge, amount="40.00")
    row = only(session)
    assert row.buckets[0] == Decimal("60.00")  # 40 of the second and 20 of the third
    assert row.overdue == 0


def _of(session, charge):
    from core.customers.models import Customer

    return session.get_one(Customer, charge.customer_id)


def test_a_payment_after_the_date_is_told_as_future_and_changes_nothing_else(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00", overdue_days=5)
    pay(session, customer, charge, amount="60.00", paid_on=TODAY + timedelta(days=3))
    row = only(session)
    assert (row.total, row.overdue, row.future) == (Decimal("100.00"), Decimal("100.00"), Decimal("60.00"))
    assert only(session, as_of=TODAY + timedelta(days=3)).total == Decimal("40.00")


def test_a_credit_note_after_the_date_is_no_future_payment(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    note = a_credit_note(session, customer, amount="40.00", issued_on=TODAY + timedelta(days=1))
    apply(session, note, charge, TODAY + timedelta(days=1))
    assert only(session).future == 0


def apply(session, credit, charge, on):
    source = Source.PAYMENT if hasattr(credit, "paid_on") else Source.DOCUMENT
    batch = Batch(session, event_id=an_event(session))
    [left] = batch.load_of(source, [credit.id])[credit.id]
    batch.spread(left, batch.load_of(Source.DOCUMENT, [charge.id])[charge.id], on)
    batch.flush()
    return batch


def test_an_undone_future_payment_is_not_told(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    paid = pay(session, customer, charge, amount="60.00", paid_on=TODAY + timedelta(days=3))
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.PAYMENT, [paid.id])[paid.id]
    for move in credit.live():
        batch.undo(move, TODAY + timedelta(days=9))
    batch.flush()
    assert only(session).future == 0
    assert only(session, as_of=TODAY + timedelta(days=5)).total == Decimal("40.00")
    assert only(session, as_of=TODAY + timedelta(days=9)).unapplied == Decimal("-60.00")


def test_a_payment_received_before_the_date_and_applied_after_it_is_no_future_payment(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    apply(session, a_payment(session, customer, amount="60.00"), charge, TODAY + timedelta(days=2))
    row = only(session)
    assert (row.future, row.unapplied, row.total) == (0, Decimal("-60.00"), Decimal("40.00"))


def test_what_is_issued_after_the_date_is_not_there(session):
    a_charge(session, a_customer(session), issued_on=TODAY + timedelta(days=1), due_on=TODAY + timedelta(days=31))
    assert ages(session).rows == []
    assert len(ages(session, as_of=TODAY + timedelta(days=1)).rows) == 1


def test_a_day_before_everything_is_empty(session):
    a_charge(session, a_customer(session))
    assert ages(session, as_of=date.min, limits=[30, 10**9]).rows == []


def test_days_count_from_issue_or_presentation_and_overdue_goes_by_due_date_all_the_same(session):
    charge = a_charge(session, a_customer(session), amount="10.00", issued_on=TODAY - timedelta(days=70), due_on=TODAY)
    assert only(session, basis=Basis.ISSUE_DATE).buckets[3] == Decimal("10.00")
    assert only(session, basis=Basis.PRESENTED_DATE).buckets[3] == Decimal("10.00")
    charge.presented_on = TODAY - timedelta(days=20)
    session.flush()
    row = only(session, basis=Basis.PRESENTED_DATE)
    assert (row.buckets[1], row.overdue) == (Decimal("10.00"), 0)


def test_company_currency_is_rounded_for_each_instalment_and_then_added(session):
    customer = a_customer(session)
    for _ in range(3):
        a_charge(session, customer, amount="0.01", currency="USD", rate="0.5")  # 0.005 each: 0.01 each
    a_payment(session, customer, amount="0.01", currency="USD", rate="0.5")
    assert only(session).base_total == Decimal("0.02")


def test_company_currency_after_a_part_was_paid_is_that_of_the_rest(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="1.00", currency="USD", rate="18.769449")
    pay(session, customer, charge, amount="0.33", paid_on=TODAY + timedelta(days=1))
    assert only(session).base_total == Decimal("18.77")
    assert only(session, as_of=TODAY + timedelta(days=1)).base_total == Decimal("12.58")


def test_currencies_have_rows_and_totals_of_their_own(session):
    customer = a_customer(session, "C1")
    a_charge(session, customer, amount="10.00")
    a_charge(session, customer, amount="5.00", currency="USD", rate="20")
    found = ages(session)
    assert [(row.key, row.currency, row.total) for row in found.rows] == [
        ("C1", "MXN", Decimal("10.00")), ("C1", "USD", Decimal("5.00"))
    ]  # fmt: skip
    assert [(row.currency, row.total, row.base_total) for row in found.totals] == [
        ("MXN", Decimal("10.00"), Decimal("10.00")), ("USD", Decimal("5.00"), Decimal("100.00"))
    ]  # fmt: skip


def test_the_sales_rep_is_the_documents_and_of_payments_the_customers_of_today(session):
    customer = a_customer(session, sales_rep="Hoy")
    a_charge(session, customer, amount="10.00", sales_rep="Entonces")
    a_payment(session, customer, amount="4.00")
    assert {row.key: row.total for row in ages(session, by=By.SALES_REP).rows} == {
        "Entonces": Decimal("10.00"), "Hoy": Decimal("-4.00"),
    }  # fmt: skip
    assert only(session, scope=Scope(sales_rep="Entonces")).total == Decimal("10.00")
    assert only(session, by=By.REGION, scope=Scope(sales_rep="Hoy")).total == Decimal("-4.00")


@pytest.mark.parametrize("by", [By.REGION, By.DISTRICT, By.SEGMENT, By.COLLECTOR])
def test_customers_are_added_up_by_what_they_are_today(session, by):
    for code, value in (("C1", "Uno"), ("C2", "Uno"), ("C3", None)):
        a_charge(session, a_customer(session, code, **{by.value: value}), amount="10.00")
    assert [(row.key, row.name, row.total) for row in ages(session, by=by).rows] == [
        ("", "", Decimal("10.00")), ("Uno", "Uno", Decimal("20.00"))
    ]  # fmt: skip
    assert [row.key for row in ages(session, scope=Scope(**{by.value: ""})).rows] == ["C3"]
    assert [row.key for row in ages(session, scope=Scope(**{by.value: "Uno"})).rows] == ["C1", "C2"]


@pytest.mark.parametrize("scope", [Scope(customer="X"), Scope(region="X"), Scope(sales_rep="X"), Scope(currency="EUR")])
def test_a_filter_value_that_nobody_has_finds_nothing(session, scope):
    a_charge(session, a_customer(session))
    found = ages(session, scope=scope)
    assert (found.rows, found.totals) == ([], [])


def test_a_customer_is_found_without_its_leading_zeros(session):
    a_charge(session, a_customer(session, "0042"))
    assert only(session, scope=Scope(customer="42")).key == "0042"


@pytest.mark.parametrize(
    ("actor", "seen"),
    [(an_actor(Role.MANAGER, region="Norte"), ["C1"]), (an_actor(Role.MANAGER), ["C1", "C2"]),
     (an_actor(Role.COLLECTOR, name="beto"), ["C2"]), (an_actor(Role.SALES_REP, rep="V1"), ["C1"]),
     (an_actor(Role.AUDITOR), ["C1", "C2"])],
)  # fmt: skip
@pytest.mark.parametrize("later", [0, 1])  # with and without a roll back
def test_rows_and_totals_are_of_the_customers_whom_one_sees(session, actor, seen, later):
    for code, facts in (("C1", {"region": "Norte", "sales_rep": "V1"}), ("C2", {"collector": "beto"})):
        customer = a_customer(session, code, **facts)
        pay(session, customer, a_charge(session, customer, amount="10.00"), amount="1.00",
            paid_on=TODAY + timedelta(days=later))  # fmt: skip
    found = ages(session, actor=actor)
    each = Decimal("10.00") if later else Decimal("9.00")
    assert [row.key for row in found.rows] == seen
    assert [row.total for row in found.totals] == [each * len(seen)]


def test_a_page_has_its_rows_and_the_totals_of_all(session):
    for code, amount in (("C1", "10.00"), ("C2", "30.00"), ("C3", "20.00")):
        a_charge(session, a_customer(session, code), amount=amount)
    found = ages(session, page=Page(2, 2), largest_first=True)
    assert [row.key for row in found.rows] == ["C1"]
    assert found.totals[0].total == Decimal("60.00")
    assert found.counts == {"MXN": 3}


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize("by", [by for by in By if by is not By.DOCUMENT])
def test_figures_beside_the_buckets_are_the_same_by_anything_and_on_any_basis(session, by, basis):
    one = a_customer(session, region="Norte", sales_rep="V1")
    pay(session, one, a_charge(session, one, amount="90.00", overdue_days=3), amount="5.00", paid_on=date(2026, 4, 9))
    a_payment(session, a_customer(session, collector="beto"), amount="7.00")
    whole, asked = ages(session).totals, ages(session, by=by, basis=basis).totals
    assert [[getattr(row, name) for name in MEASURES] for row in asked] == [
        [getattr(row, name) for name in MEASURES] for row in whole
    ]
