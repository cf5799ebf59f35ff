"""Credits that a file writes line by line, as Microsip does: each row takes its amount off one document of the file,
which it names by another column than the number; the rows of one number are one credit note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.i18n import N_
from core.importers.parsing import Bad, Parsed
from core.importers.refusals import BadValue
from core.importers.values import unfloated

if TYPE_CHECKING:
    from core.importers.documents import DocumentRow

_NOT_HERE = N_("el archivo no trae el cargo «{name}» (columna {column}); exporte también los cargos que se acreditan")
_OTHER_LINE = N_("otro renglón de «{number}» tiene error (fila {row}); corríjalo y cargue todos juntos")


def gather(parsed: Parsed) -> None:
    """Puts the numbers for the names, and makes the lines of one credit one row; where one line is bad, all are."""
    spec = parsed.spec
    if spec is None or not spec.credit_lines or "applies_to" not in parsed.columns.places:
        return
    rows: list[DocumentRow] = parsed.rows
    names = _names(parsed)
    kept: list[DocumentRow] = []
    credits_: dict[str, list[DocumentRow]] = {}
    for row in rows:
        if row.is_credit:
            credits_.setdefault(row.number, []).append(row)
        else:
            kept.append(row)
    broken = dict(_numbers_of_bad_rows(parsed)) if credits_ else {}
    for number, lines in credits_.items():
        bad = broken.get(number)
        for row in lines:
            reason = (
                BadValue(_OTHER_LINE, number=number, row=str(bad)) if bad else _apply(row, names, spec.credit_lines)
            )
            if reason:
                bad = bad or row.at
                parsed.bad[row.at] = [Bad("applies_to", reason)]
        if bad:
            told = BadValue(_OTHER_LINE, number=number, row=str(bad))
            parsed.bad.update({row.at: [Bad("applies_to", told)] for row in lines if row.at not in parsed.bad})
        else:
            kept += _one(lines)
    parsed.rows = sorted(kept, key=lambda row: row.at)


def _names(parsed: Parsed) -> dict[str, str] | None:
    """What each document of the file is called by others; None when that is its number, also of those in the book."""
    at, number = parsed.columns.named_by, parsed.columns.places.get("number")
    if at is None or number == (at,):
        return None
    documents = {row.at: row.number for row in parsed.rows}
    return {
        unfloated(cells[at].strip()): documents[place]
        for place, cells in enumerate(parsed.grid.rows, 1)
        if place in documents and at < len(cells)
    }


def _apply(row: DocumentRow, names: dict[str, str] | None, column: str) -> BadValue | None:
    """Lets a line take exactly its amount off what it names; what is wrong with that."""
    if not row.applies_to:
        return None
    named = [name for name, _ in row.applies_to]
    unknown = [name for name in named if names is not None and name not in names]
    if unknown:
        return BadValue(_NOT_HERE, name=unknown[0], column=column)
    if len(named) == 1:
        row.applies_to = ((names[named[0]] if names else named[0], row.total),) if row.total else None
    else:
        row.applies_to = tuple((names[name] if names else name, cents) for name, cents in row.applies_to)
    return None


def _one(lines: Sequence[DocumentRow]) -> Iterator[DocumentRow]:
    """The lines as one row where they say the same but for amounts; one that stands twice is not added again."""
    first = lines[0]
    by_content: dict[object, DocumentRow] = {}
    for row in lines:
        by_content.setdefault((row.applies_to, row.total), row)
    different = list(by_content.values())
    if len(different) == 1 or any(_facts(row) != _facts(first) for row in different):
        yield from lines
        return
    amounts: dict[str, int | None] = {}
    for name, cents in (one for row in different for one in row.applies_to or ()):
        amounts[name] = (amounts.get(name) or 0) + (cents or 0)
    whole = replace(
        first, total=sum(row.total for row in different), subtotal=_sum(row.subtotal for row in different),
        tax=_sum(row.tax for row in different), applies_to=tuple(amounts.items()) or None,
        lines=tuple(row.at for row in different[1:]),
    )  # fmt: skip
    yield whole
    added = {whole.at, *whole.lines}
    yield from (replace(whole, at=row.at, lines=()) for row in lines if row.at not in added)


def _sum(parts: Iterator[int | None]) -> int | None:
    found = [part for part in parts if part is not None]
    return sum(found) if found else None


def _facts(row: DocumentRow) -> DocumentRow:
    return replace(row, at=0, total=0, subtotal=None, tax=None, applies_to=None, due_date=None)


def _numbers_of_bad_rows(parsed: Parsed) -> Iterator[tuple[str, int]]:
    places = parsed.columns.places["number"]
    for at, cells in enumerate(parsed.grid.rows, 1):
        if at in parsed.bad:
            yield (
                "-".join(unfloated(cells[one].strip()) for one in places if one < len(cells) and cells[one].strip()),
                at,
            )
