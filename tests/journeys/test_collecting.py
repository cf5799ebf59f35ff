"""The cashier's day in a browser: money comes in, a note goes out, and the customer's balance says so."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import col

from core.db import reading
from core.payments.models import Payment
from tests.journeys.conftest import ALBA, PALMAS, RUEDA, VIDRIOS
from tests.support.server import Server, choose, settled, sign_in, table, visit

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture(scope="module")
def server(book_server: Server) -> Server:
    return book_server


def balance(page: Page, code: str):
    """The card «Saldo» of a customer's page."""
    visit(page, f"/customer?cliente={code}")
    return page.get_by_test_id("stMetric").filter(has_text=re.compile("^Saldo")).get_by_test_id("stMetricValue")


def test_a_payment_is_applied_oldest_first_and_the_balance_falls(page: Page):
    sign_in(page, "rosa")
    expect(page.get_by_role("heading", name="Inicio")).to_be_visible()
    settled(page)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("searchbox").press_sequentially("tornil")
    page.get_by_role("dialog").get_by_role("button", name="Tornillos Rueda").click()
    expect(page.get_by_role("heading", name="Tornillos Rueda")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Registrar pago").click()
    expect(page.get_by_role("heading", name="Registrar y aplicar un pago")).to_be_visible()
    settled(page)

    page.get_by_role("textbox", name="Importe recibido").fill("1,700.00")
    page.get_by_role("textbox", name="Importe recibido").press("Enter")
    bar = page.get_by_test_id("stBottom")
    expect(bar).to_contain_text("$1,700.00 de Tornillos Rueda: 1 se liquida, 1 abono, $0.00 a favor")
    bar.get_by_role("button", name="Registrar y aplicar").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("$1,700.00 aplicado, $0.00 a favor")

    expect(balance(page, RUEDA)).to_have_text("$600.00")
    expect(table(page, "lista_documentos")).to_contain_text("F-301-B")
    expect(table(page, "lista_documentos").get_by_text("F-301", exact=True)).to_have_count(0)


def test_what_is_typed_into_the_table_is_what_is_applied(page: Page):
    sign_in(page, "rosa")
    visit(page, f"/register_payment?cliente={PALMAS}")
    page.get_by_role("textbox", name="Importe recibido").fill("300.00")
    page.get_by_role("textbox", name="Importe recibido").press("Enter")
    bar, cells = page.get_by_test_id("stBottom"), page.locator(".dvn-scroller")
    expect(bar).to_contain_text("1 abono, $0.00 a favor")
    settled(page)
    cells.click(position={"x": 150, "y": 35 + 17})
    for amount, told in (("120.10", "$179.90 a favor"), ("80.05", "2 abonos, $99.85 a favor")):
        page.keyboard.press("Enter")  # opens the cell; after what is typed, the next one below is chosen
        expect(page.locator("input:focus, textarea:focus")).to_be_visible()
        page.keyboard.press("Control+a")
        page.keyboard.type(amount, delay=40)
        page.keyboard.press("Enter")
        expect(bar).to_contain_text(told)
        settled(page)
    bar.get_by_role("button", name="Registrar y aplicar").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("$200.15 aplicado, $99.85 a favor")
    expect(balance(page, PALMAS)).to_have_text("$1,200.00")


def test_a_double_click_registers_one_payment(page: Page):
    sign_in(page, "rosa")
    visit(page, f"/register_payment?cliente={VIDRIOS}")
    page.get_by_role("textbox", name="Importe recibido").fill("123.45")
    page.get_by_role("textbox", name="Importe recibido").press("Enter")
    button = page.get_by_role("button", name="Registrar y aplicar")
    expect(button).to_be_enabled()
    settled(page)
    button.dblclick(delay=20)
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("$123.45 aplicado")
    settled(page)
    with reading() as session:
        assert len(session.scalars(select(Payment).where(col(Payment.amount) == Decimal("123.45"))).all()) == 1


def test_a_payment_is_registered_with_the_keyboard_alone(page: Page):
    sign_in(page, "rosa")
    visit(page, f"/register_payment?cliente={ALBA}")
    _tab_to(page, "Importe recibido")
    page.keyboard.type("10.00")
    page.keyboard.press("Tab")
    _tab_to(page, "Referencia bancaria o clave de rastreo")
    page.keyboard.type("SPEI 42")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stBottom")).to_contain_text("$10.00 de Pinturas Alba")
    settled(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("$10.00 aplicado")


def _tab_to(page: Page, label: str) -> None:
    """Tabs until the field has the focus."""
    field = page.get_by_role("textbox", name=label)
    for _ in range(40):
        if field.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"«{label}» is not reached by Tab")


def test_a_credit_note_lowers_the_document_that_it_names(page: Page):
    sign_in(page, "rosa")
    before = balance(page, ALBA)
    expect(before).to_be_visible()
    was = Decimal(before.inner_text().replace("$", "").replace(",", ""))
    visit(page, f"/notes?cliente={ALBA}")
    choose(page, "Documentos a los que se aplica", "F-401-B")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Total con impuesto").fill("160.00")
    page.get_by_role("textbox", name="Total con impuesto").press("Enter")
    settled(page)
    choose(page, "Motivo", "Devolución")
    page.get_by_role("button", name="Registrar nota de crédito").click()
    expect(page.get_by_test_id("stToast")).to_be_visible()
    expect(balance(page, ALBA)).to_have_text(f"${was - 160:,.2f}")
    visit(page, "/document?folio=F-401-B")
    expect(page.get_by_test_id("stMain")).to_contain_text("$640.00")


@pytest.mark.context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
def test_on_the_telephone_a_payment_is_registered(page: Page):
    sign_in(page, "rosa")
    page.get_by_role("button", name="Buscar cliente, RFC o folio").click()
    page.get_by_role("dialog").get_by_role("searchbox").press_sequentially("vidrios")
    page.get_by_role("dialog").get_by_role("button", name="Vidrios Claros").click()
    expect(page.get_by_role("heading", name="Vidrios Claros")).to_be_visible()
    settled(page)
    owed = page.get_by_test_id("stMetric").filter(has_text=re.compile("^Saldo")).get_by_test_id("stMetricValue")
    expect(owed).to_be_in_viewport()
    page.get_by_role("button", name="Registrar pago").click()
    settled(page)
    page.get_by_role("textbox", name="Importe recibido").fill("50.25")
    page.get_by_role("textbox", name="Importe recibido").press("Enter")
    expect(page.get_by_test_id("stBottom")).to_contain_text("$50.25")
    settled(page)
    page.get_by_role("button", name="Registrar y aplicar").tap()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("$50.25 aplicado")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
