"""Aging at a date: buckets, bases, groups, credits apart, several currencies."""

import pytest

from tests.contract.helpers import BUCKETS, DAY, Book, pick, shown

EDGES = {
    "A": ("2027-03-31", -365, "current"), "B": ("2026-04-01", -1, "current"), "C": ("2026-03-31", 0, "current"),
    "D": ("2026-03-30", 1, "1-30"), "E": ("2026-03-01", 30, "1-30"), "F": ("2026-02-28", 31, "31-60"),
    "G": ("2026-01-30", 60, "31-60"), "H": ("2026-01-29", 61, "61-90"), "I": ("2025-12-31", 90, "61-90"),
    "J": ("2025-12-30", 91, "91-120"), "K": ("2025-12-01", 120, "91-120"), "L": ("2025-11-30", 121, "121+"),
    "M": ("2000-01-01", 9586, "121+"),
}  # fmt: skip


def test_the_edges_of_every_bucket(book: Book):
    rows = "\n".join(f"{number},2000-01-01,10.00,{due}" for number, (due, _, _) in EDGES.items())
    book.documents(f"number,issue_date,total,due_date\n{rows}")
    items = book.items()
    assert {number: items[number]["days"] for number in EDGES} == {n: days for n, (_, days, _) in EDGES.items()}
    placed = {number: [name for name in BUCKETS if items[number][name] != "0.00"] for number in EDGES}
    assert placed == {number: [bucket] for number, (_, _, bucket) in EDGES.items()}


@pytest.mark.parametrize(
    ("due", "day", "days"),
    [
        ("2024-02-28", "2024-03-01", 2), ("2023-02-28", "2023-03-01", 1), ("2024-02-29", "2025-02-28", 365),
        ("2023-12-31", "2024-12-31", 366), ("2024-02-29", "2024-02-29", 0),
    ],
)  # fmt: skip
def test_days_count_the_leap_day(book: Book, due: str, day: str, days: int):
    book.documents(f"number,issue_date,total,due_date\nF1,2020-01-01,10.00,{due}")
    assert book.items(day)["F1"]["days"] == days


def test_the_answer_has_the_shape_of_the_contract(book: Book):
    book.documents("number,issue_date,total\nF1,2026-01-15,100.00")
    data = book.aging()
    assert pick(data, "as_of basis by buckets") == {
        "as_of": DAY, "basis": "due_date", "by": "customer", "buckets": list(BUCKETS)
    }  # fmt: skip
    measures = {
        **dict.fromkeys(BUCKETS, "0.00"), "31-60": "100.00", "unapplied": "0.00", "total": "100.00",
        "overdue": "100.00", "disputed": "0.00", "future": "0.00", "base_total": "100.00", "currency": "MXN",
    }  # fmt: skip
    assert data["rows"] == [{"key": "C1", "name": "Cliente Uno", **measures}]
    assert data["totals"] == [measures]


def test_a_row_by_document_says_all_about_its_instalment(book: Book):
    book.documents("number,issue_date,total,due_date\nF1,2026-01-15,100.00,2026-03-01")
    book.payments("number,date,amount,applies_to\nP1,2026-02-01,40.00,F1")
    row = book.row(DAY, "--by", "document")
    assert pick(row, "key customer kind instalment issue_date due_date days original applied open sales_rep") == {
        "key": "F1", "customer": "C1", "kind": "invoice", "instalment": 1, "issue_date": "2026-01-15",
        "due_date": "2026-03-01", "days": 30, "original": "100.00", "applied": "40.00", "open": "60.00",
        "sales_rep": "V1",
    }  # fmt: skip
    assert pick(row, "1-30 unapplied total overdue base_total currency") == {
        "1-30": "60.00", "unapplied": "0.00", "total": "60.00", "overdue": "60.00", "base_total": "60.00",
        "currency": "MXN",
    }  # fmt: skip


def test_a_credit_by_document_is_negative_and_has_no_due_date(book: Book):
    book.payments("number,date,amount\nP1,2026-03-01,80.00")
    book.documents("kind,number,issue_date,total,sales_rep\ncredit_note,N1,2026-03-02,30.00,V9")
    book.documents("number,issue_date,total\nF1,2026-03-01,50.00")
    book.applications("source,document,amount\nP1,F1,50.00")
    items = book.items()
    names = "kind instalment issue_date due_date days original applied open unapplied total sales_rep"
    assert pick(items["P1"], names) == {
        "kind": "payment", "instalment": None, "issue_date": "2026-03-01", "due_date": None, "days": None,
        "original": "-80.00", "applied": "-50.00", "open": "-30.00", "unapplied": "-30.00", "total": "-30.00",
        "sales_rep": "V1",
    }  # fmt: skip
    assert pick(items["N1"], names) == {
        "kind": "credit_note", "instalment": None, "issue_date": "2026-03-02", "due_date": None, "days": None,
        "original": "-30.00", "applied": "0.00", "open": "-30.00", "unapplied": "-30.00", "total": "-30.00",
        "sales_rep": "V9",
    }  # fmt: skip
    assert all(items[credit][bucket] == "0.00" for credit in ("P1", "N1") for bucket in BUCKETS)


def test_a_debit_note_is_a_charge_like_an_invoice(book: Book):
    book.documents("kind,number,issue_date,total\ndebit_note,D1,2026-01-01,25.00")
    assert pick(book.items()["D1"], "kind open 31-60") == {"kind": "debit_note", "open": "25.00", "31-60": "25.00"}


def test_instalments_are_numbered_by_due_date(book: Book):
    instalments = "2026-05-30:50.00;2026-04-30:30.00;2026-03-30:20.00"
    book.documents(f"number,issue_date,total,instalments\nF1,2026-03-01,100.00,{instalments}")
    rows = book.aging(DAY, "--by", "document")["rows"]
    assert shown(rows, "instalment due_date original days") == {
        (1, "2026-03-30", "20.00", 1), (2, "2026-04-30", "30.00", -30), (3, "2026-05-30", "50.00", -60),
    }  # fmt: skip


# ------------------------------------------------------------------ basis
BASES = [("due_date", "1-30", 20), ("issue_date", "121+", 150), ("presented_date", "61-90", 70)]


@pytest.mark.parametrize(("basis", "bucket", "days"), BASES)
def test_each_basis_places_by_its_own_date(book: Book, basis: str, bucket: str, days: int):
    book.documents("number,issue_date,total,presented_date,due_date\nF1,2025-11-01,100.00,2026-01-20,2026-03-11")
    row = book.row(DAY, "--by", "document", "--basis", basis)
    assert (row[bucket], row["days"]) == ("100.00", days)


@pytest.mark.parametrize("basis", ["due_date", "issue_date", "presented_date"])
def test_overdue_goes_by_due_date_whatever_the_basis(book: Book, basis: str):
    book.documents("""
        number,issue_date,total,due_date
        F1,2025-11-01,100.00,2026-03-11
        F2,2025-11-01,50.00,2026-03-31
        F3,2025-11-01,7.00,2026-12-31
    """)
    row = book.row(DAY, "--basis", basis)
    assert pick(row, "overdue total") == {"overdue": "100.00", "total": "157.00"}


def test_the_presented_basis_falls_back_to_the_issue_date(book: Book):
    book.documents("number,issue_date,total,due_date\nF1,2025-11-01,100.00,2026-03-11")
    assert book.row(DAY, "--basis", "presented_date")["121+"] == "100.00"


def test_all_instalments_of_a_document_age_together_by_issue_date(book: Book):
    book.documents("number,issue_date,total,instalments\nF1,2026-01-01,100.00,2026-02-01:40.00;2026-06-01:60.00")
    row = book.row(DAY, "--basis", "issue_date")
    assert pick(row, "61-90 current overdue") == {"61-90": "100.00", "current": "0.00", "overdue": "40.00"}


# ------------------------------------------------------------------ groups
ATTRIBUTES = ("region", "district", "segment", "collector", "sales_rep")


@pytest.mark.parametrize("by", ATTRIBUTES)
def test_groups_name_what_the_customer_has_and_leave_none_blank(empty_book: Book, by: str):
    empty_book.customers(f"code,legal_name,{by}\nC1,Uno,X1\nC2,Dos,X1\nC3,Tres,")
    empty_book.documents("""
        number,customer,issue_date,total
        F1,C1,2026-03-31,10.00
        F2,C2,2026-03-31,20.00
        F3,C3,2026-03-31,4.00
    """)
    data = empty_book.aging(DAY, "--by", by)
    assert data["by"] == by
    assert shown(data["rows"], "key name total") == {("X1", "X1", "30.00"), ("", "", "4.00")}
    assert shown(data["totals"], "total") == {("34.00",)}


@pytest.mark.parametrize("by", ["region", "district", "segment", "collector"])
def test_a_group_is_the_customers_of_today_also_for_a_past_date(empty_book: Book, by: str):
    empty_book.customers(f"code,legal_name,{by}\nC1,Uno,OLD")
    empty_book.documents("number,issue_date,total\nF1,2026-01-01,10.00")
    empty_book.customers(f"code,legal_name,{by}\nC1,Uno,NEW")
    assert empty_book.row("2026-01-15", "--by", by)["key"] == "NEW"


def test_the_sales_rep_is_the_documents_and_of_payments_the_customers_of_today(book: Book):
    book.documents("number,issue_date,total,sales_rep\nF1,2026-03-01,10.00,\nF2,2026-03-01,20.00,V9")
    book.customers("code,legal_name,sales_rep\nC1,Cliente Uno,V5")
    book.payments("number,date,amount\nP1,2026-03-02,3.00")
    rows = book.aging(DAY, "--by", "sales_rep")["rows"]
    assert shown(rows, "key total unapplied") == {
        ("V1", "10.00", "0.00"), ("V9", "20.00", "0.00"), ("V5", "-3.00", "-3.00")
    }  # fmt: skip


def test_a_row_for_each_currency_of_a_key(book: Book):
    book.documents("""
        number,customer,issue_date,total,currency,exchange_rate
        F1,C1,2026-03-01,10.00,MXN,
        U1,C1,2026-03-01,20.00,USD,17
        E1,C1,2026-03-01,30.00,EUR,20
        U2,C2,2026-03-01,5.00,USD,18
    """)
    data = book.aging(DAY)
    assert shown(data["rows"], "key currency total base_total") == {
        ("C1", "MXN", "10.00", "10.00"), ("C1", "USD", "20.00", "340.00"), ("C1", "EUR", "30.00", "600.00"),
        ("C2", "USD", "5.00", "90.00"),
    }  # fmt: skip
    assert shown(data["totals"], "currency total base_total") == {
        ("MXN", "10.00", "10.00"), ("USD", "25.00", "430.00"), ("EUR", "30.00", "600.00")
    }  # fmt: skip


def test_no_row_where_nothing_is_open_or_unapplied(book: Book):
    book.documents("number,customer,issue_date,total\nF1,C1,2026-03-01,10.00\nF2,C2,2026-03-01,0.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,10.00,F1")
    data = book.aging()
    assert data["rows"] == []
    assert data["totals"] == []


def test_a_customer_whose_money_covers_his_debt_is_still_listed(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,10.00")
    book.payments("number,date,amount\nP1,2026-03-02,10.00")
    assert pick(book.row(), "current unapplied total") == {"current": "10.00", "unapplied": "-10.00", "total": "0.00"}


# ------------------------------------------------------------------ filters
@pytest.fixture
def spread(book: Book) -> Book:
    """F1 of C1 (NORTE, V1), F2 of C2 (SUR, V2), F3 of C2 in dollars by V1."""
    book.documents("""
        number,customer,issue_date,total,currency,exchange_rate,sales_rep
        F1,C1,2026-03-01,10.00,MXN,,
        F2,C2,2026-03-01,20.00,MXN,,
        F3,C2,2026-03-01,40.00,USD,17,V1
    """)
    return book


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--customer", "C2"], {"F2", "F3"}), (["--region", "NORTE"], {"F1"}), (["--sales-rep", "V1"], {"F1", "F3"}),
        (["--currency", "USD"], {"F3"}), (["--customer", "C2", "--currency", "MXN"], {"F2"}),
        (["--region", "SUR", "--sales-rep", "V1"], {"F3"}),
    ],
)  # fmt: skip
def test_filters_narrow_the_rows_and_the_totals(spread: Book, options: list[str], numbers: set[str]):
    assert set(spread.open(DAY, *options)) == numbers
    data = spread.aging(DAY, *options)
    assert sum(float(row["total"]) for row in data["rows"]) == sum(float(row["total"]) for row in data["totals"])


@pytest.mark.parametrize("option", ["--customer", "--region", "--sales-rep", "--currency"])
def test_a_filter_that_nobody_has_gives_no_rows(spread: Book, option: str):
    data = spread.aging(DAY, option, "NADIE")
    assert (data["rows"], data["totals"]) == ([], [])


# ------------------------------------------------------------------ buckets
def test_buckets_of_the_command_are_named_by_their_limits(book: Book):
    book.documents("""
        number,issue_date,total,due_date
        A,2026-01-01,1.00,2026-03-31
        B,2026-01-01,2.00,2026-03-16
        C,2026-01-01,4.00,2026-03-15
        D,2026-01-01,8.00,2026-02-14
        E,2026-01-01,16.00,2026-02-13
    """)
    data = book.aging(DAY, "--buckets", "15,45")
    assert data["buckets"] == ["current", "1-15", "16-45", "46+"]
    [row] = data["rows"]
    assert [row[name] for name in data["buckets"]] == ["1.00", "2.00", "12.00", "16.00"]
    assert "1-30" not in row


def test_one_limit_makes_two_buckets_of_what_is_late(book: Book):
    assert book.aging(DAY, "--buckets", "1")["buckets"] == ["current", "1-1", "2+"]


def test_the_companys_buckets_are_used_everywhere(book: Book):
    book.done("settings", "set", "aging.buckets", "10,20")
    book.documents("number,issue_date,total,due_date\nF1,2026-01-01,5.00,2026-03-20")
    assert book.aging()["buckets"] == ["current", "1-10", "11-20", "21+"]
    assert book.statement("C1", "--to", DAY)["aging"]["11-20"] == "5.00"


# ------------------------------------------------------------------ the cut
def test_what_is_dated_the_cut_day_counts_and_the_day_after_not(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-10,10.00\nF2,2026-03-11,20.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-10,4.00,F1\nP2,2026-03-11,6.00,F1")
    assert book.open("2026-03-09") == {}
    assert book.open("2026-03-10") == {"F1": "6.00"}
    assert book.open("2026-03-11") == {"F2": "20.00"}


def test_a_part_payment_does_not_change_the_age_of_the_rest(book: Book):
    book.documents("number,issue_date,total,due_date\nF1,2026-01-01,100.00,2026-03-20")
    book.payments("number,date,amount,applies_to\nP1,2026-03-30,60.00,F1")
    assert pick(book.row(), "1-30 121+ total") == {"1-30": "40.00", "121+": "0.00", "total": "40.00"}


def test_applied_and_original_are_of_the_cut(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-10,30.00,F1\nP2,2026-03-20,30.00,F1")
    row = book.items("2026-03-15")["F1"]
    assert pick(row, "original applied open") == {"original": "100.00", "applied": "30.00", "open": "70.00"}


def test_two_instalments_may_be_due_on_one_day(book: Book):
    book.documents("number,issue_date,total,instalments\nF1,2026-03-01,80.00,2026-04-30:30.00;2026-04-30:50.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,40.00,F1")
    assert book.row()["total"] == "40.00"
    assert book.open() == {"F1/2": "40.00"}
