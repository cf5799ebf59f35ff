"""The list of customers: it shows what each owes, filters by its address, and nothing to who may not see it."""

import pytest

from core.auth.actor import Role
from core.customers.search import search_text
from core.db import transaction
from tests.build import a_charge, a_customer

PATH = "pages/customers/customers.py"


@pytest.fixture
def book(database, business_day):
    business_day("2026-03-31")
    with transaction() as session:
        for code, name, region, collector in (("C1", "Aceros", "Norte", "ana"), ("C2", "Ópalo", "Sur", "luis")):
            customer = a_customer(
                session, code, legal_name=name, region=region, collector=collector, search=search_text(code, name, None)
            )
            a_charge(session, customer, amount="100.00", overdue_days=5)
        a_customer(session, "C3", legal_name="Nada", region="Sur")


def codes(at):
    assert not at.exception
    return list(at.dataframe[0].value["code"]) if at.dataframe else []


def texts(at):
    return " ".join(str(one.value) for kind in (at.title, at.markdown, at.caption) for one in kind)


def test_every_customer_with_its_balance_the_largest_first(who, screen, book):
    at = screen(PATH, who(Role.CASHIER)).run()
    assert codes(at) == ["C1", "C2", "C3"]
    assert [str(one) for one in at.dataframe[0].value["overdue"]] == ["100.00", "100.00", "0.00"]
    assert "3 clientes" in texts(at)
    assert "200\\.00" in texts(at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"region": "Sur"}, ["C2", "C3"]), ({"texto": "opalo"}, ["C2"]), ({"ver": "Con vencido"}, ["C1", "C2"]),
        ({"gestor": "ana"}, ["C1"]), ({"orden": "Nombre"}, ["C1", "C3", "C2"]), ({"texto": "%"}, []),
    ],
)  # fmt: skip
def test_filters_come_from_the_address(who, screen, book, query, expected):
    at = screen(PATH, who(), **query).run()
    assert codes(at) == expected
    assert ("Ningún cliente con estos filtros" in texts(at)) is (not expected)


def test_a_collector_sees_his_own_in_rows_totals_and_filters(who, screen, book):
    at = screen(PATH, who(Role.COLLECTOR)).run()
    assert codes(at) == ["C1"]
    assert "1 cliente" in texts(at)
    assert next(box for box in at.selectbox if box.label == "Región").options == ["Norte"]


def test_only_who_may_edit_is_offered_a_new_customer(who, screen, book):
    labels = {
        role: [one.label for one in screen(PATH, who(role, name=role.value.replace("_", "."))).run().button]
        for role in (Role.CASHIER, Role.AUDITOR)
    }
    assert "Nuevo cliente" in labels[Role.CASHIER]
    assert "Nuevo cliente" not in labels[Role.AUDITOR]


def test_without_customers_it_leads_to_the_import(who, screen):
    at = screen(PATH, who()).run()
    assert not at.exception
    assert "cargue sus clientes" in texts(at)


def test_without_a_session_nothing_is_shown(book, screen):
    at = screen(PATH).run()
    assert "Su sesión terminó" in texts(at)
    assert not at.dataframe
