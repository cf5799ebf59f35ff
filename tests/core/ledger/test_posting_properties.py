"""Random sequences of what users do to one account, then the invariants of the contract, at every date."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Actor, Role, system
from core.db import transaction
from core.documents.applying import Line
from core.documents.credit_notes import apply_credit_note
from core.documents.reversal import reverse_document, undo_credit_note_application
from core.errors import DomainError
from core.jobs.check_books import check_books
from core.ledger.models import Application, Entry, Kind, Reversal, Side, Source
from core.ledger.queries import open_items
from core.money import ZERO
from core.payments.application import Way, apply_payment, undo_application
from core.payments.refunds import refund, undo_refund
from core.payments.reversal import reverse_payment
from core.payments.unidentified import identify_payment
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, entries_of

ACTOR, OTHER = Actor(None, "una", Role.ADMIN), Actor(None, "otra", Role.ADMIN)
DAYS, LATE = st.integers(0, 12), st.integers(5, 12)
AMOUNTS = st.decimals("0.01", "40.00", places=2)
PAPERS, WHICH = st.integers(0, 3), st.integers(0, 20)
APPLY = st.tuples(st.just("apply"), PAPERS, PAPERS, AMOUNTS, LATE, st.booleans())
UNDO = st.tuples(st.just("undo"), WHICH, LATE)
RARE = st.one_of(
    st.tuples(st.just("apply"), PAPERS, PAPERS, AMOUNTS, DAYS, st.booleans()),
    st.tuples(st.just("undo"), WHICH, DAYS),
    st.tuples(st.just("reverse payment"), PAPERS, DAYS),
    st.tuples(st.just("reverse charge"), PAPERS, DAYS),
    st.tuples(st.just("reverse note"), DAYS),
    st.tuples(st.just("refund"), PAPERS, AMOUNTS, LATE),
    st.tuples(st.just("undo refund"), WHICH, DAYS),
    st.tuples(st.just("identify"), DAYS),
)
STEPS = st.lists(st.one_of(APPLY, APPLY, st.tuples(st.just("credit"), PAPERS, AMOUNTS, LATE), UNDO, RARE), max_size=16)


class Account:
    """One customer with two invoices in pesos (one in instalments), two in dollars, four payments, a credit note."""

    def __init__(self, session: Session) -> None:
        self.session = session
        set_setting(session, ACTOR, key="writeoff.tolerance", value="20.00")
        self.customer = a_customer(session)
        parts = [(day(9), "33.33"), (day(40), "66.67")]
        self.charges = [
            a_charge(session, self.customer, amount="80.00", issued_on=day(0), due_on=day(5)),
            a_charge(session, self.customer, instalments=parts, issued_on=day(3)),
            a_charge(session, self.customer, amount="10.00", issued_on=day(1), currency="USD", rate="18.5"),
            a_charge(session, self.customer, amount="7.77", issued_on=day(6), currency="USD", rate="17.123456"),
        ]
        self.payments = [
            a_payment(session, self.customer, amount="100.00", paid_on=day(0)),
            a_payment(session, self.customer, amount="55.55", paid_on=day(4)),
            a_payment(session, self.customer, amount="9.00", paid_on=day(2), currency="USD", rate="19.1"),
            a_payment(session, None, amount="60.00", paid_on=day(1)),
        ]
        self.note = a_credit_note(session, self.customer, amount="45.00", issued_on=day(2))
        self.refunds: list[int] = []
        self.applied: list[tuple[str, str]] = []  # what to what, by number; perhaps undone since

    def do(self, step: tuple[Any, ...]) -> None:
        """One thing that a user asks for; what is refused leaves no trace."""
        name, *facts = step
        todo: Callable[..., None] = getattr(self, name.replace(" ", "_"))
        with self.session.begin_nested() as point:
            try:
                todo(*facts)
            except DomainError:
                point.rollback()

    def _lines(self, charge: int, amount: Decimal, close: bool = False) -> list[Line]:
        entries = entries_of(self.session, self.charges[charge])
        return [Line(entry.id or 0, amount, close) for entry in entries]

    def apply(self, payment: int, charge: int, amount: Decimal, on: int, close: bool) -> None:
        number = self.payments[payment].number
        way = Way(day(on), Decimal("18.7694") if charge > 1 else Decimal(1))
        apply_payment(self.session, ACTOR, number=number, lines=self._lines(charge, amount, close), way=way)
        self.applied.append((number, self.charges[charge].number))

    def credit(self, charge: int, amount: Decimal, on: int) -> None:
        lines = self._lines(charge, amount)
        apply_credit_note(self.session, ACTOR, number=self.note.number, lines=lines, on=day(on))
        self.applied.append((self.note.number, self.charges[charge].number))

    def undo(self, which: int, on: int) -> None:
        if self.applied:
            number, document = self.applied[which % len(self.applied)]
            work = undo_credit_note_application if number == self.note.number else undo_application
            work(self.session, ACTOR, number=number, document=document, on=day(on), reason="x")

    def reverse_payment(self, payment: int, on: int) -> None:
        reverse_payment(self.session, OTHER, number=self.payments[payment].number, on=day(on), reason="x")

    def reverse_charge(self, charge: int, on: int) -> None:
        reverse_document(self.session, OTHER, number=self.charges[charge].number, on=day(on), reason="x")

    def reverse_note(self, on: int) -> None:
        reverse_document(self.session, OTHER, number=self.note.number, on=day(on), reason="x")

    def refund(self, payment: int, amount: Decimal, on: int) -> None:
        made = refund(self.session, ACTOR, number=self.payments[payment].number, amount=amount, on=day(on))
        self.refunds.append(made.id or 0)

    def undo_refund(self, which: int, on: int) -> None:
        if self.refunds:
            given = self.refunds[which % len(self.refunds)]
            undo_refund(self.session, OTHER, adjustment_id=given, on=day(on), reason="x")

    def identify(self, on: int) -> None:
        number, customer = self.payments[3].number, self.customer.id or 0
        identify_payment(self.session, ACTOR, number=number, customer_id=customer, on=day(on))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def check(session: Session) -> None:
    """Every balance within 0..amount on every day; charges paid = credits used; history and live figures agree."""
    entries = list(session.scalars(select(Entry).execution_options(populate_existing=True)))
    moves = session.execute(
        select(
            col(Application.charge_id), col(Application.credit_id), col(Application.amount), col(Application.applied_on)
        )
    ).all()
    gone = {
        (one.source, one.source_id): one.reversed_on
        for one in session.scalars(select(Reversal).where(col(Reversal.document_id).is_(None)))
    }
    for on in (day(number) for number in range(-1, 16)):
        then = {}
        for entry in entries:
            applied = sum((m[2] for m in moves if entry.id in m[:2] and m[3] <= on), ZERO)
            assert 0 <= applied <= entry.amount, (entry, on)
            if entry.booked_on <= on:
                then[entry.id] = entry.amount - applied
            if on >= gone.get((entry.source, entry.source_id), date.max):
                assert then[entry.id] == 0, (entry, on)
        found = {row.entry_id: row.balance for row in session.execute(select(open_items(session, on)))}
        assert found == {id_: left for id_, left in then.items() if left}, on
        for currency in ("MXN", "USD"):
            mine = [entry for entry in entries if entry.currency == currency and entry.booked_on <= on]
            ledger = sum((sign(entry) * entry.amount for entry in mine), ZERO)
            assert ledger == sum((sign(entry) * then[entry.id] for entry in mine), ZERO)
    for entry in entries:
        assert entry.open == entry.amount - sum((m[2] for m in moves if entry.id in m[:2]), ZERO)
    legs = [entry for entry in entries if entry.source == Source.ADJUSTMENT and entry.kind != Kind.REFUND]
    assert all(entry.open == 0 for entry in legs)


def sign(entry: Entry) -> int:
    return 1 if entry.side == Side.CHARGE else -1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_users_do_the_books_add_up(database, steps):
    with transaction() as session:
        account = Account(session)
        for step in steps:
            account.do(step)
        check(session)
        assert check_books(session, system(), today=day(20)) == []
        session.rollback()
