"""Money of nobody: on hand until somebody says whose it is, on a day of its own."""

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, shown


@pytest.fixture
def nobodys(book: Book) -> Book:
    """P1 of 70.00 on 2026-02-10 without customer; F1 of 100.00 of C1."""
    book.documents("number,issue_date,total\nF1,2026-02-01,100.00")
    book.payments("number,date,amount,customer\nP1,2026-02-10,70.00,")
    return book


def identify(book: Book, *options: str, number: str = "P1", customer: str = "C1") -> None:
    book.done("payments", "identify", number, "--customer", customer, *options)


def test_it_is_on_nobodys_account_and_in_the_indicators(nobodys: Book):
    assert nobodys.open() == {"F1": "100.00"}
    assert [row["unidentified"] for row in nobodys.kpis("2026-01", "2026-03")] == ["0.00", "70.00", "70.00"]
    assert [row["collected"] for row in nobodys.kpis("2026-01", "2026-03")] == ["0.00", "0.00", "0.00"]


def test_from_its_identification_it_is_on_the_account(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    assert nobodys.open("2026-03-09") == {"F1": "100.00"}
    assert nobodys.open("2026-03-10") == {"F1": "100.00", "P1": "-70.00"}


def test_it_is_collected_on_the_day_of_its_identification(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    rows = nobodys.kpis("2026-02", "2026-03")
    assert [(row["collected"], row["unidentified"]) for row in rows] == [("0.00", "70.00"), ("70.00", "0.00")]


def test_by_default_it_is_today(nobodys: Book):
    identify(nobodys, "--today", "2026-03-20")
    assert shown(nobodys.items("2026-03-20").values(), "key customer") == {("F1", "C1"), ("P1", "C1")}
    assert nobodys.open("2026-03-19") == {"F1": "100.00"}


def test_on_its_own_day_is_early_enough(nobodys: Book):
    identify(nobodys, "--on", "2026-02-10")
    assert nobodys.open("2026-02-10") == {"F1": "100.00", "P1": "-70.00"}


def test_an_identified_payment_may_be_applied_from_that_day(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    rows = "source,document,amount,date\nP1,F1,70.00,2026-03-09"
    assert bad_rows(nobodys.refused("applications", rows)) == [(2, "date")]
    nobodys.applications("source,document,amount\nP1,F1,70.00")
    assert nobodys.open("2026-03-09") == {"F1": "100.00"}
    assert nobodys.open("2026-03-10") == {"F1": "30.00"}


def test_reversed_in_the_month_of_its_identification_nothing_was_collected(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    nobodys.reversals("number,date,reason\nP1,2026-03-20,returned")
    assert nobodys.open(DAY) == {"F1": "100.00"}
    assert [row["collected"] for row in nobodys.kpis("2026-02", "2026-03")] == ["0.00", "0.00"]
    assert [row["unidentified"] for row in nobodys.kpis("2026-02", "2026-03")] == ["70.00", "0.00"]


def test_a_customer_is_found_leading_zeros_aside(nobodys: Book):
    nobodys.customers("code,legal_name\n0077,Siete")
    identify(nobodys, "--on", "2026-03-10", customer="77")
    assert nobodys.items()["P1"]["customer"] == "0077"


@pytest.mark.parametrize(
    "arguments",
    [
        ["P1", "--customer", "C1", "--on", "2026-02-09"], ["P9", "--customer", "C1"], ["P1", "--customer", "NADIE"],
        ["F1", "--customer", "C1"], ["P2", "--customer", "C2"],
    ],
    ids=["before the payment", "unknown payment", "unknown customer", "a document", "somebody's already"],
)  # fmt: skip
def test_what_cannot_be_identified_is_refused(nobodys: Book, arguments: list[str]):
    nobodys.payments("number,date,amount,customer\nP2,2026-02-10,5.00,C1")
    before = nobodys.aging(DAY, "--by", "document")
    nobodys.fails(1, "payments", "identify", *arguments)
    assert nobodys.aging(DAY, "--by", "document") == before


def test_twice_is_refused(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    nobodys.fails(1, "payments", "identify", "P1", "--customer", "C2", "--on", "2026-03-11")
    nobodys.fails(1, "payments", "identify", "P1", "--customer", "C1", "--on", "2026-03-10")


def test_not_in_a_closed_month(nobodys: Book):
    nobodys.done("close", "2026-02", "--today", "2026-03-15")
    nobodys.fails(1, "payments", "identify", "P1", "--customer", "C1", "--on", "2026-02-20")
    identify(nobodys, "--on", "2026-03-01")


@pytest.mark.parametrize("day", ["2026-03-15", "2026-03-20", "2026-03-31"])
def test_reversed_before_that_day_is_refused(nobodys: Book, day: str):
    nobodys.reversals("number,date,reason\nP1,2026-03-10,returned")
    nobodys.fails(1, "payments", "identify", "P1", "--customer", "C1", "--on", day)


@pytest.mark.parametrize(
    "arguments",
    [["P1"], ["--customer", "C1"], ["P1", "--customer", "C1", "--on", "ayer"]],
    ids=" ".join,
)
def test_wrong_usage(nobodys: Book, arguments: list[str]):
    nobodys.fails(2, "payments", "identify", *arguments)


def test_several_currencies_are_told_apart(book: Book):
    book.payments("""
        number,date,amount,customer,currency,exchange_rate
        P1,2026-03-01,70.00,,MXN,
        P2,2026-03-02,5.00,,USD,17
        P3,2026-03-03,6.00,,USD,18
    """)
    assert shown(book.kpis(), "currency unidentified") == {("MXN", "70.00"), ("USD", "11.00")}


def test_reversed_after_that_day_it_is_on_the_account_in_between(nobodys: Book):
    """Only "reversed before D: refused": from D to its reversal the money was the customer's."""
    nobodys.reversals("number,date,reason\nP1,2026-03-10,returned")
    identify(nobodys, "--on", "2026-03-01")
    assert nobodys.open("2026-02-28") == {"F1": "100.00"}
    assert nobodys.open("2026-03-01") == {"F1": "100.00", "P1": "-70.00"}
    assert nobodys.open("2026-03-10") == {"F1": "100.00"}
    assert [line[:3] for line in nobodys.lines("--to", DAY)] == [
        ("2026-02-01", "invoice", "F1"),
        ("2026-03-01", "payment", "P1"),
        ("2026-03-10", "reversal", "P1"),
    ]
    rows = nobodys.kpis("2026-02", "2026-03")
    assert [(row["collected"], row["unidentified"]) for row in rows] == [("0.00", "70.00"), ("0.00", "0.00")]
    assert nobodys.run("db", "check").code == 0
    nobodys.refused("applications", "source,document,amount,date\nP1,F1,10.00,2026-03-05")


def test_its_future_counts_by_the_day_of_the_payment(nobodys: Book):
    """`future` is of payments dated after the cut; this one was received before it."""
    identify(nobodys, "--on", "2026-03-10")
    nobodys.applications("source,document,amount\nP1,F1,70.00")
    assert nobodys.row("2026-02-28")["future"] == "0.00"
    assert nobodys.row("2026-02-05")["future"] == "70.00"


def test_reversed_by_document_after_identification(nobodys: Book):
    identify(nobodys, "--on", "2026-03-10")
    nobodys.applications("source,document,amount\nP1,F1,70.00")
    nobodys.reversals("number,date,reason,document\nP1,2026-03-15,error,F1")
    assert nobodys.open() == {"F1": "100.00", "P1": "-70.00"}


def test_identified_by_a_file_it_is_in_the_log_of_its_customer(nobodys: Book):
    nobodys.payments("number,date,amount,customer\nP2,2026-02-10,80.00,")
    nobodys.payments("number,date,amount,customer\nP1,2026-02-10,70.00,C1", "--today", "2026-03-05")
    nobodys.payments("number,date,amount,customer\nP3,2026-02-10,1.00,C2", "--today", "2026-03-05")
    found = [one for one in nobodys.events("--customer", "C1") if one["action"] == "import.payments"]
    assert [(one["facts"]["new"], one["facts"]["updated"]) for one in found] == [(0, 1), (1, 0)]
    assert found[0]["business_on"] == "2026-03-05"
    assert nobodys.run("db", "check").code == 0
