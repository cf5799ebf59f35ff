"""The nightly run on screen: started now, what each step did, when it is expected; for administrators alone."""

from datetime import date, timedelta

import pytest

from core import db
from core.auth.actor import system
from core.clock import now, standing
from core.config import config
from core.jobs import nightly
from core.jobs.nightly_steps import STEPS
from core.promises.recording import record_promise
from tests.build import TODAY, a_charge, a_customer

PATH = "pages/admin/nightly_run.py"


@pytest.fixture(autouse=True)
def _today(business_day):
    business_day(TODAY)


@pytest.fixture
def book(database):
    with db.transaction() as session:
        customer = a_customer(session, "C1", collector="beto", email="pagos@c1.example")
        charge = a_charge(session, customer, number="F1", amount="900.00", overdue_days=40)
        record_promise(
            session, system(), customer_id=customer.id or 0, amount=charge.total, currency="MXN", documents=["F1"],
            made_on=date(2026, 3, 20), promised_on=date(2026, 3, 25),
        )  # fmt: skip


def words(at):
    return " ".join(one.value for one in [*at.markdown, *at.caption, *at.warning, *at.error]).replace("\\", "")


def test_before_the_first_run_it_says_how_to_have_one_each_night(book, screen, user):
    at = screen(PATH, user("ivan")).run()
    assert "El servidor todavía no lo ejecuta solo" in words(at)
    assert "Todavía no se ha ejecutado" in words(at)
    assert not at.exception


def test_the_button_runs_it_and_tells_what_each_step_did(book, screen, user):
    at = screen(PATH, user("ivan")).run()
    at.button(key="ejecutar").click().run()
    assert not at.exception
    assert len(at.dataframe[0].value) == 1
    assert list(at.dataframe[0].value["state"]) == ["Terminó"]
    told = words(at)
    assert "1 promesa rota." in told
    assert "1 carta en la bandeja de salida" in told
    assert all(step.label in told for step in STEPS)
    at.button(key="ejecutar").click().run()
    assert len(at.dataframe[0].value) == 2
    assert "1 promesa rota." not in words(at)


def test_a_step_that_failed_says_why(book, screen, user, monkeypatch):
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    config.cache_clear()
    at = screen(PATH, user("ivan")).run()
    at.button(key="ejecutar").click().run()
    assert list(at.dataframe[0].value["state"]) == ["Con fallas"]
    assert "El servidor de correo 127.0.0.1 no responde" in words(at)


def test_a_server_that_missed_its_night_is_told(book, screen, user):
    with standing(now() - timedelta(days=3)):
        nightly.run(system(), as_of=TODAY)
    assert "No ha corrido a tiempo" in words(screen(PATH, user("ivan")).run())


@pytest.mark.parametrize("role", ["manager", "collector", "cashier", "auditor"])
def test_nobody_else_sees_it(book, screen, user, role):
    at = screen(PATH, user("otra", role)).run()
    assert "ejecutar" not in [one.key for one in at.button]
    assert not at.dataframe
