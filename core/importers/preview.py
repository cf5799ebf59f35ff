"""The first rows of an import as a screen shows them: what happens with each, why, and its cells."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from core.i18n import _
from core.importers.base import Prepared, State
from core.importers.values import shown

MOST = 200


class Which(StrEnum):
    """Which rows are looked at."""

    FIRST = "first"
    BAD = "bad"
    WARNED = "warned"


class PreviewRow(NamedTuple):
    """One row: `reason` says what is wrong with it, or what is worth a look. `cells`, as the file writes them."""

    row: int
    state: State
    reason: str
    cells: tuple[str, ...]


class Preview(NamedTuple):
    """The rows and the fields of their cells; how many rows are bad, and how many have something to tell."""

    fields: tuple[str, ...]
    rows: list[PreviewRow]
    bad: int
    warned: int


def preview(prepared: Prepared, which: Which = Which.FIRST, most: int = MOST) -> Preview:
    """The first `most` rows of those asked for."""
    told = _told(prepared)
    words = {one.name: _(one.label) for one in (*prepared.kind.made, *prepared.kind.fields)}
    columns = prepared.parsed.columns
    fields = [one.name for one in prepared.kind.fields if one.name in columns.places]
    rows: list[PreviewRow] = []
    for number, cells in enumerate(prepared.parsed.grid.rows, 1):
        wanted = number in prepared.bad if which is Which.BAD else number in told
        if number <= columns.header + 1 or (which is not Which.FIRST and not wanted):
            continue
        state = prepared.states.get(number, State.BAD)
        if state is State.BAD and number not in prepared.bad:
            continue  # a blank row, a total, or one that the layout leaves out
        reasons = [f"{words[one.column]}: {one.reason.sentence()}" for one in prepared.bad.get(number, ())]
        shown_ = tuple(_cell(cells, columns.places[name]) for name in fields)
        rows.append(PreviewRow(number, state, "; ".join(reasons) or "; ".join(told.get(number, ())), shown_))
        if len(rows) == most:
            break
    return Preview(tuple(fields), rows, len(prepared.bad), len(told))


def _told(prepared: Prepared) -> dict[int, list[str]]:
    """What there is to tell of each row, up to where the sentence begins to count."""
    told: dict[int, list[str]] = {}
    for notices in (prepared.parsed.notices, prepared.notices):
        for row, template in notices.of_rows():
            if row in prepared.states:
                matter = _(template).partition(":")[0].removeprefix(_("Filas "))
                told.setdefault(row, []).append(matter[:1].upper() + matter[1:])
    return told


def _cell(cells: object, places: tuple[int, ...]) -> str:
    assert isinstance(cells, (list, tuple))
    return "-".join(shown(cells[place]) for place in places if place < len(cells) and cells[place].strip())
