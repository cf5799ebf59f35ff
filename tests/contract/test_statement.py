"""Statement of account: lines that move the balance, opening and closing, one currency."""

import pytest

from tests.contract.helpers import DAY, Book, pick

NONE = "0.00"


@pytest.fixture
def moved(book: Book) -> Book:
    """Charges, credits and reversals of January to March."""
    book.documents("""
        kind,number,issue_date,total
        invoice,F1,2026-01-10,100.00
        debit_note,D1,2026-02-05,20.00
        credit_note,N1,2026-02-05,30.00
        invoice,F2,2026-03-01,50.00
    """)
    book.payments("number,date,amount,applies_to\nP1,2026-02-10,60.00,F1\nP2,2026-03-01,25.00,")
    book.reversals("number,date,reason\nP1,2026-03-15,returned\nF2,2026-03-20,cancelled")
    return book


def test_lines_are_what_moves_the_balance(moved: Book):
    assert moved.lines("--to", DAY) == [
        ("2026-01-10", "invoice", "F1", "100.00", NONE), ("2026-02-05", "debit_note", "D1", "20.00", NONE),
        ("2026-02-05", "credit_note", "N1", NONE, "30.00"), ("2026-02-10", "payment", "P1", NONE, "60.00"),
        ("2026-03-01", "invoice", "F2", "50.00", NONE), ("2026-03-01", "payment", "P2", NONE, "25.00"),
        ("2026-03-15", "reversal", "P1", "60.00", NONE), ("2026-03-20", "reversal", "F2", NONE, "50.00"),
    ]  # fmt: skip


def test_the_balance_runs_from_opening_to_closing(moved: Book):
    sheet = moved.statement("C1", "--from", "2026-02-01", "--to", DAY)
    assert sheet["opening"] == "100.00"
    assert [line["balance"] for line in sheet["lines"]] == [
        "120.00",
        "90.00",
        "30.00",
        "80.00",
        "55.00",
        "115.00",
        "65.00",
    ]
    assert sheet["closing"] == "65.00"


def test_the_shape_of_the_contract(moved: Book):
    sheet = moved.statement("C1", "--from", "2026-02-01", "--to", DAY)
    assert pick(sheet, "customer currency from to") == {
        "customer": "C1", "currency": "MXN", "from": "2026-02-01", "to": DAY
    }  # fmt: skip
    assert set(sheet) >= {"opening", "lines", "closing", "aging"}
    assert set(sheet["lines"][0]) >= {"date", "kind", "document", "reference", "charge", "credit", "balance"}


@pytest.mark.parametrize(
    "day", ["2026-01-09", "2026-01-10", "2026-02-04", "2026-02-05", "2026-03-14", "2026-03-15", DAY]
)
def test_the_closing_is_the_agings_total_and_the_next_days_opening(moved: Book, day: str):
    sheet = moved.statement("C1", "--to", day)
    assert sheet["closing"] == moved.totals(day).get("MXN", NONE)
    assert sheet["aging"]["total"] == sheet["closing"]
    following = moved.statement(
        "C1", "--from", f"{day[:-2]}{int(day[-2:]) + 1:02}" if day != DAY else "2026-04-01", "--to", "2026-12-31"
    )
    assert following["opening"] == sheet["closing"]


def test_without_from_it_begins_with_nothing(moved: Book):
    sheet = moved.statement("C1", "--to", DAY)
    assert (sheet["opening"], len(sheet["lines"])) == (NONE, 8)


def test_without_to_it_ends_today(moved: Book):
    sheet = moved.statement("C1", "--today", "2026-02-07")
    assert (sheet["to"], sheet["closing"]) == ("2026-02-07", "90.00")


def test_both_ends_are_included(moved: Book):
    lines = moved.lines("--from", "2026-02-05", "--to", "2026-02-10")
    assert [line[2] for line in lines] == ["D1", "N1", "P1"]


def test_a_period_without_movements(moved: Book):
    sheet = moved.statement("C1", "--from", "2026-01-11", "--to", "2026-01-31")
    assert (sheet["opening"], sheet["lines"], sheet["closing"]) == ("100.00", [], "100.00")


def test_within_a_day_charges_come_first_then_by_number(book: Book):
    book.payments("number,date,amount\nA1,2026-03-01,1.00\nZ1,2026-03-01,1.00")
    book.documents("""
        kind,number,issue_date,total
        invoice,F9,2026-03-01,5.00
        credit_note,B1,2026-03-01,1.00
        debit_note,C1,2026-03-01,5.00
        invoice,F10,2026-03-01,5.00
    """)
    book.reversals("number,date,reason\nA1,2026-03-01,error")
    lines = book.lines("--to", DAY)
    assert [line[2] for line in lines[:4]] == ["A1", "C1", "F10", "F9"]
    assert [line[2] for line in lines[4:]] == ["A1", "B1", "Z1"]


def test_applications_and_their_undoing_move_nothing(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount\nP1,2026-03-02,100.00")
    before = book.lines("--to", DAY)
    book.applications("source,document,amount,date\nP1,F1,100.00,2026-03-05")
    book.reversals("number,date,reason,document\nP1,2026-03-10,error,F1")
    assert book.lines("--to", DAY) == before


def test_instalments_are_one_line(book: Book):
    book.documents("number,issue_date,total,instalments\nF1,2026-03-01,80.00,2026-04-30:30.00;2026-05-30:50.00")
    assert book.lines("--to", DAY) == [("2026-03-01", "invoice", "F1", "80.00", NONE)]


def test_a_document_of_zero_does_no_harm(book: Book):
    book.documents("number,issue_date,total\nF0,2026-03-01,0.00\nF1,2026-03-01,10.00")
    assert book.statement("C1", "--to", DAY)["closing"] == "10.00"


def test_the_aging_is_the_customers_row_at_the_end(moved: Book):
    aging = moved.statement("C1", "--to", "2026-03-10")["aging"]
    row = moved.row("2026-03-10")
    assert {
        name: aging[name] for name in ("current", "1-30", "31-60", "unapplied", "total", "overdue", "currency")
    } == {name: row[name] for name in ("current", "1-30", "31-60", "unapplied", "total", "overdue", "currency")}


def test_the_aging_is_zeros_where_there_is_no_row(book: Book):
    sheet = book.statement("C2", "--to", DAY)
    assert (sheet["opening"], sheet["lines"], sheet["closing"]) == (NONE, [], NONE)
    assert pick(sheet["aging"], "current 121+ unapplied total overdue currency") == {
        "current": NONE, "121+": NONE, "unapplied": NONE, "total": NONE, "overdue": NONE, "currency": "MXN"
    }  # fmt: skip


# ------------------------------------------------------------------ currencies
@pytest.fixture
def foreign(empty_book: Book) -> Book:
    empty_book.customers("code,legal_name,currency\nC1,Uno,USD")
    empty_book.documents(
        "number,issue_date,total,currency,exchange_rate\nU1,2026-01-10,50.00,USD,17\nM1,2026-01-11,7.00,MXN,"
    )
    return empty_book


def test_without_currency_it_is_the_customers(foreign: Book):
    sheet = foreign.statement("C1", "--to", DAY)
    assert (sheet["currency"], sheet["closing"], len(sheet["lines"])) == ("USD", "50.00", 1)
    assert pick(sheet["aging"], "currency total") == {"currency": "USD", "total": "50.00"}


@pytest.mark.parametrize(("currency", "closing"), [("MXN", "7.00"), ("USD", "50.00"), ("EUR", NONE)])
def test_another_currency_may_be_asked_for(foreign: Book, currency: str, closing: str):
    sheet = foreign.statement("C1", "--to", DAY, "--currency", currency)
    assert (sheet["currency"], sheet["closing"], sheet["aging"]["total"]) == (currency, closing, closing)


def test_a_customer_without_currency_has_the_companys(book: Book):
    assert book.statement("C1")["currency"] == "MXN"


# ------------------------------------------------------------------ money of nobody
def test_an_identified_payment_is_on_it_from_its_identification(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-02-10,60.00,")
    assert book.lines("--to", DAY) == []
    book.done("payments", "identify", "P1", "--customer", "C1", "--on", "2026-03-10")
    assert book.lines("--to", "2026-03-09") == []
    assert book.lines("--to", DAY) == [("2026-03-10", "payment", "P1", NONE, "60.00")]


# ------------------------------------------------------------------ refusals and formats
def test_an_unknown_customer_is_refused(book: Book):
    book.fails(1, "statement", "NADIE")


def test_from_after_to_is_wrong_usage(book: Book):
    book.fails(2, "statement", "C1", "--from", "2026-03-02", "--to", "2026-03-01")


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_comes_as_pdf_in_two_languages(moved: Book, language: str):
    out = moved.folder / "statement.pdf"
    answer = moved.done("statement", "C1", "--to", DAY, "--language", language, "--format", "pdf", "--out", out)
    assert answer.out == ""
    assert out.read_bytes().startswith(b"%PDF")


def test_another_language_is_wrong_usage(moved: Book):
    moved.fails(2, "statement", "C1", "--language", "fr")


@pytest.mark.parametrize("style", ["table", "csv"])
def test_it_comes_as_text(moved: Book, style: str):
    out = moved.done("statement", "C1", "--to", DAY, "--format", style).out
    assert "F1" in out
    assert "60.00" in out
