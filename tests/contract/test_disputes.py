"""Kind `disputes`, and `disputed` in the aging."""

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick

HEADER = "number,customer,document,amount,opened_on,reason,status,closed_on\n"


@pytest.fixture
def disputed(book: Book) -> Book:
    """F1 of 200.00 in two instalments, F2 of 50.00, both of C1; F3 of another customer."""
    book.customers("code,legal_name\nC2,Dos")
    book.documents(
        "number,customer,issue_date,total,instalments,sales_rep\n"
        "F1,C1,2026-03-01,200.00,2026-03-15:80.00;2026-04-15:120.00,V1\nF2,C1,2026-03-02,50.00,,V2\n"
        "F3,C2,2026-03-02,70.00,,"
    )
    return book


def test_disputes_count_from_opening_to_the_day_before_closing(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,150.00,2026-03-10,price,resolved,2026-03-28")
    found = {day: disputed.row(f"2026-03-{day}", "--customer", "C1")["disputed"] for day in ("09", "10", "27", "28")}
    assert found == {"09": "0.00", "10": "150.00", "27": "150.00", "28": "0.00"}


def test_only_closed_on_closes_whatever_the_status_says(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,150.00,2026-03-10,price,Cerrada por ventas,")
    assert disputed.row(DAY, "--customer", "C1")["disputed"] == "150.00"


def test_disputes_of_one_document_add_up_to_at_most_what_is_open(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F2,30.00,2026-03-10,price,,\nD2,C1,F2,40.00,2026-03-12,other,,")
    assert disputed.row("2026-03-11", "--customer", "C1")["disputed"] == "30.00"
    assert disputed.row("2026-03-12", "--customer", "C1")["disputed"] == "50.00"
    disputed.payments("number,date,amount,customer,applies_to\nP1,2026-03-20,45.00,C1,F2")
    assert disputed.row(DAY, "--customer", "C1")["disputed"] == "5.00"
    assert disputed.row("2026-03-19", "--customer", "C1")["disputed"] == "50.00"


def test_the_oldest_instalment_is_disputed_first(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,")
    items = disputed.items(DAY, "--customer", "C1")
    assert {key: row["disputed"] for key, row in items.items()} == {"F1": "80.00", "F1/2": "20.00", "F2": "0.00"}
    assert {key: row["due_date"] for key, row in items.items() if key != "F2"} == {
        "F1": "2026-03-15", "F1/2": "2026-04-15",
    }  # fmt: skip


@pytest.mark.parametrize("basis", ["due_date", "issue_date", "presented_date"])
@pytest.mark.parametrize("by", ["customer", "document", "sales_rep", "collector", "region", "district", "segment"])
def test_disputed_is_the_same_for_every_by_and_basis(disputed: Book, by: str, basis: str):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,\nD2,C2,F3,7.00,2026-03-10,price,,")
    [totals] = disputed.aging(DAY, "--by", by, "--basis", basis)["totals"]
    assert pick(totals, "disputed total overdue") == {"disputed": "107.00", "total": "320.00", "overdue": "80.00"}


def test_disputed_goes_by_the_documents_sales_rep(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,\nD2,C1,F2,7.00,2026-03-10,price,,")
    rows = disputed.aging(DAY, "--by", "sales_rep")["rows"]
    assert {row["key"]: row["disputed"] for row in rows} == {"V1": "100.00", "V2": "7.00"}
    assert disputed.row(DAY, "--sales-rep", "V2", "--customer", "C1")["disputed"] == "7.00"


def test_disputed_is_in_the_documents_currency(disputed: Book):
    disputed.documents("number,customer,issue_date,total,currency,exchange_rate\nU1,C1,2026-03-01,10.00,USD,17")
    disputed.put("disputes", HEADER + "D1,C1,U1,4.00,2026-03-10,price,,")
    rows = disputed.aging(DAY, "--customer", "C1")["rows"]
    assert {row["currency"]: row["disputed"] for row in rows} == {"MXN": "0.00", "USD": "4.00"}


def test_a_dispute_moves_no_due_date_and_no_balance(disputed: Book):
    before = disputed.open(), disputed.row(DAY, "--customer", "C1")["overdue"]
    disputed.put("disputes", HEADER + "D1,C1,F1,200.00,2026-03-10,price,,")
    assert (disputed.open(), disputed.row(DAY, "--customer", "C1")["overdue"]) == before


def test_the_summary_adds_up_the_new_rows(disputed: Book):
    content = HEADER + "D1,C1,F1,100.00,2026-03-10,price,,\nD2,C2,F3,7.50,2026-03-10,price,,"
    assert pick(disputed.put("disputes", content), "new total") == {"new": 2, "total": {"MXN": "107.50"}}
    assert pick(disputed.put("disputes", content), "new repeated total") == {"new": 0, "repeated": 2, "total": {}}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("D1,C2,F1,1.00,2026-03-10,price,,", "document"),
        ("D1,C1,F9,1.00,2026-03-10,price,,", "document"),
        ("D1,C9,F1,1.00,2026-03-10,price,,", "customer"),
        ("D1,C1,F1,0.00,2026-03-10,price,,", "amount"),
        ("D1,C1,F1,-5.00,2026-03-10,price,,", "amount"),
        ("D1,C1,F1,1.00,2026-03-10,,,", "reason"),
        ("D1,C1,F1,1.00,,price,,", "opened_on"),
        (",C1,F1,1.00,2026-03-10,price,,", "number"),
        ("D1,C1,F1,1.00,2026-03-10,price,,2026-03-09", "closed_on"),
        (f"D1,C1,F1,1.00,2026-03-10,{'x' * 251},,", "reason"),
    ],
)
@pytest.mark.backend("sqlite")
def test_bad_rows_name_their_column(disputed: Book, row: str, column: str):
    assert bad_rows(disputed.refused("disputes", HEADER + row)) == [(2, column)]


@pytest.mark.backend("sqlite")
def test_a_dispute_may_be_more_than_is_open_and_dated_in_a_closed_month(disputed: Book):
    disputed.done("close", "2026-03", "--today", "2026-04-20")
    assert disputed.put("disputes", HEADER + "D1,C1,F1,999999.00,2026-03-10,price,,2026-03-10")["new"] == 1


def test_status_and_end_come_later_each_once(disputed: Book):
    row = "D1,C1,F1,100.00,2026-03-10,price"
    disputed.put("disputes", f"{HEADER}{row},,")
    assert disputed.put("disputes", f"{HEADER}{row},En revisión,")["updated"] == 1
    assert disputed.put("disputes", f"{HEADER}{row},,2026-03-20")["updated"] == 1
    assert disputed.row(DAY, "--customer", "C1")["disputed"] == "0.00"
    for same in (",", "En revisión,", "En revisión,2026-03-20", ",2026-03-20"):
        assert disputed.put("disputes", f"{HEADER}{row},{same}")["repeated"] == 1
    assert bad_rows(disputed.refused("disputes", f"{HEADER}{row},Otra,")) == [(2, "status")]
    assert bad_rows(disputed.refused("disputes", f"{HEADER}{row},,2026-03-21")) == [(2, "closed_on")]


@pytest.mark.backend("sqlite")
def test_both_may_come_at_once(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,")
    assert disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,done,2026-03-20")["updated"] == 1


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("D1,C1,F1,100.01,2026-03-10,price,,", "amount"),
        ("D1,C1,F1,100.00,2026-03-11,price,,", "opened_on"),
        ("D1,C1,F1,100.00,2026-03-10,other,,", "reason"),
        ("D1,C1,F2,100.00,2026-03-10,price,,", "document"),
        ("D1,C2,F3,100.00,2026-03-10,price,,", "customer"),
    ],
)
def test_a_known_number_that_says_otherwise_is_a_conflict(disputed: Book, row: str, column: str):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,")
    assert bad_rows(disputed.refused("disputes", HEADER + row)) == [(2, column)]


@pytest.mark.backend("sqlite")
def test_twice_in_one_file_with_different_content_is_bad(disputed: Book):
    content = HEADER + "D1,C1,F1,100.00,2026-03-10,price,,\nD1,C1,F1,100.00,2026-03-10,price,x,"
    assert bad_rows(disputed.refused("disputes", content)) == [(3, "number")]


@pytest.mark.backend("sqlite")
def test_spanish_headers_and_a_code_without_its_zeros(disputed: Book):
    disputed.customers("code,legal_name\n0042,Ceros")
    disputed.documents("number,customer,issue_date,total\nF42,0042,2026-03-01,10.00")
    summary = disputed.put(
        "disputes",
        "No. Aclaración;Clave cliente;Factura;Importe;Fecha de apertura;Motivo;Estatus;Fecha de cierre\n"
        "D1;42;F42;10.00;13/03/2026;Precio distinto del acordado;;",
    )
    assert summary["new"] == 1
    assert len(summary["warnings"]) == 1


@pytest.mark.backend("sqlite")
def test_a_collector_brings_disputes_of_his_own_customers_only(disputed: Book, user):
    disputed.customers("code,legal_name,collector\nC1,Uno,cora\nC2,Dos,cosme")
    user("cora", "collector")
    content = (
        HEADER + "D1,C1,F1,1.00,2026-03-10,price,,\nD2,C2,F3,1.00,2026-03-10,price,,\nD3,C1,F3,1.00,2026-03-10,x,,"
    )
    reasons = disputed.refused("disputes", content, "--as", "cora")
    assert bad_rows(reasons) == [(3, "customer"), (4, "document")]
    assert "F3" in reasons[1]
    assert "otro cliente" not in reasons[1]


def test_after_everything_the_books_are_sound(disputed: Book):
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,,\nD2,C2,F3,7.00,2026-03-10,price,x,2026-03-20")
    disputed.put("disputes", HEADER + "D1,C1,F1,100.00,2026-03-10,price,done,2026-03-20")
    disputed.done("db", "check")
