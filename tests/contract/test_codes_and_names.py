"""Codes of customers and numbers of papers: leading zeros, Excel's `.0`, odd characters, too long."""

import json

import pytest

from core.db import transaction
from tests.build import a_customer
from tests.contract.helpers import DAY, Book, a_workbook, bad_rows, cells_of, shown

pytestmark = pytest.mark.backend("sqlite")


@pytest.fixture
def zeros(empty_book: Book) -> Book:
    """Customers 0100 and 200."""
    empty_book.customers("code,legal_name,terms_days\n0100,Cien,30\n200,Doscientos,30")
    return empty_book


def by_customer(book: Book) -> set[tuple[str, str]]:
    return {(row["key"], row["total"]) for row in book.aging()["rows"]}


def documents(*customers: str) -> str:
    rows = [f"F{n},{code},2026-03-01,10.00" for n, code in enumerate(customers, 1)]
    return "\n".join(["number,customer,issue_date,total", *rows])


@pytest.mark.parametrize("code", ["100", "00100", "0000000100", "100.0"])
def test_a_code_that_equals_one_leading_zeros_aside_is_that_customer(zeros: Book, code: str):
    summary = zeros.documents(documents(code))
    assert by_customer(zeros) == {("0100", "10.00")}
    assert summary["warnings"]


def test_the_code_as_written_needs_no_warning(zeros: Book):
    assert zeros.documents(documents("0100", "200", "200.0"))["warnings"] == []


def test_every_row_with_other_zeros_is_counted_in_a_warning(zeros: Book):
    warnings = zeros.documents(documents("100", "00100", "0200", "0100"))["warnings"]
    assert "3" in " ".join(warnings)


@pytest.mark.parametrize("code", ["1000", "10", "0", "100a", "1 00"])
def test_other_codes_are_not_known(zeros: Book, code: str):
    assert bad_rows(zeros.refused("documents", documents(code))) == [(2, "customer")]


def test_a_code_as_written_wins_and_one_that_matches_two_is_a_bad_row(empty_book: Book):
    with transaction() as session:
        a_customer(session, "007")
        a_customer(session, "07")
    empty_book.documents(documents("07"))
    assert by_customer(empty_book) == {("07", "10.00")}
    assert bad_rows(empty_book.refused("documents", documents("07", "7"))) == [(3, "customer")]
    assert bad_rows(empty_book.refused("customers", "code,legal_name\n0007,Siete")) == [(2, "code")]


def test_a_customers_file_with_other_zeros_updates_the_known_one(zeros: Book):
    summary = zeros.customers("code,legal_name\n00100,Cien S.A.")
    assert (summary["new"], summary["updated"]) == (0, 1)
    assert summary["warnings"]
    zeros.documents(documents("0100"))
    assert shown(zeros.aging()["rows"], "key name") == {("0100", "Cien S.A.")}


def test_two_spellings_in_one_customers_file_are_one_key(empty_book: Book):
    summary = empty_book.customers("code,legal_name\n0100,Cien\n100,Cien")
    assert (summary["new"], summary["repeated"]) == (1, 1)


def test_two_spellings_that_differ_in_content_are_twice_in_one_file(empty_book: Book):
    assert bad_rows(empty_book.refused("customers", "code,legal_name\n0100,Cien\n100,Otro"))[0][0] == 3


def test_the_parent_is_found_leading_zeros_aside(zeros: Book):
    assert zeros.customers("code,legal_name,parent\nH1,Hija,100")["new"] == 1


def test_the_statement_of_a_code_with_leading_zeros(zeros: Book):
    assert zeros.statement("0100", "--to", DAY)["customer"] == "0100"


def test_numbers_of_excel_lose_their_trailing_zero(empty_book: Book):
    customers = [["code", "legal_name"], [38, "Treinta y ocho"], ["0038B", "Otro"]]
    empty_book.put("customers", a_workbook(empty_book.folder / "c.xlsx", customers))
    grid = [
        ["kind", "number", "customer", "issue_date", "total"], ["invoice", 2960623488.0, 38.0, "2026-03-01", 10],
        ["invoice", "007", "38.0", "2026-03-01", 5],
    ]  # fmt: skip
    empty_book.put("documents", a_workbook(empty_book.folder / "d.xlsx", grid))
    assert shown(empty_book.aging(DAY, "--by", "document")["rows"], "key customer") == {
        ("2960623488", "38"), ("007", "38")
    }  # fmt: skip


def test_numbers_of_documents_in_csv_lose_it_too(book: Book):
    book.documents("number,issue_date,total\n2960623488.0,2026-03-01,10.00")
    assert set(book.open()) == {"2960623488"}


def test_numbers_keep_their_leading_zeros_and_their_case(book: Book):
    book.documents(
        "number,issue_date,total\n001,2026-03-01,1.00\n1,2026-03-01,2.00\na1,2026-03-01,4.00\nA1,2026-03-01,8.00"
    )
    assert book.open() == {"001": "1.00", "1": "2.00", "a1": "4.00", "A1": "8.00"}
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,10.00,a1")
    assert book.open() == {"001": "1.00", "1": "2.00", "A1": "8.00", "P1": "-6.00"}


def test_blanks_around_a_number_are_trimmed(book: Book):
    book.documents("number,issue_date,total\n  F 1  ,2026-03-01,10.00")
    assert set(book.open()) == {"F 1"}


@pytest.mark.parametrize("number", ["F:1", "F;1", ":", "F1:10.00"])
def test_a_document_number_with_colon_or_semicolon_is_a_bad_row(book: Book, number: str):
    assert bad_rows(book.refused("documents", f"number,issue_date,total\n{number},2026-03-01,10.00")) == [
        (2, "number")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "number", ["F-1/2", "F#1", "Ñ-1", "F'1", "100%", "A&B", "<b>", "../F1", "=1+1", "@x", "-1", "+1"]
)
def test_other_characters_stay_in_a_number(book: Book, number: str):
    book.documents(f"number,issue_date,total\n{number},2026-03-01,10.00")
    assert set(book.open()) == {number}
    book.payments(f"number,date,amount,applies_to\nP1,2026-03-01,10.00,{number}")
    assert book.open() == {}


@pytest.mark.parametrize(
    ("kind", "column", "content"),
    [
        ("documents", "number", "number,issue_date,total\n{long},2026-03-01,10.00"),
        ("documents", "po_number", "number,issue_date,total,po_number\nF1,2026-03-01,10.00,{long}"),
        ("payments", "number", "number,date,amount\n{long},2026-03-01,10.00"),
        ("payments", "bank_reference", "number,date,amount,bank_reference\nP1,2026-03-01,10.00,{long}"),
        ("customers", "code", "code,legal_name\n{long},Uno"),
        ("customers", "legal_name", "code,legal_name\nC9,{long}"),
        ("customers", "region", "code,legal_name,region\nC9,Nueve,{long}"),
    ],
)
def test_a_text_too_long_is_refused_never_cut(book: Book, kind: str, column: str, content: str):
    assert bad_rows(book.refused(kind, content.format(long="x" * 5000))) == [(2, column)]


NAMES = ["=1+1", "+52 55", "-Guión", "@cuenta", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_look_like_formulas_stay_and_are_exported_as_text(empty_book: Book, name: str):
    empty_book.customers(f'code,legal_name\nC1,"{name}"')
    empty_book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    assert empty_book.row()["name"] == name
    out = empty_book.done("aging", "--as-of", DAY, "--format", "csv").out
    assert f"'{name}" in out


def test_a_formula_in_an_excel_cell_is_text_again_when_exported(empty_book: Book):
    empty_book.put("customers", a_workbook(empty_book.folder / "c.xlsx", [["code", "legal_name"], ["C1", "=1+1"]]))
    empty_book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    out = empty_book.folder / "out.xlsx"
    empty_book.done("aging", "--as-of", DAY, "--format", "xlsx", "--out", out)
    assert [cell.data_type for cell in cells_of(out) if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize(
    "name", ["Peña & Núñez, S.A.", "🏗️ Ávila <b>x</b>", "O'Brien'); DROP TABLE x;--", '日本 "%" \\ {x} ${y}']
)
def test_names_come_out_as_they_went_in(empty_book: Book, name: str):
    quoted = name.replace('"', '""')
    empty_book.customers(f'code,legal_name\nC1,"{quoted}"')
    empty_book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    assert empty_book.row()["name"] == name


def test_a_long_number_in_scientific_notation_is_not_taken_for_a_code(book: Book):
    reasons = book.refused("documents", "number,issue_date,total\n2.96062E+09,2026-03-01,10.00")
    assert bad_rows(reasons) == [(2, "number")], json.dumps(reasons)


def test_excel_numbers_name_papers_in_every_column(book: Book):
    def put(kind: str, *rows: list) -> None:
        assert book.put(kind, a_workbook(book.folder / f"{kind}.xlsx", rows))["new"] == len(rows) - 1

    put(
        "documents", ["kind", "number", "customer", "issue_date", "total"], ["invoice", 1001, "C1", "2026-03-01", 10],
        ["invoice", 1002, "C1", "2026-03-01", 10],
    )  # fmt: skip
    put(
        "payments", ["number", "date", "amount", "customer", "applies_to"], [5001, "2026-03-02", 4, "C1", 1001],
        [5002, "2026-03-02", 4, "C1", None],
    )  # fmt: skip
    put("applications", ["source", "document", "amount"], [5002, 1002.0, 3])
    assert book.open() == {"1001": "6.00", "1002": "7.00", "5002": "-1.00"}
    put("reversals", ["number", "date", "reason", "document"], [5002, "2026-03-03", "error", 1002])
    assert book.open() == {"1001": "6.00", "1002": "10.00", "5002": "-4.00"}


def test_payments_find_their_customer_leading_zeros_aside_and_again_are_repeated(zeros: Book):
    rows = "number,date,amount,customer\nP1,2026-03-01,10.00,100\nP2,2026-03-01,5.00,00200"
    assert zeros.payments(rows)["warnings"]
    assert by_customer(zeros) == {("0100", "-10.00"), ("200", "-5.00")}
    assert zeros.payments(rows)["repeated"] == 2
    assert zeros.payments(rows.replace(",100\n", ",0100\n"))["repeated"] == 2


def test_a_parent_named_without_its_zeros_is_counted_too(empty_book: Book):
    empty_book.customers("code,legal_name\n0100,Matriz")
    summary = empty_book.customers("code,legal_name,parent\nC1,Uno,100\nC2,Dos,0100\nC3,Tres,0C1")
    assert len(summary["warnings"]) == 1
    assert "2 (2, 4)" in summary["warnings"][0]
