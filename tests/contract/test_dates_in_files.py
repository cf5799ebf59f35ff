"""Dates as files write them: one order for the file, proved, told or asked for."""

from datetime import date, datetime

import pytest

from tests.contract.helpers import Book, a_workbook, bad_rows

pytestmark = pytest.mark.backend("sqlite")

LATE = "2026-12-31"


def issued(book: Book) -> dict[str, str]:
    """Number to issue date of everything open."""
    return {number: row["issue_date"] for number, row in book.items(LATE).items()}


def documents(*dates: str, due: str = "2026-12-01") -> str:
    rows = [f"F{n},{day},10.00,{due}" for n, day in enumerate(dates, 1)]
    return "\n".join(["number,issue_date,total,due_date", *rows])


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-13", "13/03/2026", "13-03-2026", "13.03.2026", "03/13/2026", "3/13/2026", "03-13-2026", "3.13.2026",
        " 2026-03-13 ", "2026-03-13 00:00:00", "2026-03-13T00:00:00", "2026-03-13 00:00", "13/03/2026 00:00:00",
        "13/3/2026 0:00", "3/13/2026 0:00:00",
    ],
)  # fmt: skip
def test_one_day_in_every_way_that_is_read(book: Book, written: str):
    book.documents(documents(written))
    assert issued(book) == {"F1": "2026-03-13"}


@pytest.mark.parametrize("written", ["2026-5-5", "05/05/2026", "5/5/2026", "5-5-2026", "5.5.2026"][1:])
def test_a_day_equal_to_its_month_needs_no_proof(book: Book, written: str):
    book.documents(documents(written))
    assert issued(book) == {"F1": "2026-05-05"}


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30", "31/04/2026", "29/02/2023", "13/13/2026", "00/03/2026", "13/03/26", "13/3/6", "ayer", "2026-03",
        "13 de marzo", "2026-03-13x", "1/13", "12345678901234567890", "0000-01-01", "32/01/2026", "---",
    ],
)  # fmt: skip
def test_what_is_no_date_is_a_bad_row(book: Book, written: str):
    assert bad_rows(book.refused("documents", documents(written))) == [(2, "issue_date")]


def test_a_blank_date_that_is_required_is_a_bad_row(book: Book):
    assert bad_rows(book.refused("documents", documents("2026-03-01", ""))) == [(3, "issue_date")]


@pytest.mark.parametrize(
    ("proof", "read"),
    [("13/04/2026", "2026-04-03"), ("04/13/2026", "2026-03-04"), ("13.04.2026", "2026-04-03")],
)
def test_one_value_proves_the_order_of_the_whole_file(book: Book, proof: str, read: str):
    book.documents(documents("03/04/2026", proof))
    assert issued(book)["F1"] == read


def test_any_date_column_proves_it(book: Book):
    book.documents(documents("03/04/2026", due="25/12/2026"))
    assert issued(book) == {"F1": "2026-04-03"}


def test_an_iso_date_proves_nothing(book: Book):
    reasons = book.refused("documents", documents("2026-03-25", "03/04/2026"))
    assert any("--date-order" in line for line in reasons)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("payments", "number,date,amount\nP1,03/04/2026,10.00"),
        ("applications", "source,document,amount,date\nP0,F0,1.00,03/04/2026"),
        ("reversals", "number,date,reason\nP0,03/04/2026,error"),
        ("exchange_rates", "date,currency,rate\n03/04/2026,USD,17"),
    ],
)
def test_every_kind_asks_for_the_order_that_no_value_proves(book: Book, kind: str, content: str):
    book.documents("number,issue_date,total\nF0,2026-01-01,10.00")
    book.payments("number,date,amount\nP0,2026-01-01,10.00")
    assert any("--date-order" in line for line in book.refused(kind, content))
    assert book.put(kind, content, "--date-order", "mdy")["new"] == 1


@pytest.mark.parametrize(("order", "read"), [("dmy", "2026-04-03"), ("mdy", "2026-03-04")])
def test_the_option_decides(book: Book, order: str, read: str):
    book.documents(documents("03/04/2026"), "--date-order", order)
    assert issued(book) == {"F1": read}


@pytest.mark.parametrize("written", ["2026/04/03", "2026-04-03", "2026.4.3"])
def test_the_option_can_say_year_first(book: Book, written: str):
    book.documents(documents(written), "--date-order", "ymd")
    assert issued(book) == {"F1": "2026-04-03"}


@pytest.mark.parametrize(("order", "wrong"), [("dmy", "03/25/2026"), ("mdy", "25/03/2026")])
def test_with_the_option_a_value_of_the_other_order_is_a_bad_row(book: Book, order: str, wrong: str):
    reasons = book.refused("documents", documents("01/02/2026", wrong), "--date-order", order)
    assert bad_rows(reasons) == [(3, "issue_date")]


def test_the_option_wins_over_the_proof_of_the_file(book: Book):
    content = documents("03/04/2026", "25/03/2026")
    rejected = book.folder / "bad.csv"
    book.documents(content, "--date-order", "mdy", "--skip-bad-rows", "--rejected", str(rejected))
    assert issued(book) == {"F1": "2026-03-04"}


@pytest.mark.parametrize(
    ("dates", "bad"),
    [
        (("13/03/2026", "14/03/2026", "03/25/2026"), 4), (("03/13/2026", "25/03/2026", "03/14/2026"), 3),
        (("13/03/2026", "03/25/2026"), 3), (("03/25/2026", "13/03/2026"), 2),
    ],
)  # fmt: skip
def test_proofs_that_contradict_make_the_fewer_rows_bad_and_else_the_month_first_ones(
    book: Book, dates: tuple[str, ...], bad: int
):
    assert bad_rows(book.refused("documents", documents(*dates))) == [(bad, "issue_date")]


def test_the_order_that_won_reads_the_ambiguous_values(book: Book):
    rejected = str(book.folder / "bad.csv")
    content = documents("13/03/2026", "03/25/2026", "04/05/2026")
    summary = book.documents(content, "--skip-bad-rows", "--rejected", rejected)
    assert (summary["new"], summary["rejected"]) == (2, 1)
    assert issued(book) == {"F1": "2026-03-13", "F3": "2026-05-04"}


def test_proofs_are_counted_in_rows_over_all_date_columns(book: Book):
    # One row holds two month-first proofs, two rows hold one day-first each: the fewer rows are the month-first one.
    content = "number,issue_date,total,due_date\nF1,03/13/2026,1.00,03/25/2026\n"
    content += "F2,13/03/2026,1.00,01/12/2026\nF3,14/03/2026,1.00,01/12/2026"
    assert {row for row, _ in bad_rows(book.refused("documents", content))} == {2}


def test_excel_dates_are_dates_whatever_their_format(book: Book):
    grid = [
        ["kind", "number", "customer", "issue_date", "total", "due_date"],
        ["invoice", "F1", "C1", date(2026, 3, 4), 10, date(2026, 12, 1)],
        ["invoice", "F2", "C1", datetime(2026, 4, 5, 0, 0), 10, date(2026, 12, 1)],
        ["invoice", "F3", "C1", "2026-05-06", 10, "2026-12-01"],
    ]  # fmt: skip
    for name, style in (("a.xlsx", "dd/mm/yyyy"), ("b.xlsx", "mmm d, yy")):
        path = a_workbook(book.folder / name, grid, style)
        book.put("documents", path)
    assert issued(book) == {"F1": "2026-03-04", "F2": "2026-04-05", "F3": "2026-05-06"}


def test_text_dates_in_excel_ask_for_their_order_too(book: Book):
    grid = [["kind", "number", "customer", "issue_date", "total"], ["invoice", "F1", "C1", "03/04/2026", 10]]
    path = a_workbook(book.folder / "a.xlsx", grid)
    assert any("--date-order" in line for line in book.refused("documents", path))


def test_a_number_is_no_date_in_a_csv(book: Book):
    assert bad_rows(book.refused("documents", documents("46082"))) == [(2, "issue_date")]


def test_instalments_may_use_the_order_of_the_file(book: Book):
    book.documents("number,issue_date,total,instalments\nF1,2026-03-01,80.00,2026-04-30:30.00;2026-05-30:50.00")
    assert {row["due_date"] for row in book.items(LATE).values()} == {"2026-04-30", "2026-05-30"}


def test_skipping_bad_rows_does_not_guess_the_order(book: Book):
    rejected = str(book.folder / "bad.csv")
    reasons = book.refused("documents", documents("03/04/2026"), "--skip-bad-rows", "--rejected", rejected)
    assert any("--date-order" in line for line in reasons)
