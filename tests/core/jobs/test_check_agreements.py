"""`db check` of agreements, stages and blocks: clean after a whole life, and what does not hold is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.agreements.breach import judge_agreements
from core.agreements.deciding import approve_agreement, cancel_agreement
from core.agreements.drafting import Terms
from core.agreements.proposing import propose_agreement
from core.auth.actor import Role, system
from core.auth.queries import actor_named
from core.auth.users import create_user
from core.jobs.check_books import check_books
from core.legal.handing import approve_hand_over, propose_hand_over, return_case
from core.legal.models import Stage
from core.legal.queries import cases
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_customer, an_event
from tests.support.server import PASSWORD


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def life(session) -> str:
    """An agreement proposed, approved, broken and cancelled; a case handed over to the lawyers and back."""
    for name, role in (("carla", Role.COLLECTOR), ("jefe", Role.MANAGER)):
        create_user(session, system(), name=name, role=role, password=PASSWORD)
    carla, boss = actor_named(session, "carla"), actor_named(session, "jefe")
    customer = a_customer(session, "C1", collector="carla")
    a_charge(session, customer, amount="900.00", overdue_days=60, number="F1")
    a_charge(session, customer, amount="500.00", overdue_days=60, number="F2")
    set_setting(session, system(), key="agreements.manager_waiver_pct", value="100")
    terms = Terms(customer.id, "MXN", ("F1",), after(30), times=3, waive_pct=Decimal(50), plan_pct=Decimal(12))
    made = propose_agreement(session, carla, terms=terms, on=TODAY)
    approve_agreement(session, boss, number=made.number, on=TODAY)
    judge_agreements(session, system(), as_of=after(40))
    cancel_agreement(session, boss, number=made.number, on=after(41), reason="incumplido")
    passed = propose_hand_over(
        session, carla, customer_id=customer.id, stage=Stage.LEGAL, documents=["F1", "F2"], reason="x", on=after(41)
    )
    approve_hand_over(session, boss, hand_over_id=passed.id, on=after(42))
    [row] = cases(session, system(), as_of=after(42))
    return_case(session, boss, number=row.number, on=after(60), reason="pagó")
    return made.number


def test_after_a_whole_life_all_holds(session, life):
    assert check_books(session, system(), today=after(60)) == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (
            "INSERT INTO payment_agreement_instalment (agreement_id, position, due_on, principal, interest, amount)"
            " VALUES (1, 9, '2027-01-01', 100, 0, 100)",
            "sus pagos suman",
        ),
        (
            "INSERT INTO credit_block (customer_id, code, from_on, reason, event_id)"
            " SELECT customer_id, code, '2026-05-20', 'x', event_id FROM credit_block",
            "dos bloqueos iguales",
        ),
        (
            "INSERT INTO promise (id, number, customer_id, currency, amount, made_on, promised_on, starts_on, ends_on,"
            " agreement_id, event_id) SELECT 99, 'PX', customer_id, currency, amount, made_on, promised_on, starts_on,"
            " ends_on, 77, event_id FROM promise WHERE id = 1",
            "que nadie aprobó",
        ),
    ],
)
def test_what_does_not_hold_is_told(session, life, broken, told):
    an_event(session)
    session.execute(text(broken))
    assert any(told in line for line in check_books(session, system(), today=after(60)))
