"""`audit list --customer`: imports and runs of many customers are shown to each customer that they touched."""

import pytest

from tests.contract.helpers import Book


@pytest.fixture
def dunned(book: Book) -> Book:
    """C1 promised, questioned, was called and got a letter; C2 only owes."""
    book.documents("number,customer,issue_date,total\nF1,C1,2026-01-01,100.00\nG1,C2,2026-03-20,100.00\n")
    book.put(
        "promises",
        "number,customer,amount,made_on,promised_on,documents\nQ1,C1,50.00,2026-03-01,2026-03-05,F1\n",
    )
    book.put("disputes", "number,customer,document,amount,opened_on,reason\nD1,C1,F1,10.00,2026-03-01,price\n")
    book.put("contacts", "customer,at,channel,outcome\nC1,2026-03-01T10:00,call,ok\n")
    book.done("promises", "evaluate", "--as-of", "2026-03-06")
    book.done("letters", "run", "--as-of", "2026-03-31")
    return book


def actions(book: Book, customer: str) -> set[str]:
    return {event["action"] for event in book.events("--customer", customer)}


def test_what_touched_the_customer_is_in_the_customers_log(dunned):
    assert actions(dunned, "C1") >= {
        "import.promises", "import.disputes", "import.contacts", "promise.evaluated", "letters.run",
    }  # fmt: skip


def test_what_touched_others_is_not(dunned):
    assert actions(dunned, "C2") == {"import.customers", "import.documents"}


def test_a_dispute_closed_by_a_file_is_in_the_log(dunned):
    before = len(dunned.events("--customer", "C1"))
    dunned.put(
        "disputes",
        "number,customer,document,amount,opened_on,reason,closed_on\nD1,C1,F1,10.00,2026-03-01,price,2026-03-09\n",
    )
    assert len(dunned.events("--customer", "C1")) == before + 1
