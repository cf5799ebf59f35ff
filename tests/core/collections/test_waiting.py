"""Who stands aside although there would be reasons, and what brings him back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from core.auth.actor import Role, system
from core.collections.rules import Rules
from core.collections.strategies import save_strategy
from core.credit.models import BlockCode
from core.customers.models import Customer
from core.disputes.opening import open_dispute
from core.policies.settings import set_setting
from core.promises.recording import withdraw_promise
from tests.build import TODAY, a_charge, a_customer, an_actor, pay
from tests.core.collections.builders import a_block, a_contact, a_promise, codes, days, listed, waiting


@pytest.fixture
def customer(session: Session) -> Customer:
    """Somebody who owes 1,000 for ten days."""
    made = a_customer(session)
    a_charge(session, made, amount="1000.00", number="F-1", overdue_days=10)
    return made


def a_dispute(session: Session, customer: Customer, amount: str, on: date = TODAY) -> None:
    open_dispute(
        session, system(), customer_id=customer.id or 0, document="F-1", amount=Decimal(amount), opened_on=on,
        reason="price",
    )  # fmt: skip


def test_an_open_dispute_sets_aside_and_says_how_much(session: Session, customer: Customer) -> None:
    a_dispute(session, customer, "200.00")
    assert waiting(session, customer) == ("dispute", "Tiene $200.00 en aclaración")
    assert codes(session) == []


def test_a_dispute_of_what_was_paid_meanwhile_sets_nobody_aside(session: Session, customer: Customer) -> None:
    paid = a_charge(session, customer, amount="500.00", number="F-2", overdue_days=4)
    open_dispute(
        session, system(), customer_id=customer.id or 0, document="F-2", amount=Decimal("500.00"), opened_on=TODAY,
        reason="price",
    )  # fmt: skip
    pay(session, customer, paid, amount="500.00")
    assert codes(session) == [customer.code]


def test_a_strategy_may_wait_only_for_disputes_of_all_that_is_overdue(session: Session, customer: Customer) -> None:
    save_strategy(session, system(), rules=Rules(any_dispute=False))
    a_dispute(session, customer, "200.00")
    assert codes(session) == [customer.code]
    a_dispute(session, customer, "800.00")
    assert waiting(session, customer) == ("dispute", "Tiene $1,000.00 en aclaración")


def test_a_live_promise_sets_aside_until_its_day(session: Session, customer: Customer) -> None:
    a_promise(session, customer, amount="400.00", promised=3)
    assert waiting(session, customer) == ("promise", "Prometió $400.00 para el vie 3")
    assert waiting(session, customer, as_of=days(3)) is None
    assert codes(session, as_of=days(3)) == [customer.code]


def test_a_promise_within_its_tolerance_is_still_waited_for(session: Session, customer: Customer) -> None:
    set_setting(session, system(), key="promises.tolerance_days", value="2")
    a_promise(session, customer, amount="400.00", promised=-1)
    assert waiting(session, customer) == ("promise", "Prometió $400.00 para el lun 30; corre la tolerancia")


def test_one_promise_due_today_is_enough_to_call_whoever_promised_more_for_later(
    session: Session, customer: Customer
) -> None:
    a_charge(session, customer, number="F-2", overdue_days=4)
    a_promise(session, customer, promised=0, documents=("F-1",))
    a_promise(session, customer, promised=5, documents=("F-2",))
    assert codes(session) == [customer.code]


def test_a_promise_withdrawn_no_longer_sets_aside(session: Session, customer: Customer) -> None:
    promise = a_promise(session, customer, promised=3)
    withdraw_promise(session, system(), number=promise.number, on=TODAY, reason="Se equivocó")
    assert codes(session) == [customer.code]


@pytest.mark.parametrize(("ago", "aside"), [(0, True), (2, True), (3, False)])
def test_who_was_contacted_within_the_quiet_days_rests(
    session: Session, customer: Customer, ago: int, aside: bool
) -> None:
    a_contact(session, customer, on=days(-ago))
    assert (waiting(session, customer) is not None) is aside
    assert (codes(session) == []) is aside


def test_the_words_say_when_he_was_contacted_and_what_came_of_it(session: Session, customer: Customer) -> None:
    a_contact(session, customer, on=days(-1), outcome="no_answer")
    assert waiting(session, customer) == ("quiet", "Se le contactó ayer: No contestó")


def test_quiet_days_are_a_setting_and_of_a_strategy(session: Session, customer: Customer) -> None:
    a_contact(session, customer, on=days(-1))
    set_setting(session, system(), key="worklist.quiet_days", value="1")
    assert codes(session) == [customer.code]
    save_strategy(session, system(), rules=Rules(quiet_days=5))
    assert codes(session) == []


def test_a_next_step_for_today_brings_back_whoever_was_contacted_yesterday(
    session: Session, customer: Customer
) -> None:
    a_contact(session, customer, on=days(-1), next_action="call", next_action_on=TODAY)
    assert codes(session) == [customer.code]


def test_a_next_step_for_later_sets_aside_until_then(session: Session, customer: Customer) -> None:
    a_contact(session, customer, on=days(-4), next_action="visit", next_action_on=days(2))
    assert waiting(session, customer) == ("next_action", "Visitar el jue 2")
    assert codes(session, as_of=days(2)) == [customer.code]


def test_a_promise_due_today_brings_back_whoever_was_contacted_yesterday(session: Session, customer: Customer) -> None:
    a_promise(session, customer, promised=0)
    a_contact(session, customer, on=days(-1), next_action="call", next_action_on=days(4))
    assert codes(session) == [customer.code]


def test_a_promise_due_today_that_was_asked_for_today_rests(session: Session, customer: Customer) -> None:
    a_promise(session, customer, promised=0)
    a_contact(session, customer, on=TODAY)
    assert codes(session) == []


def test_a_promise_that_broke_after_the_contact_brings_back(session: Session, customer: Customer) -> None:
    a_promise(session, customer, promised=-1)
    a_contact(session, customer, on=days(-1))
    assert codes(session) == [customer.code]
    a_contact(session, customer, on=TODAY)
    assert codes(session) == []


def test_a_legal_block_in_force_hands_him_to_others(session: Session, customer: Customer) -> None:
    a_block(session, customer, BlockCode.LEGAL, "Despacho Ríos")
    a_dispute(session, customer, "200.00")
    assert waiting(session, customer) == ("legal", "Está en legal o en un despacho: Despacho Ríos")
    assert codes(session, as_of=days(-11)) == []  # then nothing was overdue yet
    assert waiting(session, customer, as_of=days(-11)) is None


def test_who_owes_less_than_the_minimum_of_his_segment_is_left_alone(session: Session, customer: Customer) -> None:
    save_strategy(session, system(), rules=Rules(minimum_amount=Decimal("1000.01")))
    assert listed(session) == []
    save_strategy(session, system(), rules=Rules(minimum_amount=Decimal("1000.00"), version=1))
    assert codes(session) == [customer.code]


def test_customers_about_to_fall_due_are_called_when_the_strategy_says_so(session: Session) -> None:
    soon, later = a_customer(session, segment="Obra"), a_customer(session, segment="Obra")
    other = a_customer(session)
    for one, in_days in ((soon, 5), (later, 6), (other, 2)):
        a_charge(session, one, overdue_days=-in_days)
    save_strategy(session, system(), rules=Rules(segment="Obra", preventive_days=5))
    [row] = listed(session)
    assert (row.code, set(row.points), row.days_overdue(TODAY)) == (soon.code, {"due_soon"}, -5)


def test_the_highest_score_comes_first_then_what_is_overdue_then_the_code(session: Session) -> None:
    for code, amount, late in (("B", "100.00", 5), ("A", "100.00", 5), ("C", "300.00", 5), ("D", "50.00", 200)):
        a_charge(session, a_customer(session, code), amount=amount, overdue_days=late)
    assert codes(session) == ["D", "C", "A", "B"]


def test_each_sees_his_own_customers(session: Session) -> None:
    for code, collector, region in (("A", "ana", "Norte"), ("B", "beto", "Norte"), ("C", "ana", "Sur")):
        customer = a_customer(session, code, collector=collector, region=region, sales_rep="V1")
        a_charge(session, customer, amount=f"{ord(code)}.00", overdue_days=5)
    assert codes(session, an_actor(Role.COLLECTOR, name="ana")) == ["C", "A"]
    assert codes(session, an_actor(Role.MANAGER, region="Norte")) == ["B", "A"]
    assert codes(session, an_actor(Role.MANAGER, region="Norte"), collector="ana") == ["A"]
    assert codes(session, collector="nadie") == []


def test_strategies_of_segments_weigh_as_they_say(session: Session) -> None:
    builder, shop = a_customer(session, segment="Obra"), a_customer(session, segment="Tienda")
    for one in (builder, shop):
        a_charge(session, one, amount="100.00", overdue_days=5)
    points = replace(Rules().points, amount=((Decimal("1.00"), 77),), days=())
    save_strategy(session, system(), rules=Rules(segment="Obra", points=points))
    rows = {row.code: row.score for row in listed(session)}
    assert rows == {builder.code: 77, shop.code: 10}
