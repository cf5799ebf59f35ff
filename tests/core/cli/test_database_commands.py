"""`db upgrade`, `db backup`, `db restore`, `db check`: on both databases."""

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core import db
from core.db import transaction
from tests.build import a_charge, a_customer, a_payment, pay
from tests.support import command_line


@pytest.fixture
def company(database, user):
    with transaction() as session:
        customer = a_customer(session, "C1", legal_name="Peña, Uno")
        pay(session, customer, a_charge(session, customer, number="F1"), amount="400.00")
        a_payment(session, None, number="NADIE")
    user("ana", "admin")
    return database


@pytest.fixture
def elsewhere(database):
    """Points the product at another database without any table."""
    url = database.bare()
    yield lambda: db.use(url)
    db.engine().dispose()
    db.use(database.url)


def everything(cli):
    return [cli("users", "list").data, cli("settings", "list").data, cli("audit", "list").data]


# ------------------------------------------------------------------ upgrade
def test_an_upgrade_makes_the_schema_and_the_second_one_is_quiet(cli, elsewhere):
    elsewhere()
    for _ in range(2):
        answer = cli("db", "upgrade")
        assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert cli("db", "check").code == 0


def test_without_schema_the_owner_is_told_what_to_do(cli, elsewhere):
    elsewhere()
    answer = cli("users", "list")
    assert (answer.code, answer.out) == (1, "")
    assert "db upgrade" in answer.err
    assert cli("db", "check").code == 1


def set_revision(revision):
    with transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


@pytest.fixture
def newer(company, cli):
    """Inside it, the database says that a later version made it."""

    @contextmanager
    def later():
        from core import schema

        ours = schema.revision()
        set_revision("9999")
        yield
        set_revision(ours)

    return later


@pytest.mark.backend("sqlite")
def test_what_there_was_is_copied_beside_before_an_upgrade(company, cli, monkeypatch):
    from core import schema

    monkeypatch.setattr(schema, "is_current", lambda: False)
    answer = command_line.run("db", "upgrade")
    [copy] = Path(company.url.removeprefix("sqlite:///")).parent.glob("book-*.backup")
    assert str(copy) in answer.out
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM app_user").fetchone() == (1,)
    copy.unlink()


def test_a_database_of_a_newer_version_is_left_alone(newer, cli):
    with newer():
        answer = cli("db", "upgrade")
    assert answer.code == 1
    assert "más nueva" in answer.err


# ------------------------------------------------------------------ backup and restore
def test_a_restored_backup_answers_the_same(company, cli, elsewhere, tmp_path):
    before = everything(cli)
    assert cli("db", "backup", tmp_path / "x.backup").code == 0
    elsewhere()
    answer = cli("db", "restore", tmp_path / "x.backup")
    assert answer.code == 0, answer.err
    assert everything(cli) == before
    assert cli("db", "check").code == 0


def test_a_backup_goes_into_a_schema_without_users_and_customers(company, cli, elsewhere, tmp_path):
    assert cli("db", "backup", tmp_path / "x.backup").code == 0
    elsewhere()
    assert cli("db", "upgrade").code == 0
    assert cli("settings", "set", "company.name", "X").code == 0
    assert cli("db", "restore", tmp_path / "x.backup").code == 0
    assert cli("settings", "get", "company.name").data["value"] == ""
    assert cli("users", "list").rows[0]["name"] == "ana"


def test_work_goes_on_after_a_restore(company, cli, elsewhere, tmp_path):
    assert cli("db", "backup", tmp_path / "x.backup").code == 0
    elsewhere()
    assert cli("db", "restore", tmp_path / "x.backup").code == 0
    assert cli("users", "add", "beto", "--role", "cashier").code == 0
    with pytest.raises(Exception, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM ledger_entry")


def test_a_database_with_people_is_not_overwritten(company, cli, tmp_path):
    assert cli("db", "backup", tmp_path / "x.backup").code == 0
    answer = cli("db", "restore", tmp_path / "x.backup")
    assert (answer.code, answer.out) == (1, "")
    assert "ya tiene usuarios o clientes" in answer.err


@pytest.mark.parametrize("content", [
    b"", b"hello", b"SQLite format 3\0" + b"\xff" * 5000, b"PGDMP" + b"\xff" * 5000, b"PK\x03\x04",
])  # fmt: skip
def test_what_is_no_backup_is_refused_and_nothing_changes(cli, elsewhere, tmp_path, content):
    path = tmp_path / "x.backup"
    path.write_bytes(content)
    elsewhere()
    answer = cli("db", "restore", path)
    assert (answer.code, answer.out) == (1, "")
    assert len(answer.reasons) == 1
    assert "respaldo" in answer.err
    assert cli("users", "list").code == 1


def test_a_sqlite_file_that_is_not_ours_is_no_backup(cli, elsewhere, tmp_path, database):
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("CREATE TABLE app_user (id)")
        connection.commit()
    elsewhere()
    assert cli("db", "restore", tmp_path / "x.db").code == 1


def test_a_missing_backup_is_refused(cli, elsewhere, tmp_path):
    elsewhere()
    answer = cli("db", "restore", tmp_path / "x.backup")
    assert answer.code == 1
    assert "no existe" in answer.err


def test_a_backup_of_a_newer_version_is_refused(newer, cli, elsewhere, tmp_path):
    with newer():
        assert cli("db", "backup", tmp_path / "x.backup").code == 0
    elsewhere()
    answer = cli("db", "restore", tmp_path / "x.backup")
    assert answer.code == 1
    assert "más nueva" in answer.err


@pytest.mark.backend("sqlite")
def test_a_backup_is_one_file_that_only_its_owner_reads(company, cli, tmp_path):
    assert cli("db", "backup", tmp_path / "x.backup").code == 0
    [made] = tmp_path.iterdir()
    assert made.stat().st_mode & 0o077 == 0 or os.name != "posix"


@pytest.mark.backend("sqlite")
def test_a_backup_does_not_replace_the_database_itself(company, cli):
    answer = cli("db", "backup", company.url.removeprefix("sqlite:///"))
    assert answer.code == 1
    assert "la base de datos misma" in answer.err


def test_a_backup_that_cannot_be_written_is_refused(company, cli, tmp_path):
    answer = cli("db", "backup", tmp_path / "missing" / "x.backup")
    assert (answer.code, answer.out) == (1, "")
    assert "no existe" in answer.err


def test_only_who_administers_copies_everything(company, cli, user, tmp_path):
    user("rosa", "cashier")
    assert cli("db", "backup", tmp_path / "x.backup", "--as", "rosa").code == 1
    assert cli("db", "check", "--as", "rosa").code == 1
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ check
def test_a_check_tells_each_violation_in_a_line(company, cli):
    assert cli("db", "check").code == 0
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE ledger_entry SET open = 1 WHERE number = 'F1'")
    answer = cli("db", "check")
    assert (answer.code, answer.out) == (1, "")
    assert answer.reasons[0] == "F1/1: tiene 0.01 por aplicar, pero sus aplicaciones dejan 600.00."
