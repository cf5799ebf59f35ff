"""All or nothing: every bad row told, `--skip-bad-rows`, `--dry-run`, and the arithmetic of the summary."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick, rows_in_database, shown

pytestmark = pytest.mark.backend("sqlite")

MIXED = """
    number,customer,issue_date,total
    F1,C1,2026-03-01,100.00
    F2,NADIE,2026-03-01,7.00
    F3,C1,2026-03-01,abc
    F4,C2,2026-13-01,50.00
    F5,C2,2026-03-01,50.00
    F6,,2026-03-01,
"""


def skip(book: Book, kind: str, content: str) -> tuple[dict, list[list[str]]]:
    """The summary, and the rejected file's grid."""
    path = book.folder / "rejected.csv"
    summary = book.put(kind, content, "--skip-bad-rows", "--rejected", str(path))
    return summary, list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_bad_row_is_told_with_file_row_and_column(book: Book):
    reasons = book.refused("documents", MIXED, name="docs.csv")
    assert all("docs.csv:" in line for line in reasons)
    assert {(3, "customer"), (4, "total"), (5, "issue_date"), (7, "customer"), (7, "total")} >= set(bad_rows(reasons))
    assert {row for row, _ in bad_rows(reasons)} == {3, 4, 5, 7}


def test_columns_are_told_by_their_canonical_name(book: Book):
    content = b"Tipo;Folio;Cliente;Fecha;Importe\nFactura;F1;NADIE;2026-03-01;diez\n"
    assert set(bad_rows(book.refused("documents", content))) <= {(2, "customer"), (2, "total")}


def test_bad_rows_are_told_in_the_order_of_the_file(book: Book):
    rows = [row for row, _ in bad_rows(book.refused("documents", MIXED))]
    assert rows == sorted(rows)


def test_one_bad_row_among_many_keeps_all_out(book: Book):
    rows = [f"F{n},2026-03-01,1.00" for n in range(500)] + ["X,2026-03-01,x"]
    reasons = book.refused("documents", "\n".join(["number,issue_date,total", *rows]))
    assert bad_rows(reasons) == [(502, "total")]


def test_skipping_writes_the_good_rows_and_keeps_the_others_with_their_reason(book: Book):
    summary, grid = skip(book, "documents", MIXED)
    assert pick(summary, "read new rejected total") == {
        "read": 6, "new": 2, "rejected": 4, "total": {"MXN": "150.00"}
    }  # fmt: skip
    assert set(book.open()) == {"F1", "F5"}
    assert len(grid) == 5
    assert [row[0] for row in grid[1:]] == ["F2", "F3", "F4", "F6"]
    assert all(any(cell not in MIXED and len(cell) > 5 for cell in row) for row in grid[1:])


def test_the_rejected_file_can_be_mended_and_imported(book: Book):
    _, grid = skip(book, "documents", MIXED)
    grid[1][1] = "C1"
    path = book.folder / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(grid[:2])
    assert book.put("documents", path)["new"] == 1


def test_skipping_when_all_are_bad_is_fine(book: Book):
    summary, _ = skip(book, "documents", "number,customer,issue_date,total\nF9,NADIE,2026-03-01,7.00")
    assert pick(summary, "read new rejected total") == {"read": 1, "new": 0, "rejected": 1, "total": {}}


def test_skipping_when_none_is_bad_leaves_a_file_without_rows(book: Book):
    summary, grid = skip(book, "documents", "number,issue_date,total\nF1,2026-03-01,7.00")
    assert pick(summary, "new rejected") == {"new": 1, "rejected": 0}
    assert len(grid) <= 1


def test_skipping_needs_a_place_for_the_rejected(book: Book):
    path = book.path("kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,1.00")
    book.fails(2, "import", "documents", path, "--skip-bad-rows")


def test_what_depends_on_a_bad_row_is_bad_too(book: Book):
    summary, _ = skip(book, "documents", """
        kind,number,issue_date,total,applies_to
        invoice,F1,2026-03-01,abc,
        credit_note,N1,2026-03-02,10.00,F1
        invoice,F2,2026-03-01,10.00,
    """)  # fmt: skip
    assert pick(summary, "new rejected") == {"new": 1, "rejected": 2}


def test_money_that_a_bad_row_would_have_taken_is_there_for_the_next(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    summary, _ = skip(book, "payments", """
        number,date,amount,applies_to
        P1,2026-03-02,80.00,F1:80.00;F9:1.00
        P2,2026-03-02,80.00,F1:80.00
    """)  # fmt: skip
    assert pick(summary, "new rejected") == {"new": 1, "rejected": 1}
    assert book.open() == {"F1": "20.00"}


def test_formulas_in_rejected_rows_are_written_as_text(book: Book):
    skip(book, "documents", "number,customer,issue_date,total,notes\nF1,NADIE,2026-03-01,7.00,=1+1")
    assert "'=1+1" in (book.folder / "rejected.csv").read_text(encoding="utf-8-sig")


# ------------------------------------------------------------------ dry run
def test_a_dry_run_says_the_same_and_writes_nothing(book: Book):
    content = "number,issue_date,total,color\nF1,2026-03-01,10.005,rojo\nF1,2026-03-01,10.005,rojo"
    before = rows_in_database()
    dry = book.documents(content, "--dry-run")
    assert rows_in_database() == before
    assert book.documents(content) == dry


def test_a_dry_run_tells_the_same_bad_rows(book: Book):
    path = book.path(MIXED.replace("number", "kind,number").replace("    F", "    invoice,F"), "docs.csv")
    assert book.refused("documents", path, "--dry-run") == book.refused("documents", path)


def test_a_dry_run_that_skips_counts_the_rejected(book: Book):
    before = rows_in_database()
    path = book.folder / "bad.csv"
    dry = book.documents(MIXED, "--dry-run", "--skip-bad-rows", "--rejected", str(path))
    assert rows_in_database() == before
    assert pick(dry, "new rejected") == {"new": 2, "rejected": 4}


# ------------------------------------------------------------------ summary and event
def test_read_is_the_sum_of_what_became_of_the_rows(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-01,10.00,C1\nP2,2026-03-01,20.00,")
    summary, _ = skip(book, "payments", """
        number,date,amount,customer
        P1,2026-03-01,10.00,C1
        P2,2026-03-01,20.00,C2
        P3,2026-03-01,30.00,C1
        P4,2026-03-01,40.00,NADIE
        P5,2026-03-01,0.00,C1
        P3,2026-03-01,30.00,C1
    """)  # fmt: skip
    assert pick(summary, "read new repeated updated rejected total") == {
        "read": 6, "new": 1, "repeated": 2, "updated": 1, "rejected": 2, "total": {"MXN": "30.00"}
    }  # fmt: skip


def test_the_total_is_of_new_rows_by_currency(book: Book):
    summary = book.documents("""
        kind,number,issue_date,total,currency,exchange_rate
        invoice,F1,2026-03-01,100.00,MXN,
        debit_note,D1,2026-03-01,50.00,MXN,1
        invoice,U1,2026-03-01,7.50,USD,17
    """)
    assert summary["total"] == {"MXN": "150.00", "USD": "7.50"}


@pytest.mark.parametrize(
    ("kind", "content"),
    [("customers", "code,legal_name\nC9,Nueve"), ("exchange_rates", "date,currency,rate\n2026-03-01,USD,17")],
)
def test_kinds_without_amount_have_no_total(book: Book, kind: str, content: str):
    summary = book.put(kind, content)
    assert pick(summary, "new total") == {"new": 1, "total": {}}


def test_an_import_is_one_event_with_the_files_hash_its_counts_and_its_user(book: Book, user):
    user("ana", "cashier")
    path = book.path(
        "kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,10.00\ninvoice,F2,C1,2026-03-01,5.00"
    )
    before = len(book.events())
    book.put("documents", path, "--as", "ana")
    events = book.events()
    assert len(events) == before + 1
    mine = [one for one in book.events("--user", "ana") if "import" in json.dumps(one)]
    assert len(mine) == 1
    told = json.dumps(mine[0], ensure_ascii=False)
    assert hashlib.sha256(Path(path).read_bytes()).hexdigest() in told


def test_a_refused_import_and_a_dry_run_leave_no_event(book: Book):
    before = book.events()
    book.refused("documents", MIXED)
    book.documents("number,issue_date,total\nF1,2026-03-01,7.00", "--dry-run")
    assert book.events() == before


def test_the_summary_as_a_table_is_readable_and_exits_well(book: Book):
    path = book.path("kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,10.00")
    answer = book.done("import", "documents", path, "--format", "table")
    assert "10.00" in answer.out
    assert book.open(DAY) == {"F1": "10.00"}


def test_texts_of_rejected_rows_come_back_as_they_were(book: Book):
    skip(book, "customers", "code,legal_name,terms_days\n=C7,-Siete,x\n+C8,@Ocho,x")
    mended = (book.folder / "rejected.csv").read_text(encoding="utf-8-sig").replace(",x,", ",5,")
    book.put("customers", mended)
    book.documents("number,customer,issue_date,total\nF1,=C7,2026-03-01,7.00\nF2,+C8,2026-03-01,7.00")
    assert shown(book.aging()["rows"], "key name") == {("=C7", "-Siete"), ("+C8", "@Ocho")}


def test_an_export_is_read_back_as_it_was(book: Book):
    book.customers("code,legal_name\nC3,=Tres")
    book.documents("number,customer,issue_date,total\nF1,C3,2026-03-01,7.00")
    exported = book.done("aging", "--as-of", "2026-03-31", "--format", "csv").out
    assert "'=Tres" in exported
    book.customers(exported.replace("key,name", "code,legal_name"))
    assert shown(book.aging()["rows"], "key name") == {("C3", "=Tres")}


def test_a_row_that_is_rejected_again_bears_its_last_reason_only(book: Book):
    content = "number,customer,issue_date,total\nF1,NADIE,2026-03-01,7.00"
    skip(book, "documents", content)
    again = (book.folder / "rejected.csv").read_text(encoding="utf-8-sig").replace("7.00", "siete")
    _, grid = skip(book, "documents", again)
    assert [len(row) for row in grid] == [6, 6]
    assert "siete" in grid[1][5]


def test_a_column_called_motivo_that_is_data_is_kept(book: Book):
    _, grid = skip(book, "reversals", "Número,Fecha,Motivo\nP9,2026-03-01,error")
    assert grid[0] == ["Número", "Fecha", "Motivo", "Motivo"]
    assert grid[1][:3] == ["P9", "2026-03-01", "error"]


def test_a_row_with_too_many_cells_keeps_them_and_stays_bad(book: Book):
    skip(book, "documents", "number,customer,kind,issue_date,total\nF1,C1,invoice,2026-03-01,1,000.00")
    again = (book.folder / "rejected.csv").read_text(encoding="utf-8-sig")
    assert "1,000.00" in again
    assert book.refused("documents", again)
