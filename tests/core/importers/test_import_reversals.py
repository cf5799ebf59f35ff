"""Kinds `reversals` and `exchange_rates`."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.db import reading
from core.ledger.models import Reversal
from core.policies.models import ExchangeRate

D = Decimal
HEADER = "number,date,reason,document\n"


@pytest.fixture
def paid(book):
    """F1 (100) and F2 (50) of C1, both paid by P1 on 5 March."""
    book(
        "documents",
        "kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,100\ninvoice,F2,C1,2026-03-01,50\n",
    )
    book("payments", "number,date,amount,customer,applies_to\nP1,2026-03-05,150,C1,F1;F2\n")
    return book


def test_a_whole_payment_reopens_what_it_closed(paid, balances, cli):
    rows = HEADER + "P1,2026-03-10,Cheque devuelto,\n"
    answer = paid("reversals", rows)
    assert (answer.data["new"], answer.data["total"]) == (1, {})
    assert balances() == {"F1": D(100), "F2": D(50)}
    with reading() as session:
        reversal = session.scalars(select(Reversal)).one()
    assert (reversal.reason, reversal.reversed_on) == ("returned_cheque", date(2026, 3, 10))
    assert paid("reversals", rows).data["repeated"] == 1
    assert paid("reversals", HEADER + "P1,2026-03-10,returned_cheque,\n").data["repeated"] == 1
    assert paid("reversals", HEADER + "P1,2026-03-10,otro,\n").err.startswith("rows.csv:2: reason: ")
    assert paid("reversals", HEADER + "P1,2026-03-11,x,\n").err.startswith("rows.csv:2: number: ")
    assert cli("db", "check").code == 0


def test_only_what_was_applied_to_one_document(paid, balances, cli):
    rows = HEADER + "P1,2026-03-10,x,F1\n"
    assert paid("reversals", rows).data["new"] == 1
    assert balances() == {"F1": D(100), "P1": D(-100)}
    assert paid("reversals", rows).data["repeated"] == 1
    assert paid("reversals", HEADER + "P1,2026-03-11,x,F1\n").err.startswith("rows.csv:2: document: ")
    assert cli("db", "check").code == 0


def test_a_whole_invoice_leaves_its_money_unapplied(paid, balances, cli):
    assert paid("reversals", HEADER + "F1,2026-03-10,x,\nF2,2026-03-11,x,\n").data["new"] == 2
    assert balances() == {"P1": D(-150)}
    assert cli("db", "check").code == 0


def test_rows_take_effect_in_the_order_of_the_file(paid, balances, cli):
    """The part first, then the whole, then what is reversed already."""
    rows = HEADER + "P1,2026-03-10,x,F1\nP1,2026-03-12,x,\nF1,2026-03-12,x,\n"
    assert paid("reversals", rows).data["new"] == 3
    assert balances() == {"F2": D(50)}
    assert cli("db", "check").code == 0
    assert paid("reversals", rows).data["repeated"] == 3


def test_once_only_also_within_one_file(paid):
    answer = paid("reversals", HEADER + "P1,2026-03-10,x,\nP1,2026-03-11,x,\n")
    assert [line.split(": ")[:2] for line in answer.reasons] == [["rows.csv:3", "number"]]


def test_what_is_applied_later_is_undone_on_its_own_date(book, balances, cli):
    book("documents", "kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-20,100\n")
    book("payments", "number,date,amount,customer,applies_to\nP1,2026-03-05,100,C1,F1\n")
    assert book("reversals", HEADER + "P1,2026-03-10,x,\n").code == 0
    assert cli("aging", "--as-of", "2026-03-20").data["totals"][0]["total"] == "100.00"
    assert balances() == {"F1": D(100)}
    assert cli("db", "check").code == 0


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P9,2026-03-10,x,", "number"), ("P1,2026-03-04,x,", "date"), ("P1,2026-03-04,x,F1", "date"),
        ("P1,2026-03-10,x,F9", "document"), ("P1,2026-03-10,x,F3", "document"), ("F1,2026-03-10,x,F2", "document"),
        ("P1,2026-03-10,,", "reason"), ("F1,2026-02-28,x,", "date"), ("P1,,x,", "date"),
        ("P0,2026-03-10,x,F1", "document"),
        ("P0,2026-03-04,x,", "date"),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_reversals_that_are_refused(paid, row, column):
    paid("documents", "kind,number,customer,issue_date,total\ninvoice,F3,C1,2026-03-01,5\n")
    paid("payments", "number,date,amount,customer\nP0,2026-03-05,9,\n")
    answer = paid("reversals", HEADER + row + "\n")
    assert (answer.code, len(answer.reasons)) == (1, 1)
    assert answer.err.startswith(f"rows.csv:2: {column}: ")


def test_never_before_an_undo_already_recorded(paid, cli):
    paid("reversals", HEADER + "P1,2026-03-20,x,\n")
    assert paid("reversals", HEADER + "F1,2026-03-10,x,\n").err.startswith("rows.csv:2: date: ")
    assert paid("reversals", HEADER + "F1,2026-03-20,x,\n").code == 0
    assert cli("db", "check").code == 0


def test_an_unidentified_payment_can_be_reversed_too(book, cli):
    book("payments", "number,date,amount,customer\nP1,2026-03-05,9,\n")
    assert book("reversals", HEADER + "P1,2026-03-10,x,\n").data["new"] == 1
    assert cli("db", "check").code == 0


def test_nothing_is_undone_in_a_closed_month_but_what_is_known_stays_repeated(paid, cli):
    paid("reversals", HEADER + "P1,2026-03-10,x,F1\n")
    cli("close", "2026-03", "--today", "2026-04-15")
    assert paid("reversals", HEADER + "P1,2026-03-10,x,F1\n").data["repeated"] == 1
    assert paid("reversals", HEADER + "P1,2026-03-20,x,\n").err.startswith("rows.csv:2: date: ")
    assert paid("reversals", HEADER + "P1,2026-04-01,x,\n").code == 0


def test_what_the_screen_reversed_has_no_key(paid, cli):
    from core.auth.actor import Role
    from core.db import transaction
    from core.payments.reversal import reverse_payment
    from tests.build import an_actor

    with transaction() as session:
        reverse_payment(session, an_actor(Role.ADMIN, name="otra"), number="P1", on=date(2026, 3, 10), reason="x")
    assert paid("reversals", HEADER + "P1,2026-03-10,x,\n").err.startswith("rows.csv:2: number: ")


# ------------------------------------------------------------------ exchange rates
def test_rates_are_new_repeated_or_in_conflict(database, load):
    rows = "fecha,moneda,tipo de cambio\n2026-03-01,usd,17.123456\n2026-03-02,EUR,20\n"
    assert load("exchange_rates", rows).data["new"] == 2
    assert load("exchange_rates", rows.replace("20\n", "20.000000\n")).data["repeated"] == 2
    assert load("exchange_rates", rows.replace("20\n", "20.5\n")).err.startswith("rows.csv:3: rate: ")
    with reading() as session:
        assert {one.rate for one in session.scalars(select(ExchangeRate))} == {D("17.123456"), D(20)}


@pytest.mark.parametrize(
    ("row", "column"),
    [("2026-03-01,USD,0", "rate"), ("2026-03-01,USD,-1", "rate"), ("2026-03-01,USD,1.1234567", "rate"),
     ("2026-03-01,XXX,1", "currency"), (",USD,1", "date"), ("2026-03-01,MXN,2", "rate")],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_rates_that_are_refused(database, load, row, column):
    assert load("exchange_rates", "date,currency,rate\n" + row + "\n").err.startswith(f"rows.csv:2: {column}: ")
