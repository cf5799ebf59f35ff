"""`serve` and `demo`: what a new installation sees first."""

import re
import socket

import pytest

from core import db
from core.cli import database as database_commands
from core.cli import serve as serve_command
from core.cli.demo import nobody_yet
from tests.support import command_line


@pytest.fixture
def served(monkeypatch):
    """Where the server would have been started, had it not been a test."""
    places: list[tuple[str, int]] = []
    monkeypatch.setattr(serve_command, "_become_the_server", lambda *place: places.append(place))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(free.getsockname()[1]))
    return places


@pytest.fixture
def new_installation(database, tmp_path, monkeypatch):
    monkeypatch.setattr(database_commands, "DATA", tmp_path / "data")
    before = database.url
    db.use(f"sqlite:///{tmp_path / 'data' / 'cartera.db'}")
    yield
    db.engine().dispose()
    db.use(before)


@pytest.mark.backend("sqlite")
def test_a_new_installation_gets_the_demo_company_and_its_users_once(new_installation, served):
    first = command_line.run("serve")
    assert first.code == 0, first.err
    assert re.search(r"^admin +admin +\S{12,}$", first.out, re.MULTILINE)
    assert re.search(r"http://127\.0\.0\.1:\d+$", first.out, re.MULTILINE)
    second = command_line.run("serve")
    assert (second.code, second.out.count("\n")) == (0, 1)
    assert len(served) == 2


def test_a_database_of_ones_own_is_served_as_it_is(database, served):
    assert command_line.run("serve").code == 0
    assert nobody_yet()
    assert served[0][0] == "127.0.0.1"


def test_a_database_without_schema_is_not_served(database, served):
    db.use(database.bare())
    answer = command_line.run("serve")
    db.use(database.url)
    assert (answer.code, answer.out, served) == (1, "", [])
    assert "db upgrade" in answer.err


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(("name", "value", "told"), [
    ("PORT", "http", "PORT"), ("PORT", "0", "PORT"), ("PORT", "65536", "PORT"), ("HOST", "256.0.0.1", "256.0.0.1"),
])  # fmt: skip
def test_a_place_that_does_not_exist_is_told(database, served, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    answer = command_line.run("serve")
    assert (answer.code, served) == (1, [])
    assert told in answer.err


@pytest.mark.backend("sqlite")
def test_a_port_that_is_taken_is_told(database, served, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        answer = command_line.run("serve")
    assert (answer.code, served) == (1, [])
    assert "ya está en uso" in answer.err


def test_the_demo_goes_into_a_database_without_tables(database, cli):
    db.use(database.bare())
    answer = command_line.run("demo", "--documents", "40", "--format", "json")
    check = cli("db", "check")
    db.engine().dispose()
    db.use(database.url)
    assert {"name", "role", "password"} == set(answer.rows[0])
    assert check.code == 0, check.err


def test_the_demo_does_not_go_where_somebody_is(database, cli, user):
    user("ana", "admin")
    answer = cli("demo", "--documents", "40")
    assert (answer.code, answer.out) == (1, "")
    assert len(cli("users", "list").rows) == 1
