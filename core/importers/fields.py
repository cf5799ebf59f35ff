"""The columns of a kind: name, how a cell is read, what else people call it, and the words of closed lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.i18n import N_
from core.importers import values
from core.importers.dates import DateReader
from core.importers.folding import fold
from core.importers.notices import ROUNDED, Notices
from core.importers.refusals import BadValue

Read = Callable[[str], Any]
_NOT_DIGITS = re.compile(r"[^0-9.]")


@dataclass(slots=True)
class Reading:
    """What the cells of one file share: the order of its dates, the row being read, what there is to tell."""

    dates: DateReader
    notices: Notices
    row: int = 0

    def cents(self, cell: str) -> int:
        """An amount with its sign, in centavos; a third decimal is rounded half up and told."""
        value, rounded = values.cents(cell)
        if rounded:
            self.notices.add(ROUNDED, self.row, abs(exact(cell) - Decimal(abs(value)).scaleb(-2)))
        return value

    def amount(self, cell: str) -> int:
        """An amount of 0.00 or more, in centavos."""
        value = self.cents(cell)
        if value < 0:
            raise BadValue(N_("«{value}» es negativo; los importes se escriben en positivo"), value=values.shown(cell))
        return value

    def spent(self, cell: str) -> int:
        """An amount above 0.00, in centavos."""
        value = self.amount(cell)
        if value == 0:
            raise BadValue(N_("«{value}» debe ser mayor que 0.00"), value=values.shown(cell))
        return value


def exact(cell: str) -> Decimal:
    """The digits of a cell that `values.cents` has taken for an amount, without its sign."""
    return Decimal(_NOT_DIGITS.sub("", cell))


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column. `reader` makes, for one file, what turns a filled cell into a value or raises BadValue."""

    name: str
    reader: Callable[[Reading], Read]
    label: str  # the heading in the user's words
    told: str = ""  # what goes in there, for templates
    required: bool = False
    also: Sequence[str] = ()  # synonyms, the likelier meaning first
    example: str = ""
    is_amount: bool = False
    dates_in: Callable[[str], Iterable[str]] | None = None  # the dates that a cell holds: they prove the file's order
    words: Mapping[str, Any] = field(default_factory=dict)  # of a closed list: folded word to value

    @property
    def known_as(self) -> list[str]:
        """Folded names, the canonical one first."""
        return list(dict.fromkeys(fold(name) for name in (self.name, *self.also, self.label)))


def closed(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """A closed list from value to its further words: each word, folded, to the value."""
    return {fold(word): value for value, others in words.items() for word in (value, *others)}


# ------------------------------------------------------------------ readers
def text(most: int, *, multiline: bool = False) -> Callable[[Reading], Read]:
    """Text of at most so many characters."""
    return lambda _: lambda cell: values.text(cell, most, multiline=multiline)


def code(most: int) -> Callable[[Reading], Read]:
    """A key, as written less Excel's `.0`; each distinct text is judged once."""
    return lambda _: remembered(lambda cell: values.code(cell, most))


def number(_: Reading) -> Read:
    """The number of a document or payment: a key without the signs that separate numbers."""
    return a_number


def a_number(cell: str) -> str:
    """The number of a document or payment."""
    value = values.code(cell, 60)
    if ":" in value or ";" in value:
        raise BadValue(N_("«{value}» no puede llevar «:» ni «;»"), value=values.shown(cell))
    return value


def day(reading: Reading) -> Read:
    """A date in the order of the file."""
    return reading.dates


def the_cell(cell: str) -> Iterable[str]:
    """A cell that is a date."""
    return (cell,)


def amount(reading: Reading) -> Read:
    """Centavos, 0 or more."""
    return reading.amount


def spent(reading: Reading) -> Read:
    """Centavos, above 0."""
    return reading.spent


def signed(reading: Reading) -> Read:
    """Centavos with their sign: the kind judges it."""
    return reading.cents


def rate(_: Reading) -> Read:
    """A rate in whole millionths."""
    return remembered(lambda cell: int(values.rate(cell).scaleb(6)))


def currency(_: Reading) -> Read:
    """An ISO code."""
    return remembered(values.currency)


def whole(least: int, most: int) -> Callable[[Reading], Read]:
    """A whole number within both ends."""
    return lambda _: lambda cell: values.whole(cell, least=least, most=most)


def choice(words: Mapping[str, str]) -> Callable[[Reading], Read]:
    """A word of a closed list."""
    return lambda _: remembered(lambda cell: values.choice(cell, words))


def remembered(read: Read) -> Read:
    """`read`, once for each distinct text: for columns that repeat theirs."""
    known: dict[str, Any] = {}

    def look(cell: str) -> Any:
        found = known.get(cell)
        if found is None:
            found = known[cell] = read(cell)
        return found

    return look


def a_date(name: str, label: str, **more: Any) -> Field:
    """A date column."""
    return Field(name=name, reader=day, label=label, dates_in=the_cell, **more)


def parts(cell: str) -> list[str]:
    """What `;` separates, blanks aside."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def instalment_dates(cell: str) -> list[str]:
    """The dates within `2026-04-30:30.00;2026-05-30:50.00`."""
    return [part.rpartition(":")[0].strip() for part in parts(cell)]


def instalments(reading: Reading) -> Read:
    """`date:amount;…` as (date, centavos), by date."""

    def read(cell: str) -> tuple[tuple[date, int], ...]:
        found = []
        for part in parts(cell):
            when, colon, much = part.rpartition(":")
            if not colon:
                raise BadValue(
                    N_("«{value}» no es fecha:importe; escriba 2026-04-30:30.00;2026-05-30:50.00"),
                    value=values.shown(part),
                )
            found.append((reading.dates(when.strip()), reading.amount(much.strip())))
        return tuple(sorted(found))

    return read


#: What a payment or credit note names: numbers, each with the centavos that it takes or None for all that is open.
Named = tuple[tuple[str, int | None], ...]


def applies_to(reading: Reading) -> Read:
    """`F-1`, `F-1;F-2` or `F-1:500.00;F-2:250.00`; the forms are not mixed."""

    def read(cell: str) -> Named:
        found: list[tuple[str, int | None]] = []
        for part in parts(cell):
            name, colon, much = part.partition(":")
            found.append((a_number(name), reading.spent(much.strip()) if colon else None))
        if len({much is None for _, much in found}) > 1:
            raise BadValue(
                N_("«{value}»: escriba el importe de todos los documentos o de ninguno"), value=values.shown(cell)
            )
        names = [name for name, much in found if much is None]
        if len(set(names)) < len(names):
            raise BadValue(N_("«{value}» nombra dos veces el mismo documento"), value=values.shown(cell))
        if any(not name for name, _ in found):
            raise BadValue(N_("«{value}» tiene un importe sin documento"), value=values.shown(cell))
        return tuple(found)

    return read
