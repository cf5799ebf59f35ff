"""Agreements kept, broken, cancelled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.agreements.breach import judge_agreements
from core.agreements.deciding import (
    NotInForce,
    cancel_agreement,
)
from core.agreements.proposing import (
    propose_agreement,
)
from core.agreements.queries import agreement_card
from core.agreements.standing import State
from core.agreements.taken import documents_in_force
from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.collections.worklist import worklist
from core.errors import NotAllowed
from core.ledger.models import Entry
from core.letters.interest import proposal
from core.policies.settings import set_setting
from core.promises.models import PromiseEnding
from core.tasks.models import Notice, Task
from tests.build import TODAY, an_actor, pay
from tests.core.agreements.support import (
    ADMIN,
    BOSS,
    CARLA,
    D,
    after,
    approved,
    state_of,
    terms,
)


# ------------------------------------------------------------------ kept, broken, cancelled
@pytest.fixture
def plan(session, books):
    """Three payments of 300.00 on F1, two days of grace; one broken breaks it."""
    set_setting(session, system(), key="agreements.grace_days", value="2")
    customer, first, _second = books
    return customer, first, approved(session, customer, first, waive_pct=D("100"))


def test_paid_as_agreed_it_is_kept(session, plan):
    customer, first, made = plan
    for due in (after(30), date(2026, 5, 30), date(2026, 6, 30)):
        pay(session, customer, first, amount="300.00", paid_on=due)
        assert judge_agreements(session, system(), as_of=due + timedelta(days=5)) == []
    assert state_of(session, made, date(2026, 6, 29)) is State.IN_FORCE
    assert state_of(session, made, date(2026, 6, 30)) is State.COMPLETED
    assert [one.status for one in agreement_card(session, BOSS, number=made.number, as_of=date(2026, 7, 1)).plan] == [
        "kept", "kept", "kept",
    ]  # fmt: skip


def test_paid_all_at_once_it_is_kept(session, plan):
    customer, first, made = plan
    pay(session, customer, first, amount="900.00", paid_on=after(3))
    assert judge_agreements(session, system(), as_of=after(200)) == []
    assert state_of(session, made, after(200)) is State.COMPLETED


def test_after_the_days_of_grace_it_is_broken_once(session, plan):
    customer, _first, made = plan
    assert judge_agreements(session, system(), as_of=after(32)) == []  # due on the 30th, 2 days of grace
    [found] = judge_agreements(session, system(), as_of=after(33))
    assert (found.number, found.customer, found.failed, found.waived) == (made.number, "C1", 1, D("9.00"))
    assert judge_agreements(session, system(), as_of=after(33)) == []
    assert judge_agreements(session, system(), as_of=after(90)) == []
    [task] = session.scalars(select(Task).where(col(Task.kind) == "breach"))
    assert (task.assigned_to, task.customer_id) == ("carla", customer.id)
    assert "9.00" in task.facts  # the waived interest is owed again
    told = session.scalars(select(col(Notice.user_name)).where(col(Notice.kind) == "breach"))
    assert sorted(told) == ["carla", "jefe"]
    assert state_of(session, made, after(33)) is State.BREACHED


def test_once_it_is_broken_its_later_payments_keep_nobody_off_the_work_list(session, plan):
    def listed(on):
        return [one.code for one in worklist(session, system(), as_of=on).rows]

    assert listed(after(31)) == []  # the second payment is promised still
    judge_agreements(session, system(), as_of=after(33))
    assert listed(after(33)) == ["C1"]
    assert listed(after(32)) == []  # as it was the day before


def test_paid_within_the_days_of_grace_it_is_not_broken(session, plan):
    customer, first, made = plan
    pay(session, customer, first, amount="300.00", paid_on=after(32))
    assert judge_agreements(session, system(), as_of=after(40)) == []
    assert state_of(session, made, after(40)) is State.IN_FORCE


def test_a_payment_undone_breaks_it_from_its_day(session, plan):
    from core.payments.reversal import reverse_payment

    customer, first, made = plan
    paid = pay(session, customer, first, amount="300.00", paid_on=after(20))
    assert state_of(session, made, after(40)) is State.IN_FORCE
    reverse_payment(session, BOSS, number=paid.number, on=after(45), reason="returned_cheque")
    assert state_of(session, made, after(44)) is State.IN_FORCE
    assert state_of(session, made, after(45)) is State.BREACHED


def test_two_may_fail_where_the_rule_says_two(session, books):
    set_setting(session, system(), key="agreements.breach_after", value="2")
    customer, first, _second = books
    made = approved(session, customer, first)
    assert judge_agreements(session, system(), as_of=after(50)) == []
    assert [one.number for one in judge_agreements(session, system(), as_of=after(70))] == [made.number]


def test_cancelled_its_pending_promises_are_withdrawn(session, plan):
    _customer, first, made = plan
    assert cancel_agreement(session, BOSS, number=made.number, on=after(5), reason="paga de contado") == 3
    assert state_of(session, made, after(5)) is State.CANCELLED
    assert len(session.scalars(select(PromiseEnding)).all()) == 3
    assert session.execute(documents_in_force(after(5))).all() == []
    assert judge_agreements(session, system(), as_of=after(90)) == []
    with pytest.raises(NotInForce):
        cancel_agreement(session, BOSS, number=made.number, on=after(6), reason="otra vez")
    again = propose_agreement(session, CARLA, terms=terms(plan[0], first), on=after(6))
    assert again.number != made.number  # its documents are free again


def test_a_collector_cancels_nothing(session, plan):
    with pytest.raises(NotAllowed):
        cancel_agreement(session, CARLA, number=plan[2].number, on=TODAY, reason="x")


def test_every_step_is_in_the_log(session, plan):
    _customer, _first, made = plan
    judge_agreements(session, system(), as_of=after(40))
    cancel_agreement(session, ADMIN, number=made.number, on=after(41), reason="incumplido")
    actions = session.scalars(
        select(col(AuditEvent.action))
        .where(col(AuditEvent.entity) == "agreement", col(AuditEvent.entity_id) == made.number)
        .order_by(col(AuditEvent.id))
    ).all()
    assert actions == ["agreement.proposed", "agreement.approved", "agreement.breached", "agreement.cancelled"]
    assert session.scalars(select(Entry).where(col(Entry.kind) == "reversal")).all() == []


def test_late_interest_is_not_charged_on_what_is_paid_as_agreed(session, books):
    customer, first, _second = books
    made = approved(session, customer, first)
    cashier = an_actor(Role.CASHIER, name="caja")
    asked = {"start": after(-30), "end": after(10), "today": after(10)}
    assert proposal(session, cashier, **asked) == []
    cancel_agreement(session, BOSS, number=made.number, on=after(5), reason="paga de contado")
    assert [one.customer for one in proposal(session, cashier, **asked)] == ["C1"]
