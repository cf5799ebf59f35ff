"""A cashier loads what the ERP exported: columns by hand, bad rows apart, all the rest at once."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.auth.actor import Role, system
from core.auth.users import create_user
from core.db import transaction
from tests.build import TODAY, a_customer
from tests.support.server import PASSWORD, settled, sign_in, table, visit

ROWS = "".join(f"F{n},C{n % 3},{n % 28 + 1:02d}-03-2026,{n * 10}.00\n" for n in range(1, 40))


@pytest.fixture
def cashier(database) -> str:
    with transaction() as session:
        create_user(session, system(), name="caja", role=Role.CASHIER, full_name="Rubén Ibarra", password=PASSWORD)
    return "caja"


def test_a_file_is_loaded_from_its_first_sight_to_the_portfolio(cashier: str, page: Page, tmp_path: Path):
    path = tmp_path / "export.csv"
    path.write_text("Reporte\n\nFolio,Cliente,Fecha,Importe\n" + ROWS + "F99,C1,31-02-2026,5.00\n", encoding="utf-8")
    sign_in(page, cashier)
    visit(page, "/import_file")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Encabezado en la fila 3")).to_be_visible()
    expect(page.get_by_role("button", name="Continuar a revisión")).to_be_disabled()

    page.locator(".st-key-carga_f_kind").click()
    page.get_by_role("option", name="factura").click()
    settled(page)
    page.get_by_text("Crear los clientes que no existan").click()
    settled(page)
    page.get_by_role("button", name="Continuar a revisión").click()
    expect(page.get_by_text("1 renglón con error", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Continuar a confirmar")).to_be_disabled()

    page.get_by_text("Cargar los buenos (39) y apartar los malos (1)").click()
    expect(page.get_by_role("button", name="Continuar a confirmar")).to_be_enabled()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar el apartado").click()
    assert Path(download.value.path()).stat().st_size > 2_000
    settled(page)
    page.get_by_role("button", name="Continuar a confirmar").click()
    page.get_by_role("button", name="Cargar ahora").click()
    expect(page.get_by_text("Carga terminada.")).to_be_visible()
    expect(page.get_by_text("39 renglones nuevos · $7,800.00 MXN")).to_be_visible()


@pytest.mark.backend("sqlite")
def test_a_template_filled_in_loads_once_and_the_second_time_changes_nothing(cashier: str, page: Page, tmp_path: Path):
    with transaction() as session:
        a_customer(session, "C001", legal_name="Aceros del Mirto")
    sign_in(page, cashier)
    visit(page, "/import_file")
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar plantilla").click()
    path = tmp_path / "facturas.xlsx"
    book = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    place: dict[str, Any] = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[1]}

    def written(row: int, number: str, customer: str) -> None:
        facts: dict[str, Any] = {"Tipo": "factura", "Folio": number, "Cliente": customer, "Total": 1160}
        facts["Fecha de emisión"] = TODAY
        for word, value in facts.items():
            sheet.cell(row, place[word], value)

    written(2, "F-1", "C001")
    written(3, "F-2", "C002")
    book.save(path)
    _upload(page, path)
    expect(page.get_by_text("1 renglón con error", exact=True)).to_be_visible()
    expect(table(page, "carga_renglones")).to_contain_text("C002")
    page.get_by_role("button", name="Otro archivo").click()

    written(3, "F-2", "C001")  # mended
    book.save(path)
    _upload(page, path)
    expect(page.get_by_text("Todos los renglones se entienden.")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Continuar a confirmar").click()
    page.get_by_role("button", name="Cargar ahora").click()
    expect(page.get_by_text("2 renglones nuevos · $2,320.00 MXN")).to_be_visible()
    settled(page)

    _upload(page, path)
    expect(page.get_by_test_id("stBottom")).to_contain_text("0 renglones nuevos")
    page.get_by_role("button", name="Continuar a confirmar").click()
    page.get_by_role("button", name="Cargar ahora").click()
    expect(page.get_by_text("2 ya estaban")).to_be_visible()
    visit(page, "/customer?cliente=C001")
    expect(page.get_by_test_id("stMain")).to_contain_text("$2,320.00")


def _upload(page: Page, path: Path) -> None:
    settled(page)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name="Revisión")).to_be_visible()
    settled(page)
