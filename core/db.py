"""The database: one engine a process, reading in a snapshot, writing in one transaction. The only commit is here."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from itertools import chain, islice
from typing import Any, NamedTuple, cast

from sqlalchemy import URL, Connection, Dialect, Engine, Select, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlmodel import Session, SQLModel

from core.config import config
from core.errors import DatabaseNotReady, SomebodyIsWriting

#: How long a writer waits for another, in seconds.
WAIT = 60
#: The advisory lock of PostgreSQL that every write shares and that an import, a close or a restore takes alone.
BOOK = 7_226_001


class _Place:
    """Which database this process works on; tests and `db restore` point it elsewhere."""

    url: str | None = None


def use(url: str | None) -> None:
    """Works on `url` from here on (None: `DATABASE_URL`)."""
    _Place.url = url


def url() -> str:
    """The database's URL in use."""
    return _Place.url or config().database_url


def engine() -> Engine:
    """The engine of the database in use."""
    return _engine(url())


def close() -> None:
    """Closes the idle connections; the last to leave a SQLite file takes its log with it, and the file is whole."""
    if _engine.cache_info().currsize:
        engine().dispose()


@cache
def _engine(url: str) -> Engine:
    parsed = make_url(url)
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)


def _sqlite(url: URL) -> Engine:
    made = create_engine(url, connect_args={"timeout": WAIT}, pool_size=10, max_overflow=20)

    @event.listens_for(made, "connect")
    def _connect(dbapi: sqlite3.Connection, _: object) -> None:
        dbapi.isolation_level = None  # SQLAlchemy says BEGIN, below
        for pragma in (
            "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={WAIT * 1000}",
            "temp_store=MEMORY", "cache_size=-262144", "mmap_size=268435456",
        ):  # fmt: skip
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))

    return made


def _postgresql(url: URL) -> Engine:
    options = f"-c lock_timeout={WAIT}s -c idle_in_transaction_session_timeout=600s -c timezone=UTC"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True, pool_size=10, max_overflow=20, pool_recycle=1800,
        connect_args={"application_name": "cartera", "options": options},
    )  # fmt: skip


def is_sqlite() -> bool:
    """Whether the database in use is SQLite."""
    return engine().dialect.name == "sqlite"


#: PostgreSQL's codes for a lock that did not come in time, a deadlock, two writes that exclude each other.
_BUSY = frozenset({"55P03", "40P01", "40001"})


def _driver_errors() -> tuple[type[Exception], ...]:
    """What a statement may raise: through SQLAlchemy, or past it."""
    if is_sqlite():
        return DBAPIError, sqlite3.Error
    import psycopg  # slow to load, and not needed for SQLite

    return DBAPIError, psycopg.Error


@contextmanager
def _refusals() -> Iterator[None]:
    """A lock that did not come in time, or a missing schema, is said in words; all else is a bug."""
    try:
        yield
    except _driver_errors() as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        told = str(cause).lower()
        if getattr(cause, "sqlstate", None) in _BUSY or "locked" in told:
            raise SomebodyIsWriting from error
        if isinstance(error, (OperationalError, ProgrammingError)) and (
            "no such table" in told or "no such column" in told or "does not exist" in told
        ):
            raise DatabaseNotReady from error
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """A session in which everything is seen as of one instant, and nothing is kept."""
    # SQLite sees one instant from the first read of a transaction on; PostgreSQL must be asked
    one_instant = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        _refusals(),
        engine().connect().execution_options(**one_instant) as connection,
        Session(bind=connection, expire_on_commit=False, autoflush=False) as session,
    ):
        yield session


#: In one process, SQLite's writers queue here: its own busy wait is unfair (seconds, with eight writers).
_writers = threading.Lock()


@contextmanager
def _turn() -> Iterator[None]:
    if not is_sqlite():
        yield
        return
    if not _writers.acquire(timeout=WAIT):
        raise SomebodyIsWriting
    try:
        yield
    finally:
        _writers.release()


@contextmanager
def transaction(*, alone: bool = False) -> Iterator[Session]:
    """A session that writes: all of it is committed at the end, or nothing.

    `alone`: nobody else writes meanwhile (imports, closing a month). SQLite has one writer anyway; on PostgreSQL
    every write shares an advisory lock that `alone` takes for itself.
    """
    with (
        _refusals(),
        _turn(),
        engine().connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        # the session begins: a transaction begun on the connection would not be the session's to commit
        Session(bind=connection, expire_on_commit=False) as session,
    ):
        if not is_sqlite():
            how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
            with at_once(session, 1):  # with the BEGIN
                _cursor(session).execute(f"SELECT {how}({BOOK})")
        yield session
        session.commit()


def try_to_write(work: Callable[[Session], object]) -> bool:
    """Writes something that may as well be left out: gives up at once, and says so, when somebody else is writing."""
    if is_sqlite() and not _writers.acquire(blocking=False):
        return False
    try:
        with engine().connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
            _do_not_wait(connection)  # begins, so the session must be told that the transaction is its own
            with Session(bind=connection, expire_on_commit=False, join_transaction_mode="control_fully") as session:
                session.connection()  # joins it, or a write past the ORM would not be the session's to commit
                work(session)
                session.commit()
        return True
    except OperationalError:
        return False
    finally:
        if is_sqlite():
            _writers.release()


def _do_not_wait(connection: Connection) -> None:
    if not is_sqlite():
        connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({BOOK})"))
        return
    driver = cast(Any, connection.connection.driver_connection)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        connection.begin()
    finally:
        driver.execute(f"PRAGMA busy_timeout={WAIT * 1000}")


def take(session: Session, name: str) -> None:
    """On PostgreSQL, waits until nobody else holds `name` in this database, until the end of the transaction."""
    if not is_sqlite():
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def rows(session: Session, statement: Select[*tuple[Any, ...]], **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query that runs in every write: a constant of its module, its values `bindparam`s.

    It is compiled once for each database and run by the driver itself, past SQLAlchemy's price for each execution.
    """
    ready = _compiled(statement, engine().dialect)
    given = {**ready.constants, **values}
    for name, write in ready.writers.items():
        given[name] = write(given[name])
    found = _cursor(session).execute(ready.sql, [given[name] for name in ready.order] if ready.order else given)
    return [ready.read(row) for row in found.fetchall()]


class _Ready(NamedTuple):
    """A compiled query: text, order of its values (by name where it is blank), and what converts values and cells."""

    sql: str
    order: list[str]
    constants: dict[str, Any]
    writers: dict[str, Callable[[Any], Any]]
    readers: list[tuple[int, Callable[[Any], Any]]]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as Python has it."""
        if not self.readers:
            return tuple(row)
        cells = list(row)
        for place, read in self.readers:
            cells[place] = read(cells[place])
        return tuple(cells)


@cache
def _compiled(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Ready:
    made = statement.compile(dialect=dialect)
    readers = [
        column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns
    ]
    binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in made.bind_names.items()}
    return _Ready(
        str(made), list(made.positiontup or ()), dict(made.params),
        {name: write for name, write in binds.items() if write is not None},
        [(place, read) for place, read in enumerate(readers) if read is not None],
    )  # fmt: skip


#: Up to so many rows go in one plain statement: what is made for many costs more to begin.
FEW = 20


@contextmanager
def at_once(session: Session, rows: int) -> Iterator[None]:
    """What is written inside past the ORM goes to PostgreSQL in one trip; nothing is read inside, errors come last.

    `rows`: the most that one statement writes; more than a few go by COPY, which does not travel with others.
    """
    if is_sqlite() or rows > FEW:
        yield
        return
    session.flush()
    with _driver(session).pipeline():
        yield


def reserve_ids(session: Session, model: type[SQLModel], count: int) -> list[int]:
    """`count` ids of a table that nobody else will use."""
    [ids] = reserve(session, (model, count))
    return ids


def reserve(session: Session, *wanted: tuple[type[SQLModel], int]) -> list[list[int]]:
    """So many ids of each table that nobody else will use, asked for at once."""
    tables = [(str(model.__tablename__), count) for model, count in wanted]
    if not any(count for _, count in tables):
        return [[] for _ in tables]
    cursor = _cursor(session)
    if is_sqlite():
        query = "SELECT " + ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table, _ in tables)
        last = cursor.execute(query).fetchone()
        return [list(range(top + 1, top + 1 + count)) for top, (_, count) in zip(last, tables, strict=True)]
    if sum(count for _, count in tables) <= FEW:
        query = "SELECT " + ", ".join(f"nextval('{table}_id_seq')" for table, count in tables for _ in range(count))
        found = iter(cursor.execute(query).fetchone())
    else:
        one = "SELECT nextval('{0}_id_seq') FROM generate_series(1, %s)"
        query = " UNION ALL ".join(one.format(table) for table, _ in tables)
        found = iter([row[0] for row in cursor.execute(query, [count for _, count in tables]).fetchall()])
    return [list(islice(found, count)) for _, count in tables]


def insert_many(session: Session, model: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts many rows by the quickest way of each database, past the ORM.

    `rows` hold what the database keeps, in the order of `columns`: whole centavos, whole millionths, dates, text.
    """
    insert, copy, dated = _insert(model, tuple(columns))
    if is_sqlite():
        _cursor(session).executemany(insert, _written(rows, dated) if dated else rows)
        return
    rest = iter(rows)
    first = list(islice(rest, FEW + 1))
    if len(first) <= FEW:  # starting a COPY costs more than a few rows
        if first:
            marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(first))
            _cursor(session).execute(insert.partition(" VALUES ")[0] + f" VALUES {marks}", [*chain(*first)])
        return
    with _cursor(session).copy(copy) as into:
        for row in chain(first, rest):
            into.write_row(row)


def insert_one(session: Session, model: type[SQLModel], columns: Sequence[str], row: Sequence[Any]) -> int:
    """Inserts one row, past the ORM like `insert_many`, and returns its new id."""
    insert, _copy, dated = _insert(model, tuple(columns))
    cursor = _cursor(session)
    if is_sqlite():
        return int(cursor.execute(insert, next(_written([row], dated))).lastrowid)
    return int(cursor.execute(insert.replace("?", "%s") + " RETURNING id", row).fetchone()[0])


@cache
def _insert(model: type[SQLModel], columns: tuple[str, ...]) -> tuple[str, str, list[int]]:
    """INSERT and COPY of these columns, and the places of dates and moments among them."""
    table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it to classes made with table=True
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    dated = [place for place, name in enumerate(columns) if table.c[name].type.python_type in (date, datetime)]
    insert = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"
    return insert, f"COPY {table.name} ({names}) FROM STDIN", dated


def update_many(session: Session, statement: str, rows: Sequence[Sequence[Any]]) -> int:
    """Runs a statement once for each row, `{0}`, `{1}`… standing for its values; returns how many rows it changed."""
    cursor = _cursor(session)
    marks = [f"?{place + 1}" if is_sqlite() else "%s" for place in range(len(rows[0]))]
    if len(rows) == 1:
        cursor.execute(statement.format(*marks), rows[0])
    else:
        cursor.executemany(statement.format(*marks), rows)
    return int(cursor.rowcount)


def update_from(session: Session, statement: str, rows: Sequence[Sequence[Any]]) -> Callable[[], int]:
    """As `update_many` for a few rows in one statement: `{values}` stands for them, their columns `column1`…

    How many rows it changed can be asked once `at_once` is over.
    """
    mark = "(" + ", ".join(["?" if is_sqlite() else "%s"] * len(rows[0])) + ")"
    cursor = _cursor(session)
    cursor.execute(statement.format(values=", ".join([mark] * len(rows))), [*chain(*rows)])
    return lambda: int(cursor.rowcount)


def _written(rows: Iterable[Sequence[Any]], dated: list[int]) -> Iterator[list[Any]]:
    """Dates and moments as SQLAlchemy keeps them in SQLite: ISO text, moments without zone."""
    texts: dict[Any, str | None] = {None: None}  # the same days come again and again
    for row in rows:
        written = list(row)
        for place in dated:
            value = written[place]
            if value not in texts:
                texts[value] = _moment(value) if isinstance(value, datetime) else value.isoformat()
            written[place] = texts[value]
        yield written


def _moment(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _connection(session: Session) -> Connection:
    """The session's connection, in its transaction."""
    bound = session.bind
    return bound if isinstance(bound, Connection) and bound.in_transaction() else session.connection()


def _driver(session: Session) -> Any:
    return cast(Any, _connection(session).connection.driver_connection)


def _cursor(session: Session) -> Any:
    return _driver(session).cursor()
