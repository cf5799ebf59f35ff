"""Estrategia: what stands in the fields, the simulation before saving, the version that is saved."""

import pytest

from core.auth.actor import system
from core.collections.rules import Rules
from core.collections.strategies import save_strategy, strategies
from core.db import reading, transaction
from tests.build import TODAY, a_charge, a_customer

PATH = "pages/supervision/strategies.py"


@pytest.fixture
def book(database, business_day):
    business_day(TODAY)
    with transaction() as session:
        for code, segment, amount, late in (("C1", "Obra", "90000.00", 5), ("C2", "Tienda", "100.00", 130)):
            one = a_customer(session, code, legal_name=f"Cliente {code}", segment=segment)
            a_charge(session, one, amount=amount, overdue_days=late)


@pytest.fixture
def boss(user, book):
    return user("jefa", "manager")


def texts(at):
    assert not at.exception
    kinds = (at.title, at.markdown, at.caption, at.error)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def field(at, kind, label):
    return next(one for one in at.get(kind) if one.label == label)


def press(at, label):
    return field(at, "button", label).click().run()


def test_the_fields_show_the_strategy_in_force(boss, screen):
    at = screen(PATH, boss).run()
    assert field(at, "number_input", "Promesa rota").value == 40
    assert "nadie la ha cambiado" in texts(at)
    assert field(at, "selectbox", "Segmento").options == [
        "Todos los demás", "Obra (como todos)", "Tienda (como todos)",
    ]  # fmt: skip


def test_the_simulation_tells_who_would_move_and_saves_nothing(boss, screen):
    at = screen(PATH, boss).run()
    field(at, "text_input", "Importe vencido mínimo").set_value("1,000.00").run()
    press(at, "Simular: quién se movería")
    assert "sale 1" in texts(at)
    moves = next(one.value for one in at.dataframe if "what" in one.value)
    assert dict(zip(moves["customer"], moves["what"], strict=True))["C2"] == "Sale"
    with reading() as session:
        assert strategies(session).of(None) == Rules()


def test_nobody_moves_when_nothing_changes(boss, screen):
    at = screen(PATH, boss).run()
    press(at, "Simular: quién se movería")
    assert "la agenda de hoy queda igual" in texts(at)


def test_what_is_saved_is_a_version_of_its_segment(boss, screen):
    at = screen(PATH, boss, segmento="Obra").run()
    field(at, "number_input", "Promesa rota").set_value(77).run()
    press(at, "Guardar estrategia")
    with reading() as session:
        plans = strategies(session)
    assert (plans.of("Obra").points.promise_broken, plans.of("Obra").version) == (77, 1)
    assert plans.of("Obra").stages == Rules().stages
    assert plans.of("Tienda") == Rules()
    assert "Versión 1" in texts(at)


def test_a_strategy_of_a_segment_may_be_given_up(boss, screen):
    with transaction() as session:
        save_strategy(session, system(), rules=Rules(segment="Obra", quiet_days=9))
    at = screen(PATH, boss, segmento="Obra").run()
    press(at, "Quitar y volver a la de todos")
    with reading() as session:
        assert strategies(session).of("Obra") == Rules()


def test_an_amount_that_is_none_is_told_and_nothing_is_saved(boss, screen):
    at = screen(PATH, boss).run()
    field(at, "text_input", "Importe vencido mínimo").set_value("mil").run()
    press(at, "Guardar estrategia")
    assert "«mil» no es un importe" in texts(at).replace("\\", "")
    with reading() as session:
        assert strategies(session).of(None).version == 0


@pytest.mark.parametrize("role", ["collector", "cashier", "auditor", "sales_rep", "credit_analyst"])
def test_only_a_supervisor_edits_strategies(user, book, screen, role):
    at = screen(PATH, user("otro", role)).run()
    assert not at.get("number_input")
