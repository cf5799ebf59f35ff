"""Recording a contact: with all that comes of it, or nothing; never erased, only annotated."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from core import clock
from core.audit.models import AuditEvent
from core.auth.actor import Actor, Role
from core.auth.models import User
from core.clock import standing
from core.collections.calls import (
    ContactForm,
    ContactInTheFuture,
    ContactNotFound,
    Disputed,
    DisputeMissing,
    NextActionInThePast,
    NextActionWithoutDay,
    NoteMissing,
    OutOfHours,
    Paid,
    PaidInTheFuture,
    PaidMissing,
    Promised,
    PromiseMissing,
    UnknownCause,
    UnknownNextAction,
    UnknownOutcome,
    annotate_contact,
    record_contact,
)
from core.collections.models import Channel, Contact
from core.collections.queries import contacts_made, contacts_of
from core.collections.visits import VisitOfAnother, plan_visit, visits_of
from core.customers.models import Customer
from core.customers.visibility import CustomerNotFound
from core.disputes.models import Dispute
from core.documents.checks import AmountNotValid
from core.errors import DomainError, NotAllowed
from core.promises.models import Promise
from core.tasks.models import Task
from tests.build import TODAY, a_charge, a_customer, an_actor
from tests.core.collections.builders import days

ANA = an_actor(Role.COLLECTOR, name="ana")
NOON = datetime(2026, 3, 31, 18, tzinfo=UTC)


@pytest.fixture
def customer(session: Session) -> Customer:
    made = a_customer(session, collector="ana", phone="81 1234 5678")
    a_charge(session, made, amount="1000.00", number="F-1", overdue_days=10)
    return made


def a_form(customer: Customer, **fields: Any) -> ContactForm:
    values: dict[str, Any] = {"channel": Channel.CALL, "outcome": "no_answer", "at": NOON, **fields}
    if values["at"] is NOON:
        values["at"] = None
    return ContactForm(customer_id=customer.id or 0, **values)


def call(
    session: Session, customer: Customer, *, actor: Actor = ANA, submission: str | None = None, **fields: Any
) -> Any:
    with standing(NOON):
        return record_contact(session, actor, contact=a_form(customer, **fields), submission=submission)


def how_many(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_contact_keeps_who_when_how_and_what_comes_next(session: Session, customer: Customer) -> None:
    call(
        session, customer, person=" Rosa Peña ", notes="Que llame mañana", cause="cash_flow", next_action="call",
        next_action_on=days(1),
    )  # fmt: skip
    [row] = contacts_of(session, ANA, customer.id or 0).rows
    assert (row.at, row.contacted_on, row.channel, row.outcome) == (NOON, TODAY, "call", "no_answer")
    assert (row.person, row.collector, row.notes, row.cause) == ("Rosa Peña", "ana", "Que llame mañana", "cash_flow")
    assert (row.next_action, row.next_action_on, row.out_of_hours) == ("call", days(1), None)


def test_a_promise_is_recorded_with_the_contact(session: Session, customer: Customer) -> None:
    promised = Promised(amount=Decimal("400.00"), currency="MXN", promised_on=days(3), documents=("F-1",))
    made = call(session, customer, outcome="promise", person="Rosa", promise=promised)
    promise = session.scalars(select(Promise)).one()
    assert (promise.number, promise.made_on, promise.contact, promise.collector) == (made.promise, TODAY, "Rosa", "ana")
    assert contacts_of(session, ANA, customer.id or 0).rows[0].promise == made.promise


def test_a_refused_promise_leaves_no_contact(session: Session, customer: Customer) -> None:
    promised = Promised(amount=Decimal("-1.00"), currency="MXN", promised_on=days(3))
    session.commit()
    before = how_many(session, AuditEvent)
    with pytest.raises(AmountNotValid):
        call(session, customer, outcome="promise", promise=promised)
    session.rollback()
    assert (how_many(session, Contact), how_many(session, Promise), how_many(session, AuditEvent)) == (0, 0, before)


def test_a_dispute_is_opened_with_the_contact(session: Session, customer: Customer) -> None:
    disputed = Disputed(document="F-1", amount=Decimal("200.00"), reason="price")
    made = call(session, customer, outcome="dispute", dispute=disputed, notes="Se pactó a 90")
    dispute = session.scalars(select(Dispute)).one()
    assert (dispute.number, dispute.opened_on, dispute.details) == (made.dispute, TODAY, "Se pactó a 90")


def test_who_says_that_he_paid_sends_the_till_after_the_payment(session: Session, customer: Customer) -> None:
    for name, active in (("zoe", True), ("caja", True), ("ausente", False)):
        session.add(User(name=name, role=Role.CASHIER, active=active, password_hash="x", created_at=NOON))
    session.flush()
    paid = Paid(amount=Decimal("1000.00"), currency="MXN", paid_on=days(-2), reference="SPEI 77")
    first = call(session, customer, outcome="already_paid", paid=paid)
    second = call(session, customer, outcome="already_paid", paid=paid, channel=Channel.EMAIL)
    assert (first.task_for, second.task_for) == ("caja", "zoe")  # to whoever has least to do
    task = session.scalars(select(Task).where(col(Task.assigned_to) == "caja")).one()
    assert (task.kind, task.customer_id, task.source_id) == ("already_paid", customer.id, first.contact_id)
    assert '"1000.00"' in task.facts
    assert "SPEI 77" in task.facts


def test_without_a_cashier_the_collector_looks_for_it(session: Session, customer: Customer) -> None:
    paid = Paid(amount=Decimal("10.00"), currency="MXN", paid_on=TODAY)
    assert call(session, customer, outcome="collected", channel=Channel.VISIT, paid=paid).task_for == "ana"


def test_the_same_form_twice_is_one_contact(session: Session, customer: Customer) -> None:
    promised = Promised(amount=Decimal("400.00"), currency="MXN", promised_on=days(3))
    first = call(session, customer, outcome="promise", promise=promised, submission="abc")
    again = call(session, customer, outcome="promise", promise=promised, submission="abc")
    assert (again.contact_id, again.promise) == (first.contact_id, first.promise)
    assert (how_many(session, Contact), how_many(session, Promise)) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"outcome": "se fue"}, UnknownOutcome),
        ({"cause": "luna"}, UnknownCause),
        ({"next_action": "rezar", "next_action_on": days(1)}, UnknownNextAction),
        ({"next_action": "call"}, NextActionWithoutDay),
        ({"next_action": "call", "next_action_on": days(-1)}, NextActionInThePast),
        ({"outcome": "promise"}, PromiseMissing),
        ({"outcome": "dispute"}, DisputeMissing),
        ({"outcome": "already_paid"}, PaidMissing),
        ({"at": datetime(2026, 4, 1, 18, tzinfo=UTC)}, ContactInTheFuture),
        (
            {"outcome": "already_paid", "paid": Paid(amount=Decimal(1), currency="MXN", paid_on=days(1))},
            PaidInTheFuture,
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    session: Session, customer: Customer, fields: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as told:
        call(session, customer, **fields)
    assert "{" not in str(told.value)
    assert how_many(session, Contact) == 0


def test_at_night_a_call_needs_a_reason_and_a_letter_needs_none(session: Session, customer: Customer) -> None:
    night = datetime(2026, 3, 31, 5, 30, tzinfo=UTC)  # 23:30 in Mexico City, the day before
    with standing(night):
        with pytest.raises(OutOfHours) as told:
            record_contact(session, ANA, contact=a_form(customer, at=None))
        assert "23:30" in str(told.value)
        record_contact(session, ANA, contact=a_form(customer, at=None, channel=Channel.LETTER, outcome="sent"))
        record_contact(session, ANA, contact=a_form(customer, at=None, out_of_hours="Lo pidió él"))
    kept = {row.channel: row.out_of_hours for row in contacts_of(session, ANA, customer.id or 0).rows}
    assert kept == {"letter": None, "call": "Lo pidió él"}


def test_within_the_hours_no_reason_is_kept(session: Session, customer: Customer) -> None:
    call(session, customer, out_of_hours="por si acaso")
    assert contacts_of(session, ANA, customer.id or 0).rows[0].out_of_hours is None


def test_only_who_may_records_and_only_for_his_customers(session: Session, customer: Customer) -> None:
    with pytest.raises(NotAllowed):
        call(session, customer, actor=an_actor(Role.MANAGER))
    with pytest.raises(CustomerNotFound):
        call(session, customer, actor=an_actor(Role.COLLECTOR, name="beto"))


def test_a_note_is_added_and_the_contact_stays(session: Session, customer: Customer) -> None:
    made = call(session, customer, notes="Primero")
    annotate_contact(session, ANA, contact_id=made.contact_id, text=" Llamó de vuelta ")
    [row] = contacts_of(session, ANA, customer.id or 0).rows
    assert (row.notes, [(note.user_name, note.text) for note in row.added]) == ("Primero", [("ana", "Llamó de vuelta")])
    with pytest.raises(NoteMissing):
        annotate_contact(session, ANA, contact_id=made.contact_id, text="  ")
    with pytest.raises(ContactNotFound):
        annotate_contact(session, an_actor(Role.COLLECTOR, name="beto"), contact_id=made.contact_id, text="Mío")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM contact", "UPDATE contact SET notes = 'otra cosa'", "UPDATE contact SET outcome = 'promise'",
        "DELETE FROM contact_note", "UPDATE contact_note SET text = 'otra'",
    ],
)  # fmt: skip
def test_the_database_itself_keeps_contacts_and_notes_as_they_were(
    session: Session, customer: Customer, statement: str
) -> None:
    made = call(session, customer)
    annotate_contact(session, ANA, contact_id=made.contact_id, text="Nota")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))


def test_contacts_of_a_day_are_those_of_customers_one_sees(session: Session, customer: Customer) -> None:
    other = a_customer(session, collector="beto")
    call(session, customer)
    call(session, other, actor=an_actor(Role.COLLECTOR, name="beto"))
    assert [row.customer for row in contacts_made(session, ANA, first=TODAY, last=TODAY).rows] == [customer.code]
    everybody = contacts_made(session, an_actor(), first=TODAY, last=TODAY, limit=1)
    assert (len(everybody.rows), everybody.found) == (1, 2)


def test_a_visit_gets_its_result_from_the_contact(session: Session, customer: Customer, business_day: Any) -> None:
    business_day(TODAY)
    visit = plan_visit(session, ANA, customer_id=customer.id or 0, planned_on=TODAY, collector="ana")
    other = plan_visit(
        session, ANA, customer_id=a_customer(session, collector="ana").id or 0, planned_on=TODAY, collector="ana"
    )  # fmt: skip
    with pytest.raises(VisitOfAnother):
        call(session, customer, channel=Channel.VISIT, outcome="visited", visit_id=other.id)
    call(session, customer, channel=Channel.VISIT, outcome="visited", visit_id=visit.id)
    assert [row.outcome for row in visits_of(session, ANA, on=TODAY)] == ["visited", None]


def test_one_event_tells_the_contact_and_what_came_of_it(session: Session, customer: Customer) -> None:
    promised = Promised(amount=Decimal("400.00"), currency="MXN", promised_on=days(3))
    made = call(session, customer, outcome="promise", promise=promised)
    contact = session.get_one(Contact, made.contact_id)
    event = session.get_one(AuditEvent, contact.event_id)
    assert (event.action, event.user_name, event.customer_id) == ("contact.recorded", "ana", customer.id)
    assert event.facts["promise"] == made.promise


def test_on_a_day_that_is_fixed_the_contact_is_of_that_day(session: Session, customer: Customer) -> None:
    clock.fix(date(2026, 3, 30))
    try:
        record_contact(session, ANA, contact=replace(a_form(customer, channel=Channel.EMAIL), at=None))
    finally:
        clock.fix(None)
    assert contacts_of(session, ANA, customer.id or 0).rows[0].contacted_on == date(2026, 3, 30)
