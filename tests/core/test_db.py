"""The door to the database: a snapshot for who reads, all or nothing for who writes, words while another writes."""

import sqlite3
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from core import db
from core.errors import DatabaseNotReady
from core.ledger.models import Entry, Number, Reversal
from core.policies.models import Setting
from tests.build import TODAY, a_charge, a_customer, an_event

ERRORS = (sqlite3.Error, psycopg.Error)
COLUMNS = ("number", "source", "source_id")
REVERSAL = ("id", "source", "source_id", "reversed_on", "reason", "imported", "event_id")


def numbers(first: int, count: int) -> list[tuple[str, str, int]]:
    return [(f"N-{one:05d}", "document", one) for one in range(first, first + count)]


def written() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Number)) or 0


class Unexpected(Exception):
    """Something that no code foresees."""


@pytest.mark.parametrize("count", [0, 1, db.FEW, db.FEW + 1, 2_000])
def test_rows_past_the_orm_are_all_there_few_or_many(database, count):
    with db.transaction() as session:
        db.insert_many(session, Number, COLUMNS, iter(numbers(1, count)))
    with db.reading() as session:
        kept = session.execute(select(*(col(getattr(Number, one)) for one in COLUMNS)).order_by(col(Number.number)))
        assert [tuple(row) for row in kept] == [*numbers(1, count)]


def test_a_transaction_that_fails_leaves_nothing(database):
    def fail() -> None:
        with db.transaction() as session:
            db.insert_many(session, Number, COLUMNS, numbers(1, 3))
            session.add(Setting(key="company.name", value="X"))
            raise Unexpected

    with pytest.raises(Unexpected):
        fail()
    assert written() == 0


def test_who_reads_sees_one_instant(database):
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Number)) == 0
        with db.transaction() as other:
            db.insert_many(other, Number, COLUMNS, numbers(1, 1))
        assert session.scalar(select(func.count()).select_from(Number)) == 0
    assert written() == 1


@pytest.mark.backend("postgresql")
def test_who_reads_writes_nothing_and_who_comes_after_may_write(database):
    for _ in range(2):  # the same connection, from the pool
        with pytest.raises(DBAPIError), db.reading() as session:
            session.execute(insert(Setting).values(key="company.name", value="X"))
        with db.transaction() as session:
            session.execute(delete(Setting))
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_what_is_written_at_once_is_all_there_and_counted(database):
    with db.transaction() as session:
        customer = a_customer(session)
        for _ in range(2):
            a_charge(session, customer, amount="100.00")
        ids = session.scalars(select(col(Entry.id)).order_by(col(Entry.id))).all()
        statement = (
            "UPDATE ledger_entry SET open = v.column1 FROM (VALUES {values}) AS v"
            " WHERE ledger_entry.id = v.column2 AND ledger_entry.open = v.column3"
        )
        with db.at_once(session, 3):
            db.insert_many(session, Number, COLUMNS, numbers(1, 2))
            changed = db.update_from(session, statement, [(9_000, ids[0], 10_000), (1, ids[1], 77)])
        assert changed() == 1  # the other one was not what was said
    assert written() == 4


@pytest.mark.parametrize("rows", [2, db.FEW + 5])
def test_an_error_among_what_is_written_at_once_undoes_all_and_the_next_write_goes_on(database, rows):
    def fail() -> None:
        with db.transaction() as session, db.at_once(session, rows):
            db.insert_many(session, Number, COLUMNS, numbers(1, rows))
            db.insert_many(session, Number, COLUMNS, numbers(rows, 1))  # a number that is there

    with pytest.raises(ERRORS):
        fail()
    assert written() == 0
    with db.transaction() as session, db.at_once(session, 1):
        db.insert_many(session, Number, COLUMNS, numbers(1, 1))
    assert written() == 1


def test_ids_reserved_at_the_same_time_are_nobody_elses(database):
    taken: list[int] = []

    def take() -> None:
        for _ in range(5):
            with db.transaction() as session:
                event = an_event(session)
                [ids, few] = db.reserve(session, (Reversal, 30), (Entry, 1))
                assert len(few) == 1
                taken.extend(ids)
                rows = ((id_, "payment", id_, TODAY, "x", False, event) for id_ in ids)
                db.insert_many(session, Reversal, REVERSAL, rows)

    writers = [Thread(target=take) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert len(set(taken)) == len(taken) == 600


def test_what_may_be_left_out_gives_up_at_once_while_somebody_writes(database):
    holds, done = Event(), Event()

    def write() -> None:
        with db.transaction(alone=True) as session:
            session.add(Setting(key="company.name", value="X"))
            session.flush()
            holds.set()
            done.wait(10)

    def touch(session: Session) -> None:
        db.insert_many(session, Number, COLUMNS, numbers(1, 1))

    writer = Thread(target=write)
    writer.start()
    holds.wait(10)
    assert not db.try_to_write(touch)
    done.set()
    writer.join()
    assert written() == 0
    assert db.try_to_write(touch)
    assert written() == 1


def test_a_database_without_the_schema_is_told_in_words(database):
    db.use(database.bare())
    with pytest.raises(DatabaseNotReady), db.reading() as session:
        session.scalar(select(func.count()).select_from(Number))


def test_any_other_error_is_shown_as_it_is(database):
    with pytest.raises(DBAPIError), db.transaction() as session:
        session.add(Setting(key="x", value=None))
