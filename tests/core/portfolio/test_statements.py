"""Statement of account: what moves the balance, in which order, from which opening to which closing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role, system
from core.customers.visibility import CustomerNotFound
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.payments.application import Way, apply_payment, undo_application
from core.payments.refunds import refund
from core.policies.settings import set_setting
from core.portfolio.kpis import kpis
from core.portfolio.statements import PeriodBackwards, statement
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay
from tests.build import line as a_line

DAY = timedelta(days=1)


def sheet(session, *, customer="C1", end=TODAY, **asked):
    return statement(session, system(), customer=customer, end=end, **asked)


def reverse(session, paper, source, on):
    batch = Batch(session, event_id=an_event(session))
    items = batch.load_of(source, [paper.id])[paper.id]
    reverse_whole(batch, items, source=source, source_id=paper.id, number=paper.number, on=on, reason="error")
    batch.flush()


@pytest.fixture
def customer(session):
    return a_customer(session, "C1", legal_name="Aceros")


def test_within_a_day_charges_come_first_then_by_number(session, customer):
    a_payment(session, customer, amount="1.00", number="A")
    a_charge(session, customer, amount="10.00", number="Z", issued_on=TODAY)
    a_charge(session, customer, amount="20.00", number="B", issued_on=TODAY)
    a_charge(session, customer, amount="5.00", number="C", issued_on=TODAY - DAY)
    assert [(line.document, line.balance) for line in sheet(session).lines] == [
        ("C", Decimal("5.00")), ("B", Decimal("25.00")), ("Z", Decimal("35.00")), ("A", Decimal("34.00"))
    ]  # fmt: skip


def test_a_document_is_one_line_whatever_its_instalments(session, customer):
    a_charge(session, customer, instalments=[(TODAY, "30.00"), (TODAY + DAY, "50.00")])
    [line] = sheet(session).lines
    assert (line.kind, line.charge, line.credit) == ("invoice", Decimal("80.00"), Decimal("0.00"))


def test_applications_move_nothing(session, customer):
    pay(session, customer, a_charge(session, customer, amount="100.00"), amount="40.00")
    found = sheet(session)
    assert [line.kind for line in found.lines] == ["invoice", "payment"]
    assert found.closing == found.aging.total == Decimal("60.00")


def test_documents_bear_the_purchase_order_and_payments_the_bank_reference(session, customer):
    a_charge(session, customer, po_number="OC-9")
    a_payment(session, customer, reference="SPEI 77")
    a_credit_note(session, customer)
    assert [line.reference for line in sheet(session).lines] == ["OC-9", None, "SPEI 77"]


def test_a_period_opens_with_the_closing_of_the_day_before(session, customer):
    a_charge(session, customer, amount="100.00", issued_on=TODAY - 9 * DAY, due_on=TODAY)
    a_payment(session, customer, amount="30.00", paid_on=TODAY)
    found = sheet(session, start=TODAY)
    assert (found.opening, found.charges, found.credits, found.closing) == (
        Decimal("100.00"), Decimal("0.00"), Decimal("30.00"), Decimal("70.00")
    )  # fmt: skip
    assert found.opening == sheet(session, end=TODAY - DAY).closing
    assert [line.kind for line in found.lines] == ["payment"]


def test_a_whole_reversal_is_a_line_of_its_own_and_the_invoice_owes_again(session, customer):
    charge = a_charge(session, customer, amount="100.00", overdue_days=40)
    paid = pay(session, customer, charge, amount="100.00", paid_on=TODAY - 5 * DAY, number="P1")
    reverse(session, paid, Source.PAYMENT, TODAY)
    found = sheet(session)
    assert [(line.kind, line.document, line.charge) for line in found.lines][-1] == (
        "reversal", "P1", Decimal("100.00")
    )  # fmt: skip
    assert found.closing == Decimal("100.00") == found.aging.buckets[2]


def test_a_reversed_invoice_leaves_the_money_in_favour(session, customer):
    charge = a_charge(session, customer, amount="100.00", number="F1")
    pay(session, customer, charge, amount="60.00")
    reverse(session, charge, Source.DOCUMENT, TODAY)
    found = sheet(session)
    assert [(line.kind, line.credit) for line in found.lines if line.document == "F1"][-1] == (
        "reversal", Decimal("100.00")
    )  # fmt: skip
    assert found.closing == found.aging.unapplied == Decimal("-60.00")


def test_without_currency_it_is_in_the_customers(session):
    foreign = a_customer(session, "U1", currency="USD")
    a_charge(session, foreign, amount="50.00", currency="USD", rate="17", overdue_days=50)
    a_charge(session, foreign, amount="9.00")
    found = sheet(session, customer="U1")
    assert (found.currency, found.closing, found.aging.buckets[2]) == ("USD", Decimal("50.00"), Decimal("50.00"))
    assert sheet(session, customer="U1", currency="MXN").closing == Decimal("9.00")


def test_an_account_without_movements_is_all_zeros(session, customer):
    found = sheet(session)
    assert (found.lines, found.opening, found.closing) == ([], 0, 0)
    assert (found.aging.key, found.aging.name, found.aging.currency) == ("C1", "Aceros", "MXN")
    assert set(found.aging.buckets) == {0}


def test_a_period_that_ends_before_it_begins_is_refused(session, customer):
    with pytest.raises(PeriodBackwards):
        sheet(session, start=TODAY + DAY)


def test_who_does_not_see_the_customer_gets_no_statement(session, customer):
    with pytest.raises(CustomerNotFound):
        statement(session, an_actor(Role.COLLECTOR, name="beto"), customer="C1", end=TODAY)


# ------------------------------------------------------------------ rows of their own
def kinds(found):
    return [(line.kind, line.charge, line.credit) for line in found.lines if line.kind not in ("invoice", "payment")]


def test_money_across_currencies_is_two_lines_that_come_back_with_the_opposite_sign(session, customer):
    charge = a_charge(session, customer, amount="100.00", currency="USD", rate="18.5", issued_on=TODAY, number="A-1")
    a_payment(session, customer, amount="1876.94", number="R-1")
    given, closed = Decimal("1876.94"), Decimal("100.00")
    way = Way(document_rate=Decimal("18.7694"))
    apply_payment(session, system(), number="R-1", lines=[a_line(session, charge, "100.00")], way=way)
    pesos, dollars = sheet(session), sheet(session, currency="USD")
    assert (kinds(pesos), pesos.closing) == ([("exchange", given, 0)], 0)
    assert (kinds(dollars), dollars.closing) == ([("exchange", 0, closed)], 0)
    undo_application(session, system(), number="R-1", document="A-1", on=TODAY + DAY, reason="error")
    pesos, dollars = (sheet(session, end=TODAY + DAY, currency=currency) for currency in ("MXN", "USD"))
    assert (kinds(pesos)[1:], pesos.closing) == ([("exchange", 0, given)], -given)
    assert (kinds(dollars)[1:], dollars.closing) == ([("exchange", closed, 0)], closed)
    assert [row.sales for row in kpis(session, system(), start="2026-03", end="2026-04", today=TODAY)] == [0, 100, 0, 0]
    assert [row.collected for row in kpis(session, system(), start="2026-03", end="2026-04", today=TODAY)] == [
        given,
        0,
        0,
        0,
    ]


def test_a_small_difference_closed_at_application_is_a_credit_of_its_own(session, customer):
    set_setting(session, system(), key="writeoff.tolerance", value="1.00")
    charge = a_charge(session, customer, amount="100.00")
    a_payment(session, customer, amount="99.50", number="R-1")
    apply_payment(session, system(), number="R-1", lines=[a_line(session, charge, "99.50", close=True)])
    found = sheet(session)
    assert (kinds(found), found.closing) == ([("write_off", 0, Decimal("0.50"))], 0)


def test_money_given_back_is_a_charge_closed_by_the_credit(session, customer):
    a_payment(session, customer, amount="80.00", number="R-1")
    refund(session, system(), number="R-1", amount=Decimal("30.00"), on=TODAY)
    found = sheet(session)
    assert kinds(found) == [("refund", Decimal("30.00"), 0)]
    assert found.closing == found.aging.unapplied == Decimal("-50.00")
