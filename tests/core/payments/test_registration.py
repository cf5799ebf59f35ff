"""Registering a payment: what it closes, what stays in favour, its number, and that it enters once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.auth.actor import Role
from core.customers.visibility import CustomerNotFound
from core.documents.applying import NoSuchInstalment, TwiceInTheList
from core.documents.checks import AmountNotValid, NumberNotValid, TextTooLong
from core.errors import NotAllowed
from core.ledger.models import Application, Entry
from core.ledger.months import MonthClosed
from core.ledger.posting import NumberTaken, OverApplied
from core.payments.application import NotOnAccount
from core.payments.models import Payment
from core.payments.registration import MoreThanReceived, UnknownMethod, register_payment
from core.payments.reversal import reverse_payment
from core.payments.similar import LooksLikeAnother, similar_payments
from core.policies.models import ExchangeRate
from core.policies.rates import RateMissing, RateOfCompanyCurrency
from tests.build import (
    TODAY,
    a_charge,
    a_closed_month,
    a_customer,
    a_payment,
    an_actor,
    an_event,
    entries_of,
    line,
    received,
)

CASHIER = an_actor(Role.CASHIER, name="caja")


def test_a_payment_closes_the_instalments_that_its_lines_name(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, instalments=[(date(2026, 3, 1), "30.00"), (date(2026, 4, 1), "50.00")])
    done = register_payment(
        session,
        CASHIER,
        received=received(customer, "40.00"),
        lines=[line(session, charge, "30.00"), line(session, charge, "10.00", instalment=2)],
    )
    assert [one.open for one in entries_of(session, charge)] == [Decimal("0.00"), Decimal("40.00")]
    assert (done.applied, done.left, done.repeated) == (Decimal("40.00"), Decimal("0.00"), False)


def test_what_is_not_applied_stays_in_favour(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00")
    done = register_payment(session, CASHIER, received=received(customer), lines=[line(session, charge, "60.00")])
    assert done.left == Decimal("40.00")


def test_an_application_is_dated_when_both_papers_exist(session):
    customer = a_customer(session)
    later = TODAY + timedelta(days=3)
    charge = a_charge(session, customer, amount="60.00", issued_on=later, due_on=later)
    register_payment(session, CASHIER, received=received(customer), lines=[line(session, charge, "60.00")])
    assert session.scalars(select(col(Application.applied_on))).all() == [later]


def test_nobody_closes_more_than_is_open(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00", number="F-7")
    with pytest.raises(OverApplied) as refused:
        register_payment(session, CASHIER, received=received(customer), lines=[line(session, charge, "60.01")])
    assert "F-7" in str(refused.value)
    assert "60.00" in str(refused.value)


def test_nobody_spends_more_than_was_received(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="600.00")
    with pytest.raises(MoreThanReceived) as refused:
        register_payment(session, CASHIER, received=received(customer), lines=[line(session, charge, "100.01")])
    assert "100.00" in str(refused.value)
    assert "100.01" in str(refused.value)


def test_the_instalments_of_others_are_not_there(session):
    foreign = a_charge(session, a_customer(session))
    with pytest.raises(NoSuchInstalment):
        register_payment(
            session, CASHIER, received=received(a_customer(session)), lines=[line(session, foreign, "1.00")]
        )


def test_one_instalment_has_one_line(session):
    customer = a_customer(session)
    charge = a_charge(session, customer)
    with pytest.raises(TwiceInTheList):
        register_payment(
            session,
            CASHIER,
            received=received(customer),
            lines=[line(session, charge, "1.00"), line(session, charge, "2.00")],
        )


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "10000000000000.00", "1.005", "NaN", "Infinity"])
def test_an_amount_is_above_zero_with_two_decimals(session, amount):
    with pytest.raises(AmountNotValid):
        register_payment(session, CASHIER, received=received(a_customer(session), amount))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COLLECTOR, Role.AUDITOR, Role.SALES_REP, Role.CREDIT_ANALYST])
def test_only_who_may_registers_payments(session, role):
    with pytest.raises(NotAllowed):
        register_payment(session, an_actor(role), received=received(a_customer(session)))


def test_an_unknown_customer_is_refused(session):
    with pytest.raises(CustomerNotFound):
        register_payment(session, CASHIER, received=received(None)._replace(customer_id=99))


def test_a_form_of_payment_is_one_of_the_list(session):
    with pytest.raises(UnknownMethod):
        register_payment(session, CASHIER, received=received(a_customer(session), method="shells"))


def test_a_text_is_refused_rather_than_cut(session):
    with pytest.raises(TextTooLong):
        register_payment(session, CASHIER, received=received(a_customer(session), bank_reference="x" * 121))


def test_nothing_is_received_in_a_closed_month(session):
    a_closed_month(session, "2026-03")
    for customer in (a_customer(session), None):
        with pytest.raises(MonthClosed):
            register_payment(session, CASHIER, received=received(customer))


# ------------------------------------------------------------------ its number
def test_our_own_numbers_never_collide(session):
    customer = a_customer(session)
    taken = register_payment(session, CASHIER, received=received(customer, "1.00")).payment_id
    for ahead in range(1, 4):
        a_payment(session, customer, number=f"P-{taken + 4 + ahead:06d}")
    numbers = [
        register_payment(session, CASHIER, received=received(customer, f"{place}.50"), another=True).number
        for place in range(1, 8)
    ]
    assert len(set(numbers)) == 7
    assert any(number.endswith("-2") for number in numbers)


def test_a_number_that_is_given_is_kept(session):
    done = register_payment(session, CASHIER, received=received(a_customer(session), number=" REC 77 "))
    assert done.number == "REC 77"


def test_a_number_that_another_paper_bears_is_refused(session):
    customer = a_customer(session)
    a_charge(session, customer, number="77")
    with pytest.raises(NumberTaken):
        register_payment(session, CASHIER, received=received(customer, number="77"))


@pytest.mark.parametrize("number", ["A:1", "A;1", "x" * 61])
def test_a_number_that_lists_could_not_name_is_refused(session, number):
    with pytest.raises(NumberNotValid):
        register_payment(session, CASHIER, received=received(a_customer(session), number=number))


# ------------------------------------------------------------------ once
def test_the_same_form_sent_twice_registers_one(session):
    customer = a_customer(session)
    charge = a_charge(session, customer)
    first, second = (
        register_payment(
            session, CASHIER, received=received(customer), lines=[line(session, charge, "60.00")], submission="token-1"
        )
        for _ in range(2)
    )
    assert (second.payment_id, second.number, second.repeated) == (first.payment_id, first.number, True)
    assert (second.applied, second.left) == (Decimal("60.00"), Decimal("40.00"))
    assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_one_write_is_one_event_that_names_the_documents(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, number="F-1")
    before = session.scalar(select(func.max(AuditEvent.id)))
    done = register_payment(session, CASHIER, received=received(customer), lines=[line(session, charge, "60.00")])
    [event] = session.scalars(select(AuditEvent).where(col(AuditEvent.id) > before))
    assert (event.action, event.entity_id, event.customer_id) == ("payment.registered", done.number, customer.id)
    assert event.user_name == "caja"
    assert event.facts["applications"] == [
        {"document": "F-1", "instalment": 1, "amount": "60.00", "currency": "MXN"}
    ]  # fmt: skip


# ------------------------------------------------------------------ the same money twice
def alike(session, customer, amount="100.00", on=TODAY, reference=None):
    return similar_payments(
        session, CASHIER, customer_id=customer.id, amount=Decimal(amount), currency="MXN", paid_on=on,
        bank_reference=reference,
    )  # fmt: skip


def test_a_payment_that_looks_like_one_already_there_is_refused_and_says_which(session):
    customer = a_customer(session)
    a_payment(session, customer, number="P-20418", paid_on=TODAY - timedelta(days=1))
    with pytest.raises(LooksLikeAnother) as refused:
        register_payment(session, CASHIER, received=received(customer))
    assert "P-20418" in str(refused.value)
    assert register_payment(session, CASHIER, received=received(customer), another=True).number != "P-20418"


@pytest.mark.parametrize(("days", "found"), [(5, True), (-5, True), (6, False), (-6, False)])
def test_near_means_five_days_before_or_after(session, days, found):
    customer = a_customer(session)
    a_payment(session, customer, paid_on=TODAY + timedelta(days=days))
    assert bool(alike(session, customer)) is found


def test_the_same_amount_of_another_customer_is_no_likeness(session):
    a_payment(session, a_customer(session))
    assert alike(session, a_customer(session)) == []


def test_the_same_amount_that_nobody_identified_is_a_likeness(session):
    a_payment(session, None, number="X-1")
    [found] = alike(session, a_customer(session))
    assert (found.number, found.customer, found.same_amount) == ("X-1", "", True)


def test_the_same_reference_is_a_likeness_whatever_amount_customer_and_date(session):
    a_payment(session, a_customer(session), amount="7.00", reference="SPEI 1", paid_on=date(2020, 1, 1))
    [found] = alike(session, a_customer(session), reference="SPEI 1 ")
    assert (found.same_reference, found.same_amount) == (True, False)


def test_a_reversed_payment_may_come_again(session):
    customer = a_customer(session)
    gone = a_payment(session, customer, method="cheque")
    reverse_payment(session, an_actor(Role.MANAGER), number=gone.number, on=TODAY, reason="returned_cheque")
    assert alike(session, customer) == []


# ------------------------------------------------------------------ currencies
def test_the_rate_is_the_last_one_known_on_that_day(session):
    for day, rate in ((1, "18.0"), (30, "19.5")):
        session.add(
            ExchangeRate(rate_on=date(2026, 3, day), currency="USD", rate=Decimal(rate), event_id=an_event(session))
        )
    session.flush()
    done = register_payment(
        session, CASHIER, received=received(a_customer(session), currency="USD", paid_on=date(2026, 3, 29))
    )
    assert session.get_one(Payment, done.payment_id).exchange_rate == Decimal("18.000000")


def test_a_currency_without_rate_asks_for_one(session):
    with pytest.raises(RateMissing):
        register_payment(session, CASHIER, received=received(a_customer(session), currency="USD"))


def test_the_company_currency_has_no_rate(session):
    with pytest.raises(RateOfCompanyCurrency):
        register_payment(session, CASHIER, received=received(a_customer(session), exchange_rate=Decimal("1.1")))


# ------------------------------------------------------------------ without customer
def test_money_of_an_unknown_customer_is_on_nobodys_account(session):
    done = register_payment(session, CASHIER, received=received(None))
    assert done.left == Decimal("100.00")
    assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_money_of_an_unknown_customer_cannot_be_applied(session):
    charge = a_charge(session, a_customer(session))
    with pytest.raises(NotOnAccount):
        register_payment(session, CASHIER, received=received(None), lines=[line(session, charge, "1.00")])


def test_the_same_form_without_customer_registers_one(session):
    first, second = (
        register_payment(session, CASHIER, received=received(None), submission="token-2") for _ in range(2)
    )
    assert (second.payment_id, second.repeated) == (first.payment_id, True)
