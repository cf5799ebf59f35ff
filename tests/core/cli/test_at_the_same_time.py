"""Commands at the same time end as if they had run one after the other; nobody is refused for a lock that passes."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from core import db
from core.auth.actor import system
from core.config import ROOT
from core.db import transaction
from core.errors import SomebodyIsWriting
from core.importers import layouts
from core.policies.settings import set_setting
from tests.support import command_line

LAYOUT = layouts.from_json("x.json", b'{"kind": "documents", "columns": {"Folio": "number"}}')


def started(database, *argv):
    return subprocess.Popen(
        [sys.executable, "-m", "core", *argv], cwd=ROOT, env={**os.environ, "DATABASE_URL": database.url}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_of_two_who_add_the_same_user_one_is_told_why(database, cli):
    answers = [ended(one) for one in [started(database, "users", "add", "ana", "--role", "admin") for _ in range(2)]]
    assert sorted(code for code, _, _ in answers) == [0, 1]
    [refused] = [err for code, _, err in answers if code]
    assert "Ya hay un usuario «ana»" in refused
    assert len(cli("users", "list").rows) == 1


@pytest.mark.parametrize("write", [
    lambda session: set_setting(session, system(), key="company.name", value="La Compañía"),
    lambda session: layouts.save(session, system(), name="Del ERP", spec=LAYOUT),
])  # fmt: skip
def test_two_who_write_the_same_thing_for_the_first_time_both_succeed(database, write):
    meet = threading.Barrier(2)

    def one() -> None:
        meet.wait()
        with transaction() as session:
            write(session)
            time.sleep(0.3)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(one) for _ in range(2)]:
            done.result()


def test_a_month_is_closed_once_whoever_asks(database, cli):
    answers = [ended(one) for one in [started(database, "close", "2026-01") for _ in range(3)]]
    assert [code for code, _, _ in answers] == [0, 0, 0]
    assert [row["action"] for row in cli("audit", "list").rows] == ["month.closed"]


def test_a_writer_waits_for_the_one_before(database, cli):
    with transaction(alone=True) as session:
        session.connection()  # SQLite begins with the first statement
        waiting = started(database, "close", "2026-01")
        time.sleep(1.5)
        assert waiting.poll() is None
    assert ended(waiting)[0] == 0


def test_who_waits_too_long_is_told_that_somebody_is_writing(database, monkeypatch):
    monkeypatch.setattr(db, "WAIT", 1)
    db._engine.cache_clear()
    release, held = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction(alone=True):
            held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        answer = command_line.run("close", "2026-01")
        assert (answer.code, answer.out) == (1, "")
        assert answer.reasons == [SomebodyIsWriting().sentence()]
    finally:
        release.set()
        holder.join()
        db.engine().dispose()
        db._engine.cache_clear()


@pytest.mark.parametrize("times", [2])
def test_two_upgrades_of_one_database_make_one_schema(database, times):
    url = database.bare()
    environment = {**os.environ, "DATABASE_URL": url}
    line = [sys.executable, "-m", "core", "db", "upgrade"]
    running = [
        subprocess.Popen(line, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(times)
    ]
    assert [ended(one) for one in running] == [(0, "", "")] * times
