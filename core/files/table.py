"""What a file is made from: typed columns and rows of plain values. Shared by excel.py, csv.py and pdf.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

ZERO = Decimal("0.00")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class TooManyRows(ValueError):
    """More rows than a workbook's sheet can hold; `most` says how many it can."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a sheet holds {most} rows")
        self.most = most


class Kind(StrEnum):
    """What the values of a column are; None is a blank cell in each of them."""

    TEXT = "text"  # str
    AMOUNT = "amount"  # Decimal, two decimals
    INTEGER = "integer"  # int
    DATE = "date"  # datetime.date
    DATETIME = "datetime"  # datetime.datetime, already in the business time zone; a zone is dropped
    PERCENT = "percent"  # Decimal in per cent: 12.5 is 12.5 %
    RATE = "rate"  # Decimal, six decimals


class Column(NamedTuple):
    """One column: `title` is what people read, `key` what programs read (CSV of the command line)."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    total: bool = False  # add it up below the table
    width: int | None = None  # in characters; by kind when None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table to be written. `rows` may be an iterator: it is read once, each row as long as `columns`."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    heading: bool = True  # title and notes above the header; without them a template starts at row 1
    notes: Sequence[str] = ()  # filters and "Generado por ana el 20/11/2026 14:05", above the header
    total_label: str = "Total"
    totals_by: str = ""  # key of the currency column: a total for each of its values, for no sum crosses currencies


class Totals:
    """Running sums of the total columns, apart for each value of `totals_by`."""

    def __init__(self, sheet: Sheet) -> None:
        """Start from nothing; `columns` are the positions that are added up."""
        self.columns = [at for at, column in enumerate(sheet.columns) if column.total]
        self.by: dict[str, list[Decimal]] = {}
        keys = [column.key for column in sheet.columns]
        self.by_column = keys.index(sheet.totals_by) if sheet.totals_by else None

    def add(self, row: Sequence[object]) -> None:
        """Add the total columns of a row."""
        group = "" if self.by_column is None else str(row[self.by_column] or "")
        sums = self.by.get(group)
        if sums is None:
            sums = self.by[group] = [ZERO] * len(self.columns)
        for place, at in enumerate(self.columns):
            value = row[at]
            if value is not None:
                sums[place] += value  # type: ignore[operator]  # a total column holds Decimal or int


def labels(sheet: Sheet, totals: Totals) -> list[tuple[str, str, list[Decimal]]]:
    """Group, label ("Total", "Total USD") and sums of each totals row, by group."""
    return [(group, f"{sheet.total_label} {group}".strip(), sums) for group, sums in sorted(totals.by.items())]


def clean(text: str) -> str:
    """`text` without the characters that XML, and so a workbook, cannot hold."""
    return _NOT_IN_XML.sub("", text)
