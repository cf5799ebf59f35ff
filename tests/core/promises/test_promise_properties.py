"""Random histories of one customer's money and promises; every promise, on every day, against a slow model of its own.

The model keeps what happened in lists and counts it anew for each question. The product's two ways of judging (SQL for
lists, Python for who is in the way of a new promise) must both say the same.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, column, select, values
from sqlmodel import Session, col

from core.auth.actor import Actor, Role
from core.db import transaction
from core.documents.credit_notes import apply_credit_note
from core.errors import DomainError
from core.money import ZERO
from core.payments.application import Way, apply_payment, undo_application
from core.payments.reversal import reverse_payment
from core.payments.unidentified import identify_payment
from core.promises.levels import levels
from core.promises.models import Promise
from core.promises.pending import Pending
from core.promises.recording import (
    AlreadyPromised,
    AlreadyPromisedOnAccount,
    record_promise,
    reschedule_promise,
    withdraw_promise,
)
from core.promises.standing import judged, promises_at, standing
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, line

CASHIER, OTHER = Actor(None, "una", Role.ADMIN), Actor(None, "otra", Role.ADMIN)
LAST = 24
DAYS = st.integers(0, LAST)
AMOUNTS = st.integers(1, 40).map(Decimal)
WHICH = st.integers(0, 5)
DOCUMENTS = st.sets(st.integers(0, 2), max_size=2)
PROMISE = st.tuples(st.just("promise"), DOCUMENTS, AMOUNTS, DAYS, st.integers(0, 8))
APPLY = st.tuples(st.just("apply"), WHICH, st.integers(0, 2), AMOUNTS, DAYS)
STEPS = st.lists(
    st.one_of(
        PROMISE, PROMISE, APPLY, APPLY, APPLY,
        st.tuples(st.just("note"), st.integers(0, 2), AMOUNTS, DAYS),
        st.tuples(st.just("undo"), WHICH, DAYS),
        st.tuples(st.just("reverse"), WHICH, DAYS),
        st.tuples(st.just("identify"), DAYS),
        st.tuples(st.just("withdraw"), WHICH, DAYS),
        st.tuples(st.just("reschedule"), WHICH, DAYS, st.integers(0, 8)),
    ),
    max_size=22,
)  # fmt: skip


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


#: Past the end of every window.
DAYS_LOOKED_AT = [day(number) for number in range(LAST + 10)]


@dataclass
class Told:
    """A promise as the model keeps it."""

    number: str
    documents: frozenset[int]
    amount: Decimal
    made: date
    ends: date
    ended: date | None = None
    ending: str = ""


@dataclass
class Model:
    """What happened, in the words of the contract."""

    applied: list[list[Any]] = field(default_factory=list)  # document, payment, amount, on, undone on
    received: list[list[Any]] = field(default_factory=list)  # payment, amount, dated, on the account since, reversed on
    promises: list[Told] = field(default_factory=list)

    def money(self, one: Told, on: date) -> list[tuple[date, Decimal]]:
        """What came for a promise from its first day to `on`, by the date that counts, without what is undone."""
        if one.documents:
            found = [(when, amount) for document, _, amount, when, undone in self.applied
                     if document in one.documents and when <= on and (undone is None or undone > on)]  # fmt: skip
        else:
            found = [(dated, amount) for _, amount, dated, since, gone in self.received
                     if since is not None and since <= on and (gone is None or gone > on)]  # fmt: skip
        return [(when, amount) for when, amount in found if when >= one.made]

    def stands(self, one: Told, on: date) -> tuple[str, Decimal]:
        money = self.money(one, on)
        paid = sum((amount for _, amount in money), ZERO)
        counted = sum((amount for when, amount in money if when <= one.ends), ZERO)
        if one.ended is not None and one.ended <= on:
            return one.ending, paid
        if counted >= one.amount:
            return "kept", paid
        if on <= one.ends:
            return "pending", paid
        return ("partly_kept" if counted else "broken"), paid

    def in_the_way(self, documents: frozenset[int], on: date, *, but: str = "") -> bool:
        return any(
            one.number != but and one.made <= on and self.stands(one, on)[0] == "pending"
            and (one.documents & documents if documents else not one.documents)
            for one in self.promises
        )  # fmt: skip

    def level(self, one: Told) -> int:
        place = self.promises.index(one)
        before = [
            (other.made, at, other) for at, other in enumerate(self.promises)
            if other.documents & one.documents and (other.made, at) < (one.made, place)
            and not (other.ended is not None and other.ended <= one.made)
        ]  # fmt: skip
        if not before:
            return 1
        last = max(before, key=lambda found: found[:2])[2]
        return self.level(last) + 1 if self.stands(last, one.made)[0] in ("broken", "partly_kept") else 1


class History:
    """One customer with three invoices and six payments, one of them nobody's at first; the model beside the books."""

    def __init__(self, session: Session) -> None:
        self.session, self.model = session, Model()
        self.customer = a_customer(session)
        self.charges = [a_charge(session, self.customer, amount="60.00", issued_on=day(0)) for _ in range(3)]
        dated = [0, 3, 6, 9, 12, 2]
        self.payments = [
            a_payment(session, None if at == 5 else self.customer, amount="50.00", paid_on=day(when))
            for at, when in enumerate(dated)
        ]
        self.model.received = [
            [at, Decimal(50), day(when), None if at == 5 else day(when), None] for at, when in enumerate(dated)
        ]

    def do(self, step: tuple[Any, ...]) -> None:
        """One thing that a user asks for; what is refused leaves no trace."""
        name, *facts = step
        with self.session.begin_nested() as point:
            try:
                getattr(self, name)(*facts)
            except DomainError as error:
                point.rollback()
                clash = isinstance(error, (AlreadyPromised, AlreadyPromisedOnAccount))
                assert not clash or self.expected_clash, "refused though nothing is in its way"
                return
        self.session.flush()

    expected_clash = False

    def promise(self, documents: set[int], amount: Decimal, on: int, length: int) -> None:
        named = frozenset(documents)
        self.expected_clash = self.model.in_the_way(named, day(on))
        made = record_promise(
            self.session, CASHIER, customer_id=self.customer.id or 0, amount=amount, currency=None, made_on=day(on),
            promised_on=day(on + length), documents=[self.charges[at].number for at in named],
        )  # fmt: skip
        assert not self.expected_clash, "taken though another was in its way"
        self.model.promises.append(Told(made.number, named, amount, made.made_on, made.ends_on))

    def _chosen(self, which: int) -> Told | None:
        return self.model.promises[which % len(self.model.promises)] if self.model.promises else None

    def withdraw(self, which: int, on: int) -> None:
        if (one := self._chosen(which)) is not None:
            withdraw_promise(self.session, CASHIER, number=one.number, on=day(on), reason="x")
            one.ended, one.ending = day(on), "withdrawn"

    def reschedule(self, which: int, on: int, length: int) -> None:
        if (one := self._chosen(which)) is None:
            return
        self.expected_clash = self.model.in_the_way(one.documents, day(on), but=one.number)
        made = reschedule_promise(
            self.session, CASHIER, number=one.number, on=day(on), promised_on=day(on + length)
        )  # fmt: skip
        one.ended, one.ending = day(on), "rescheduled"
        self.model.promises.append(Told(made.number, one.documents, one.amount, made.made_on, made.ends_on))

    def apply(self, which: int, charge: int, amount: Decimal, on: int) -> None:
        payment = self.payments[which]
        lines = [line(self.session, self.charges[charge], str(amount))]
        apply_payment(self.session, CASHIER, number=payment.number, lines=lines, way=Way(on=day(on)))
        self.model.applied.append([charge, which, amount, day(on), None])

    def note(self, charge: int, amount: Decimal, on: int) -> None:
        found = a_credit_note(self.session, self.customer, amount=str(amount), issued_on=day(0))
        lines = [line(self.session, self.charges[charge], str(amount))]
        apply_credit_note(self.session, CASHIER, number=found.number, lines=lines, on=day(on))

    def undo(self, which: int, on: int) -> None:
        live = [one for one in self.model.applied if one[4] is None]
        if not live:
            return
        charge, payment, *_ = live[which % len(live)]
        undo_application(
            self.session, OTHER, number=self.payments[payment].number, document=self.charges[charge].number,
            on=day(on), reason="error",
        )  # fmt: skip
        for one in live:
            if one[:2] == [charge, payment]:
                one[4] = max(day(on), one[3])

    def reverse(self, which: int, on: int) -> None:
        reverse_payment(self.session, OTHER, number=self.payments[which].number, on=day(on), reason="error")
        self.model.received[which][4] = day(on)
        for one in self.model.applied:
            if one[1] == which and one[4] is None:
                one[4] = max(day(on), one[3])

    def identify(self, on: int) -> None:
        identify_payment(
            self.session, CASHIER, number=self.payments[5].number, customer_id=self.customer.id or 0, on=day(on)
        )
        self.model.received[5][3] = day(on)

    def check(self) -> None:
        """Every promise on every day, and the level of each."""
        data = [(on,) for on in DAYS_LOOKED_AT]
        asked = values(column("day", Date), name="asked").data(data).cte()
        its = judged(promises_at(asked.c.day).join(asked, col(Promise.made_on) <= asked.c.day)).c
        rows = self.session.execute(select(its.as_of, its.number, its.promise_id, its.status, its.paid)).all()
        assert {(on, number): (status, paid) for on, number, _, status, paid in rows} == {
            (on, one.number): self.model.stands(one, on)
            for on in DAYS_LOOKED_AT for one in self.model.promises if one.made <= on
        }  # fmt: skip
        last = standing(DAYS_LOOKED_AT[-1]).c
        found = {number: (status, paid) for number, status, paid in
                 self.session.execute(select(last.number, last.status, last.paid))}  # fmt: skip
        assert found == {one.number: self.model.stands(one, DAYS_LOOKED_AT[-1]) for one in self.model.promises}
        ids = {number: id_ for _, number, id_, *_ in rows}
        level = levels(self.session, ids.values())
        assert {one.number: level[ids[one.number]] for one in self.model.promises} == {
            one.number: self.model.level(one) for one in self.model.promises
        }
        self._check_pending(ids)

    def _check_pending(self, ids: dict[str, int]) -> None:
        """The way that a file's rows are judged says the same."""
        pending = Pending(
            self.session, documents=[one.id or 0 for one in self.charges], customers=[self.customer.id or 0],
            since=day(0),
        )  # fmt: skip
        made = {one.id: one for group in (pending._by_document, pending._by_account)
                for ones in group.values() for one in ones}  # fmt: skip
        for one in self.model.promises:
            for on in DAYS_LOOKED_AT:
                is_pending = one.made <= on and self.model.stands(one, on)[0] == "pending"
                assert pending.is_pending(made[ids[one.number]], on) == is_pending


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_promise_stands_every_day_as_a_slow_model_says(database: Any, steps: list[tuple[Any, ...]]):
    with transaction() as session:
        history = History(session)
        for step in steps:
            history.do(step)
        history.check()
        session.rollback()
