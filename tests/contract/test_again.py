"""The same rows again: repeated, in conflict, or completing what was blank."""

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick

pytestmark = pytest.mark.backend("sqlite")

FILES = {
    "customers": (
        "code,legal_name,tax_id,region,terms_days,credit_limit\nC1,Uno,XAXX010101000,NORTE,30,100.00\nC3,Tres,,,,"
    ),
    "exchange_rates": "date,currency,rate\n2026-03-01,USD,17.123456\n2026-03-02,USD,18",
    "documents": (
        "kind,number,customer,issue_date,total,subtotal,tax,currency,exchange_rate,instalments,uuid,applies_to\n"
        "invoice,F1,C1,2026-03-01,116.00,100.00,16.00,,,2026-04-01:58.00;2026-05-01:58.00,,\n"
        "invoice,U1,C1,2026-03-01,10.00,,,USD,,,6F1B2C3D-0000-4000-8000-000000000001,\n"
        "credit_note,N1,C1,2026-03-05,-20.00,,,,,,,F1"
    ),
    "payments": (
        "number,date,amount,customer,currency,method,bank_reference,applies_to\n"
        "P1,2026-03-06,50.00,C1,,cheque,0012,F1:30.00\nP2,2026-03-06,7.00,,,transfer,,\nP3,2026-03-06,4.00,C1,USD,,,U1"
    ),
    "applications": "source,document,amount,date\nP1,F1,10.00,\nP1,F1,5.00,2026-03-10",
    "reversals": "number,date,reason,document\nP3,2026-03-20,error,\nP1,2026-03-20,error,F1",
}


@pytest.mark.parametrize("closed", [False, True])
def test_every_file_again_changes_nothing_also_in_a_closed_month(empty_book: Book, closed: bool):
    for kind, content in FILES.items():
        assert empty_book.put(kind, content)["repeated"] == 0, kind
    if closed:
        empty_book.done("close", "2026-03", "--today", "2026-05-01")
    before = [empty_book.aging(day, "--by", "document") for day in ("2026-03-10", DAY)]
    for kind, content in FILES.items():
        summary = empty_book.put(kind, content)
        assert pick(summary, "new updated rejected") == {"new": 0, "updated": 0, "rejected": 0}, kind
        assert summary["repeated"] == summary["read"], kind
        assert summary["total"] == {}, kind
    assert [empty_book.aging(day, "--by", "document") for day in ("2026-03-10", DAY)] == before


def test_fewer_columns_of_known_rows_are_repeated(book: Book):
    book.documents("number,issue_date,total,po_number,notes\nF1,2026-03-01,10.00,PO-1,hola")
    assert book.documents("number,issue_date,total\nF1,2026-03-01,10.00")["repeated"] == 1


def test_blank_cells_are_not_compared(book: Book):
    book.documents("number,issue_date,total,po_number,notes\nF1,2026-03-01,10.00,PO-1,hola")
    assert book.documents("number,issue_date,total,po_number,notes\nF1,2026-03-01,10.00,,")["repeated"] == 1


@pytest.mark.parametrize("total", ["10", "10.0", "$10.00", "10.000"])
def test_cells_are_compared_as_values(book: Book, total: str):
    book.documents("number,issue_date,total,exchange_rate\nF1,2026-03-01,10.00,1")
    assert book.documents(
        f"number,issue_date,total,exchange_rate\nF1,01/03/2026,{total},1.000000", "--date-order", "dmy"
    )["repeated"]


DOCUMENT = {
    "kind": "invoice", "number": "F1", "customer": "C1", "issue_date": "2026-03-01", "total": "100.00",
    "due_date": "2026-04-01", "presented_date": "2026-03-03", "subtotal": "90.00", "tax": "10.00", "currency": "USD",
    "exchange_rate": "17", "sales_rep": "V1", "uuid": "6f1b2c3d-0000-4000-8000-000000000001", "po_number": "PO-1",
    "notes": "hola",
}  # fmt: skip


def as_csv(row: dict[str, str]) -> str:
    return ",".join(row) + "\n" + ",".join(row.values())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "debit_note"), ("customer", "C2"), ("issue_date", "2026-03-02"), ("total", "100.01"),
        ("due_date", "2026-04-02"), ("presented_date", "2026-03-04"), ("subtotal", "89.00"), ("tax", "11.00"),
        ("currency", "EUR"), ("exchange_rate", "17.5"), ("sales_rep", "V2"),
        ("uuid", "6f1b2c3d-0000-4000-8000-000000000002"), ("po_number", "PO-2"), ("notes", "adiós"),
    ],
)  # fmt: skip
def test_a_known_document_that_differs_is_a_conflict(book: Book, column: str, value: str):
    book.documents(as_csv(DOCUMENT))
    assert bad_rows(book.refused("documents", as_csv({**DOCUMENT, column: value})))[0][0] == 2


def test_other_instalments_are_a_conflict(book: Book):
    content = "number,issue_date,total,instalments\nF1,2026-03-01,80.00,2026-04-30:30.00;2026-05-30:50.00"
    book.documents(content)
    book.refused("documents", content.replace("05-30", "05-31"))
    book.refused("documents", content.replace("30:30", "30:31").replace("30:50", "30:49"))


PAYMENT = {
    "number": "P1", "date": "2026-03-01", "amount": "10.00", "customer": "C1", "currency": "USD", "exchange_rate": "17",
    "method": "cheque", "bank_reference": "0012", "account": "BBVA", "notes": "hola",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date", "2026-03-02"), ("amount", "10.01"), ("customer", "C2"), ("currency", "EUR"), ("exchange_rate", "18"),
        ("method", "cash"), ("bank_reference", "12"), ("account", "HSBC"), ("notes", "adiós"),
    ],
)  # fmt: skip
def test_a_known_payment_that_differs_is_a_conflict(book: Book, column: str, value: str):
    book.payments(as_csv(PAYMENT))
    assert bad_rows(book.refused("payments", as_csv({**PAYMENT, column: value})))[0][0] == 2


def test_another_applies_to_is_a_conflict(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00\nF2,2026-03-01,10.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,10.00,F1")
    book.refused("payments", "number,date,amount,applies_to\nP1,2026-03-02,10.00,F2")


def test_what_applies_to_did_has_no_key(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,100.00,F1:40.00")
    assert book.applications("source,document,amount,date\nP1,F1,60.00,2026-03-02")["new"] == 1
    assert book.open() == {}


def test_the_key_of_an_application_is_source_document_and_date(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00\nF2,2026-03-01,100.00")
    book.payments("number,date,amount\nP1,2026-03-02,100.00")
    book.applications("source,document,amount,date\nP1,F1,10.00,2026-03-02")
    book.refused("applications", "source,document,amount,date\nP1,F1,20.00,2026-03-02")
    again = "source,document,amount,date\nP1,F1,20.00,2026-03-03\nP1,F2,10.00,2026-03-02"
    assert book.applications(again)["new"] == 2


def test_the_key_of_a_rate_is_date_and_currency(book: Book):
    book.rates("date,currency,rate\n2026-03-01,USD,17")
    assert book.rates("date,currency,rate\n2026-03-01,USD,17.000000")["repeated"] == 1
    assert book.rates("date,currency,rate\n2026-03-02,USD,18\n2026-03-01,EUR,20")["new"] == 2
    book.refused("exchange_rates", "date,currency,rate\n2026-03-01,USD,17.000001")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("documents", "number,issue_date,total\nF1,2026-03-01,{}\nF1,2026-03-01,{}"),
        ("payments", "number,date,amount\nP1,2026-03-01,{}\nP1,2026-03-01,{}"),
        ("exchange_rates", "date,currency,rate\n2026-03-01,USD,{}\n2026-03-01,USD,{}"),
        ("customers", "code,legal_name,credit_limit\nC9,Nueve,{}\nC9,Nueve,{}"),
        ("applications", "source,document,amount\nP0,F0,{}\nP0,F0,{}"),
        ("reversals", "number,date,reason,document\nP0,2026-03-20,{},F0\nP0,2026-03-20,{},F0"),
    ],
)
def test_twice_in_one_file_is_repeated_when_equal_and_bad_when_different(book: Book, kind: str, content: str):
    book.documents("number,issue_date,total\nF0,2026-01-01,100.00")
    book.payments("number,date,amount\nP0,2026-01-01,100.00")
    if kind == "reversals":
        book.applications("source,document,amount\nP0,F0,5.00")
    assert {row for row, _ in bad_rows(book.refused(kind, content.format("10", "11")))} <= {2, 3}
    summary = book.put(kind, content.format("10", "10"))
    assert pick(summary, "new repeated") == {"new": 1, "repeated": 1}


# ------------------------------------------------------------------ presentation
def present(book: Book, day: str) -> dict:
    return book.documents(f"number,issue_date,total,presented_date\nF1,2026-01-01,100.00,{day}")


@pytest.fixture
def issued(book: Book) -> Book:
    book.documents("number,issue_date,total\nF1,2026-01-01,100.00")
    return book


def test_a_document_gets_its_presentation_once_and_keeps_its_due_date(issued: Book):
    summary = present(issued, "2026-02-10")
    assert pick(summary, "new updated repeated total") == {"new": 0, "updated": 1, "repeated": 0, "total": {}}
    row = issued.row(DAY, "--by", "document", "--basis", "presented_date")
    assert (row["days"], row["due_date"]) == (49, "2026-01-31")
    assert present(issued, "2026-02-10")["repeated"] == 1
    issued.refused("documents", "number,issue_date,total,presented_date\nF1,2026-01-01,100.00,2026-02-11")


def test_a_presentation_may_come_after_the_month_is_closed(issued: Book):
    issued.done("close", "2026-02", "--today", "2026-03-15")
    assert present(issued, "2026-02-10")["updated"] == 1


def test_a_presentation_with_another_difference_is_a_conflict(issued: Book):
    issued.refused("documents", "number,issue_date,total,presented_date\nF1,2026-01-01,100.01,2026-02-10")


def test_a_presentation_of_instalments_presents_all(book: Book):
    parts = "2026-04-30:30.00;2026-05-30:50.00"
    content = f"number,issue_date,total,instalments,presented_date\nF1,2026-01-01,80.00,{parts},"
    book.documents(content)
    assert book.documents(content + "2026-02-10")["updated"] == 1
    assert {row["days"] for row in book.items(DAY, "--basis", "presented_date").values()} == {49}


def test_blank_and_filled_in_one_file_is_twice_with_different_content(book: Book):
    content = "number,issue_date,total,presented_date\nF1,2026-01-01,100.00,2026-02-10\nF1,2026-01-01,100.00,2026-02-11"
    assert bad_rows(book.refused("documents", content))


# ------------------------------------------------------------------ identification by import
def test_a_payment_gets_its_customer_on_the_imports_day(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,")
    summary = book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,C1", "--today", "2026-03-20")
    assert pick(summary, "new updated total") == {"new": 0, "updated": 1, "total": {}}
    assert book.open("2026-03-19") == {}
    assert book.open("2026-03-20") == {"P1": "-70.00"}


def test_it_gets_it_once(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,")
    known = "number,date,amount,customer\nP1,2026-03-05,70.00,C1"
    book.payments(known)
    assert book.payments(known)["repeated"] == 1
    assert book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,")["repeated"] == 1
    book.refused("payments", "number,date,amount,customer\nP1,2026-03-05,70.00,C2")


def test_not_on_a_day_of_a_closed_month(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,")
    book.done("close", "2026-03", "--today", "2026-05-01")
    rows = "number,date,amount,customer\nP1,2026-03-05,70.00,C1"
    book.refused("payments", rows, "--today", "2026-03-20")
    assert book.payments(rows, "--today", "2026-04-20")["updated"] == 1


def test_a_reversed_payment_gets_no_customer(book: Book):
    book.payments("number,date,amount,customer\nP1,2026-03-05,70.00,")
    book.reversals("number,date,reason\nP1,2026-03-10,returned")
    book.refused("payments", "number,date,amount,customer\nP1,2026-03-05,70.00,C1")


@pytest.mark.parametrize(
    ("column", "value"),
    [("uuid", "6f1b2c3d-0000-4000-8000-000000000001"), ("po_number", "PO-1"), ("notes", "hola")],
)
def test_what_was_blank_in_a_document_is_not_filled_except_its_presentation(issued: Book, column: str, value: str):
    rows = f"number,issue_date,total,{column}\nF1,2026-01-01,100.00,{value}"
    assert bad_rows(issued.refused("documents", rows)) == [(2, column)]


@pytest.mark.parametrize(("column", "value"), [("bank_reference", "001"), ("account", "BBVA"), ("notes", "hola")])
def test_what_was_blank_in_a_payment_is_not_filled_except_its_customer(book: Book, column: str, value: str):
    book.payments("number,date,amount\nP1,2026-03-01,10.00")
    rows = f"number,date,amount,{column}\nP1,2026-03-01,10.00,{value}"
    assert bad_rows(book.refused("payments", rows)) == [(2, column)]


def test_a_tax_of_nothing_says_what_a_document_without_tax_said(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    assert book.documents("number,issue_date,total,tax\nF1,2026-03-01,10.00,0.00")["repeated"] == 1
    assert book.refused("documents", "number,issue_date,total,tax\nF1,2026-03-01,10.00,1.00")


@pytest.mark.parametrize(
    ("code", "method"),
    [("01", "cash"), ("02", "cheque"), ("03", "transfer"), ("04", "card"), ("28", "card"), ("99", "other")],
)
def test_codes_of_the_sat_are_the_methods_that_they_stand_for(book: Book, code: str, method: str):
    book.payments(f"number,date,amount,method\nP1,2026-03-01,10.00,{method}")
    assert book.payments(f"number,date,amount,method\nP1,2026-03-01,10.00,{code}")["repeated"] == 1


def test_the_types_of_a_cfdi_are_the_kinds_that_they_stand_for(book: Book):
    book.documents("kind,number,issue_date,total\ninvoice,F1,2026-03-01,10.00\ncredit_note,N1,2026-03-01,5.00")
    again = book.documents("kind,number,issue_date,total\nI,F1,2026-03-01,10.00\nE,N1,2026-03-01,5.00")
    assert again["repeated"] == 2
