"""The real web server as a process, on a free port and the test's database; helpers for what a browser sees."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect  # noqa: A004  Playwright's own

from core.config import ROOT

#: The password of every user that a test makes.
PASSWORD = "Una-clave-larga-2026"
START = 60
#: What a browser keeps of a session (pages/ui/session.py).
COOKIE = "cartera_session"


class Server:
    """`python -m core serve`, until `stop()`."""

    def __init__(self, database_url: str, log: Path, **environment: str) -> None:
        self.log, self.database_url = log, database_url
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        settings = {
            "DATABASE_URL": database_url, "HOST": "127.0.0.1", "PORT": str(port),
            "STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false", "PYTHONUTF8": "1",
        }  # fmt: skip
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "core", "serve"], cwd=ROOT, env={**os.environ, **settings, **environment},
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError(f"the server did not start: {self.output()}")

    def output(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Ends the process and its children."""
        if self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def settled(page: Page) -> None:
    """Waits until the screen's script has ended and all of it is drawn."""
    app = page.locator('[data-testid="stApp"]')
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=30_000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)


def visit(page: Page, path: str = "") -> None:
    """Opens a screen by its address and waits for it."""
    page.goto(path)
    settled(page)


def sign_in(page: Page, user: str, password: str = PASSWORD) -> None:
    """Signs in on the screen, as a person does."""
    visit(page)
    page.get_by_role("textbox", name=re.compile("usuario", re.IGNORECASE)).fill(user)
    page.locator('input[type="password"]').fill(password)
    page.get_by_role("button", name=re.compile("^(entrar|iniciar sesi.n|ingresar)", re.IGNORECASE)).click()
    expect(page.locator('input[type="password"]')).to_have_count(0, timeout=30_000)
    settled(page)
    for _ in range(100):  # on a busy machine the browser comes for the cookie a little later
        if any(one["name"] == COOKIE for one in page.context.cookies()):
            break
        page.wait_for_timeout(100)


def table(page: Page, key: str) -> Locator:
    """A table of the screen: a canvas, whose cells are there as text for those who do not see it."""
    return page.locator(f'[class~="st-key-{key}"]')


def pick_row(page: Page, key: str, row: int, *, until: Locator) -> None:
    """Ticks a row of a table, counted from 0: the box at its left. A canvas that is not painted yet takes no click, so
    it is clicked again while what the choice brings about, `until`, is not there."""
    cells = table(page, key).locator(".dvn-scroller")
    cells.scroll_into_view_if_needed()
    for _ in range(4):
        cells.click(position={"x": 16, "y": 35 + 35 * row + 17})
        settled(page)
        try:
            until.wait_for(timeout=4_000)
            return
        except TimeoutError:
            continue
    expect(until).to_be_visible()


def choose(page: Page, label: str, text: str) -> None:
    """Chooses from a list as a person does: opens it, types, takes what is offered."""
    field = page.get_by_role("combobox", name=label)
    field.click()
    field.press_sequentially(text)
    page.get_by_role("option", name=re.compile(re.escape(text))).first.click()
    settled(page)
