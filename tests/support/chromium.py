"""Finds a Chromium for the browser tests, or brings one.

`python -m tests.support.chromium` prints its path; `--install` first brings one when there is none: Debian's package
when root, else Playwright's own download. `CHROMIUM=/path/to/it` wins over everything.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
MISSING = "No se encontró Chromium: instálelo, o diga dónde está con CHROMIUM=/ruta/al/programa."


def find() -> str | None:
    """The path of a Chromium that starts, or None."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES]
    return next((path for path in candidates if path and _starts(path)), None) or _playwrights()


def _starts(path: str) -> bool:
    """Some distributions put a stub in its place that only says how to install it."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and _starts(path) else None


def install() -> str | None:
    """Brings a Chromium when there is none."""
    if found := find():
        return found
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ways[0].insert(-1, "--with-deps")
        if shutil.which("apt-get"):
            packages = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
            ways[:0] = [["apt-get", "update"], packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for way in ways:
        print(" ".join(way), file=sys.stderr)
        subprocess.run(way, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if way[:2] != ["apt-get", "update"] and (found := find()):
            return found
    return None


def main() -> int:
    """Prints the path; 1 when there is none."""
    found = install() if "--install" in sys.argv else find()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
