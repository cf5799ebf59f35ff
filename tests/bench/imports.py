"""Goal 10: files through the product's importers, beside the bare driver that puts the same rows into the same tables.

Both sides start from the same state: kind by kind the product imports the file into one database, then the bare
driver copies what that wrote, its updates too, into a second one with the same tables, indexes and constraints.
"""

import io
import statistics
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter

from core import db, schema
from core.auth.actor import system
from core.importers import reading
from core.importers.base import Source, commit, prepare
from core.importers.kinds import kind_of
from tests.bench import import_files as files
from tests.bench.bare import Bare, open_bare
from tests.bench.books import PER_CUSTOMER
from tests.bench.measure import Figure, Site, at_least, clock, in_turn, say, shown

#: The tables that each kind writes, whose rows are known by an id that only grows.
_TABLES = ("document", "payment", "ledger_entry", "ledger_application")
_KINDS = ("documents", "payments", "applications")


class _Timed(NamedTuple):
    rows: int
    product: float
    bare: float


def figures(site: Site) -> Iterator[Figure]:
    """Goal 10."""
    rows = {
        "documents": (files.DOCUMENT, files.documents(site.documents)),
        "payments": (files.PAYMENT, files.payments(site.documents)),
        "applications": (files.APPLICATION, files.applications(site.documents)),
    }
    data = {kind: files.as_csv(*both) for kind, both in rows.items()}
    counts = {kind: len(both[1]) for kind, both in rows.items()}
    rounds = [_round(site, data, counts) for _ in range(3 if site.documents <= 100_000 else 1)]
    limit = 0.35 if site.backend == "sqlite" else 0.3
    against = "executemany" if site.backend == "sqlite" else "streamed COPY"
    for kind in _KINDS:
        taken = [one[kind] for one in rounds]
        ratio = statistics.median(one.bare / one.product for one in taken)
        product, bare = (statistics.median(getattr(one, side) for one in taken) for side in ("product", "bare"))
        about = f"{counts[kind]:,} rows: {counts[kind] / product:,.0f}/s in {shown(product)} against {shown(bare)}"
        yield at_least("10", f"import {kind} from CSV, against {against} of the same rows", ratio, limit, about)
        if kind == "documents" and site.backend == "sqlite":
            aim = counts[kind] / product
            yield at_least("10", "documents a second of processor time", aim, 20_000, unit="/s")
    if site.backend == "sqlite" and site.documents <= 100_000:
        yield _reading(rows["documents"][1])


def _round(site: Site, data: dict[str, bytes], counts: dict[str, int]) -> dict[str, _Timed]:
    now = clock(site.backend)
    site.empty()
    product = db.url()
    bare_url = site.database.bare()
    db.use(bare_url)
    schema.upgrade()
    db.engine().dispose()
    db.use(product)
    _import("customers", files.customers(site.documents // PER_CUSTOMER))
    timed = {}
    with closing(open_bare(site.backend, product, bare_url)) as bare:
        bare.copy("audit_event", "true")
        bare.copy("customer", "true")
        for kind in _KINDS:
            start = now()
            _import(kind, data[kind])
            taken = now() - start
            timed[kind] = _Timed(counts[kind], taken, _copied(bare))
            say(f"  {kind}: {shown(taken)} against {shown(timed[kind].bare)}")
    return timed


def _import(kind: str, data: bytes) -> None:
    """What `import KIND FILE` does, the reading of the file aside."""
    summary = commit(prepare(system("bench"), kind_of(kind), Source(f"{kind}.csv", data)))
    assert summary["new"] == summary["read"] > 0, summary


def _copied(bare: Bare) -> float:
    """Seconds in which the bare driver writes what the product's last import wrote."""
    bare.copy("audit_event", f"id > {bare.last_id('audit_event')}")
    last = {table: bare.last_id(table) for table in _TABLES}
    seconds = bare.update_open(f"id > {last['ledger_application']}", last["ledger_entry"])
    for table in _TABLES:
        seconds += bare.copy(table, f"id > {last[table]}")
    for source in ("document", "payment"):
        seconds += bare.copy("ledger_number", f"source = '{source}' AND source_id > {last[source]}", order="source_id")
    return seconds + bare.commit()


# ------------------------------------------------------------------ workbooks
def _reading(rows: list[Any]) -> Figure:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate([files.DOCUMENT, *rows]):
            page.write_row(at, 0, [float(cell) if 5 <= place <= 7 and at else cell for place, cell in enumerate(row)])
    data = target.getvalue()

    def product() -> int:
        return sum(1 for _ in reading.read("documentos.xlsx", data).rows)

    def bare() -> int:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))

    assert product() == bare() == len(rows) + 1
    ours, theirs = _once_each(product, bare)
    about = f"{len(rows):,} rows: {shown(ours)} against {shown(theirs)}"
    return at_least("10", "read .xlsx, against openpyxl read_only", theirs / ours, 6, about)


def _once_each(*candidates: Callable[[], Any]) -> list[float]:
    return in_turn(1, *candidates, warm=False)
