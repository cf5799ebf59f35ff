"""Agreements on the screen: the list, the steps of a new one, deciding."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.agreements.drafting import Terms
from core.agreements.proposing import propose_agreement
from core.agreements.queries import agreements
from core.agreements.standing import State
from core.auth.actor import Role, system
from core.auth.queries import actor_named
from core.db import reading, transaction
from tests.build import TODAY, a_charge, a_customer, customer_of

SCREEN = "pages/collections/agreements.py"
D = Decimal


@pytest.fixture
def books(database, business_day, who):
    """C1, carla's, owes F1 (900.00, 60 days overdue) and F2 (300.00, not yet due)."""
    business_day(TODAY)
    with transaction() as session:
        customer = a_customer(session, "C1", legal_name="Aceros", collector="carla", region="Norte")
        a_charge(session, customer, amount="900.00", overdue_days=60, number="F1")
        a_charge(session, customer, amount="300.00", due_on=TODAY + timedelta(days=15), number="F2")
    who(Role.COLLECTOR, "carla")
    who(Role.MANAGER, "jefe")


def texts(at) -> str:
    shown = (*at.title, *at.markdown, *at.caption, *at.error, *at.info, *at.warning)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def button(at, label):
    return next(one for one in at.button if one.label == label)


def field(at, label, kind="text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def proposed(user="carla", **fields) -> str:
    with transaction() as session:
        terms = Terms(customer_of(session, "C1").id or 0, "MXN", ("F1",), TODAY + timedelta(days=30), times=3, **fields)
        return propose_agreement(session, actor_named(session, user), terms=terms, on=TODAY).number


def rows():
    with reading() as session:
        return agreements(session, system(), as_of=TODAY)


def test_without_agreements_it_says_so(books, screen):
    at = screen(SCREEN, "carla").run()
    assert not at.exception
    assert "Ningún convenio aquí" in texts(at)


def test_a_new_one_is_worked_out_compared_and_sent(books, screen):
    at = screen(SCREEN, "carla", nuevo="1", cliente="C1").run()
    assert not at.exception
    assert "1 documento: $900.00 MXN y $9.00 de interés moratorio" in texts(at)  # what is overdue
    field(at, "Interés que se condona (%)").set_value("50")
    field(at, "Número de pagos", "number_input").set_value(4).run()
    assert not at.exception
    assert "Total: **$904.50**" in texts(at)
    options = next(one.value for one in at.dataframe if "present_value" in one.value)
    assert list(options["name"])[:2] == ["Pagar todo hoy", "▸ La propuesta"]
    button(at, "Enviar a aprobación").click().run()
    assert not at.exception
    [one] = rows()
    assert (one.total, one.payments, one.state) == (D("904.50"), 4, State.WAITING)


def test_terms_that_make_no_plan_are_told_and_nothing_can_be_sent(books, screen):
    at = screen(SCREEN, "carla", nuevo="1", cliente="C1").run()
    field(at, "Enganche").set_value("909.00").run()
    assert "menor que lo que se debe" in texts(at)
    assert "Enviar a aprobación" not in [one.label for one in at.button]
    field(at, "Enganche").set_value("mucho").run()
    assert "no es un importe" in texts(at)
    field(at, "Enganche").set_value("")
    field(at, "Frecuencia", "selectbox").set_value("own").run()
    field(at, "Fechas de pago, una por renglón", "text_area").set_value("30/02/2026").run()
    assert "no es una fecha" in texts(at)


def test_the_manager_finds_it_in_the_inbox_and_approves_it(books, screen):
    number = proposed()
    at = screen(SCREEN, "jefe").run()
    assert "Esperan su decisión" in texts(at)
    at = screen(SCREEN, "jefe", convenio=number).run()
    assert not at.exception
    assert "Por aprobar" in texts(at)
    button(at, "Aprobar el convenio").click().run()
    assert not at.exception
    assert rows()[0].state is State.IN_FORCE
    at = screen(SCREEN, "jefe", convenio=number).run()
    plan = next(one.value for one in at.dataframe if "promise" in one.value)
    assert list(plan["status"]) == ["○ Pendiente"] * 3
    assert "Falta la firma del cliente" in texts(at)


def test_a_refusal_needs_a_word(books, screen):
    number = proposed()
    at = screen(SCREEN, "jefe", convenio=number).run()
    button(at, "Rechazar").click().run()
    assert "Escriba el motivo" in texts(at)
    field(at, "Motivo o comentario").set_value("muy largo").run()
    button(at, "Rechazar").click().run()
    assert rows()[0].state is State.REFUSED


def test_who_proposed_sees_no_button_to_approve(books, who, screen):
    who(Role.ADMIN, "unica")
    number = proposed("unica")
    at = screen(SCREEN, "unica", convenio=number).run()
    labels = [one.label for one in at.button]
    assert "Retirar la propuesta" in labels
    assert "Aprobar el convenio" not in labels


def test_above_the_level_the_manager_is_told_who_approves(books, screen):
    number = proposed(waive_pct=D("100"))
    at = screen(SCREEN, "jefe", convenio=number).run()
    assert "pídalo a administración" in texts(at)
    assert button(at, "Aprobar el convenio").disabled


def test_who_may_not_propose_has_no_button_and_who_may_not_see_nothing(books, who, screen):
    number = proposed()
    at = screen(SCREEN, who(Role.AUDITOR, "audi"), nuevo="1").run()
    assert "Nuevo convenio" not in [one.label for one in at.button]
    assert "Convenios de pago" in texts(at)
    at = screen(SCREEN, who(Role.CASHIER, "caja")).run()
    assert at.dataframe == []
    assert "no es de su función" in texts(at)
    at = screen(SCREEN, who(Role.COLLECTOR, "otro"), convenio=number).run()
    assert "Aceros" not in texts(at)


def test_a_count_opens_its_rows(books, screen):
    proposed()
    at = screen(SCREEN, "carla").run()
    next(one for one in at.button if one.key == "see_waiting").click().run()
    assert not at.exception
    assert at.session_state["ver"] == "waiting"
    assert len(at.dataframe[0].value) == 1
