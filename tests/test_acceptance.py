"""The black-box cases of the contract, when they lie beside the repository (or where `ACCEPTANCE_DIR` says)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.databases import Database, Postgresql

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("ACCEPTANCE_DIR") or ROOT.parent / "shared" / "acceptance")
LATER = Path(__file__).with_name("acceptance_later.txt")

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not (FOLDER / "replay.py").exists(), reason="no acceptance cases beside this checkout"),
]


def every_case() -> list[str]:
    """The ids of all cases."""
    files = sorted((FOLDER / "cases").glob("*.yaml"))
    return [case["id"] for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def later() -> list[str]:
    """The ids of cases that wait for something not built yet."""
    lines = LATER.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def replay(*arguments: str) -> tuple[int, str]:
    script = str(FOLDER / "replay.py")
    command = [sys.executable, script, "--project", str(ROOT), "--python", sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_list_of_later_cases_names_real_ones_once():
    listed = later()
    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) <= set(every_case())


def test_the_cases_of_the_contract_hold(backend: Database):
    waiting = set(later())
    cases = [one for one in every_case() if one not in waiting]
    where = ["--backend", "postgresql", "--server", backend.server] if isinstance(backend, Postgresql) else []
    code, told = replay("--case", *cases, *where)
    assert code == 0, told
    assert re.search(rf"{len(cases)} of {len(cases)} cases hold", told), told
