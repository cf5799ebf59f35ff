"""Two people at the same instant: exactly one wins, the other reads a sentence; nothing is ever over-applied.

Real threads, real transactions, both databases.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.auth.actor import Role
from core.db import reading, transaction
from core.documents.applying import Line
from core.documents.approval import AlreadyDecided
from core.documents.credit_notes import Note, decide_credit_note, register_credit_note
from core.documents.models import Document
from core.documents.reversal import reverse_document
from core.errors import DomainError
from core.ledger.models import Application, Entry, Reversal
from core.ledger.posting import NumberTaken, OverApplied
from core.ledger.reversing import AlreadyReversed
from core.payments.application import apply_payment, undo_application
from core.payments.models import Payment
from core.payments.refunds import refund
from core.payments.registration import register_payment
from core.payments.reversal import reverse_payment
from core.payments.similar import LooksLikeAnother
from core.payments.unidentified import AlreadyIdentified, identify_payment
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor, entries_of, line, pay, received

CASHIER, SECOND = an_actor(Role.CASHIER, name="caja"), an_actor(Role.CASHIER, name="caja2")
MANAGER, OTHER = an_actor(Role.MANAGER, name="gerente"), an_actor(Role.MANAGER, name="otra")
Work = Callable[..., object]


def at_once(*works: Work) -> list[Any]:
    """Runs each in a thread and a transaction of its own, all let go together; what each returned or was refused."""
    start, told = Barrier(len(works)), list[Any](works)

    def run(place: int, work: Work) -> None:
        start.wait()
        try:
            with transaction() as session:
                told[place] = work(session)
        except DomainError as error:
            told[place] = error

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive(), "a writer hangs"
    return told


def one_wins(told: list[Any], refused: type[DomainError], *, winners: int = 1) -> None:
    errors = [one for one in told if isinstance(one, DomainError)]
    assert len(told) - len(errors) == winners, told
    assert all(isinstance(one, refused) and one.sentence() for one in errors), told


def opens() -> list[Decimal]:
    with reading() as session:
        rows = session.execute(select(col(Entry.amount), col(Entry.open)))
        return [open_ for amount, open_ in rows if 0 <= open_ <= amount]


def spent() -> Decimal:
    with reading() as session:
        return Decimal(session.scalar(select(func.sum(col(Application.amount)))) or 0)


pytestmark = pytest.mark.parametrize("turn", range(2))


def test_two_cashiers_spend_the_same_money(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        payment = a_payment(session, customer)
        lines = [line(session, a_charge(session, customer), "100.00") for _ in range(2)]
    told = at_once(*(lambda s, one=one: apply_payment(s, CASHIER, number=payment.number, lines=[one]) for one in lines))
    one_wins(told, OverApplied)
    assert spent() == Decimal("100.00")


def test_two_payments_close_the_same_invoice(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        charge = a_charge(session, customer, amount="100.00")
        payments = [a_payment(session, customer, amount=amount) for amount in ("100.00", "60.00")]
        lines = [line(session, charge, amount) for amount in ("100.00", "60.00")]
    told = at_once(
        *(
            lambda s, p=p, one=one: apply_payment(s, CASHIER, number=p.number, lines=[one])
            for p, one in zip(payments, lines, strict=True)
        )
    )
    one_wins(told, OverApplied)
    assert len(opens()) == 3


def test_eight_cashiers_share_one_invoice(database, turn):
    """Eight times 30 on 100: three win, whoever they are, and 10 stay open."""
    with transaction() as session:
        customer = a_customer(session)
        one = line(session, a_charge(session, customer, amount="100.00"), "30.00")
    told = at_once(
        *(
            lambda s, n=n: register_payment(
                s, CASHIER, received=received(customer, "30.00", bank_reference=f"R{n}"), lines=[one], another=True
            )
            for n in range(8)
        )
    )
    one_wins(told, OverApplied, winners=3)
    assert spent() == Decimal("90.00")


def test_crossed_applications_never_lock_each_other_out(database, turn):
    """Two payments on the same two invoices, in opposite order: on row locks alone that is a deadlock."""
    with transaction() as session:
        customer = a_customer(session)
        charges = [a_charge(session, customer) for _ in range(2)]
        payments = [a_payment(session, customer) for _ in range(2)]
        there = [line(session, charge, "50.00") for charge in charges]
    told = at_once(
        lambda s: apply_payment(s, CASHIER, number=payments[0].number, lines=there),
        lambda s: apply_payment(s, SECOND, number=payments[1].number, lines=list(reversed(there))),
    )
    assert told == [Decimal("0.00"), Decimal("0.00")]


def test_a_reversal_meets_an_application(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        payment, charge = a_payment(session, customer), a_charge(session, customer)
        one = line(session, charge, "100.00")
    told = at_once(
        lambda s: reverse_payment(s, MANAGER, number=payment.number, on=TODAY, reason="returned_cheque"),
        lambda s: apply_payment(s, CASHIER, number=payment.number, lines=[one]),
    )
    assert not isinstance(told[0], DomainError)  # the reversal stands either way: it undoes what came first
    assert told[1] == Decimal("0.00") or isinstance(told[1], OverApplied)
    with reading() as session:
        assert [entry.open for entry in entries_of(session, charge)] == [Decimal("1000.00")]
        assert [entry.open for entry in entries_of(session, payment)] == [Decimal("0.00")]


def test_a_document_is_reversed_while_it_is_paid(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        charge, payment = a_charge(session, customer), a_payment(session, customer)
        one = line(session, charge, "100.00")
    told = at_once(
        lambda s: reverse_document(s, MANAGER, number=charge.number, on=TODAY, reason="price"),
        lambda s: apply_payment(s, CASHIER, number=payment.number, lines=[one]),
    )
    assert not isinstance(told[0], DomainError)
    with reading() as session:
        assert [entry.open for entry in entries_of(session, charge)] == [Decimal("0.00")]
        assert [entry.open for entry in entries_of(session, payment)] == [Decimal("100.00")]


def test_the_same_payment_is_reversed_by_two(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        payment = pay(session, customer, a_charge(session, customer), amount="100.00")
    told = at_once(
        *(
            lambda s, who=who: reverse_payment(s, who, number=payment.number, on=TODAY, reason="duplicate")
            for who in (MANAGER, OTHER)
        )
    )
    one_wins(told, AlreadyReversed)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Reversal)) == 1


def test_the_same_application_is_undone_by_two(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        charge = a_charge(session, customer)
        payment = pay(session, customer, charge, amount="100.00")
    told = at_once(
        *(
            lambda s, who=who: undo_application(
                s, who, number=payment.number, document=charge.number, on=TODAY, reason="x"
            )
            for who in (CASHIER, SECOND)
        )
    )
    one_wins(told, DomainError)
    assert spent() == Decimal("0.00")


def test_one_payment_is_identified_for_two_customers(database, turn):
    with transaction() as session:
        payment = a_payment(session, None)
        customers = [a_customer(session).id or 0 for _ in range(2)]
    told = at_once(
        *(
            lambda s, id_=id_: identify_payment(s, CASHIER, number=payment.number, customer_id=id_, on=TODAY)
            for id_ in customers
        )
    )
    one_wins(told, AlreadyIdentified)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_an_unidentified_payment_is_reversed_while_it_is_identified(database, turn):
    with transaction() as session:
        payment, customer = a_payment(session, None), a_customer(session)
    told = at_once(
        lambda s: reverse_payment(s, an_actor(name="jefa"), number=payment.number, on=TODAY, reason="not_received"),
        lambda s: identify_payment(s, CASHIER, number=payment.number, customer_id=customer.id or 0, on=TODAY),
    )
    assert not [one for one in told if isinstance(one, DomainError)]
    with reading() as session:  # on the account and off again, whoever came first
        assert list(session.scalars(select(col(Entry.open)))) == [Decimal("0.00")] * 2


def test_the_same_money_is_refunded_and_applied(database, turn):
    with transaction() as session:
        customer = a_customer(session)
        payment = a_payment(session, customer)
        one = line(session, a_charge(session, customer), "100.00")
    told = at_once(
        lambda s: refund(s, CASHIER, number=payment.number, amount=Decimal("100.00"), on=TODAY),
        lambda s: apply_payment(s, SECOND, number=payment.number, lines=[one]),
    )
    one_wins(told, OverApplied)


@pytest.mark.parametrize("known", [True, False])
def test_a_double_click_registers_one(database, turn, known):
    with transaction() as session:
        customer = a_customer(session)
    what = received(customer if known else None)
    told = at_once(
        *(lambda s: register_payment(s, CASHIER, received=what, submission="token", another=True) for _ in range(4))
    )
    assert not [one for one in told if isinstance(one, DomainError)]
    assert sorted(one.repeated for one in told) == [False, True, True, True]
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_two_cashiers_register_the_same_deposit(database, turn):
    with transaction() as session:
        customer = a_customer(session)
    told = at_once(
        *(lambda s, who=who: register_payment(s, who, received=received(customer)) for who in (CASHIER, SECOND))
    )
    one_wins(told, LooksLikeAnother)


def test_a_number_is_given_to_one(database, turn):
    with transaction() as session:
        customers = [a_customer(session) for _ in range(2)]
    told = at_once(
        *(
            lambda s, one=one: register_payment(s, CASHIER, received=received(one, number="REC-1"), another=True)
            for one in customers
        )
    )
    one_wins(told, NumberTaken)


@pytest.mark.parametrize("second", [True, False])
def test_a_note_is_decided_by_one(database, turn, second):
    with transaction() as session:
        set_setting(session, an_actor(), key="approval.credit_note", value="1.00")
        note = Note(a_customer(session).id or 0, TODAY, Decimal("50.00"), "MXN", "return")
        request = register_credit_note(session, CASHIER, note=note).request_id or 0
    told = at_once(
        lambda s: decide_credit_note(s, MANAGER, request_id=request, approve=True, remark="sí"),
        lambda s: decide_credit_note(s, OTHER, request_id=request, approve=second, remark="no"),
    )
    one_wins(told, AlreadyDecided)
    with reading() as session:
        assert (session.scalar(select(func.count()).select_from(Document)) or 0) <= 1


def test_undo_and_application_in_any_order_leave_the_books_right(database, turn):
    """A storm on one account: whatever happens, what was applied and what is left add up."""
    with transaction() as session:
        customer = a_customer(session)
        charges = [a_charge(session, customer, amount="100.00") for _ in range(3)]
        payments = [pay(session, customer, charges[0], amount="20.00") for _ in range(3)]
        places: list[Line] = [line(session, charge, "10.00") for charge in charges[1:]]
    later = TODAY + timedelta(days=1)
    works: list[Work] = []
    for payment in payments:
        works.append(
            lambda s, p=payment: undo_application(
                s, CASHIER, number=p.number, document=charges[0].number, on=later, reason="x"
            )
        )
        works += [
            lambda s, p=payment, one=one: apply_payment(s, SECOND, number=p.number, lines=[one]) for one in places
        ]
    works.append(lambda s: reverse_payment(s, MANAGER, number=payments[0].number, on=later, reason="x"))
    at_once(*works)
    with reading() as session:
        for entry in session.scalars(select(Entry)):
            side = col(Application.charge_id) if entry.side == "charge" else col(Application.credit_id)
            applied = session.scalars(select(col(Application.amount)).where(side == entry.id))
            assert entry.open == entry.amount - sum(applied, Decimal("0.00"))
