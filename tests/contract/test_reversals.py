"""Undoing: whole payments, credit notes and charges, or one document's applications; each on its own date."""

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick


@pytest.fixture
def paid(book: Book) -> Book:
    """F1 and F2 of 100.00; P1 of 150.00 on 2026-03-05 closes F1 and 30.00 of F2, 20.00 are left."""
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00\nF2,2026-03-01,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-05,150.00,F1:100.00;F2:30.00")
    return book


def reverse(book: Book, number: str, day: str, document: str = "", reason: str = "error") -> dict:
    return book.reversals(f"number,date,reason,document\n{number},{day},{reason},{document}")


def test_a_whole_reversal_reopens_everything_and_takes_the_payment_off_the_account(paid: Book):
    assert reverse(paid, "P1", "2026-03-20")["new"] == 1
    assert paid.open() == {"F1": "100.00", "F2": "100.00"}


def test_before_its_date_a_reversal_changes_nothing(paid: Book):
    before = paid.aging("2026-03-19")
    reverse(paid, "P1", "2026-03-20")
    assert paid.aging("2026-03-19") == before
    assert paid.open("2026-03-20") == {"F1": "100.00", "F2": "100.00"}


def test_a_reversal_on_the_day_of_the_payment_leaves_that_day_as_if_it_had_not_come(paid: Book):
    reverse(paid, "P1", "2026-03-05")
    assert paid.open("2026-03-05") == {"F1": "100.00", "F2": "100.00"}


def test_with_a_document_only_its_application_is_undone_and_the_money_is_unapplied(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    assert paid.open() == {"F1": "100.00", "F2": "70.00", "P1": "-120.00"}
    assert paid.open("2026-03-19") == {"F2": "70.00", "P1": "-20.00"}


def test_after_one_document_the_rest_can_be_undone_too(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    reverse(paid, "P1", "2026-03-21", "F2")
    assert paid.open() == {"F1": "100.00", "F2": "100.00", "P1": "-150.00"}


def test_after_one_document_the_whole_can_be_reversed(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    reverse(paid, "P1", "2026-03-25")
    assert paid.open("2026-03-24") == {"F1": "100.00", "F2": "70.00", "P1": "-120.00"}
    assert paid.open("2026-03-25") == {"F1": "100.00", "F2": "100.00"}


def test_undone_money_can_be_applied_again(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    paid.applications("source,document,amount,date\nP1,F2,70.00,2026-03-22")
    assert paid.open() == {"F1": "100.00", "P1": "-50.00"}


def test_a_reversed_invoice_leaves_the_money_that_was_on_it_unapplied(paid: Book):
    reverse(paid, "F1", "2026-03-20", reason="cancelled")
    assert paid.open() == {"F2": "70.00", "P1": "-120.00"}
    assert paid.row()["total"] == "-50.00"


def test_a_reversed_debit_note_is_off_the_account(book: Book):
    book.documents("kind,number,issue_date,total\ndebit_note,D1,2026-03-01,100.00")
    reverse(book, "D1", "2026-03-20")
    assert book.open("2026-03-19") == {"D1": "100.00"}
    assert book.open("2026-03-20") == {}


def test_a_reversed_credit_note_reopens_what_it_closed(paid: Book):
    paid.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-03-10,90.00,F2")
    assert paid.items("2026-03-15")["N1"]["open"] == "-20.00"
    reverse(paid, "N1", "2026-03-20")
    assert paid.open() == {"F2": "70.00", "P1": "-20.00"}


def test_the_application_of_a_credit_note_is_undone_by_document(paid: Book):
    paid.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-03-10,70.00,F2")
    reverse(paid, "N1", "2026-03-20", "F2")
    assert paid.open() == {"F2": "70.00", "P1": "-20.00", "N1": "-70.00"}


def test_a_reversed_invoice_gives_back_the_credit_note_on_it(book: Book):
    book.documents("""
        kind,number,issue_date,total,applies_to
        invoice,F1,2026-03-01,100.00,
        credit_note,N1,2026-03-05,40.00,F1
    """)
    reverse(book, "F1", "2026-03-20")
    assert book.open() == {"N1": "-40.00"}


def test_undoing_reopens_exactly_the_instalments_that_were_closed(book: Book):
    parts = "2026-04-10:30.00;2026-05-10:50.00;2026-06-10:20.00"
    book.documents(f"number,issue_date,total,instalments\nF1,2026-03-01,100.00,{parts}")
    book.payments("number,date,amount,applies_to\nP1,2026-03-05,40.00,F1\nP2,2026-03-06,60.00,F1")
    assert book.open("2026-03-10") == {}
    reverse(book, "P1", "2026-03-20")
    assert book.open() == {"F1": "30.00", "F1/2": "10.00"}


# ------------------------------------------------------------------ several applications, several dates
@pytest.fixture
def twice(book: Book) -> Book:
    """P1 of 100.00 on 2026-03-01 pays F1 twice: 40.00 on 2026-03-05 and 60.00 on 2026-03-20."""
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount\nP1,2026-03-01,100.00")
    book.applications("source,document,amount,date\nP1,F1,40.00,2026-03-05\nP1,F1,60.00,2026-03-20")
    return book


def test_with_a_document_what_is_dated_later_is_undone_on_its_own_date(twice: Book):
    reverse(twice, "P1", "2026-03-10", "F1")
    assert twice.open("2026-03-05") == {"F1": "60.00", "P1": "-60.00"}
    for day in ("2026-03-10", "2026-03-20", "2026-03-31"):
        assert twice.open(day) == {"F1": "100.00", "P1": "-100.00"}


def test_with_a_document_all_that_is_live_is_undone(twice: Book):
    reverse(twice, "P1", "2026-03-25", "F1")
    assert twice.open("2026-03-24") == {}
    assert twice.open("2026-03-25") == {"F1": "100.00", "P1": "-100.00"}


def test_an_undo_dated_before_the_first_application_is_a_bad_row(twice: Book):
    reasons = twice.refused("reversals", "number,date,reason,document\nP1,2026-03-04,error,F1")
    assert bad_rows(reasons) == [(2, "date")]


def test_a_whole_reversal_undoes_later_applications_on_their_own_date(twice: Book):
    reverse(twice, "P1", "2026-03-10")
    for day in ("2026-03-10", "2026-03-20", "2026-03-31"):
        assert twice.open(day) == {"F1": "100.00"}


def test_a_whole_reversal_may_be_dated_before_every_application(twice: Book):
    reverse(twice, "P1", "2026-03-02")
    assert twice.open("2026-03-01") == {"F1": "100.00", "P1": "-100.00"}
    for day in ("2026-03-02", "2026-03-05", "2026-03-20"):
        assert twice.open(day) == {"F1": "100.00"}


def test_a_document_reversed_before_a_later_application_gives_the_money_back(twice: Book):
    reverse(twice, "F1", "2026-03-10")
    assert twice.open("2026-03-09") == {"F1": "60.00", "P1": "-60.00"}
    for day in ("2026-03-10", "2026-03-20", "2026-03-31"):
        assert twice.open(day) == {"P1": "-100.00"}


def test_undone_and_applied_again_can_be_undone_again(paid: Book):
    reverse(paid, "P1", "2026-03-10", "F1")
    paid.applications("source,document,amount,date\nP1,F1,100.00,2026-03-15")
    assert "F1" not in paid.open()
    reverse(paid, "P1", "2026-03-20", "F1")
    assert paid.items()["F1"]["open"] == "100.00"


def test_only_what_is_live_is_undone(paid: Book):
    reverse(paid, "P1", "2026-03-10", "F1")
    paid.applications("source,document,amount,date\nP1,F1,40.00,2026-03-15")
    reverse(paid, "P1", "2026-03-20", "F1")
    assert paid.open() == {"F1": "100.00", "F2": "70.00", "P1": "-120.00"}


# ------------------------------------------------------------------ refused
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P9,2026-03-20,error,", "number"), ("P1,2026-03-04,error,", "date"), ("F1,2026-02-28,error,", "date"),
        ("P1,2026-03-20,,", "reason"), ("P1,,error,", "date"), (",2026-03-20,error,", "number"),
        ("P1,2026-03-20,error,F9", "document"), ("P1,2026-03-20,error,F3", "document"),
        ("P1,2026-03-04,error,F1", "date"), ("P1,2026-02-30,error,", "date"),
    ],
)  # fmt: skip
def test_a_reversal_that_makes_no_sense_is_a_bad_row(paid: Book, row: str, column: str):
    paid.documents("number,issue_date,total\nF3,2026-03-01,5.00")
    reasons = paid.refused("reversals", f"number,date,reason,document\n{row}")
    assert bad_rows(reasons) == [(2, column)]


@pytest.mark.parametrize("number", ["P1", "F1"])
def test_a_whole_reversal_happens_once(paid: Book, number: str):
    reverse(paid, number, "2026-03-20")
    paid.refused("reversals", f"number,date,reason\n{number},2026-03-21,again")


def test_nothing_is_live_after_a_whole_reversal(paid: Book):
    reverse(paid, "P1", "2026-03-20")
    paid.refused("reversals", "number,date,reason,document\nP1,2026-03-25,error,F1")


def test_nothing_is_live_after_an_undo(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    paid.refused("reversals", "number,date,reason,document\nP1,2026-03-25,error,F1")


@pytest.mark.parametrize("number", ["P1", "F1"])
def test_never_before_an_undo_already_recorded(paid: Book, number: str):
    reverse(paid, "P1", "2026-03-20", "F1")
    reasons = paid.refused("reversals", f"number,date,reason\n{number},2026-03-19,error")
    assert bad_rows(reasons) == [(2, "date")]
    reverse(paid, number, "2026-03-20")


def test_an_undo_of_another_document_does_not_bind_a_charge(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F2")
    reverse(paid, "F1", "2026-03-10")
    assert paid.open() == {"F2": "100.00", "P1": "-150.00"}


def test_two_reversals_of_one_number_in_one_file_are_one_too_many(paid: Book):
    rows = "number,date,reason\nP1,2026-03-20,a\nP1,2026-03-21,b"
    assert bad_rows(paid.refused("reversals", rows))[0][0] == 3


def test_reversals_take_effect_in_file_order(paid: Book):
    paid.reversals("""
        number,date,reason,document
        P1,2026-03-10,error,F1
        F1,2026-03-10,cancelled,
        P1,2026-03-12,error,
    """)
    assert paid.open() == {"F2": "100.00"}


# ------------------------------------------------------------------ again
@pytest.mark.parametrize("document", ["", "F1"])
def test_the_same_reversal_again_is_repeated(paid: Book, document: str):
    reverse(paid, "P1", "2026-03-20", document)
    before = paid.aging()
    assert pick(reverse(paid, "P1", "2026-03-20", document), "read new repeated") == {
        "read": 1, "new": 0, "repeated": 1
    }  # fmt: skip
    assert paid.aging() == before


def test_the_same_reversal_with_another_reason_is_a_conflict(paid: Book):
    reverse(paid, "P1", "2026-03-20")
    paid.refused("reversals", "number,date,reason\nP1,2026-03-20,another")


def test_a_whole_reversal_and_one_by_document_on_a_day_are_two_keys(paid: Book):
    reverse(paid, "P1", "2026-03-20", "F1")
    assert reverse(paid, "P1", "2026-03-20")["new"] == 1


def test_rows_undone_since_are_repeated_and_not_done_again(paid: Book):
    paid.applications("source,document,amount,date\nP1,F2,20.00,2026-03-10")
    reverse(paid, "P1", "2026-03-20")
    before = paid.aging()
    assert paid.applications("source,document,amount,date\nP1,F2,20.00,2026-03-10")["repeated"] == 1
    again = "number,date,amount,applies_to\nP1,2026-03-05,150.00,F1:100.00;F2:30.00"
    assert paid.payments(again)["repeated"] == 1
    assert paid.aging() == before


def test_a_summary_of_reversals_has_no_total(paid: Book):
    assert reverse(paid, "P1", "2026-03-20")["total"] == {}


# ------------------------------------------------------------------ money of nobody, other currencies
def test_an_unidentified_payment_can_be_reversed(book: Book):
    book.documents("number,issue_date,total\nF1,2026-02-01,1.00")
    book.payments("number,date,amount,customer\nP1,2026-02-05,70.00,")
    reverse(book, "P1", "2026-03-10")
    assert [row["unidentified"] for row in book.kpis("2026-02", "2026-03")] == ["70.00", "0.00"]
    assert book.row()["unapplied"] == "0.00"


def test_a_returned_cheque_reopens_with_the_first_due_dates(book: Book):
    book.documents("number,issue_date,total,due_date\nF1,2026-01-01,300.00,2026-02-01\nF2,2026-01-01,200.00,2026-03-01")
    book.payments("number,date,amount,method,applies_to\nP1,2026-03-02,500.00,cheque,F1;F2")
    reverse(book, "P1", "2026-03-20", reason="returned_cheque")
    assert pick(book.row(DAY), "31-60 1-30 overdue") == {"31-60": "300.00", "1-30": "200.00", "overdue": "500.00"}


def test_reversing_in_another_currency_keeps_the_rates(book: Book):
    book.documents("number,issue_date,total,currency,exchange_rate\nA,2026-03-01,100.00,USD,80")
    book.payments("number,date,amount,currency,exchange_rate,applies_to\nP1,2026-03-02,150.00,USD,75,A")
    reverse(book, "A", "2026-03-05")
    assert pick(book.row(), "total base_total") == {"total": "-150.00", "base_total": "-11250.00"}


def test_payments_and_documents_of_one_file_keep_their_own_dates(book: Book):
    book.documents("number,issue_date,total\nF1,2026-01-15,100.00\nF2,2026-03-25,100.00")
    book.payments("number,date,amount\nP1,2026-03-01,50.00\nP2,2026-03-02,50.00")
    rows = "number,date,reason\n{},2026-03-05,error\nP1,2026-03-05,error\nP2,2026-03-05,error"
    assert bad_rows(book.refused("reversals", rows.format("F2"))) == [(2, "date")]
    assert book.reversals(rows.format("F1").replace("F1,2026-03-05", "F1,2026-02-14"))["new"] == 3
    assert book.open("2026-02-14") == {}


@pytest.mark.parametrize("kind", ["invoice", "debit_note", "credit_note"])
def test_a_document_of_zero_can_be_reversed(book: Book, kind: str):
    book.documents(f"kind,number,issue_date,total\n{kind},Z1,2026-03-01,0.00")
    assert reverse(book, "Z1", "2026-03-20")["new"] == 1
    book.refused("reversals", "number,date,reason\nZ1,2026-03-21,again")
    assert book.statement("C1", "--to", DAY)["closing"] == "0.00"


def test_a_document_of_zero_takes_no_money(book: Book):
    book.documents("number,issue_date,total\nZ1,2026-03-01,0.00")
    summary = book.payments("number,date,amount,applies_to\nP1,2026-03-02,10.00,Z1")
    assert len(summary["warnings"]) == 1
    assert book.open() == {"P1": "-10.00"}


def test_the_reason_is_required_in_words_and_kept_as_written(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    assert reverse(book, "F1", "2026-03-02", reason="Precio equivocado, según cliente".replace(",", ""))["new"] == 1


def test_a_whole_reversal_of_two_papers_that_close_each_other_in_either_order(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-05,100.00,F1")
    reverse(book, "P1", "2026-03-20")
    assert book.refused("reversals", "number,date,reason\nF1,2026-03-19,cancelled")
    reverse(book, "F1", "2026-03-25")
    assert book.open("2026-03-24") == {"F1": "100.00"}
    assert book.open("2026-03-25") == {}


def test_a_reversal_and_the_money_that_replaces_it_in_their_own_files(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount,method,applies_to\nP1,2026-03-05,100.00,cheque,F1")
    reverse(book, "P1", "2026-03-10", reason="returned_cheque")
    book.payments("number,date,amount,applies_to\nP2,2026-03-12,100.00,F1")
    assert [book.open(day) for day in ("2026-03-05", "2026-03-10", "2026-03-12")] == [{}, {"F1": "100.00"}, {}]
    lines = book.lines("--to", DAY)
    assert [line[1:3] for line in lines] == [
        ("invoice", "F1"),
        ("payment", "P1"),
        ("reversal", "P1"),
        ("payment", "P2"),
    ]
