"""The first page: from no data to the first import, and what is owed once there is something."""

import pytest

from core.auth.actor import Role
from core.db import transaction
from core.policies.settings import mark_as_demo
from tests.build import TODAY, a_charge, a_customer

HOME = "pages/start/home.py"


def texts(screen) -> str:
    return " ".join(str(one.value) for kind in (screen.title, screen.markdown, screen.caption) for one in kind)


def html(screen) -> str:
    return " ".join(one.proto.body for one in screen.get("html"))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CASHIER, Role.CREDIT_ANALYST])
def test_without_data_who_may_load_is_led_to_the_import(who, screen, role):
    at = screen(HOME, who(role)).run()
    assert not at.exception
    assert "aún no hay datos" in texts(at)
    assert any(one.label == "Cargar un archivo" for one in at.button)
    assert 'aria-current="step"' in html(at)
    assert {one.value for one in at.metric} == {"s/d"}


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SALES_REP, Role.AUDITOR, Role.MANAGER])
def test_without_data_others_are_told_to_wait(who, screen, role):
    at = screen(HOME, who(role)).run()
    assert not at.exception
    assert "Aún no hay clientes que usted pueda ver" in texts(at)


def test_with_data_totals_are_by_currency(who, screen, business_day):
    business_day(TODAY)
    name = who()
    with transaction() as session:
        customer = a_customer(session, "C1", region="Norte")
        a_charge(session, customer, amount="1500000.00", overdue_days=10)
        a_charge(session, customer, amount="500000.00", overdue_days=-10)
        a_charge(session, customer, amount="20.00", currency="USD", rate="18", overdue_days=5)
    at = screen(HOME, name).run()
    assert not at.exception
    figures = [(one.label, one.value.replace("\u00a0", " ")) for one in at.metric]
    assert figures[:4] == [
        ("Cartera total", "$2.0 M"), ("Por vencer", "$500 mil"), ("Vencido", "$1.5 M"), ("Sin aplicar", "$0.00"),
    ]  # fmt: skip
    assert figures[4] == ("Cartera total", "$20.00")
    assert "2,000,000.00 MXN" in at.metric[0].help
    assert "Por vencer" in html(at)


def test_a_collector_sees_the_totals_of_ones_own_customers(who, screen, business_day):
    business_day(TODAY)
    name = who(Role.COLLECTOR)
    with transaction() as session:
        a_charge(session, a_customer(session, "C1", collector="ana"), amount="100.00", overdue_days=1)
        a_charge(session, a_customer(session, "C2", collector="otra"), amount="900.00", overdue_days=1)
    at = screen(HOME, name).run()
    assert at.metric[0].value == "$100.00"


def test_a_demo_says_that_it_is_one(who, screen):
    name = who()
    with transaction() as session:
        mark_as_demo(session)
    assert "Empresa de demostración" in texts(screen(HOME, name).run())
