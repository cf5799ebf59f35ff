"""Dates of a file: one order of day, month and year for all of them, proved by the values themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.i18n import N_
from core.importers.refusals import AmbiguousDates, BadValue
from core.importers.values import shown

FIRST_YEAR, LAST_YEAR = 1900, 2100

_CLOCK_ZERO = r"0{1,2}:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?|12:00(?::00)?[ \u00a0]?a\.?[ \u00a0]?m\.?"
_MIDNIGHT = rf"(?:(?:T|[ \u00a0]+)(?:{_CLOCK_ZERO}))?"
_TIME = re.compile(r"(?:T|[ \u00a0]+)[0-9]{1,2}:[0-9]{2}", re.IGNORECASE).search
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _MIDNIGHT, re.IGNORECASE).fullmatch
_COMPACT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})").fullmatch
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _MIDNIGHT, re.IGNORECASE).fullmatch
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}(?![0-9])").match


class Order(StrEnum):
    """In which order a file writes its dates; year-first ones are read in every file."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Proof(NamedTuple):
    """What the dates of a file say about their order. `order` None and `undecided` blank: no order is needed."""

    order: Order | None
    undecided: str = ""  # the first value that reads both ways, when nothing proves the order


def prove_order(rows: Iterable[Sequence[str]]) -> Proof:
    """The order of a file's dates; `rows` are the cells of its date columns, row by row, other text is ignored.

    Proofs that contradict make the fewer rows bad; as many, the month-first ones.
    """
    seen: dict[str, str] = {}
    day_first = month_first = 0
    undecided = ""
    for cells in rows:
        says = ""
        for cell in cells:
            word = seen.get(cell)
            if word is None:
                word = seen[cell] = _says(cell)
            says += word
        if "d" in says:
            day_first += 1
        if "m" in says:
            month_first += 1
        if not undecided and "?" in says:
            undecided = next(cell.strip() for cell in cells if seen[cell] == "?")
    if day_first or month_first:
        return Proof(Order.DMY if day_first >= month_first else Order.MDY)
    return Proof(None, undecided)


def decide_order(rows: Iterable[Sequence[str]], given: Order | None = None) -> Order | None:
    """The order given, else the one proved; AmbiguousDates when a date reads both ways and nothing decides."""
    if given:
        return given
    proof = prove_order(rows)
    if proof.undecided:
        raise AmbiguousDates(value=shown(proof.undecided))
    return proof.order


class DateReader:
    """Reads the dates of one file: `DateReader(order)(cell)` is a date, BadValue when the cell is none."""

    def __init__(self, order: Order | None) -> None:
        """`order` comes from `decide_order`; None reads ISO dates and what reads one way only."""
        self.order = order
        self._known: dict[str, date] = {}

    def __call__(self, cell: str) -> date:
        """The date of a cell; each distinct text is read once."""
        known = self._known.get(cell)
        if known is None:
            known = self._known[cell] = self._read(cell.strip())
        return known

    def _read(self, value: str) -> date:
        year_first = _YEAR_FIRST(value)
        if year_first:
            return _date(value, int(year_first[1]), int(year_first[3]), int(year_first[4]))
        compact = _COMPACT(value)
        if compact:
            return _date(value, int(compact[1]), int(compact[2]), int(compact[3]))
        match = _YEAR_LAST(value)
        if not match:
            raise _no_date(value)
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if self.order is Order.YMD:
            raise BadValue(N_("«{value}» no sigue el orden del archivo: año, mes, día"), value=shown(value))
        if self.order is Order.MDY:
            if first > 12 >= second:
                raise BadValue(N_("«{value}» no sigue el orden del archivo: mes, día, año"), value=shown(value))
            return _date(value, year, first, second)
        if self.order is Order.DMY or first == second or first > 12 or not first or not second:
            if second > 12 >= first:
                raise BadValue(N_("«{value}» no sigue el orden del archivo: día, mes, año"), value=shown(value))
            return _date(value, year, second, first)
        if second > 12:
            return _date(value, year, first, second)
        raise BadValue(N_("«{value}» se lee de dos maneras; indique --date-order dmy o mdy"), value=shown(value))


def _says(cell: str) -> str:
    """What a cell says about the order: "d" day first, "m" month first, "?" both read, "" nothing."""
    match = _YEAR_LAST(cell.strip())
    if not match:
        return ""
    first, second = int(match[1]), int(match[3])
    if not (1 <= first <= 31 and 1 <= second <= 31) or min(first, second) > 12 or first == second:
        return ""
    if first > 12:
        return "d"
    return "m" if second > 12 else "?"


def _date(value: str, year: int, month: int, day: int) -> date:
    """The date, or BadValue when the calendar has none such or the year is out of reach."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue(
            N_("«{value}» está fuera de los años {first} a {last}"),
            value=shown(value),
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(N_("La fecha «{value}» no existe"), value=shown(value)) from None


def _no_date(value: str) -> BadValue:
    """Why a text is no date, as precisely as can be told."""
    if _SHORT_YEAR(value):
        return BadValue(N_("«{value}»: escriba el año con cuatro cifras"), value=shown(value))
    if _TIME(value):
        return BadValue(N_("«{value}» trae una hora; aquí va solo la fecha"), value=shown(value))
    return BadValue(N_("«{value}» no es una fecha; escriba 2026-03-31"), value=shown(value))
