"""What day it is for the business, and what moment it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from core.config import config

_fixed: ContextVar[date | None] = ContextVar("today", default=None)
_moment: ContextVar[datetime | None] = ContextVar("now", default=None)


def fix(day: date | None) -> None:
    """From here on, this thread acts on `day` (the command line's `--today`)."""
    _fixed.set(day)


def today() -> date:
    """The business day: the one fixed for this command, else `BUSINESS_DATE`, else the clock in `TZ_BUSINESS`."""
    return _fixed.get() or config().business_date or datetime.now(ZoneInfo(config().tz_business)).date()


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def standing(moment: datetime) -> Iterator[None]:
    """Whatever happens inside happens at `moment`, which is aware, and on its business day: an invented past."""
    held, day = _moment.set(moment.astimezone(UTC)), _fixed.set(local(moment).date())
    try:
        yield
    finally:
        _moment.reset(held)
        _fixed.reset(day)


def local(moment: datetime) -> datetime:
    """A stored moment as the company's clocks show it."""
    return moment.astimezone(ZoneInfo(config().tz_business))
