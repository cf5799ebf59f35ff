"""Cierre de mes: closing on the screen, and opening again by somebody else."""

import pytest

from core.db import reading
from core.jobs.close_month import months
from tests.build import an_actor

SCREEN = "pages/admin/close_month.py"


def press(screen, label):
    next(one for one in screen.button if label in one.label).click().run()


def state():
    with reading() as session:
        return months(session, an_actor())


def test_the_last_month_that_is_over_is_closed_and_reopened_by_somebody_else(database, user, screen):
    shown = screen(SCREEN, user("ana")).run()
    press(shown, "Cerrar hasta febrero de 2026")
    assert state().through == "2026-02"

    shown = screen(SCREEN, "ana").run()
    shown.text_input[0].set_value("llegó tarde una factura")
    press(shown, "Reabrir meses")
    assert any("debe reabrirlos otra persona" in one.value for one in shown.error)

    shown = screen(SCREEN, user("beto")).run()
    shown.text_input[0].set_value("llegó tarde una factura")
    press(shown, "Reabrir meses")
    assert state().through == "2026-01"
    assert [one.closes for one in state().history] == [False, True]
    assert list(shown.run().dataframe[0].value["what"]) == ["Reabrió", "Cerró"]


def test_without_closed_months_the_screen_says_so(database, user, screen):
    shown = screen(SCREEN, user("ana")).run()
    assert any("Ningún mes está cerrado" in one.value for one in shown.markdown)


@pytest.mark.parametrize("role", ["cashier", "manager", "auditor"])
def test_only_an_administrator_sees_it(database, user, screen, role):
    shown = screen(SCREEN, user("eva", role)).run()
    assert any("no es de su función" in one.value for one in (*shown.markdown, *shown.title, *shown.subheader))
    assert not shown.text_input
    assert not [one for one in shown.button if "Cerrar hasta" in one.label]
