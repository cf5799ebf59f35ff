"""One customer's page and one document's: figures, tabs that load when open, refusals that name nobody."""

import pytest

from core.auth.actor import Role
from core.customers.editing import edit_customer, fields_of
from core.customers.people import add_person
from core.db import transaction
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor, pay

PATH, DOCUMENT = "pages/customers/customer.py", "pages/documents/document.py"


@pytest.fixture
def book(database, business_day):
    from dataclasses import replace
    from decimal import Decimal

    business_day(TODAY)
    with transaction() as session:
        one = a_customer(session, "C1", legal_name="Aceros", collector="ana", credit_limit=Decimal("1000.00"))
        late = a_charge(session, one, amount="900.00", number="F-1", overdue_days=40)
        a_charge(session, one, amount="300.00", number="F-2", due_on=TODAY)
        a_charge(session, one, amount="50.00", number="U-1", currency="USD", rate="20")
        pay(session, one, late, amount="100.00", number="P-1")
        a_payment(session, one, amount="25.00", number="P-2")
        add_person(session, an_actor(), customer_id=one.id or 0, name="Rosa Peña", phone="81 1234 5678")
        fields, seen = fields_of(session, an_actor(), one.id or 0)
        edit_customer(
            session, an_actor(), customer_id=one.id or 0, fields=replace(fields, phone="55"), seen=seen, reason="Llamó"
        )
        a_charge(session, a_customer(session, "C2", legal_name="Ajena", collector="luis"), number="X-1")


def texts(at):
    assert not at.exception
    kinds = (at.title, at.markdown, at.caption, at.error, at.get("html"))
    return " ".join(str(getattr(one, "value", None) or getattr(one, "body", "")) for kind in kinds for one in kind)


def metrics(at):
    return {one.label: one.value for one in at.metric}


def test_the_four_balances_and_the_badges(who, screen, book):
    at = screen(PATH, who(Role.CASHIER), cliente="C1").run()
    shown = texts(at)
    assert metrics(at) == {
        "Saldo": "$1,075.00", "Vencido": "$800.00", "Crédito disponible": "-$1,075.00",
        "Atraso promedio al pagar": "40 días",
    }  # fmt: skip
    assert "Crédito excedido" in shown
    assert "Rosa Peña" in shown
    assert list(at.dataframe[0].value["number"]) == ["F-1", "F-2"]


def test_another_currency_is_another_account(who, screen, book):
    at = screen(PATH, who(), cliente="C1", moneda="USD").run()
    assert metrics(at)["Saldo"] == "$50.00"
    assert list(at.dataframe[0].value["number"]) == ["U-1"]


@pytest.mark.parametrize(
    ("tab", "column", "expected"),
    [
        ("Movimientos", "document", ["F-1", "F-2", "P-1", "P-2"]),
        ("Pagos", "number", ["P-2", "P-1"]),
        ("Personas", "name", ["Rosa Peña"]),
        ("Historial", "field", ["Teléfono", "Persona de contacto", "Alta"]),
    ],
)
def test_each_tab_shows_its_rows_and_only_when_open(who, screen, book, tab, column, expected):
    at = screen(PATH, who(), cliente="C1", vista=tab).run()
    assert not at.exception
    assert len(at.dataframe) == 1
    assert sorted(at.dataframe[0].value[column]) == sorted(expected)


def test_the_credit_tab_tells_the_terms(who, screen, book):
    shown = texts(screen(PATH, who(), cliente="C1", vista="Crédito").run())
    assert "$1,000.00 MXN" in shown
    assert "Días de crédito" in shown


@pytest.mark.parametrize(("show", "expected"), [("Vencidos", ["F-1"]), ("Todos", ["F-2", "F-1"])])
def test_documents_by_how_they_stand(who, screen, book, show, expected):
    at = screen(PATH, who(), cliente="C1", documentos=show).run()
    assert sorted(at.dataframe[0].value["number"]) == sorted(expected)


def test_leading_zeros_aside_the_code_is_found(who, screen, book):
    with transaction() as session:
        a_customer(session, "0077", legal_name="Ceros")
    assert "Ceros" in texts(screen(PATH, who(), cliente="77").run())


@pytest.mark.parametrize("code", ["C2", "NADIE", "' OR 1=1 --"])
def test_somebody_elses_customer_is_refused_without_a_word_about_it(who, screen, book, code):
    at = screen(PATH, who(Role.COLLECTOR), cliente=code).run()
    shown = texts(at)
    assert "No puede ver este cliente" in shown
    assert "Ajena" not in shown
    assert not at.metric
    assert not at.dataframe


def test_without_a_code_it_leads_on(who, screen, book):
    assert "Elija un cliente" in texts(screen(PATH, who()).run())
    assert "Elija un documento" in texts(screen(DOCUMENT, who()).run())


def test_a_document_explains_its_balance(who, screen, book):
    at = screen(DOCUMENT, who(), folio="F-1").run()
    assert metrics(at)["Saldo"] == "$800.00"
    assert list(at.dataframe[0].value["number"]) == ["P-1"]
    assert [str(one) for one in at.dataframe[0].value["left"]] == ["800.00"]
    assert "40 días de atraso" in texts(at)


def test_somebody_elses_document_is_refused(who, screen, book):
    at = screen(DOCUMENT, who(Role.COLLECTOR), folio="X-1").run()
    shown = texts(at)
    assert "No puede ver este documento" in shown
    assert "Ajena" not in shown
    assert not at.metric
