"""The file of customers: what it makes, what it updates, what it refuses."""

import pytest

from tests.contract.helpers import Book, bad_rows, pick

pytestmark = pytest.mark.backend("sqlite")


def test_the_least_a_customer_needs_is_code_and_name(empty_book: Book):
    assert empty_book.customers("code,legal_name\nC1,Uno")["new"] == 1


@pytest.mark.parametrize(("row", "column"), [(",Uno", "code"), ("C1,", "legal_name"), ("C1,   ", "legal_name")])
def test_code_and_name_are_required(empty_book: Book, row: str, column: str):
    assert bad_rows(empty_book.refused("customers", f"code,legal_name\n{row}")) == [(2, column)]


def test_every_column_is_taken(empty_book: Book):
    columns = {
        "code": "C1", "legal_name": "Uno", "tax_id": "XAXX010101000", "region": "NORTE", "district": "D1",
        "sales_rep": "V1", "collector": "cora", "segment": "S1", "currency": "USD", "terms_days": "45",
        "credit_limit": "1,000.00", "email": "a@b.mx", "phone": "+52 55 1234 5678", "language": "en",
        "status": "inactive", "parent": "", "country": "MX", "time_zone": "America/Mexico_City",
    }  # fmt: skip
    header, row = ",".join(columns), ",".join(f'"{value}"' for value in columns.values())
    assert pick(empty_book.customers(f"{header}\n{row}"), "new warnings") == {"new": 1, "warnings": []}
    assert empty_book.customers(f"{header}\n{row}")["repeated"] == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("terms_days", "-1"), ("terms_days", "treinta"), ("terms_days", "30.5"), ("credit_limit", "-1.00"),
        ("credit_limit", "mucho"), ("credit_limit", "1.234,56"), ("parent", "NADIE"), ("parent", "C9"),
        ("status", "dormant"), ("language", "fr"), ("currency", "PESO"), ("terms_days", "99999999999"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_a_bad_row(empty_book: Book, column: str, value: str):
    reasons = empty_book.refused("customers", f'code,legal_name,{column}\nC9,Nueve,"{value}"')
    assert bad_rows(reasons) == [(2, column)]


def test_a_generic_tax_id_may_be_shared(empty_book: Book):
    assert empty_book.customers("code,legal_name,tax_id\nC1,Uno,XAXX010101000\nC2,Dos,XAXX010101000")["new"] == 2


def test_a_wrong_check_digit_of_the_rfc_only_warns(empty_book: Book):
    summary = empty_book.customers("code,legal_name,tax_id\nC1,Uno,AAA010101AAA")
    assert summary["new"] == 1


# ------------------------------------------------------------------ parents
def test_a_parent_may_come_later_in_the_same_file(empty_book: Book):
    assert empty_book.customers("code,legal_name,parent\nH1,Hija,M1\nM1,Madre,")["new"] == 2


@pytest.mark.parametrize(
    "rows",
    ["A,Uno,A", "A,Uno,B\nB,Dos,A", "A,Uno,B\nB,Dos,C\nC,Tres,A"],
)
def test_a_circle_of_parents_is_refused(empty_book: Book, rows: str):
    assert {column for _, column in bad_rows(empty_book.refused("customers", f"code,legal_name,parent\n{rows}"))} == {
        "parent"
    }


def test_a_circle_that_closes_over_known_customers_is_refused(empty_book: Book):
    empty_book.customers("code,legal_name,parent\nB,Dos,\nA,Uno,B\nC,Tres,A")
    assert bad_rows(empty_book.refused("customers", "code,legal_name,parent\nB,Dos,C")) == [(2, "parent")]


def test_a_circle_may_be_turned_round_in_one_file(empty_book: Book):
    empty_book.customers("code,legal_name,parent\nB,Dos,\nA,Uno,B")
    assert empty_book.customers("code,legal_name,parent\nB,Dos,A\nA,Uno,")["updated"] == 2


# ------------------------------------------------------------------ updates
def update(book: Book, content: str) -> dict:
    return pick(book.customers(content), "read new updated repeated")


def test_an_absent_column_stays_and_a_blank_cell_is_cleared(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-31,1.00")
    assert update(book, "code,legal_name,region\nC1,Cliente Uno,") == {
        "read": 1, "new": 0, "updated": 1, "repeated": 0
    }  # fmt: skip
    assert book.row("2026-03-31", "--by", "region")["key"] == ""
    book.payments("number,date,amount\nP1,2026-03-31,2.00")
    assert {row["key"] for row in book.aging("2026-03-31", "--by", "sales_rep")["rows"]} == {"V1"}


def test_only_what_differs_is_an_update(book: Book):
    content = "code,legal_name,terms_days\nC1,Cliente Uno,30.0\nC2,Cliente Dos,15\nC3,Tres,"
    assert update(book, content) == {"read": 3, "new": 1, "updated": 1, "repeated": 1}
    assert update(book, content) == {"read": 3, "new": 0, "updated": 0, "repeated": 3}


def test_a_blank_name_does_not_clear_it(book: Book):
    book.refused("customers", "code,legal_name\nC1,")


def test_new_terms_count_for_new_documents_only(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,1.00")
    book.customers("code,legal_name,terms_days\nC1,Cliente Uno,10")
    book.documents("number,issue_date,total\nF2,2026-03-01,1.00")
    assert {key: row["due_date"] for key, row in book.items().items()} == {"F1": "2026-03-31", "F2": "2026-03-11"}


def test_updates_show_in_the_log(book: Book):
    before = len(book.events("--customer", "C1"))
    book.customers("code,legal_name\nC1,Cliente Uno S.A.")
    assert len(book.events("--customer", "C1")) > before


def test_an_inactive_customer_keeps_his_account(book: Book):
    book.customers("code,legal_name,status\nC1,Cliente Uno,inactive")
    book.documents("number,issue_date,total\nF1,2026-03-01,1.00")
    assert book.row()["total"] == "1.00"


# ------------------------------------------------------------------ who may change limit and terms
TERMS = ["terms_days\nC1,Cliente Uno,31", "terms_days\nC1,Cliente Uno,", "credit_limit\nC1,Cliente Uno,500.00"]


@pytest.mark.parametrize("change", TERMS)
def test_a_cashier_changes_no_limit_or_terms_of_a_known_customer(book: Book, user, change: str):
    user("ana", "cashier")
    column, _, row = change.partition("\n")
    reasons = book.refused("customers", f"code,legal_name,{column}\n{row}", "--as", "ana")
    assert bad_rows(reasons) == [(2, column)]


@pytest.mark.parametrize("role", ["credit_analyst", "admin"])
@pytest.mark.parametrize("change", TERMS)
def test_an_analyst_and_an_administrator_do(book: Book, user, role: str, change: str):
    user("ana", role)
    column, _, row = change.partition("\n")
    assert book.customers(f"code,legal_name,{column}\n{row}", "--as", "ana")["updated"] == 1


def test_a_cashier_gives_new_customers_a_limit_and_repeats_that_of_known_ones(book: Book, user):
    user("ana", "cashier")
    content = "code,legal_name,terms_days,credit_limit\nC1,Cliente Uno S.A.,30,\nC9,Nueve,15,100.00"
    summary = book.customers(content, "--as", "ana")
    assert pick(summary, "new updated") == {"new": 1, "updated": 1}
