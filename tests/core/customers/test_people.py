"""The people to speak with, and the history of their changes."""

import pytest

from core.auth.actor import Role
from core.customers.editing import version
from core.customers.fields import EmailNotUsable, FieldMissing
from core.customers.people import PersonNotFound, add_person, change_person, people_of
from core.customers.queries import history
from core.customers.visibility import CustomerNotFound
from core.errors import NotAllowed
from tests.build import a_customer, an_actor


def test_people_are_added_changed_and_leave_with_history(session):
    customer = a_customer(session)
    rosa = add_person(
        session, an_actor(), customer_id=customer.id or 0, name=" Rosa Peña ", position="Pagos", phone="81"
    )
    change_person(
        session, an_actor(), customer_id=customer.id or 0, person_id=rosa.id or 0, name="Rosa Peña", active=False
    )
    add_person(session, an_actor(), customer_id=customer.id or 0, name="Luis")
    assert [(row.name, row.active) for row in people_of(session, an_actor(), customer.id or 0)] == [
        ("Luis", True), ("Rosa Peña", False),
    ]  # fmt: skip
    told = [(row.before, row.after) for row in history(session, an_actor(), customer.id or 0)[:3]]
    assert told == [
        (None, "Luis"), ("Rosa Peña · Pagos · 81", "Rosa Peña (ya no está)"), (None, "Rosa Peña · Pagos · 81"),
    ]  # fmt: skip
    assert version(session, customer.id or 0) == 0  # who edits the customer's fields is not disturbed


def test_a_person_needs_a_name_and_a_mail_that_is_one(session):
    customer = a_customer(session)
    with pytest.raises(FieldMissing):
        add_person(session, an_actor(), customer_id=customer.id or 0, name=" ")
    with pytest.raises(EmailNotUsable):
        add_person(session, an_actor(), customer_id=customer.id or 0, name="Rosa", email="rosa")


def test_a_person_of_another_customer_is_not_found(session):
    one, other = a_customer(session), a_customer(session)
    rosa = add_person(session, an_actor(), customer_id=one.id or 0, name="Rosa")
    with pytest.raises(PersonNotFound):
        change_person(session, an_actor(), customer_id=other.id or 0, person_id=rosa.id or 0, name="Rosa")


def test_a_collector_keeps_the_people_of_his_own_customers_only(session):
    ana = an_actor(Role.COLLECTOR, name="ana")
    own, other = a_customer(session, collector="ana"), a_customer(session, collector="luis")
    add_person(session, ana, customer_id=own.id or 0, name="Rosa")
    with pytest.raises(CustomerNotFound):
        add_person(session, ana, customer_id=other.id or 0, name="Rosa")
    with pytest.raises(CustomerNotFound):
        people_of(session, ana, other.id or 0)
    with pytest.raises(NotAllowed):
        add_person(session, an_actor(Role.SALES_REP), customer_id=own.id or 0, name="Rosa")
