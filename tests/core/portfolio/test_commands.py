"""`aging`, `statement` and `kpis` on the command line: shapes, defaults, refusals. Contract, sections 2 and 4."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.auth.actor import system
from core.db import transaction
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_customer, a_payment, pay

BUCKETS = ["current", "1-30", "31-60", "61-90", "91-120", "121+"]
FIGURES = ["unapplied", "total", "overdue", "disputed", "future", "base_total"]


@pytest.fixture
def books(database, business_day):
    business_day(TODAY)
    with transaction() as session:
        customer = a_customer(session, "C001", legal_name="Aceros", region="Norte")
        charge = a_charge(session, customer, amount="100.00", overdue_days=40, number="A-1", po_number="OC-1")
        pay(session, customer, charge, amount="30.00", number="R-1")
        a_payment(session, customer, amount="5.00", number="R-2")


def test_an_aging_has_the_contracts_shape(books, cli):
    found = cli("aging", "--as-of", TODAY)
    assert found.code == 0
    assert found.data == {
        "as_of": "2026-03-31", "basis": "due_date", "by": "customer", "buckets": BUCKETS,
        "rows": [{"key": "C001", "name": "Aceros", "currency": "MXN", "current": "0.00", "1-30": "0.00",
                  "31-60": "70.00", "61-90": "0.00", "91-120": "0.00", "121+": "0.00", "unapplied": "-5.00",
                  "total": "65.00", "overdue": "70.00", "disputed": "0.00", "future": "0.00", "base_total": "65.00"}],
        "totals": [{"currency": "MXN", "current": "0.00", "1-30": "0.00", "31-60": "70.00", "61-90": "0.00",
                    "91-120": "0.00", "121+": "0.00", "unapplied": "-5.00", "total": "65.00", "overdue": "70.00",
                    "disputed": "0.00", "future": "0.00", "base_total": "65.00"}],
    }  # fmt: skip


def test_an_aging_by_document_adds_the_documents_facts(books, cli):
    invoice, payment = cli("aging", "--as-of", TODAY, "--by", "document").rows
    assert list(invoice) == [
        "key", "name", "currency", *BUCKETS, *FIGURES, "customer", "kind", "instalment", "issue_date", "due_date",
        "days", "original", "applied", "open", "sales_rep",
    ]  # fmt: skip
    assert (invoice["key"], invoice["instalment"], invoice["days"], invoice["applied"], invoice["sales_rep"]) == (
        "A-1", 1, 40, "30.00", None
    )  # fmt: skip
    assert (payment["kind"], payment["instalment"], payment["due_date"], payment["days"], payment["open"]) == (
        "payment", None, None, None, "-5.00"
    )  # fmt: skip


def test_buckets_come_from_the_setting_unless_they_are_given(books, cli):
    with transaction() as session:
        set_setting(session, system(), key="aging.buckets", value="15")
    assert cli("aging", "--as-of", TODAY).data["buckets"] == ["current", "1-15", "16+"]
    assert cli("aging", "--as-of", TODAY, "--buckets", "7,14").data["buckets"] == ["current", "1-7", "8-14", "15+"]


@pytest.mark.parametrize(
    "options", [("--customer", "X"), ("--region", "X"), ("--sales-rep", "X"), ("--currency", "EUR")]
)
def test_a_filter_value_that_nobody_has_answers_no_rows(books, cli, options):
    found = cli("aging", "--as-of", TODAY, *options)
    assert (found.code, found.rows, found.data["totals"]) == (0, [], [])


@pytest.mark.parametrize(
    "line",
    [("aging",), ("aging", "--as-of", "31/03/2026"), ("aging", "--as-of", "2026-02-30"),
     ("aging", "--as-of", "2026-03-31", "--by", "seller"), ("aging", "--as-of", "2026-03-31", "--basis", "x"),
     ("aging", "--as-of", "2026-03-31", "--buckets", "30,20"), ("aging", "--as-of", "2026-03-31", "--buckets", "0"),
     ("aging", "--as-of", "2026-03-31", "--format", "pdf"),
     ("statement",), ("statement", "C001", "--from", "2026-04-01", "--to", "2026-03-31"),
     ("statement", "C001", "--language", "fr"),
     ("kpis", "--from", "2026-03"), ("kpis", "--from", "2026-13", "--to", "2026-13"),
     ("kpis", "--from", "2026-04", "--to", "2026-03")],
)  # fmt: skip
def test_wrong_usage_exits_with_two_and_says_nothing_on_stdout(books, cli, line):
    found = cli(*line)
    assert (found.code, found.out) == (2, "")
    assert found.err


def test_a_statement_has_the_contracts_shape(books, cli):
    found = cli("statement", "C001", "--from", TODAY).data
    assert list(found) == ["customer", "currency", "from", "to", "opening", "lines", "closing", "aging"]
    assert (found["customer"], found["currency"], found["from"], found["to"]) == (
        "C001", "MXN", "2026-03-31", "2026-03-31"
    )  # fmt: skip
    assert (found["opening"], found["closing"]) == ("100.00", "65.00")
    assert found["lines"][0] == {
        "date": "2026-03-31", "kind": "payment", "document": "R-1", "reference": None, "charge": "0.00",
        "credit": "30.00", "balance": "70.00",
    }  # fmt: skip
    assert list(found["aging"]) == ["key", "name", "currency", *BUCKETS, *FIGURES]


def test_a_statement_is_from_the_beginning_to_today_unless_told(books, cli):
    found = cli("statement", "C001").data
    assert (found["from"], found["to"], found["opening"]) == (None, "2026-03-31", "0.00")
    assert found["lines"][0]["reference"] == "OC-1"
    earlier = cli("statement", "C001", "--today", TODAY - timedelta(days=1)).data
    assert (earlier["to"], earlier["closing"]) == ("2026-03-30", "100.00")


def test_a_customer_that_is_not_known_is_refused(books, cli):
    found = cli("statement", "C9")
    assert (found.code, found.out, len(found.reasons)) == (1, "", 1)


def test_a_user_sees_the_figures_of_ones_own_customers(books, cli, user):
    user("sur", "manager", region="Sur")
    assert cli("aging", "--as-of", TODAY, "--as", "sur").rows == []
    assert cli("kpis", "--from", "2026-03", "--to", "2026-03", "--as", "sur").rows == []
    assert cli("statement", "C001", "--as", "sur").code == 1


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_statement_can_be_written_as_a_file(books, cli, tmp_path, form):
    file = tmp_path / f"estado.{form}"
    assert cli("statement", "C001", "--format", form, "--language", "en", "--out", file).code == 0
    content = file.read_bytes()
    if form == "pdf":
        assert content.startswith(b"%PDF")
    else:
        assert load_workbook(BytesIO(content)).worksheets


def test_indicators_have_the_contracts_shape(books, cli):
    found = cli("kpis", "--from", "2026-03", "--to", "2026-03", "--region", "Norte").data
    assert (found["from"], found["to"], found["region"]) == ("2026-03", "2026-03", "Norte")
    [row] = found["rows"]
    assert list(row) == [
        "month", "currency", "opening", "sales", "collected", "closing", "overdue", "overdue_pct", "dso",
        "dso_countback", "best_possible_dso", "add", "cei_pct", "promises_due", "promises_kept_pct", "unidentified",
    ]  # fmt: skip
    assert (row["collected"], row["closing"], row["overdue_pct"], row["promises_due"], row["unidentified"]) == (
        "35.00", "70.00", "100.00", 0, "0.00"
    )  # fmt: skip
    assert (row["dso"], row["promises_kept_pct"]) == (None, None)
