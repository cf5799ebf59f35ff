"""What all kinds share: all or nothing, the summary, bad rows apart, the header, who may, two at once."""

import csv
import threading
from decimal import Decimal

import fastexcel
import pytest
from sqlalchemy import select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.auth.actor import system
from core.db import reading
from core.documents.models import Document
from core.importers.base import BadRows, Source, commit, prepare
from core.importers.kinds import NAMES, kind_of
from core.ledger.models import Entry

HEADER = "kind,number,customer,issue_date,total\n"
ONE = HEADER + "invoice,F1,C1,2026-03-01,100.00\n"


def prepared(text: str, kind: str = "documents"):
    return prepare(system(), kind_of(kind), Source("rows.csv", text.encode()))


def test_the_summary_counts_rows_and_adds_up_the_new_ones(book):
    answer = book("documents", ONE + "credit_note,N1,C1,2026-03-02,30.00\ninvoice,F1,C1,2026-03-01,100\n")
    assert answer.data == {
        "read": 3, "new": 2, "repeated": 1, "updated": 0, "rejected": 0, "warnings": [], "total": {"MXN": "130.00"},
    }  # fmt: skip


def test_one_bad_row_and_nothing_is_written(book, balances, events):
    before = events()
    answer = book("documents", ONE + "invoice,F2,C9,2026-03-01,x\n", name="docs.csv")
    assert (answer.code, answer.out) == (1, "")
    assert [line.split(": ")[0:2] for line in answer.reasons] == [["docs.csv:3", "total"]]
    assert (balances(), events()) == ({}, before)


def test_every_bad_cell_is_told_with_the_row_of_the_spreadsheet(book):
    answer = book("documents", "Cartera\n\n" + HEADER + "\nfactura,,C1,2026-13-01,abc\nfactura,F2,C7,2026-03-01,1\n")
    assert [line.split(": ")[0:2] for line in answer.reasons] == [
        ["rows.csv:5", "number"], ["rows.csv:5", "issue_date"], ["rows.csv:5", "total"], ["rows.csv:6", "customer"],
    ]  # fmt: skip


def test_a_dry_run_says_the_same_and_writes_nothing(book, balances, events):
    before = events()
    dry = book("documents", ONE, "--dry-run")
    assert (balances(), events()) == ({}, before)
    assert dry.data == book("documents", ONE).data
    assert book("documents", ONE + "invoice,F9,C9,2026-03-01,1\n", "--dry-run").code == 1


def test_bad_rows_are_put_apart_as_they_were_and_can_be_loaded_once_mended(book, tmp_path, balances):
    rows = HEADER + 'invoice,F1,C1,2026-03-01,100\n"=factura",F2,C9,2026-03-01,-7.00\ncredit_note,F3,C9,2026-03-01,-5\n'
    rejected = tmp_path / "rejected.csv"
    answer = book("documents", rows, "--skip-bad-rows", "--rejected", str(rejected))
    assert (answer.data["new"], answer.data["rejected"]) == (1, 2)
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == ["kind", "number", "customer", "issue_date", "total", "Motivo"]
    assert first[:5] == ["'=factura", "F2", "C9", "2026-03-01", "-7.00"]
    assert first[5].startswith("total: ")
    assert second[4] == "-5"
    mended = rejected.read_text(encoding="utf-8-sig").replace("C9", "C2").replace("factura", "nota de crédito")
    assert book("documents", mended).data["new"] == 2
    assert balances() == {"F1": Decimal(100), "F2": Decimal(-7), "F3": Decimal(-5)}


def test_bad_rows_go_into_a_workbook_too(book, tmp_path):
    rejected = tmp_path / "rejected.xlsx"
    assert (
        book("documents", ONE + "invoice,=1,C9,2026-03-01,7\n", "--skip-bad-rows", "--rejected", str(rejected)).code
        == 0
    )
    sheet = fastexcel.read_excel(str(rejected)).load_sheet(0, header_row=None, dtypes="string").to_arrow().to_pylist()
    assert list(sheet[1].values())[:3] == ["invoice", "=1", "C9"]


def test_a_rejected_file_that_cannot_be_written_stops_the_import(book, tmp_path, balances):
    answer = book("documents", ONE, "--skip-bad-rows", "--rejected", str(tmp_path / "no" / "there.csv"))
    assert (answer.code, balances()) == (1, {})


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    "arguments",
    [
        ("documents", "--skip-bad-rows"), ("documents", "--rejected", "x.csv"), ("orders",), ("facturas",),
        ("documents", "--skip-bad-rows", "--rejected", "x.txt"), ("documents", "--date-order", "ydm"),
        ("documents", "--rate", "0"), ("documents", "--rate", "17.1234567"), ("documents", "--rate", "x"),
        ("documents", "--format", "pdf"),
    ],
)  # fmt: skip
def test_wrong_usage(book, arguments, cli, put):
    kind, *options = arguments
    assert cli("import", kind, put("rows.csv", ONE), *options).code == 2


def test_a_file_that_is_not_there_a_layout_and_a_user_that_nobody_has(book, cli, put):
    assert cli("import", "documents", "/nowhere/rows.csv").code == 1
    assert book("documents", ONE, "--layout", "nadie").code == 1
    assert book("documents", ONE, "--as", "nadie").code == 1


@pytest.mark.parametrize("kind", NAMES)
def test_a_header_without_rows_is_zeros_and_no_header_is_refused(book, kind):
    header = ",".join(one.name for one in kind_of(kind).fields)
    answer = book(kind, header + "\n")
    assert answer.data == {
        "read": 0, "new": 0, "repeated": 0, "updated": 0, "rejected": 0, "warnings": [], "total": {},
    }  # fmt: skip
    assert book(kind, "1,2,3\n4,5,6\n").code == 1
    assert book(kind, "").code == 1


@pytest.mark.parametrize("kind", NAMES)
def test_each_field_has_one_meaning_and_canonical_names_win(kind):
    fields = kind_of(kind).fields
    canonical = [one.known_as[0] for one in fields]
    assert len(set(canonical)) == len(canonical)
    for one in fields:
        others = {name for other in fields if other is not one for name in other.known_as}
        assert not others & set(one.known_as), one.name


def test_a_column_that_is_missing_is_named(book):
    answer = book("documents", "kind,number,customer,issue_date\ninvoice,F1,C1,2026-03-01\n")
    assert answer.code == 1
    assert "total" in answer.err


def test_unknown_columns_are_ignored_and_named(book):
    answer = book("documents", "kind,number,customer,issue_date,total,Chofer,\ninvoice,F1,C1,2026-03-01,1,Juan,\n")
    assert answer.data["new"] == 1
    assert ["Chofer" in warning for warning in answer.data["warnings"]] == [True]


def test_spanish_headers_in_any_order_case_and_accent(book, balances):
    answer = book(
        "documents", "IMPORTE;fecha de emision;CLIENTE;Folio;Tipo\n$1,000.50;2026-03-01;C1;F1;Nota de Cargo\n"
    )
    assert answer.data["new"] == 1
    assert balances() == {"F1": Decimal("1000.50")}


def test_an_amount_cut_in_two_by_its_comma_is_a_bad_row(book):
    answer = book("documents", HEADER + "invoice,F1,C1,2026-03-01,1,234.56\n")
    assert answer.code == 1
    assert "rows.csv:2" in answer.err


def test_rows_that_are_short_are_read_with_blanks(book):
    answer = book("documents", "kind,number,customer,issue_date,total,notes,uuid\ninvoice,F1,C1,2026-03-01,5\n")
    assert answer.data["new"] == 1


def test_an_import_is_one_event_and_each_row_carries_it(book):
    assert book("documents", ONE).code == 0
    with reading() as session:
        event = session.scalars(select(AuditEvent).where(col(AuditEvent.action) == "import.documents")).one()
        documents = session.scalars(select(Document)).all()
    assert event.file_hash is not None
    assert len(event.file_hash) == 64
    assert (event.facts["new"], event.facts["total"]) == (1, {"MXN": "100.00"})
    assert {one.event_id for one in documents} == {event.id}


def test_a_file_that_changes_nothing_leaves_no_event(book, events):
    book("documents", ONE)
    before = events()
    assert book("documents", ONE).data["repeated"] == 1
    assert events() == before


def test_what_somebody_wrote_meanwhile_is_seen_before_anything_is_written(book, balances):
    mine = prepared(HEADER + "invoice,F1,C1,2026-03-01,100\ninvoice,F2,C1,2026-03-01,50\n")
    assert mine.counts()["new"] == 2
    book("documents", ONE)
    assert commit(mine)["new"] == 1
    theirs = prepared(HEADER + "invoice,F3,C1,2026-03-01,70\n")
    book("documents", HEADER + "invoice,F3,C1,2026-03-01,80\n")
    with pytest.raises(BadRows):
        commit(theirs)
    assert balances() == {"F1": Decimal(100), "F2": Decimal(50), "F3": Decimal(80)}


def test_confirming_twice_writes_once(book, balances):
    mine = prepared(ONE)
    assert commit(mine)["new"] == 1
    assert commit(mine)["repeated"] == 1
    assert balances() == {"F1": Decimal(100)}


def test_the_same_file_from_two_at_once_is_loaded_once(book, balances):
    rows = HEADER + "".join(f"invoice,F{n},C1,2026-03-01,{n}.00\n" for n in range(1, 200))
    files = [prepared(rows), prepared(rows)]
    summaries = []
    threads = [threading.Thread(target=lambda one=one: summaries.append(commit(one))) for one in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(summary["new"] for summary in summaries) == [0, 199]
    assert sum(balances().values()) == sum(range(1, 200))


def test_progress_is_told_as_rows_are_read_checked_and_written(book):
    rows = HEADER + "".join(f"invoice,F{n},C1,2026-03-01,1\n" for n in range(6_000))
    told: list[tuple[int, int]] = []
    mine = prepare(
        system(),
        kind_of("documents"),
        Source("a.csv", rows.encode()),
        progress=lambda done, of: told.append((done, of)),
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(0 <= done <= of for done, of in told)
    told.clear()
    commit(mine, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (5_000, 6_000)


COLLECTION = {"promises", "contacts", "disputes"}


@pytest.mark.parametrize(
    ("role", "may"),
    [("admin", {*NAMES}), ("cashier", {*NAMES} - COLLECTION), ("credit_analyst", {"customers"}),
     ("manager", {"reversals"}), ("collector", COLLECTION), ("sales_rep", set()), ("auditor", set()),
     ("commission_analyst", set())],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_each_role_imports_what_the_contract_says(book, user, role, may):
    user("ana", role)
    for kind in NAMES:
        header = ",".join(one.name for one in kind_of(kind).fields)
        assert book(kind, header + "\n", "--as", "ana").code == (0 if kind in may else 1)


def test_what_is_written_in_bulk_reads_back_as_the_same_values(book):
    header = "kind,number,customer,issue_date,total,currency,exchange_rate\n"
    book("documents", header + "invoice,F1,C1,2026-03-01,1234567.89,USD,17.5\n")
    with reading() as session:
        document = session.scalars(select(Document)).one()
        entry = session.scalars(select(Entry)).one()
    assert (document.total, document.exchange_rate) == (Decimal("1234567.89"), Decimal("17.5"))
    assert (entry.amount, entry.open, entry.booked_on, entry.source_id) == (
        document.total, document.total, document.issued_on, document.id,
    )  # fmt: skip
