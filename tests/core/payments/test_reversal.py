"""Reversing whole payments and documents; refunds and their undoing; who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role
from core.documents.checks import OwnWork, ReasonMissing
from core.documents.credit_notes import apply_credit_note
from core.documents.reversal import reverse_document
from core.errors import NotAllowed
from core.ledger.models import Application, Entry, Kind
from core.ledger.months import MonthClosed
from core.ledger.posting import OverApplied
from core.ledger.reversing import AlreadyReversed, ReversedTooEarly
from core.payments.application import Way, apply_payment, undo_application
from core.payments.finding import PaymentNotFound
from core.payments.refunds import refund, undo_refund
from core.payments.registration import register_payment
from core.payments.reversal import reverse_payment
from core.policies.settings import set_setting
from tests.build import (
    TODAY,
    a_charge,
    a_closed_month,
    a_credit_note,
    a_customer,
    a_payment,
    an_actor,
    entries_of,
    line,
    pay,
    received,
)

CASHIER = an_actor(Role.CASHIER, name="caja")
MANAGER = an_actor(Role.MANAGER, name="gerente")
LATER = TODAY + timedelta(days=2)


def reverse(session, payment, on=TODAY, actor=MANAGER, reason="returned_cheque"):
    return reverse_payment(session, actor, number=payment.number, on=on, reason=reason)


def open_of(session, paper):
    return [str(entry.open) for entry in entries_of(session, paper)]


def balance(session, currency="MXN"):
    """What everybody owes by the ledger: charges less credits."""
    rows = session.execute(select(col(Entry.side), col(Entry.amount)).where(col(Entry.currency) == currency))
    return sum((amount if side == "charge" else -amount for side, amount in rows), Decimal("0.00"))


def all_open(session):
    return {str(open_) for open_ in session.scalars(select(col(Entry.open)))}


def test_a_returned_cheque_reopens_its_invoices_with_their_first_due_dates(session):
    customer = a_customer(session)
    charges = [a_charge(session, customer, amount=amount, overdue_days=9) for amount in ("30000.00", "20000.00")]
    lines = [line(session, charges[0], "30000.00"), line(session, charges[1], "20000.00")]
    done = register_payment(session, CASHIER, received=received(customer, "50000.00", method="cheque"), lines=lines)
    reversal = reverse_payment(session, MANAGER, number=done.number, on=LATER, reason="returned_cheque")
    assert [open_of(session, charge) for charge in charges] == [["30000.00"], ["20000.00"]]
    assert {entry.due_on for charge in charges for entry in entries_of(session, charge)} == {TODAY - timedelta(days=9)}
    assert (reversal.reason, balance(session)) == ("returned_cheque", Decimal("50000.00"))


def test_a_reversed_payment_is_used_up(session):
    payment = a_payment(session, a_customer(session))
    reverse(session, payment)
    assert open_of(session, payment) == ["0.00"]
    assert balance(session) == Decimal("0.00")


def test_a_payment_is_reversed_once(session):
    payment = a_payment(session, a_customer(session))
    reverse(session, payment)
    with pytest.raises(AlreadyReversed):
        reverse(session, payment, on=LATER)


def test_a_payment_is_not_reversed_before_it_came(session):
    payment = a_payment(session, a_customer(session))
    with pytest.raises(ReversedTooEarly):
        reverse(session, payment, on=TODAY - timedelta(days=1))


def test_an_unidentified_payment_is_not_reversed_before_it_came(session):
    payment = a_payment(session, None)
    admin = an_actor(name="otra")
    with pytest.raises(ReversedTooEarly):
        reverse(session, payment, on=TODAY - timedelta(days=1), actor=admin)
    reverse(session, payment, actor=admin)


def test_a_payment_is_not_reversed_before_an_undo_on_its_applications(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00")
    payment = pay(session, customer, charge, amount="60.00")
    undo_application(session, CASHIER, number=payment.number, document=charge.number, on=LATER, reason="x")
    with pytest.raises(ReversedTooEarly):
        reverse(session, payment, on=TODAY)
    reverse(session, payment, on=LATER)


def test_what_was_applied_later_is_undone_on_its_own_date(session):
    customer = a_customer(session)
    charge, payment = a_charge(session, customer), a_payment(session, customer)
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "100.00")], way=Way(on=LATER))
    reverse(session, payment, on=TODAY)
    undone = session.scalars(
        select(col(Application.applied_on)).where(col(Application.undoes_id).is_not(None))
    )  # fmt: skip
    assert list(undone) == [LATER]
    assert (open_of(session, charge), open_of(session, payment)) == (["1000.00"], ["0.00"])


def test_nothing_is_reversed_in_a_closed_month(session):
    payment = a_payment(session, a_customer(session))
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        reverse(session, payment)
    reverse(session, payment, on=LATER)


def test_the_small_difference_goes_with_its_payment(session):
    set_setting(session, an_actor(), key="writeoff.tolerance", value="1.00")
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    done = register_payment(
        session, CASHIER, received=received(customer, "99.50"), lines=[line(session, charge, "99.50", close=True)]
    )
    reverse_payment(session, MANAGER, number=done.number, on=LATER, reason="duplicate")
    assert open_of(session, charge) == ["100.00"]
    assert balance(session) == Decimal("100.00")


def test_the_exchange_goes_with_its_payment(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="1000.00", currency="USD", rate="18.5")
    done = register_payment(
        session, CASHIER, received=received(customer, "18700.00"), lines=[line(session, charge, "996.30")],
        way=Way(document_rate=Decimal("18.7694")),
    )  # fmt: skip
    reverse_payment(session, MANAGER, number=done.number, on=LATER, reason="not_received")
    assert open_of(session, charge) == ["1000.00"]
    assert (balance(session), balance(session, "USD")) == (Decimal("0.00"), Decimal("1000.00"))
    assert all_open(session) == {"0.00", "1000.00"}


def test_the_money_on_a_reversed_invoice_becomes_unapplied(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00")
    payment = pay(session, customer, charge, amount="60.00")
    reverse_document(session, MANAGER, number=charge.number, on=LATER, reason="wrong_customer")
    assert (open_of(session, charge), open_of(session, payment)) == (["0.00"], ["60.00"])


def test_pesos_spent_on_a_reversed_dollar_invoice_come_back_as_pesos(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="1000.00", currency="USD", rate="18.5")
    done = register_payment(
        session, CASHIER, received=received(customer, "18769.40"), lines=[line(session, charge, "1000.00")],
        way=Way(document_rate=Decimal("18.7694")),
    )  # fmt: skip
    reverse_document(session, MANAGER, number=charge.number, on=LATER, reason="wrong_customer")
    left = session.scalars(
        select(col(Entry.open)).where(col(Entry.number) == done.number, col(Entry.kind) == "payment")
    )
    assert list(left) == [Decimal("18769.40")]
    assert (balance(session), balance(session, "USD")) == (Decimal("-18769.40"), Decimal("0.00"))


def test_a_difference_on_a_reversed_invoice_goes_too(session):
    set_setting(session, an_actor(), key="writeoff.tolerance", value="1.00")
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    register_payment(
        session, CASHIER, received=received(customer, "99.50"), lines=[line(session, charge, "99.50", close=True)]
    )
    reverse_document(session, MANAGER, number=charge.number, on=LATER, reason="price")
    assert balance(session) == Decimal("-99.50")


def test_a_credit_note_that_is_reversed_opens_what_it_had_closed(session):
    customer = a_customer(session)
    charge, note = a_charge(session, customer, amount="60.00"), a_credit_note(session, customer, amount="60.00")
    apply_credit_note(session, CASHIER, number=note.number, lines=[line(session, charge, "60.00")])
    reverse_document(session, MANAGER, number=note.number, on=TODAY, reason="other")
    assert (open_of(session, charge), open_of(session, note)) == (["60.00"], ["0.00"])


def test_nothing_can_be_applied_to_what_was_reversed(session):
    customer = a_customer(session)
    charge, payment = a_charge(session, customer), a_payment(session, customer)
    reverse_document(session, MANAGER, number=charge.number, on=LATER, reason="price")
    for on in (TODAY, LATER):
        with pytest.raises(OverApplied):
            apply_payment(
                session, CASHIER, number=payment.number, lines=[line(session, charge, "1.00")], way=Way(on=on)
            )


# ------------------------------------------------------------------ who
def test_who_registered_a_payment_does_not_reverse_it(session):
    admin = an_actor(Role.ADMIN, name="unica")
    done = register_payment(session, admin, received=received(a_customer(session)))
    with pytest.raises(OwnWork):
        reverse_payment(session, admin, number=done.number, on=TODAY, reason="duplicate")
    reverse_payment(session, MANAGER, number=done.number, on=TODAY, reason="duplicate")


def test_a_cashier_does_not_reverse_on_the_screen(session):
    payment = a_payment(session, a_customer(session))
    with pytest.raises(NotAllowed):
        reverse(session, payment, actor=CASHIER)


def test_a_manager_reverses_in_his_region_only(session):
    here, there = (a_payment(session, a_customer(session, region=region)) for region in ("NORTE", "SUR"))
    manager = an_actor(Role.MANAGER, name="norte", region="NORTE")
    reverse(session, here, actor=manager)
    with pytest.raises(PaymentNotFound):
        reverse(session, there, actor=manager)


def test_a_manager_of_a_region_sees_no_unidentified_payment(session):
    payment = a_payment(session, None)
    with pytest.raises(PaymentNotFound):
        reverse(session, payment, actor=an_actor(Role.MANAGER, region="NORTE"))


def test_a_reversal_says_why(session):
    payment = a_payment(session, a_customer(session))
    with pytest.raises(ReasonMissing):
        reverse(session, payment, reason="  ")


# ------------------------------------------------------------------ refunds
def test_money_in_favour_is_given_back_by_a_charge_of_its_own(session):
    payment = a_payment(session, a_customer(session))
    refund(session, CASHIER, number=payment.number, amount=Decimal("40.00"), on=TODAY)
    assert open_of(session, payment) == ["60.00"]
    [given] = session.scalars(select(Entry).where(col(Entry.kind) == Kind.REFUND))
    assert (given.side, str(given.amount), str(given.open)) == ("charge", "40.00", "0.00")
    assert balance(session) == Decimal("-60.00")


def test_a_credit_note_in_favour_may_be_refunded_too(session):
    note = a_credit_note(session, a_customer(session))
    refund(session, CASHIER, number=note.number, amount=Decimal("100.00"), on=TODAY)
    assert open_of(session, note) == ["0.00"]


def test_no_more_is_given_back_than_is_left(session):
    payment = a_payment(session, a_customer(session))
    with pytest.raises(OverApplied):
        refund(session, CASHIER, number=payment.number, amount=Decimal("100.01"), on=TODAY)


def test_an_invoice_is_not_refunded(session):
    charge = a_charge(session, a_customer(session))
    with pytest.raises(PaymentNotFound):
        refund(session, CASHIER, number=charge.number, amount=Decimal("1.00"), on=TODAY)


def test_an_undone_refund_is_in_favour_again(session):
    payment = a_payment(session, a_customer(session))
    given = refund(session, CASHIER, number=payment.number, amount=Decimal("40.00"), on=TODAY)
    undo_refund(session, MANAGER, adjustment_id=given.id or 0, on=LATER, reason="not_received")
    assert open_of(session, payment) == ["100.00"]
    assert balance(session) == Decimal("-100.00")
    with pytest.raises(AlreadyReversed):
        undo_refund(session, MANAGER, adjustment_id=given.id or 0, on=LATER, reason="again")


def test_who_refunds_does_not_undo_it(session):
    payment = a_payment(session, a_customer(session))
    admin = an_actor(Role.ADMIN, name="unica")
    given = refund(session, admin, number=payment.number, amount=Decimal("40.00"), on=TODAY)
    with pytest.raises(OwnWork):
        undo_refund(session, admin, adjustment_id=given.id or 0, on=LATER, reason="x")


def test_money_given_back_for_a_cheque_that_returns_is_owed(session):
    customer = a_customer(session)
    payment = a_payment(session, customer, method="cheque")
    refund(session, CASHIER, number=payment.number, amount=Decimal("40.00"), on=TODAY)
    reverse(session, payment, on=LATER)
    [given] = session.scalars(
        select(Entry).where(col(Entry.kind) == Kind.REFUND).execution_options(populate_existing=True)
    )
    assert (str(given.open), balance(session)) == ("40.00", Decimal("40.00"))
