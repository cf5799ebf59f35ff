"""A company seen from outside: files go in, commands answer. Nothing of the product's inside is used but the cli."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from sqlalchemy import inspect, text

from core import db
from tests.support.command_line import Answer

#: The day on which most tests look at the books.
DAY = "2026-03-31"
BUCKETS = ("current", "1-30", "31-60", "61-90", "91-120", "121+")
REASON = re.compile(r"^(?P<file>.+):(?P<row>\d+): (?P<column>\w*): (?P<reason>.+)$")
#: What a test need not say: columns that a file of the kind always has.
FILLED = {"documents": {"kind": "invoice", "customer": "C1"}, "payments": {"customer": "C1"}}


class Book:
    """One company's books, through the command line."""

    def __init__(self, cli: Callable[..., Answer], folder: Path) -> None:
        self.run, self.folder, self.files = cli, folder, 0

    # ------------------------------------------------------------------ files in
    def path(self, content: str | bytes, name: str = "", encoding: str = "utf-8") -> Path:
        """A file with this content."""
        self.files += 1
        path = self.folder / (name or f"file{self.files}.csv")
        path.write_bytes(content if isinstance(content, bytes) else cleandoc(content).encode(encoding))
        return path

    def load(self, kind: str, content: str | bytes | Path, *options: str, name: str = "", encoding: str = "utf-8"):
        """Imports and returns the command's answer, whatever it is. Text lacking `kind` or `customer` gets them."""
        if isinstance(content, str):
            content = filled(kind, cleandoc(content))
        path = content if isinstance(content, Path) else self.path(content, name, encoding)
        return self.run("import", kind, path, *options)

    def put(self, kind: str, content: str | bytes | Path, *options: str, **more: str) -> dict[str, Any]:
        """Imports; it must go well. Returns the summary, whose arithmetic must be right."""
        answer = self.load(kind, content, *options, **more)
        assert answer.code == 0, f"{kind} were refused: {answer.err}"
        data: dict[str, Any] = answer.data
        assert data["read"] == data["new"] + data["repeated"] + data["updated"] + data["rejected"], data
        return data

    def refused(self, kind: str, content: str | bytes | Path, *options: str, **more: str) -> list[str]:
        """Imports; it must be refused with exit 1, nothing on stdout and nothing written. Returns the reasons."""
        before = rows_in_database()
        answer = self.load(kind, content, *options, **more)
        assert answer.code == 1, f"{kind} were not refused: exit {answer.code}, {answer.out or answer.err}"
        assert answer.out == ""
        assert answer.reasons
        assert rows_in_database() == before, "something was written"
        return answer.reasons

    def customers(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("customers", content, *options)

    def documents(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("documents", content, *options)

    def payments(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("payments", content, *options)

    def applications(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("applications", content, *options)

    def reversals(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("reversals", content, *options)

    def rates(self, content: str, *options: str) -> dict[str, Any]:
        return self.put("exchange_rates", content, *options)

    # ------------------------------------------------------------------ answers out
    def ask(self, *argv: object) -> Any:
        """The JSON of a command that must go well."""
        answer = self.run(*argv)
        assert answer.code == 0, answer.err
        return answer.data

    def done(self, *argv: object) -> Answer:
        """A command that must go well."""
        answer = self.run(*argv)
        assert answer.code == 0, answer.err
        return answer

    def fails(self, code: int, *argv: object) -> Answer:
        """A command that must end so: a sentence on stderr, stdout empty."""
        answer = self.run(*argv)
        assert answer.code == code, f"exit {answer.code}, not {code}: {answer.out[:200]} {answer.err}"
        assert answer.out == ""
        assert answer.err.strip()
        return answer

    def aging(self, day: str = DAY, *options: object) -> dict[str, Any]:
        data: dict[str, Any] = self.ask("aging", "--as-of", day, *options)
        return data

    def row(self, day: str = DAY, *options: object) -> dict[str, Any]:
        """The only row of an aging."""
        [found] = self.aging(day, *options)["rows"]
        return dict(found)

    def items(self, day: str = DAY, *options: object) -> dict[str, dict[str, Any]]:
        """Aging by document: number (with `/2`, `/3`… for later instalments) to row."""
        rows = self.aging(day, "--by", "document", *options)["rows"]
        return {row["key"] + (f"/{n}" if (n := row["instalment"] or 1) > 1 else ""): row for row in rows}

    def open(self, day: str = DAY, *options: object) -> dict[str, str]:
        """What is open at a date: number (`/2` for the second instalment) to amount, credits negative."""
        return {key: row["open"] for key, row in self.items(day, *options).items()}

    def totals(self, day: str = DAY) -> dict[str, str]:
        """Currency to total."""
        return {row["currency"]: row["total"] for row in self.aging(day)["totals"]}

    def statement(self, customer: str = "C1", *options: object) -> dict[str, Any]:
        data: dict[str, Any] = self.ask("statement", customer, *options)
        return data

    def lines(self, *options: object) -> list[tuple[str, str, str, str, str]]:
        """The lines of C1's statement as (date, kind, document, charge, credit)."""
        keys = ("date", "kind", "document", "charge", "credit")
        return [tuple(line[key] for key in keys) for line in self.statement("C1", *options)["lines"]]

    def kpis(self, first: str = "2026-03", last: str = "", *options: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask("kpis", "--from", first, "--to", last or first, *options)["rows"]
        return rows

    def kpi(self, month: str = "2026-03", *options: object) -> dict[str, Any]:
        [row] = self.kpis(month, month, *options)
        return row

    def events(self, *options: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask("audit", "list", *options)["rows"]
        return rows


def filled(kind: str, content: str) -> str:
    """CSV text with the columns of FILLED that its header lacks."""
    grid = list(csv.reader(io.StringIO(content)))
    missing = {name: value for name, value in FILLED.get(kind, {}).items() if grid and name not in grid[0]}
    if not missing:
        return content
    out = io.StringIO()
    rows = [grid[0] + list(missing), *([*row, *missing.values()] for row in grid[1:])]
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def rows_in_database() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine().connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def bad_rows(reasons: Iterable[str]) -> list[tuple[int, str]]:
    """Row and column of each reason, which must be of the form FILE:ROW: COLUMN: reason."""
    found = []
    for line in reasons:
        match = REASON.match(line)
        assert match, f"not FILE:ROW: COLUMN: reason: {line!r}"
        found.append((int(match["row"]), match["column"]))
    return found


def pick(row: Mapping[str, Any], names: str) -> dict[str, Any]:
    """Some fields of a row: `pick(row, "open total")`."""
    return {name: row[name] for name in names.split()}


def shown(rows: Iterable[Mapping[str, Any]], names: str) -> set[tuple[Any, ...]]:
    """Some fields of every row, without order."""
    return {tuple(row[name] for name in names.split()) for row in rows}


def cells_of(path: Path) -> list[Any]:
    """Every cell of a workbook's first sheet."""
    sheet: Any = openpyxl.load_workbook(path).active
    return [cell for row in sheet.iter_rows() for cell in row]


def a_workbook(path: Path, grid: Iterable[Any], date_format: str = "yyyy-mm-dd") -> Path:
    """An Excel file; dates, numbers and text keep their type, and text beginning with `=` is text."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": date_format, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(grid):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, place, cell)
    book.close()
    return path
