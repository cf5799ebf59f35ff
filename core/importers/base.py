"""An import: read the file, check every row, show what would happen, then write all of it at once.

Reading and checking happen in a snapshot, outside the lock, while users work on. The lock is taken to write; what was
checked stands unless somebody wrote meanwhile, and then it is checked again inside. Adding a kind is adding one module
with a `KIND` and its name in `kinds.NAMES`.
"""

from __future__ import annotations

import gc
import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from core.audit.events import record
from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import is_sqlite, reading, transaction
from core.errors import DomainError
from core.i18n import N_
from core.importers import columns as header
from core.importers.dates import Order
from core.importers.fields import Field
from core.importers.notices import Notices
from core.importers.parsing import STEP, Bad, BadCell, Parsed, Progress, Row, parse
from core.importers.reading import COMMAND_LINE, Grid, Limits, read
from core.importers.specs import Spec
from core.ledger.models import Entry
from core.ledger.months import closed_through
from core.money import from_cents
from core.policies.settings import company_currency

R = TypeVar("R", bound=Row)
#: How far back an event may still be on its way to its commit while later ones are done already.
_UNDER_WAY = 100_000
#: Files of fewer rows change no plan.
_LARGE = 1_000


class State(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    REPEATED = "repeated"
    UPDATED = "updated"
    BAD = "bad"


class BadRows(DomainError):
    """Every bad row, a line each; nothing was written."""

    def __init__(self, name: str, bad: dict[int, list[Bad]]) -> None:
        super().__init__()
        self.name, self.bad = name, bad

    def lines(self) -> list[str]:
        return [
            f"{self.name}:{row}: {one.column}: {one.reason.sentence()}"
            for row in sorted(self.bad)
            for one in self.bad[row]
        ]

    def sentence(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True, kw_only=True)
class Look:
    """One snapshot of the database, and what the rows are checked with."""

    session: Session
    actor: Actor
    parsed: Parsed
    rate: int | None  # millionths, for foreign currency without a rate of its own
    today: date
    company_currency: str
    closed: date | None  # the last day on which nothing may be dated any more
    notices: Notices

    def check_open(self, column: str, on: date) -> None:
        """Refuses a date in a closed month."""
        if self.closed is not None and on <= self.closed:
            raise BadCell(
                column, N_("{on} está en un mes cerrado (hasta el {through}); use una fecha posterior"),
                on=on, through=self.closed,
            )  # fmt: skip


class Checker(ABC, Generic[R]):
    """Judges the rows of one file against one snapshot, one after another, as if each before had been written."""

    def __init__(self, look: Look) -> None:
        """Kinds load here, in bulk, what their rows name."""
        self.look = look
        self.total: Counter[str] = Counter()  # centavos of the new rows, by currency

    def ordered(self, rows: list[R]) -> Iterable[R]:
        """The order in which rows take effect."""
        return rows

    @abstractmethod
    def key(self, row: R) -> Hashable:
        """What makes two rows of a file the same thing."""

    def same(self, one: R, other: R) -> bool:
        """Whether two rows with one key say the same."""
        return all(getattr(one, part.name) == getattr(other, part.name) for part in fields(one)[1:])

    def lines(self, row: R) -> Iterable[int]:
        """The numbers of the further rows of the file that make this one."""
        return ()

    @abstractmethod
    def judge(self, row: R) -> State:
        """What becomes of a row. Raises BadCell, and then the row has had no effect."""

    def settle(self) -> list[tuple[R, BadCell]]:
        """Rows that turn out bad once all are known."""
        return []

    @abstractmethod
    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """Writes what the good rows do."""


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """A kind of file. `row` is built from its number and the values of `fields`, in their order."""

    name: str
    title: str
    fields: tuple[Field, ...]
    row: type[R]
    checker: Callable[[Look], Checker[R]]
    permission: Permission
    tidy: Callable[[R, Spec | None], None] = lambda row, spec: None
    gather: Callable[[Parsed], None] = lambda parsed: None  # rows of a file that make one
    made: tuple[Field, ...] = ()  # fields of the customers that it can make, `customer.…`

    def fields_with(self, spec: Spec | None) -> tuple[Field, ...]:
        """Its fields, and those of the customers that a layout has it make."""
        if spec is None:
            return self.fields
        own = self.fields
        if spec.credits:  # a sign says what a blank kind would
            own = tuple(replace(one, required=False) if one.name == "kind" else one for one in own)
        return own + (self.made if spec.create_customers else ())


class Source(NamedTuple):
    """A file as it came: its name and bytes."""

    name: str
    data: bytes

    def sha256(self) -> str:
        """The hash by which the log knows it."""
        return hashlib.sha256(self.data).hexdigest()


class Layout(NamedTuple):
    """A layout in use, by its name."""

    name: str
    spec: Spec


def quiet(done: int, total: int) -> None:
    """Tells nobody how far it is."""


@dataclass
class Prepared:
    """A file that was read and checked: what importing it would do."""

    kind: Kind[Any]
    parsed: Parsed
    actor: Actor
    sha256: str
    layout: str | None
    rate: int | None
    states: dict[int, State] = field(default_factory=dict)
    bad: dict[int, list[Bad]] = field(default_factory=dict)
    checked: Checker[Any] | None = None
    notices: Notices = field(default_factory=Notices)
    version: tuple[int, int] = (0, 0)

    def counts(self) -> dict[str, int]:
        """`read, new, repeated, updated, rejected`: rows."""
        found = Counter(self.states.values())
        return {
            "read": self.parsed.read, "new": found[State.NEW], "repeated": found[State.REPEATED],
            "updated": found[State.UPDATED], "rejected": len(self.bad),
        }  # fmt: skip

    def warnings(self) -> list[str]:
        """Sentences, in the language in use."""
        return [*self.parsed.notices.sentences(), *self.notices.sentences()]

    def summary(self) -> dict[str, Any]:
        """The summary of the contract, amounts as Decimal."""
        assert self.checked is not None
        total = {name: from_cents(cents) for name, cents in sorted(self.checked.total.items())}
        return {**self.counts(), "warnings": self.warnings(), "total": total}

    def refuse_bad_rows(self) -> None:
        """Raises BadRows when there are any."""
        if self.bad:
            raise BadRows(self.parsed.name, self.bad)

    def check(self, session: Session, progress: Progress = quiet) -> None:
        """Judges every row against what the database says now."""
        self.version = _version(session)
        self.notices = Notices()
        self.states = {}
        self.bad = {row: list(wrong) for row, wrong in self.parsed.bad.items()}
        look = Look(
            session=session, actor=self.actor, parsed=self.parsed, rate=self.rate, today=today(),
            company_currency=company_currency(session), closed=closed_through(session), notices=self.notices,
        )  # fmt: skip
        self.checked = self.kind.checker(look)
        twins = self._judge_all(self.checked, progress)
        for row, error in self.checked.settle():
            for one in (row, *twins.get(row.at, ())):
                self._reject(self.checked, one, error)

    def _judge_all(self, checker: Checker[Any], progress: Progress) -> dict[int, list[Row]]:
        """Judges each row; returns, by the number of a row, those that repeat it."""
        first: dict[Hashable, Row] = {}
        twins: dict[int, list[Row]] = {}
        for done, row in enumerate(checker.ordered(self.parsed.rows)):
            try:
                key = checker.key(row)
                before = first.get(key)
                if before is None:
                    self.states[row.at] = state = checker.judge(row)
                    first[key] = row
                    for line in checker.lines(row):
                        self.states[line] = state
                elif checker.same(row, before):
                    self.states[row.at] = State.REPEATED
                    twins.setdefault(before.at, []).append(row)
                else:
                    raise BadCell(_first_key(self.kind), _TWICE, row=str(before.at))
            except BadCell as error:
                self._reject(checker, row, error)
            if done % STEP == 0:
                progress(done, len(self.parsed.rows))
        return twins

    def _reject(self, checker: Checker[Any], row: Row, error: BadCell) -> None:
        for at in (row.at, *checker.lines(row)):
            self.states.pop(at, None)
            self.bad.setdefault(at, []).append(error.bad)

    def rejected(self) -> Iterator[tuple[list[str], str]]:
        """The cells of each bad row as the file has them, as wide as the header, and why."""
        width = len(self.parsed.columns.titles)
        for number, cells in enumerate(self.parsed.grid.rows, 1):
            if number in self.bad:
                told = "; ".join(f"{one.column}: {one.reason.sentence()}" for one in self.bad[number])
                yield [*cells, *[""] * (width - len(cells))], told


_TWICE = N_("está dos veces en el archivo y dice cosas distintas (fila {row}); deje una sola")


def _first_key(kind: Kind[Any]) -> str:
    return next(one.name for one in kind.fields if one.name in ("number", "code", "source", "date", "at"))


def open_file(
    kind: Kind[Any], source: Source, spec: Spec | None, *, sheet: str | None = None, limits: Limits = COMMAND_LINE
) -> tuple[Grid, header.Columns]:
    """The grid of a file and what its columns are. Raises BadFile."""
    fields_ = kind.fields_with(spec)
    grid = read(source.name, source.data, sheet=sheet, knows=header.knows(fields_, spec), limits=limits)
    return grid, header.recognise(source.name, grid, fields_, spec)


def prepare(
    actor: Actor, kind: Kind[Any], source: Source, *, layout: Layout | None = None, order: Order | None = None,
    rate: int | None = None, sheet: str | None = None, limits: Limits = COMMAND_LINE, progress: Progress = quiet,
) -> Prepared:  # fmt: skip
    """Reads and checks a file; writes nothing. Raises BadFile when it cannot be read at all."""
    actor.require(kind.permission)
    spec = layout.spec if layout else None
    grid, columns = open_file(kind, source, spec, sheet=sheet, limits=limits)
    total = 2 * len(grid.rows)
    with _no_collecting():
        parsed = parse(kind, source.name, grid, columns, spec, order, lambda done, _: progress(done, total))
        made = Prepared(kind, parsed, actor, source.sha256(), layout.name if layout else None, rate)
        with reading() as session:
            made.check(session, lambda done, _: progress(len(grid.rows) + done, total))
    return made


def commit(
    prepared: Prepared, *, skip_bad_rows: bool = False, keep_rejected: Callable[[Prepared], None] | None = None,
    progress: Progress = quiet,
) -> dict[str, Any]:  # fmt: skip
    """Writes what was prepared, all of it or nothing, and returns the summary. Raises BadRows unless told to skip.

    `keep_rejected` is called before the commit: when it fails, nothing is written.
    """
    prepared.actor.require(prepared.kind.permission)
    with _no_collecting(), transaction(alone=True) as session:
        if _version(session) != prepared.version:
            prepared.check(session)
        if not skip_bad_rows:
            prepared.refuse_bad_rows()
        if keep_rejected is not None:
            keep_rejected(prepared)
        summary = prepared.summary()
        if summary["new"] or summary["updated"]:
            assert prepared.checked is not None
            event = record(
                session, prepared.actor, f"import.{prepared.kind.name}", entity="import",
                entity_id=prepared.parsed.name[:60], file_hash=prepared.sha256, layout=prepared.layout,
                file=prepared.parsed.name, **prepared.counts(), total=summary["total"],
            )  # fmt: skip
            prepared.checked.write(session, event.id or 0, progress)
            _count_again(session, summary["new"])
    prepared.version = (-1, -1)  # done: once more would be looked at anew
    return summary


def _count_again(session: Session, rows: int) -> None:
    """Lets the planner see what a large file has made of the tables. SQLite never looks by itself and goes by guesses
    that fit no ledger; PostgreSQL does, but not in the first minute."""
    if rows < _LARGE:
        return
    if is_sqlite():
        session.execute(text("PRAGMA analysis_limit = 10000"))  # of each index: enough to tell few from many
    elif rows * 10 < (session.scalar(select(func.max(col(Entry.id)))) or 0):
        return
    session.execute(text("ANALYZE"))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Millions of new rows are no garbage: looking for it among them takes half as long as the work itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # all that is new counts as old: else the next small collection would walk through all of it
        gc.unfreeze()
        if was:
            gc.enable()


def _version(session: Session) -> tuple[int, int]:
    """Changes with every write: each has an event. Events get their ids before they are committed, so those of late
    that are there count too."""
    last = session.scalar(select(func.max(col(AuditEvent.id)))) or 0
    lately = select(func.count()).select_from(AuditEvent).where(col(AuditEvent.id) > last - _UNDER_WAY)
    return last, session.scalar(lately) or 0
