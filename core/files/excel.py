"""Rows to a workbook: typed cells, frozen header, filter, totals that follow the filter. Flat memory at any length."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_range

from core.files.table import Column, Kind, Sheet, TooManyRows, Totals, clean, labels

LAST_ROW = 1_048_575  # as xlsxwriter counts, from 0
MOST_TEXT = 32_767  # characters in a cell of Excel
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_SERIAL = 61  # 1900-03-01: before it Excel counts a day that never was
_FORMATS = {
    Kind.TEXT: "@", Kind.AMOUNT: "#,##0.00", Kind.INTEGER: "#,##0", Kind.DATE: "dd/mm/yyyy",
    Kind.DATETIME: "dd/mm/yyyy hh:mm", Kind.PERCENT: '0.00"%"', Kind.RATE: "0.000000",
}  # fmt: skip
_WIDTHS = {
    Kind.TEXT: 22, Kind.AMOUNT: 17, Kind.INTEGER: 10, Kind.DATE: 12, Kind.DATETIME: 17, Kind.PERCENT: 10, Kind.RATE: 12,
}  # fmt: skip
_NOT_IN_NAMES = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\U00010000-\U0010ffff]")

Write = Callable[[int, int, Any], None]


def workbook(*sheets: Sheet) -> bytes:
    """The workbook of these sheets. Raises TooManyRows when one has more rows than Excel holds."""
    target = io.BytesIO()
    write_workbook(target, *sheets)
    return target.getvalue()


def write_workbook(target: BinaryIO | str, *sheets: Sheet) -> None:
    """As `workbook`, into an open binary file or a path; rows pass through a temporary file and not through memory."""
    with tempfile.TemporaryDirectory(prefix="cartera-") as folder:
        book = xlsxwriter.Workbook(
            target,
            {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False},
        )
        try:
            names: set[str] = set()
            for sheet in sheets:
                _write_sheet(book, sheet, _sheet_name(sheet.title, names))
        except BaseException:
            book.fileclosed = True  # else its destructor would write the half that there is
            for page in book.worksheets():
                page.row_data_fh.close()
            raise
        book.close()


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, name: str) -> None:
    """Heading, header, rows, totals."""
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = [book.add_format({"num_format": _FORMATS[column.kind]}) for column in sheet.columns]
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, _width(column), formats[at])
    plain = book.add_format({"num_format": "General"})
    row = 0
    if sheet.heading:
        page.write_string(0, 0, clean(sheet.title), bold)
        for note in sheet.notes:
            row += 1
            page.write_string(row, 0, clean(note), plain)
        row += 2
    for at, column in enumerate(sheet.columns):
        page.write_string(row, at, clean(column.title), head)
    page.freeze_panes(row + 1, 0)
    header = row

    writers = [_writer(page, column.kind, formats[at]) for at, column in enumerate(sheet.columns)]
    places = list(enumerate(writers))
    totals = Totals(sheet)
    add = totals.add if totals.columns else None
    most = LAST_ROW - header - 20  # room for a totals row of each currency
    for values in sheet.rows:
        row += 1
        if row - header > most:
            raise TooManyRows(most)
        for at, write in places:
            value = values[at]
            if value is not None:
                write(row, at, value)
        if add:
            add(values)
    page.autofilter(header, 0, max(row, header + 1), len(sheet.columns) - 1)
    if totals.by:
        _write_totals(book, page, sheet, totals, header + 1, row)


def _writer(page: Any, kind: Kind, cell: Any) -> Write:
    """How values of one kind reach a cell. None never comes here."""
    number, string = page.write_number, page.write_string

    def write_text(row: int, at: int, value: object) -> None:
        text = str(value)
        if not text:
            return
        if not text.isprintable():
            text = clean(text)
        string(row, at, text if len(text) <= MOST_TEXT // 2 else _shortened(text))

    def write_amount(row: int, at: int, value: Decimal) -> None:
        # The one float that money may become: a cell of Excel holds a double and nothing else, exact to 15 digits.
        number(row, at, float(value), cell)

    def write_day(row: int, at: int, value: date) -> None:
        serial = value.toordinal() - _DAY_ZERO
        if serial < _FIRST_SERIAL:
            string(row, at, value.isoformat())
        else:
            number(row, at, serial, cell)

    def write_moment(row: int, at: int, value: datetime) -> None:
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        number(row, at, value.toordinal() - _DAY_ZERO + seconds / 86_400, cell)

    def write_whole(row: int, at: int, value: int) -> None:
        number(row, at, value, cell)

    writers: dict[Kind, Write] = {
        Kind.TEXT: write_text,
        Kind.DATE: write_day,
        Kind.DATETIME: write_moment,
        Kind.INTEGER: write_whole,
    }
    return writers.get(kind, write_amount)


def _write_totals(book: xlsxwriter.Workbook, page: Any, sheet: Sheet, totals: Totals, first: int, last: int) -> None:
    """A row of totals that follow the filter; with several currencies one a currency, that do not mix them."""
    label = book.add_format({"bold": True, "top": 1})
    row = last
    for group, text, sums in labels(sheet, totals):
        row += 1
        if 0 not in totals.columns:
            page.write_string(row, 0, clean(text), label)
        for at, total in zip(totals.columns, sums, strict=True):
            cells = xl_range(first, at, last, at)
            formula = f"=SUBTOTAL(109,{cells})"
            if len(totals.by) > 1 and totals.by_column is not None:
                keys = xl_range(first, totals.by_column, last, totals.by_column)
                wanted = group.replace('"', '""')
                formula = f'=SUMIFS({cells},{keys},"{wanted}")'
            style = book.add_format({"bold": True, "top": 1, "num_format": _FORMATS[sheet.columns[at].kind]})
            page.write_formula(row, at, formula, style, float(total))


def _shortened(text: str) -> str:
    """What a cell can hold of a text, which Excel measures in UTF-16; a cut one ends in "…"."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_TEXT:
        return text
    return units[: 2 * (MOST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _width(column: Column) -> int:
    """Characters: what the column asks, else what its kind needs, and room for the filter's arrow beside the title."""
    return column.width or max(_WIDTHS[column.kind], min(len(column.title) + 4, 30))


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel allows: 31 characters, no []:*?/\\, no apostrophe at the ends, unique whatever the case."""
    name = _NOT_IN_NAMES.sub(" ", clean(title)).strip().strip("'")[:31].strip() or "Hoja"
    if name.lower() == "history":
        name = "Hoja"
    unique, number = name, 1
    while unique.lower() in taken:
        number += 1
        unique = f"{name[:27]} {number}"
    taken.add(unique.lower())
    return unique
