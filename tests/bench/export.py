"""Goal 11: a table of the screens as Excel: against the bare writers, through the whole path, and how much it holds.

The same at every number of documents, so it is measured at up to 100,000 only.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import xlsxwriter
from sqlmodel import col, select

from core import db
from core.auth.actor import system
from core.auth.models import User
from core.auth.sessions import open_session
from core.auth.users import create_user
from core.files import excel
from core.files.table import Column, Kind, Sheet
from core.portfolio.aging import By, aging
from core.portfolio.aging_files import Asked
from core.portfolio.scope import Scope
from tests.bench.books import TODAY, Shape, fill
from tests.bench.measure import Figure, Site, at_least, at_most, in_turn, say, shown

ROWS, MANY = 50_000, 200_000
#: The columns of the figure in performance notes: twelve, of every kind.
_COLUMNS = (
    Column("key", "Folio"), Column("customer", "Cliente"), Column("name", "Nombre"), Column("kind", "Tipo"),
    Column("currency", "Moneda"), Column("issue_date", "Fecha", Kind.DATE), Column("due_date", "Vence", Kind.DATE),
    Column("days", "Días", Kind.INTEGER), Column("original", "Importe", Kind.AMOUNT),
    Column("applied", "Aplicado", Kind.AMOUNT), Column("open", "Saldo", Kind.AMOUNT, total=True),
    Column("sales_rep", "Asesor"),
)  # fmt: skip


def figures(site: Site) -> Iterator[Figure]:
    """Goal 11."""
    if site.documents > 100_000:
        return
    if site.backend == "sqlite":
        yield from _writers()
    small, large = (_whole_path(site, rows) for rows in (ROWS, MANY))
    about = f"{small['rows']:,} rows, {small['bytes'] / 1e6:,.1f} MB"
    yield at_most("11", "export of the aging by document, as the screen's button does", small["seconds"], 10, about,
                  unit="s")  # fmt: skip
    for made in (small, large):
        what = f"memory of the export above idle, {made['rows']:,} rows"
        yield at_most("11", what, made["peak"] - made["idle"], 30, f"idle {made['idle']:,.0f} MiB", unit="MiB")


# ------------------------------------------------------------------ the writers, on rows that are there already
def _writers() -> Iterator[Figure]:
    rows = [
        (
            f"F-{one:08d}", f"C{one % 1000:06d}", f"Comercializadora {one % 1000} SA de CV", "Factura", "MXN",
            date(2026, 1 + one % 6, 1 + one % 28), date(2026, 2 + one % 6, 1 + one % 28), one % 90,
            Decimal(one * 37 % 900_000) / 100, None if one % 3 else Decimal("12.50"), Decimal(one * 37 % 900_000) / 100,
            f"Asesor {one % 40}",
        )
        for one in range(ROWS)
    ]  # fmt: skip
    sheet = Sheet(title="Antigüedad", columns=_COLUMNS, rows=rows, totals_by="currency")
    ours, bare = in_turn(3, lambda: excel.workbook(sheet), lambda: _bare(rows), warm=False)
    [theirs] = in_turn(1, lambda: _openpyxl(rows), warm=False)
    about = f"{ROWS:,} rows x {len(_COLUMNS)}: {shown(ours)} against {shown(bare)}"
    yield at_most("11", "workbook, against bare xlsxwriter constant_memory", ours / bare, 1.3, about)
    about = f"{shown(ours)} against {shown(theirs)}"
    yield at_least("11", "workbook, against openpyxl normal", theirs / ours, 3, about)


def _bare(rows: Sequence[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, [column.title for column in _COLUMNS])
        page.freeze_panes(1, 0)
        writers: dict[Kind, Callable[[int, int, Any], Any]] = {
            Kind.TEXT: page.write_string,
            Kind.INTEGER: page.write_number,
            Kind.DATE: lambda row, at, value: page.write_datetime(row, at, datetime(*value.timetuple()[:3]), day),
            Kind.AMOUNT: lambda row, at, value: page.write_number(row, at, float(value), amount),
        }
        write = [writers[column.kind] for column in _COLUMNS]
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if value is not None:
                    write[at](number, at, value)
    return target.getvalue()


def _openpyxl(rows: Sequence[tuple[Any, ...]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append([column.title for column in _COLUMNS])
    for row in rows:
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# ------------------------------------------------------------------ the whole path, in a process of its own
def _whole_path(site: Site, rows: int) -> dict[str, float]:
    """Seconds, and MiB held before and at most, of one export of so many open instalments."""
    site.empty()
    fill(Shape(documents=round(rows / 1.08), customers=rows // 50, unpaid_percent=100))
    with db.transaction() as session:
        create_user(session, system(), name="exporta", role="auditor", password="correct horse 9 battery")
    db.engine().dispose()
    say(f"  exporting {rows:,} rows")
    child = subprocess.run(
        [sys.executable, "-m", "tests.bench.export"], env={**os.environ, "DATABASE_URL": site.database.url},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return found


def _child() -> None:
    from pages.ui import aging_view, downloads

    with db.transaction() as session:
        user = session.execute(select(User).where(col(User.name) == "exporta")).scalar_one()
        held = open_session(session, user)

    def export(scope: Scope) -> int:
        asked = Asked(TODAY, By.DOCUMENT, scope=scope)
        return len(downloads._made(held, excel.workbook, lambda one: aging_view.sheet(one, asked), "cartera.xlsx"))

    export(Scope(customer="C000001"))  # imports, compiled statements, connections
    with db.reading() as session:  # the pages of a SQLite file count for the process that maps it
        for table in ("document", "ledger_entry", "customer"):
            session.connection().exec_driver_sql(
                f"SELECT count(number) FROM {table}"
                if table != "customer"
                else "SELECT count(legal_name) FROM customer"
            ).all()
        aging(session, system(), as_of=TODAY, limits=[30])
    idle = _kept("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    start = perf_counter()
    size = export(Scope())
    taken = perf_counter() - start
    peak = _kept("VmHWM")
    with db.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT count(*) FROM ledger_entry WHERE open > 0").scalar_one()
    print(json.dumps({"rows": rows, "bytes": size, "seconds": taken, "idle": idle, "peak": peak}))


def _kept(what: str) -> float:
    """MiB that the kernel counts for this process."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(f"{what}:"))


if __name__ == "__main__":
    _child()
