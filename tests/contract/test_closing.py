"""Closed months: nothing may be dated there; opened again by somebody else, with a reason."""

import pytest

from tests.contract.helpers import Book, bad_rows

LATER = ("--today", "2026-04-10")


@pytest.fixture
def closed(book: Book) -> Book:
    """January and February are closed; F1 and P1 of January, F2 of March."""
    book.documents("number,issue_date,total\nF1,2026-01-10,100.00\nF2,2026-03-10,100.00")
    book.payments("number,date,amount\nP1,2026-01-20,80.00")
    book.done("close", "2026-02", *LATER)
    return book


DATED = {
    "invoice": ("documents", "number,issue_date,total\nX1,{},10.00", "issue_date"),
    "credit note": ("documents", "kind,number,issue_date,total\ncredit_note,X1,{},10.00", "issue_date"),
    "payment": ("payments", "number,date,amount\nX1,{},10.00", "date"),
    "unidentified": ("payments", "number,date,amount,customer\nX1,{},10.00,", "date"),
    "application": ("applications", "source,document,amount,date\nP1,F1,10.00,{}", "date"),
    "reversal": ("reversals", "number,date,reason\nP1,{},error", "date"),
}


@pytest.mark.parametrize("what", DATED)
@pytest.mark.parametrize(("day", "fine"), [("2026-01-31", False), ("2026-02-28", False), ("2026-03-01", True)])
def test_nothing_is_dated_in_a_closed_month(closed: Book, what: str, day: str, fine: bool):
    kind, content, column = DATED[what]
    if fine:
        assert closed.put(kind, content.format(day))["new"] == 1
    else:
        assert bad_rows(closed.refused(kind, content.format(day))) == [(2, column)]


def test_months_before_the_closed_one_are_closed_too(closed: Book):
    closed.refused("documents", "number,issue_date,total\nX1,2020-06-01,10.00")


def test_an_application_whose_own_date_would_be_closed_is_refused(closed: Book):
    closed.refused("applications", "source,document,amount\nP1,F1,10.00")
    assert closed.applications("source,document,amount\nP1,F2,10.00")["new"] == 1


def test_old_money_is_applied_on_a_later_day(closed: Book):
    closed.applications("source,document,amount,date\nP1,F1,80.00,2026-03-05")
    assert closed.open("2026-02-28") == {"F1": "100.00", "P1": "-80.00"}
    assert closed.open("2026-03-05") == {"F1": "20.00"}


def test_applies_to_of_an_open_payment_closes_an_old_document(closed: Book):
    closed.payments("number,date,amount,applies_to\nP2,2026-03-05,100.00,F1")
    assert closed.open("2026-03-31") == {"F2": "100.00", "P1": "-80.00"}


def test_due_dates_and_presentations_may_lie_in_a_closed_month(closed: Book):
    rows = "number,issue_date,total,due_date,presented_date\nX1,2026-03-01,10.00,2026-02-10,2026-01-05"
    assert closed.documents(rows)["new"] == 1


def test_a_reversal_of_something_old_on_an_open_day_leaves_the_closed_month_alone(closed: Book):
    before = closed.aging("2026-02-28", "--by", "document")
    closed.reversals("number,date,reason\nF1,2026-03-15,cancelled\nP1,2026-03-15,error")
    assert closed.aging("2026-02-28", "--by", "document") == before


def test_rates_and_customers_are_not_closed(closed: Book):
    assert closed.rates("date,currency,rate\n2026-01-05,USD,17")["new"] == 1
    assert closed.customers("code,legal_name\nC9,Nueve")["new"] == 1


@pytest.mark.parametrize("month", ["2026-04", "2026-05", "2030-01"])
def test_the_running_month_and_later_ones_are_not_closed(book: Book, month: str):
    book.fails(1, "close", month, *LATER)
    assert book.documents("number,issue_date,total\nX1,2026-03-01,10.00")["new"] == 1


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-3", "marzo", "2026-03-01", ""])
def test_what_is_no_month_is_wrong_usage(book: Book, month: str):
    book.fails(2, "close", month, *LATER)
    book.fails(2, "reopen", month, "--reason", "x")


def test_the_last_day_of_a_month_is_still_running(book: Book):
    book.fails(1, "close", "2026-03", "--today", "2026-03-31")
    book.done("close", "2026-03", "--today", "2026-04-01")


# ------------------------------------------------------------------ opening again
@pytest.fixture
def by_ana(book: Book, user) -> Book:
    """January to March closed by ana; beto is an administrator too."""
    user("ana", "admin")
    user("beto", "admin")
    book.done("close", "2026-03", "--as", "ana", *LATER)
    return book


def invoice(day: str) -> str:
    return f"number,issue_date,total\nX1,{day},10.00"


def test_reopening_opens_the_month_and_all_later_ones(by_ana: Book):
    by_ana.done("reopen", "2026-02", "--reason", "late invoice", "--as", "beto")
    by_ana.refused("documents", invoice("2026-01-31"))
    assert by_ana.documents(invoice("2026-03-15"))["new"] == 1
    assert by_ana.documents("number,issue_date,total\nX2,2026-02-01,10.00")["new"] == 1


def test_who_closed_does_not_reopen(by_ana: Book):
    by_ana.fails(1, "reopen", "2026-02", "--reason", "x", "--as", "ana")
    by_ana.refused("documents", invoice("2026-02-15"))


def test_nor_who_closed_one_of_the_months_that_open(book: Book, user):
    for name in ("ana", "beto", "cora"):
        user(name, "admin")
    book.done("close", "2026-01", "--as", "ana", *LATER)
    book.done("close", "2026-03", "--as", "beto", *LATER)
    book.fails(1, "reopen", "2026-01", "--reason", "x", "--as", "ana")
    book.fails(1, "reopen", "2026-01", "--reason", "x", "--as", "beto")
    book.done("reopen", "2026-02", "--reason", "x", "--as", "ana")
    book.done("reopen", "2026-01", "--reason", "x", "--as", "cora")


def test_the_system_that_closed_does_not_reopen_either(closed: Book):
    closed.fails(1, "reopen", "2026-02", "--reason", "x")


def test_a_month_that_is_not_closed_is_not_opened(by_ana: Book):
    by_ana.fails(1, "reopen", "2026-04", "--reason", "x", "--as", "beto")


def test_it_needs_a_reason(by_ana: Book):
    by_ana.fails(2, "reopen", "2026-02", "--as", "beto")
    assert by_ana.run("reopen", "2026-02", "--reason", "", "--as", "beto").code in (1, 2)
    assert by_ana.run("reopen", "2026-02", "--reason", "   ", "--as", "beto").code in (1, 2)
    by_ana.refused("documents", invoice("2026-02-15"))


def test_opened_months_may_be_closed_again(by_ana: Book):
    by_ana.done("reopen", "2026-02", "--reason", "x", "--as", "beto")
    by_ana.done("close", "2026-02", "--as", "beto", *LATER)
    by_ana.refused("documents", invoice("2026-02-15"))
    assert by_ana.documents(invoice("2026-03-15"))["new"] == 1
    by_ana.done("reopen", "2026-02", "--reason", "x", "--as", "ana")


@pytest.mark.parametrize("role", ["manager", "cashier", "collector", "credit_analyst", "commission_analyst", "auditor"])
def test_only_an_administrator_closes_and_opens(by_ana: Book, user, role: str):
    user("dora", role)
    by_ana.fails(1, "reopen", "2026-02", "--reason", "x", "--as", "dora")
    by_ana.done("reopen", "2026-01", "--reason", "x", "--as", "beto")
    by_ana.fails(1, "close", "2026-03", "--as", "dora", *LATER)
