"""Contacts of a customer whose time zone changed since: the same file is still the same file."""

import pytest

from tests.contract.helpers import Book

FILE = """
    customer,at,channel,outcome
    C1,2026-07-01T10:00:00,call,no answer
    C1,2026-07-01 11:00,call,promised
    C1,2026-07-01T18:00:00Z,visit,paid
"""


@pytest.fixture
def moved(book: Book) -> Book:
    """C1's contacts, and then it is an hour earlier where C1 is."""
    book.put("contacts", FILE)
    book.customers("code,legal_name,time_zone\nC1,Cliente Uno,America/Tijuana\n")
    return book


def test_again_the_same_file_changes_nothing(moved):
    assert moved.put("contacts", FILE)["repeated"] == 3
    moved.customers("code,legal_name,time_zone\nC1,Cliente Uno,America/Puerto_Rico\n")
    assert moved.put("contacts", FILE)["repeated"] == 3


def test_what_differs_is_still_a_conflict(moved):
    [reason] = moved.refused("contacts", "customer,at,channel,outcome\nC1,2026-07-01T10:00:00,call,paid\n")
    assert ": outcome: " in reason


def test_what_is_new_goes_by_the_clocks_of_today(moved):
    new = "customer,at,channel,outcome\nC1,2026-07-02T10:00:00,call,paid\n"
    assert moved.put("contacts", new)["new"] == 1
    assert moved.put("contacts", new.replace("10:00:00", "10:00:00-07:00"))["repeated"] == 1
