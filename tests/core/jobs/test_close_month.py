"""Closing and reopening months: what is over, in order, and never by the same person."""

from datetime import date

import pytest
from sqlmodel import select

from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.errors import NotAllowed
from core.jobs.close_month import (
    ClosedByYourself,
    MonthNotClosed,
    MonthNotOver,
    ReasonMissing,
    ReasonTooLong,
    close_month,
    reopen_month,
)
from core.ledger.models import MonthLock
from core.ledger.months import MonthClosed, closed_through, stretches
from tests.build import a_customer, a_payment, an_actor

ANA, BETO, CARLA = an_actor(name="ana"), an_actor(name="beto"), an_actor(name="carla")


@pytest.fixture(autouse=True)
def _today(business_day):
    business_day("2026-04-10")


def closed(session):
    return [(one.after, one.through, one.user_name) for one in stretches(session)]


def test_every_month_up_to_the_one_named_is_closed(session):
    assert close_month(session, ANA, month="2026-02")
    assert closed_through(session) == date(2026, 2, 28)
    with pytest.raises(MonthClosed):
        a_payment(session, a_customer(session), paid_on=date(2026, 2, 28))


def test_nothing_happens_when_it_was_closed_already(session):
    close_month(session, ANA, month="2026-02")
    assert not close_month(session, BETO, month="2026-01")
    assert len(session.scalars(select(MonthLock)).all()) == 1
    assert len(session.scalars(select(AuditEvent)).all()) == 1


@pytest.mark.parametrize("month", ["2026-04", "2026-05", "9999-12"])
def test_the_running_month_and_later_ones_stay_open(session, month):
    with pytest.raises(MonthNotOver):
        close_month(session, ANA, month=month)


def test_reopening_opens_the_month_and_all_later_ones(session):
    close_month(session, ANA, month="2026-03")
    reopen_month(session, BETO, month="2026-02", reason="factura tardía")
    assert closed(session) == [("", "2026-01", "ana")]


def test_who_closed_one_of_them_does_not_reopen(session):
    close_month(session, ANA, month="2026-01")
    close_month(session, BETO, month="2026-03")
    for actor in (ANA, BETO):
        with pytest.raises(ClosedByYourself):
            reopen_month(session, actor, month="2026-01", reason="x")
    reopen_month(session, ANA, month="2026-02", reason="solo los de beto")
    assert closed(session) == [("", "2026-01", "ana")]


def test_who_closed_what_somebody_opened_and_another_closed_again_may_reopen(session):
    close_month(session, ANA, month="2026-03")
    reopen_month(session, BETO, month="2026-03", reason="x")
    close_month(session, CARLA, month="2026-03")
    reopen_month(session, ANA, month="2026-03", reason="x")
    assert closed(session) == [("", "2026-02", "ana")]


def test_the_system_is_nobody_special(session):
    close_month(session, system(), month="2026-03")
    with pytest.raises(ClosedByYourself):
        reopen_month(session, system(), month="2026-03", reason="x")


def test_what_is_open_is_not_reopened(session):
    close_month(session, ANA, month="2026-02")
    with pytest.raises(MonthNotClosed):
        reopen_month(session, BETO, month="2026-03", reason="x")


@pytest.mark.parametrize(("reason", "refusal"), [(" ", ReasonMissing), ("x" * 251, ReasonTooLong)])
def test_a_reopening_has_a_reason_that_fits(session, reason, refusal):
    close_month(session, ANA, month="2026-02")
    with pytest.raises(refusal):
        reopen_month(session, BETO, month="2026-02", reason=reason)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_who_administers_closes_and_reopens(session, role):
    with pytest.raises(NotAllowed):
        close_month(session, an_actor(role), month="2026-02")
    with pytest.raises(NotAllowed):
        reopen_month(session, an_actor(role), month="2026-02", reason="x")


def test_each_is_in_the_log_with_its_reason(session):
    close_month(session, ANA, month="2026-02")
    reopen_month(session, BETO, month="2026-01", reason="factura tardía")
    told = [(one.action, one.user_name, one.entity_id, one.facts) for one in session.scalars(select(AuditEvent))]
    assert told == [
        ("month.closed", "ana", "2026-02", {}),
        ("month.reopened", "beto", "2026-01", {"reason": "factura tardía"}),
    ]
