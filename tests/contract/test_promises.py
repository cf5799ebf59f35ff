"""Promises from outside: the file, what becomes of them on any day, judging, and what KPIs say of them."""

import pytest

from tests.contract.helpers import Book, bad_rows, pick, shown

HEAD = "number,customer,amount,made_on,promised_on,documents\n"


@pytest.fixture
def owed(book: Book) -> Book:
    """C1 owes F1 and F2, C2 owes F9: 1000.00 each since the first of March."""
    book.documents("""
        number,customer,issue_date,total
        F1,C1,2026-03-01,1000.00
        F2,C1,2026-03-01,1000.00
        F9,C2,2026-03-01,1000.00
    """)
    return book


def put(book: Book, *rows: str, head: str = HEAD) -> dict:
    return book.put("promises", head + "\n".join(rows))


def refused(book: Book, *rows: str, head: str = HEAD) -> list[tuple[int, str]]:
    return bad_rows(book.refused("promises", head + "\n".join(rows)))


def listed(book: Book, day: str, *options: str) -> list[dict]:
    rows: list[dict] = book.ask("promises", "list", "--as-of", day, *options)["rows"]
    return rows


def one(book: Book, day: str) -> dict:
    [row] = listed(book, day)
    return row


# ------------------------------------------------------------------ the list
def test_a_row_says_all_that_the_contract_names(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F2;F1")
    assert one(owed, "2026-03-15") == {
        "number": "Q1", "customer": "C1", "currency": "MXN", "amount": "600.00", "paid": "0.00",
        "made_on": "2026-03-10", "promised_on": "2026-03-20", "status": "pending", "level": 1,
        "documents": ["F1", "F2"],
    }  # fmt: skip


def test_on_account_the_list_of_documents_is_empty(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")
    assert one(owed, "2026-03-15")["documents"] == []


def test_without_a_day_the_list_is_of_today(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    [pending] = owed.ask("promises", "list", "--today", "2026-03-20")["rows"]
    [broken] = owed.ask("promises", "list", "--today", "2026-03-21")["rows"]
    assert (pending["status"], broken["status"]) == ("pending", "broken")


def test_those_made_later_are_left_out(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    assert listed(owed, "2026-03-09") == []


def test_the_list_is_the_same_whether_or_not_it_was_judged(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    before = listed(owed, "2026-03-25")
    owed.done("promises", "evaluate", "--as-of", "2026-03-25")
    assert listed(owed, "2026-03-25") == before


def test_the_list_is_narrowed_and_a_value_that_nobody_has_finds_nothing(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-12,F1", "Q2,C2,600,2026-03-10,2026-03-28,F9")
    assert [row["number"] for row in listed(owed, "2026-03-20", "--status", "broken")] == ["Q1"]
    assert [row["number"] for row in listed(owed, "2026-03-20", "--customer", "C2")] == ["Q2"]
    assert listed(owed, "2026-03-20", "--customer", "NADIE") == []
    assert listed(owed, "2026-03-20", "--collector", "nadie") == []
    owed.fails(2, "promises", "list", "--status", "rota")
    owed.fails(2, "promises", "list", "--as-of", "20/03/2026")
    owed.fails(2, "promises", "evaluate")


def test_each_customer_s_promises_are_seen_by_who_sees_the_customer(owed: Book, user):
    user("beto", "collector")
    user("norte", "manager", region="NORTE")
    owed.customers("code,legal_name,collector\nC2,Cliente Dos,beto")
    put(owed, "Q1,C1,600,2026-03-10,2026-03-12,F1", "Q2,C2,600,2026-03-10,2026-03-28,F9")
    assert [row["number"] for row in listed(owed, "2026-03-20", "--as", "beto")] == ["Q2"]
    assert [row["number"] for row in listed(owed, "2026-03-20", "--as", "norte")] == ["Q1"]


@pytest.mark.parametrize("form", ["table", "csv"])
def test_the_list_is_given_in_every_form(owed: Book, form: str):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1;F2")
    answer = owed.done("promises", "list", "--as-of", "2026-03-15", "--format", form)
    assert "Q1" in answer.out
    assert "F1; F2" in answer.out


# ------------------------------------------------------------------ what becomes of them
def test_a_late_payment_is_added_to_paid_and_leaves_the_status(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    owed.payments("number,date,amount,applies_to\nP1,2026-03-20,599.99,F1\nP2,2026-03-21,400.00,F1")
    assert pick(one(owed, "2026-03-31"), "status paid") == {"status": "partly_kept", "paid": "999.99"}


def test_an_application_counts_by_its_own_date_not_the_payments(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    owed.payments("number,date,amount\nP1,2026-03-05,600.00\nP2,2026-03-12,100.00")
    owed.applications("source,document,amount,date\nP1,F1,600.00,2026-03-15\nP2,F1,100.00,2026-03-25")
    assert pick(one(owed, "2026-03-20"), "status paid") == {"status": "kept", "paid": "600.00"}
    assert pick(one(owed, "2026-03-31"), "status paid") == {"status": "kept", "paid": "700.00"}


def test_only_the_part_that_is_undone_is_taken_off(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1;F2")
    owed.payments("number,date,amount,applies_to\nP1,2026-03-12,600.00,F1:400.00;F2:200.00")
    owed.reversals("number,date,reason,document\nP1,2026-03-25,error,F1")
    assert one(owed, "2026-03-24")["status"] == "kept"
    assert pick(one(owed, "2026-03-25"), "status paid") == {"status": "partly_kept", "paid": "200.00"}


def test_on_account_any_payment_of_the_currency_keeps_it(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")
    owed.payments("number,date,amount,customer,currency,exchange_rate,applies_to\n"
                  "P1,2026-03-12,300.00,C1,,,F1\nP2,2026-03-20,300.00,C1,,,\n"
                  "P3,2026-03-12,900.00,C1,USD,18,\nP4,2026-03-12,900.00,C2,,,")  # fmt: skip
    assert pick(one(owed, "2026-03-19"), "status paid") == {"status": "pending", "paid": "300.00"}
    assert pick(one(owed, "2026-03-31"), "status paid") == {"status": "kept", "paid": "600.00"}


def test_on_account_a_returned_cheque_judges_again(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")
    owed.payments("number,date,amount,method\nP1,2026-03-12,600.00,cheque")
    owed.reversals("number,date,reason\nP1,2026-03-18,returned_cheque")
    assert [one(owed, f"2026-03-{day}")["status"] for day in (17, 18, 21)] == ["kept", "pending", "broken"]


def test_an_unidentified_payment_keeps_a_promise_once_it_is_known_whose_it_is(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")
    owed.payments("number,date,amount,customer\nP1,2026-03-15,600.00,")
    assert one(owed, "2026-03-25")["status"] == "broken"
    owed.done("payments", "identify", "P1", "--customer", "C1", "--on", "2026-03-26", "--today", "2026-03-26")
    assert [one(owed, f"2026-03-{day}")["status"] for day in (25, 26)] == ["broken", "kept"]


def test_the_level_rises_while_promises_fail(owed: Book):
    put(owed, "Q1,C1,600,2026-03-01,2026-03-03,F1", "Q2,C1,600,2026-03-05,2026-03-07,F1;F2",
        "Q3,C1,600,2026-03-09,2026-03-12,F2")  # fmt: skip
    assert shown(listed(owed, "2026-03-31"), "number level") == {("Q1", 1), ("Q2", 2), ("Q3", 3)}
    owed.payments("number,date,amount,applies_to\nP1,2026-03-06,600.00,F2")
    assert shown(listed(owed, "2026-03-31"), "number level") == {("Q1", 1), ("Q2", 2), ("Q3", 1)}


# ------------------------------------------------------------------ judging
def test_judging_says_what_changed_and_again_nothing(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1", "Q2,C1,600,2026-03-10,2026-03-25,F2")
    owed.payments("number,date,amount,applies_to\nP1,2026-03-12,100.00,F1")
    first = owed.ask("promises", "evaluate", "--as-of", "2026-03-21")
    assert first["rows"] == [{"number": "Q1", "from": "pending", "to": "partly_kept"}]
    assert owed.ask("promises", "evaluate", "--as-of", "2026-03-21")["rows"] == []
    assert owed.ask("promises", "evaluate", "--as-of", "2026-03-26")["rows"] == [
        {"number": "Q2", "from": "pending", "to": "broken"}
    ]


def test_judging_after_a_reversal_says_the_new_state(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    owed.payments("number,date,amount,applies_to\nP1,2026-03-12,600.00,F1")
    owed.done("promises", "evaluate", "--as-of", "2026-03-12")
    owed.reversals("number,date,reason\nP1,2026-03-25,error")
    assert owed.ask("promises", "evaluate", "--as-of", "2026-03-25")["rows"] == [
        {"number": "Q1", "from": "kept", "to": "broken"}
    ]


def test_judging_is_one_event_and_the_books_stay_sound(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1", "Q2,C1,600,2026-03-10,2026-03-20,F2")
    for _ in range(2):
        owed.done("promises", "evaluate", "--as-of", "2026-03-21")
    assert [event["action"] for event in owed.events()].count("promise.evaluated") == 1
    owed.done("db", "check")


def test_who_may_not_judge_is_refused(owed: Book, user):
    user("aud", "auditor")
    owed.fails(1, "promises", "evaluate", "--as-of", "2026-03-21", "--as", "aud")


# ------------------------------------------------------------------ the file
def test_the_summary_adds_up_the_amounts_by_currency(owed: Book):
    owed.documents("number,issue_date,total,currency,exchange_rate\nD1,2026-03-01,50.00,USD,18")
    found = put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1", "Q2,C1,50,2026-03-10,2026-03-20,D1")
    assert pick(found, "new total") == {"new": 2, "total": {"MXN": "600.00", "USD": "50.00"}}
    assert shown(listed(owed, "2026-03-10"), "number currency") == {("Q1", "MXN"), ("Q2", "USD")}


def test_again_the_same_file_changes_nothing(owed: Book):
    rows = ("Q1,C1,600,2026-03-10,2026-03-20,F1;F2,Torres", "Q2,C2,600,2026-03-10,2026-03-20,,")
    head = HEAD.replace("documents\n", "documents,contact\n")
    put(owed, *rows, head=head)
    assert pick(put(owed, *rows, head=head), "new repeated total") == {"new": 0, "repeated": 2, "total": {}}
    assert put(owed, "Q1,C1,600.00,10/03/2026,20/03/2026,F2; F1")["repeated"] == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Q1,C1,601,2026-03-10,2026-03-20,F1", "amount"), ("Q1,C1,600,2026-03-11,2026-03-20,F1", "made_on"),
        ("Q1,C1,600,2026-03-10,2026-03-21,F1", "promised_on"), ("Q1,C1,600,2026-03-10,2026-03-20,F2", "documents"),
        ("Q1,C2,600,2026-03-10,2026-03-20,F9", "number"),
    ],
)  # fmt: skip
def test_a_known_number_that_says_something_else_is_a_conflict(owed: Book, row: str, column: str):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    assert refused(owed, row) == [(2, column)]


def test_a_blank_cell_is_no_conflict(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    assert put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")["repeated"] == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Q1,C7,600,2026-03-10,2026-03-20,F1", "customer"), ("Q1,C1,0.00,2026-03-10,2026-03-20,F1", "amount"),
        ("Q1,C1,-5,2026-03-10,2026-03-20,F1", "amount"), ("Q1,C1,600,2026-03-10,2026-03-09,F1", "promised_on"),
        ("Q1,C1,600,2026-03-10,2026-03-20,F9", "documents"), ("Q1,C1,600,2026-03-10,2026-03-20,F1;NADA", "documents"),
        ("Q1,C1,600,2026-03-10,2026-03-20,N1", "documents"), (",C1,600,2026-03-10,2026-03-20,F1", "number"),
        ("Q1,C1,600,,2026-03-20,F1", "made_on"), ("Q1,C1,600,2026-03-10,,F1", "promised_on"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_told_with_its_column(owed: Book, row: str, column: str):
    owed.documents("kind,number,issue_date,total\ncredit_note,N1,2026-03-02,5.00")
    assert refused(owed, row) == [(2, column)]


def test_a_document_in_another_currency_than_the_promise_is_a_bad_row(owed: Book):
    head = "number,customer,amount,made_on,promised_on,documents,currency\n"
    assert refused(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1,USD", head=head) == [(2, "documents")]


def test_a_second_pending_promise_on_a_document_is_a_bad_row_in_the_file_too(owed: Book):
    rows = ("Q1,C1,600,2026-03-10,2026-03-20,F1", "Q2,C1,600,2026-03-20,2026-03-30,F1;F2")
    assert refused(owed, *rows) == [(3, "documents")]


def test_rows_are_taken_in_order_of_the_day_they_were_made(owed: Book):
    assert refused(
        owed, "Q2,C1,600,2026-03-15,2026-03-30,F1", "Q1,C1,600,2026-03-10,2026-03-20,F1"
    ) == [(2, "documents")]  # fmt: skip
    assert put(owed, "Q2,C1,600,2026-03-21,2026-03-30,F1", "Q1,C1,600,2026-03-10,2026-03-20,F1")["new"] == 2
    assert shown(listed(owed, "2026-03-31"), "number level") == {("Q1", 1), ("Q2", 2)}


def test_once_the_first_is_kept_a_second_is_taken_the_same_day(owed: Book):
    owed.payments("number,date,amount,applies_to\nP1,2026-03-12,600.00,F1")
    rows = ("Q1,C1,600,2026-03-10,2026-03-20,F1", "Q2,C1,400,2026-03-12,2026-03-30,F1")
    assert put(owed, *rows)["new"] == 2


def test_on_account_a_second_pending_promise_of_the_customer_and_currency_is_a_bad_row(owed: Book):
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,")
    assert refused(owed, "Q2,C1,600,2026-03-20,2026-03-30,") == [(2, "number")]
    assert put(owed, "Q3,C1,600,2026-03-20,2026-03-30,F1", "Q4,C2,600,2026-03-20,2026-03-30,")["new"] == 2
    head = "number,customer,amount,made_on,promised_on,currency\n"
    assert put(owed, "Q5,C1,600,2026-03-20,2026-03-30,USD", head=head)["new"] == 1


def test_the_tolerance_of_the_day_of_the_import_makes_the_window(owed: Book):
    owed.done("settings", "set", "promises.tolerance_days", "2")
    put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")
    owed.done("settings", "set", "promises.tolerance_days", "0")
    assert [one(owed, f"2026-03-{day}")["status"] for day in (22, 23)] == ["pending", "broken"]


def test_more_than_was_open_that_day_is_a_warning(owed: Book):
    owed.payments("number,date,amount,applies_to\nP1,2026-03-05,300.00,F1\nP2,2026-03-15,700.00,F1")
    fits = put(owed, "Q1,C1,700.00,2026-03-10,2026-03-12,F1", "Q2,C1,1700.00,2026-03-10,2026-03-12,")
    assert fits["warnings"] == []
    found = put(owed, "Q3,C1,0.01,2026-03-16,2026-03-20,F1", "Q4,C1,1000.01,2026-03-16,2026-03-20,")
    [told] = found["warnings"]
    assert "(2, 3)" in told


def test_leading_zeros_of_the_customer_are_told_once_a_row(owed: Book):
    owed.customers("code,legal_name\n0007,Siete")
    put(owed, "Q1,0007,10,2026-03-05,2026-03-06,")
    [zeros, _more_than_open] = put(owed, "Q2,7,10,2026-03-10,2026-03-20,")["warnings"]
    assert "(2)" in zeros


def test_bad_rows_can_be_put_aside(owed: Book, tmp_path):
    rejected = tmp_path / "malas.csv"
    found = owed.put(
        "promises", HEAD + "Q1,C1,600,2026-03-10,2026-03-20,F1\nQ2,C1,600,2026-03-11,2026-03-20,F1",
        "--skip-bad-rows", "--rejected", str(rejected),
    )  # fmt: skip
    assert pick(found, "new rejected") == {"new": 1, "rejected": 1}
    assert "Q2" in rejected.read_text("utf-8-sig")


def test_a_dry_run_writes_nothing(owed: Book):
    owed.put("promises", HEAD + "Q1,C1,600,2026-03-10,2026-03-20,F1", "--dry-run")
    assert listed(owed, "2026-03-15") == []


def test_spanish_headers_are_read(owed: Book):
    put(owed, "Q1,C1,600,10/03/2026,25/03/2026,F1;F2",
        head="Folio,Cliente,Importe,Fecha de la promesa,Fecha compromiso,Facturas\n")  # fmt: skip
    assert pick(one(owed, "2026-03-15"), "made_on promised_on documents") == {
        "made_on": "2026-03-10", "promised_on": "2026-03-25", "documents": ["F1", "F2"],
    }  # fmt: skip


def test_a_collector_imports_promises_of_his_own_customers_only(owed: Book, user):
    user("beto", "collector")
    user("caja", "cashier")
    owed.customers("code,legal_name,collector\nC1,Cliente Uno,beto")
    content = HEAD + "Q1,C1,600,2026-03-10,2026-03-20,F1\n"
    assert owed.put("promises", content, "--as", "beto")["new"] == 1
    hidden = HEAD + "Q2,C2,600,2026-03-10,2026-03-20,F9\n"
    assert bad_rows(owed.refused("promises", hidden, "--as", "beto")) == [(2, "customer")]
    owed.refused("promises", hidden, "--as", "caja")


def test_a_closed_month_does_not_count_for_promises(owed: Book):
    owed.done("close", "2026-03", "--today", "2026-04-05")
    assert put(owed, "Q1,C1,600,2026-03-10,2026-03-20,F1")["new"] == 1


# ------------------------------------------------------------------ indicators
def kpi(book: Book, today: str, *options: str, month: str = "2026-03") -> tuple[int, str | None]:
    row = book.kpi(month, "--today", today, *options)
    return row["promises_due"], row["promises_kept_pct"]


@pytest.fixture
def promised(owed: Book) -> Book:
    """For March: one kept early, one partly kept, one still to come; for April one."""
    owed.documents("number,customer,issue_date,total\nF3,C1,2026-03-01,10.00")
    put(owed, "Q1,C1,100,2026-03-05,2026-03-25,F1", "Q2,C1,100,2026-03-05,2026-03-10,F2",
        "Q3,C2,100,2026-03-05,2026-03-31,F9", "Q4,C1,10,2026-03-05,2026-04-01,F3")  # fmt: skip
    owed.payments("number,date,amount,applies_to\nP1,2026-03-06,100.00,F1\nP2,2026-03-10,40.00,F2")
    return owed


def test_promises_of_a_month_count_by_the_day_promised_and_kept_among_what_can_be_told(promised: Book):
    assert kpi(promised, "2026-03-08") == (3, "100.00")
    assert kpi(promised, "2026-03-11") == (3, "50.00")
    assert kpi(promised, "2026-04-01") == (3, "33.33")


def test_without_any_that_can_be_told_there_is_no_rate(promised: Book):
    assert kpi(promised, "2026-03-31", month="2026-04") == (1, None)
    assert kpi(promised, "2026-03-31", month="2026-05") == (0, None)


def test_promises_of_a_region_are_those_of_its_customers(promised: Book):
    assert kpi(promised, "2026-04-05", "--region", "NORTE") == (2, "50.00")
    assert kpi(promised, "2026-04-05", "--region", "SUR") == (1, "0.00")


def test_each_currency_has_its_own_promises(promised: Book):
    promised.documents("number,issue_date,total,currency,exchange_rate\nD1,2026-03-01,50.00,USD,18")
    put(promised, "Q5,C1,50,2026-03-05,2026-03-09,D1")
    rows = promised.kpis("2026-03", "2026-03", "--today", "2026-04-05")
    assert shown(rows, "currency promises_due promises_kept_pct") == {("MXN", 3, "33.33"), ("USD", 1, "0.00")}
