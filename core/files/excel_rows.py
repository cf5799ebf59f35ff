"""The rows of a table, written into a worksheet as its XML.

xlsxwriter makes the rest of the workbook, but cell by cell it takes four times as long, and a float for every amount.
Amounts are written here as the digits that they are.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from core.files.table import Kind, clean

MOST_TEXT = 32_767  # characters in a cell of Excel
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_SERIAL = 61  # 1900-03-01: before it Excel counts a day that never was
_MARKUP = re.compile("[&<>]|_x[0-9a-fA-F]{4}_").search

Cell = Callable[[Any], str]


class Rows:
    """Rows below what the page holds so far, one after another. After the last, `done()`, and the page goes on."""

    def __init__(self, page: Any, columns: Sequence[tuple[Kind, Any]], above: int) -> None:
        """`columns`: kind and format of each; `above`: the last row of the page that was written, from 0."""
        page._write_single_row(above + 1)  # xlsxwriter keeps the row that it is at until the next one
        self._page = page
        self._out = page.row_data_fh.write
        self._cells = [
            (f'<c r="{xl_col_to_name(at)}', f'" s="{style._get_xf_index()}"', _WRITERS.get(kind, _number))
            for at, (kind, style) in enumerate(columns)
        ]
        self.last = above

    def write(self, values: Sequence[Any]) -> None:
        """One more row; None is a blank cell."""
        self.last += 1
        number = self.last + 1  # as Excel counts
        cells = [
            f"{start}{number}{style}{write(value)}"
            for (start, style, write), value in zip(self._cells, values, strict=False)
            if value is not None
        ]
        self._out(f'<row r="{number}">{"".join(cells)}</row>')

    def done(self) -> None:
        """Tells the page how far it reaches now."""
        self._page.previous_row = self.last + 1
        self._page.dim_rowmax = max(self._page.dim_rowmax, self.last)


def _number(value: object) -> str:
    return f"><v>{value}</v></c>"


def _day(value: date) -> str:
    serial = value.toordinal() - _DAY_ZERO
    return _text(value.isoformat()) if serial < _FIRST_SERIAL else f"><v>{serial}</v></c>"


def _moment(value: datetime) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f"><v>{value.toordinal() - _DAY_ZERO + seconds / 86_400:.16G}</v></c>"


def _text(value: object) -> str:
    text = str(value)
    if not text:
        return "/>"
    if not text.isprintable():
        text = clean(text)
    if len(text) > MOST_TEXT // 2:
        text = _shortened(text)
    if _MARKUP(text):
        text = _escaped(text)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{kept}>{text}</t></is></c>'


_WRITERS: dict[Kind, Cell] = {Kind.TEXT: _text, Kind.DATE: _day, Kind.DATETIME: _moment}


def _escaped(text: str) -> str:
    """What XML, and Excel's own way to write characters, would read as something else."""
    text = re.sub("_(?=x[0-9a-fA-F]{4}_)", "_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shortened(text: str) -> str:
    """What a cell can hold of a text, which Excel measures in UTF-16; a cut one ends in "…"."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_TEXT:
        return text
    return units[: 2 * (MOST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
