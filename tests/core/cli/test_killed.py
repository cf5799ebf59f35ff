"""A command that is killed has written nothing or everything."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from core.config import ROOT

ROWS = 4_000


@pytest.fixture
def files(tmp_path, cli, database):
    customers, documents = tmp_path / "customers.csv", tmp_path / "documents.csv"
    customers.write_text("code,legal_name\n" + "".join(f"C{one},Cliente {one}\n" for one in range(50)))
    assert cli("import", "customers", customers).code == 0
    rows = (f"invoice,F{one},C{one % 50},2026-01-10,100.00\n" for one in range(ROWS))
    documents.write_text("kind,number,customer,issue_date,total\n" + "".join(rows))
    return documents


def test_an_import_that_is_killed_has_written_nothing_or_everything(files, cli, database):
    line = [sys.executable, "-m", "core", "import", "documents", str(files)]
    environment = {**os.environ, "DATABASE_URL": database.url}
    chance, wait = random.Random(7), 4.0
    for _ in range(4):
        process = subprocess.Popen(
            line, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        began = time.monotonic()
        try:
            process.wait(chance.uniform(0.3, wait))
            wait = time.monotonic() - began  # so long it takes when nobody kills it
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        found = sum(row["action"] == "import.documents" for row in cli("audit", "list").rows)
        rows = cli("aging", "--as-of", "2026-01-31", "--by", "document").rows
        assert (found, len(rows)) in ((0, 0), (1, ROWS))
        assert cli("db", "check").code == 0
    answer = cli("import", "documents", files)
    assert answer.code == 0, answer.err
    assert answer.data["new"] + answer.data["repeated"] == ROWS
