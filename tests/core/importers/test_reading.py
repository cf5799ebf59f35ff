"""A file's bytes to a grid of text: csv in every shape that ERPs write, workbooks, and what is neither."""

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from core.importers import workbooks
from core.importers.reading import COMMAND_LINE, SCREEN, Limits, read
from core.importers.refusals import (
    BadFile,
    BinaryFile,
    BrokenWorkbook,
    CellsTooFar,
    CellTooLong,
    EmptyFile,
    FileTooLarge,
    LockedWorkbook,
    NotAWorkbook,
    NotDecodable,
    NotText,
    SheetNotFound,
    TooManyRows,
    UnclosedQuote,
    UnpacksTooLarge,
    WrongSuffix,
)

KNOWN = {"number", "customer", "total", "factura", "cliente", "importe"}


def knows(header):
    return header in KNOWN


def csv_rows(data, **options):
    data = data.encode() if isinstance(data, str) else data
    return [list(row) for row in read("a.csv", data, **options).rows]


def a_workbook(*sheets, hook=None):
    """A workbook of lists of rows; numbers, texts and dates as Python has them."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for rows in sheets:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    page.write_datetime(at, column, value, day)
                else:
                    page.write(at, column, value)
        if hook:
            hook(page, day)
    book.close()
    return target.getvalue()


def xlsx_rows(data, **options):
    return [list(row) for row in read("a.xlsx", data, **options).rows]


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_delimiter_is_found(self, delimiter):
        rows = [["number", "customer"], ["F1", "C1"]]
        assert csv_rows("".join(delimiter.join(row) + "\n" for row in rows)) == rows

    def test_thousands_commas_do_not_hide_semicolons(self):
        text = "Reporte, S.A.\nnumber;total\nF1;1,000,000.00\nF2;2,000,000.00\nF3;3,000,000.00\n"
        assert csv_rows(text)[1:3] == [["number", "total"], ["F1", "1,000,000.00"]]
        assert csv_rows(text, knows=knows)[1] == ["number", "total"]

    def test_the_known_header_decides_when_the_rows_look_otherwise(self):
        text = "number,customer\n" + "a;b;c,d\n" * 40
        assert csv_rows(text, knows=knows)[0] == ["number", "customer"]

    def test_title_rows_and_blank_rows_count_as_a_spreadsheet_counts_them(self):
        rows = csv_rows("Compañía Ñandú\n\nnumber;customer\n;\nF1;C1\n")
        assert rows[1] == []
        assert rows[4] == ["F1", "C1"]

    def test_a_quoted_line_break_is_one_row(self):
        assert csv_rows('number,notes\nF1,"uno\ndos"\nF2,x\n')[2] == ["F2", "x"]

    def test_line_ends_of_every_system_read_alike(self):
        for end in ("\n", "\r\n", "\r"):
            assert csv_rows(f"number,total{end}F1,1{end}") == [["number", "total"], ["F1", "1"]]

    def test_form_feeds_and_unicode_separators_do_not_break_rows(self):
        assert csv_rows("number,notes\nF1,a\u2028b\x0cc\n")[1] == ["F1", "a\u2028b\x0cc"]

    def test_a_file_without_last_line_end_is_whole(self):
        assert csv_rows("number,total\nF1,1") == [["number", "total"], ["F1", "1"]]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_encodings_of_excel_are_read(self, encoding):
        assert csv_rows("number,customer\nF1,Peña Ávila\n".encode(encoding)) == [
            ["number", "customer"],
            ["F1", "Peña Ávila"],
        ]

    def test_the_hint_of_excel_is_obeyed_and_not_counted(self):
        assert csv_rows("sep=;\nnumber;total\nF1;1,5\n") == [["number", "total"], ["F1", "1,5"]]

    def test_rows_may_be_read_again(self):
        grid = read("a.csv", b"number,total\nF1,1\n")
        assert list(grid.rows) == list(grid.rows)
        assert len(grid.rows) == 2
        assert grid.head(1) == [["number", "total"]]
        assert grid.sheets == ()

    def test_cells_stay_as_written(self):
        assert csv_rows("a,b\n007, x ,\n")[1] == ["007", " x ", ""]

    def test_a_quote_that_never_closes_is_refused_with_its_row(self):
        with pytest.raises(UnclosedQuote, match="fila 3"):
            csv_rows('number,notes\nF1,x\nF2,"abierta\nF3,y\n')

    def test_a_quote_inside_a_word_is_only_a_quote(self):
        assert csv_rows('number,notes\nF1,tubo 2" acero\n')[1] == ["F1", 'tubo 2" acero']

    def test_an_endless_cell_is_refused(self):
        with pytest.raises(CellTooLong):
            csv_rows("a,b\n" + "x" * 200_000)

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n \n"])
    def test_an_empty_file_is_refused(self, data):
        with pytest.raises(EmptyFile, match="está vacío"):
            csv_rows(data)

    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (a_workbook([["a"]]), "XLSX"),
            (b"%PDF-1.7", "PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
            (b"\x1f\x8b\x08", "GZIP"),
            (b"<html><table>", "HTML"),
            (b"\xef\xbb\xbf<!DOCTYPE html>", "HTML"),
        ],
    )
    def test_what_is_no_text_is_refused_by_its_name(self, data, found):
        with pytest.raises(NotText, match=found):
            csv_rows(data)

    @pytest.mark.parametrize("data", [b"number\0total", "number,total".encode("utf-16-le")])
    def test_bytes_that_are_no_text_are_refused(self, data):
        with pytest.raises(BinaryFile, match="no son texto"):
            csv_rows(data)

    def test_damaged_utf_8_is_refused_with_its_line_and_not_read_as_nonsense(self):
        with pytest.raises(NotDecodable, match="línea 3"):
            csv_rows("number,customer\nF1,Peña Ñandú Ávila\nF2,".encode() + b"\xf1\n")

    def test_what_windows_1252_lacks_is_refused(self):
        with pytest.raises(NotDecodable, match="línea 2"):
            csv_rows(b"number,customer\nF1,\x81\n")


class TestWorkbooks:
    def test_cells_come_as_excel_shows_them_unformatted(self):
        when = datetime(2026, 3, 1)
        cells = ["007", 38, 38.5, -12, 1e15, 0.1 + 0.2, 2960623488, when, True, "=1+1", "  x ", "#REF!"]
        assert xlsx_rows(a_workbook([cells])) == [
            [
                "007",
                "38",
                "38.5",
                "-12",
                "1000000000000000",
                "0.3",
                "2960623488",
                "2026-03-01",
                "true",
                "=1+1",
                "  x ",
                "#REF!",
            ]
        ]

    def test_a_date_with_a_time_keeps_it(self):
        assert xlsx_rows(a_workbook([[datetime(2026, 3, 1, 13, 5)]])) == [["2026-03-01 13:05:00"]]

    def test_errors_are_named_and_never_blank(self):
        def formulas(page, _day):
            for row, error in enumerate(["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"]):
                page.write_formula(row, 1, "=1/0", None, error)

        column = [row[1] for row in xlsx_rows(a_workbook([["a"]], hook=formulas))]
        assert column == ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"]

    def test_formulas_give_the_value_that_excel_kept(self):
        def formulas(page, day):
            page.write_formula(0, 0, "=A1", None, 12.5)
            page.write_formula(0, 1, "=A1", None, "texto")
            page.write_formula(0, 2, "=A1", day, 46000)

        assert xlsx_rows(a_workbook([], hook=formulas)) == [["12.5", "texto", "2025-12-09"]]

    def test_binary_noise_is_rounded_to_the_fifteen_digits_of_excel(self):
        def noise(page, _day):
            page.write_formula(0, 0, "=A1", None, "1160.0000000000002")
            page.write_formula(0, 1, "=A1", None, 1160.0000000000002)

        [row] = xlsx_rows(a_workbook([], hook=noise))
        assert row[1] == "1160"

    def test_blank_rows_above_are_counted(self):
        assert xlsx_rows(a_workbook([[], [], ["number", "total"], ["F1", 1]]))[2:] == [["number", "total"], ["F1", "1"]]

    def test_the_first_sheet_with_a_header_is_chosen(self):
        data = a_workbook([["Notas"]], [["x"], ["Factura", "Cliente"], ["F1", "C1"]], [["number", "total"]])
        grid = read("a.xlsx", data, knows=knows)
        assert grid.sheet == "Sheet2"
        assert grid.sheets == ("Sheet1", "Sheet2", "Sheet3")

    def test_a_sheet_may_be_asked_for(self):
        data = a_workbook([["number", "total"]], [["otra"]])
        assert list(read("a.xlsx", data, sheet="Sheet2", knows=knows).rows) == [("otra",)]
        with pytest.raises(SheetNotFound, match="Sheet1, Sheet2"):
            read("a.xlsx", data, sheet="Hoja 9")

    def test_without_header_the_first_sheet_that_holds_anything_is_shown(self):
        assert read("a.xlsx", a_workbook([], [["x"]]), knows=knows).sheet == "Sheet2"
        assert len(read("a.xlsx", a_workbook([]), knows=knows).rows) == 0

    def test_many_rows_come_in_order(self):
        rows = xlsx_rows(a_workbook([[number] for number in range(20_000)]))
        assert rows == [[str(number)] for number in range(20_000)]

    def test_what_is_no_workbook_is_refused(self):
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as parts:
            parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        for data in (b"kind,number", other.getvalue(), b"%PDF-1.7"):
            with pytest.raises(NotAWorkbook):
                xlsx_rows(data)
        with pytest.raises(LockedWorkbook, match="contraseña"):
            xlsx_rows(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        with pytest.raises(EmptyFile):
            xlsx_rows(b"")

    def test_a_damaged_workbook_is_refused(self):
        whole = a_workbook([["number", "total"], *([f"F{at}", at] for at in range(500))])
        with pytest.raises(BrokenWorkbook):
            xlsx_rows(whole[: len(whole) // 2])
        hurt = bytearray(whole)
        start = whole.index(b"xl/worksheets/sheet1.xml") + 60
        hurt[start : start + 40] = b"\xff" * 40
        with pytest.raises(BrokenWorkbook):
            xlsx_rows(bytes(hurt))

    @pytest.mark.parametrize("xml", [b"", b"<worksheet>", b"no xml", b"<worksheet><sheetData><row r='x'><c r='??'>"])
    def test_a_workbook_of_nonsense_is_refused_or_empty(self, xml):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(a_workbook([["a"]]))) as good, zipfile.ZipFile(target, "w") as bad:
            for part in good.infolist():
                bad.writestr(part.filename, xml if "sheet1" in part.filename else good.read(part))
        try:
            assert xlsx_rows(target.getvalue()) == []
        except BadFile as refusal:
            assert isinstance(refusal, BrokenWorkbook)  # noqa: PT017  # either is right; a crash is not


class TestLimits:
    def test_only_csv_and_xlsx_are_read(self):
        for name in ("a.xls", "a.txt", "a", "a.xlsm", "a.csv.zip"):
            with pytest.raises(WrongSuffix, match=r"\.csv ni en \.xlsx"):
                read(name, b"number,total")
        assert len(read("A.CSV", b"number,total").rows) == 1

    def test_a_large_file_is_refused_on_the_screen_with_the_command_that_takes_it(self):
        with pytest.raises(FileTooLarge, match="python -m core import"):
            read("a.csv", b"x" * 100, limits=Limits(file_bytes=99))
        assert SCREEN.file_bytes == 50 * 1024 * 1024
        assert COMMAND_LINE.file_bytes is None

    def test_too_many_rows_are_refused(self):
        assert len(read("a.csv", b"a,b\n" * 10, limits=Limits(rows=10)).rows) == 10
        with pytest.raises(TooManyRows, match="11"):
            read("a.csv", b"a,b\n" * 11, limits=Limits(rows=10))
        with pytest.raises(TooManyRows):
            read("a.xlsx", a_workbook([["a"]] * 11), limits=Limits(rows=10))

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self):
        target = io.BytesIO(a_workbook([["a"]]))
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/media/a.bin", b"\0" * 30 * 1024 * 1024)
        assert len(target.getvalue()) < 100_000
        with pytest.raises(UnpacksTooLarge, match="20 MB"):
            read("a.xlsx", target.getvalue(), limits=Limits(unpacked_bytes=20 * 1024 * 1024))

    def test_a_zip_that_lies_about_its_size_is_caught(self):
        target = io.BytesIO(a_workbook([["a"]]))
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/media/a.bin", b"\0" * 30 * 1024 * 1024)
        size = (30 * 1024 * 1024).to_bytes(4, "little")
        lie = target.getvalue().replace(size, (10).to_bytes(4, "little"))
        with pytest.raises(UnpacksTooLarge):
            read("a.xlsx", lie, limits=Limits(unpacked_bytes=20 * 1024 * 1024))

    def test_a_cell_far_away_does_not_fill_the_memory(self):
        def far(page, _day):
            page.write(900_000, 200, "x")

        with pytest.raises(CellsTooFar, match="borre lo que sobra"):
            read("a.xlsx", a_workbook([["a"]], hook=far))

    def test_columns_are_numbered_as_letters_count(self):
        assert [workbooks._column_number(letters) for letters in (b"A", b"Z", b"AA", b"XFD")] == [1, 26, 27, 16384]
