"""Which row names the columns, and which rows below are totals and not data."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from core.importers.folding import fold

LOOK_AT = 50  # title rows before a header are few, but there may be any number

_WORD = r"(?:(?:gran|grand|sub|suma|sum|saldo|importe|monto|report)[\s-]*)?total(?:es|s)?\b|tot\.|sumas?\b|sum\b"
_TOTAL = re.compile(rf"\*+$|Σ|[*\s]*(?:{_WORD})", re.IGNORECASE).match
_ENDS = re.compile(r"\b(?:sub)?total(?:es|s)?[\s:.=*]*$", re.IGNORECASE).search
_NOTHING_BUT_TOTAL = re.compile(rf"[*\s]*(?:{_WORD})(?:\s+general(?:es)?)?[\s:.=*]*", re.IGNORECASE).fullmatch


def find_header(rows: Iterable[Sequence[str]], knows: Callable[[str], object], *, at_least: int = 2) -> int | None:
    """Position of the row that names most columns, the first of equals, within the first 50; where none of those
    names `at_least`, of the first row below that does; else None.

    `knows` gets each cell folded and answers something true for a column it knows, such as the field's name. A name
    that stands twice counts once.
    """
    best, position = at_least - 1, None
    for at, cells in enumerate(rows):
        if at >= LOOK_AT and position is not None:
            break
        known = known_columns(cells, knows)
        if known > best:
            best, position = known, at
    return position


def known_columns(cells: Sequence[str], knows: Callable[[str], object]) -> int:
    """How many different known column names a row has."""
    names = {fold(cell) for cell in cells if cell and len(cell) < 200}
    names.discard("")
    return sum(1 for name in names if knows(name))


def is_blank(cells: Sequence[str]) -> bool:
    """Nothing but blanks in the row."""
    return not any(cell and not cell.isspace() for cell in cells)


def is_total_row(cells: Sequence[str], keys: Sequence[int], figures: Collection[int] = ()) -> bool:
    """Whether a row adds up others: its first filled cell says total, subtotal or sum and no other key is filled.

    `keys` are the positions of the required columns that are no amounts (number, customer, date): a customer called
    "Total Play" has a code beside its name and so survives. With `figures`, the positions of amounts and currency, a
    row that fills nothing else is a total too, as SAP writes them without a word; and so is one whose first or second
    filled cell says nothing but total beside the customer or the count that it adds up, as long as a key is blank
    (two keys, where the first cell only begins so). With one key of three or more, "Acme Total" is a total too.
    """
    filled = sum(1 for at in keys if at < len(cells) and cells[at] and not cells[at].isspace())
    if filled == len(keys) > 1:
        return False
    said = [at for at, cell in enumerate(cells) if cell and not cell.isspace()][:2]
    if not said:
        return False
    if filled > 1:
        begins = len(keys) - filled > 1 and _TOTAL(cells[said[0]].strip()) is not None
        return bool(figures) and (begins or any(_NOTHING_BUT_TOTAL(cells[at].strip()) for at in said))
    if len(keys) > 2 and any(_ENDS(cells[at]) for at in said):
        return True
    first = said[0]
    if filled == 0 and figures and all(at in figures or not cell.strip() for at, cell in enumerate(cells)):
        return True
    return filled == int(first in keys) and _TOTAL(cells[first].strip()) is not None
