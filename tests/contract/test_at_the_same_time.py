"""Commands at the same time end as if they had run one after the other; a killed one has written nothing or all."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.config import ROOT
from tests.contract.helpers import DAY, Book
from tests.support.databases import Database


@pytest.fixture
def start(database: Database):
    """Starts a command as a process of its own."""
    running: list[subprocess.Popen] = []

    def start(*argv: object) -> subprocess.Popen:
        environment = {**os.environ, "DATABASE_URL": database.url, "PYTHONUTF8": "1"}
        made = subprocess.Popen(
            [sys.executable, "-m", "core", *map(str, argv)], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        running.append(made)
        return made

    yield start
    for one in running:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)
        one.communicate()


@pytest.fixture
def together(start):
    """Runs commands at once; returns (exit code, stderr) of each."""

    def run(*lines: tuple) -> list[tuple[int, str]]:
        processes = [start(*line) for line in lines]
        with ThreadPoolExecutor(len(processes)) as pool:
            told = list(pool.map(lambda one: one.communicate(timeout=120), processes))
        return [(one.returncode, err) for one, (_, err) in zip(processes, told, strict=True)]

    return run


def documents(book: Book, count: int, name: str = "many.csv") -> Path:
    rows = "\n".join(f"invoice,F{n},C1,2026-03-01,10.00" for n in range(count))
    return book.path(f"kind,number,customer,issue_date,total\n{rows}\n".encode(), name)


def test_two_payments_for_the_last_open_amount_one_is_refused_for_its_business_reason(book: Book, together):
    book.documents("number,issue_date,total\nF1,2026-03-01,100.00")
    files = [book.path(f"number,date,amount,customer,applies_to\nP{n},2026-03-02,80.00,C1,F1:80.00") for n in (1, 2)]
    ends = together(*(("import", "payments", path) for path in files))
    assert sorted(code for code, _ in ends) == [0, 1]
    [told] = [err for code, err in ends if code]
    assert "applies_to" in told
    assert book.open() == {"F1": "20.00"}
    assert book.run("db", "check").code == 0


def test_the_same_file_twice_at_once_is_new_once_and_repeated_once(book: Book, together):
    path = documents(book, 300)
    ends = together(*(("import", "documents", path),) * 2)
    assert [code for code, _ in ends] == [0, 0]
    assert book.row()["total"] == "3000.00"
    assert len([one for one in book.events() if "import" in str(one)]) >= 2


def test_one_reversal_of_two_at_once_is_refused(book: Book, together):
    book.payments("number,date,amount\nP1,2026-03-01,10.00")
    files = [book.path(f"number,date,reason\nP1,2026-03-{day},error") for day in (10, 11)]
    ends = together(*(("import", "reversals", path) for path in files))
    assert sorted(code for code, _ in ends) == [0, 1]
    assert book.aging(DAY)["rows"] == []


def test_a_month_closed_while_an_import_dates_into_it(book: Book, together):
    path = documents(book, 300)
    ends = together(("import", "documents", path), ("close", "2026-03", "--today", "2026-04-10"))
    assert ends[1][0] == 0
    written = ends[0][0] == 0
    assert book.totals() == ({"MXN": "3000.00"} if written else {})


def test_who_reads_is_not_kept_waiting_by_an_import(book: Book, start):
    book.documents("number,issue_date,total\nX1,2026-03-01,10.00")
    importing = start("import", "documents", documents(book, 15_000))
    waits = []
    while importing.poll() is None:
        began = time.monotonic()
        seen = book.row()["total"]
        waits.append(time.monotonic() - began)
        assert seen in ("10.00", "150010.00")
    assert importing.returncode == 0
    assert book.row()["total"] == "150010.00"
    assert max(waits) < 20


@pytest.mark.parametrize("after", [0.5, 0.9, 1.3])
def test_a_killed_import_has_written_nothing_or_everything(book: Book, start, after: float):
    path = documents(book, 10_000)
    importing = start("import", "documents", path)
    time.sleep(after)
    os.killpg(importing.pid, signal.SIGKILL)
    importing.communicate()
    assert book.totals() in ({}, {"MXN": "100000.00"})
    assert book.put("documents", path)["read"] == 10_000
    assert book.totals() == {"MXN": "100000.00"}
    assert book.run("db", "check").code == 0
