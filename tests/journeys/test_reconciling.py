"""A reconciliation in a browser: the customer's file, what differs, what is agreed, the signature drawn by hand."""

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import MIRTO
from tests.support.server import Server, settled, sign_in, visit

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture(scope="module")
def server(book_server: Server) -> Server:
    return book_server


def draw(page: Page) -> None:
    """A stroke across the place to sign."""
    place = page.get_by_label("Firme aquí con el dedo o el ratón")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 100)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + (60 if step % 2 else 120))
    page.mouse.up()


def test_a_customers_list_is_compared_agreed_and_signed_by_hand(page: Page):
    sign_in(page, "beto")
    visit(page, f"/reconciliations?nueva=1&cliente={MIRTO}")
    page.locator("input[type=file]").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": b"folio,saldo\nF-101,1000.00\nf102,2400.00\n"}
    )
    page.get_by_role("button", name="Comparar y guardar").click()
    expect(page.get_by_text("Los renglones explican toda la diferencia: $1,000.50 MXN")).to_be_visible()
    settled(page)

    page.get_by_role("radio", name="Acuerdos").or_(page.get_by_role("button", name="Acuerdos")).first.click()
    page.get_by_role("button", name="Agregar acuerdo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Qué se acordó").fill("Mandar la factura F-103")
    dialog.get_by_role("textbox", name="Qué se acordó").press("Control+Enter")
    dialog.get_by_role("button", name="Guardar acuerdo").click()
    expect(page.get_by_text("Mandar la factura F-103")).to_be_visible()
    settled(page)

    page.get_by_role("radio", name="Minuta").or_(page.get_by_role("button", name="Minuta")).first.click()
    page.get_by_role("textbox", name="Firma por el cliente").fill("Luis Paz")
    page.get_by_role("textbox", name="Firma por el cliente").press("Enter")
    settled(page)
    draw(page)
    page.get_by_role("button", name="Usar esta firma").click()
    expect(page.get_by_text("firma.png")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Firmar la minuta").click()
    expect(page.get_by_text("Firmó por el cliente")).to_be_visible()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar").last.click()
    paper = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    assert sum(len(sheet.images) for sheet in paper.pages) == 1

    visit(page, "/tasks")
    expect(page.get_by_text("Mandar la factura F-103")).to_be_visible()
    page.get_by_role("button", name="Hecha", exact=True).first.click()
    expect(page.get_by_text("No hay tareas")).to_be_visible()
