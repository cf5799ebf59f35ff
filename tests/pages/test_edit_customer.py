"""The form of a customer: it saves with a reason, asks twice about doubts, and tells the slower of two what changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.customers.editing import edit_customer, fields_of
from core.customers.queries import customer_card, history
from core.db import reading, transaction
from tests.build import a_customer, an_actor

PATH = "pages/customers/edit_customer.py"


@pytest.fixture
def known(database):
    with transaction() as session:
        return a_customer(session, "C1", legal_name="Aceros", credit_limit=Decimal("500.00"))


def texts(at):
    assert not at.exception
    return " ".join(str(one.value) for kind in (at.title, at.markdown, at.caption, at.error) for one in kind)


def field(at, label, kind="text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def save(at):
    return next(one for one in at.button if one.label == "Guardar cliente").click().run()


def card(code):
    with reading() as session:
        return customer_card(session, an_actor(), code)


def test_a_new_customer_is_saved(who, screen, database):
    at = screen(PATH, who(Role.CREDIT_ANALYST)).run()
    field(at, "Clave").set_value("C9")
    field(at, "Nombre o razón social").set_value("Peñón")
    field(at, "Límite de crédito, en moneda de la empresa").set_value("12,500.00")
    field(at, "Días de crédito", "number_input").set_value(45)
    assert not save(at).error
    assert (card("C9").legal_name, card("C9").credit_limit, card("C9").terms_days) == ("Peñón", Decimal("12500.00"), 45)


def test_a_change_is_saved_with_its_reason(who, screen, known):
    at = screen(PATH, who(Role.CREDIT_ANALYST), cliente="C1").run()
    field(at, "Teléfono").set_value("81 1234 5678")
    at = save(at)
    assert "Escriba el motivo" in texts(at)
    field(at, "Motivo del cambio").set_value("Lo pidió")
    assert not save(at).error
    with reading() as session:
        row = history(session, an_actor(), known.id)[0]
    assert (row.user, row.field, row.after, row.reason) == ("ana", "Teléfono", "81 1234 5678", "Lo pidió")


def test_what_cannot_be_is_refused_and_what_was_typed_stays(who, screen, known):
    at = screen(PATH, who(Role.CREDIT_ANALYST), cliente="C1").run()
    field(at, "Correo").set_value("sin arroba")
    field(at, "Motivo del cambio").set_value("x")
    at = save(at)
    assert "No se guardó el cliente" in texts(at)
    assert "no es un correo" in texts(at)
    assert field(at, "Correo").value == "sin arroba"


def test_a_doubtful_rfc_is_asked_about_once_more(who, screen, known):
    at = screen(PATH, who(Role.CASHIER), cliente="C1").run()
    field(at, "RFC o identificación fiscal").set_value("VACE460910SX6")
    field(at, "Motivo del cambio").set_value("Constancia")
    at = save(at)
    assert "dígito verificador" in texts(at)
    assert card("C1").tax_id is None
    field(at, "Ya lo revisé: guardar así", "checkbox").check()
    assert not save(at).error
    assert card("C1").tax_id == "VACE460910SX6"


def test_the_slower_of_two_is_told_what_the_other_changed(who, screen, known):
    at = screen(PATH, who(), cliente="C1").run()
    with transaction() as session:
        fields, seen = fields_of(session, an_actor(), known.id)
        edit_customer(
            session, an_actor(name="luis"), customer_id=known.id, fields=replace(fields, phone="55"), seen=seen,
            reason="x",
        )  # fmt: skip
    field(at, "Teléfono").set_value("81")
    field(at, "Motivo del cambio").set_value("y")
    at = save(at)
    assert "luis cambió Teléfono" in texts(at)
    assert card("C1").phone == "55"
    at = next(one for one in at.button if one.label == "Descartar y cargar de nuevo").click().run()
    assert field(at, "Teléfono").value == "55"


def test_limit_and_terms_are_locked_for_who_may_not_grant_credit(who, screen, known):
    at = screen(PATH, who(Role.CASHIER), cliente="C1").run()
    assert field(at, "Días de crédito", "number_input").disabled
    assert field(at, "Límite de crédito, en moneda de la empresa").disabled
    assert "los cambia el área de crédito" in texts(at)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.MANAGER, Role.SALES_REP, Role.AUDITOR])
def test_who_may_not_edit_is_refused(who, screen, known, role):
    at = screen(PATH, who(role), cliente="C1").run()
    assert "no es de su función" in texts(at)
    assert not at.text_input
