"""What a command answers: JSON for programs, a table for people, CSV and XLSX; to stdout or, whole, to `--out FILE`."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.errors import DomainError, why
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, amount, number

Row = Mapping[str, Any] | Sequence[Any]
_RIGHT = {Kind.AMOUNT, Kind.INTEGER, Kind.PERCENT, Kind.RATE}


class FileNotWritable(DomainError):
    message = N_("No se puede escribir «{path}»: {reason}. Elija otra carpeta u otro nombre.")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside `path`, which takes its name at the end when it was written; else nothing is left.

    Enter it before the work: a folder that is missing or closed is refused (FileNotWritable) before anything is done.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        part.touch(mode=0o600)
        part.unlink()
    except OSError as error:
        raise FileNotWritable(path=path, reason=why(error)) from error
    try:
        yield part
        if part.exists():
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write(content: bytes, part: Path | None) -> None:
    """The whole answer, to the file that `whole_file` gave, else to stdout."""
    if part is not None:
        try:
            part.write_bytes(content)
        except OSError as error:
            raise FileNotWritable(path=part.parent, reason=why(error)) from error
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


# ------------------------------------------------------------------ JSON
def as_json(payload: Mapping[str, Any], columns: Sequence[Column] = ()) -> bytes:
    """The payload as the contract writes it, a row a line. Columns of kind RATE have six decimals, the rest two."""
    rates = [column.key for column in columns if column.kind is Kind.RATE]
    parts = [f"{json.dumps(key)}: {_value(value, columns, rates)}" for key, value in payload.items()]
    return ("{" + ",\n ".join(parts) + "}\n").encode("utf-8", "replace")


def _value(value: Any, columns: Sequence[Column], rates: Sequence[str]) -> str:
    if not isinstance(value, (list, tuple)) or not value or not isinstance(value[0], (Mapping, tuple)):
        return _dumps(value)
    return "[\n  " + ",\n  ".join(_dumps(_rated(record(row, columns), rates)) for row in value) + "]"


def _rated(row: dict[str, Any], rates: Sequence[str]) -> dict[str, Any]:
    for key in rates:
        if isinstance(row.get(key), Decimal):
            row[key] = f"{row[key]:.6f}"
    return row


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"  # figures come rounded: here nothing is lost
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def record(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    """A row as names and values; one without names takes those of the columns."""
    if isinstance(row, Mapping):
        return dict(row)
    return dict(zip((column.key for column in columns), row, strict=True))


# ------------------------------------------------------------------ tables
def as_table(
    title: str, notes: Iterable[str], columns: Sequence[Column], rows: Sequence[Row], totals: Sequence[Row]
) -> bytes:
    """A table to read on a terminal: numbers to the right, totals below a line."""
    head = [line for line in (title, *notes) if line]
    if not rows:
        return ("\n".join([*head, _("Sin resultados.")]) + "\n").encode("utf-8", "replace")
    body = [_cells(record(row, columns), columns) for row in rows]
    foot = [_cells(record(row, columns), columns) for row in totals]
    for line in foot:
        line[0] = line[0] or _("Total")
    titles = [_(column.title) for column in columns]
    widths = [max(map(len, cells)) for cells in zip(titles, *body, *foot, strict=True)]
    ruler = "  ".join("-" * width for width in widths)
    lines = [*head, _line(titles, columns, widths), ruler, *(_line(line, columns, widths) for line in body)]
    if foot:
        lines += [ruler, *(_line(line, columns, widths) for line in foot)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = [
        cell.rjust(width) if column.kind in _RIGHT else cell.ljust(width)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    return "  ".join(parts).rstrip()


def _cells(row: Mapping[str, Any], columns: Sequence[Column]) -> list[str]:
    return [_shown(row.get(column.key), column.kind) for column in columns]


def _shown(value: Any, kind: Kind) -> str:
    if isinstance(value, Decimal):
        return f"{value:.6f}" if kind is Kind.RATE else amount(value)
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "".join(letter if letter.isprintable() else " " for letter in str(flat(value)))


def flat(value: Any) -> Any:
    """A value that fits a cell: lists by `; `, objects as JSON, nothing as blank."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "; ".join(str(one) for one in value)
    if isinstance(value, Mapping):
        return _dumps(value)
    return value


def as_file(
    format_: str, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Row], currency: str
) -> bytes:
    """The rows as CSV (canonical names) or XLSX (titles, notes, totals of each currency)."""
    keys = [column.key for column in columns]
    plain = ([_fits(one.get(key)) for key in keys] for one in (record(row, columns) for row in rows))
    titled = [column._replace(title=_(column.title)) for column in columns]
    by = currency if currency in keys else ""
    sheet = Sheet(title=title, columns=titled, rows=plain, notes=notes, totals_by=by, total_label=_("Total"))
    if format_ == "csv":
        from core.files import csv

        return csv.document(sheet, keys=True)
    from core.files import excel

    return excel.workbook(sheet)


def _fits(value: Any) -> Any:
    return flat(value) if isinstance(value, (list, tuple, Mapping)) else value
