"""Customers are found by name, code and RFC, as far as one sees them."""

import pytest

from core.auth.actor import Role
from core.customers.queries import search_customers
from core.customers.search import folded, search_text
from tests.build import a_customer, an_actor


def named(session, code, name, tax_id=None, **fields):
    return a_customer(session, code, legal_name=name, tax_id=tax_id, search=search_text(code, name, tax_id), **fields)


def codes(session, text, actor=None, limit=20):
    return [row.code for row in search_customers(session, actor or an_actor(), text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "expected"), [("  José  ÑANDÚ ", "jose nandu"), ("Straße", "strasse"), ("É", "e"), ("Nº 5", "no 5")]
)
def test_texts_are_folded_alike_whoever_writes_them(text, expected):
    assert folded(text) == expected


def test_a_generic_rfc_is_not_in_the_text_that_is_searched():
    assert search_text("C1", "Público", "XAXX010101000") == "c1 publico"
    assert search_text("C1", "Público", "GODE561231GR8") == "c1 publico gode561231gr8"


def test_customers_are_found_by_name_code_and_rfc_without_case_and_accents(session):
    named(session, "C7", "Construcción Peñón", "GODE561231GR8")
    named(session, "C8", "Ferretería")
    assert codes(session, "penon CONSTRUCCION") == ["C7"]
    assert codes(session, "c8") == ["C8"]
    assert codes(session, "gode5612") == ["C7"]
    assert codes(session, "  ") == []


def test_the_code_itself_comes_first_then_names_that_begin_so(session):
    named(session, "A2", "Bodega Norte 77")
    named(session, "A1", "77 Aceros")
    named(session, "77", "Zinc y Acero")
    assert codes(session, "77") == ["77", "A1", "A2"]


def test_signs_of_like_are_searched_as_written(session):
    named(session, "A_1", "Cien % puro")
    named(session, "AX1", "Cien puro")
    assert codes(session, "%") == ["A_1"]
    assert codes(session, "a_1") == ["A_1"]


def test_nobody_finds_a_customer_whom_he_does_not_see(session):
    named(session, "C1", "Acero Uno", collector="ana")
    named(session, "C2", "Acero Dos", collector="luis")
    assert codes(session, "acero", an_actor(Role.COLLECTOR, name="ana")) == ["C1"]
