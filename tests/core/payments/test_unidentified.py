"""Identifying payments: whose they are, from which day, and what forbids it; also by the command line."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role
from core.db import reading, transaction
from core.errors import NotAllowed
from core.ledger.models import Application, Entry
from core.ledger.months import MonthClosed
from core.ledger.reversing import ReversedTooEarly
from core.payments.application import apply_payment
from core.payments.reversal import reverse_payment
from core.payments.unidentified import AlreadyIdentified, IdentifiedTooEarly, ReversedBefore, identify_payment
from tests.build import TODAY, a_charge, a_closed_month, a_customer, a_payment, an_actor, entries_of, line

CASHIER = an_actor(Role.CASHIER, name="caja")
MANAGER = an_actor(Role.MANAGER, name="gerente")
LATER = TODAY + timedelta(days=2)


def reverse(session, payment, on=TODAY, actor=MANAGER):
    return reverse_payment(session, actor, number=payment.number, on=on, reason="not_received")


def identify(session, payment, customer, on=TODAY, actor=CASHIER):
    return identify_payment(session, actor, number=payment.number, customer_id=customer.id, on=on)


def test_an_identified_payment_is_on_the_account_from_that_day(session):
    payment, customer = a_payment(session, None), a_customer(session)
    identify(session, payment, customer, on=LATER)
    [entry] = entries_of(session, payment)
    assert (entry.customer_id, entry.booked_on, entry.paid_on) == (customer.id, LATER, TODAY)


def test_an_identified_payment_may_be_applied_from_that_day(session):
    payment, customer = a_payment(session, None), a_customer(session)
    charge = a_charge(session, customer)
    identify(session, payment, customer, on=LATER)
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "100.00")])
    assert session.scalars(select(col(Application.applied_on))).all() == [LATER]


def test_a_payment_is_identified_once(session):
    payment = a_payment(session, None)
    identify(session, payment, a_customer(session))
    with pytest.raises(AlreadyIdentified):
        identify(session, payment, a_customer(session))


def test_a_payment_is_not_identified_before_it_came(session):
    with pytest.raises(IdentifiedTooEarly):
        identify(session, a_payment(session, None), a_customer(session), on=TODAY - timedelta(days=1))


def test_a_payment_is_not_identified_in_a_closed_month(session):
    payment = a_payment(session, None)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        identify(session, payment, a_customer(session))


def test_a_payment_that_was_reversed_before_is_not_identified(session):
    payment = a_payment(session, None)
    reverse(session, payment, on=TODAY, actor=an_actor(name="otra"))
    with pytest.raises(ReversedBefore):
        identify(session, payment, a_customer(session), on=LATER)


def test_a_payment_reversed_later_is_on_the_account_until_then(session):
    payment, customer = a_payment(session, None), a_customer(session)
    reverse(session, payment, on=LATER, actor=an_actor(name="otra"))
    identify(session, payment, customer, on=TODAY)
    rows = session.execute(select(col(Entry.side), col(Entry.booked_on), col(Entry.open)).order_by(col(Entry.id)))
    assert [tuple(row) for row in rows] == [
        ("credit", TODAY, Decimal("0.00")), ("charge", LATER, Decimal("0.00"))
    ]  # fmt: skip


def test_only_who_registers_payments_identifies_them(session):
    payment, customer = a_payment(session, None), a_customer(session)
    with pytest.raises(NotAllowed):
        identify(session, payment, customer, actor=MANAGER)


def test_a_reversed_identified_payment_is_refused_before_its_identification(session):
    payment, customer = a_payment(session, None), a_customer(session)
    identify(session, payment, customer, on=LATER)
    with pytest.raises(ReversedTooEarly):
        reverse(session, payment, on=TODAY)


# ------------------------------------------------------------------ the command
@pytest.fixture
def books(database):
    """A customer `007` and an unidentified payment `DEP-1` of TODAY."""
    with transaction() as session:
        a_customer(session, "007")
        a_payment(session, None, number="DEP-1")


def held():
    with reading() as session:
        return [tuple(row) for row in session.execute(select(col(Entry.number), col(Entry.booked_on)))]


def test_the_command_identifies_from_today(books, cli):
    answer = cli("payments", "identify", "DEP-1", "--customer", "7", "--today", "2026-04-02")
    assert answer.code == 0, answer.err
    assert held() == [("DEP-1", LATER)]


def test_the_command_answers_in_json(books, cli):
    answer = cli("payments", "identify", "DEP-1", "--customer", "007", "--on", "2026-03-31", "--format", "json")
    assert answer.data == {
        "number": "DEP-1", "customer": "007", "on": "2026-03-31", "amount": "100.00", "currency": "MXN"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("DEP-1", "--customer", "nobody"), 1),
        (("DEP-9", "--customer", "007"), 1),
        (("DEP-1", "--customer", "007", "--on", "2026-03-30"), 1),
        (("DEP-1", "--customer", "007", "--on", "31/03/2026"), 2),
        (("DEP-1",), 2),
        ((), 2),
    ],
)
def test_the_command_refuses_in_one_line_and_writes_nothing(books, cli, argv, code):
    answer = cli("payments", "identify", *argv, "--today", "2026-04-02")
    assert (answer.code, answer.out) == (code, "")
    assert answer.reasons
    assert held() == []


def test_the_command_is_refused_to_who_may_not(books, cli, user):
    user("ana", "auditor")
    assert cli("payments", "identify", "DEP-1", "--customer", "007", "--as", "ana").code == 1
    assert held() == []
