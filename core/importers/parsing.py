"""The cells of a file to the rows of a kind: each cell read once, each bad one kept with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from core.i18n import N_
from core.importers import values
from core.importers.columns import Columns
from core.importers.dates import DateReader, Order, decide_order
from core.importers.fields import Field, Read, Reading, exact, the_cell
from core.importers.folding import fold
from core.importers.headers import is_blank, is_total_row
from core.importers.notices import LEFT_OUT, UNUSED_COLUMNS, Notices
from core.importers.reading import Grid
from core.importers.refusals import BadFile, BadValue
from core.importers.specs import ANYTHING, ZERO, Spec

if TYPE_CHECKING:
    from core.importers.base import Kind

STEP = 2_000
_FIGURE = re.compile(r"[-(]?\$?[-0-9.,]*[-)]?|[A-Z]{3}|\*+").fullmatch
Progress = Callable[[int, int], None]
MISSING = N_("falta; es obligatorio")


class Reason(Protocol):
    """Why a row is bad, as a sentence in the language in use."""

    def sentence(self) -> str: ...


class Bad(NamedTuple):
    """One thing wrong with a row: the canonical column and why."""

    column: str
    reason: Reason


class BadCell(Exception):
    """Raised where a row cannot be taken."""

    def __init__(self, column: str, reason: str | Reason, **facts: object) -> None:
        super().__init__(column)
        self.bad = Bad(column, BadValue(reason, **facts) if isinstance(reason, str) else reason)


class ConstantNotValid(BadFile):
    message = N_("El valor fijo de «{column}» en el formato no sirve: {reason}")


@dataclass(slots=True)
class Row:
    """A row as the file says it; None where it says nothing. `at` is its number in the spreadsheet."""

    at: int


@dataclass(slots=True)
class Parsed:
    """A file, read: its good rows, the bad ones with their reasons, and what there is to tell."""

    name: str
    grid: Grid
    columns: Columns
    spec: Spec | None
    order: Order | None
    present: frozenset[str]  # fields that a column or a constant brings
    rows: list[Any] = field(default_factory=list)
    bad: dict[int, list[Bad]] = field(default_factory=dict)
    read: int = 0
    notices: Notices = field(default_factory=Notices)


class _Cell(NamedTuple):
    """How one field of a row is read."""

    field: Field
    at: int  # the only column, or the first of several
    others: tuple[int, ...]
    added: bool  # several columns are added, not joined
    read: Read
    default: Any
    words: dict[str, str]


def parse(
    kind: Kind[Any], name: str, grid: Grid, columns: Columns, spec: Spec | None, order: Order | None, progress: Progress
) -> Parsed:
    """Reads every row below the header. Raises BadFile when the file as a whole cannot be read."""
    fields = kind.fields_with(spec)
    order = decide_order(_date_cells(grid, columns, fields), order or (spec.date_order if spec else None))
    parsed = Parsed(name, grid, columns, spec, order, frozenset(columns.places) | set(spec.constants if spec else ()))
    reading = Reading(DateReader(order), parsed.notices)
    cells = [_cell(one, columns, spec, reading) for one in fields]
    own = len(kind.fields)
    keys = [cell.at for cell in cells[:own] if cell.field.required and not cell.field.is_amount and cell.at >= 0]
    figures = {cell.at for cell in cells[:own] if cell.field.is_amount or cell.field.name == "currency"} - {-1}
    for number, row in _data(grid, columns, keys, figures, parsed.notices):
        parsed.read += 1
        reading.row = number
        found, wrong = _read(row, cells)
        if len(row) > len(columns.titles) and any(cell.strip() for cell in row[len(columns.titles) :]):
            wrong.append(
                Bad(_last(columns), BadValue(N_("la fila tiene más celdas que el encabezado; revise las comas")))
            )
        if not wrong:
            try:
                made = kind.row(number, *found[:own])
                if len(found) > own:
                    made.made = {cell.field.name: value for cell, value in zip(cells[own:], found[own:], strict=True)}
                kind.tidy(made, spec)
                parsed.rows.append(made)
            except BadCell as error:
                wrong.append(error.bad)
        if wrong:
            parsed.bad[number] = wrong
        if parsed.read % STEP == 0:
            progress(number, len(grid.rows))
    kind.gather(parsed)
    if columns.unused:
        for title in columns.unused:
            parsed.notices.add(UNUSED_COLUMNS, what=f"«{values.shown(title)}»")
    return parsed


def _last(columns: Columns) -> str:
    return max(columns.places, key=lambda name: columns.places[name])


def _cell(one: Field, columns: Columns, spec: Spec | None, reading: Reading) -> _Cell:
    places = columns.places.get(one.name, ())
    added = one.name == "total" and not places and spec is not None and one.name not in spec.constants
    if added:
        places = tuple(place for name in ("subtotal", "tax") for place in columns.places.get(name, ()))
    read = one.reader(reading)
    default = None
    if spec is not None and one.name in spec.constants and spec.constants[one.name].strip():
        try:
            default = read(spec.constants[one.name])
        except BadValue as error:
            raise ConstantNotValid(column=one.name, reason=error.sentence()) from error
    at = places[0] if places else -1
    return _Cell(one, at, places[1:], added, read, default, columns.words.get(at, {}))


def _read(row: Sequence[str], cells: list[_Cell]) -> tuple[list[Any], list[Bad]]:
    """The values of a row, and what is wrong with it."""
    found: list[Any] = []
    wrong: list[Bad] = []
    width = len(row)
    for one, at, others, added, read, default, words in cells:
        text = row[at] if 0 <= at < width else ""
        value = default
        try:
            if others:
                text = _several(row, (at, *others), added)
            if text and not text.isspace():
                value = read(words.get(fold(text), text) if words else text)
                if value == "":
                    value = default
            if value is None and one.required:
                wrong.append(Bad(one.name, BadValue(MISSING)))
        except BadValue as error:
            wrong.append(Bad(one.name, error))
        found.append(value)
    return found, wrong


def _several(row: Sequence[str], places: tuple[int, ...], added: bool) -> str:
    filled = [row[place].strip() for place in places if place < len(row) and row[place].strip()]
    if not added:
        return "-".join(values.unfloated(cell) for cell in filled)
    # the exact sum, so that it is rounded once
    signed = [-exact(cell) if values.cents(cell).cents < 0 else exact(cell) for cell in filled]
    return f"{sum(signed, Decimal()):f}" if filled else ""


def _data(
    grid: Grid, columns: Columns, keys: list[int], figures: set[int], notices: Notices
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows below the header with their numbers; blank rows, totals, the header once more (on each page of a report)
    and what the layout leaves out aside."""
    named = next(at for at, title in enumerate(columns.titles) if title)
    for number, row in enumerate(islice(grid.rows, columns.header + 1, None), columns.header + 2):
        if named < len(row) and row[named] == columns.titles[named] and tuple(row) == columns.titles:
            continue
        if is_blank(row) or is_total_row(row, keys, figures) or _only_figures(row, keys):
            continue
        out = next((at for at, words in columns.skip.items() if at < len(row) and _says(row[at], words)), None)
        if out is not None:
            notices.add(LEFT_OUT, number, what=f"{columns.titles[out].strip()} = {values.shown(row[out])}")
            continue
        for at, sentences in columns.tell.items():
            if at < len(row) and fold(row[at]) in sentences:
                notices.add(sentences[fold(row[at])], number)
        yield number, row


def _only_figures(row: Sequence[str], keys: list[int]) -> bool:
    """A row that names nothing and holds but amounts and currencies adds up others: SAP writes one a currency."""
    if not keys or any(at < len(row) and row[at] and not row[at].isspace() for at in keys):
        return False
    return all(_FIGURE(cell.strip()) for cell in row)


def _says(cell: str, words: frozenset[str]) -> bool:
    if ANYTHING in words:
        return bool(cell.strip())
    return fold(cell) in words or (ZERO in words and bool(cell.strip()) and not cell.strip(" 0.,$"))


def _date_cells(grid: Grid, columns: Columns, fields: Sequence[Field]) -> Iterator[Sequence[str]]:
    """The dates of each row. The words of a header and of totals are no dates and prove nothing."""
    plain, rich = [], []
    for one in fields:
        if one.dates_in is None or one.name not in columns.places:
            continue
        at = columns.places[one.name][0]
        if one.dates_in is not the_cell:
            rich.append((at, one.dates_in))
        else:
            plain.append(at)
    if not plain and not rich:
        return
    for row in islice(grid.rows, columns.header + 1, None):
        cells = [row[at] for at in plain if at < len(row)]
        for at, dates_in in rich:
            if at < len(row) and row[at]:
                cells += dates_in(row[at])
        yield cells
