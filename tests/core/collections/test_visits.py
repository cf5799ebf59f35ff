"""Visits: planned, put in order, dropped; by whom they may be."""

import pytest
from sqlmodel import Session

from core.auth.actor import Actor, Role
from core.collections.visits import (
    CollectorMissing,
    VisitInThePast,
    VisitNotFound,
    VisitOver,
    VisitPlanned,
    drop_visit,
    move_visit,
    plan_visit,
    visits_of,
)
from core.documents.checks import ReasonMissing
from core.errors import NotAllowed
from tests.build import TODAY, a_customer, an_actor
from tests.core.collections.builders import days

ANA = an_actor(Role.COLLECTOR, name="ana")
BOSS = an_actor(Role.MANAGER, name="jefa")


@pytest.fixture(autouse=True)
def _today(business_day):
    business_day(TODAY)


def planned(session: Session, code: str, actor: Actor = ANA, collector: str = "ana", **fields):
    customer = a_customer(session, code, collector="ana")
    values = {"planned_on": TODAY, "collector": collector, **fields}
    return plan_visit(session, actor, customer_id=customer.id or 0, **values)


def order(session: Session) -> list[str]:
    return [row.customer for row in visits_of(session, BOSS, on=TODAY)]


def test_stops_are_added_at_the_end_and_change_places(session: Session) -> None:
    visits = [planned(session, code) for code in "ABC"]
    assert order(session) == ["A", "B", "C"]
    move_visit(session, ANA, visit_id=visits[2].id or 0, up=True)
    assert order(session) == ["A", "C", "B"]
    move_visit(session, ANA, visit_id=visits[0].id or 0, up=False)
    assert order(session) == ["C", "A", "B"]


def test_the_first_stop_stays_the_first(session: Session) -> None:
    visits = [planned(session, code) for code in "AB"]
    move_visit(session, ANA, visit_id=visits[0].id or 0, up=True)
    assert order(session) == ["A", "B"]


def test_the_address_of_the_last_visit_is_remembered(session: Session) -> None:
    first = planned(session, "A", address="Av. Juárez 10")
    plan_visit(session, ANA, customer_id=first.customer_id, planned_on=days(1), collector="ana")
    assert [row.address for row in visits_of(session, ANA, on=days(1))] == ["Av. Juárez 10"]


def test_a_customer_is_visited_once_a_day(session: Session) -> None:
    first = planned(session, "A")
    with pytest.raises(VisitPlanned):
        plan_visit(session, ANA, customer_id=first.customer_id, planned_on=TODAY, collector="ana")


def test_no_visit_is_planned_for_the_past_nor_for_nobody(session: Session) -> None:
    with pytest.raises(VisitInThePast):
        planned(session, "A", planned_on=days(-1))
    with pytest.raises(CollectorMissing):
        planned(session, "B", actor=BOSS, collector=" ")


def test_a_collector_plans_his_own_route_and_a_supervisor_anybodys(session: Session) -> None:
    planned(session, "A", actor=BOSS)
    with pytest.raises(NotAllowed):
        planned(session, "B", collector="luis")
    with pytest.raises(NotAllowed):
        planned(session, "C", actor=an_actor(Role.AUDITOR))


def test_a_visit_is_dropped_once_and_with_a_reason(session: Session) -> None:
    visit = planned(session, "A")
    with pytest.raises(ReasonMissing):
        drop_visit(session, ANA, visit_id=visit.id or 0, reason=" ")
    drop_visit(session, ANA, visit_id=visit.id or 0, reason="Pagó")
    with pytest.raises(VisitOver):
        drop_visit(session, ANA, visit_id=visit.id or 0, reason="Otra vez")


def test_a_visit_of_a_customer_whom_one_does_not_see_is_not_there(session: Session) -> None:
    visit = planned(session, "A")
    with pytest.raises(VisitNotFound):
        drop_visit(session, an_actor(Role.COLLECTOR, name="luis"), visit_id=visit.id or 0, reason="No")
    assert visits_of(session, an_actor(Role.COLLECTOR, name="luis"), on=TODAY) == []
