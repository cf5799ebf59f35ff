"""Exit codes, stdout and stderr, formats, settings, log, backup: the manners of every command."""

import csv
import io
import json

import pytest

from core import db
from core.config import config
from tests.contract.helpers import DAY, Book, cells_of, pick

pytestmark = pytest.mark.backend("sqlite")

WRONG_USAGE = [
    "", "frobnicate", "aging", "aging --as-of 2026-13-01", "aging --as-of 31/03/2026", "aging --as-of hoy",
    "aging --as-of 2026-02-30", "aging --as-of 2026-03-31 --by planet", "aging --as-of 2026-03-31 --basis paid_date",
    "aging --as-of 2026-03-31 --buckets 30,20", "aging --as-of 2026-03-31 --buckets 30,30",
    "aging --as-of 2026-03-31 --buckets a,b", "aging --as-of 2026-03-31 --buckets 0,30",
    "aging --as-of 2026-03-31 --buckets -5,30", "aging --as-of 2026-03-31 --format yaml",
    "aging --as-of 2026-03-31 --format pdf --out x.pdf", "aging --as-of 2026-03-31 --nonsense",
    "aging --as-of 2026-03-31 extra",
    "aging --as-of 2026-03-31 --today ayer", "statement", "statement C1 --from 2026-02-30",
    "statement C1 --from 2026-03-02 --to 2026-03-01", "statement C1 --language fr", "kpis --from 2026-04 --to 2026-03",
    "kpis --from 2026-03 --to 2026-03 --format pdf --out x.pdf", "import", "import documents", "import planets x.csv",
    "import documents x.csv --date-order xyz", "import documents x.csv --rate abc",
    "import documents x.csv --skip-bad-rows",
    "payments", "payments frob", "payments identify P1", "close", "close 2026-13", "reopen 2026-01", "settings",
    "settings get nonsense", "settings set nonsense 1", "settings set aging.buckets 30,20",
    "settings set aging.buckets x",
    "users", "users add ana", "users add ana --role king", "layouts", "layouts frob", "layouts save mine",
    "db", "db frob", "db backup", "audit", "audit list --from ayer", "audit list --from 2026-03-02 --to 2026-03-01",
    "demo --documents -1", "demo --documents 10000001", "demo --documents muchos", "--as", "--format",
]  # fmt: skip


@pytest.mark.parametrize("line", WRONG_USAGE)
def test_what_the_arguments_alone_show_is_wrong_usage(book: Book, line: str):
    answer = book.run(*line.split())
    assert (answer.code, answer.out) == (2, ""), answer
    assert answer.err.strip()


REFUSED = [
    "statement NADIE", "aging --as-of 2026-03-31 --as nadie", "import documents missing.csv",
    "layouts show nobody", "layouts save mine missing.json", "payments identify P9 --customer C1",
    "reopen 2026-01 --reason x", "users disable nadie", "users reset nadie", "close 2999-01",
    "db restore missing.backup",
    "demo",
]  # fmt: skip


@pytest.mark.parametrize("line", REFUSED)
def test_what_needs_the_file_or_the_database_is_refused_with_a_reason(book: Book, line: str):
    answer = book.run(*line.split())
    assert (answer.code, answer.out) == (1, ""), answer
    assert len(answer.reasons) == 1


def test_a_number_for_settings_is_told_before_the_database_is_asked(book: Book):
    book.fails(2, "settings", "set", "credit.max_overdue_days", "muchos")


def test_reasons_come_one_a_line_even_when_a_cell_holds_several(book: Book):
    content = b'kind,number,customer,issue_date,total\ninvoice,F1,"NADIE\nDE\nAQUI",2026-03-01,10.00\n'
    assert len(book.refused("documents", content)) == 1


# ------------------------------------------------------------------ common options
@pytest.fixture
def one(book: Book) -> Book:
    book.documents("number,issue_date,total,due_date\nF1,2026-01-10,1234.50,2026-02-09\nF2,2026-01-10,10.00,2026-04-30")
    return book


def test_common_options_come_before_or_after_the_command(one: Book, user):
    user("ana", "admin")
    after = one.done("aging", "--as-of", DAY, "--as", "ana", "--format", "json").out
    before = one.done("--as", "ana", "--format", "json", "aging", "--as-of", DAY).out
    assert before == after
    assert one.done("--today", "2026-01-10", "statement", "C1", "--format", "json").data["to"] == "2026-01-10"


def test_the_default_format_is_a_table(one: Book):
    out = one.done("aging", "--as-of", DAY, "--format", "table").out
    assert "Cliente Uno" in out
    assert not out.lstrip().startswith("{")


def test_csv_has_a_header_and_plain_amounts(one: Book):
    rows = list(csv.reader(io.StringIO(one.done("aging", "--as-of", DAY, "--format", "csv").out.lstrip("\ufeff"))))
    assert any("1244.50" in row for row in rows)
    assert any("C1" in row for row in rows)


def test_an_answer_may_go_to_a_file(one: Book):
    out = one.folder / "aging.json"
    answer = one.done("aging", "--as-of", DAY, "--out", out)
    assert answer.out == ""
    assert json.loads(out.read_text(encoding="utf-8")) == one.aging()


def test_excel_has_real_numbers_and_dates(one: Book):
    out = one.folder / "aging.xlsx"
    one.done("aging", "--as-of", DAY, "--by", "document", "--format", "xlsx", "--out", out)
    cells = [cell.value for cell in cells_of(out)]
    assert 1234.5 in cells
    assert any(getattr(value, "year", None) == 2026 for value in cells)
    assert "F1" in cells


def test_a_refused_command_leaves_no_file(one: Book):
    out = one.folder / "out.json"
    one.fails(1, "statement", "NADIE", "--out", out)
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_refused(one: Book):
    one.fails(1, "aging", "--as-of", DAY, "--out", one.folder / "missing" / "out.json")


def test_the_business_day_comes_from_the_environment_and_the_option_wins(one: Book, business_day):
    business_day("2026-02-01")
    assert one.statement("C1")["to"] == "2026-02-01"
    assert one.statement("C1", "--today", "2026-02-02")["to"] == "2026-02-02"


# ------------------------------------------------------------------ settings
DEFAULTS = {
    "company.currency": "MXN", "aging.buckets": "30,60,90,120", "approval.credit_note": "",
    "writeoff.tolerance": "0.00",
    "promises.tolerance_days": "0", "promises.default_days": "7", "credit.max_overdue_days": "30",
    "credit.min_overdue_amount": "0.00", "credit.broken_promises": "2", "credit.returned_cheque_days": "90",
    "credit.cheque_clearing_days": "0", "credit.watch_pct": "80", "credit.auto_release": "false",
    "credit.release_grace_days": "1", "commissions.cheque_safety_days": "0", "letters.levels": "5,20,40",
    "letters.min_days_between": "7",
}  # fmt: skip


def test_every_setting_of_the_contract_has_its_default(book: Book):
    rows = {row["key"]: row["value"] for row in book.done("settings", "list").rows}
    assert {key: rows[key] for key in DEFAULTS} == DEFAULTS
    assert {"company.name", "company.letterhead"} <= set(rows)


def test_a_setting_is_set_read_and_logged(book: Book):
    before = len(book.events())
    book.done("settings", "set", "company.name", "Distribuidora Ñandú")
    assert "Distribuidora Ñandú" in book.done("settings", "get", "company.name").out
    assert len(book.events()) == before + 1


def test_the_companys_currency_is_fixed_once_a_document_exists(book: Book):
    book.done("settings", "set", "company.currency", "USD")
    book.done("settings", "set", "company.currency", "MXN")
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    book.fails(1, "settings", "set", "company.currency", "USD")


# ------------------------------------------------------------------ log
def test_each_write_is_one_event(book: Book, user):
    user("ana", "admin")
    count = len(book.events())
    writes = [
        ("import", "documents", book.path("kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,1.00")),
        ("import", "payments", book.path("number,date,amount,customer\nP1,2026-03-01,1.00,")),
        ("payments", "identify", "P1", "--customer", "C1"),
        ("settings", "set", "promises.default_days", "5"),
        ("close", "2026-01", "--today", "2026-03-31", "--as", "ana"),
        ("reopen", "2026-01", "--reason", "x"),
        ("users", "add", "beto", "--role", "auditor"),
        ("users", "disable", "beto"),
    ]  # fmt: skip
    for argv in writes:
        book.done(*argv)
        count += 1
        assert len(book.events()) == count, argv


def test_the_log_is_filtered_by_user_and_day(book: Book, user):
    user("ana", "admin")
    book.done("settings", "set", "promises.default_days", "5", "--as", "ana")
    book.done("settings", "set", "promises.default_days", "6")
    [mine] = book.events("--user", "ana")
    assert "ana" in json.dumps(mine)
    assert book.events("--user", "nadie") == []
    assert book.events("--from", "2999-01-01") == []
    assert book.events("--to", "1999-01-01") == []
    assert len(book.events()) > 1


def test_the_log_of_a_customer_has_what_was_done_to_him_only(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-01,1.00,")
    before = [event["id"] for event in book.events("--customer", "C2")]
    book.done("payments", "identify", "P1", "--customer", "C1")
    assert any("identif" in json.dumps(event) for event in book.events("--customer", "C1"))
    assert [event["id"] for event in book.events("--customer", "C2")] == before
    assert book.events("--customer", "NADIE") == []


def test_the_log_names_the_operating_systems_user_and_the_way(book: Book, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "operadora")
    book.done("settings", "set", "promises.default_days", "5")
    told = json.dumps(book.events()[0]) + json.dumps(book.events()[-1])
    assert "cli" in told
    assert "operadora" in told


# ------------------------------------------------------------------ the database
def test_a_new_database_is_in_order(book: Book):
    assert book.run("db", "check").code == 0


def test_upgrading_twice_does_nothing(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,1.00")
    book.done("db", "upgrade")
    assert book.open() == {"F1": "1.00"}


def test_a_backup_is_restored_into_a_database_without_tables(one: Book, database):
    copy = one.folder / "copy.backup"
    one.done("db", "backup", copy)
    before = one.aging()
    one.fails(1, "db", "restore", copy)
    db.use(database.bare())
    one.done("db", "restore", copy)
    assert one.aging() == before
    assert one.run("db", "check").code == 0


def test_a_backup_is_restored_into_a_database_with_no_user_and_no_customer(one: Book, database):
    copy = one.folder / "copy.backup"
    one.done("db", "backup", copy)
    before = one.aging()
    database.empty()
    assert one.aging()["rows"] == []
    one.done("db", "restore", copy)
    assert one.aging() == before


def test_what_is_no_backup_is_refused_and_leaves_the_database(one: Book, database):
    database.empty()
    one.fails(1, "db", "restore", one.path("no es un respaldo", "bad.backup"))
    assert one.aging()["rows"] == []


# ------------------------------------------------------------------ the demo company
def demo(book: Book, database, *options: str) -> list:
    database.empty()
    book.done("demo", "--documents", "60", *options)
    return [book.aging("2026-03-31"), book.kpis("2025-10", "2026-03")]


def test_the_demo_is_the_same_for_the_same_seed_and_passes_the_check(empty_book: Book, database):
    first = demo(empty_book, database, "--seed", "3")
    assert first[0]["rows"]
    assert empty_book.run("db", "check").code == 0
    assert demo(empty_book, database, "--seed", "3") == first
    assert demo(empty_book, database, "--seed", "4") != first


def test_the_demo_is_anchored_to_today(empty_book: Book, database):
    database.empty()
    empty_book.done("demo", "--documents", "60", "--today", "2024-06-30")
    data = empty_book.aging("2024-06-30", "--by", "document")
    assert data["rows"]
    assert max(row["issue_date"] for row in data["rows"]) <= "2024-06-30"
    config.cache_clear()


def test_amounts_rates_and_counts_in_json_have_their_types(one: Book):
    row = one.items()["F1"]
    assert pick(row, "total days instalment") == {"total": "1234.50", "days": 50, "instalment": 1}


def test_negative_amounts_in_csv_are_numbers_not_text(book: Book):
    book.payments("number,date,amount\nP1,2026-03-01,10.00")
    rows = list(csv.reader(io.StringIO(book.done("aging", "--as-of", DAY, "--format", "csv").out.lstrip("\ufeff"))))
    assert any("-10.00" in row for row in rows)
