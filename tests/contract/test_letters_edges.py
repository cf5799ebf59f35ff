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
