"""Rows to CSV: UTF-8 with its mark, commas, plain amounts, ISO dates, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime

from core.files.table import Kind, Sheet, Totals, labels

_RUNS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take a text for a formula


def document(sheet: Sheet, *, keys: bool = False, heading: bool = False, totals: bool = False) -> bytes:
    """The table as CSV. `keys`: canonical names in the header and not titles; `heading`: title and notes above it;
    `totals`: the totals rows below.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    if heading:
        writer.writerow([guarded(sheet.title)])
        writer.writerows([guarded(note)] for note in sheet.notes)
        writer.writerow([])
    writer.writerow([guarded(column.key if keys else column.title) for column in sheet.columns])
    shows = [_SHOWS.get(column.kind, _plain) for column in sheet.columns]
    sums = Totals(sheet)
    for row in sheet.rows:
        if totals:
            sums.add(row)
        writer.writerow(["" if value is None else show(value) for show, value in zip(shows, row, strict=True)])
    if totals and sums.columns:
        for _group, label, amounts in labels(sheet, sums):
            cells = [""] * len(sheet.columns)
            if 0 not in sums.columns:
                cells[0] = guarded(label)
            for at, amount in zip(sums.columns, amounts, strict=True):
                cells[at] = _plain(amount)
            writer.writerow(cells)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def guarded(value: object) -> str:
    """A text as it stands, after an apostrophe when a spreadsheet would take it for a formula."""
    text = str(value)
    return "'" + text if text.startswith(_RUNS) else text


def unguarded(cell: str) -> str:
    """What `guarded` was given: a file that was written here and mended outside is read back as it was."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RUNS) else cell


def _plain(value: object) -> str:
    """Numbers and dates: `1234.56`, `2026-03-31`. A Decimal never shows an exponent."""
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _moment(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)


_SHOWS: dict[Kind, Callable[[object], str]] = {Kind.TEXT: guarded, Kind.DATETIME: _moment}
