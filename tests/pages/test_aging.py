"""The portfolio's screen: exact figures that tie with the ledger, filters in the address, the way down, who sees it."""

from datetime import timedelta

import pytest

from core.auth.actor import Role, system
from core.db import reading, transaction
from core.portfolio.aging import Basis, By
from core.portfolio.aging_files import Asked, aging_sheet
from core.portfolio.scope import Scope
from tests.build import TODAY, a_charge, a_customer, a_payment, pay

AGING = "pages/portfolio/aging.py"


@pytest.fixture
def books(database, business_day):
    """C1 in the north owes 1,500 (1,000 late), C2 in the south 200 and 30 dollars; 50 of C1 are not applied."""
    business_day(TODAY)
    with transaction() as session:
        one = a_customer(session, "C1", legal_name="Aceros", region="Norte", sales_rep="Ana", collector="beto")
        two = a_customer(session, "C2", legal_name="Cementos", region="Sur", sales_rep="Luis")
        charge = a_charge(session, one, amount="1200.00", overdue_days=40, number="F1")
        pay(session, one, charge, amount="200.00", number="P1")
        a_charge(session, one, amount="500.00", due_on=TODAY, number="F2")
        a_payment(session, one, amount="50.00", number="P2")
        a_charge(session, two, amount="200.00", due_on=TODAY, number="F3")
        a_charge(session, two, amount="30.00", currency="USD", rate="20", overdue_days=3, number="F4")


def texts(at) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.error)).replace("\\", "")


def figures(at) -> list[tuple[str, str]]:
    return [(one.label, one.value) for one in at.metric]


def names(at, key="name") -> list[str]:
    return list(at.dataframe[0].value[key])


def test_it_shows_exact_totals_and_that_they_tie_with_the_ledger(books, who, screen):
    at = screen(AGING, who()).run()
    assert not at.exception
    assert figures(at) == [
        ("Total", "$1,650.00"), ("Por vencer", "$700.00"), ("Vencido", "$1,000.00"), ("Más de 90 días", "$0.00"),
        ("Sin aplicar", "-$50.00"),
    ]  # fmt: skip
    told = texts(at)
    assert "Cuadra con el libro" in told
    assert "Tramos $1,700.00 + sin aplicar -$50.00 = $1,650.00, igual al libro al 31/03/2026" in told
    assert "Diferencia $0.00" in told


def test_rows_are_largest_first_with_the_total_last(books, who, screen):
    assert names(screen(AGING, who()).run()) == ["Ana", "Luis", "TOTAL"]


def test_the_address_says_what_is_shown(books, who, screen):
    at = screen(AGING, who(), agrupar="Cliente", moneda="USD", corte="2026-03-31").run()
    assert names(at) == ["Cementos", "TOTAL"]
    assert figures(at)[0] == ("Total", "$30.00")
    at = screen(AGING, who(), agrupar="Cliente", region="Norte", corte="2026-03-31").run()
    assert names(at) == ["Aceros", "TOTAL"]
    assert "igual al libro" in texts(at)


def test_an_address_copied_in_the_other_language_shows_the_same(books, who, screen):
    at = screen(AGING, who(), agrupar="Customer", desde="Issue", corte="2026-03-31", region="Norte").run()
    assert (at.selectbox(key="agrupar").value, at.selectbox(key="desde").value) == (By.CUSTOMER, Basis.ISSUE_DATE)
    assert names(at) == ["Aceros", "TOTAL"]
    assert not at.warning
    english = screen(AGING, who(Role.MANAGER, "john", language="en"), agrupar="Cliente").run()
    assert english.selectbox(key="agrupar").value is By.CUSTOMER
    assert names(english) == ["Aceros", "Cementos", "TOTAL"]


def test_an_empty_portfolio_asks_nobody_to_select_a_row(database, who, screen):
    at = screen(AGING, who()).run()
    assert "No hay saldos abiertos con estos filtros" in texts(at)
    assert "Seleccione" not in texts(at)


def test_a_sales_rep_is_proved_by_the_accounts_of_all(books, who, screen):
    at = screen(AGING, who(), asesor="Luis", moneda="MXN").run()
    assert figures(at)[0] == ("Total", "$200.00")
    assert "Todos los asesores: Tramos $1,700.00" in texts(at)


def test_the_way_down_leads_to_the_customers_their_documents_and_what_was_applied(books, who, screen):
    at = screen(AGING, who()).run()
    at.session_state["aging_sales_rep"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    button = at.button(key="aging_down")
    assert button.label == "Ver el cliente de Ana"
    button.click().run()
    assert names(at) == ["Aceros", "TOTAL"]
    at.session_state["aging_customer"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    at.button(key="aging_down").click().run()
    assert names(at, "number") == ["F1", "F2", "P2", "TOTAL"]
    at.session_state["aging_documents"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert "de $1,200.00 se aplicaron $200.00 hasta el 31/03/2026; quedan $1,000.00" in texts(at)
    assert list(at.dataframe[1].value["number"]) == ["P1"]
    at.button(key="trail_all").click().run()
    assert names(at) == ["Aceros", "Cementos", "TOTAL"]


def test_an_earlier_date_shows_what_was_open_then(books, who, screen):
    at = screen(AGING, who(), corte=(TODAY - timedelta(days=1)).isoformat()).run()
    assert figures(at)[0] == ("Total", "$1,900.00")


def test_with_nothing_open_it_says_so(books, who, screen):
    at = screen(AGING, who(), corte="2020-01-01").run()
    assert not at.exception
    assert "No hay saldos abiertos con estos filtros" in texts(at)


def test_a_collector_sees_ones_own_customers_in_rows_totals_and_ledger(books, who, screen):
    at = screen(AGING, who(Role.COLLECTOR, "beto"), agrupar="Cliente").run()
    assert names(at) == ["Aceros", "TOTAL"]
    assert "= $1,450.00, igual al libro" in texts(at)


def test_a_wrong_ledger_is_told_and_not_hidden(books, who, screen, monkeypatch):
    from decimal import Decimal

    from pages.ui import aging_proof

    def one_cent_more(*_: object, **__: object) -> dict[str, Decimal]:
        return {"MXN": Decimal("1650.01")}

    monkeypatch.setattr(aging_proof, "ledger_total", one_cent_more)
    told = texts(screen(AGING, who()).run())
    assert "No cuadra con el libro" in told
    assert "diferencia -$0.01" in told


@pytest.mark.parametrize(("by", "rows"), [(By.REGION, 3), (By.DOCUMENT, 5)])
def test_the_file_has_all_rows_of_the_view_in_real_types(books, by, rows):
    with reading() as session:
        sheet = aging_sheet(session, system(), Asked(TODAY, by))
        listed = list(sheet.rows)
    assert len(listed) == rows
    assert all(len(row) == len(sheet.columns) for row in listed)
    assert "Fecha de corte: 31/03/2026" in sheet.notes


def test_the_file_says_its_filters(books):
    with reading() as session:
        sheet = aging_sheet(session, system(), Asked(TODAY, By.CUSTOMER, scope=Scope(region="Norte", currency="MXN")))
    assert [row[0] for row in sheet.rows] == ["C1"]
    assert {"Región: Norte", "Moneda: MXN"} <= set(sheet.notes)
