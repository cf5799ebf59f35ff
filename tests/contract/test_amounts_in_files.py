"""Amounts, rates and codes as files write them."""

import pytest

from tests.contract.helpers import Book, a_workbook, bad_rows

pytestmark = pytest.mark.backend("sqlite")


def invoice(total: str, kind: str = "invoice") -> str:
    return f'kind,number,issue_date,total\n{kind},F1,2026-03-01,"{total}"'


def payment(amount: str) -> str:
    return f'number,date,amount\nP1,2026-03-01,"{amount}"'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234.56", "1234.56"), ("1,234.56", "1234.56"), ("$1,234.56", "1234.56"), ("1234", "1234.00"),
        ("1,234", "1234.00"), ("1234.5", "1234.50"), (" 1234.56 ", "1234.56"), ("1,234,567.89", "1234567.89"),
        ("$1234.56", "1234.56"), ("0.01", "0.01"), ("9999999999999.99", "9999999999999.99"),
        ("9,999,999,999,999.99", "9999999999999.99"), ("0001.50", "1.50"), ("38", "38.00"), ("38.0", "38.00"),
    ],
)  # fmt: skip
def test_every_notation_of_an_amount(book: Book, written: str, read: str):
    summary = book.documents(invoice(written))
    assert (summary["total"], summary["warnings"]) == ({"MXN": read}, [])
    assert book.open() == {"F1": read}


BAD = [
    "1.234,56", "1,23", "1e5", "1E5", "NaN", "Infinity", "-Infinity", "inf", "abc", "10 pesos", "1,2345.00", "12,34.56",
    "1.234.567", "10000000000000.00", "9999999999999.995", "1" + "0" * 40, "#REF!", "#N/A", "1..5", "1,,234.00", "--5",
    "((5.00))", "(5.00", "0x10", "=1+1", "1_000", "٣", "$", "5%",
]  # fmt: skip


@pytest.mark.parametrize("written", BAD)
def test_what_is_no_amount_is_a_bad_row(book: Book, written: str):
    assert bad_rows(book.refused("documents", invoice(written))) == [(2, "total")]


@pytest.mark.parametrize("written", ["-12.00", "(12.00)", "12.00-", "-$12.00", "($12.00)", "$-12.00"])
@pytest.mark.parametrize("kind", ["invoice", "debit_note"])
def test_a_negative_charge_is_a_bad_row(book: Book, kind: str, written: str):
    assert bad_rows(book.refused("documents", invoice(written, kind))) == [(2, "total")]


@pytest.mark.parametrize("written", ["-12.00", "(12.00)", "12.00-", "12.00", "$12.00-", "(1,012.00)"])
def test_the_sign_of_a_credit_note_is_dropped(book: Book, written: str):
    book.documents(invoice(written, "credit_note"))
    assert book.open() == {"F1": "-1012.00" if "1,012" in written else "-12.00"}


def test_the_signs_of_a_credit_notes_parts_are_dropped(book: Book):
    rows = "kind,number,issue_date,total,subtotal,tax\ncredit_note,N1,2026-03-01,-116.00,-100.00,(16.00)"
    assert book.documents(rows)["new"] == 1


@pytest.mark.parametrize("column", ["subtotal", "tax"])
def test_negative_parts_of_an_invoice_are_bad_rows(book: Book, column: str):
    rows = f"number,issue_date,total,{column}\nF1,2026-03-01,116.00,-16.00"
    assert bad_rows(book.refused("documents", rows)) == [(2, column)]


@pytest.mark.parametrize("written", ["-12.00", "(12.00)", "12.00-", "0.00", "0", "0.004", "(0.00)"])
def test_a_payment_is_above_zero(book: Book, written: str):
    assert bad_rows(book.refused("payments", payment(written))) == [(2, "amount")]


@pytest.mark.parametrize("kind", ["invoice", "debit_note", "credit_note"])
def test_a_document_may_be_zero(book: Book, kind: str):
    assert book.documents(invoice("0.00", kind))["total"] == {"MXN": "0.00"}
    assert book.open() == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.005", "10.01"), ("10.004", "10.00"), ("10.0049999", "10.00"), ("10.0149999999999", "10.01"),
        ("2309.7900001", "2309.79"), ("0.005", "0.01"), ("$1,234.565", "1234.57"), ("10.995", "11.00"),
    ],
)  # fmt: skip
def test_three_or_more_decimals_are_rounded_half_up_with_a_warning(book: Book, written: str, read: str):
    summary = book.documents(invoice(written))
    assert summary["total"] == {"MXN": read}
    assert len(summary["warnings"]) == 1


def test_decimals_that_are_zero_make_no_difference_and_no_warning(book: Book):
    assert book.documents(invoice("10.010000"))["warnings"] == []


def test_a_credit_note_rounds_half_up_by_its_amount(book: Book):
    book.documents(invoice("-10.005", "credit_note"))
    assert book.open() == {"F1": "-10.01"}


def test_rounded_amounts_are_the_same_when_the_file_comes_again(book: Book):
    book.documents(invoice("10.005"))
    assert book.documents(invoice("10.005"))["repeated"] == 1
    assert book.documents(invoice("10.01"))["repeated"] == 1


def test_excel_numbers_are_amounts(book: Book):
    grid = [
        ["kind", "number", "customer", "issue_date", "total"],
        ["invoice", "F1", "C1", "2026-03-01", 1234.56], ["invoice", "F2", "C1", "2026-03-01", 100],
        ["invoice", "F3", "C1", "2026-03-01", 0.1 + 0.2], ["invoice", "F4", "C1", "2026-03-01", "1,234.50"],
        ["invoice", "F5", "C1", "2026-03-01", 9999999999.99],
    ]  # fmt: skip
    book.put("documents", a_workbook(book.folder / "a.xlsx", grid))
    assert book.open() == {
        "F1": "1234.56", "F2": "100.00", "F3": "0.30", "F4": "1234.50", "F5": "9999999999.99"
    }  # fmt: skip


# ------------------------------------------------------------------ rates
@pytest.mark.parametrize("rate", ["17", "17.5", "0.000001", "17.123456", "17.1234560"])
def test_rates_above_zero_with_six_decimals(book: Book, rate: str):
    assert book.rates(f"date,currency,rate\n2026-03-01,USD,{rate}")["new"] == 1


@pytest.mark.parametrize("rate", ["0", "0.000000", "-17", "(17)", "17.1234567", "abc", "", "1e1", "NaN"])
def test_a_rate_of_zero_or_less_or_with_more_decimals_is_a_bad_row(book: Book, rate: str):
    assert bad_rows(book.refused("exchange_rates", f"date,currency,rate\n2026-03-01,USD,{rate}")) == [(2, "rate")]


@pytest.mark.parametrize("rate", ["0", "-17", "17.1234567", "abc"])
def test_a_documents_own_rate_follows_the_same_rule(book: Book, rate: str):
    rows = f"number,issue_date,total,currency,exchange_rate\nU1,2026-03-01,10.00,USD,{rate}"
    assert bad_rows(book.refused("documents", rows)) == [(2, "exchange_rate")]


@pytest.mark.parametrize("rate", ["0", "-1", "abc", "1.1234567", "NaN", "1e1"])
def test_a_rate_option_that_is_no_rate_is_wrong_usage(book: Book, rate: str):
    path = book.path("kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,10.00")
    book.fails(2, "import", "documents", path, f"--rate={rate}")
