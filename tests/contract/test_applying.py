"""What a payment or credit note closes: `applies_to` in its three forms, and rows of `applications`."""

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick

PARTS = "2026-04-10:30.00;2026-05-10:50.00;2026-06-10:20.00"


@pytest.fixture
def parts(book: Book) -> Book:
    """F1 of 100.00 in instalments of 30, 50 and 20."""
    book.documents(f"number,issue_date,total,instalments\nF1,2026-03-01,100.00,{PARTS}")
    return book


@pytest.fixture
def three(book: Book) -> Book:
    """F1, F2 and F3 of 100.00 each, due in this order; G1 is C2's; U1 is in dollars."""
    book.documents("""
        number,customer,issue_date,total,currency,exchange_rate
        F1,C1,2026-03-01,100.00,,
        F2,C1,2026-03-02,100.00,,
        F3,C1,2026-03-03,100.00,,
        G1,C2,2026-03-01,100.00,,
        U1,C1,2026-03-01,100.00,USD,17
    """)
    return book


def pay(book: Book, amount: str, applies_to: str, number: str = "P1", day: str = "2026-03-10") -> dict:
    return book.payments(f"number,date,amount,applies_to\n{number},{day},{amount},{applies_to}")


# ------------------------------------------------------------------ as much as is open
def test_blank_applies_nothing(three: Book):
    summary = pay(three, "100.00", "")
    assert summary["warnings"] == []
    assert three.items()["P1"]["open"] == "-100.00"


def test_a_named_document_is_paid_by_due_date_of_its_instalments(parts: Book):
    pay(parts, "40.00", "F1")
    assert parts.open() == {"F1/2": "40.00", "F1/3": "20.00"}


def test_instalments_written_out_of_order_are_paid_by_due_date(book: Book):
    written = "2026-06-10:20.00;2026-04-10:30.00;2026-05-10:50.00"
    book.documents(f"number,issue_date,total,instalments\nF1,2026-03-01,100.00,{written}")
    pay(book, "40.00", "F1")
    assert book.open() == {"F1/2": "40.00", "F1/3": "20.00"}


def test_instalments_of_several_documents_are_interleaved_by_due_date(book: Book):
    book.documents("""
        number,issue_date,total,instalments
        F1,2026-03-01,100.00,2026-04-10:50.00;2026-06-10:50.00
        F2,2026-03-01,60.00,2026-05-10:60.00
    """)
    pay(book, "120.00", "F2;F1")
    assert book.open() == {"F1/2": "40.00"}


def test_equal_due_dates_are_paid_as_written(book: Book):
    book.documents("""
        number,issue_date,total,due_date
        A,2026-03-01,50.00,2026-04-10
        B,2026-03-01,50.00,2026-04-10
    """)
    pay(book, "60.00", "B;A")
    assert book.open() == {"A": "40.00"}


def test_what_is_left_stays_as_credit_in_favour(three: Book):
    pay(three, "250.00", "F1;F2")
    assert pick(three.items()["P1"], "original applied open") == {
        "original": "-250.00", "applied": "-200.00", "open": "-50.00"
    }  # fmt: skip


def test_blanks_around_the_numbers_are_trimmed(three: Book):
    pay(three, "200.00", " F1 ; F2 ")
    assert {"F1", "F2", "P1"}.isdisjoint(three.open())


def test_nothing_open_is_a_warning_and_the_money_stays(three: Book):
    pay(three, "100.00", "F1")
    summary = pay(three, "70.00", "F1", number="P2")
    assert summary["new"] == 1
    assert len(summary["warnings"]) == 1
    assert three.items()["P2"]["open"] == "-70.00"


def test_a_credit_note_greater_than_what_is_open_leaves_the_rest_in_favour(three: Book):
    pay(three, "40.00", "F1")
    three.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-03-12,100.00,F1")
    assert "F1" not in three.open()
    assert three.items()["N1"]["open"] == "-40.00"


def test_a_credit_note_over_several_documents(three: Book):
    three.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-03-12,130.00,F1;F2;F3")
    assert three.open(DAY, "--customer", "C1", "--currency", "MXN") == {"F2": "70.00", "F3": "100.00"}


def test_a_debit_note_is_paid_like_an_invoice(book: Book):
    book.documents("kind,number,issue_date,total\ndebit_note,D1,2026-03-01,25.00")
    pay(book, "20.00", "D1")
    assert book.open() == {"D1": "5.00"}


# ------------------------------------------------------------------ exactly that
def test_stated_amounts_are_applied_exactly(three: Book):
    pay(three, "100.00", "F1:30.00;F3:50.00")
    found = three.open(DAY, "--customer", "C1", "--currency", "MXN")
    assert found == {"F1": "70.00", "F2": "100.00", "F3": "50.00", "P1": "-20.00"}


def test_a_stated_amount_goes_over_the_instalments_by_due_date(parts: Book):
    pay(parts, "90.00", "F1:45.00")
    assert parts.open() == {"F1/2": "35.00", "F1/3": "20.00", "P1": "-45.00"}


@pytest.mark.parametrize(
    ("amount", "applies_to"),
    [
        ("300.00", "F1:100.01"), ("100.00", "F1:60.00;F2:50.00"), ("100.00", "F1:0.00"), ("100.00", "F1:-5.00"),
        ("100.00", "F1:abc"), ("100.00", "F1:"), ("100.00", "F1:60.00;F1:60.00"), ("100.00", "F1:1e1"),
    ],
)  # fmt: skip
def test_more_than_is_open_or_left_and_what_is_no_amount_are_bad_rows(three: Book, amount: str, applies_to: str):
    reasons = three.refused("payments", f"number,date,amount,applies_to\nP1,2026-03-10,{amount},{applies_to}")
    assert bad_rows(reasons) == [(2, "applies_to")]


@pytest.mark.parametrize("target", ["F9", "G1", "U1", "N1", "P0", "f1", "F1;F9", "G1:10.00", "U1:1.00"])
@pytest.mark.parametrize("kind", ["payments", "documents"])
def test_only_charges_of_the_same_customer_and_currency_are_named(three: Book, kind: str, target: str):
    three.documents("kind,number,issue_date,total\ncredit_note,N1,2026-03-01,10.00")
    pay(three, "10.00", "", number="P0")
    rows = {
        "payments": f"number,date,amount,applies_to\nX1,2026-03-10,100.00,{target}",
        "documents": f"kind,number,issue_date,total,applies_to\ncredit_note,X1,2026-03-10,100.00,{target}",
    }
    assert bad_rows(three.refused(kind, rows[kind])) == [(2, "applies_to")]


def test_applies_to_on_a_debit_note_is_a_bad_row(three: Book):
    rows = "kind,number,issue_date,total,applies_to\ndebit_note,D1,2026-03-10,100.00,F1"
    assert bad_rows(three.refused("documents", rows)) == [(2, "applies_to")]


def test_an_unidentified_payment_cannot_be_applied(three: Book):
    rows = "number,date,amount,customer,applies_to\nP1,2026-03-10,100.00,,F1"
    assert bad_rows(three.refused("payments", rows)) == [(2, "applies_to")]


# ------------------------------------------------------------------ order and dates
def test_payments_take_effect_in_file_order(three: Book):
    three.payments("""
        number,date,amount,applies_to
        P2,2026-03-20,80.00,F1
        P1,2026-03-10,80.00,F1
    """)
    assert three.items()["P1"]["open"] == "-60.00"
    assert "P2" not in three.open()


def test_the_second_exact_row_of_a_file_finds_what_the_first_left(three: Book):
    rows = "number,date,amount,applies_to\nP1,2026-03-10,80.00,F1:80.00\nP2,2026-03-10,80.00,F1:80.00"
    assert bad_rows(three.refused("payments", rows)) == [(3, "applies_to")]


def test_charges_come_before_credit_notes_in_a_file_of_documents(book: Book):
    book.documents("""
        kind,number,issue_date,total,applies_to
        credit_note,N1,2026-03-05,40.00,F1
        invoice,F1,2026-03-01,100.00,
    """)
    assert book.open() == {"F1": "60.00"}


def test_money_received_before_the_issue_is_applied_on_the_issue_date(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-20,100.00")
    pay(book, "60.00", "F1")
    assert book.open("2026-03-19") == {"P1": "-60.00"}
    assert book.open("2026-03-20") == {"F1": "40.00"}


def test_each_document_named_gets_its_own_application_date(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,50.00\nF2,2026-03-20,50.00")
    pay(book, "100.00", "F1;F2")
    assert book.open("2026-03-10") == {"P1": "-50.00"}
    assert book.open("2026-03-20") == {}


# ------------------------------------------------------------------ rows of applications
@pytest.fixture
def advance(parts: Book) -> Book:
    """The same with P1 of 60.00, not applied."""
    pay(parts, "60.00", "")
    return parts


def test_an_application_closes_instalments_by_due_date(advance: Book):
    assert advance.applications("source,document,amount\nP1,F1,45.00")["new"] == 1
    assert advance.open() == {"F1/2": "35.00", "F1/3": "20.00", "P1": "-15.00"}


def test_an_application_says_its_total_in_the_currency_of_its_source(advance: Book):
    assert advance.applications("source,document,amount\nP1,F1,45.00")["total"] == {"MXN": "45.00"}


def test_an_application_takes_effect_on_its_date(advance: Book):
    advance.applications("source,document,amount,date\nP1,F1,45.00,2026-03-25")
    assert advance.open("2026-03-24")["P1"] == "-60.00"
    assert advance.open("2026-03-25")["P1"] == "-15.00"


def test_without_date_it_is_the_later_of_source_and_document(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,50.00\nF2,2026-03-20,50.00")
    pay(book, "100.00", "")
    book.applications("source,document,amount\nP1,F1,50.00\nP1,F2,50.00")
    assert book.open("2026-03-10") == {"P1": "-50.00"}
    assert book.open("2026-03-20") == {}


@pytest.mark.parametrize(("document", "day"), [("F1", "2026-03-09"), ("F2", "2026-03-19")])
def test_an_application_earlier_than_source_or_document_is_a_bad_row(book: Book, document: str, day: str):
    book.documents("number,issue_date,total\nF1,2026-03-01,50.00\nF2,2026-03-20,50.00")
    pay(book, "100.00", "")
    reasons = book.refused("applications", f"source,document,amount,date\nP1,{document},50.00,{day}")
    assert bad_rows(reasons) == [(2, "date")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P1,F1,60.01", "amount"), ("P1,F9,1.00", "document"), ("P9,F1,1.00", "source"), ("F1,F1,1.00", "source"),
        ("P1,P1,1.00", "document"), ("P1,G1,1.00", "document"), ("P1,F1,0.00", "amount"), ("P1,F1,-1.00", "amount"),
        ("P1,F1,", "amount"), (",F1,1.00", "source"), ("P1,,1.00", "document"), ("P3,F1,1.00", "source"),
    ],
)  # fmt: skip
def test_an_application_that_cannot_be_is_a_bad_row(advance: Book, row: str, column: str):
    advance.documents("number,customer,issue_date,total\nG1,C2,2026-03-01,100.00")
    advance.payments("number,date,amount,customer\nP3,2026-03-10,10.00,")
    assert bad_rows(advance.refused("applications", f"source,document,amount\n{row}")) == [(2, column)]


def test_more_than_is_open_of_the_document_is_a_bad_row(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,50.00")
    pay(book, "100.00", "")
    assert bad_rows(book.refused("applications", "source,document,amount\nP1,F1,50.01")) == [(2, "amount")]


def test_several_rows_share_what_is_left(advance: Book):
    rows = "source,document,amount,date\nP1,F1,40.00,2026-03-10\nP1,F1,20.01,2026-03-11"
    assert bad_rows(advance.refused("applications", rows)) == [(3, "amount")]
    assert advance.applications(rows.replace("20.01", "20.00"))["new"] == 2


def test_a_credit_note_is_a_source_too_and_once_used_up_gives_no_more(three: Book):
    three.documents("kind,number,issue_date,total\ncredit_note,N1,2026-03-05,150.00")
    three.applications("source,document,amount\nN1,F1,100.00\nN1,F2,50.00")
    assert {"F1", "N1"}.isdisjoint(three.open())
    three.refused("applications", "source,document,amount\nN1,F3,0.01")


# ------------------------------------------------------------------ what later days allow
def test_what_a_later_payment_closed_cannot_be_closed_by_an_earlier_one(three: Book):
    pay(three, "70.00", "F1", number="P2", day="2026-03-25")
    summary = pay(three, "100.00", "F1", day="2026-03-10")
    assert summary["new"] == 1
    assert three.open("2026-03-15", "--customer", "C1", "--currency", "MXN")["F1"] == "70.00"
    assert three.items("2026-03-15")["P1"]["open"] == "-70.00"


def test_a_stated_amount_beyond_what_later_days_leave_is_a_bad_row(three: Book):
    pay(three, "70.00", "F1", number="P2", day="2026-03-25")
    rows = "number,date,amount,applies_to\nP1,2026-03-10,100.00,F1:30.01"
    assert bad_rows(three.refused("payments", rows)) == [(2, "applies_to")]
    three.payments(rows.replace("30.01", "30.00"))


def test_money_used_later_cannot_be_used_earlier(three: Book):
    pay(three, "100.00", "")
    three.applications("source,document,amount,date\nP1,F1,80.00,2026-03-25")
    assert bad_rows(three.refused("applications", "source,document,amount,date\nP1,F2,20.01,2026-03-12")) == [
        (2, "amount")
    ]  # fmt: skip
    three.applications("source,document,amount,date\nP1,F2,20.00,2026-03-12")


def test_money_reversed_later_cannot_be_applied_before(three: Book):
    pay(three, "100.00", "")
    three.reversals("number,date,reason\nP1,2026-03-25,returned")
    three.refused("applications", "source,document,amount,date\nP1,F1,1.00,2026-03-12")


def test_a_document_reversed_later_takes_no_money_before(three: Book):
    three.reversals("number,date,reason\nF1,2026-03-25,cancelled")
    summary = pay(three, "100.00", "F1")
    assert len(summary["warnings"]) == 1
    assert three.items("2026-03-12")["P1"]["open"] == "-100.00"


def test_after_an_undo_the_document_takes_money_again(three: Book):
    pay(three, "100.00", "F1", day="2026-03-05")
    three.reversals("number,date,reason\nP1,2026-03-20,returned")
    pay(three, "100.00", "F1", number="P2", day="2026-03-12")
    assert three.items("2026-03-31")["P2"]["open"] == "-100.00"
    pay(three, "100.00", "F1", number="P3", day="2026-03-20")
    assert "P3" not in three.open("2026-03-31")


def test_instalments_are_each_available_by_their_own_history(parts: Book):
    # A later payment closes the first instalment (30) and 10 of the second: 40 and 20 are left for an earlier one.
    pay(parts, "40.00", "F1", number="P2", day="2026-03-25")
    pay(parts, "100.00", "F1", day="2026-03-10")
    assert parts.open("2026-03-15") == {"F1": "30.00", "F1/2": "10.00", "P1": "-40.00"}
    assert parts.open("2026-03-25") == {"P1": "-40.00"}
