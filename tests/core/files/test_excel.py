"""Workbooks: real types, text that stays text, totals that follow the filter, flat memory."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.files import excel
from core.files.table import Column, Kind, Sheet, TooManyRows
from core.importers.reading import read

COLUMNS = [
    Column("customer", "Cliente"),
    Column("currency", "Moneda"),
    Column("due", "Vence", Kind.DATE),
    Column("days", "Días", Kind.INTEGER),
    Column("open", "Saldo", Kind.AMOUNT, total=True),
]
ROW = ("=HYPERLINK(1)", "MXN", date(2026, 3, 31), 12, Decimal("1234.56"))


def a_sheet(*rows, **changes):
    facts = {"title": "Antigüedad", "columns": COLUMNS, "rows": rows, "notes": ["Generado por ana el 20/11/2026 14:05"]}
    return Sheet(**(facts | changes))


def opened(*sheets, formulas=True):
    return openpyxl.load_workbook(io.BytesIO(excel.workbook(*sheets)), data_only=not formulas)


def test_title_notes_header_and_rows_stand_in_this_order():
    page = opened(a_sheet(ROW)).active
    assert page.title == "Antigüedad"
    assert [page.cell(row, 1).value for row in (1, 2, 3)] == [
        "Antigüedad",
        "Generado por ana el 20/11/2026 14:05",
        None,
    ]
    assert [cell.value for cell in page[4]] == ["Cliente", "Moneda", "Vence", "Días", "Saldo"]
    assert page["A4"].font.bold
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:E5"


def test_cells_have_real_types_and_formats():
    page = opened(a_sheet(ROW)).active
    assert page["C5"].value == datetime(2026, 3, 31)
    assert page["C5"].number_format == "dd/mm/yyyy"
    assert page["D5"].value == 12
    assert page["E5"].value == 1234.56
    assert page["E5"].number_format == "#,##0.00"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+52 55", "-x", "@y", "http://x.mx", "007", "mailto:a@b.mx", "{=1}", "  x", "x ", " ", "a\nb", "<b>&amp;",
     "<r>x</r>"],
)  # fmt: skip
def test_text_stays_text(text):
    cell = opened(a_sheet((text, "MXN", None, None, None))).active["A5"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.hyperlink is None


def test_an_amount_is_written_in_its_own_digits():
    book = excel.workbook(a_sheet(("F1", "MXN", None, None, Decimal("9999999999999.99"))))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert "<v>9999999999999.99</v>" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_blank_values_are_blank_cells():
    page = opened(a_sheet((None, "", None, None, None))).active
    assert [cell.value for cell in page[5]] == [None] * 5


def test_characters_that_a_workbook_cannot_hold_are_dropped():
    assert opened(a_sheet(("a\x00b\x1fc\ud800🏗", "MXN", None, None, None))).active["A5"].value == "abc🏗"


def test_moments_percentages_and_rates_are_numbers():
    columns = [Column("at", "Hora", Kind.DATETIME), Column("pct", "%", Kind.PERCENT), Column("rate", "T.C.", Kind.RATE)]
    row = (datetime(2026, 3, 1, 13, 5), Decimal("45.50"), Decimal("17.123456"))
    page = opened(a_sheet(row, columns=columns)).active
    assert page["A5"].value == datetime(2026, 3, 1, 13, 5)
    assert page["B5"].value == 45.5
    assert page["C5"].value == 17.123456


def test_totals_follow_the_filter_and_are_computed_already():
    sheet = a_sheet(ROW, ("B", "MXN", None, None, Decimal("0.44")), totals_by="currency")
    page = opened(sheet).active
    assert page["A7"].value == "Total MXN"
    assert page["E7"].value == "=SUBTOTAL(109,E5:E6)"
    assert opened(a_sheet(ROW, ("B", "MXN", None, None, Decimal("0.44"))), formulas=False).active["E7"].value == 1235


def test_no_total_crosses_currencies():
    sheet = a_sheet(ROW, ("B", "USD", None, None, Decimal("5.00")), totals_by="currency")
    page = opened(sheet).active
    assert [page["A7"].value, page["E7"].value] == ["Total MXN", '=SUMIFS(E5:E6,B5:B6,"MXN")']
    assert [page["A8"].value, page["E8"].value] == ["Total USD", '=SUMIFS(E5:E6,B5:B6,"USD")']


def test_a_table_without_rows_is_a_header_alone():
    page = opened(a_sheet()).active
    assert page.max_row == 4


def test_a_template_begins_with_its_header_and_keeps_zeros_that_are_typed():
    book = opened(a_sheet(heading=False), a_sheet(title="Ayuda"))
    assert [cell.value for cell in book.worksheets[0][1]] == ["Cliente", "Moneda", "Vence", "Días", "Saldo"]
    assert book.worksheets[0].column_dimensions["A"].width > 15
    assert book.sheetnames == ["Antigüedad", "Ayuda"]


@pytest.mark.parametrize("title", ["a/b:c*?[x]\\", "x" * 60, "", "'", "History", "🏗" * 40])
def test_any_title_makes_a_sheet(title):
    book = opened(a_sheet(title=title), a_sheet(title=title))
    assert len(set(book.sheetnames)) == 2


def test_more_rows_than_excel_holds_are_refused(monkeypatch):
    monkeypatch.setattr(excel, "LAST_ROW", 33)
    assert excel.workbook(a_sheet(*[ROW] * 10))
    with pytest.raises(TooManyRows):
        excel.workbook(a_sheet(*[ROW] * 11))


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(rows):
        tracemalloc.start()
        excel.write_workbook(str(tmp_path / f"{rows}.xlsx"), a_sheet(rows=(ROW for _ in range(rows))))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    assert peak(8_000) < 1.5 * peak(1_000)


def test_what_is_exported_is_read_again_as_it_was():
    rows = read("a.xlsx", excel.workbook(a_sheet(ROW))).rows
    assert list(rows)[4] == ("=HYPERLINK(1)", "MXN", "2026-03-31", "12", "1234.56")


@pytest.mark.parametrize("character", ["x", "🏗"])
def test_a_text_longer_than_a_cell_holds_ends_in_dots(character):
    value = opened(a_sheet((character * 40_000, "MXN", None, None, None))).active["A5"].value
    assert value.endswith(f"{character}…")
    assert len(value) >= 16_000
