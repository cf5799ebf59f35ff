"""The state of the books: every write makes a new one, whichever of two at once is kept last."""

from threading import Event, Thread

import pytest

from core import db
from core.portfolio.tie_out import books_version
from tests.build import a_customer, an_event


def version() -> tuple[int, int]:
    with db.reading() as session:
        return books_version(session)


def test_books_without_any_event_have_a_version(database):
    assert version() == (0, 0)


def test_each_write_makes_a_new_version(database):
    seen = {version()}
    for _ in range(3):
        with db.transaction() as session:
            a_customer(session)
        seen.add(version())
    assert len(seen) == 4
    assert version() in seen


@pytest.mark.backend("postgresql")
def test_a_write_that_began_first_and_is_kept_last_makes_a_new_version(database):
    begun, go_on = Event(), Event()

    def slow() -> None:
        with db.transaction() as session:
            an_event(session)
            begun.set()
            go_on.wait(10)

    writer = Thread(target=slow)
    writer.start()
    begun.wait(10)
    with db.transaction() as session:
        an_event(session)
    before = version()
    go_on.set()
    writer.join()
    after = version()
    assert after[0] == before[0]
    assert after != before
