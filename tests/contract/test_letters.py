"""Letters through the command line: levels, days between, what is left out, days and options."""

import pytest

from tests.contract.helpers import Book


def letters(book: Book, day: str, *options: str) -> set:
    answer = book.run("letters", "run", "--as-of", day, *options)
    assert answer.code == 0, answer.err
    return {(row["customer"], row["level"], row["overdue"], *row["documents"]) for row in answer.rows}


@pytest.fixture
def owing(book: Book) -> Book:
    """C1 owes F1 of 100.00, due 2026-03-01; the levels are 5, 20 and 40 days, 7 days apart."""
    book.documents("number,issue_date,total,due_date\nF1,2026-01-01,100.00,2026-03-01")
    return book


def test_each_level_comes_on_its_day_and_once(owing: Book):
    days = {"2026-03-05": None, "2026-03-06": 1, "2026-03-20": None, "2026-03-21": 2, "2026-04-09": None,
            "2026-04-10": 3, "2026-12-31": None}  # fmt: skip
    for day, level in days.items():
        assert letters(owing, day) == ({("C1", level, "100.00", "F1")} if level else set()), day


def test_a_late_start_goes_level_by_level_with_days_between(owing: Book):
    assert [len(letters(owing, day)) for day in ("2026-06-01", "2026-06-07", "2026-06-08", "2026-06-15")] == [
        1,
        0,
        1,
        1,
    ]


def test_the_same_day_again_and_days_before_give_nothing_new(owing: Book):
    owing.done("settings", "set", "letters.min_days_between", "0")
    assert len(letters(owing, "2026-04-20")) == 1
    assert letters(owing, "2026-04-20") == set()
    assert letters(owing, "2026-04-19") == set()
    assert len(letters(owing, "2026-04-21")) == 1


def test_a_dry_run_makes_nothing(owing: Book):
    assert letters(owing, "2026-03-06", "--dry-run") == letters(owing, "2026-03-06")
    assert letters(owing, "2026-03-06", "--dry-run") == set()


def test_before_the_due_date_when_the_lowest_level_says_so(owing: Book):
    owing.done("settings", "set", "letters.levels", "-3,10")
    assert letters(owing, "2026-02-25") == set()
    assert len(letters(owing, "2026-02-26")) == 1


def test_the_language_is_the_customers(owing: Book):
    owing.customers("code,legal_name,language\nC1,Uno,en")
    [row] = owing.run("letters", "run", "--as-of", "2026-03-06").rows
    assert row["language"] == "en"


def test_what_it_lists_is_in_company_currency_at_each_documents_rate(owing: Book):
    owing.documents(
        "number,issue_date,total,due_date,currency,exchange_rate\nF2,2026-01-01,10.55,2026-03-02,USD,17.333333"
    )
    assert {row[2] for row in letters(owing, "2026-03-07")} == {"282.87"}


def test_paid_and_reopened_a_document_keeps_its_level(owing: Book):
    letters(owing, "2026-03-06")
    owing.payments("number,date,amount,applies_to\nP1,2026-03-10,100.00,F1")
    assert letters(owing, "2026-03-21") == set()
    owing.put("reversals", "number,date,reason\nP1,2026-03-22,returned")
    assert {row[1] for row in letters(owing, "2026-03-22")} == {2}


def test_disputed_money_is_left_out(owing: Book):
    owing.documents("number,issue_date,total,due_date\nF2,2026-01-01,50.00,2026-03-02")
    disputes = "number,customer,document,amount,opened_on,reason,closed_on\n{}"
    owing.put("disputes", disputes.format("D1,C1,F1,100.00,2026-03-01,price,2026-03-20"))
    assert {row[2] for row in letters(owing, "2026-03-08")} == {"50.00"}
    assert {(row[1], row[2]) for row in letters(owing, "2026-03-21")} == {(1, "150.00")}


def test_a_letter_lists_all_that_is_overdue_by_due_date_then_number(owing: Book):
    owing.documents("number,issue_date,total,due_date\nF3,2026-01-01,3.00,2026-03-05\nF2,2026-01-01,2.00,2026-03-05")
    owing.documents("number,issue_date,total,due_date\nF0,2026-01-01,1.00,2026-03-06")
    assert letters(owing, "2026-03-06") == {("C1", 1, "105.00", "F1", "F2", "F3")}


def test_nobody_owes_nothing_is_written(book: Book):
    assert letters(book, "2026-03-06") == set()


@pytest.mark.parametrize("argv", [(), ("--as-of", "06/03/2026"), ("--as-of", "2026-02-30"), ("--day", "2026-03-06")])
def test_wrong_usage_is_told_with_exit_2(owing: Book, argv):
    answer = owing.run("letters", "run", *argv)
    assert (answer.code, answer.out) == (2, "")


@pytest.mark.parametrize(("role", "code"), [("collector", 0), ("admin", 0), ("cashier", 1), ("sales_rep", 1)])
def test_who_may_run_letters(owing: Book, user, role, code):
    user("carla", role)
    owing.customers("code,legal_name,collector\nC1,Uno,carla")
    answer = owing.run("letters", "run", "--as-of", "2026-03-06", "--as", "carla")
    assert (answer.code, bool(answer.out)) == (code, code == 0)


def test_a_collector_runs_those_of_own_customers(owing: Book, user):
    user("carla", "collector")
    owing.documents("number,customer,issue_date,total,due_date\nF2,C2,2026-01-01,70.00,2026-03-01")
    owing.customers("code,legal_name,collector\nC2,Dos,carla")
    assert {row[0] for row in letters(owing, "2026-03-06", "--as", "carla")} == {"C2"}
    assert {row[0] for row in letters(owing, "2026-03-06")} == {"C1"}


def test_every_write_of_a_run_is_in_the_log(owing: Book):
    letters(owing, "2026-03-06")
    [event] = [row for row in owing.run("audit", "list").rows if row["action"] == "letters.run"]
    assert event["user"] == "system"


def test_the_outbox_is_listed_and_without_a_server_sending_is_refused(owing: Book):
    owing.customers("code,legal_name,email\nC1,Uno,pagos@c1.mx")
    letters(owing, "2026-03-06")
    rows = owing.run("outbox", "list", "--format", "json").data["rows"]
    assert [(row["to"], row["status"]) for row in rows] == [("pagos@c1.mx", "queued")]
    answer = owing.run("outbox", "send")
    assert (answer.code, answer.out) == (1, "")
    assert "SMTP_URL" in answer.err
