"""As `test_histories`, after what people do on screens: money identified later, applied across currencies, small
differences written off, refunds, and the undoing of each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import system
from core.db import transaction
from core.ledger.models import Entry, Source
from core.ledger.months import last_day
from core.ledger.reversing import whole_reversal
from core.money import ZERO
from core.payments.models import Payment
from core.portfolio.kpis import kpis
from core.portfolio.statements import statement
from tests.build import TODAY
from tests.core.ledger.test_posting_properties import STEPS, Account, day
from tests.core.portfolio.test_histories import Walk, aging_agrees, indicators_agree

LOOKED_AT = [day(-1), day(0), day(3), day(6), day(9), day(12), day(400)]


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_aging_statement_and_indicators_agree_after_whatever_users_do(database, steps):
    with transaction() as session:
        account = Account(session)
        for step in steps:
            account.do(step)
        walk = Walk(session)
        for on in LOOKED_AT:
            aging_agrees(session, walk, on)
            statement_agrees(session, walk, account.customer.code, on)
        indicators_agree(session, walk)
        unidentified_agrees(session)
        session.rollback()


def statement_agrees(session: Session, walk: Walk, code: str, on: date) -> None:
    for currency in ("MXN", "USD"):
        found = statement(session, system(), customer=code, currency=currency, end=on, start=on - timedelta(days=3))
        assert found.opening == walk.ledger(code, currency, on - timedelta(days=4))
        assert found.closing == found.aging.total == walk.ledger(code, currency, on)
        assert (found.lines[-1].balance if found.lines else found.opening) == found.closing
        order = [(one.date, one.charge == ZERO, one.document) for one in found.lines]
        assert order == sorted(order)


def unidentified_agrees(session: Session) -> None:
    """On hand at the end of a month: every payment received by then, on nobody's account and not gone back."""
    for row in kpis(session, system(), start="2026-02", end="2026-05", today=TODAY):
        expected, end = Decimal("0.00"), last_day(row.month)
        for payment in session.scalars(select(Payment).where(col(Payment.paid_on) <= end)):
            its = (col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == payment.id)
            reversal = whole_reversal(session, Source.PAYMENT, payment.id or 0)
            left = [session.scalar(select(col(Entry.booked_on)).where(*its)), reversal and reversal.reversed_on]
            if min([one for one in left if one], default=date.max) > end and payment.currency == row.currency:
                expected += payment.amount
        assert row.unidentified == expected
