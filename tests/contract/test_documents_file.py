"""The file of documents: due dates, instalments, currencies, numbers, uuid."""

from typing import Any

import openpyxl
import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick

pytestmark = pytest.mark.backend("sqlite")


def due(book: Book, content: str) -> str:
    book.documents(content)
    return book.items("2026-12-31")["F1"]["due_date"]


# ------------------------------------------------------------------ due date
@pytest.mark.parametrize(
    ("columns", "values", "expected"),
    [
        ("", "", "2026-03-31"), ("presented_date", "2026-03-10", "2026-04-09"),
        ("due_date", "2026-05-05", "2026-05-05"), ("due_date,presented_date", "2026-05-05,2026-03-10", "2026-05-05"),
        ("due_date,presented_date", ",2026-03-10", "2026-04-09"), ("due_date", "2026-03-01", "2026-03-01"),
    ],
)  # fmt: skip
def test_the_due_date_is_given_or_counted_from_presentation_or_issue(
    book: Book, columns: str, values: str, expected: str
):
    header = f"number,issue_date,total,{columns}".rstrip(",")
    assert due(book, f"{header}\n" + f"F1,2026-03-01,10.00,{values}".rstrip(",")) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [("2024-01-30", "2024-02-29"), ("2023-01-30", "2023-03-01"), ("2025-12-15", "2026-01-14")],
)
def test_terms_are_days_of_the_calendar(book: Book, issued: str, expected: str):
    assert due(book, f"number,issue_date,total\nF1,{issued},10.00") == expected


def test_blank_terms_are_cash(empty_book: Book):
    empty_book.customers("code,legal_name\nC1,Uno")
    assert due(empty_book, "number,issue_date,total\nF1,2026-03-01,10.00") == "2026-03-01"


def test_due_before_issue_is_a_warning(book: Book):
    summary = book.documents("number,issue_date,total,due_date\nF1,2026-03-10,10.00,2026-03-09")
    assert pick(summary, "new") == {"new": 1}
    assert len(summary["warnings"]) == 1
    assert book.items()["F1"]["days"] == 22


# ------------------------------------------------------------------ instalments
def test_instalments_decide_over_the_due_date(book: Book):
    content = (
        "number,issue_date,total,due_date,instalments\nF1,2026-03-01,80.00,2026-12-01,2026-04-30:30.00;2026-05-30:50.00"
    )
    book.documents(content)
    assert {key: row["due_date"] for key, row in book.items().items()} == {"F1": "2026-04-30", "F1/2": "2026-05-30"}


@pytest.mark.parametrize(
    "instalments",
    [
        "2026-04-30:30.00;2026-05-30:49.99", "2026-04-30:30.00;2026-05-30:50.01", "2026-04-30:80.01", "2026-04-30",
        "80.00", "2026-04-31:80.00", "2026-04-30:-10.00;2026-05-30:90.00", "2026-04-30:abc", "abril:80.00",
        "2026-04-30:80.00:1", "2026-04-30=80.00",
    ],
)  # fmt: skip
def test_instalments_that_do_not_add_up_or_cannot_be_read_are_bad_rows(book: Book, instalments: str):
    reasons = book.refused("documents", f"number,issue_date,total,instalments\nF1,2026-03-01,80.00,{instalments}")
    assert bad_rows(reasons) == [(2, "instalments")]


@pytest.mark.parametrize("instalments", ["2026-04-30:80.00", "2026-04-30:80", " 2026-04-30:30.00 ; 2026-05-30:50.00 "])
def test_instalments_that_add_up_are_taken(book: Book, instalments: str):
    assert book.documents(f"number,issue_date,total,instalments\nF1,2026-03-01,80.00,{instalments}")["new"] == 1
    assert book.row()["total"] == "80.00"


# ------------------------------------------------------------------ numbers
NUMBERS = {
    "invoice": ("documents", "kind,number,issue_date,total\ninvoice,X1,2026-03-01,10.00"),
    "debit_note": ("documents", "kind,number,issue_date,total\ndebit_note,X1,2026-03-01,10.00"),
    "credit_note": ("documents", "kind,number,issue_date,total\ncredit_note,X1,2026-03-01,10.00"),
    "payment": ("payments", "number,date,amount\nX1,2026-03-01,10.00"),
}


@pytest.mark.parametrize("second", NUMBERS)
@pytest.mark.parametrize("first", NUMBERS)
def test_a_number_is_of_one_document_or_payment(book: Book, first: str, second: str):
    book.put(*NUMBERS[first])
    if first == second:
        assert book.put(*NUMBERS[second])["repeated"] == 1
    else:
        assert bad_rows(book.refused(*NUMBERS[second]))[0][0] == 2


UUID = "6f1b2c3d-0000-4000-8000-00000000000a"


def with_uuid(number: str, uuid: str) -> str:
    return f"number,issue_date,total,uuid\n{number},2026-03-01,10.00,{uuid}"


@pytest.mark.parametrize("uuid", [UUID, UUID.upper()])
def test_a_uuid_is_used_once_whatever_its_case(book: Book, uuid: str):
    book.documents(with_uuid("F1", UUID))
    assert bad_rows(book.refused("documents", with_uuid("F2", uuid))) == [(2, "uuid")]
    assert book.documents(with_uuid("F1", uuid))["repeated"] == 1


def test_a_uuid_is_used_once_in_a_file(book: Book):
    rows = with_uuid("F1", UUID) + f"\nF2,2026-03-01,10.00,{UUID.upper()}\nF3,2026-03-01,10.00,"
    assert bad_rows(book.refused("documents", rows)) == [(3, "uuid")]


def test_blank_uuids_are_no_duplicates(book: Book):
    assert book.documents(with_uuid("F1", "") + "\nF2,2026-03-01,10.00,")["new"] == 2


# ------------------------------------------------------------------ currency and rate
@pytest.fixture
def rates(book: Book) -> Book:
    book.rates("date,currency,rate\n2026-03-01,USD,17.50\n2026-03-11,USD,18.00\n2026-03-01,EUR,20.00")
    return book


@pytest.mark.parametrize(
    ("issued", "base"), [("2026-03-01", "175.00"), ("2026-03-10", "175.00"), ("2026-03-11", "180.00"), (DAY, "180.00")]
)
def test_a_blank_rate_is_the_last_on_or_before_the_date(rates: Book, issued: str, base: str):
    rates.documents(f"number,issue_date,total,currency\nU1,{issued},10.00,USD")
    assert rates.row()["base_total"] == base


def test_a_payments_blank_rate_goes_by_its_date(rates: Book):
    rates.payments("number,date,amount,currency\nP1,2026-03-10,10.00,USD\nP2,2026-03-12,10.00,USD")
    assert rates.row()["base_total"] == "-355.00"


def test_without_a_rate_on_or_before_it_is_a_bad_row(rates: Book):
    rows = "number,issue_date,total,currency\nU1,2026-02-28,10.00,USD"
    assert bad_rows(rates.refused("documents", rows)) == [(2, "exchange_rate")]


def test_the_option_comes_before_the_table_and_after_the_cell(rates: Book):
    rates.documents(
        "number,issue_date,total,currency,exchange_rate\nU1,2026-03-01,10.00,USD,\nU2,2026-03-01,10.00,USD,21\n"
        "F1,2026-03-01,10.00,MXN,",
        "--rate", "19",
    )  # fmt: skip
    assert {key: row["base_total"] for key, row in rates.items().items()} == {
        "U1": "190.00", "U2": "210.00", "F1": "10.00"
    }  # fmt: skip


def test_the_currency_is_the_customers_when_blank(empty_book: Book):
    empty_book.customers("code,legal_name,currency\nC1,Uno,USD\nC2,Dos,")
    empty_book.documents(
        "number,customer,issue_date,total\nU1,C1,2026-03-01,1.00\nF1,C2,2026-03-01,2.00", "--rate", "17"
    )
    assert empty_book.totals() == {"USD": "1.00", "MXN": "2.00"}


def test_the_currency_may_be_written_small(rates: Book):
    rates.documents("number,issue_date,total,currency\nU1,2026-03-01,10.00,usd")
    assert rates.totals() == {"USD": "10.00"}


@pytest.mark.parametrize(
    ("rate", "fine"), [("1", True), ("1.000000", True), ("", True), ("17", False), ("1.000001", False)]
)
def test_the_companys_currency_is_one(book: Book, rate: str, fine: bool):
    rows = f"number,issue_date,total,currency,exchange_rate\nF1,2026-03-01,10.00,MXN,{rate}"
    if fine:
        assert book.documents(rows)["new"] == 1
    else:
        assert bad_rows(book.refused("documents", rows)) == [(2, "exchange_rate")]


def test_the_companys_currency_may_be_another(empty_book: Book):
    empty_book.done("settings", "set", "company.currency", "USD")
    empty_book.customers("code,legal_name\nC1,Uno")
    empty_book.documents(
        "number,issue_date,total,currency,exchange_rate\nF1,2026-03-01,10.00,,\nM1,2026-03-01,10.00,MXN,0.05"
    )
    rows = empty_book.aging()["rows"]
    assert {(row["currency"], row["base_total"]) for row in rows} == {("USD", "10.00"), ("MXN", "0.50")}


def test_a_rate_imported_later_does_not_change_a_document(rates: Book):
    rates.documents("number,issue_date,total,currency\nU1,2026-03-05,10.00,USD")
    rates.rates("date,currency,rate\n2026-03-04,USD,30")
    assert rates.row()["base_total"] == "175.00"
    assert rates.documents("number,issue_date,total,currency\nU1,2026-03-05,10.00,USD")["repeated"] == 1


# ------------------------------------------------------------------ credit notes and their approval
def note(total: str, number: str = "N1", currency: str = "", rate: str = "") -> str:
    header = "kind,number,issue_date,total,currency,exchange_rate"
    return f"{header}\ncredit_note,{number},2026-03-01,{total},{currency},{rate}"


def test_a_credit_note_above_the_approval_limit_is_a_bad_row_except_of_the_system(book: Book, user):
    user("ana", "admin")
    book.done("settings", "set", "approval.credit_note", "100.00")
    assert bad_rows(book.refused("documents", note("100.01"), "--as", "ana")) == [(2, "total")]
    assert book.documents(note("100.00"), "--as", "ana")["new"] == 1
    assert book.documents(note("100.01", "N2"))["new"] == 1


def test_the_approval_limit_is_in_company_currency(book: Book, user):
    user("ana", "cashier")
    book.done("settings", "set", "approval.credit_note", "100.00")
    book.refused("documents", note("6.00", currency="USD", rate="17"), "--as", "ana")
    assert book.documents(note("5.00", currency="USD", rate="17"), "--as", "ana")["new"] == 1


def test_the_approval_limit_concerns_new_rows_and_credit_notes_only(book: Book, user):
    user("ana", "cashier")
    book.documents(note("500.00"))
    book.done("settings", "set", "approval.credit_note", "100.00")
    assert book.documents(note("500.00"), "--as", "ana")["repeated"] == 1
    assert book.documents("number,issue_date,total\nF1,2026-03-01,500.00", "--as", "ana")["new"] == 1


def test_by_default_no_credit_note_waits(book: Book, user):
    user("ana", "cashier")
    assert book.documents(note("999999.00"), "--as", "ana")["new"] == 1


def test_money_of_nobody_is_in_the_companys_currency_when_blank(empty_book: Book):
    empty_book.customers("code,legal_name,currency\nC1,Uno,USD")
    empty_book.rates("date,currency,rate\n2026-03-01,USD,17")
    empty_book.payments("number,date,amount,customer,currency\nP1,2026-03-02,10.00,,\nP2,2026-03-02,5.00,C1,")
    assert {(row["currency"], row["unidentified"]) for row in empty_book.kpis()} >= {("MXN", "10.00")}
    assert empty_book.totals() == {"USD": "-5.00"}
    empty_book.done("payments", "identify", "P1", "--customer", "C1", "--on", "2026-03-05")
    assert empty_book.totals() == {"USD": "-5.00", "MXN": "-10.00"}


def test_an_error_of_excel_in_an_amount_is_a_bad_row(book: Book):
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    for row in (["kind", "number", "customer", "issue_date", "total"], ["invoice", "F1", "C1", "2026-03-01", "#N/A"]):
        sheet.append(row)
    sheet["E2"].data_type = "e"
    workbook.save(book.folder / "a.xlsx")
    assert bad_rows(book.refused("documents", book.folder / "a.xlsx")) == [(2, "total")]


def test_rows_of_one_file_may_fill_a_known_invoice_and_add_new_ones(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    summary = book.documents(
        "number,issue_date,total,presented_date\nF1,2026-03-01,10.00,2026-03-05\nF2,2026-03-01,5.00,2026-03-06"
    )
    assert pick(summary, "read new updated total") == {"read": 2, "new": 1, "updated": 1, "total": {"MXN": "5.00"}}


def test_a_post_dated_document_and_payment_are_taken(book: Book):
    book.documents("number,issue_date,total\nF1,2027-01-01,10.00", "--today", DAY)
    book.payments("number,date,amount,applies_to\nP1,2027-02-01,10.00,F1", "--today", DAY)
    assert book.open() == {}
    assert book.open("2027-01-15") == {"F1": "10.00"}
