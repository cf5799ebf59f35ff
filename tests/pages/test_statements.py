"""The statements' screen: one account on screen, files in either language, many in one zip."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.auth.actor import Role, system
from core.db import reading, transaction
from core.policies.settings import set_setting
from core.portfolio.scope import Scope
from core.portfolio.statement_batch import accounts_to_send, write_batch
from core.portfolio.statement_files import as_pdf, as_workbook, file_name, letterhead
from core.portfolio.statements import statement
from tests.build import TODAY, a_charge, a_customer, a_payment

STATEMENTS = "pages/portfolio/statements.py"


@pytest.fixture
def books(database, business_day):
    business_day(TODAY)
    with transaction() as session:
        set_setting(session, system(), key="company.name", value="Distribuidora del Norte")
        set_setting(session, system(), key="company.letterhead", value="Av. Central 1\nMonterrey")
        one = a_customer(session, "C1", legal_name="=Aceros & <b>", region="Norte", tax_id="AAA010101AAA")
        a_charge(session, one, amount="900.00", overdue_days=40, number="A-1", po_number="OC-1")
        a_payment(session, one, amount="300.00", number="R-1", reference="SPEI 7")
        a_charge(session, a_customer(session, "C2", language="en", region="Sur"), amount="50.00", number="A-2")


def told(at) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.error, *at.success)).replace("\\", "")


def one(session, code="C1", **asked):
    return statement(session, system(), customer=code, end=TODAY, **asked)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_it_shows_the_movements_between_opening_and_closing(books, who, screen):
    at = screen(STATEMENTS, who(), cliente="C1").run()
    assert not at.exception
    assert {metric.label: metric.value for metric in at.metric}["Saldo final"] == "$600.00"
    assert list(at.dataframe[1].value["kind"]) == ["Saldo inicial", "Factura", "Pago", "Saldo final"]
    assert at.dataframe[0].value["b2"].iloc[0] == 900  # 31 to 60 days


def test_without_a_customer_it_says_what_to_do(books, who, screen):
    at = screen(STATEMENTS, who()).run()
    assert "Elija un cliente" in told(at)


def test_a_customer_of_somebody_else_is_not_shown(books, who, screen):
    at = screen(STATEMENTS, who(Role.MANAGER, "sur", region="Sur"), cliente="C1").run()
    assert not at.exception
    assert "Aceros" not in told(at)
    assert not at.metric


def test_the_pdf_has_letterhead_movements_aging_and_page_numbers(books):
    with reading() as session:
        text = text_of(as_pdf(one(session), letterhead(session), made=lambda: "Generado por ana"))
    pieces = {
        "Distribuidora del Norte", "Monterrey", "Estado de cuenta", "=Aceros & <b>", "AAA010101AAA", "OC-1", "SPEI 7",
        "Factura", "900.00", "Por vencer", "$600.00", "Página 1 de 1", "Generado por ana",
    }  # fmt: skip
    assert {piece for piece in pieces if piece not in text} == set()


def test_a_long_statement_numbers_its_pages(books):
    with transaction() as session:
        customer = a_customer(session, "C3")
        for _ in range(120):
            a_charge(session, customer, amount="1.00")
    with reading() as session:
        pdf = as_pdf(one(session, "C3"), letterhead(session))
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 2
    assert f"Página 2 de {len(pages)}" in pages[1].extract_text()
    assert "Saldo" in pages[1].extract_text()  # the header is repeated


def test_the_paper_is_in_the_customers_language_or_the_one_asked_for(books):
    from core import i18n

    with reading() as session:
        foreign, sender = one(session, "C2"), letterhead(session)
        assert foreign.language == "en"
        assert "Estado de cuenta" in text_of(as_pdf(foreign, sender, language="es"))
        as_pdf(foreign, sender)
    assert i18n.language() == "es"  # the reader's own is back


def test_an_english_readers_stamp_is_in_the_papers_language(books):
    from core import i18n

    i18n.use("en")
    with reading() as session:
        paper = text_of(as_pdf(one(session), letterhead(session), made=lambda: i18n._("Página siguiente")))
        assert file_name(one(session), "pdf").startswith("statement_C1_MXN_")
    assert "Página siguiente" in paper


def test_the_letterhead_names_the_company_once(books):
    with transaction() as session:
        set_setting(session, system(), key="company.letterhead", value="Distribuidora del Norte\nRFC X\n\nMonterrey")
        assert letterhead(session) == ("Distribuidora del Norte", ("RFC X", "Monterrey"))


def test_the_workbook_has_real_dates_and_amounts_and_text_that_stays_text(books):
    with reading() as session:
        book = load_workbook(BytesIO(as_workbook(one(session))))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(cell.is_date and cell.value.date() == TODAY for cell in cells if cell.value is not None)
    assert any(cell.value == 900 and cell.number_format.endswith("0.00") for cell in cells)
    assert not any(cell.data_type == "f" and "Aceros" in str(cell.value) for cell in cells)
    assert book.worksheets[1].title == "Antigüedad"


def test_a_batch_has_a_file_for_each_account_with_something_open(books):
    target = BytesIO()
    with reading() as session:
        accounts = accounts_to_send(session, system(), end=TODAY, scope=Scope())
        assert [account.code for account in accounts.rows] == ["C1", "C2"]
        done = list(write_batch(session, system(), target, accounts.rows, start=None, end=TODAY))
    assert done == [1, 2]
    assert ZipFile(target).namelist() == [f"estado_{code}_MXN_{TODAY}.pdf" for code in ("C1", "C2")]


def test_a_batch_has_the_largest_when_there_are_too_many(books):
    with reading() as session:
        accounts = accounts_to_send(session, system(), end=TODAY, scope=Scope(), most=1)
    assert ([account.code for account in accounts.rows], accounts.how_many) == (["C1"], 2)


def test_many_are_made_on_the_screen_and_offered(books, who, screen):
    at = screen(STATEMENTS, who(), modo="Varios clientes", region="Norte").run()
    assert not at.exception
    at.button(key="batch_make").click().run()
    assert "Listo: 1 estado de cuenta." in told(at)


def test_nobody_owes_anything_on_an_early_day(books, who, screen):
    at = screen(STATEMENTS, who(), modo="Varios clientes", fin=(TODAY - timedelta(days=3_000)).isoformat()).run()
    assert "Nadie debe nada" in told(at)
