"""Which column of a file brings which field: by its name and synonyms, or as a layout says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from core.i18n import N_
from core.importers.fields import Field
from core.importers.folding import fold
from core.importers.headers import find_header
from core.importers.reading import Grid
from core.importers.refusals import BadFile
from core.importers.specs import Spec


class NoHeader(BadFile):
    message = N_(
        "«{name}» no tiene una fila de encabezados que se reconozca. Debe nombrar al menos: {columns}. "
        "Si sus columnas se llaman de otro modo, guarde un formato que las relacione."
    )


class ColumnsMissing(BadFile):
    message = N_("«{name}»: faltan columnas en el encabezado (fila {row}): {columns}.")


class Columns(NamedTuple):
    """The header of a file, understood. `places`: field to the positions that make it, several joined by `-`."""

    header: int  # position of the header row, from 0
    titles: tuple[str, ...]  # as the file writes them
    places: dict[str, tuple[int, ...]]
    unused: tuple[str, ...]
    skip: dict[int, frozenset[str]]  # positions whose folded words leave a row out
    tell: dict[int, dict[str, str]]  # positions whose folded words are warned of, with the sentence
    words: dict[int, dict[str, str]]  # positions whose folded words stand for others
    named_by: int | None = None  # the position by which `applies_to` names rows of this file


def by_name(fields: Sequence[Field]) -> dict[str, str]:
    """Each folded name of these fields to the field; of names that two fields share, the canonical one counts."""
    names: dict[str, str] = {}
    for one in fields:
        for name in one.known_as[1:]:
            names.setdefault(name, one.name)
    return names | {fold(one.name): one.name for one in fields}


def knows(fields: Sequence[Field], spec: Spec | None) -> Callable[[str], object]:
    """What tells whether a folded cell is the name of a column."""
    names: Mapping[str, object] = by_name(fields) if spec is None else spec.headers()
    return names.get


def recognise(name: str, grid: Grid, fields: Sequence[Field], spec: Spec | None) -> Columns:
    """The columns of a file. Raises NoHeader, or ColumnsMissing when a required one is not there."""
    least = 2 if spec is None else min(2, len(spec.headers()))
    at = find_header(grid.rows, knows(fields, spec), at_least=max(least, 1))
    if at is None:
        wanted = [one.name for one in fields if one.required] if spec is None else spec.titles()
        raise NoHeader(name=name, columns=", ".join(wanted[:8]))
    titles = tuple(grid.head(at + 1)[at])
    folded = [fold(title) for title in titles]
    places = _by_synonyms(folded, fields) if spec is None else by_layout(name, at, folded, spec)
    constants = set(spec.constants) if spec else set()
    missing = [one.name for one in fields if one.required and one.name not in places and one.name not in constants]
    if spec is not None and "total" in missing and {"subtotal", "tax"} <= places.keys():
        missing.remove("total")  # it is their sum
    if missing:
        raise ColumnsMissing(name=name, row=at + 1, columns=", ".join(_told(field, spec) for field in missing))
    return _with_rules(at, titles, folded, places, spec)


def _told(field: str, spec: Spec | None) -> str:
    """A field that is missing, with the headers in which a layout looks for it."""
    asked = {"total", "subtotal", "tax"} if field == "total" else {field}
    known = spec.headers() if spec else {}
    titles = [title for title in spec.titles() if known.get(fold(title)) in asked] if spec else []
    return f"{field} ({' / '.join(titles)})" if titles else field


def _with_rules(
    at: int, titles: tuple[str, ...], folded: list[str], places: dict[str, tuple[int, ...]], spec: Spec | None
) -> Columns:
    skip: dict[int, frozenset[str]] = {}
    words: dict[int, dict[str, str]] = {}
    tell: dict[int, dict[str, str]] = {}
    if spec is not None:
        for header, out in spec.skip.items():
            if fold(header) in folded:
                skip[folded.index(fold(header))] = frozenset(fold(word) or word for word in out)
        for header, sentences in spec.tell.items():
            if fold(header) in folded:
                tell[folded.index(fold(header))] = {fold(word): sentence for word, sentence in sentences.items()}
        for field, meanings in spec.words.items():
            for place in places.get(field, ()):
                words[place] = {fold(word): value for word, value in meanings.items()}
    names = fold(spec.credit_lines) if spec is not None and spec.credit_lines else ""
    named_by = folded.index(names) if names in folded and "applies_to" in places else None
    used = {place for several in places.values() for place in several} | set(skip) | {named_by}
    unused = tuple(title.strip() for place, title in enumerate(titles) if place not in used and title.strip())
    return Columns(at, titles, places, unused, skip, tell, words, named_by)


def _by_synonyms(folded: list[str], fields: Sequence[Field]) -> dict[str, tuple[int, ...]]:
    names = by_name(fields)
    places: dict[str, tuple[int, ...]] = {}
    for one in fields:
        for known in one.known_as:
            if names[known] == one.name and known in folded:
                places[one.name] = (folded.index(known),)
                break
    return places


def by_layout(name: str, at: int, folded: Sequence[str], spec: Spec) -> dict[str, tuple[int, ...]]:
    """`join` wins over `columns`; of several headers for one field, the first that the file has."""
    places: dict[str, tuple[int, ...]] = {}
    for group in spec.choose:
        for one in group:
            if fold(next(iter(one.values()))) in folded:
                there = {field: fold(header) for field, header in one.items() if fold(header) in folded}
                places |= {field: (folded.index(header),) for field, header in there.items()}
                break
    for header, field in spec.columns.items():
        if fold(header) in folded and field not in places:
            places[field] = (folded.index(fold(header)),)
    for field, parts in spec.join.items():
        asked = [next((folded.index(fold(one)) for one in part if one and fold(one) in folded), None) for part in parts]
        found_places = [place for place in asked if place is not None]
        missing = [part[0] for part, place in zip(parts, asked, strict=True) if place is None and "" not in part]
        if missing:
            raise ColumnsMissing(name=name, row=at + 1, columns=", ".join(missing))
        if found_places:
            places[field] = tuple(found_places)
    return places
