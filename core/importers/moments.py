"""Moments of a file: a date in the order of the file, and the hour, with its offset or as the clocks there show it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.i18n import N_
from core.importers.fields import Read, Reading
from core.importers.refusals import BadValue
from core.importers.values import shown

_PARTS = re.compile(
    r"(?P<date>[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{8})"
    r"(?:(?:T|,?[ \u00a0]+|-)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?P<rest>[.,][0-9]{1,9})?)?"
    r"[ \u00a0]*(?P<half>[ap]\.?[ \u00a0]?m\.?)?[ \u00a0]*(?P<offset>Z|[+-][0-9]{2}:?(?:[0-9]{2})?)?)?",
    re.IGNORECASE,
).fullmatch
_HOURS_AFTER_NOON = 12


class Moment(NamedTuple):
    """What a cell says: day and hour, and the offset from UTC when it says one."""

    on: date
    at: time
    offset: timedelta | None

    def utc(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC; without an offset, `at` is what the clocks of `zone` showed."""
        there = timezone(self.offset) if self.offset is not None else zone
        return datetime.combine(self.on, self.at, there).astimezone(UTC)


def moment(reading: Reading) -> Read:
    """A date, or a date with an hour: ISO, `d/m/y hh:mm`, with or without seconds, a. m. or p. m., or an offset; two
    columns that a layout joins have `-` between them."""

    def read(cell: str) -> Moment:
        value = cell.strip()
        parts = _PARTS(value)
        if parts is None:
            raise BadValue(N_("«{value}» no es fecha y hora; escriba 2026-03-31 16:30"), value=shown(cell))
        return Moment(reading.dates(parts["date"]), _time(value, parts), _offset(value, parts["offset"]))

    return read


def dates_in(cell: str) -> Iterable[str]:
    """The date of a cell, which proves the order of the file's."""
    parts = _PARTS(cell.strip())
    return (parts["date"],) if parts else ()


def _time(value: str, parts: re.Match[str]) -> time:
    """The hour, to the millisecond: Excel's are a little less or more than what was typed."""
    if parts["hour"] is None:
        return time()
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    if parts["half"]:
        if not 1 <= hour <= _HOURS_AFTER_NOON:
            raise _no_time(value)
        hour = hour % _HOURS_AFTER_NOON + (_HOURS_AFTER_NOON if parts["half"][0] in "pP" else 0)
    try:
        whole = time(hour, minute, second)
    except ValueError:
        raise _no_time(value) from None
    thousandths = int((parts["rest"] or ".0")[1:5].ljust(4, "0")) + 5
    if thousandths >= 10_000:  # 59.9999 seconds are the next minute, but never the next day
        later = datetime.combine(date.min, whole) + timedelta(seconds=1)
        return later.time() if later.date() == date.min else whole.replace(microsecond=999_000)
    return whole.replace(microsecond=thousandths // 10 * 1000)


def _offset(value: str, written: str | None) -> timedelta | None:
    if written is None:
        return None
    if written in "zZ":
        return timedelta()
    digits = written[1:].replace(":", "").ljust(4, "0")
    found = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if found > timedelta(hours=14) or int(digits[2:]) > 59:
        raise _no_time(value)
    return -found if written[0] == "-" else found


def _no_time(value: str) -> BadValue:
    return BadValue(N_("La hora de «{value}» no existe"), value=shown(value))
