"""What day it is for the business, and what moment it is."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from core.config import config

_fixed: ContextVar[date | None] = ContextVar("today", default=None)


def fix(day: date | None) -> None:
    """From here on, this thread acts on `day` (the command line's `--today`)."""
    _fixed.set(day)


def today() -> date:
    """The business day: the one fixed for this command, else `BUSINESS_DATE`, else the clock in `TZ_BUSINESS`."""
    return _fixed.get() or config().business_date or datetime.now(ZoneInfo(config().tz_business)).date()


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """A stored moment as the company's clocks show it."""
    return moment.astimezone(ZoneInfo(config().tz_business))
