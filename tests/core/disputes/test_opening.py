"""Opening disputes, and what they take off what is owed, instalment by instalment."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from core.auth.actor import Role
from core.customers.visibility import CustomerNotFound
from core.disputes import opening
from core.disputes.models import Dispute
from core.disputes.opening import days_to_answer, open_dispute
from core.disputes.queries import any_disputes, disputed_items
from core.disputes.reasons import REASONS
from core.documents.applying import OfAnotherCustomer
from core.documents.checks import AmountNotValid
from core.documents.finding import DocumentNotFound
from core.errors import DomainError, NotAllowed
from tests.build import TODAY, a_charge, a_credit_note, a_customer, an_actor, an_event, pay

ANA = an_actor()


def a_dispute(session: Session, document: Any, amount: str = "100.00", **facts: Any) -> Dispute:
    values = {"opened_on": TODAY, "reason": "price", **facts}
    return open_dispute(
        session, ANA, customer_id=document.customer_id, document=document.number, amount=Decimal(amount), **values
    )


def an_old_dispute(session: Session, document: Any, amount: str, opened: date, closed: date | None = None) -> None:
    """As an import writes it: any amount, any day."""
    session.add(
        Dispute(
            number=f"X{an_event(session)}", customer_id=document.customer_id, document_id=document.id,
            currency=document.currency, amount=Decimal(amount), opened_on=opened, closed_on=closed, reason="x",
            opened_by="system", event_id=an_event(session),
        )
    )  # fmt: skip
    session.flush()


def disputed(session: Session, as_of: date = TODAY) -> list[Decimal]:
    """What is disputed of each instalment, by due date."""
    item = disputed_items(as_of)
    return list(session.scalars(select(item.c.disputed).order_by(item.c.due_on)))


def test_a_dispute_takes_the_area_and_the_days_of_its_reason(session: Session) -> None:
    found = a_dispute(session, a_charge(session, a_customer(session)), reason="quality")
    assert (found.owner_area, found.deadline_on) == ("quality", TODAY + timedelta(days=10))
    assert (found.status, found.closed_on) == ("open", None)


def test_every_reason_has_its_days(session: Session) -> None:
    assert days_to_answer(session).keys() == REASONS.keys()


def test_a_form_sent_twice_is_one_dispute(session: Session) -> None:
    document = a_charge(session, a_customer(session))
    assert a_dispute(session, document, submission="t").id == a_dispute(session, document, submission="t").id


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"amount": "1000.01"}, opening.MoreThanOpen),
        ({"amount": "0.00"}, AmountNotValid),
        ({"reason": "because"}, opening.UnknownDisputeReason),
        ({"owner_area": "kitchen"}, opening.UnknownArea),
        ({"opened_on": TODAY + timedelta(days=1)}, opening.OpenedOutOfTime),
        ({"opened_on": TODAY - timedelta(days=400)}, opening.OpenedOutOfTime),
        ({"deadline_on": TODAY - timedelta(days=1)}, opening.DeadlineBeforeOpening),
    ],
)
def test_what_cannot_be_is_refused(session: Session, facts: dict[str, Any], error: type[DomainError]) -> None:
    document = a_charge(session, a_customer(session))
    with pytest.raises(error):
        a_dispute(session, document, **facts)


def test_two_disputes_together_take_no_more_than_is_open(session: Session) -> None:
    document = a_charge(session, a_customer(session), amount="1000.00")
    a_dispute(session, document, "700.00")
    with pytest.raises(opening.MoreThanOpen) as refused:
        a_dispute(session, document, "300.01")
    assert "300.00" in refused.value.sentence()
    a_dispute(session, document, "300.00")
    assert disputed(session) == [Decimal("1000.00")]


def test_a_credit_note_is_not_disputed(session: Session) -> None:
    with pytest.raises(opening.OnlyChargesDisputed):
        a_dispute(session, a_credit_note(session, a_customer(session)), "1.00")


def test_a_document_of_another_customer_is_refused(session: Session) -> None:
    document, other = a_charge(session, a_customer(session)), a_customer(session)
    with pytest.raises(OfAnotherCustomer):
        open_dispute(
            session, ANA, customer_id=other.id or 0, document=document.number, amount=Decimal("1.00"),
            opened_on=TODAY, reason="price",
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.CASHIER, Role.AUDITOR, Role.MANAGER, Role.SALES_REP])
def test_who_does_not_collect_opens_no_dispute(session: Session, role: Role) -> None:
    document = a_charge(session, a_customer(session, collector="ana", sales_rep="ana"))
    with pytest.raises(NotAllowed):
        open_dispute(
            session, an_actor(role), customer_id=document.customer_id, document=document.number,
            amount=Decimal("1.00"), opened_on=TODAY, reason="price",
        )  # fmt: skip


def test_a_collector_opens_disputes_of_his_own_customers_only(session: Session) -> None:
    luis, other = an_actor(Role.COLLECTOR, name="luis"), a_charge(session, a_customer(session, collector="eva"))
    own = a_charge(session, a_customer(session, collector="luis"))
    given: dict[str, Any] = {"amount": Decimal("1.00"), "opened_on": TODAY, "reason": "price"}
    assert open_dispute(session, luis, customer_id=own.customer_id, document=own.number, **given).opened_by == "luis"
    with pytest.raises(CustomerNotFound):
        open_dispute(session, luis, customer_id=other.customer_id, document=other.number, **given)
    with pytest.raises(DocumentNotFound):
        open_dispute(session, luis, customer_id=own.customer_id, document=other.number, **given)


def test_what_is_disputed_falls_on_the_oldest_instalments(session: Session) -> None:
    days = [(TODAY - timedelta(days=60), "100.00"), (TODAY - timedelta(days=30), "50.00"), (TODAY, "100.00")]
    document = a_charge(session, a_customer(session), instalments=days)
    a_dispute(session, document, "120.00")
    a_dispute(session, document, "10.00")
    assert disputed(session) == [Decimal("100.00"), Decimal("30.00")]


def test_at_most_what_is_open_is_disputed_at_each_date(session: Session) -> None:
    customer = a_customer(session)
    document = a_charge(session, customer, issued_on=date(2026, 1, 1), amount="100.00")
    an_old_dispute(session, document, "500.00", date(2026, 1, 10))
    pay(session, customer, document, amount="40.00", paid_on=date(2026, 2, 1))
    pay(session, customer, document, amount="60.00", paid_on=date(2026, 3, 1))
    found = [disputed(session, date(2026, *day)) for day in ((1, 9), (1, 10), (1, 31), (2, 1), (3, 1))]
    assert found == [[], [Decimal("100.00")], [Decimal("100.00")], [Decimal("60.00")], []]


def test_the_day_of_closing_is_closed(session: Session) -> None:
    document = a_charge(session, a_customer(session), issued_on=date(2026, 1, 1))
    an_old_dispute(session, document, "10.00", date(2026, 1, 10), date(2026, 1, 20))
    an_old_dispute(session, document, "1.00", date(2026, 1, 10), date(2026, 1, 10))
    days = [date(2026, 1, day) for day in (9, 10, 19, 20)]
    assert [any_disputes(session, day) for day in days] == [False, True, True, False]
    assert [disputed(session, day) for day in days] == [[], [Decimal("10.00")], [Decimal("10.00")], []]


def test_before_its_document_nothing_is_disputed(session: Session) -> None:
    document = a_charge(session, a_customer(session), issued_on=date(2026, 2, 1))
    an_old_dispute(session, document, "10.00", date(2026, 1, 10))
    assert disputed(session, date(2026, 1, 31)) == []
    assert disputed(session, date(2026, 2, 1)) == [Decimal("10.00")]
