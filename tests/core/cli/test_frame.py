"""What all commands share: common options, formats, exit codes, and refusals that are sentences."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from zipfile import ZipFile

import openpyxl
import pytest

from core.cli.root import COMMANDS
from core.config import ROOT
from tests.support import command_line

pytestmark = pytest.mark.backend("sqlite")  # what is tested here comes before any database


def process(*argv: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "core", *argv], cwd=ROOT, env={**os.environ, **environment}, capture_output=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


@pytest.fixture
def ana(database, user):
    return user("ana", "admin")


# ------------------------------------------------------------------ common options
@pytest.mark.parametrize("argv", [
    ["--format", "json", "users", "list"],
    ["users", "--format", "json", "list"],
    ["users", "list", "--format", "json"],
    ["--format=csv", "users", "list", "--format=json"],
])  # fmt: skip
def test_common_options_stand_before_or_after_the_command_and_the_last_counts(ana, cli, argv):
    assert [row["name"] for row in json.loads(command_line.run(*argv).out)["rows"]] == ["ana"]


@pytest.mark.parametrize("argv", [["--as", "beto", "users", "list"], ["users", "list", "--as", "beto"]])
def test_an_unknown_user_is_refused(ana, cli, argv):
    answer = command_line.run(*argv)
    assert (answer.code, answer.out) == (1, "")
    assert answer.reasons == ["No hay un usuario «beto». Revise el nombre en la lista de usuarios."]


def test_a_disabled_user_is_refused(ana, user, cli):
    user("beto", "admin")
    assert cli("users", "disable", "beto").code == 0
    assert cli("users", "list", "--as", "beto").code == 1


def test_a_blank_user_is_nobody_and_never_the_system(database, cli):
    answer = cli("users", "list", "--as", "")
    assert (answer.code, answer.out) == (1, "")
    assert "«»" in answer.err


def test_who_may_not_is_refused(ana, user, cli):
    user("rosa", "collector")
    answer = cli("users", "list", "--as", "rosa")
    assert (answer.code, answer.out) == (1, "")
    assert "no tiene permiso" in answer.err


def test_the_day_on_which_a_command_acts_is_today_and_is_logged(ana, cli):
    assert cli("--today", "2026-04-01", "close", "2026-03").code == 0
    assert cli("audit", "list").rows[0]["business_on"] == "2026-04-01"


def test_an_event_keeps_the_way_the_system_user_and_the_name(ana, cli):
    assert cli("settings", "set", "company.name", "La Norteña", "--as", "ana").code == 0
    event = cli("audit", "list").rows[0]
    assert (event["user"], event["origin"], bool(event["os_user"])) == ("ana", "cli", True)


# ------------------------------------------------------------------ wrong usage
@pytest.mark.parametrize("argv", [
    [], ["fly"], ["db"], ["db", "fly"], ["users", "list", "--fly"], ["users", "list", "extra"], ["settings", "get"],
    ["users", "list", "--format", "yaml"], ["users", "list", "--format", "pdf"], ["users", "list", "--format"],
    ["users", "list", "--today", "31/03/2026"], ["users", "list", "--today", "20260331"],
    ["users", "list", "--today", "2026-02-30"], ["users", "list", "--today", "٢٠٢٦-٠٣-٣١"],
    ["audit", "list", "--from", "2026-02-01", "--to", "2026-01-01"], ["audit", "list", "--from", "ayer"],
    ["close"], ["close", "2026-13"], ["close", "2026-3"], ["close", "0001-01"],
    ["reopen", "2026-01"], ["reopen", "2026-01", "--reason", "  "],
    ["settings", "get", "no.such"], ["settings", "set", "no.such", "1"],
    ["settings", "set", "aging.buckets", "30,20"], ["settings", "set", "promises.default_days", "many"],
    ["users", "add", "rey", "--role", "king"], ["users", "add", "rey"],
    ["demo", "--documents", "10000001"], ["demo", "--documents", "-1"], ["demo", "--seed", "x"],
    ["serve", "--format", "json"], ["orders", "list"], ["commissions"],
])  # fmt: skip
def test_what_the_arguments_alone_show_is_wrong_usage(database, argv):
    answer = command_line.run(*argv)
    assert (answer.code, answer.out) == (2, "")
    assert answer.reasons
    assert not any(word in answer.err for word in ("Usage", "Error", "No such", "Missing", "Invalid"))


def test_a_terminal_gets_no_workbook(ana):
    mine, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "core", "users", "list", "--format", "xlsx"], cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=subprocess.PIPE, check=False, env={**os.environ, "DATABASE_URL": "sqlite:////nowhere"},
    )  # fmt: skip
    os.close(theirs)
    os.close(mine)
    assert done.returncode == 2
    assert "--out" in done.stderr.decode()


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_explains_itself_in_spanish(name):
    answer = command_line.run(*name.split(), "--help")
    assert answer.code == 0
    assert "Uso: " in answer.out
    assert "--today D" in answer.out
    assert "Show this message" not in answer.out


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", b"'; DROP TABLE customer; --", b"%s%n{0}{x}", b"-" * 5000, "🧾".encode()]
)
def test_a_hostile_value_finds_nobody_and_breaks_nothing(ana, database, value):
    argv = [b"audit", b"list", b"--customer=" + value, b"--user=" + value]
    done = subprocess.run(
        [sys.executable, "-m", "core", *map(os.fsdecode, argv)], cwd=ROOT, capture_output=True, check=False,
        env={**os.environ, "DATABASE_URL": database.url},
    )  # fmt: skip
    assert done.returncode in (0, 1)
    assert "referencia" not in done.stderr.decode()


# ------------------------------------------------------------------ answers
def test_a_table_is_for_people(ana):
    lines = command_line.run("users", "list").out.splitlines()
    assert lines[0] == "Usuarios"
    assert lines[1].split()[:2] == ["Usuario", "Nombre"]
    assert lines[3].split()[:2] == ["ana", "admin"]


def test_csv_bears_canonical_names(ana):
    answer = command_line.run("users", "list", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(answer.out.removeprefix("\ufeff")))
    assert (row["name"], row["role"]) == ("ana", "admin")


def test_a_workbook_goes_through_a_pipe_or_into_a_file(ana, tmp_path):
    path = tmp_path / "users.xlsx"
    answer = command_line.run("users", "list", "--format", "xlsx", "--out", path)
    assert (answer.code, answer.out) == (0, "")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert "ana" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert ZipFile(path).testzip() is None


def test_a_file_that_cannot_be_written_is_refused_before_the_work(ana, cli, tmp_path):
    answer = cli("settings", "set", "company.name", "X", "--out", tmp_path / "missing" / "x.txt")
    assert (answer.code, answer.out) == (1, "")
    assert "no existe" in answer.err
    assert cli("settings", "get", "company.name").data["value"] == ""


def test_a_refused_command_leaves_the_file_as_it_was(ana, cli, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("before")
    assert cli("close", "2099-01", "--out", path).code == 1
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_found_is_no_refusal(ana, cli):
    assert cli("audit", "list", "--customer", "nobody").rows == []
    answer = command_line.run("audit", "list", "--customer", "nobody")
    assert (answer.code, answer.out) == (0, "Bitácora\nSin resultados.\n")


def test_the_language_is_that_of_the_environment(monkeypatch):
    from core.config import config

    monkeypatch.setenv("CARTERA_LANG", "fr")  # not known: Spanish
    config.cache_clear()
    assert "No existe la orden" in command_line.run("fly").err
    config.cache_clear()


# ------------------------------------------------------------------ what goes wrong around us
@pytest.mark.parametrize(("environment", "told"), [
    ({"BUSINESS_DATE": "mañana"}, "BUSINESS_DATE"),
    ({"TZ_BUSINESS": "Mars/Olympus"}, "TZ_BUSINESS"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    ({"DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, "no responde"),
    ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "db upgrade"),
    ({"DATABASE_URL": "sqlite:////etc/passwd"}, "no responde"),
])  # fmt: skip
def test_a_broken_environment_is_told_in_a_sentence(environment, told):
    done = process("users", "list", **environment)
    assert (done.returncode, done.stdout) == (1, b"")
    [line] = done.stderr.decode().splitlines()
    assert told in line


def test_a_missing_database_is_not_made_by_looking(tmp_path):
    done = process("users", "list", DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_bug_is_told_with_a_reference_and_kept_in_the_log(ana, tmp_path, monkeypatch):
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("core.cli.root.DATA", tmp_path)
    monkeypatch.setattr("core.cli.users.all_users", broken)
    answer = command_line.run("users", "list")
    assert (answer.code, answer.out) == (1, "")
    [line] = answer.reasons
    reference = line.split("referencia ")[1].split(",")[0]
    assert "secret detail" not in line
    assert f"{reference} users list" in (tmp_path / "log" / "errores.log").read_text()


def test_a_reader_who_leaves_is_no_error_to_see(ana, database):
    first = subprocess.Popen(
        [sys.executable, "-m", "core", "settings", "list"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "DATABASE_URL": database.url},
    )  # fmt: skip
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    assert first.stderr.read() == b""
    first.stderr.close()
    first.wait()


def test_it_starts_without_what_it_does_not_need():
    code = "import sys, core.cli.root; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"pandas", "streamlit", "alembic", "sqlalchemy", "reportlab"}.isdisjoint(done.stdout.split())
