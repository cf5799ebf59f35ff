"""Whatever happens to the books, in whatever order: the three ways to a balance agree at every date.

Random documents in instalments, payments, credit notes, applications, undoings and reversals, in two currencies, dated
before and after today; then aging, statement, ledger and indicators against a plain walk over all rows.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import system
from core.customers.models import Customer
from core.db import transaction
from core.ledger.models import Application, Entry, Source
from core.ledger.posting import Batch
from core.ledger.reversing import ReversedTooEarly, reverse_whole
from core.money import ZERO, rounded
from core.portfolio.aging import Basis, By, aging
from core.portfolio.explaining import applications_of
from core.portfolio.kpis import kpis
from core.portfolio.open_documents import open_documents
from core.portfolio.scope import Scope
from core.portfolio.statements import statement
from core.portfolio.tie_out import ledger_total
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_event

START = date(2026, 1, 20)
LIMITS = [10, 30]
RATES = {"MXN": "1", "USD": "18.769449"}

days = st.integers(0, 100).map(lambda offset: START + timedelta(days=offset))
amounts = st.integers(1, 50_000).map(lambda cents: f"{cents / 100:.2f}")
step = st.tuples(
    st.sampled_from(["charge", "charge", "payment", "note", "apply", "apply", "apply", "undo", "reverse"]),
    st.sampled_from(["C1", "C2"]), st.sampled_from(sorted(RATES)), days, amounts, st.integers(0, 1_000_000),
)  # fmt: skip


class Books:
    """A random history, step by step; a step that the rules refuse is left out."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.customers = {code: a_customer(session, code, region=code, sales_rep=code) for code in ("C1", "C2")}
        self.charges: list[Any] = []
        self.credits: list[tuple[Source, Any]] = []
        self.reversed: set[tuple[Source, int]] = set()

    def take(self, kind: str, code: str, currency: str, on: date, amount: str, pick: int) -> None:
        made: dict[str, Callable[[], None]] = {
            "charge": lambda: self.charge(code, currency, on, amount, pick),
            "payment": lambda: self.credit(Source.PAYMENT, code, currency, on, amount),
            "note": lambda: self.credit(Source.DOCUMENT, code, currency, on, amount),
            "apply": lambda: self.apply(pick, on),
            "undo": lambda: self.undo(pick, on),
            "reverse": lambda: self.reverse(pick, on),
        }
        made[kind]()

    def charge(self, code: str, currency: str, on: date, amount: str, pick: int) -> None:
        parts = [(on + timedelta(days=pick % 40 + 20 * place), amount) for place in range(pick % 3 + 1)]
        self.charges.append(
            a_charge(self.session, self.customers[code], instalments=parts, issued_on=on, currency=currency,
                     rate=RATES[currency], sales_rep=f"V{pick % 2}")
        )  # fmt: skip

    def credit(self, source: Source, code: str, currency: str, on: date, amount: str) -> None:
        facts: dict[str, Any] = {"amount": amount, "currency": currency, "rate": RATES[currency]}
        customer = self.customers[code]
        if source == Source.PAYMENT:
            self.credits.append((source, a_payment(self.session, customer, paid_on=on, **facts)))
        else:
            self.credits.append((source, a_credit_note(self.session, customer, issued_on=on, **facts)))

    def apply(self, pick: int, on: date) -> None:
        if not self.charges or not self.credits:
            return
        source, paper = self.credits[pick % len(self.credits)]
        charge = self.charges[pick // 7 % len(self.charges)]
        batch = Batch(self.session, event_id=an_event(self.session))
        [credit] = batch.load_of(source, [paper.id])[paper.id]
        parts = batch.load_of(Source.DOCUMENT, [charge.id])[charge.id]
        same = (credit.customer_id, credit.currency) == (parts[0].customer_id, parts[0].currency)
        if same and on >= max(credit.booked_on, parts[0].booked_on):
            batch.spread(credit, parts, on, limit=pick % 30_000 + 1)
            batch.flush()

    def undo(self, pick: int, on: date) -> None:
        if not self.credits:
            return
        source, paper = self.credits[pick % len(self.credits)]
        batch = Batch(self.session, event_id=an_event(self.session))
        [credit] = batch.load_of(source, [paper.id])[paper.id]
        if (source, paper.id) not in self.reversed and (live := credit.live()):
            batch.undo(live[pick % len(live)], on)
            batch.flush()

    def reverse(self, pick: int, on: date) -> None:
        papers = [*self.credits, *((Source.DOCUMENT, one) for one in self.charges)]
        if not papers:
            return
        source, paper = papers[pick % len(papers)]
        if (source, paper.id) in self.reversed:
            return
        batch = Batch(self.session, event_id=an_event(self.session))
        items = batch.load_of(source, [paper.id])[paper.id]
        try:
            reverse_whole(batch, items, source=source, source_id=paper.id, number=paper.number, on=on, reason="x")
        except ReversedTooEarly:
            return
        batch.flush()
        self.reversed.add((source, paper.id))


class Walk:
    """The same figures from every row there is, one by one."""

    def __init__(self, session: Session) -> None:
        codes = {one.id: one.code for one in session.scalars(select(Customer))}
        self.entries = [(one, codes[one.customer_id]) for one in session.scalars(select(Entry))]
        self.applied: dict[int, list[Application]] = defaultdict(list)
        for one in session.scalars(select(Application).order_by(col(Application.id))):
            self.applied[one.charge_id].append(one)
            self.applied[one.credit_id].append(one)

    def open(self, entry: Entry, on: date) -> Decimal:
        if entry.booked_on > on:
            return ZERO
        return entry.amount - sum((one.amount for one in self.applied[entry.id or 0] if one.applied_on <= on), ZERO)

    def aging(self, on: date) -> dict[tuple[str, str], dict[str, Decimal]]:
        found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for entry, code in self.entries:
            left = self.open(entry, on)
            if not left:
                continue
            sums, base = found[code, entry.currency], rounded(left * entry.exchange_rate)
            if entry.due_on is None:
                sums["unapplied"] -= left
                sums["base_total"] -= base
                continue
            late = (on - entry.due_on).days
            sums["current" if late <= 0 else "1-10" if late <= 10 else "11-30" if late <= 30 else "31+"] += left
            sums["overdue"] += left if late > 0 else ZERO
            sums["base_total"] += base
            sums["future"] += sum((
                one.amount for one in self.applied[entry.id or 0] if one.paid_on is not None and one.paid_on > on
            ), ZERO)  # fmt: skip
        return found

    def ledger(self, code: str, currency: str, on: date) -> Decimal:
        return sum(
            (entry.amount if entry.side == "charge" else -entry.amount for entry, owner in self.entries
             if (owner, entry.currency) == (code, currency) and entry.booked_on <= on), ZERO,
        )  # fmt: skip

    def closing(self, currency: str, on: date) -> Decimal:
        return sum(
            (self.open(entry, on) for entry, _ in self.entries if entry.due_on and entry.currency == currency), ZERO
        )


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(step, min_size=3, max_size=30), look=st.lists(days, min_size=1, max_size=2))
def test_aging_statement_ledger_and_indicators_agree_after_any_history(database, history, look):
    with transaction() as session:
        books = Books(session)
        for one in history:
            books.take(*one)
        walk = Walk(session)
        for on in [*look, START - timedelta(days=1), START + timedelta(days=400)]:
            aging_agrees(session, walk, on)
            statements_agree(session, walk, on)
        indicators_agree(session, walk)
        session.rollback()


def aging_agrees(session: Session, walk: Walk, on: date) -> None:
    asked: dict[str, Any] = {"as_of": on, "limits": LIMITS}
    found, expected = aging(session, system(), **asked), walk.aging(on)
    assert {(row.key, row.currency) for row in found.rows} == set(expected)
    for row in found.rows:
        sums = expected[row.key, row.currency]
        names = ("unapplied", "overdue", "future", "base_total")
        assert dict(zip(found.buckets, row.buckets, strict=True)) == {name: sums[name] for name in found.buckets}
        assert {name: getattr(row, name) for name in names} == {name: sums[name] for name in names}
        assert row.total == sum(row.buckets, ZERO) + row.unapplied == walk.ledger(row.key, row.currency, on)
    totals = {row.currency: row[4:] for row in found.totals}
    owed = ledger_total(session, system(), as_of=on, scope=Scope())
    assert {row.currency: row.total for row in found.totals} == {key: owed[key] for key in totals}
    assert all(amount == 0 for key, amount in owed.items() if key not in totals)
    for by in (By.SALES_REP, By.REGION):
        for basis in Basis:
            other = aging(session, system(), by=by, basis=basis, **asked)
            assert {row.currency: row[4:] for row in other.totals} == totals
    papers = open_documents(session, system(), **asked)
    assert {row.currency: row[3:] for row in papers.totals} == {row.currency: row[3:] for row in found.totals}
    for paper in papers.rows:
        assert abs(paper.original) >= abs(paper.open) > 0
        applied = applications_of(session, system(), entry_id=paper.entry_id, as_of=on)
        assert sum((one.amount for one in applied), ZERO) == abs(paper.applied)


def statements_agree(session: Session, walk: Walk, on: date) -> None:
    for code in ("C1", "C2"):
        for currency in RATES:
            asked: dict[str, Any] = {"customer": code, "currency": currency}
            found = statement(session, system(), end=on, start=on - timedelta(days=20), **asked)
            before = statement(session, system(), end=on - timedelta(days=21), **asked)
            assert found.closing == found.aging.total == walk.ledger(code, currency, on)
            assert found.opening == before.closing
            assert found.opening + found.charges - found.credits == found.closing
            assert (found.lines[-1].balance if found.lines else found.opening) == found.closing


def indicators_agree(session: Session, walk: Walk) -> None:
    for row in kpis(session, system(), start="2026-01", end="2026-06", today=TODAY):
        first = date.fromisoformat(f"{row.month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        assert row.opening == walk.closing(row.currency, first - timedelta(days=1))
        assert row.closing == walk.closing(row.currency, last)
        overdue = (sums["overdue"] for (_, currency), sums in walk.aging(last).items() if currency == row.currency)
        assert row.overdue == sum(overdue, ZERO)
