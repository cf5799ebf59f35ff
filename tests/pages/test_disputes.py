"""Screens of disputes: the list and its figures, one dispute, and the document that it is about."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.db import reading, transaction
from core.disputes.listing import Wanted, Which, disputes
from core.disputes.opening import open_dispute
from core.disputes.reasons import Outcome
from core.disputes.reviewing import add_to_dispute, close_dispute, move_dispute
from pages.ui import dispute_list
from tests.build import TODAY, a_charge, a_customer, an_actor
from tests.support.databases import Database

LIST, CARD, DOCUMENT = "pages/collections/disputes.py", "pages/collections/dispute.py", "pages/documents/document.py"

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture
def company(database: Database) -> Database:
    """Cora's C1 disputes 300.00 of F1, late; the C2 of cosme 50.00 of F2, decided; a closed one of F3."""
    ana = an_actor()
    with transaction() as session:
        for number, collector, days, amount in (("1", "cora", 9, "300.00"), ("2", "cosme", 1, "50.00"),
                                                ("3", "cora", 9, "7.00")):  # fmt: skip
            customer = a_customer(session, f"C{number}", legal_name=f"Cliente {number}", collector=collector)
            a_charge(session, customer, amount="1000.00", number=f"F{number}", overdue_days=20)
            open_dispute(
                session, ana, customer_id=customer.id or 0, document=f"F{number}", amount=Decimal(amount),
                opened_on=TODAY - timedelta(days=days), reason="price", details="Pactamos otro precio",
            )  # fmt: skip
        move_dispute(session, ana, number="AC-000002", status="accepted")
        close_dispute(session, ana, number="AC-000003", outcome=Outcome.CORRECTED, closed_on=TODAY)
        add_to_dispute(session, ana, number="AC-000001", notes="Se pidió el pedido", files=[("pedido.pdf", b"%PDF-1")])
    return database


def figures(at) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


def test_the_list_has_its_figures_and_its_rows(company, who, screen):
    at = screen(LIST, who(Role.ADMIN)).run()
    assert not at.exception
    assert figures(at) == {"Abiertas": "2", "Vencidas": "1", "Por cerrar": "1", "En aclaración, MXN": "$350.00"}
    assert list(at.dataframe[0].value["number"]) == ["AC-000001", "AC-000002"]
    assert list(at.dataframe[0].value["late"].fillna(0)) == [4, 0]


@pytest.mark.parametrize(
    ("view", "numbers"), [("Vencidas", ["AC-000001"]), ("Por cerrar", ["AC-000002"]), ("Cerradas", ["AC-000003"])]
)
def test_each_view_has_its_own_rows(company, who, screen, view, numbers):
    at = screen(LIST, who(Role.ADMIN), vista=view).run()
    assert list(at.dataframe[0].value["number"]) == numbers


def test_the_filters_come_from_the_address(company, who, screen):
    at = screen(LIST, who(Role.ADMIN), texto="c2").run()
    assert list(at.dataframe[0].value["number"]) == ["AC-000002"]
    at = screen(LIST, who(Role.ADMIN), area="Calidad").run()
    assert not at.dataframe
    assert any("quite un filtro" in one.value for one in at.caption)


def test_a_collector_sees_his_own_and_may_open_one(company, who, screen):
    at = screen(LIST, who(Role.COLLECTOR, "cora")).run()
    assert figures(at)["En aclaración, MXN"] == "$300.00"
    assert at.button(key="dispute_new").label == "Nueva aclaración"
    auditor = screen(LIST, who(Role.AUDITOR, "aldo")).run()
    assert figures(auditor)["Abiertas"] == "2"
    assert not [one for one in auditor.button if one.key == "dispute_new"]


def test_who_does_not_see_the_collectors_work_is_refused(company, who, screen):
    at = screen(LIST, who(Role.SALES_REP, "vero", sales_rep="V1")).run()
    assert not at.metric
    assert not at.dataframe


def test_without_disputes_the_list_says_where_they_come_from(database, who, screen):
    at = screen(LIST, who(Role.ADMIN)).run()
    assert not at.exception
    assert any("Ninguna aclaración todavía" in one.value for one in at.markdown)


def test_the_file_has_all_rows_of_the_view(company):
    sheet = dispute_list.sheet(an_actor(), Wanted(Which.ALL))
    assert len(list(sheet.rows)) == 3
    assert len(sheet.columns) == len(next(iter(sheet.rows)))


def test_a_dispute_tells_its_history_and_has_its_evidence(company, who, screen):
    at = screen(CARD, who(Role.COLLECTOR, "cora"), aclaracion="AC-000001").run()
    assert not at.exception
    assert figures(at)["En aclaración"] == "$300.00"
    told = " ".join(one.value for one in at.markdown)
    assert "Se pidió el pedido" in told
    assert "4 días fuera de plazo" in told
    keys = {one.key for one in at.button}
    assert {"dispute_in_review", "dispute_accepted", "dispute_refused", "dispute_close"} <= keys
    assert [one.label for one in at.get("download_button")] == ["pedido\\.pdf"]


def test_notes_are_added_from_the_screen(company, who, screen):
    at = screen(CARD, who(Role.COLLECTOR, "cora"), aclaracion="AC-000001").run()
    next(one for one in at.text_area if one.label == "Nota").set_value("Prometen contestar mañana")
    next(one for one in at.button if one.label == "Agregar").click().run()
    assert not at.exception
    assert any("Prometen contestar mañana" in one.value for one in at.markdown)


def test_an_empty_note_is_refused_in_words(company, who, screen):
    at = screen(CARD, who(Role.COLLECTOR, "cora"), aclaracion="AC-000001").run()
    next(one for one in at.button if one.label == "Agregar").click().run()
    assert any("Escriba una nota o elija un archivo" in one.value for one in at.error)


def test_who_only_reads_has_no_buttons(company, who, screen):
    at = screen(CARD, who(Role.AUDITOR, "aldo"), aclaracion="AC-000001").run()
    assert figures(at)["En aclaración"] == "$300.00"
    assert not [one for one in at.button if str(one.key).startswith("dispute_")]


def test_a_closed_one_tells_how_it_ended(company, who, screen):
    at = screen(CARD, who(Role.ADMIN), aclaracion="AC-000003").run()
    assert figures(at)["Cerrada"] == "31/03/2026"
    assert not [one for one in at.button if str(one.key).startswith("dispute_close")]


def test_another_collectors_dispute_is_not_there(company, who, screen):
    at = screen(CARD, who(Role.COLLECTOR, "cora"), aclaracion="AC-000002").run()
    assert not at.metric


def test_without_a_number_the_screen_leads_to_the_list(database, who, screen):
    assert not screen(CARD, who(Role.ADMIN)).run().exception


def test_a_document_says_what_is_disputed_of_it_and_opens_a_dispute(company, who, screen):
    at = screen(DOCUMENT, who(Role.COLLECTOR, "cora"), folio="F1").run()
    assert not at.exception
    assert any("En aclaración $300.00" in one.value.replace("\\", "") for one in at.markdown)
    assert at.button(key="document_dispute").label == "Aclarar"
    cashier = screen(DOCUMENT, who(Role.CASHIER, "caja"), folio="F1").run()
    assert not [one for one in cashier.button if one.key == "document_dispute"]


def test_the_books_are_as_the_screen_says(company):
    with reading() as session:
        rows = disputes(session, an_actor(), as_of=TODAY, wanted=Wanted(Which.ALL)).rows
    assert [row.number for row in rows] == ["AC-000001", "AC-000002", "AC-000003"]


def test_the_portfolio_and_the_customer_say_what_is_disputed(company, who, screen):
    at = screen("pages/portfolio/aging.py", who(Role.ADMIN)).run()
    assert figures(at)["En aclaración"] == "$350.00"
    assert list(at.dataframe[0].value["disputed"].map(str))[-1] == "350.00"
    papers = screen("pages/portfolio/aging.py", who(Role.ADMIN), agrupar="Documento").run()
    assert list(papers.dataframe[0].value["disputed"].map(str))[-1] == "350.00"
    customer = screen("pages/customers/customer.py", who(Role.ADMIN), cliente="C1").run()
    assert any("En aclaración $300.00" in one.value.replace("\\", "") for one in customer.markdown)
