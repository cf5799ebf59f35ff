"""Aging at a date, the columns beside the buckets: future money, company currency, the same totals for every group."""

from decimal import Decimal

import pytest

from tests.contract.helpers import BUCKETS, DAY, Book, pick, shown


# ------------------------------------------------------------------ future
@pytest.fixture
def post_dated(book: Book) -> Book:
    """F1 of 100.00, and a payment of 60.00 dated after the cut on it."""
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-04-10,60.00,F1")
    return book


def test_future_is_what_later_payments_have_applied_to_what_is_open(post_dated: Book):
    assert pick(post_dated.row(), "total future unapplied") == {
        "total": "100.00", "future": "60.00", "unapplied": "0.00"
    }  # fmt: skip
    assert post_dated.aging()["totals"][0]["future"] == "60.00"
    assert post_dated.row("2026-04-09")["future"] == "60.00"
    assert post_dated.row("2026-04-10")["future"] == "0.00"


@pytest.mark.parametrize("by", ["document", "customer", "region", "sales_rep"])
def test_future_is_the_same_by_every_group(post_dated: Book, by: str):
    assert post_dated.row(DAY, "--by", by, "--basis", "issue_date")["future"] == "60.00"


@pytest.mark.parametrize("document", ["", "F1"])
def test_a_reversed_or_undone_payment_is_no_future_money(post_dated: Book, document: str):
    post_dated.reversals(f"number,date,reason,document\nP1,2026-04-20,returned,{document}")
    assert post_dated.row()["future"] == "0.00"


def test_a_later_credit_note_is_no_future_money(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.documents("kind,number,issue_date,total,applies_to\ncredit_note,N1,2026-04-10,60.00,F1")
    assert book.row()["future"] == "0.00"


def test_later_money_on_a_document_not_yet_issued_is_not_shown(book: Book):
    book.documents("number,issue_date,total\nF1,2026-04-05,100.00")
    book.payments("number,date,amount,applies_to\nP1,2026-04-10,60.00,F1")
    assert book.aging()["rows"] == []


def test_money_received_before_the_cut_and_applied_later_is_unapplied_not_future(book: Book):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    book.payments("number,date,amount\nP1,2026-03-10,60.00")
    book.applications("source,document,amount,date\nP1,F1,60.00,2026-04-10")
    assert pick(book.row(), "current unapplied total future") == {
        "current": "100.00", "unapplied": "-60.00", "total": "40.00", "future": "0.00"
    }  # fmt: skip


# ------------------------------------------------------------------ company currency
def test_the_base_total_rounds_each_instalment_before_adding(book: Book):
    # 33.33 x 17.123456 = 570.7248 twice, 33.34 x 17.123456 = 570.8960: 1712.34, not 100.00 x 17.123456 = 1712.35
    parts = "2026-04-01:33.33;2026-05-01:33.33;2026-06-01:33.34"
    book.documents(
        f"number,issue_date,total,currency,exchange_rate,instalments\nU1,2026-03-01,100.00,USD,17.123456,{parts}"
    )
    assert book.row()["base_total"] == "1712.34"


@pytest.mark.parametrize(
    ("total", "rate", "base"),
    [
        ("0.01", "0.5", "0.01"), ("0.01", "0.499999", "0.00"), ("0.03", "0.5", "0.02"), ("1.00", "0.005", "0.01"),
        ("1.00", "0.004999", "0.00"), ("9999999999.99", "19.999999", "199999989999.80"),
        ("123456789.01", "18.765432", "2316719979.11"),
    ],
)  # fmt: skip
def test_the_base_total_is_exact_and_half_up(book: Book, total: str, rate: str, base: str):
    book.documents(f"number,issue_date,total,currency,exchange_rate\nU1,2026-03-01,{total},USD,{rate}")
    assert book.row()["base_total"] == base


def test_every_document_and_credit_keeps_its_own_rate(book: Book):
    book.documents("""
        number,issue_date,total,currency,exchange_rate
        U1,2026-03-01,100.00,USD,18.5
        U2,2026-03-02,100.00,USD,19
    """)
    book.payments("number,date,amount,currency,exchange_rate\nP1,2026-03-03,50.00,USD,20")
    assert pick(book.row(), "total base_total") == {"total": "150.00", "base_total": "2750.00"}


def test_a_credit_rounds_by_itself_like_a_charge(book: Book):
    book.documents("number,issue_date,total,currency,exchange_rate\nU1,2026-03-01,0.01,USD,0.5")
    book.payments("number,date,amount,currency,exchange_rate\nP1,2026-03-01,0.01,USD,0.5")
    assert pick(book.row(), "total base_total") == {"total": "0.00", "base_total": "0.00"}


def test_pesos_received_for_a_dollar_invoice_at_its_own_rate_leave_no_base_amount(book: Book):
    book.documents("number,issue_date,total,currency,exchange_rate\nU1,2026-03-01,1000.00,USD,18.5")
    book.payments("number,date,amount,currency,exchange_rate,applies_to\nP1,2026-03-10,600.00,USD,18.7694,U1")
    assert pick(book.row(), "total base_total") == {"total": "400.00", "base_total": "7400.00"}


# ------------------------------------------------------------------ totals
GRAND = ("currency", "unapplied", "total", "overdue", "disputed", "future", "base_total")


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("basis", ["due_date", "issue_date", "presented_date"])
def test_the_grand_totals_are_the_same_for_every_group_and_basis(book: Book, basis: str):
    book.documents("""
        number,customer,issue_date,total,presented_date,currency,exchange_rate,instalments,sales_rep
        F1,C1,2025-10-01,100.00,2026-01-05,,,2025-12-01:33.33;2026-03-30:33.33;2026-05-01:33.34,V9
        F2,C2,2026-01-10,50.00,,,,,
        U1,C2,2026-01-11,77.77,,USD,17.123457,2026-02-01:11.11;2026-04-01:66.66,
    """)
    book.payments("""
        number,date,amount,customer,currency,exchange_rate,applies_to
        P1,2026-03-01,40.00,C1,,,F1
        P2,2026-04-15,20.00,C1,,,F1
        P3,2026-03-10,9.00,C2,USD,18.5,
    """)
    expected = shown(book.aging()["totals"], " ".join(GRAND))
    for by in ("document", "customer", "sales_rep", "collector", "region", "district", "segment"):
        data = book.aging(DAY, "--by", by, "--basis", basis)
        assert shown(data["totals"], " ".join(GRAND)) == expected, by
        for total in data["totals"]:
            rows = [row for row in data["rows"] if row["currency"] == total["currency"]]
            for name in (*BUCKETS, *GRAND[1:]):
                assert sum((Decimal(row[name]) for row in rows), Decimal(0)) == Decimal(total[name]), (by, name)
