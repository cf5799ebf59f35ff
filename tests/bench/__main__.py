"""`make bench`: the goals of speed, each beside its figure. Prints only, leaves nothing behind.

    python -m tests.bench                                     100,000 documents on both databases
    python -m tests.bench --documents 100000 1000000 --backend sqlite --only imports reads

A group of goals is a module with `figures(site)`, which yields its lines. Both sides of a ratio are measured in
turns within one process, on the same database; the ratio is what counts, the seconds depend on the machine.
"""

import argparse
import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from core.config import config
from tests.bench.books import TODAY
from tests.bench.measure import Figure, Site, say
from tests.support.databases import Database, Postgresql, Sqlite

GROUPS = ("reads", "collections", "posting", "imports", "export", "screens")


def main() -> None:
    """Measures what was asked and prints the table."""
    asked = _arguments()
    for name in ("DATABASE_URL", "TZ_BUSINESS", "CARTERA_LANG", "SMTP_URL"):
        os.environ.pop(name, None)
    os.environ |= {"BUSINESS_DATE": TODAY.isoformat(), "SECRET_KEY": "0123456789abcdef" * 4}
    config.cache_clear()
    for documents in asked.documents:
        for backend in asked.backend:
            with _database(backend) as database:
                _measure(Site(database, documents), asked.only)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Goals of speed, as ratios in one run.")
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000], metavar="N")
    parser.add_argument("--backend", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, default=list(GROUPS), metavar="GROUP", help=", ".join(GROUPS)
    )
    return parser.parse_args()


@contextmanager
def _database(backend: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="cartera-bench-") as folder:
        made: Database = Sqlite(Path(folder)) if backend == "sqlite" else Postgresql("bench")
        with closing(made):
            yield made


def _measure(site: Site, groups: list[str]) -> None:
    print(f"\n{site.documents:,} documents, {site.backend}", flush=True)
    print(f"{'goal':<5} {'what':<74} {'figure':>10} {'limit':>10}  ", flush=True)
    start = perf_counter()
    for group in groups:
        say(f"… {group}")
        for figure in importlib.import_module(f"tests.bench.{group}").figures(site):
            _print(figure)
    say(f"… {perf_counter() - start:,.0f} s")


def _print(figure: Figure) -> None:
    limit = "" if figure.limit is None else f"{'≤' if figure.is_most else '≥'} {_number(figure.limit)}{figure.unit}"
    verdict = "" if figure.limit is None else "holds" if figure.holds else "MISSES"
    line = f"{figure.goal:<5} {figure.what:<74} {_number(figure.value)}{figure.unit:<3} {limit:>10}  {verdict:<6}"
    print(f"{line} {figure.about}".rstrip(), flush=True)


def _number(value: float) -> str:
    return f"{value:>7,.0f}" if value >= 1000 else f"{value:>7,.2f}"


if __name__ == "__main__":
    main()
