"""What every goal is measured with: the book to measure on, candidates timed in turn, a figure beside its limit."""

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any, NamedTuple

from tests.bench.books import fill, usual
from tests.support.databases import Database, plain

__all__ = ["Figure", "Site", "at_least", "at_most", "in_turn", "plain", "say", "shown"]


class Figure(NamedTuple):
    """One line of the table. `limit` None: printed for information."""

    goal: str
    what: str
    value: float
    limit: float | None = None
    is_most: bool = True  # the limit is the most that the value may be, else the least
    unit: str = "x"
    about: str = ""  # the times behind a ratio

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.limit is None or (self.value <= self.limit if self.is_most else self.value >= self.limit)


def at_most(goal: str, what: str, value: float, limit: float, about: str = "", *, unit: str = "x") -> Figure:
    """A figure that must not pass its limit."""
    return Figure(goal, what, value, limit, True, unit, about)


def at_least(goal: str, what: str, value: float, limit: float, about: str = "", *, unit: str = "x") -> Figure:
    """A figure that must reach its limit."""
    return Figure(goal, what, value, limit, False, unit, about)


@dataclass
class Site:
    """One database engine at one size."""

    database: Database
    documents: int
    _is_full: bool = False

    @property
    def backend(self) -> str:
        """sqlite or postgresql."""
        return self.database.name

    def full(self) -> str:
        """The book of the goals at this size (`books.usual`), for reading; made once. The product works on it."""
        if not self._is_full:
            self.copy()
            self._is_full = True
        return self.database.url

    def copy(self) -> str:
        """As `full`, a new copy that may be written into."""
        self._is_full = False
        self.database.filled(lambda: fill(usual(self.documents)))
        return self.database.url

    def empty(self) -> str:
        """An empty database with the schema. The product works on it."""
        self._is_full = False
        self.database.empty()
        return self.database.url


def in_turn(rounds: int, *candidates: Callable[[], Any], warm: bool = True) -> list[float]:
    """The median seconds of each candidate, all of them once a round, so that noise falls on all alike."""
    seconds: list[list[float]] = [[] for _ in candidates]
    for done in range(-1 if warm else 0, rounds):
        for candidate, taken in zip(candidates, seconds, strict=True):
            start = perf_counter()
            candidate()
            if done >= 0:
                taken.append(perf_counter() - start)
    return [statistics.median(taken) for taken in seconds]


def clock(backend: str) -> Callable[[], float]:
    """What long runs are timed by: the processor's time for SQLite, which is all in this process, so that others on the
    machine do not count; the time that passes for PostgreSQL."""
    return process_time if backend == "sqlite" else perf_counter


def shown(seconds: float) -> str:
    """A duration as people read it."""
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def say(text: str) -> None:
    """What is going on, beside the table."""
    print(text, file=sys.stderr, flush=True)
