"""Kinds `payments` and `applications`: money that comes in, with or without customer, and what it closes."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.db import reading
from core.ledger.models import Application, Entry
from core.payments.models import Payment

D = Decimal
DOCUMENTS = "kind,number,customer,issue_date,total,due_date,instalments\n"
INVOICE = DOCUMENTS + "invoice,F1,C1,2026-03-01,100.00,,2026-03-31:60;2026-04-30:40\n"
HEADER = "number,date,amount,customer,applies_to\n"


def applied() -> list[tuple[str, Decimal, bool]]:
    with reading() as session:
        rows = session.execute(
            select(col(Application.applied_on), col(Application.amount), col(Application.imported))
            .order_by(col(Application.id))
        )  # fmt: skip
        return [(on.isoformat(), amount, imported) for on, amount, imported in rows]


def test_all_columns_are_kept(book):
    answer = book(
        "payments",
        "número,fecha,importe,cliente,moneda,tipo de cambio,forma de pago,referencia,cuenta bancaria,notas\n"
        'P1,2026-03-05,"$1,000.50",C1,USD,17.5,Cheque,REF 1,BBVA 01,nota\n',
    )
    assert answer.data["total"] == {"USD": "1000.50"}
    with reading() as session:
        made = session.scalars(select(Payment)).one()
        entry = session.scalars(select(Entry)).one()
    assert (made.amount, made.exchange_rate, made.method, made.bank_reference, made.account, made.notes) == (
        D("1000.50"), D("17.5"), "cheque", "REF 1", "BBVA 01", "nota",
    )  # fmt: skip
    assert (entry.paid_on, entry.booked_on, entry.open) == (made.paid_on, made.paid_on, made.amount)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P1,2026-03-05,0.00,C1,", "amount"), ("P1,2026-03-05,-5,C1,", "amount"), ("P1,2026-03-05,5-,C1,", "amount"),
        ("P1,2026-03-05,,C1,", "amount"), ("P1,,5,C1,", "date"), (",2026-03-05,5,C1,", "number"),
        ("P1,2026-03-05,5,C9,", "customer"), ("P1,2026-03-05,5,,F1", "applies_to"),
        ("P1,2026-03-05,5,C1,F9", "applies_to"), ("P1,2026-03-05,5,C2,F1", "applies_to"),
        ("P1,2026-03-05,5,C1,F1:6", "applies_to"), ("P1,2026-03-05,500,C1,F1:100.01", "applies_to"),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_rows_that_are_refused(book, row, column):
    book("documents", INVOICE)
    answer = book("payments", HEADER + row + "\n")
    assert (answer.code, len(answer.reasons)) == (1, 1)
    assert answer.err.startswith(f"rows.csv:2: {column}: ")


def test_a_payment_closes_the_oldest_instalments_first_and_the_rest_stays_in_favour(book, balances):
    book("documents", INVOICE + "invoice,F2,C1,2026-03-01,50,2026-04-15,\n")
    rows = HEADER + "P1,2026-03-05,100,C1,F1;F2\nP2,2026-03-06,100,C1,F1\n"
    assert book("payments", rows).data["warnings"] == []
    assert balances() == {"F2": D(10), "P2": D(-60)}
    assert book("payments", rows).data["repeated"] == 2


def test_what_names_nothing_is_applied_to_nothing_and_what_finds_nothing_open_is_told(book, balances):
    book("documents", INVOICE)
    answer = book("payments", HEADER + "P1,2026-03-05,100,C1,\nP2,2026-03-05,100,C1,F1\nP3,2026-03-05,7,C1,F1\n")
    assert balances() == {"P1": D(-100), "P3": D(-7)}
    assert ["1 (4)" in warning for warning in answer.data["warnings"]] == [True]


def test_each_application_is_dated_the_later_of_payment_and_document(book):
    book("documents", DOCUMENTS + "invoice,F1,C1,2026-03-01,10,,\ninvoice,F2,C1,2026-03-20,10,,\n")
    book("payments", HEADER + "P1,2026-03-05,20,C1,F1;F2\n")
    assert applied() == [("2026-03-05", D(10), False), ("2026-03-20", D(10), False)]


def test_only_what_is_open_on_that_day_and_all_later_ones_is_taken(book, balances):
    book("documents", DOCUMENTS + "invoice,F1,C1,2026-01-01,100,,\n")
    book("payments", HEADER + "P1,2026-01-10,100,C1,F1\n")
    book("reversals", "number,date,reason\nP1,2026-03-01,x\n")
    answer = book("payments", HEADER + "P2,2026-02-15,100,C1,F1\n")
    assert (answer.data["new"], len(answer.data["warnings"])) == (1, 1)
    assert book("payments", HEADER + "P3,2026-02-15,100,C1,F1:1\n").code == 1
    assert book("payments", HEADER + "P4,2026-03-01,100,C1,F1:100\n").code == 0
    assert balances() == {"P2": D(-100)}


def test_a_refused_row_leaves_the_balances_to_the_next_one(book, balances, tmp_path):
    book("documents", INVOICE)
    rows = HEADER + "P1,2026-03-05,90,C1,F1:60;F9:30\nP2,2026-03-05,100,C1,F1:100\n"
    answer = book("payments", rows, "--skip-bad-rows", "--rejected", str(tmp_path / "r.csv"))
    assert (answer.data["new"], answer.data["rejected"]) == (1, 1)
    assert balances() == {}


def test_an_unidentified_payment_gets_its_customer_on_the_day_of_the_import(book, balances):
    book("payments", HEADER + "P1,2026-03-05,70,,\n")
    assert balances() == {}
    named = HEADER + "P1,2026-03-05,70,C1,\n"
    answer = book("payments", named, "--today", "2026-03-20")
    assert (answer.data["updated"], answer.data["new"]) == (1, 0)
    with reading() as session:
        entry = session.scalars(select(Entry)).one()
    assert (entry.booked_on, entry.paid_on) == (date(2026, 3, 20), date(2026, 3, 5))
    assert book("payments", named).data["repeated"] == 1
    assert book("payments", HEADER + "P1,2026-03-05,70,,\n").data["repeated"] == 1
    assert book("payments", HEADER + "P1,2026-03-05,70,C2,\n").err.startswith("rows.csv:2: customer: ")


def test_nobody_is_identified_before_the_payment_in_a_closed_month_or_after_a_reversal(book, cli):
    book("payments", HEADER + "P1,2026-03-05,70,,\nP2,2026-03-05,70,,\n")
    named = HEADER + "P1,2026-03-05,70,C1,\n"
    assert book("payments", named, "--today", "2026-03-04").err.startswith("rows.csv:2: customer: ")
    book("reversals", "number,date,reason\nP2,2026-03-10,x\n")
    late = HEADER + "P2,2026-03-05,70,C1,\n"
    assert book("payments", late, "--today", "2026-03-11").err.startswith("rows.csv:2: customer: ")
    assert book("payments", late, "--today", "2026-03-10").data["updated"] == 1
    assert cli("close", "2026-03", "--today", "2026-04-15").code == 0
    assert book("payments", named, "--today", "2026-03-31").err.startswith("rows.csv:2: customer: ")
    assert cli("db", "check").code == 0


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P1,2026-03-06,100,C1,F1,cash", "date"), ("P1,2026-03-05,100.01,C1,F1,cash", "amount"),
        ("P1,2026-03-05,100,C2,F1,cash", "customer"), ("P1,2026-03-05,100,C1,F1:100,cash", "applies_to"),
        ("P1,2026-03-05,100,C1,F1,card", "method"),
    ],
)  # fmt: skip
def test_a_known_payment_that_says_otherwise_is_a_conflict(book, row, column):
    header = "number,date,amount,customer,applies_to,method\n"
    book("documents", INVOICE)
    book("payments", header + "P1,2026-03-05,100,C1,F1,cash\n")
    assert book("payments", header + row + "\n").err.startswith(f"rows.csv:2: {column}: ")
    assert book("payments", header + "P1,2026-03-05,100.0,C1,,efectivo\n").data["repeated"] == 1


def test_nothing_new_in_a_closed_month_but_what_is_known_stays_repeated_there(book, cli):
    book("payments", HEADER + "P1,2026-03-05,70,C1,\n")
    cli("close", "2026-03", "--today", "2026-04-15")
    assert book("payments", HEADER + "P1,2026-03-05,70,C1,\n").data["repeated"] == 1
    assert book("payments", HEADER + "P2,2026-03-31,70,C1,\n").err.startswith("rows.csv:2: date: ")


# ------------------------------------------------------------------ applications
PAID = HEADER + "P1,2026-03-05,100,C1,\n"


def test_a_row_closes_exactly_its_amount_over_the_instalments(book, balances):
    book("documents", INVOICE)
    book("payments", PAID)
    rows = "source,document,amount,date\nP1,F1,70.00,2026-03-10\n"
    assert book("applications", rows).data["total"] == {"MXN": "70.00"}
    assert applied() == [("2026-03-10", D(60), True), ("2026-03-10", D(10), True)]
    assert balances() == {"F1": D(30), "P1": D(-30)}
    assert book("applications", rows).data["repeated"] == 1
    assert book("applications", rows.replace("70.00", "71")).err.startswith("rows.csv:2: amount: ")


def test_a_blank_date_is_the_later_of_both_and_is_the_key(book):
    book("documents", DOCUMENTS + "invoice,F1,C1,2026-03-20,100,,\n")
    book("payments", PAID)
    assert book("applications", "source,document,amount,date\nP1,F1,70,\n").data["new"] == 1
    assert applied() == [("2026-03-20", D(70), True)]
    assert book("applications", "source,document,amount,date\nP1,F1,70,2026-03-20\n").data["repeated"] == 1
    assert book("applications", "source,document,amount,date\nP1,F1,10,2026-03-21\n").data["new"] == 1
    assert book("applications", "source,document,amount,date\nP1,F1,1,2026-03-19\n").err.startswith(
        "rows.csv:2: date: "
    )


def test_what_applies_to_brought_has_no_key(book, balances):
    book("documents", INVOICE)
    book("payments", HEADER + "P1,2026-03-05,100,C1,F1:50\n")
    assert book("applications", "source,document,amount\nP1,F1,50\n").data["new"] == 1
    assert balances() == {}


def test_rows_take_effect_in_the_order_of_the_file(book):
    book("documents", INVOICE)
    book("payments", PAID)
    answer = book("applications", "source,document,amount,date\nP1,F1,60,\nP1,F1,40,2026-03-06\nP1,F1,1,2026-03-07\n")
    assert [line.split(": ")[0] for line in answer.reasons] == ["rows.csv:4"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P9,F1,5,", "source"), ("F1,F1,5,", "source"), ("P0,F1,5,", "source"), ("P1,F9,5,", "document"),
        ("P1,N1,5,", "document"), ("P1,F2,5,", "document"), ("P1,FU,5,", "document"), ("P1,F1,100.01,", "amount"),
        ("P1,F1,0,", "amount"), ("P1,F1,5,2026-03-04", "date"), ("N1,F1,20.01,", "amount"),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_applications_that_are_refused(book, row, column):
    book("documents", INVOICE + "invoice,F2,C2,2026-03-01,5,,\ncredit_note,N1,C1,2026-03-01,20,,\n")
    book(
        "documents", "kind,number,customer,issue_date,total,currency\ninvoice,FU,C1,2026-03-01,5,USD\n", "--rate", "17"
    )
    book("payments", HEADER + "P1,2026-03-05,500,C1,\nP0,2026-03-05,70,,\n")
    answer = book("applications", "source,document,amount,date\n" + row + "\n")
    assert (answer.code, len(answer.reasons)) == (1, 1)
    assert answer.err.startswith(f"rows.csv:2: {column}: ")


def test_an_application_undone_since_is_repeated_all_the_same(book, balances):
    book("documents", INVOICE)
    book("payments", PAID)
    rows = "source,document,amount\nP1,F1,70\n"
    book("applications", rows)
    book("reversals", "number,date,reason,document\nP1,2026-03-10,x,F1\n")
    assert book("applications", rows).data["repeated"] == 1
    assert balances() == {"F1": D(100), "P1": D(-100)}
    assert book("applications", "source,document,amount,date\nP1,F1,70,2026-03-10\n").data["new"] == 1


def test_an_identified_payment_is_applied_from_that_day_on(book, cli):
    book("documents", INVOICE)
    book("payments", HEADER + "P1,2026-03-05,70,,\n")
    assert cli("payments", "identify", "P1", "--customer", "C1", "--on", "2026-03-12").code == 0
    early = "source,document,amount,date\nP1,F1,70,2026-03-11\n"
    assert book("applications", early).err.startswith("rows.csv:2: date: ")
    assert book("applications", "source,document,amount\nP1,F1,70\n").code == 0
    assert {on for on, _, _ in applied()} == {"2026-03-12"}
