"""Random files of every kind: what they bring keeps the invariants, and bringing it again changes nothing."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.auth.actor import system
from core.db import reading, transaction
from core.importers.base import Prepared, Source, commit, prepare
from core.importers.kinds import kind_of
from core.jobs.check_books import check_books

TABLES = (
    "customer", "customer_change", "document", "payment", "ledger_number", "ledger_entry", "ledger_application",
    "ledger_reversal", "exchange_rate", "audit_event",
)  # fmt: skip
CODES = st.sampled_from(["C1", "C2", "007", "7", "07"])
DAYS = st.integers(0, 40).map(lambda days: (date(2026, 2, 10) + timedelta(days)).isoformat())
AMOUNTS = st.one_of(
    st.decimals("0.01", "300.00", places=2).map(str), st.sampled_from(["1,000.00", "$50", "10.005", "100.00", "0.01"])
)
BLANK = st.just("")
DOCUMENTS, PAYMENTS = st.sampled_from([f"F{n}" for n in range(6)]), st.sampled_from([f"P{n}" for n in range(4)])
PAPERS = st.one_of(DOCUMENTS, PAYMENTS)
NAMED = st.one_of(
    BLANK, DOCUMENTS, st.lists(DOCUMENTS, min_size=2, max_size=3, unique=True).map(";".join),
    st.lists(st.tuples(DOCUMENTS, AMOUNTS).map(":".join), min_size=1, max_size=2).map(";".join),
)  # fmt: skip
MONEY = {"currency": st.sampled_from(["", "", "", "USD"]), "exchange_rate": st.sampled_from(["", "", "17.5"])}
KINDS = st.sampled_from(["invoice", "factura", "debit_note", "credit_note"])

FILES: list[tuple[str, dict[str, Any]]] = [
    ("customers", {
        "code": CODES, "legal_name": st.sampled_from(["Uno", "Dos, S.A.", "=3"]),
        "terms_days": st.sampled_from(["", "15"]), "credit_limit": st.sampled_from(["", "0", "500.00"]),
        "parent": st.one_of(BLANK, BLANK, CODES), "tax_id": st.sampled_from(["", "XAXX010101000", "GODE561231GR9"]),
    }),
    ("exchange_rates", {
        "date": DAYS, "currency": st.sampled_from(["USD", "EUR"]), "rate": st.sampled_from(["17", "18.5"]),
    }),
    ("documents", {
        "kind": KINDS, "number": DOCUMENTS, "customer": CODES, "issue_date": DAYS, "total": AMOUNTS,
        "due_date": st.one_of(BLANK, DAYS), "presented_date": st.one_of(BLANK, DAYS),
        "tax": st.sampled_from(["", "", "0.01"]), "applies_to": NAMED, "uuid": st.sampled_from(["", "", "a", "B"]),
        **MONEY,
    }),
    ("payments", {
        "number": PAYMENTS, "date": DAYS, "amount": AMOUNTS, "customer": st.one_of(BLANK, CODES, CODES),
        "applies_to": NAMED, **MONEY,
    }),
    ("applications", {"source": PAPERS, "document": DOCUMENTS, "amount": AMOUNTS, "date": st.one_of(BLANK, DAYS)}),
    ("reversals", {
        "number": PAPERS, "date": DAYS, "reason": st.sampled_from(["x", "cheque devuelto"]),
        "document": st.one_of(BLANK, BLANK, DOCUMENTS),
    }),
    ("payments", {"number": PAYMENTS, "date": DAYS, "amount": AMOUNTS, "customer": CODES}),
]  # fmt: skip


def rows_of(columns: dict[str, Any]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(columns), max_size=7)


BOOK = st.tuples(*(rows_of(columns) for _, columns in FILES))


def as_csv(columns: dict[str, Any], rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(columns))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def everything() -> dict[str, list[Any]]:
    with reading() as session:
        return {name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}")))) for name in TABLES}


def load(kind: str, data: bytes) -> tuple[Prepared, dict[str, Any]]:
    prepared = prepare(system(), kind_of(kind), Source("rows.csv", data))
    return prepared, commit(prepared, skip_bad_rows=True)


@given(BOOK)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_importing_twice_changes_nothing_and_the_books_stay_right(database, book):
    database.empty()
    good: list[tuple[str, bytes]] = []
    for (kind, columns), rows in zip(FILES, book, strict=True):
        prepared, first = load(kind, as_csv(columns, rows))
        assert first["read"] == len(rows)
        taken = [row for at, row in enumerate(rows, 2) if at not in prepared.bad]
        good.append((kind, as_csv(columns, taken)))
        before = everything()
        _, second = load(kind, good[-1][1])
        assert (second["repeated"], second["new"], second["updated"]) == (len(taken), 0, 0)
        assert everything() == before
    with transaction() as session:
        assert check_books(session, system(), today=date(2026, 12, 31)) == []
    before = everything()
    for kind, data in good:
        _, again = load(kind, data)
        assert (again["new"], again["updated"], again["rejected"]) == (0, 0, 0), kind
    assert everything() == before
