"""A proposal worked out, compared, and sent."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.agreements.debts import AlreadyInAgreement, NotOpen, PromisePending
from core.agreements.deciding import (
    approve_agreement,
    refuse_agreement,
)
from core.agreements.drafting import (
    DatesNotValid,
    DownPaymentNotValid,
    NothingChosen,
    PaymentsNotValid,
    PaymentsTooSmall,
    PercentNotValid,
    candidates,
    compare,
    draft,
)
from core.agreements.models import Frequency
from core.agreements.proposing import (
    AgreementNotFound,
    AlreadyDecided,
    NotYours,
    propose_agreement,
    withdraw_agreement,
)
from core.agreements.queries import agreement_card, agreements, counts, waiting
from core.agreements.standing import State
from core.auth.actor import Role, system
from core.auth.users import create_user
from core.customers.visibility import CustomerNotFound
from core.disputes.opening import open_dispute
from core.documents.debit_notes import register_debit_note
from core.errors import NotAllowed
from core.money import ZERO
from core.policies.settings import set_setting
from core.promises.recording import record_promise
from core.tasks.models import Notice
from tests.build import TODAY, an_actor
from tests.core.agreements.support import ADMIN, BOSS, CARLA, D, after, promises_of, proposed, state_of, terms
from tests.support.server import PASSWORD


# ------------------------------------------------------------------ working it out
def test_the_interest_is_of_what_is_overdue_and_not_disputed(session, books):
    customer, _first, _second = books
    found = {one.number: one for one in candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)}
    assert (found["F1"].days, found["F1"].interest, found["F2"].interest) == (60, D("9.00"), ZERO)  # 6 % of 360
    open_dispute(
        session, CARLA, customer_id=customer.id, document="F1", amount=D("300.00"), opened_on=TODAY, reason="price"
    )
    [one, _two] = candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)
    assert (one.open, one.disputed, one.interest) == (D("900.00"), D("300.00"), D("6.00"))


def test_the_interest_follows_the_settings(session, books):
    customer, first, _second = books
    set_setting(session, system(), key="interest.annual_pct", value="12")
    set_setting(session, system(), key="interest.days_in_year", value="365")
    worked = draft(session, CARLA, terms=terms(customer, first), on=TODAY)
    assert worked.late_interest == D("17.75")  # 900 × 12 % × 60 / 365 = 17.7534


def test_days_of_grace_bear_no_interest_and_in_puerto_rico_only_a_contract_does(session, books):
    customer, first, _second = books
    set_setting(session, system(), key="interest.grace_days", value="20")
    assert draft(session, CARLA, terms=terms(customer, first), on=TODAY).late_interest == D("6.00")
    customer.country = "PR"
    session.flush()
    assert draft(session, CARLA, terms=terms(customer, first), on=TODAY).late_interest == ZERO


def test_interest_that_was_charged_already_is_not_counted_again(session, books):
    customer, _first, _second = books
    cashier = an_actor(Role.CASHIER, name="caja")
    register_debit_note(
        session, cashier, customer_id=customer.id, issued_on=after(-20), due_on=after(-20), total=D("6.00"),
        currency="MXN", reason="late_interest", number="ND1",
    )  # fmt: skip
    found = {one.number: one for one in candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)}
    assert (found["F1"].days, found["F1"].interest) == (60, D("3.00"))  # of the 20 days since
    assert found["ND1"].interest == ZERO  # no interest on interest


def test_debt_interest_waiver_and_plan_add_up(session, books):
    customer, first, second = books
    worked = draft(session, CARLA, terms=terms(customer, first, second, waive_pct=D("50"), plan_pct=D("12")), on=TODAY)
    assert (worked.debt, worked.late_interest, worked.waived) == (D("1200.00"), D("9.00"), D("4.50"))
    assert worked.total == worked.debt + worked.late_interest - worked.waived + worked.plan_interest
    assert worked.total == sum((one.amount for one in worked.payments), ZERO)
    assert worked.plan_interest > 0


def test_alternatives_say_what_is_given_up(session, books):
    customer, first, second = books
    worked = draft(session, CARLA, terms=terms(customer, first, second, times=4, waive_pct=D("50")), on=TODAY)
    found = {one.key: one for one in compare(worked, D("12"))}
    assert list(found) == ["pay_now", "proposal", "shorter", "longer", "no_waiver", "full_waiver"]
    assert (found["pay_now"].total, found["pay_now"].given_up) == (D("1209.00"), ZERO)
    assert found["shorter"].present_value > found["proposal"].present_value > found["longer"].present_value
    assert found["no_waiver"].total == D("1209.00")
    assert found["full_waiver"].total == D("1200.00")
    proposal = found["proposal"]
    assert proposal.given_up == D("1209.00") - proposal.present_value > 0
    assert (proposal.payments, proposal.months) == (4, 4)


def test_alternatives_that_are_the_proposal_again_are_left_out(session, books):
    customer, _first, second = books
    worked = draft(session, CARLA, terms=terms(customer, second, times=1), on=TODAY)
    assert [one.key for one in compare(worked, D("12"))] == ["pay_now", "proposal", "longer"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"times": 0}, PaymentsNotValid),
        ({"times": 121}, PaymentsNotValid),
        ({"frequency": Frequency.OWN, "own": ()}, PaymentsNotValid),
        ({"first_on": after(-1)}, DatesNotValid),
        ({"first_on": date(9999, 12, 1)}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(9), after(9))}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(9), after(5))}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(4_000),)}, DatesNotValid),
        ({"down_payment": D("10.00"), "down_on": after(30)}, DatesNotValid),  # on the first payment's day
        ({"down_payment": D("10.00"), "down_on": after(-1)}, DatesNotValid),
        ({"down_payment": D("909.00")}, DownPaymentNotValid),
        ({"down_payment": D("-1.00")}, DownPaymentNotValid),
        ({"down_payment": D("0.001")}, DownPaymentNotValid),
        ({"down_payment": D("908.99"), "times": 2}, PaymentsTooSmall),
        ({"waive_pct": D("100.0001")}, PercentNotValid),
        ({"waive_pct": D("-1")}, PercentNotValid),
        ({"plan_pct": D("NaN")}, PercentNotValid),
        ({"plan_pct": D("1.00001")}, PercentNotValid),
        ({"currency": "USD"}, NotOpen),
    ],
)
@pytest.mark.backend("sqlite")
def test_terms_that_make_no_plan_are_refused_in_words(session, books, fields, refusal):
    customer, first, _second = books
    with pytest.raises(refusal) as told:
        draft(session, CARLA, terms=terms(customer, first, **fields), on=TODAY)
    assert "{" not in str(told.value)


def test_no_document_no_agreement(session, books):
    with pytest.raises(NothingChosen):
        draft(session, CARLA, terms=terms(books[0]), on=TODAY)


# ------------------------------------------------------------------ proposing
def test_a_proposal_waits_and_changes_nothing(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    assert state_of(session, made) is State.WAITING
    assert promises_of(session, made) == []
    assert [one.number for one in waiting(session, BOSS, as_of=TODAY)] == [made.number]
    assert counts(session, CARLA, as_of=TODAY) == {State.WAITING: 1}


def test_a_form_sent_twice_is_one_proposal(session, books):
    customer, first, _second = books
    one, two = (
        propose_agreement(session, CARLA, terms=terms(customer, first), on=TODAY, submission="a") for _ in range(2)
    )
    assert one.number == two.number


def test_a_document_is_in_one_agreement_at_a_time(session, books):
    customer, first, second = books
    made = proposed(session, customer, first)
    with pytest.raises(AlreadyInAgreement) as told:
        proposed(session, customer, second, first)
    assert made.number in str(told.value)
    refuse_agreement(session, BOSS, number=made.number, on=TODAY, reason="muy largo")
    assert proposed(session, customer, second, first).number != made.number


def test_a_pending_promise_is_told_with_what_to_do(session, books):
    customer, first, _second = books
    promise = record_promise(
        session, CARLA, customer_id=customer.id, amount=D("900.00"), currency="MXN", made_on=TODAY,
        promised_on=after(5), documents=["F1"],
    )  # fmt: skip
    with pytest.raises(PromisePending) as told:
        proposed(session, customer, first)
    assert promise.number in str(told.value)
    assert "Retírela" in str(told.value)


def test_the_others_customers_stay_hidden(session, books):
    customer, first, _second = books
    stranger = an_actor(Role.COLLECTOR, name="otro")
    with pytest.raises(CustomerNotFound):
        proposed(session, customer, first, actor=stranger)
    made = proposed(session, customer, first)
    assert agreements(session, stranger, as_of=TODAY) == []
    with pytest.raises(AgreementNotFound):
        agreement_card(session, stranger, number=made.number, as_of=TODAY)
    elsewhere = an_actor(Role.MANAGER, name="sur", region="Sur")
    assert waiting(session, elsewhere, as_of=TODAY) == []
    with pytest.raises(AgreementNotFound):
        approve_agreement(session, elsewhere, number=made.number, on=TODAY)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SALES_REP, Role.AUDITOR, Role.CREDIT_ANALYST, Role.MANAGER])
@pytest.mark.backend("sqlite")
def test_only_collectors_and_the_administrator_propose(session, books, role):
    customer, first, _second = books
    with pytest.raises(NotAllowed):
        proposed(session, customer, first, actor=an_actor(role, name="x"))


def test_who_proposed_takes_it_back_and_nobody_else(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    with pytest.raises(NotYours):
        withdraw_agreement(session, ADMIN, number=made.number, on=TODAY, reason="error")
    withdraw_agreement(session, CARLA, number=made.number, on=TODAY, reason="error")
    assert state_of(session, made) is State.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        approve_agreement(session, BOSS, number=made.number, on=TODAY)


def test_who_may_approve_is_told(session, books):
    customer, first, second = books
    for name, role, region in (
        ("norte", Role.MANAGER, "Norte"), ("sur", Role.MANAGER, "Sur"), ("todo", Role.MANAGER, None),
        ("dora", Role.ADMIN, None),
    ):  # fmt: skip
        create_user(session, system(), name=name, role=role, region=region, password=PASSWORD)
    proposed(session, customer, first)
    told = select(col(Notice.user_name)).where(col(Notice.kind) == "agreement_proposed")
    assert sorted(session.scalars(told)) == ["norte", "todo"]
    set_setting(session, system(), key="agreements.manager_months", value="1")
    proposed(session, customer, second)
    assert sorted(session.scalars(told)) == ["dora", "norte", "todo"]  # above their level: the administrator
