"""The payments on one customer's account."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.customers.visibility import CustomerNotFound
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.payments.of_customer import State, payments_of
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor, an_event, pay


def test_payments_come_latest_first_with_what_is_left_of_each(session):
    customer = a_customer(session)
    invoice = a_charge(session, customer, amount="100.00", issued_on=TODAY - timedelta(days=40))
    pay(session, customer, invoice, amount="60.00", paid_on=TODAY - timedelta(days=3), number="P1")
    pay(session, customer, invoice, amount="55.00", paid_on=TODAY - timedelta(days=2), number="P2")
    a_payment(
        session, customer, amount="10.00", paid_on=TODAY - timedelta(days=1), number="P3", currency="USD", rate="18"
    )
    back = a_payment(session, customer, amount="20.00", number="P4")
    batch = Batch(session, event_id=an_event(session))
    payment_id = back.id or 0
    items = batch.load_of(Source.PAYMENT, [payment_id])[payment_id]
    reverse_whole(batch, items, source=Source.PAYMENT, source_id=payment_id, number="P4", on=TODAY, reason="other")
    batch.flush()

    found = payments_of(session, an_actor(), customer.id or 0, as_of=TODAY)
    assert [(row.number, row.left, row.state) for row in found.rows] == [
        ("P4", Decimal("0.00"), State.REVERSED), ("P3", Decimal("10.00"), State.UNAPPLIED),
        ("P2", Decimal("15.00"), State.PARTLY), ("P1", Decimal("0.00"), State.APPLIED),
    ]  # fmt: skip
    earlier = payments_of(session, an_actor(), customer.id or 0, as_of=TODAY - timedelta(days=3))
    assert [(row.number, row.state) for row in earlier.rows] == [("P1", State.APPLIED)]
    page = payments_of(session, an_actor(), customer.id or 0, as_of=TODAY, currency="MXN", limit=1, offset=1)
    assert ([row.number for row in page.rows], page.found) == (["P2"], 3)


def test_who_does_not_see_the_customer_sees_no_payment(session):
    customer = a_customer(session, collector="luis")
    with pytest.raises(CustomerNotFound):
        payments_of(session, an_actor(Role.COLLECTOR, name="ana"), customer.id or 0, as_of=TODAY)
