"""The log as it is read: filters, pages, who may, and that nobody can change it."""

from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from core.audit.events import record
from core.audit.models import AuditEvent
from core.audit.queries import Filter, event, events, how_many, who_acted
from core.auth.actor import Actor, Role, system
from core.errors import NotAllowed

ANA = Actor(1, "ana", Role.AUDITOR)


@pytest.fixture
def log(session):
    for user, action, entity_id, customer_id in (
        (system(), "user.created", "ana", None),
        (ANA, "payment.registered", "P-1", 7),
        (ANA, "setting.changed", "x", None),
    ):
        record(session, user, action, entity=action.split(".")[0], entity_id=entity_id, customer_id=customer_id)
    session.flush()
    return session


def found(session, **wanted) -> list[str]:
    rows = [one.action for one in events(session, ANA, Filter(**wanted))]
    assert how_many(session, ANA, Filter(**wanted)) == len(rows)
    return rows


def test_newest_first_and_in_pages(log):
    assert found(log) == ["setting.changed", "payment.registered", "user.created"]
    assert [one.action for one in events(log, ANA, limit=1, offset=1)] == ["payment.registered"]
    assert who_acted(log, ANA) == ["ana", "system"]


@pytest.mark.parametrize(
    ("wanted", "actions"),
    [
        ({"user": "system"}, ["user.created"]),
        ({"topic": "Dinero"}, ["payment.registered"]),
        ({"customer_id": 7}, ["payment.registered"]),
        ({"about": "P-1"}, ["payment.registered"]),
        ({"about": "x", "customer_id": 7}, ["setting.changed", "payment.registered"]),
        ({"entity": "user"}, ["user.created"]),
        ({"user": "nadie"}, []),
        ({"end": date(2000, 1, 1)}, []),
        ({"start": date(2999, 1, 1)}, []),
    ],
)
def test_filters(log, wanted, actions):
    assert found(log, **wanted) == actions


def test_both_ends_of_the_dates_belong(log):
    [day] = {one.business_on for one in events(log, ANA)}
    assert len(found(log, start=day, end=day)) == 3


def test_one_event_by_its_number(log):
    newest = events(log, ANA)[0]
    assert event(log, ANA, newest.id) == newest
    assert event(log, ANA, 0) is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.AUDITOR)])
def test_others_may_not_read_it(log, role):
    for question in (
        lambda one: events(log, one),
        lambda one: how_many(log, one, Filter()),
        lambda one: who_acted(log, one),
    ):
        with pytest.raises(NotAllowed):
            question(Actor(1, "x", role))


@pytest.mark.parametrize("statement", [delete(AuditEvent), update(AuditEvent).values(user_name="otro")])
def test_the_database_refuses_to_change_it(log, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        log.execute(statement)
