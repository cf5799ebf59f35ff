"""The ground that every other test stands on: databases that are empty, migrated, real, and the two that we claim."""

import pytest
from sqlalchemy import inspect, text

from core import db, schema


def count(table: str) -> int:
    with db.reading() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_migrated_database(database, turn):
    assert schema.is_current()
    assert db.engine().dialect.name == database.name
    assert count("customer") == 0
    add_a_customer()
    assert count("customer") == 1


def add_a_customer() -> None:
    """One row by plain SQL, whatever the columns are called in this version."""
    from core.customers.models import Customer

    with db.transaction() as session:
        session.add(Customer(code="C1", name="Uno"))


def test_what_a_transaction_wrote_is_there_for_everybody(database):
    add_a_customer()
    db.engine().dispose()
    assert count("customer") == 1


def test_what_the_session_fixture_wrote_is_seen_by_itself_only(session):
    assert session.execute(text("SELECT count(*) FROM customer")).scalar_one() == 0


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
    from core.clock import today

    assert today() != business_day("2026-03-31")
    assert today().isoformat() == "2026-03-31"
