"""XLSX: a workbook is checked before anything large is unpacked, then one sheet is read as text by calamine."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import fastexcel

from core.importers.headers import find_header
from core.importers.refusals import (
    BrokenWorkbook,
    CellsTooFar,
    LockedWorkbook,
    NotAWorkbook,
    SheetNotFound,
    UnpacksTooLarge,
)

if TYPE_CHECKING:
    import pyarrow as pa

MEGABYTE = 1024 * 1024
MOST_CELLS = 30_000_000  # a sheet is held as a rectangle, about 32 bytes a cell
_FAR_CELL = re.compile(rb' r="([A-Z]{2,3})[0-9]')  # from column AA on
_FAR_ROW = re.compile(rb'<row [^>]{0,80}?r="([0-9]{5,7})"')
_ERROR = re.compile(r"Error\((\w+)\)")
_ERRORS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip
_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$"
_NOISE = r"^-?[0-9]+\.[0-9]{3,}$"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>").findall
_SLICE = 8192


class SheetRows:
    """The rows of a sheet as text, taken from Arrow a few thousand at a time."""

    def __init__(self, columns: list[pa.Array], count: int) -> None:
        self._columns = columns
        self._count = count

    def __iter__(self) -> Iterator[Sequence[str]]:
        for start in range(0, self._count, _SLICE):
            yield from zip(*(column.slice(start, _SLICE).to_pylist() for column in self._columns), strict=True)

    def __len__(self) -> int:
        return self._count


def check(name: str, data: bytes, most_bytes: int | None) -> None:
    """Refuse what is no workbook, is damaged, unpacks to more than `most_bytes` or spans too many cells."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise LockedWorkbook(name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if "xl/workbook.xml" not in parts.NameToInfo:
                raise NotAWorkbook(name=name)
            left = most_bytes
            for part in parts.infolist():
                left = _check_part(name, parts, part, left, most_bytes)
    except zipfile.BadZipFile:
        raise (BrokenWorkbook if data.startswith(b"PK") else NotAWorkbook)(name=name) from None
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise BrokenWorkbook(name=name) from None


def _check_part(
    name: str, parts: zipfile.ZipFile, part: zipfile.ZipInfo, left: int | None, most: int | None
) -> int | None:
    """Unpack one part in pieces, whatever size it claims: what is left of the limit; CRC errors surface here."""
    sheet = part.filename.startswith("xl/worksheets/")
    if left is not None:
        part.file_size = left + MEGABYTE  # zipfile would believe the size that the file claims
    rows = columns = 1
    tail = b""
    with parts.open(part) as stream:
        while piece := stream.read(MEGABYTE):
            if left is not None:
                left -= len(piece)
                if left < 0:
                    raise UnpacksTooLarge(name=name, most=(most or 0) // MEGABYTE)
            if sheet:
                seen = tail + piece
                columns = max(columns, max(map(_column_number, set(_FAR_CELL.findall(seen))), default=26))
                rows = max(rows, max(map(int, set(_FAR_ROW.findall(seen))), default=1))
                tail = piece[-96:]
                if rows * columns > MOST_CELLS:
                    raise CellsTooFar(name=name, rows=rows, columns=columns)
    return left


def _column_number(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def open_sheet(
    name: str, data: bytes, wanted: str | None, knows: Callable[[str], object] | None
) -> tuple[str, tuple[str, ...], SheetRows]:
    """The sheet called `wanted`, else the first with a header that `knows`, else the first that holds anything."""
    try:
        workbook = fastexcel.read_excel(data)
        sheets = tuple(workbook.sheet_names)
        if wanted is not None and wanted not in sheets:
            raise SheetNotFound(name=name, sheet=wanted, sheets=", ".join(sheets))
        first: tuple[str, SheetRows] | None = None
        for sheet in [wanted] if wanted is not None else _visible_first(data, sheets):
            rows = _load(workbook, sheet)
            if wanted is not None or knows is None or find_header(rows, knows) is not None:
                return sheet, sheets, rows
            if len(rows) and (first is None or not len(first[1])):
                first = sheet, rows
        sheet, rows = first or (sheets[0], SheetRows([], 0))
    except (fastexcel.FastExcelError, IndexError):
        raise BrokenWorkbook(name=name) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how a panic of the Rust reader arrives
            raise BrokenWorkbook(name=name) from None
        raise
    return sheet, sheets, rows


def _visible_first(data: bytes, sheets: tuple[str, ...]) -> list[str]:
    """The sheets in their order, hidden ones last: what a user sees is what he means."""
    if len(sheets) == 1:
        return list(sheets)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        tags = _SHEET(parts.read("xl/workbook.xml"))
    hidden = [b"state=" in tag and b"idden" in tag for tag in tags]
    if len(hidden) != len(sheets):
        return list(sheets)
    return [name for state in (False, True) for name, one in zip(sheets, hidden, strict=True) if one == state]


def _load(workbook: fastexcel.ExcelReader, sheet: str) -> SheetRows:
    """Every cell as Excel shows it unformatted: whole numbers without point, ISO dates, errors by their name."""
    loaded = workbook.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    if not loaded.width or not loaded.height:
        return SheetRows([], 0)
    batch, found = loaded.to_arrow_with_errors()
    errors: dict[int, dict[int, str]] = {}
    for error in found.errors if found else ():
        row, column = error.position
        match = _ERROR.search(error.detail)
        errors.setdefault(column, {})[row] = _ERRORS.get(match[1] if match else "", "#ERROR!")
    columns = [_as_text(column, errors.get(at, {})) for at, column in enumerate(batch.columns)]
    return SheetRows(columns, batch.num_rows)


def _as_text(column: pa.Array, errors: dict[int, str]) -> pa.Array:
    """Blank cells empty, errors named, midnight dropped, the noise beyond Excel's 15 digits rounded away."""
    import pyarrow as pa  # only a workbook needs it, and it takes a while to load
    import pyarrow.compute as pc

    longest = pc.max(pc.utf8_length(column)).as_py() or 0
    if longest >= 19:
        column = pc.replace_substring_regex(column, _MIDNIGHT, r"\1")
    column = pc.fill_null(column, "")
    noisy: list[int] = []
    if longest > 16:
        long = pc.greater(pc.utf8_length(column), 16)
        noisy = pc.indices_nonzero(pc.and_(long, pc.match_substring_regex(column, _NOISE))).to_pylist()
    if noisy or errors:
        values = column.to_pylist()
        for at in noisy:
            values[at] = _fifteen_digits(values[at])
        for at, error in errors.items():
            values[at] = error
        column = pa.array(values, pa.string())
    return column


def _fifteen_digits(value: str) -> str:
    """0.30000000000000004 is 0.3: binary noise that Excel itself never shows."""
    shown = f"{float(value):.15g}"
    return value if "e" in shown else shown
