"""What the cashier reads: open instalments, money on account, payments, the card of one, nobody's money."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.auth.actor import Role
from core.customers.visibility import CustomerNotFound
from core.errors import NotAllowed
from core.payments.application import Way, undo_application
from core.payments.card import payment_card
from core.payments.finding import PaymentNotFound
from core.payments.proposal import Method, Outcome, Rates, lines_of, plan, propose
from core.payments.queries import (
    Standing,
    how_many_payments,
    on_account,
    open_instalments,
    payments,
    unidentified,
)
from core.payments.refunds import refund
from core.payments.registration import register_payment
from core.payments.reversal import reverse_payment
from core.payments.unidentified import identify_payment
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, line, pay, received

ANA, CASHIER = an_actor(), an_actor(Role.CASHIER, name="caja")
SUR = an_actor(Role.MANAGER, region="SUR", name="sur")
MONTH: dict[str, Any] = {"start": date(2026, 3, 1), "end": TODAY}


def of(session, customer, currency="MXN", **facts):
    return open_instalments(session, ANA, customer_id=customer.id, currency=currency, on=TODAY, **facts)


def test_open_instalments_come_with_the_oldest_due_first(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="10.00", number="B", overdue_days=5)
    parts = [(TODAY - timedelta(days=9), "30.00"), (TODAY + timedelta(days=2), "50.00")]
    a_charge(session, customer, number="A", instalments=parts)
    a_charge(session, customer, currency="USD", rate="18")
    found = of(session, customer)
    assert [(row.number, row.instalment, row.instalments, row.days) for row in found.rows] == [
        ("A", 1, 2, 9), ("B", 1, 1, 5), ("A", 2, 2, -2)
    ]  # fmt: skip
    assert (found.found, found.open) == (3, Decimal("90.00"))


def test_what_is_closed_is_not_shown(session):
    customer = a_customer(session)
    pay(session, customer, a_charge(session, customer, amount="10.00"), amount="10.00")
    assert of(session, customer).rows == []


def test_a_long_list_is_cut_and_still_adds_up(session):
    customer = a_customer(session)
    for number in range(5):
        a_charge(session, customer, amount="10.00", number=f"A_{number}")
    found = of(session, customer, limit=2)
    assert (len(found.rows), found.found, found.open) == (2, 5, Decimal("50.00"))
    assert [row.number for row in of(session, customer, text="_3").rows] == ["A_3"]


def test_what_others_owe_is_not_shown(session):
    customer = a_customer(session, region="NORTE")
    with pytest.raises(CustomerNotFound):
        open_instalments(session, SUR, customer_id=customer.id or 0, currency="MXN", on=TODAY)
    with pytest.raises(CustomerNotFound):
        on_account(session, SUR, customer_id=customer.id or 0)


def test_what_is_in_favour_is_listed(session):
    customer = a_customer(session)
    a_payment(session, customer, number="P-1")
    a_credit_note(session, customer, number="N-1", amount="7.00")
    pay(session, customer, a_charge(session, customer, amount="10.00"), amount="10.00")
    assert [(row.number, row.left) for row in on_account(session, ANA, customer_id=customer.id or 0)] == [
        ("P-1", Decimal("100.00")), ("N-1", Decimal("7.00"))
    ]  # fmt: skip


# ------------------------------------------------------------------ nobody's money
def test_nobodys_money_is_listed_with_its_age(session):
    a_payment(session, None, number="X-1", paid_on=TODAY - timedelta(days=12), reference="SPEI 9")
    [row] = unidentified(session, CASHIER, as_of=TODAY)
    assert (row.number, row.days, row.bank_reference) == ("X-1", 12, "SPEI 9")


def test_before_its_identification_a_payment_was_nobodys(session):
    payment = a_payment(session, None, paid_on=TODAY - timedelta(days=12))
    on = TODAY - timedelta(days=2)
    identify_payment(session, CASHIER, number=payment.number, customer_id=a_customer(session).id or 0, on=on)
    assert len(unidentified(session, CASHIER, as_of=on - timedelta(days=1))) == 1
    assert unidentified(session, CASHIER, as_of=on) == []


def test_what_was_reversed_is_nobodys_no_more(session):
    payment = a_payment(session, None, paid_on=TODAY - timedelta(days=1))
    reverse_payment(session, ANA, number=payment.number, on=TODAY, reason="not_received")
    assert len(unidentified(session, CASHIER, as_of=TODAY - timedelta(days=1))) == 1
    assert unidentified(session, CASHIER, as_of=TODAY) == []


@pytest.mark.parametrize("text", ["x-1", "spei", "1,234.50", "$1234.5"])
def test_nobodys_money_is_found_by_number_reference_or_amount(session, text):
    a_payment(session, None, number="X-1", amount="1234.50", reference="SPEI 9")
    a_payment(session, None, number="Y-2")
    assert [row.number for row in unidentified(session, CASHIER, as_of=TODAY, text=text)] == ["X-1"]


@pytest.mark.parametrize("actor", [an_actor(Role.COLLECTOR), an_actor(Role.SALES_REP), SUR])
def test_nobodys_money_is_not_for_everybody(session, actor):
    with pytest.raises(NotAllowed):
        unidentified(session, actor, as_of=TODAY)


# ------------------------------------------------------------------ payments
def test_payments_are_listed_latest_first_with_what_is_left(session):
    customer = a_customer(session)
    first = a_payment(session, customer, paid_on=TODAY - timedelta(days=3))
    second = pay(session, customer, a_charge(session, customer), amount="40.00")
    a_payment(session, None)
    found = payments(session, ANA, **MONTH)
    assert [(row.number, row.left) for row in found] == [
        (second.number, Decimal("0.00")), (first.number, Decimal("100.00"))
    ]  # fmt: skip
    assert how_many_payments(session, ANA, **MONTH) == 2


def test_payments_are_found_by_standing_method_and_text(session):
    customer = a_customer(session, legal_name="Peña y Hijos")
    gone = a_payment(session, customer, method="cheque")
    reverse_payment(session, an_actor(name="otra"), number=gone.number, on=TODAY, reason="returned_cheque")
    kept = a_payment(session, a_customer(session), reference="ABC 1")
    ways: dict[str, list[dict[str, Any]]] = {
        gone.number: [{"standing": Standing.REVERSED}, {"method": "cheque"}, {"text": "peña"}],
        kept.number: [{"standing": Standing.LEFT}, {"method": "transfer"}, {"text": "abc"}],
    }
    for number, filters in ways.items():
        for one in filters:
            assert [row.number for row in payments(session, ANA, **MONTH, **one)] == [number], one
            assert how_many_payments(session, ANA, **MONTH, **one) == 1, one


def test_payments_of_others_are_not_listed(session):
    a_payment(session, a_customer(session, region="NORTE"))
    assert payments(session, SUR, **MONTH) == []
    assert how_many_payments(session, SUR, **MONTH) == 0


# ------------------------------------------------------------------ one payment
def test_the_card_tells_what_was_applied_and_what_undone(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, number="F-1")
    payment = pay(session, customer, charge, amount="60.00")
    undo_application(session, CASHIER, number=payment.number, document="F-1", on=TODAY, reason="x")
    card = payment_card(session, ANA, payment.number)
    assert [(one.document, one.amount, one.is_undo, one.undone) for one in card.applied] == [
        ("F-1", Decimal("60.00"), False, True), ("F-1", Decimal("-60.00"), True, False)
    ]  # fmt: skip
    assert (card.left, card.undoable, card.customer_code) == (Decimal("60.00"), [], customer.code)


def test_the_card_tells_exchange_small_differences_refunds_and_reversal(session):
    set_setting(session, ANA, key="writeoff.tolerance", value="5.00")
    customer = a_customer(session)
    dollars = a_charge(session, customer, amount="1000.00", currency="USD", rate="18.5", number="U-1")
    pesos = a_charge(session, customer, amount="100.00", number="F-1")
    done = register_payment(
        session, CASHIER, received=received(customer, "18900.00"),
        lines=[line(session, dollars, "1000.00"), line(session, pesos, "99.00", close=True)],
        way=Way(document_rate=Decimal("18.7694")),
    )  # fmt: skip
    refund(session, CASHIER, number=done.number, amount=Decimal("31.60"), on=TODAY)
    card = payment_card(session, ANA, done.number)
    assert [(one.document, one.amount, one.spent, one.difference) for one in card.applied] == [
        ("U-1", Decimal("1000.00"), Decimal("18769.40"), Decimal("269.40")),
        ("F-1", Decimal("99.00"), None, None),
    ]  # fmt: skip
    assert [(one.kind, one.amount, one.document) for one in card.given] == [
        ("write_off", Decimal("1.00"), "F-1"), ("refund", Decimal("31.60"), None)
    ]  # fmt: skip
    assert (card.left, card.undoable) == (Decimal("0.00"), ["U-1", "F-1"])
    reverse_payment(session, ANA, number=done.number, on=TODAY, reason="duplicate")
    after = payment_card(session, ANA, done.number)
    assert after.reversal is not None
    assert (after.reversal.reason, after.undoable, after.given[0].undone_on) == ("duplicate", [], TODAY)


def test_the_card_of_nobodys_money_is_for_those_who_may(session):
    payment = a_payment(session, None)
    assert payment_card(session, CASHIER, payment.number).booked_on is None
    for actor in (an_actor(Role.COLLECTOR), SUR):
        with pytest.raises(PaymentNotFound):
            payment_card(session, actor, payment.number)


# ------------------------------------------------------------------ the proposal
def planned(session, method, amount, *charges, rates=Rates(), currency="MXN"):  # noqa: B008  immutable
    customer = a_customer(session)
    for number, (charge, overdue) in enumerate(charges):
        a_charge(session, customer, amount=charge, overdue_days=overdue, number=f"{customer.code}-{number}",
                 currency=currency, rate="18.5" if currency == "USD" else "1")  # fmt: skip
    found = of(session, customer, currency)
    given = propose(method, found.rows, Decimal(amount), rates)
    return None if given is None else plan(found.rows, given, Decimal(amount), rates, found.open)


def test_the_oldest_are_proposed_first(session):
    made = planned(session, Method.OLDEST, "70.00", ("50.00", 10), ("40.00", 5), ("30.00", 1))
    assert [(one.given, one.outcome) for one in made.rows] == [
        (Decimal("50.00"), Outcome.SETTLED), (Decimal("20.00"), Outcome.PARTLY), (Decimal("0.00"), Outcome.UNTOUCHED)
    ]  # fmt: skip
    assert (made.applied, made.left, made.balance_after) == (Decimal("70.00"), Decimal("0.00"), Decimal("50.00"))
    assert (made.settled, made.partly) == (1, 1)
    assert [one.amount for one in lines_of(made.rows)] == [Decimal("50.00"), Decimal("20.00")]


def test_an_exact_combination_is_proposed_or_nothing(session):
    made = planned(session, Method.EXACT, "80.00", ("50.00", 10), ("40.00", 5), ("30.00", 1))
    assert [one.given for one in made.rows] == [Decimal("50.00"), Decimal("0.00"), Decimal("30.00")]
    assert planned(session, Method.EXACT, "81.00", ("50.00", 10), ("40.00", 5), ("30.00", 1)) is None


def test_dollars_are_proposed_for_pesos(session):
    rates = Rates(document=Decimal("18.7694"))
    made = planned(session, Method.OLDEST, "18700.00", ("1000.00", 10), rates=rates, currency="USD")
    assert (made.rows[0].given, made.applied, made.left) == (Decimal("996.30"), Decimal("18700.00"), Decimal("0.00"))


def test_too_much_by_hand_is_said(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="50.00")
    found = of(session, customer)
    made = plan(found.rows, [Decimal("50.01")], Decimal("100.00"), Rates(), found.open)
    assert (made.rows[0].outcome, made.rows[0].left) == (Outcome.TOO_MUCH, Decimal("-0.01"))


def test_only_small_differences_are_closed(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="50.00")
    found = of(session, customer)
    for given, most, closes in (("49.50", "0.50", True), ("49.49", "0.50", False), ("50.00", "0.50", False)):
        made = plan(found.rows, [Decimal(given)], Decimal("100.00"), Rates(), found.open)
        assert [one.close for one in lines_of(made.rows, close_up_to=Decimal(most))] == [closes]
