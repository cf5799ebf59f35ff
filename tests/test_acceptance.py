"""The black-box cases of the contract, when they lie beside the repository (or where `ACCEPTANCE_DIR` says).

Their own runner reads and judges them; here its commands run in this process, each on its own database. A few run as
it does it outside, every command a process of its own.
"""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import clock, db
from core.config import config
from tests.support import command_line
from tests.support.databases import Database, Postgresql

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("ACCEPTANCE_DIR") or ROOT.parent / "shared" / "acceptance")
LATER = Path(__file__).with_name("acceptance_later.txt")

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not (FOLDER / "replay.py").exists(), reason="no acceptance cases beside this checkout"),
]


def every_case() -> list[dict[str, Any]]:
    """All cases; of each file in order."""
    files = sorted((FOLDER / "cases").glob("*.yaml"))
    return [case for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def later() -> list[str]:
    """The ids of cases that wait for something not built yet."""
    lines = LATER.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


CASES = {case["id"]: case for case in every_case() if case["id"] not in set(later())}


class Target:
    """One database as the runner knows it: `run` a command, `another` one in which nothing is, `close`."""

    def __init__(self, targets: Any, database: Database, folder: Path, url: str) -> None:
        self.targets, self.database, self.folder, self.url = targets, database, folder, url

    def run(self, *argv: str) -> Any:
        db.use(self.url)
        asked = self.targets.with_format(argv)
        return self.targets.Answer(asked, *command_line.run(*asked))

    def another(self) -> "Target":
        return Target(self.targets, self.database, self.folder, self.database.bare())

    def close(self) -> None:
        db.close()


@pytest.fixture
def real_day(monkeypatch: pytest.MonkeyPatch):
    """The cases speak of the clock's today."""
    monkeypatch.delenv("BUSINESS_DATE")
    config.cache_clear()
    yield clock.today()
    monkeypatch.undo()
    config.cache_clear()


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of the cases' runner."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("replay")


def test_the_list_of_later_cases_names_real_ones_once():
    listed = later()
    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) <= {case["id"] for case in every_case()}


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_the_contract_holds(database: Database, runner, real_day, tmp_path: Path, case: str):
    targets = importlib.import_module("targets")
    runner.run_case(CASES[case], Target(targets, database, tmp_path, database.url), True, again=True)


@pytest.mark.timeout(600)
def test_cases_hold_for_processes_of_their_own(backend: Database):
    some = [name for name, case in CASES.items() if case.get("smoke")][::8]
    where = ["--backend", "postgresql", "--server", backend.server] if isinstance(backend, Postgresql) else []
    command = [sys.executable, str(FOLDER / "replay.py"), "--project", str(ROOT), "--python", sys.executable]
    done = subprocess.run(
        [*command, "--quick", "--case", *some, *where], cwd=ROOT, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"{len(some)} of {len(some)} cases hold", done.stdout), done.stdout
