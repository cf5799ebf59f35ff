"""A file's bytes and name to a grid of text cells. Knows no column; the suffix decides how a file is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple, Protocol

from core.importers import delimited, workbooks
from core.importers.refusals import EmptyFile, FileTooLarge, TooManyRows, WrongSuffix

MEGABYTE = 1024 * 1024


class Limits(NamedTuple):
    """What is accepted; None is no limit."""

    file_bytes: int | None = None
    unpacked_bytes: int | None = None
    rows: int | None = None


SCREEN = Limits(file_bytes=50 * MEGABYTE, unpacked_bytes=600 * MEGABYTE, rows=500_000)
COMMAND_LINE = Limits(unpacked_bytes=8192 * MEGABYTE)  # the server's owner is trusted, a zip bomb is not


class Rows(Protocol):
    """Rows of text, blank cells empty; may be read again and again without being kept in memory."""

    def __iter__(self) -> Iterator[Sequence[str]]: ...

    def __len__(self) -> int: ...


class Grid(NamedTuple):
    """What a file holds. Row at position 0 is row 1 of the spreadsheet; rows may differ in length."""

    sheet: str  # blank for a csv
    sheets: tuple[str, ...]
    rows: Rows

    def head(self, count: int) -> list[list[str]]:
        """The first rows, for a preview."""
        return [list(row) for row in islice(self.rows, count)]


def read(
    name: str,
    data: bytes,
    *,
    sheet: str | None = None,
    knows: Callable[[str], object] | None = None,
    limits: Limits = COMMAND_LINE,
) -> Grid:
    """The grid of a `.csv` or `.xlsx`; raises a BadFile that says what is wrong with it.

    `knows` (see headers.find_header) helps to tell the delimiter, and to choose the first sheet that has a header.
    """
    short = PurePath(name).name
    suffix = PurePath(name).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise WrongSuffix(name=short)
    if limits.file_bytes is not None and len(data) > limits.file_bytes:
        raise FileTooLarge(name=short, size=-(-len(data) // MEGABYTE), most=limits.file_bytes // MEGABYTE)
    if not data:
        raise EmptyFile(name=short)
    if suffix == ".csv":
        grid = Grid("", (), delimited.rows(short, data, knows))
    else:
        workbooks.check(short, data, limits.unpacked_bytes)
        grid = Grid(*workbooks.open_sheet(short, data, sheet, knows))
    if limits.rows is not None and len(grid.rows) > limits.rows:
        raise TooManyRows(name=short, rows=len(grid.rows), most=limits.rows)
    return grid
