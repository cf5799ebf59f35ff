"""The ground that every other test stands on: databases that are empty, migrated, real, and the two that we claim."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from core import db, schema
from core.audit.models import AuditEvent
from core.auth.sessions import sign_in, visitor
from core.clock import now, today
from core.policies.models import Setting
from tests.build import TODAY
from tests.support.server import PASSWORD


def count(table: str) -> int:
    with db.reading() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_migrated_database(database, turn):
    assert schema.is_current()
    assert db.engine().dialect.name == database.name
    assert count("audit_event") == 0
    assert write_an_event() == 1  # ids begin anew too
    assert count("audit_event") == 1


def write_an_event() -> int | None:
    """A row of a table that nobody may delete from: emptying must manage all the same."""
    event = AuditEvent(at=now(), business_on=today(), user_name="x", origin="cli", action="test.ran")
    with db.transaction() as session:
        session.add(event)
    return event.id


def test_what_a_transaction_wrote_is_there_for_everybody(database):
    write_an_event()
    db.engine().dispose()
    assert count("audit_event") == 1


def test_rows_that_nobody_may_delete_stay(database):
    write_an_event()
    with pytest.raises(DBAPIError), db.transaction() as session:
        session.execute(text("DELETE FROM audit_event"))
    assert count("audit_event") == 1


def test_what_the_session_fixture_wrote_is_seen_by_itself_only(session):
    session.add(Setting(key="company.name", value="Distribuidora"))
    session.flush()
    assert session.execute(text("SELECT count(*) FROM setting")).scalar_one() == 1
    assert count("setting") == 0


def test_a_bare_database_has_no_table(database):
    url = database.bare()
    db.use(url)
    try:
        assert inspect(db.engine()).get_table_names() == []
        db.engine().dispose()
    finally:
        db.use(database.url)


@pytest.mark.backend("sqlite")
def test_the_business_day_can_be_fixed(database, business_day):
    assert today() == TODAY
    assert business_day("2026-12-01") == today() != TODAY


def test_a_user_can_sign_in(database, user):
    assert visitor(sign_in(name=user("ana", "cashier"), password=PASSWORD)) is not None
