"""The bare drivers: rows from one database into another by the quickest way that each has, and nothing else."""

import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import psycopg

from tests.bench.measure import clock
from tests.support.databases import plain

_CHUNK = 50_000
_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-262144",
            "mmap_size=268435456")  # fmt: skip


class Bare(ABC):
    """Copies rows and says how many seconds the writing took; reading them is not counted."""

    source: Any
    target: Any
    clock: Callable[[], float]

    @abstractmethod
    def copy(self, table: str, where: str, *, order: str = "id") -> float:
        """Inserts the rows of the source's table that meet a condition."""

    @abstractmethod
    def update_open(self, applications: str, last_entry: int) -> float:
        """Sets `open` of the entries up to `last_entry` that these applications of the source touch."""

    def last_id(self, table: str) -> int:
        """The highest id of the target's table."""
        found: int = self.target.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        return found

    def commit(self) -> float:
        """Keeps what was written."""
        start = self.clock()
        self.target.commit()
        taken = self.clock() - start
        self.source.rollback()
        return taken

    def close(self) -> None:
        """Leaves both databases."""
        self.source.close()
        self.target.close()


_TOUCHED = (
    "SELECT open, id FROM ledger_entry WHERE id <= {last} AND id IN (SELECT credit_id FROM ledger_application"
    " WHERE {applications} UNION SELECT charge_id FROM ledger_application WHERE {applications})"
)


class _Sqlite(Bare):
    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = (sqlite3.connect(url.removeprefix("sqlite:///")) for url in (source, target))
        for pragma in _PRAGMAS:
            self.target.execute(f"PRAGMA {pragma}")

    def copy(self, table: str, where: str, *, order: str = "id") -> float:
        found = self.source.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}")
        marks = ", ".join("?" * len(found.description))
        return self._each(f"INSERT INTO {table} VALUES ({marks})", found)

    def update_open(self, applications: str, last_entry: int) -> float:
        found = self.source.execute(_TOUCHED.format(applications=applications, last=last_entry))
        return self._each("UPDATE ledger_entry SET open = ? WHERE id = ?", found)

    def _each(self, statement: str, found: sqlite3.Cursor) -> float:
        seconds = 0.0
        while rows := found.fetchmany(_CHUNK):
            start = self.clock()
            self.target.executemany(statement, rows)
            seconds += self.clock() - start
        return seconds


class _Postgresql(Bare):
    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = psycopg.connect(plain(source)), psycopg.connect(plain(target))

    def copy(self, table: str, where: str, *, order: str = "id") -> float:
        return self._stream(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}", table)

    def update_open(self, applications: str, last_entry: int) -> float:
        self.target.execute("CREATE TEMP TABLE touched (open bigint, id bigint) ON COMMIT DROP")
        seconds = self._stream(_TOUCHED.format(applications=applications, last=last_entry), "touched")
        start = self.clock()
        self.target.execute("UPDATE ledger_entry e SET open = t.open FROM touched t WHERE e.id = t.id")
        return seconds + self.clock() - start

    def _stream(self, select: str, table: str) -> float:
        with tempfile.TemporaryFile() as file:
            with self.source.cursor().copy(f"COPY ({select}) TO STDOUT") as read:
                for block in read:
                    file.write(block)
            file.seek(0)
            start = self.clock()
            with self.target.cursor().copy(f"COPY {table} FROM STDIN") as written:
                while piece := file.read(1 << 18):
                    written.write(piece)
            return self.clock() - start


def open_bare(backend: str, source: str, target: str) -> Bare:
    """The driver of an engine between two of its databases."""
    made = _Sqlite(source, target) if backend == "sqlite" else _Postgresql(source, target)
    made.clock = clock(backend)
    return made
