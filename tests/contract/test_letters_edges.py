"""Letters at the edges: levels that cannot be set, what was listed beside others, rates of promises."""

import pytest

from tests.contract.helpers import Book

LETTERS = ("letters", "run", "--as-of")


def letters(book: Book, day: str, *options: str) -> list[tuple[str, int, str, list[str]]]:
    """The letters of a day: customer, level, what is asked for, documents."""
    rows = book.ask(*LETTERS, day, *options)["rows"]
    return [(row["customer"], row["level"], row["overdue"], row["documents"]) for row in rows]


def test_a_level_below_zero_is_set_like_any_other_value(book):
    book.done("settings", "set", "letters.levels", "-3,10")
    book.documents("number,issue_date,due_date,total\nF1,2026-01-01,2026-03-10,100.00\n")
    assert letters(book, "2026-03-06") == []
    assert letters(book, "2026-03-07") == [("C1", 1, "100.00", ["F1"])]


@pytest.mark.parametrize("levels", ["99999999999", "-99999999999,5", "5,4000", "5,5", "10,5", ""])
def test_levels_that_no_day_can_reach_are_refused(book, levels):
    book.fails(2, "settings", "set", "letters.levels", levels)
    assert book.ask("settings", "get", "letters.levels")["value"] == "5,20,40"


def test_a_document_listed_beside_others_has_had_a_letter(book):
    book.documents(
        "number,issue_date,due_date,total\nF1,2026-01-01,2026-03-01,100.00\nF2,2026-01-01,2026-03-05,50.00\n"
    )
    assert letters(book, "2026-03-06") == [("C1", 1, "150.00", ["F1", "F2"])]
    assert letters(book, "2026-03-13") == [], "F2 is 8 days late, but its first letter went on the 6th"
    assert letters(book, "2026-03-21") == [("C1", 2, "150.00", ["F1", "F2"])]


@pytest.mark.parametrize("table", ["", "15", "20"])
@pytest.mark.parametrize("documents", ["", "U1"])
def test_all_that_is_asked_was_promised_in_its_own_currency(book, table, documents):
    book.documents("number,issue_date,due_date,total,currency,exchange_rate\nU1,2026-01-01,2026-03-01,100.00,USD,17\n")
    if table:
        book.rates(f"date,currency,rate\n2026-03-02,USD,{table}\n")
    book.put(
        "promises",
        "number,customer,amount,made_on,promised_on,currency,documents\n"
        f"Q1,C1,100.00,2026-03-02,2026-04-01,USD,{documents}\n",
    )
    assert letters(book, "2026-03-20") == []
    assert letters(book, "2026-04-02") == [("C1", 1, "1700.00", ["U1"])], "broken by then"


@pytest.mark.parametrize(("in_favour", "goes"), [("100.50", True), ("100.51", False)])
def test_a_part_promised_on_account_counts_at_the_rate_of_what_is_asked(book, in_favour, goes):
    """99.97 x 17 = 1,699.49 is promised, of 1,800.00 less what is in favour."""
    book.documents(
        "number,issue_date,due_date,total,currency,exchange_rate\n"
        "U1,2026-01-01,2026-03-01,100.00,USD,17\nM1,2026-01-01,2026-03-01,100.00,MXN,\n"
    )
    book.payments(f"number,date,amount\nP1,2026-02-01,{in_favour}\n")
    book.put(
        "promises",
        "number,customer,amount,made_on,promised_on,currency\nQ1,C1,99.97,2026-03-02,2026-04-01,USD\n",
    )
    assert bool(letters(book, "2026-03-20")) is goes
