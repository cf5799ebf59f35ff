"""Debit notes: a charge with a reason of the catalogue."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.documents.applying import OfAnotherCustomer
from core.documents.credit_notes import SubtotalNotValid, UnknownReason
from core.documents.debit_notes import DueBeforeIssue, register_debit_note
from core.errors import NotAllowed
from core.ledger.months import MonthClosed
from tests.build import TODAY, a_charge, a_closed_month, a_customer, an_actor, entries_of

CASHIER = an_actor(Role.CASHIER, name="caja")


def register(session, customer, *, actor=CASHIER, **facts):
    values = {
        "issued_on": TODAY, "due_on": TODAY + timedelta(days=5), "total": Decimal("100.00"), "currency": "MXN",
        "reason": "bank_fee", **facts,
    }  # fmt: skip
    return register_debit_note(session, actor, customer_id=customer.id, **values)


def test_a_debit_note_is_owed_from_its_day(session):
    customer = a_customer(session, sales_rep="V1")
    made = register(session, customer)
    [entry] = entries_of(session, made)
    assert (entry.side, entry.kind, entry.open, entry.due_on) == (
        "charge", "debit_note", Decimal("100.00"), TODAY + timedelta(days=5)
    )  # fmt: skip
    assert (made.number, made.sales_rep) == (f"ND-{made.id:06d}", "V1")


def test_a_debit_note_may_be_about_a_document(session):
    customer = a_customer(session)
    charge = a_charge(session, customer)
    assert register(session, customer, about=charge.number).applies_to == charge.number
    with pytest.raises(OfAnotherCustomer):
        register(session, a_customer(session), about=charge.number)


def test_a_debit_note_is_not_due_before_its_day(session):
    with pytest.raises(DueBeforeIssue):
        register(session, a_customer(session), due_on=TODAY - timedelta(days=1))


def test_its_reason_is_one_of_the_catalogue(session):
    with pytest.raises(UnknownReason):
        register(session, a_customer(session), reason="return")


def test_its_tax_is_part_of_the_total(session):
    customer = a_customer(session)
    assert register(session, customer, tax=Decimal("16.00")).subtotal == Decimal("84.00")
    with pytest.raises(SubtotalNotValid):
        register(session, customer, tax=Decimal("100.01"))


def test_none_is_issued_in_a_closed_month(session):
    customer = a_customer(session)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        register(session, customer)


def test_only_who_may_registers_one(session):
    with pytest.raises(NotAllowed):
        register(session, a_customer(session), actor=an_actor(Role.COLLECTOR))


def test_the_same_form_sent_twice_registers_one(session):
    customer = a_customer(session)
    first, second = (register(session, customer, submission="token") for _ in range(2))
    assert first.id == second.id
