"""Indicators month by month: formulas, nulls, several months and currencies."""

import pytest

from tests.contract.helpers import Book, pick


def test_the_row_has_the_fields_of_the_contract(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    assert set(book.kpi()) >= {
        "month", "currency", "opening", "sales", "collected", "closing", "overdue", "overdue_pct", "dso",
        "dso_countback", "best_possible_dso", "add", "cei_pct", "promises_due", "promises_kept_pct", "unidentified",
    }  # fmt: skip


def test_a_month_with_an_opening_sales_and_something_overdue(book: Book):
    book.documents("""
        number,issue_date,total,due_date
        F0,2026-03-10,500.00,2026-04-20
        F1,2026-04-10,300.00,2026-05-20
    """)
    book.payments("number,date,amount,applies_to\nP1,2026-04-15,350.00,F0:350.00\nP2,2026-05-01,1.00,")
    book.documents("kind,number,issue_date,total,applies_to\ncredit_note,X1,2026-06-01,1.00,F1")
    row = book.kpi("2026-04")
    assert pick(row, "opening sales collected closing overdue") == {
        "opening": "500.00", "sales": "300.00", "collected": "350.00", "closing": "450.00", "overdue": "150.00"
    }  # fmt: skip
    # closing 450, not overdue 300: (500 + 300 - 450) / (500 + 300 - 300) = 70 %
    assert pick(row, "cei_pct dso best_possible_dso add overdue_pct") == {
        "cei_pct": "70.00", "dso": "45.00", "best_possible_dso": "30.00", "add": "15.00", "overdue_pct": "33.33"
    }  # fmt: skip


def test_the_domain_guides_worked_example(book: Book):
    """Opening 500, sales 300, closing 450 of which 350 not overdue, in a month of 30 days."""
    book.documents("""
        number,issue_date,total,due_date
        F0,2026-03-10,400.00,2026-05-20
        G0,2026-03-10,100.00,2026-04-20
        F1,2026-04-10,300.00,2026-05-20
    """)
    book.payments("number,date,amount,applies_to\nP1,2026-04-15,350.00,F0:350.00")
    assert pick(book.kpi("2026-04"), "opening sales closing overdue cei_pct dso best_possible_dso add") == {
        "opening": "500.00", "sales": "300.00", "closing": "450.00", "overdue": "100.00", "cei_pct": "77.78",
        "dso": "45.00", "best_possible_dso": "35.00", "add": "10.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("month", "dso"), [("2026-02", "14.00"), ("2024-02", "14.50"), ("2026-04", "15.00"), ("2026-05", "15.50")]
)
def test_dso_goes_by_the_days_of_the_month(book: Book, month: str, dso: str):
    book.documents(f"number,issue_date,total\nF1,{month}-01,100.00")
    book.payments(f"number,date,amount,applies_to\nP1,{month}-02,50.00,F1")
    assert book.kpi(month)["dso"] == dso


def test_add_is_the_difference_as_shown(book: Book):
    # closing 100 of 300 sold, 1 overdue, 31 days: 10.333… -> 10.33; 99/300 x 31 = 10.23; 0.10
    book.documents("number,issue_date,total,due_date\nF1,2026-03-01,299.00,2026-05-01\nF2,2026-03-01,1.00,2026-03-02")
    book.payments("number,date,amount,applies_to\nP1,2026-03-05,200.00,F1:200.00")
    assert pick(book.kpi(), "dso best_possible_dso add") == {
        "dso": "10.33", "best_possible_dso": "10.23", "add": "0.10"
    }  # fmt: skip


# ------------------------------------------------------------------ what counts
def test_opening_and_closing_are_buckets_without_what_is_unapplied(book: Book):
    book.documents("number,issue_date,total\nF1,2026-02-10,100.00")
    book.payments("number,date,amount\nP1,2026-02-11,30.00")
    book.documents("kind,number,issue_date,total\ncredit_note,N1,2026-02-12,20.00")
    assert pick(book.kpi(), "opening closing") == {"opening": "100.00", "closing": "100.00"}


def test_overdue_is_of_the_last_day(book: Book):
    book.documents("""
        number,issue_date,total,due_date
        F1,2026-03-01,10.00,2026-03-30
        F2,2026-03-01,20.00,2026-03-31
        F3,2026-03-01,40.00,2026-04-01
    """)
    assert pick(book.kpi(), "overdue overdue_pct") == {"overdue": "10.00", "overdue_pct": "14.29"}


def test_sales_are_charges_less_credit_notes_less_their_reversals(book: Book):
    book.documents("""
        kind,number,issue_date,total
        invoice,F1,2026-01-10,1000.00
        debit_note,D1,2026-01-11,100.00
        credit_note,N1,2026-01-12,30.00
        invoice,F2,2026-01-13,500.00
        invoice,F3,2026-02-01,7.00
    """)
    book.reversals("number,date,reason\nF2,2026-02-10,cancelled\nN1,2026-03-10,error\nD1,2026-03-11,error")
    assert [row["sales"] for row in book.kpis("2026-01", "2026-03")] == ["1570.00", "-493.00", "-70.00"]


def test_collected_are_payments_less_their_reversals_and_not_applications(book: Book):
    book.documents("number,issue_date,total\nF1,2026-01-01,1000.00")
    book.payments("number,date,amount,applies_to\nP1,2026-01-10,300.00,F1:100.00\nP2,2026-02-10,50.00,")
    book.applications("source,document,amount,date\nP1,F1,200.00,2026-02-20")
    book.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-02-11,40.00,F1")
    book.reversals("number,date,reason,document\nP1,2026-03-01,error,F1")
    assert [row["collected"] for row in book.kpis("2026-01", "2026-03")] == ["300.00", "50.00", "0.00"]
    book.reversals("number,date,reason\nP1,2026-03-15,returned\nN1,2026-03-16,error")
    assert [row["collected"] for row in book.kpis("2026-01", "2026-03")] == ["300.00", "50.00", "-300.00"]


# ------------------------------------------------------------------ nulls
def test_without_sales_the_days_are_null(book: Book):
    book.documents("number,issue_date,total\nF1,2026-01-10,100.00")
    row = book.kpi()
    assert pick(row, "sales dso best_possible_dso add") == {
        "sales": "0.00", "dso": None, "best_possible_dso": None, "add": None
    }  # fmt: skip
    # (100 + 0 - 100) / (100 + 0 - 0): everything is overdue
    assert pick(row, "cei_pct overdue_pct") == {"cei_pct": "0.00", "overdue_pct": "100.00"}


def test_with_negative_sales_the_days_are_null(book: Book):
    book.documents("kind,number,issue_date,total\ninvoice,F1,2026-02-10,100.00\ncredit_note,N1,2026-03-10,10.00")
    assert pick(book.kpi(), "sales dso add") == {"sales": "-10.00", "dso": None, "add": None}


def test_without_balance(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-10,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-11,100.00,F1")
    assert pick(book.kpi(), "closing dso dso_countback overdue_pct cei_pct best_possible_dso add") == {
        "closing": "0.00", "dso": "0.00", "dso_countback": "0.00", "overdue_pct": None, "cei_pct": "100.00",
        "best_possible_dso": "0.00", "add": "0.00",
    }  # fmt: skip


def test_cei_is_null_only_without_divisor(book: Book):
    # Opening 0, sales 100, closing not overdue 100: the divisor is 0.
    book.documents("number,issue_date,total\nF1,2026-03-10,100.00")
    assert book.kpi()["cei_pct"] is None


def test_a_month_after_everything_is_paid(book: Book):
    book.documents("number,issue_date,total\nF1,2026-01-10,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-01-11,100.00,F1")
    assert pick(book.kpi(), "opening sales closing dso dso_countback cei_pct overdue_pct") == {
        "opening": "0.00", "sales": "0.00", "closing": "0.00", "dso": None, "dso_countback": "0.00", "cei_pct": None,
        "overdue_pct": None,
    }  # fmt: skip


# ------------------------------------------------------------------ countback
def sold(book: Book, **months: str) -> None:
    rows = [f"F{m},2026-{m[1:]}-01,{total}" for m, total in months.items()]
    book.documents("\n".join(["number,issue_date,total", *rows]))


def test_countback_takes_whole_months_and_the_fraction_of_the_last(book: Book):
    sold(book, m01="400.00", m02="400.00", m03="300.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,600.00,Fm01;Fm02")
    # 500 left: March's 300 are 31 days, 200 of February's 400 are 14
    assert book.kpi()["dso_countback"] == "45.00"


def test_countback_within_the_month(book: Book):
    sold(book, m03="300.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,100.00,Fm03")
    assert book.kpi()["dso_countback"] == "20.67"


def test_a_month_without_sales_gives_its_days_and_takes_nothing(book: Book):
    sold(book, m01="400.00", m03="300.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,200.00,Fm01")
    # 500 left: 31 of March, 28 of February, half of January
    assert book.kpi()["dso_countback"] == "74.50"


def test_a_month_of_negative_sales_does_the_same(book: Book):
    sold(book, m01="400.00", m03="300.00")
    book.documents("kind,number,issue_date,total\ncredit_note,N1,2026-02-10,50.00")
    book.payments("number,date,amount,applies_to\nP1,2026-03-02,200.00,Fm01")
    assert book.kpi()["dso_countback"] == "74.50"


def test_a_balance_that_outlives_all_sales_has_no_countback(book: Book):
    sold(book, m01="100.00", m02="50.00")
    book.documents("kind,number,issue_date,total\ncredit_note,N1,2026-02-10,10.00")
    # 150 open; sales of February are 40, of January 100
    assert book.kpi("2026-02")["dso_countback"] is None


def test_a_balance_equal_to_all_sales_has_one(book: Book):
    sold(book, m02="100.00", m03="50.00")
    assert book.kpi()["dso_countback"] == "59.00"


# ------------------------------------------------------------------ months, currencies, regions
def test_a_row_for_each_month_and_each_currency_used_up_to_the_end(book: Book):
    book.documents("""
        number,issue_date,total,currency,exchange_rate
        F1,2026-02-10,100.00,MXN,
        U1,2026-03-10,5.00,USD,17
        E1,2026-05-10,5.00,EUR,20
    """)
    rows = book.kpis("2026-01", "2026-04")
    assert {(row["month"], row["currency"]) for row in rows} == {
        (month, currency) for month in ("2026-01", "2026-02", "2026-03", "2026-04") for currency in ("MXN", "USD")
    }
    assert len(rows) == 8
    closing = {(row["month"], row["currency"]): row["closing"] for row in rows}
    assert (closing["2026-01", "MXN"], closing["2026-02", "USD"], closing["2026-04", "USD"]) == ("0.00", "0.00", "5.00")


def test_years_roll_over(book: Book):
    book.documents("number,issue_date,total\nF1,2025-12-10,100.00")
    assert [row["month"] for row in book.kpis("2025-11", "2026-02")] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [row["opening"] for row in book.kpis("2025-11", "2026-02")] == ["0.00", "0.00", "100.00", "100.00"]


def test_a_region_counts_its_customers_only(book: Book):
    book.documents("number,customer,issue_date,total\nF1,C1,2026-03-01,100.00\nF2,C2,2026-03-01,40.00")
    book.payments("number,date,amount,customer\nP1,2026-03-02,5.00,C1\nP2,2026-03-02,70.00,")
    assert pick(book.kpi("2026-03", "--region", "NORTE"), "sales closing collected unidentified") == {
        "sales": "100.00", "closing": "100.00", "collected": "5.00", "unidentified": "0.00"
    }  # fmt: skip
    assert pick(book.kpi("2026-03"), "sales collected unidentified") == {
        "sales": "140.00", "collected": "5.00", "unidentified": "70.00"
    }  # fmt: skip


def test_a_region_that_nobody_has_gives_nothing(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    assert all(row["closing"] == "0.00" for row in book.kpis("2026-03", "2026-03", "--region", "NADIE"))


@pytest.mark.parametrize(
    "arguments",
    [["--from", "2026-04", "--to", "2026-03"], ["--from", "2026-13", "--to", "2026-13"], ["--from", "2026-3", "--to",
    "2026-03"],
     ["--from", "2026-03-01", "--to", "2026-03-31"], ["--from", "2026-03"], []],
)  # fmt: skip
def test_months_that_cannot_be_are_wrong_usage(book: Book, arguments: list[str]):
    book.fails(2, "kpis", *arguments)


def test_promises_are_none(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    assert pick(book.kpi(), "promises_due promises_kept_pct") == {"promises_due": 0, "promises_kept_pct": None}
