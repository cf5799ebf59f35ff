"""Who reads: a statement taken away, the portfolio down to a document, and what is nobody else's business."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from core.db import transaction
from tests.journeys.conftest import MIRTO, PALMAS
from tests.support.server import Server, choose, pick_row, settled, sign_in, table, visit

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture(scope="module")
def server(book_server: Server) -> Server:
    return book_server


def figure(page: Page, label: str) -> Locator:
    """The value of a card on the screen."""
    card = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}"))
    return card.get_by_test_id("stMetricValue")


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def test_a_statement_says_the_same_on_screen_in_pdf_and_in_excel(page: Page):
    sign_in(page, "beto")
    visit(page, f"/statements?cliente={MIRTO}")
    expect(page.get_by_text("Saldo final").first).to_be_visible()
    settled(page)
    expect(figure(page, "Saldo final")).to_have_text("$4,400.50")

    text = "\n".join(leaf.extract_text() for leaf in PdfReader(BytesIO(downloaded(page, "PDF"))).pages)
    for told in ("Aceros del Mirto", "Distribuidora del Mirto", "F-101", "F-103", "4,400.50", "3,500.00"):
        assert told in text

    book = openpyxl.load_workbook(BytesIO(downloaded(page, "Excel")))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"F-101", "F-102", "F-103"} <= set(cells)
    assert 4400.5 in cells


def test_from_the_total_to_the_document_and_the_address_shows_the_same_to_another(page: Page, server: Server):
    sign_in(page, "marta")
    visit(page, "/aging")
    choose(page, "Región", "Norte")
    expect(page.get_by_text("Cuadra con el libro")).to_be_visible()
    expect(figure(page, "Total")).to_have_text("$4,400.50")
    customers = page.get_by_role("button", name="Ver el cliente de Héctor Villarreal")
    pick_row(page, "aging_sales_rep", 0, until=customers)
    customers.click()
    expect(table(page, "aging_customer")).to_contain_text("Aceros del Mirto")
    settled(page)
    documents = page.get_by_role("button", name="Ver los documentos de Aceros del Mirto")
    pick_row(page, "aging_customer", 0, until=documents)
    documents.click()
    expect(page.get_by_text("Seleccione un documento")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("F-101")

    other = page.context.new_page()
    other.bring_to_front()
    other.goto(page.url)
    settled(other)
    expect(other.get_by_text("Seleccione un documento")).to_be_visible()
    expect(other.get_by_role("button", name=f"Cliente {MIRTO}")).to_be_visible()
    expect(other.get_by_text("1–3 de 3")).to_be_visible()
    expect(figure(other, "Total")).to_have_text("$4,400.50")


def test_another_collectors_customer_and_the_users_page_tell_nothing(page: Page):
    sign_in(page, "beto")
    shown = []
    for address in (f"/customer?cliente={PALMAS}", "/customer?cliente=NADIE", "/document?folio=F-201", "/users"):
        visit(page, address)
        expect(page.get_by_role("heading", name=re.compile("No puede ver|no es de su función"))).to_be_visible()
        shown.append(page.get_by_test_id("stMain").inner_text())
        expect(page.get_by_text("Palmas")).to_have_count(0)
        expect(page.get_by_text("celia")).to_have_count(0)
    assert shown[0] == shown[1]  # there, and not his, looks like not there at all
    visit(page, f"/aging?cliente={PALMAS}")
    expect(page.get_by_text("No hay saldos abiertos con estos filtros")).to_be_visible()
    visit(page, f"/statements?cliente={PALMAS}")
    expect(page.get_by_text("Elija un cliente").first).to_be_visible()
    expect(page.get_by_text("Palmas")).to_have_count(0)


def test_a_sales_rep_finds_his_customers_and_nobody_elses(page: Page):
    sign_in(page, "hector")
    expect(page.get_by_role("heading", name="Inicio")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Buscar cliente, RFC o folio").click()
    field = page.get_by_role("dialog").get_by_role("searchbox")
    for text in ("palmas", "F-201", PALMAS):
        field.fill(text)
        expect(page.get_by_role("dialog").get_by_text(f"Nada coincide con {text}.")).to_be_visible()
    field.fill("mirto")
    expect(page.get_by_role("dialog").get_by_role("button", name="Aceros del Mirto")).to_be_visible()


#: What every screen has in Spanish and an English user must not meet.
SPANISH = re.compile(
    r"\b(Inicio|Cobranza|Captura|Cartera por|Clientes|Pagos|Registrar|Notas|Estados de cuenta|Saldo|Vencido|Buscar"
    r"|Moneda|Fecha|Todos|Folio|Documento|Gestor|Asesor|Cliente|Región|días|Sin aplicar)\b"
)


def test_an_english_user_reads_english(page: Page):
    sign_in(page, "john")
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Customers")).to_be_visible()
    paths = [""] + [f"/{one}" for one in ("aging", "customers", f"customer?cliente={MIRTO}", "statements", "payments",
                                          "unidentified", "note_approvals", "my_account")]  # fmt: skip
    for path in paths:
        visit(page, path or "/")
        expect(page.locator("h1")).to_be_visible()
        settled(page)
        words = page.get_by_test_id("stApp").inner_text()
        assert not (left := SPANISH.findall(words)), f"{path}: {left}"


def test_what_the_framework_itself_says_is_in_the_readers_language_too(page: Page, tmp_path: Path):
    sign_in(page, "rosa")
    visit(page, "/import_file")
    expect(page).to_have_title("Carga de datos · Cartera al Día")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    wrong = tmp_path / "carta.pdf"
    wrong.write_bytes(b"%PDF")
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_role("alert")).to_contain_text("Solo se admiten archivos .xlsx y .csv.")
    for language, day, help_ in (("es", "Elegir fecha", "Ayuda de Desde"), ("en", "Choose date", "Help for From")):
        if language == "en":
            page.get_by_role("button", name="Cuenta, idioma y salida").click()
            page.get_by_text("English", exact=True).click()
        else:
            visit(page, "/statements")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("button", name=day, exact=True).first).to_be_visible()
        expect(page.get_by_role("button", name=help_)).to_be_visible()


def test_a_database_that_fails_is_told_in_a_sentence(page: Page):
    sign_in(page, "ivan")
    with broken("ALTER TABLE payment RENAME TO payment_gone", "ALTER TABLE payment_gone RENAME TO payment"):
        visit(page, "/payments")
        expect(page.get_by_role("alert")).to_contain_text("La base de datos no está preparada")
        assert not re.search(r"Traceback|Error|SELECT|sqlite|no such", page.get_by_test_id("stApp").inner_text())


def test_what_nobody_foresaw_is_told_in_a_sentence_with_a_reference(page: Page):
    sign_in(page, "ivan")
    with broken(
        "INSERT INTO setting (key, value) VALUES ('aging.buckets', 'x')",
        "DELETE FROM setting WHERE key = 'aging.buckets'",
    ):
        visit(page, "/aging")
        expect(page.get_by_role("alert")).to_contain_text("Algo falló de nuestro lado")
        words = page.get_by_test_id("stApp").inner_text()
        assert re.search(r"F-\d{8}-[0-9A-F]{6}", words)
        assert not re.search(r"Traceback|Error|SELECT|sqlite", words)


@contextmanager
def broken(harm: str, mend: str) -> Iterator[None]:
    """Something is wrong in the database for a while."""
    with transaction() as session:
        session.connection().exec_driver_sql(harm)
    yield
    with transaction() as session:
        session.connection().exec_driver_sql(mend)
