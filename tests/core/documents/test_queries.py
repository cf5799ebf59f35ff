"""A customer's documents at a date, and the card of one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.documents.finding import DocumentNotFound
from core.documents.models import DocumentKind
from core.documents.queries import Show, State, document_card, documents_of
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_applied, reverse_whole
from tests.build import TODAY, a_charge, a_credit_note, a_customer, an_actor, an_event, pay

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def customer(session):
    return a_customer(session, "C1", legal_name="Aceros")


def shown(session, customer, show, as_of=TODAY):
    return [row.number for row in documents_of(session, an_actor(), customer.id or 0, as_of=as_of, show=show).rows]


def reverse(session, document, on=TODAY):
    batch = Batch(session, event_id=an_event(session))
    items = batch.load_of(Source.DOCUMENT, [document.id])[document.id]
    reverse_whole(
        batch, items, source=Source.DOCUMENT, source_id=document.id, number=document.number, on=on, reason="other"
    )
    batch.flush()


def test_open_documents_come_oldest_due_first_and_settled_ones_apart(session, customer):
    late = a_charge(session, customer, number="F1", overdue_days=10)
    a_charge(session, customer, number="F2", overdue_days=20)
    a_charge(session, customer, number="F3", due_on=TODAY)
    paid = a_charge(session, customer, number="F4", overdue_days=5)
    a_credit_note(session, customer, number="N1")
    pay(session, customer, paid, amount="1000.00")
    pay(session, customer, late, amount="400.00")
    assert shown(session, customer, Show.OPEN) == ["F2", "F1", "F3", "N1"]
    assert shown(session, customer, Show.OVERDUE) == ["F2", "F1"]
    assert shown(session, customer, Show.SETTLED) == ["F4"]
    rows = {
        row.number: row for row in documents_of(session, an_actor(), customer.id or 0, as_of=TODAY, show=Show.ALL).rows
    }
    assert (rows["F1"].open, rows["F1"].days, rows["F1"].state) == (Decimal("600.00"), 10, State.OVERDUE)
    assert (rows["F3"].days, rows["F3"].state) == (0, State.CURRENT)
    assert (rows["F4"].open, rows["F4"].days, rows["F4"].state) == (Decimal("0.00"), None, State.PAID)
    assert (rows["N1"].total, rows["N1"].open, rows["N1"].state) == (
        Decimal("-100.00"),
        Decimal("-100.00"),
        State.IN_FAVOUR,
    )


def test_a_past_date_shows_what_was_open_then(session, customer):
    invoice = a_charge(session, customer, number="F1", due_on=YESTERDAY, issued_on=TODAY - timedelta(days=31))
    pay(session, customer, invoice, amount="1000.00")
    a_charge(session, customer, number="F2", issued_on=TODAY)
    assert shown(session, customer, Show.OPEN, YESTERDAY) == ["F1"]
    assert shown(session, customer, Show.OPEN) == ["F2"]


def test_the_oldest_open_instalment_says_how_late_a_document_is(session, customer):
    parts = [(TODAY - timedelta(days=40), "30.00"), (TODAY - timedelta(days=10), "50.00"), (TOMORROW, "20.00")]
    invoice = a_charge(session, customer, number="F1", instalments=parts)
    pay(session, customer, invoice, amount="40.00")
    [row] = documents_of(session, an_actor(), customer.id or 0, as_of=TODAY).rows
    assert (row.days, row.open, row.instalments) == (10, Decimal("60.00"), 3)
    card = document_card(session, an_actor(), "F1", as_of=TODAY)
    assert [(part.instalment, part.open, part.days) for part in card.instalments] == [
        (1, Decimal("0.00"), None), (2, Decimal("40.00"), 10), (3, Decimal("20.00"), -1),
    ]  # fmt: skip


def test_the_movements_of_a_card_explain_its_balance_one_by_one(session, customer):
    invoice = a_charge(session, customer, number="F1", amount="100.00", overdue_days=5)
    first = pay(session, customer, invoice, amount="30.00", paid_on=YESTERDAY, number="P1")
    pay(session, customer, invoice, amount="20.00", number="P2")
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.PAYMENT, [first.id or 0])[first.id or 0]
    reverse_applied(batch, credit, invoice.id or 0, "F1", on=TODAY, reason="other")
    batch.flush()
    card = document_card(session, an_actor(), "F1", as_of=TODAY)
    assert [(row.number, row.amount, row.left, row.is_undo, row.undone) for row in card.applied] == [
        ("P1", Decimal("30.00"), Decimal("70.00"), False, True),
        ("P2", Decimal("20.00"), Decimal("50.00"), False, False),
        ("P1", Decimal("-30.00"), Decimal("80.00"), True, False),
    ]
    assert card.open == card.applied[-1].left == Decimal("80.00")
    assert (card.customer_name, card.kind, card.made_by) == ("Aceros", DocumentKind.INVOICE, "system")


def test_a_reversed_document_says_so_from_that_day(session, customer):
    invoice = a_charge(session, customer, number="F1", amount="100.00", overdue_days=5)
    pay(session, customer, invoice, amount="100.00", paid_on=YESTERDAY)
    reverse(session, invoice)
    card = document_card(session, an_actor(), "F1", as_of=TODAY)
    assert (card.state, card.open, card.reversal and card.reversal.on) == (State.REVERSED, Decimal("0.00"), TODAY)
    assert document_card(session, an_actor(), "F1", as_of=YESTERDAY).state is State.PAID
    [row] = documents_of(session, an_actor(), customer.id or 0, as_of=TODAY, show=Show.SETTLED).rows
    assert row.state is State.REVERSED


def test_pages_and_currencies(session, customer):
    for day in range(1, 6):
        a_charge(session, customer, number=f"F{day}", due_on=date(2026, 3, day))
    a_charge(session, customer, number="U1", currency="USD", rate="18.5")
    page = documents_of(session, an_actor(), customer.id or 0, as_of=TODAY, currency="MXN", limit=2, offset=2)
    assert ([row.number for row in page.rows], page.found) == (["F3", "F4"], 5)


def test_who_does_not_see_the_customer_does_not_see_the_document(session):
    a_charge(session, a_customer(session, collector="luis"), number="F1")
    with pytest.raises(DocumentNotFound):
        document_card(session, an_actor(Role.COLLECTOR, name="ana"), "F1", as_of=TODAY)
