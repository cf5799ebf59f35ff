"""Columns assigned by hand: what a file has, what was understood of it, and the layout that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from core.importers.base import Kind, Layout, Source
from core.importers.columns import by_layout, by_name, knows, recognise
from core.importers.fields import Field
from core.importers.folding import fold
from core.importers.headers import LOOK_AT, find_header, is_blank
from core.importers.reading import SCREEN, Grid, Limits, read
from core.importers.refusals import BadFile
from core.importers.specs import Spec


class Title(NamedTuple):
    """One column of a file: its heading, an example of what is below, and the field that it brings, if any."""

    title: str
    example: str
    field: str | None


class Opened(NamedTuple):
    """A file on the desk. `header`: the number of its header row, as a spreadsheet counts; `rows` below it."""

    grid: Grid
    header: int
    rows: int
    titles: tuple[Title, ...]


def look(
    kind: Kind[Any], source: Source, spec: Spec | None, *, sheet: str | None = None, limits: Limits = SCREEN
) -> Opened:
    """What a file has. Without known headings, the first row with most filled cells is taken for the header."""
    fields = (*kind.fields, *kind.made)
    grid = read(source.name, source.data, sheet=sheet, knows=knows(fields, spec), limits=limits)
    at = find_header(grid.rows, knows(fields, spec), at_least=2)
    if at is None:
        at = find_header(grid.rows, lambda name: name, at_least=1) or 0
    titles = grid.head(at + 1)[at] if len(grid.rows) > at else []
    below = [row for row in islice(grid.rows, at + 1, at + 1 + LOOK_AT) if not is_blank(row)]
    known = _fields(kind, titles, spec)
    found = tuple(
        Title(title.strip(), next((row[place] for row in below if place < len(row) and row[place].strip()), ""),
              known.get(place))
        for place, title in enumerate(titles)
    )  # fmt: skip
    return Opened(grid, at + 1, len(grid.rows) - at - 1, found)


def _fields(kind: Kind[Any], titles: Sequence[str], spec: Spec | None) -> dict[int, str]:
    """Position to field: as the layout says, else by name; one column a field, the likeliest."""
    folded = [fold(title) for title in titles]
    if spec is not None:
        return _by_layout(folded, spec)
    found: dict[int, str] = {}
    for fields in (kind.fields, kind.made):
        names = by_name(fields)
        for one in fields:
            places = [folded.index(name) for name in one.known_as if names[name] == one.name and name in folded]
            if places and places[0] not in found:
                found[places[0]] = one.name
    return found


def _by_layout(folded: Sequence[str], spec: Spec) -> dict[int, str]:
    """The columns that the layout would read; all that it names when one of a join is not there."""
    try:
        places = by_layout("", 0, folded, spec)
    except BadFile:
        names = spec.headers()
        return {place: names[name] for place, name in enumerate(folded) if name in names}
    return {place: field for field, several in places.items() for place in several}


def suggested(kind: Kind[Any], source: Source, layouts: Sequence[Layout], *, limits: Limits = SCREEN) -> str | None:
    """The layout that fits a file whose columns are not known by name; of several, the one that uses most columns."""
    fields = (*kind.fields, *kind.made)
    known = {name for one in layouts for name in one.spec.headers()} | set(by_name(fields))
    grid = read(source.name, source.data, limits=limits, knows=known.__contains__)
    if _used(source, grid, kind.fields, None):
        return None
    fitting = {one.name: _used(source, grid, fields, one.spec) for one in layouts if one.spec.kind == kind.name}
    best = max(fitting, key=lambda name: fitting[name], default=None)
    return best if best is not None and fitting[best] else None


def _used(source: Source, grid: Grid, fields: Sequence[Field], spec: Spec | None) -> int:
    """How many columns are understood; 0 when a required one is not there."""
    try:
        found = recognise(source.name, grid, fields, spec)
    except BadFile:
        return 0
    return len(found.places)


def assigned(
    kind: Kind[Any], base: Spec | None, chosen: Mapping[str, str | None], *, constants: Mapping[str, str],
    create_customers: bool, credits_negative: bool,
) -> Spec:  # fmt: skip
    """The layout of what was assigned: heading to field; several headings of one field are joined.

    `base`: the layout that was begun with; its rules on words and rows stay.
    """
    by_field: dict[str, list[str]] = {}
    for title, field in chosen.items():
        if field and fold(title):
            by_field.setdefault(field, []).append(title)
    columns = {titles[0]: field for field, titles in by_field.items() if len(titles) == 1}
    join = {field: tuple((title,) for title in titles) for field, titles in by_field.items() if len(titles) > 1}
    fixed = {field: value for field, value in constants.items() if value and field not in by_field}
    made = {
        "columns": columns, "join": join, "constants": fixed, "choose": (), "create_customers": create_customers,
        "credits": "negative" if credits_negative else None,
    }  # fmt: skip
    return replace(base or Spec(kind.name, {}), **made)  # type: ignore[arg-type]  # the fields above, by name


def missing(kind: Kind[Any], spec: Spec) -> list[str]:
    """Required fields that no column and no fixed value brings."""
    brought = {*spec.columns.values(), *spec.join, *spec.constants}
    absent = [one.name for one in kind.fields if one.required and one.name not in brought]
    if "total" in absent and {"subtotal", "tax"} <= brought:
        absent.remove("total")
    return absent
