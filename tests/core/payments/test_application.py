"""Applying money on account, small differences, other currencies, undoing one application."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role
from core.documents.finding import DocumentNotFound
from core.errors import NotAllowed
from core.ledger.models import Adjustment, Application, Entry, Kind
from core.ledger.months import MonthClosed
from core.ledger.posting import AppliedTooEarly, OverApplied
from core.ledger.reversing import NothingApplied, ReversedTooEarly
from core.payments.application import (
    DifferenceTooLarge,
    NotOnAccount,
    TooSmallToExchange,
    Way,
    apply_payment,
    undo_application,
)
from core.payments.finding import PaymentNotFound
from core.payments.registration import register_payment
from core.policies.rates import RateMissing
from core.policies.settings import set_setting
from tests.build import (
    TODAY,
    a_charge,
    a_closed_month,
    a_customer,
    a_payment,
    an_actor,
    entries_of,
    line,
    received,
)

CASHIER = an_actor(Role.CASHIER, name="caja")
LATER = TODAY + timedelta(days=2)


def open_of(session, paper):
    return [str(entry.open) for entry in entries_of(session, paper)]


def undo(session, payment, charge, on=TODAY, actor=CASHIER):
    return undo_application(
        session, actor, number=payment.number, document=charge.number, on=on, reason="wrong_document"
    )


# ------------------------------------------------------------------ later
def test_money_on_account_is_applied_later(session):
    customer = a_customer(session)
    payment, charge = a_payment(session, customer), a_charge(session, customer, amount="60.00")
    left = apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "45.00")])
    assert left == Decimal("55.00")
    assert open_of(session, charge) == ["15.00"]


def test_a_payment_is_applied_several_times_until_nothing_is_left(session):
    customer = a_customer(session)
    payment = a_payment(session, customer, amount="1000.00")
    charges = [a_charge(session, customer, amount=amount) for amount in ("600.00", "400.00", "100.00")]
    for charge, amount in zip(charges, ("600.00", "400.00"), strict=False):
        apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, amount)])
    with pytest.raises(OverApplied):
        apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charges[2], "0.01")])


def test_nothing_is_applied_before_both_papers_exist(session):
    customer = a_customer(session)
    payment, charge = a_payment(session, customer), a_charge(session, customer)
    with pytest.raises(AppliedTooEarly):
        apply_payment(
            session, CASHIER, number=payment.number, lines=[line(session, charge, "1.00")],
            way=Way(on=TODAY - timedelta(days=1)),
        )  # fmt: skip


def test_nothing_is_applied_in_a_closed_month(session):
    customer = a_customer(session)
    payment, charge = a_payment(session, customer), a_charge(session, customer)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "1.00")])


def test_what_is_applied_later_already_counts_as_taken(session):
    """What may be applied on a day is the least that is open on that day and on any later one."""
    customer = a_customer(session)
    payment, charge = a_payment(session, customer), a_charge(session, customer, amount="100.00")
    other = a_payment(session, customer, amount="90.00")
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "60.00")], way=Way(on=LATER))
    with pytest.raises(OverApplied):
        apply_payment(session, CASHIER, number=other.number, lines=[line(session, charge, "40.01")], way=Way(on=TODAY))
    apply_payment(session, CASHIER, number=other.number, lines=[line(session, charge, "40.00")], way=Way(on=TODAY))
    assert open_of(session, charge) == ["0.00"]


def test_what_an_undo_gives_back_is_there_from_its_day_only(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    first, second = a_payment(session, customer), a_payment(session, customer, amount="99.00")
    apply_payment(session, CASHIER, number=first.number, lines=[line(session, charge, "100.00")], way=Way(on=TODAY))
    undo(session, first, charge, on=LATER)
    with pytest.raises(OverApplied):
        apply_payment(session, CASHIER, number=second.number, lines=[line(session, charge, "1.00")], way=Way(on=TODAY))
    apply_payment(session, CASHIER, number=second.number, lines=[line(session, charge, "1.00")], way=Way(on=LATER))


def test_a_payment_that_is_nobodys_cannot_be_applied(session):
    payment, charge = a_payment(session, None), a_charge(session, a_customer(session))
    with pytest.raises(NotOnAccount):
        apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "1.00")])


def test_an_unknown_payment_is_refused(session):
    with pytest.raises(PaymentNotFound):
        apply_payment(session, CASHIER, number="P-none", lines=[])


# ------------------------------------------------------------------ small differences
def closing(session, *, tolerance, amount, owed="100.00"):
    set_setting(session, an_actor(), key="writeoff.tolerance", value=tolerance)
    customer = a_customer(session)
    charge = a_charge(session, customer, amount=owed)
    register_payment(
        session, CASHIER, received=received(customer, amount), lines=[line(session, charge, amount, close=True)]
    )
    return charge


def test_a_difference_within_the_tolerance_is_closed_by_a_row_of_its_own(session):
    charge = closing(session, tolerance="0.50", amount="99.50")
    assert open_of(session, charge) == ["0.00"]
    [row] = session.scalars(select(Adjustment))
    assert (row.kind, row.amount, row.document_id) == ("write_off", Decimal("0.50"), charge.id)


def test_a_difference_above_the_tolerance_stays_open(session):
    with pytest.raises(DifferenceTooLarge):
        closing(session, tolerance="0.49", amount="99.50")


def test_without_tolerance_no_difference_is_closed(session):
    with pytest.raises(DifferenceTooLarge):
        closing(session, tolerance="0.00", amount="99.99")


def test_nothing_left_is_no_difference(session):
    closing(session, tolerance="0.00", amount="100.00")
    assert session.scalars(select(Adjustment)).all() == []


def test_the_instalments_of_a_document_share_the_tolerance(session):
    set_setting(session, an_actor(), key="writeoff.tolerance", value="0.50")
    customer = a_customer(session)
    charge = a_charge(session, customer, instalments=[(date(2026, 3, 1), "50.00"), (date(2026, 4, 1), "50.00")])
    lines = [line(session, charge, "49.70", instalment=place, close=True) for place in (1, 2)]
    with pytest.raises(DifferenceTooLarge):
        register_payment(session, CASHIER, received=received(customer, "99.40"), lines=lines)


def test_the_difference_goes_when_its_application_goes(session):
    charge = closing(session, tolerance="0.50", amount="99.50")
    [payment] = session.scalars(select(Entry).where(col(Entry.kind) == Kind.PAYMENT))
    undo_application(session, CASHIER, number=payment.number, document=charge.number, on=LATER, reason="x")
    assert open_of(session, charge) == ["100.00"]


# ------------------------------------------------------------------ other currencies: the worked examples
def in_pesos(session, amount, *, closes, rate="18.7694", issued_at="18.5000"):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="1000.00", currency="USD", rate=issued_at)
    done = register_payment(
        session, CASHIER, received=received(customer, amount), lines=[line(session, charge, closes)],
        way=Way(document_rate=Decimal(rate)),
    )  # fmt: skip
    [row] = session.scalars(select(Adjustment))
    return charge, done, row


def test_dollars_paid_whole_in_pesos_leave_an_exchange_gain(session):
    charge, done, row = in_pesos(session, "18769.40", closes="1000.00")
    assert open_of(session, charge) == ["0.00"]
    assert (done.left, row.amount, row.spent) == (Decimal("0.00"), Decimal("1000.00"), Decimal("18769.40"))
    assert row.difference == Decimal("269.40")


def test_dollars_paid_short_in_pesos_leave_a_balance_in_dollars(session):
    charge, done, row = in_pesos(session, "18700.00", closes="996.30")
    assert open_of(session, charge) == ["3.70"]
    assert (done.left, row.spent, row.difference) == (Decimal("0.00"), Decimal("18700.00"), Decimal("268.45"))


def test_a_lower_rate_is_a_loss(session):
    _, done, row = in_pesos(session, "18000.00", closes="1000.00", rate="18.0000")
    assert (done.left, row.difference) == (Decimal("0.00"), Decimal("-500.00"))


def test_pesos_beyond_what_the_dollars_cost_stay_in_favour(session):
    _, done, row = in_pesos(session, "18800.00", closes="1000.00")
    assert (done.left, row.spent) == (Decimal("30.60"), Decimal("18769.40"))


def test_pesos_that_do_not_reach_are_refused(session):
    with pytest.raises(OverApplied):
        in_pesos(session, "18700.00", closes="1000.00")


def test_an_exchange_is_a_charge_and_a_credit_both_closed_at_once(session):
    in_pesos(session, "18700.00", closes="996.30")
    rows = session.scalars(select(Entry).where(col(Entry.kind) == Kind.EXCHANGE).order_by(col(Entry.id)))
    assert [(one.side, one.currency, str(one.amount), str(one.open)) for one in rows] == [
        ("charge", "MXN", "18700.00", "0.00"), ("credit", "USD", "996.30", "0.00")
    ]  # fmt: skip


def test_dollars_pay_pesos_too(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="10000.00")
    payment = received(customer, "1000.00", currency="USD", exchange_rate=Decimal("18.7694"))
    done = register_payment(session, CASHIER, received=payment, lines=[line(session, charge, "10000.00")])
    [row] = session.scalars(select(Adjustment))
    assert (done.left, row.spent, row.difference) == (Decimal("467.22"), Decimal("532.78"), Decimal("-0.04"))


def test_another_currency_without_a_rate_asks_for_one(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, currency="USD", rate="18.5")
    with pytest.raises(RateMissing):
        register_payment(
            session, CASHIER, received=received(customer, "1000.00"), lines=[line(session, charge, "10.00")]
        )


def test_less_than_a_centavo_is_not_exchanged(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="10.00")
    payment = received(customer, "5.00", currency="USD", exchange_rate=Decimal("18.5"))
    with pytest.raises(TooSmallToExchange):
        register_payment(session, CASHIER, received=payment, lines=[line(session, charge, "0.09")])


def test_undoing_an_exchange_reopens_the_dollars_and_gives_the_pesos_back(session):
    charge, done, _ = in_pesos(session, "18700.00", closes="996.30")
    undo_application(session, CASHIER, number=done.number, document=charge.number, on=LATER, reason="x")
    assert open_of(session, charge) == ["1000.00"]
    rows = session.scalars(select(Entry).order_by(col(Entry.id)).execution_options(populate_existing=True))
    assert [(one.kind, one.side, str(one.open)) for one in rows if one.kind != "invoice"] == [
        ("payment", "credit", "18700.00"), ("exchange", "charge", "0.00"), ("exchange", "credit", "0.00"),
        ("exchange", "credit", "0.00"), ("exchange", "charge", "0.00"),
    ]  # fmt: skip


# ------------------------------------------------------------------ undoing one application
def applied(session, *, amount="60.00", on=TODAY):
    customer = a_customer(session)
    payment, charge = a_payment(session, customer), a_charge(session, customer, amount="60.00")
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, amount)], way=Way(on=on))
    return payment, charge


def test_undoing_reopens_the_document_and_keeps_the_money(session):
    payment, charge = applied(session)
    undo(session, payment, charge)
    assert (open_of(session, charge), open_of(session, payment)) == (["60.00"], ["100.00"])


def test_undoing_leaves_the_other_documents_of_the_payment_alone(session):
    payment, charge = applied(session)
    other = a_charge(session, session.get_one(type(a_customer(session)), charge.customer_id), amount="40.00")
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, other, "40.00")])
    undo(session, payment, charge)
    assert (open_of(session, charge), open_of(session, other)) == (["60.00"], ["0.00"])


def test_undoing_reopens_exactly_the_instalments_that_were_closed(session):
    customer = a_customer(session)
    parts = [(date(2026, 3, 1), "30.00"), (date(2026, 4, 1), "30.00")]
    charge = a_charge(session, customer, instalments=parts)
    payments = [a_payment(session, customer, amount="30.00") for _ in range(2)]
    for place, payment in enumerate(payments, 1):
        lines = [line(session, charge, "30.00", instalment=place)]
        apply_payment(session, CASHIER, number=payment.number, lines=lines)
    undo(session, payments[0], charge)
    assert open_of(session, charge) == ["30.00", "0.00"]


def test_what_is_dated_later_is_undone_on_its_own_date(session):
    payment, charge = applied(session, amount="20.00")
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "40.00")], way=Way(on=LATER))
    undo(session, payment, charge, on=TODAY)
    undone = session.scalars(select(col(Application.applied_on)).where(col(Application.amount) < 0))
    assert sorted(undone) == [TODAY, LATER]


def test_nothing_is_undone_before_it_was_applied(session):
    payment, charge = applied(session, on=LATER)
    with pytest.raises(ReversedTooEarly):
        undo(session, payment, charge, on=TODAY)


def test_what_is_not_applied_cannot_be_undone(session):
    payment, charge = applied(session)
    undo(session, payment, charge)
    with pytest.raises(NothingApplied):
        undo(session, payment, charge)


def test_nothing_is_undone_in_a_closed_month(session):
    payment, charge = applied(session)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        undo(session, payment, charge, on=TODAY)
    undo(session, payment, charge, on=LATER)


def test_undone_money_may_be_applied_again(session):
    payment, charge = applied(session)
    undo(session, payment, charge)
    apply_payment(session, CASHIER, number=payment.number, lines=[line(session, charge, "60.00")])
    assert open_of(session, charge) == ["0.00"]


def test_who_may_neither_register_nor_reverse_undoes_nothing(session):
    payment, charge = applied(session)
    with pytest.raises(NotAllowed):
        undo(session, payment, charge, actor=an_actor(Role.COLLECTOR))


def test_a_manager_of_another_region_does_not_find_the_payment(session):
    payment, charge = applied(session)
    with pytest.raises(PaymentNotFound):
        undo(session, payment, charge, actor=an_actor(Role.MANAGER, region="NORTE"))


def test_an_unknown_document_is_refused(session):
    payment, _ = applied(session)
    with pytest.raises(DocumentNotFound):
        undo_application(session, CASHIER, number=payment.number, document="F-none", on=TODAY, reason="x")
