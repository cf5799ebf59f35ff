"""The other door to the ledger's tables: accounts that a generator has worked out whole, for the demo company only.

Posting keeps an account true while many write; here nobody else is there and millions of rows are known beforehand,
so they are written as they are. What they must satisfy is what `db check` recomputes, and a test asks it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session, SQLModel

from core import db
from core.ledger.models import Application, Entry, MonthLock, Number, Reversal
from core.ledger.rows import APPLICATION_COLUMNS, ENTRY_COLUMNS, REVERSAL_COLUMNS

Rows = Iterable[Sequence[Any]]
_TABLES: tuple[type[SQLModel], ...] = (Entry, Application, Reversal)


def insert_accounts(session: Session, *, numbers: Rows, entries: Rows, applications: Rows, reversals: Rows) -> None:
    """Writes rows in the order of `posting`'s columns: whole centavos and millionths; an undo after what it undoes."""
    db.insert_many(session, Number, ("number", "source", "source_id"), numbers)
    db.insert_many(session, Entry, ENTRY_COLUMNS, entries)
    db.insert_many(session, Reversal, REVERSAL_COLUMNS, reversals)
    db.insert_many(session, Application, APPLICATION_COLUMNS, applications)


def insert_locks(session: Session, rows: Rows) -> None:
    """Writes closed months `(month, user id, user's name, moment)`, oldest first; each has its event in the log."""
    columns = ("closes", "month", "user_id", "user_name", "at")
    db.insert_many(session, MonthLock, columns, ((1, *row) for row in rows))


@contextmanager
def without_indexes(session: Session, others: Sequence[type[SQLModel]] = ()) -> Iterator[None]:
    """Takes the indexes of the ledger (and of other tables) away and makes them again in the same transaction.

    A million rows in an order that is not the index's are sorted once instead of being put in one by one.
    """
    indexes = [
        index for model in (*_TABLES, *others) for index in model.metadata.tables[str(model.__tablename__)].indexes
    ]
    for index in indexes:
        index.drop(session.connection())
    yield
    for index in indexes:
        index.create(session.connection())
