"""Rows to a workbook: typed cells, frozen header, filter, totals that follow the filter. Flat memory at any length."""

from __future__ import annotations

import io
import re
import tempfile
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_range

from core.files.excel_rows import Rows
from core.files.table import Column, Kind, Sheet, TooManyRows, Totals, clean, labels

LAST_ROW = 1_048_575  # as xlsxwriter counts, from 0
_FORMATS = {
    Kind.TEXT: "@", Kind.AMOUNT: "#,##0.00", Kind.INTEGER: "#,##0", Kind.DATE: "dd/mm/yyyy",
    Kind.DATETIME: "dd/mm/yyyy hh:mm", Kind.PERCENT: '0.00"%"', Kind.RATE: "0.000000",
}  # fmt: skip
_WIDTHS = {
    Kind.TEXT: 22, Kind.AMOUNT: 17, Kind.INTEGER: 10, Kind.DATE: 12, Kind.DATETIME: 17, Kind.PERCENT: 10, Kind.RATE: 12,
}  # fmt: skip
_NOT_IN_NAMES = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\U00010000-\U0010ffff]")


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

    rows = Rows(page, list(zip((column.kind for column in sheet.columns), formats, strict=True)), header)
    totals = Totals(sheet)
    add = totals.add if totals.columns else None
    most = LAST_ROW - header - 20  # room for a totals row of each currency
    for values in sheet.rows:
        if rows.last - header >= most:
            raise TooManyRows(most)
        rows.write(values)
        if add:
            add(values)
    rows.done()
    row = rows.last
    page.autofilter(header, 0, max(row, header + 1), len(sheet.columns) - 1)
    if totals.by:
        _write_totals(book, page, sheet, totals, header + 1, row)


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
