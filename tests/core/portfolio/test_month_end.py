"""Figures of a month as they were reported: frozen once it is over; what comes later does not touch them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from core.auth.actor import Role, system
from core.errors import NotAllowed
from core.portfolio.models import MonthFigures
from core.portfolio.month_end import as_reported, freeze_months
from tests.build import a_charge, a_customer, an_actor, pay

TODAY = date(2026, 4, 3)


@pytest.fixture
def book(session):
    """March: 1,000.00 invoiced and 400.00 collected in the north, 50.00 of dollars invoiced in the south."""
    north = a_customer(session, "N1", region="Norte")
    south = a_customer(session, "S1", region="Sur", currency="USD")
    charge = a_charge(session, north, amount="1000.00", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 21))
    pay(session, north, charge, amount="400.00", paid_on=date(2026, 3, 25))
    a_charge(
        session, south, amount="50.00", issued_on=date(2026, 3, 5), due_on=date(2026, 4, 4), currency="USD",
        rate="18.000000",
    )  # fmt: skip
    session.charge, session.north = charge, north
    return session


def test_aging_totals_and_kpis_are_kept_for_the_company_and_each_region(book):
    assert freeze_months(book, system(), as_of=TODAY, today=TODAY) == ["2026-03"]
    rows = as_reported(book, system(), month="2026-03")
    assert [(one.region, one.currency) for one in rows] == [
        ("", "MXN"), ("", "USD"), ("Norte", "MXN"), ("Sur", "USD"),
    ]  # fmt: skip
    pesos, dollars = rows[0], rows[1]
    assert dict(pesos.buckets)["1-30"] == pesos.overdue == pesos.total == Decimal("600.00")
    assert (pesos.opening, pesos.sales, pesos.collected) == (Decimal(0), Decimal("1000.00"), Decimal("400.00"))
    assert pesos.dso == Decimal("18.60")
    assert (dollars.total, dollars.base_total) == (Decimal("50.00"), Decimal("900.00"))


def test_what_comes_later_leaves_them_as_they_were(book):
    freeze_months(book, system(), as_of=TODAY, today=TODAY)
    before = as_reported(book, system(), month="2026-03")
    pay(book, book.north, book.charge, amount="600.00", paid_on=date(2026, 3, 30))  # known too late
    assert freeze_months(book, system(), as_of=TODAY, today=TODAY) == []
    assert as_reported(book, system(), month="2026-03") == before


@pytest.mark.parametrize(("as_of", "today", "frozen"), [
    ("2026-03-31", "2026-04-01", ["2026-03"]),  # the last day, run when it is over
    ("2026-03-31", "2026-03-31", ["2026-02"]),  # it is not over: money may still come in today
    ("2026-03-30", "2026-04-01", ["2026-02"]),
    ("2026-12-31", "2026-04-03", ["2026-03"]),  # a day that is still to come freezes nothing to come
    ("2026-01-01", "2026-04-03", ["2025-12"]),
])  # fmt: skip
def test_a_month_is_frozen_once_it_is_over(session, as_of, today, frozen):
    a_charge(session, a_customer(session), issued_on=date(2025, 12, 1), due_on=date(2025, 12, 20))
    days = {"as_of": date.fromisoformat(as_of), "today": date.fromisoformat(today)}
    assert freeze_months(session, system(), **days) == frozen


def test_months_that_no_run_saw_are_frozen_with_the_next(book):
    a_charge(book, book.north, issued_on=date(2025, 12, 1), due_on=date(2025, 12, 20))
    assert freeze_months(book, system(), as_of=date(2026, 1, 5), today=TODAY) == ["2025-12"]
    assert freeze_months(book, system(), as_of=TODAY, today=TODAY) == ["2026-01", "2026-02", "2026-03"]


def test_before_anything_moved_there_is_nothing_to_freeze(book):
    assert freeze_months(book, system(), as_of=date(2026, 1, 5), today=TODAY) == []


def test_a_run_for_an_older_day_adds_the_month_that_is_missing_and_no_other(book):
    a_charge(book, book.north, issued_on=date(2025, 10, 1), due_on=date(2025, 12, 20))
    freeze_months(book, system(), as_of=TODAY, today=TODAY)
    assert freeze_months(book, system(), as_of=date(2026, 1, 5), today=TODAY) == ["2025-12"]


def test_a_regional_manager_sees_the_figures_of_the_region(book):
    freeze_months(book, system(), as_of=TODAY, today=TODAY)
    boss = an_actor(Role.MANAGER, region="Sur")
    assert [one.region for one in as_reported(book, boss, month="2026-03")] == ["Sur"]
    assert as_reported(book, an_actor(Role.COLLECTOR), month="2026-03") == []


def test_nobody_else_freezes_and_nothing_frozen_is_changed(book):
    with pytest.raises(NotAllowed):
        freeze_months(book, an_actor(Role.MANAGER), as_of=TODAY, today=TODAY)
    freeze_months(book, system(), as_of=TODAY, today=TODAY)
    for statement in (update(MonthFigures).values(total=Decimal("1.00")), delete(MonthFigures)):
        with pytest.raises(DatabaseError), book.begin_nested():
            book.execute(statement)
