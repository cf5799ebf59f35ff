"""What becomes of a promise: paid, counted and status on any day, from the money that came and what was undone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Role, system
from core.documents.credit_notes import apply_credit_note
from core.documents.models import Document
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.payments.application import Way, apply_payment, undo_application
from core.payments.registration import register_payment
from core.payments.reversal import reverse_payment
from core.payments.unidentified import identify_payment
from core.policies.settings import set_setting
from core.promises.recording import record_promise
from core.promises.standing import standing
from tests.build import (
    a_charge,
    a_credit_note,
    a_customer,
    a_payment,
    an_actor,
    an_event,
    entries_of,
    line,
    pay,
    received,
)

ANA, MANAGER, CASHIER = an_actor(), an_actor(Role.MANAGER, name="eva"), an_actor(Role.CASHIER, name="caja")
MADE, DUE = date(2026, 3, 10), date(2026, 3, 20)


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def invoice(session: Session) -> Document:
    """F1 of 1000.00, issued on the first of March."""
    customer = a_customer(session, "C1")
    return a_charge(session, customer, number="F1", amount="1000.00", issued_on=march(1))


def owner(session: Session, document: Document) -> Any:
    from core.customers.models import Customer

    return session.get_one(Customer, document.customer_id)


def promise(session: Session, document: Document, amount: str = "600.00", *named: str, **facts: Any) -> str:
    """A promise of MADE for DUE, for these documents (on account: none)."""
    given = {"made_on": MADE, "promised_on": DUE, "currency": None, **facts}
    made = record_promise(
        session, ANA, customer_id=document.customer_id, amount=Decimal(amount), documents=named, **given
    )
    return made.number


def stands(session: Session, on: date, number: str | None = None) -> tuple[str, str, str]:
    """Status, paid and counted at the end of a day."""
    session.flush()
    its = standing(on).c
    found = select(its.status, its.paid, its.counted)
    status, paid, counted = session.execute(found.where(its.number == number) if number else found).one()
    return status, str(paid), str(counted)


# ------------------------------------------------------------------ by date, without money
@pytest.mark.parametrize(
    ("tolerance", "day", "status"),
    [("0", 19, "pending"), ("0", 20, "pending"), ("0", 21, "broken"), ("2", 22, "pending"), ("2", 23, "broken")],
)
def test_without_money_it_is_pending_to_the_end_of_its_window_and_broken_from_the_day_after(
    session: Session, invoice: Document, tolerance: str, day: int, status: str
):
    set_setting(session, system(), key="promises.tolerance_days", value=tolerance)
    promise(session, invoice, "600.00", "F1")
    assert stands(session, march(day)) == (status, "0.00", "0.00")


def test_another_tolerance_later_changes_no_promise_that_was_made_before(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    set_setting(session, system(), key="promises.tolerance_days", value="30")
    assert stands(session, march(21))[0] == "broken"


def test_before_the_day_on_which_it_was_made_there_is_no_promise(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    its = standing(MADE - timedelta(days=1))
    assert session.execute(select(its)).all() == []


# ------------------------------------------------------------------ money and the edges of the window
@pytest.mark.parametrize(
    ("paid_on", "counted", "status"),
    [
        (march(9), "0.00", "broken"), (march(10), "600.00", "kept"), (march(15), "600.00", "kept"),
        (march(20), "600.00", "kept"), (march(21), "0.00", "broken"),
    ],
)  # fmt: skip
def test_money_counts_from_the_day_of_the_promise_to_the_last_of_its_window(
    session: Session, invoice: Document, paid_on: date, counted: str, status: str
):
    promise(session, invoice, "600.00", "F1")
    pay(session, owner(session, invoice), invoice, amount="600.00", paid_on=paid_on)
    paid = "0.00" if paid_on < MADE else "600.00"
    assert stands(session, march(31)) == (status, paid, counted)


def test_it_is_kept_as_soon_as_the_amount_is_reached_and_not_before(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    pay(session, owner(session, invoice), invoice, amount="599.99", paid_on=march(12))
    pay(session, owner(session, invoice), invoice, amount="0.01", paid_on=march(14))
    assert stands(session, march(13)) == ("pending", "599.99", "599.99")
    assert stands(session, march(14)) == ("kept", "600.00", "600.00")


def test_a_part_in_time_is_partly_kept_and_what_comes_late_is_added_but_leaves_the_status(
    session: Session, invoice: Document
):
    promise(session, invoice, "600.00", "F1")
    pay(session, owner(session, invoice), invoice, amount="0.01", paid_on=march(20))
    pay(session, owner(session, invoice), invoice, amount="999.99", paid_on=march(25))
    assert stands(session, march(20)) == ("pending", "0.01", "0.01")
    assert stands(session, march(21)) == ("partly_kept", "0.01", "0.01")
    assert stands(session, march(31)) == ("partly_kept", "1000.00", "0.01")


def test_more_than_promised_is_shown_as_paid(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    pay(session, owner(session, invoice), invoice, amount="1000.00", paid_on=march(12))
    assert stands(session, march(31)) == ("kept", "1000.00", "1000.00")


def test_instalments_and_several_documents_add_up(session: Session):
    customer = a_customer(session, "C1")
    parts = [(march(20), "100.00"), (march(30), "100.00")]
    first = a_charge(session, customer, number="F1", instalments=parts, issued_on=march(1))
    second = a_charge(session, customer, number="F2", amount="50.00", issued_on=march(1))
    promise(session, first, "250.00", "F1", "F2")
    pay(session, customer, first, amount="200.00", paid_on=march(11))
    assert stands(session, march(21)) == ("partly_kept", "200.00", "200.00")
    pay(session, customer, second, amount="50.00", paid_on=march(20))
    assert stands(session, march(21)) == ("kept", "250.00", "250.00")


def test_money_for_another_document_of_the_customer_does_not_count(session: Session, invoice: Document):
    customer = owner(session, invoice)
    promise(session, invoice, "600.00", "F1")
    pay(session, customer, a_charge(session, customer, number="F2", issued_on=march(1)), amount="600.00",
        paid_on=march(12))  # fmt: skip
    assert stands(session, march(31)) == ("broken", "0.00", "0.00")


# ------------------------------------------------------------------ what is no money
def test_a_credit_note_keeps_no_promise(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    note = a_credit_note(session, owner(session, invoice), amount="600.00", issued_on=march(12))
    apply_credit_note(session, CASHIER, number=note.number, lines=[line(session, invoice, "600.00")], on=march(12))
    assert stands(session, march(31)) == ("broken", "0.00", "0.00")


def test_a_small_difference_written_off_keeps_no_promise(session: Session, invoice: Document):
    set_setting(session, system(), key="writeoff.tolerance", value="5.00")
    promise(session, invoice, "1000.00", "F1")
    customer = owner(session, invoice)
    register_payment(
        session, CASHIER, received=received(customer, "999.00", paid_on=march(12)),
        lines=[line(session, invoice, "999.00", close=True)],
    )  # fmt: skip
    assert [str(one.open) for one in entries_of(session, invoice)] == ["0.00"]
    assert stands(session, march(31)) == ("partly_kept", "999.00", "999.00")


def test_money_of_another_currency_counts_by_what_it_closed_of_the_document(session: Session, invoice: Document):
    promise(session, invoice, "400.00", "F1")
    customer = owner(session, invoice)
    dollars = received(customer, "20.00", paid_on=march(12), currency="USD", exchange_rate=Decimal(20))
    register_payment(
        session, CASHIER, received=dollars, lines=[line(session, invoice, "400.00")], way=Way(document_rate=Decimal(1))
    )
    assert stands(session, march(31)) == ("kept", "400.00", "400.00")


# ------------------------------------------------------------------ what is undone
def test_a_reversal_judges_again_from_its_date_and_leaves_the_days_before(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    payment = pay(session, owner(session, invoice), invoice, amount="600.00", paid_on=march(12))
    reverse_payment(session, MANAGER, number=payment.number, on=march(25), reason="returned_cheque")
    assert stands(session, march(24)) == ("kept", "600.00", "600.00")
    assert stands(session, march(25)) == ("broken", "0.00", "0.00")


def test_undone_within_the_window_it_is_pending_again(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    payment = pay(session, owner(session, invoice), invoice, amount="600.00", paid_on=march(12))
    undo_application(session, MANAGER, number=payment.number, document="F1", on=march(15), reason="error")
    assert stands(session, march(14))[0] == "kept"
    assert stands(session, march(15)) == ("pending", "0.00", "0.00")
    assert stands(session, march(21))[0] == "broken"


def test_of_several_payments_only_the_one_undone_is_taken_off(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    customer = owner(session, invoice)
    first = pay(session, customer, invoice, amount="500.00", paid_on=march(12))
    pay(session, customer, invoice, amount="100.00", paid_on=march(13))
    undo_application(session, MANAGER, number=first.number, document="F1", on=march(25), reason="error")
    assert stands(session, march(24))[0] == "kept"
    assert stands(session, march(25)) == ("partly_kept", "100.00", "100.00")


def test_undone_and_applied_again_after_the_window_it_is_paid_but_not_kept(session: Session, invoice: Document):
    promise(session, invoice, "600.00", "F1")
    payment = pay(session, owner(session, invoice), invoice, amount="600.00", paid_on=march(12))
    undo_application(session, MANAGER, number=payment.number, document="F1", on=march(22), reason="error")
    apply_payment(
        session, CASHIER, number=payment.number, lines=[line(session, invoice, "600.00")], way=Way(on=march(23))
    )
    assert stands(session, march(31)) == ("broken", "600.00", "0.00")


def test_undoing_money_that_came_before_the_promise_takes_nothing_off(session: Session, invoice: Document):
    customer = owner(session, invoice)
    early = pay(session, customer, invoice, amount="300.00", paid_on=march(5))
    promise(session, invoice, "600.00", "F1")
    pay(session, customer, invoice, amount="600.00", paid_on=march(12))
    undo_application(session, MANAGER, number=early.number, document="F1", on=march(15), reason="error")
    assert stands(session, march(31)) == ("kept", "600.00", "600.00")


# ------------------------------------------------------------------ on account
@pytest.mark.parametrize(
    ("paid_on", "status"),
    [(march(9), "broken"), (march(10), "kept"), (march(20), "kept"), (march(21), "broken")],
)
def test_on_account_payments_of_the_window_count_applied_or_not(
    session: Session, invoice: Document, paid_on: date, status: str
):
    promise(session, invoice, "600.00")
    a_payment(session, owner(session, invoice), amount="600.00", paid_on=paid_on)
    assert stands(session, march(31))[0] == status


def test_on_account_neither_another_currency_nor_another_customer_counts(session: Session, invoice: Document):
    promise(session, invoice, "600.00")
    a_payment(session, owner(session, invoice), amount="600.00", paid_on=march(12), currency="USD", rate="18")
    a_payment(session, a_customer(session, "C9"), amount="600.00", paid_on=march(12))
    a_credit_note(session, owner(session, invoice), amount="600.00", issued_on=march(12))
    assert stands(session, march(31)) == ("broken", "0.00", "0.00")


def test_on_account_a_whole_reversal_judges_again_and_undoing_an_application_does_not(
    session: Session, invoice: Document
):
    promise(session, invoice, "600.00")
    payment = pay(session, owner(session, invoice), invoice, amount="600.00", paid_on=march(12))
    undo_application(session, MANAGER, number=payment.number, document="F1", on=march(22), reason="error")
    assert stands(session, march(23)) == ("kept", "600.00", "600.00")
    reverse_payment(session, MANAGER, number=payment.number, on=march(25), reason="error")
    assert stands(session, march(24))[0] == "kept"
    assert stands(session, march(25)) == ("broken", "0.00", "0.00")


def test_a_payment_identified_late_keeps_the_promise_from_that_day_by_its_own_date(session: Session, invoice: Document):
    promise(session, invoice, "600.00")
    payment = a_payment(session, None, amount="600.00", paid_on=march(15))
    identify_payment(session, CASHIER, number=payment.number, customer_id=invoice.customer_id, on=march(27))
    assert stands(session, march(26)) == ("broken", "0.00", "0.00")
    assert stands(session, march(27)) == ("kept", "600.00", "600.00")


def test_of_a_promise_with_documents_a_late_identified_payment_counts_when_it_is_applied(
    session: Session, invoice: Document
):
    promise(session, invoice, "600.00", "F1")
    payment = a_payment(session, None, amount="600.00", paid_on=march(15))
    identify_payment(session, CASHIER, number=payment.number, customer_id=invoice.customer_id, on=march(27))
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.PAYMENT, [payment.id or 0])[payment.id or 0]
    batch.spread(credit, batch.load_of(Source.DOCUMENT, [invoice.id or 0])[invoice.id or 0], march(27))
    batch.flush()
    assert stands(session, march(31)) == ("broken", "600.00", "0.00")


# ------------------------------------------------------------------ asking for some
def test_asking_for_some_customers_or_for_windows_since_a_day_leaves_the_rest_out(session: Session, invoice: Document):
    from core.customers.models import Customer

    other = a_customer(session, "C2")
    late = a_charge(session, other, number="F2", issued_on=march(1))
    promise(session, invoice, "600.00", "F1")
    promise(session, late, "600.00", "F2", promised_on=march(28))
    only = standing(march(31), customers=select(col(Customer.id)).where(col(Customer.code) == "C1"))
    since = standing(march(31), since=march(21))
    assert session.scalars(select(only.c.promised_on)).all() == [DUE]
    assert session.scalars(select(since.c.promised_on)).all() == [march(28)]
    assert len(session.scalars(select(standing(march(31), since=DUE).c.number)).all()) == 2
