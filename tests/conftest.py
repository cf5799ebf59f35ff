"""Fixtures for the whole suite. Every test that asks for `database` (or what needs it) runs on both databases.

- `database`       an empty, migrated database; the product works on it. `.name`, `.url`, `.bare()`
- `session`        an open writing transaction on it
- `demo`           the same with the demo company in it (made once a worker, then copied)
- `cli`            `cli("aging", "--as-of", day)` -> `.code .out .err .data .rows .reasons`
- `user`           `user("ana", "cashier", region="Norte")` makes a user who can sign in with `PASSWORD`
- `business_day`   `business_day("2026-04-01")`: that is today, also for a server started afterwards
- `screen`         `screen("pages/portfolio/aging.py", "ana", moneda="USD")`: a screen's AppTest, as ana, not yet run
- `server`, `page` the real web server on this database, and a browser tab on it

Today is `build.TODAY` everywhere, in servers too.
`@pytest.mark.backend("sqlite")` on a test keeps it to one database; `pytest --backend sqlite` the whole run.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import Session

from core.auth import passwords
from core.config import config
from tests.build import TODAY
from tests.support import command_line
from tests.support.databases import Database, Postgresql, Sqlite, in_memory
from tests.support.server import PASSWORD, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
BACKENDS = ("sqlite", "postgresql")
DEMO = ("demo", "--documents", "1500", "--seed", "7")

for name in ("DATABASE_URL", "BUSINESS_DATE", "TZ_BUSINESS", "CARTERA_LANG", "SMTP_URL", "PORT", "HOST"):
    os.environ.pop(name, None)
os.environ |= {
    "BUSINESS_DATE": TODAY.isoformat(), "SECRET_KEY": "0123456789abcdef" * 4, "CARTERA_PASSWORD": PASSWORD,
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}  # fmt: skip
config.cache_clear()
passwords.ROUNDS = 4  # whole tests in the time of one real hash


# ------------------------------------------------------------------ choosing what runs where
def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backend", choices=BACKENDS, help="run the tests that need a database on this one only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("backend")
    wanted = marker.args if marker else BACKENDS
    only = metafunc.config.getoption("backend")
    metafunc.parametrize("backend", [b for b in wanted if only in (None, b)], indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one worker: two browsers and two servers on two cores only wait for each other."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Lets fixtures know how the test ended."""
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


_failed = pytest.StashKey[bool]()


# ------------------------------------------------------------------ databases
@pytest.fixture(scope="session")
def _databases() -> Iterator[Callable[[str], Database]]:
    """Each database is made when the first test asks for it."""
    made: dict[str, Database] = {}
    worker, place = os.environ.get("PYTEST_XDIST_WORKER", "main"), in_memory()
    with ExitStack() as at_the_end:

        def get(name: str) -> Database:
            if name not in made:
                folder = at_the_end.enter_context(TemporaryDirectory(prefix="cartera-", dir=place))
                made[name] = Sqlite(Path(folder)) if name == "sqlite" else Postgresql(worker, place)
                at_the_end.callback(made[name].close)
            return made[name]

        yield get


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest, _databases: Callable[[str], Database]) -> Database:
    """One of the two databases; `pytest_generate_tests` says which."""
    return _databases(request.param)


@pytest.fixture
def database(backend: Database) -> Database:
    """An empty, migrated database; the product works on it."""
    backend.empty()
    return backend


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """An open writing transaction. What must be seen from outside (`cli`, a screen) is written with `transaction()`."""
    from core.db import transaction

    with transaction() as opened:
        yield opened
        opened.rollback()  # also after a refused statement, when there is nothing left to commit


@pytest.fixture
def demo(backend: Database) -> Database:
    """A database with the demo company in it."""

    def fill() -> None:
        answer = command_line.run(*DEMO)
        assert answer.code == 0, answer.err

    backend.filled(fill)
    return backend


# ------------------------------------------------------------------ who acts, when, by which way
@pytest.fixture
def cli(backend: Database) -> Callable[..., command_line.Answer]:
    """Runs a command in this process, on the test's database; in JSON where it can be and nothing else is asked."""

    def run(*argv: object, stdin: str = "") -> command_line.Answer:
        asked = [str(one) for one in argv]
        if _answers_in_json(asked) and "--format" not in asked:
            asked += ["--format", "json"]
        return command_line.run(*asked, stdin=stdin)

    return run


def _answers_in_json(argv: list[str]) -> bool:
    return " ".join(argv).startswith((
        "aging", "statement", "kpis", "import", "settings get", "settings list", "users list", "layouts show",
        "layouts list", "audit list", "promises", "credit status", "orders list", "worklist", "letters run",
        "commissions show",
    ))  # fmt: skip


@pytest.fixture
def user(backend: Database) -> Callable[..., str]:
    """Makes a user: `user("ana", "sales_rep", sales_rep="V2")`; returns the name."""
    from core.auth.actor import system
    from core.auth.users import create_user
    from core.db import transaction

    def add(name: str, role: str = "admin", **options: Any) -> str:
        with transaction() as session:
            create_user(session, system(), name=name, role=role, **{"password": PASSWORD, **options})
        return name

    return add


@pytest.fixture
def business_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[date | str], date]]:
    """Fixes today, in every thread of this process and in servers started afterwards."""

    def fix(day: date | str) -> date:
        fixed = date.fromisoformat(day) if isinstance(day, str) else day
        monkeypatch.setenv("BUSINESS_DATE", fixed.isoformat())
        config.cache_clear()
        return fixed

    yield fix
    monkeypatch.undo()
    config.cache_clear()


# ------------------------------------------------------------------ screens
@pytest.fixture
def screen(backend: Database) -> Callable[..., "AppTest"]:
    """An AppTest of one screen, signed in as a user (None: nobody); further words go into its address."""
    import streamlit as st
    from sqlmodel import col, select
    from streamlit.testing.v1 import AppTest

    from core.auth.models import User
    from core.auth.sessions import open_session
    from core.db import transaction

    def open_screen(path: str, user: str | None = None, **query: str) -> "AppTest":
        st.cache_data.clear()
        st.cache_resource.clear()
        tested = AppTest.from_file(str(ROOT / path), default_timeout=30)
        if user is not None:
            with transaction() as session:
                found = session.execute(select(User).where(col(User.name) == user)).scalar_one()
                tested.session_state["sid"] = open_session(session, found)
        for key, value in query.items():
            tested.query_params[key] = value
        return tested

    return open_screen


@pytest.fixture
def server(backend: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """The real web server on the test's database: an empty one, or the demo company's when the test asks for `demo`."""
    request.getfixturevalue("demo" if "demo" in request.fixturenames else "database")
    started = Server(backend.url, tmp_path / "server.log")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for all journeys of a worker."""
    from playwright.sync_api import expect, sync_playwright

    from tests.support.chromium import FLAGS, MISSING, find

    path = find()
    if path is None:
        pytest.fail(MISSING)
    expect.set_options(timeout=30_000)  # an answer is awaited as long on a busy machine, not the 5 s of Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: "Browser", server: Server, tmp_path: Path) -> Iterator["Page"]:
    """A tab in Spanish on the server. `@pytest.mark.context(viewport=…, color_scheme="dark")` changes how it looks.

    When the test fails, `test-results/<test>/` keeps a picture, a trace (`playwright show-trace`) and the server's log.
    """
    marker = request.node.get_closest_marker("context")
    options: dict[str, Any] = {
        "base_url": server.url, "locale": "es-MX", "timezone_id": "America/Mexico_City", "accept_downloads": True,
        "viewport": {"width": 1366, "height": 900}, "reduced_motion": "reduce", **(marker.kwargs if marker else {}),
    }  # fmt: skip
    context = chromium.new_context(**options)
    context.set_default_timeout(30_000)
    context.tracing.start(snapshots=True)
    tab = context.new_page()
    yield tab
    if request.node.stash.get(_failed, True):
        folder = ROOT / "test-results" / re.sub(r"[^\w.-]+", "-", request.node.name)
        folder.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=folder / "page.png", full_page=True)
        context.tracing.stop(path=folder / "trace.zip")
        (folder / "server.log").write_text(server.output(), encoding="utf-8")
    context.close()
