"""Which months are closed. The state follows from the rows of `ledger_month_lock`, oldest first."""

import calendar
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import MonthLock


class MonthClosed(DomainError):
    message = N_(
        "{on} está en un mes cerrado (cerrado hasta el {through}). Use una fecha posterior o pida reabrir el mes."
    )


class Stretch(NamedTuple):
    """Months that one user closed in one go: after `after`, up to `through` (both `2026-03`; `after` may be blank)."""

    after: str
    through: str
    user_name: str


def stretches(session: Session) -> list[Stretch]:
    """What is closed now and by whom, oldest first."""
    closed: list[Stretch] = []
    for closes, month, user_name in db.rows(session, _LOCKS):
        last = closed[-1].through if closed else ""
        if closes:
            if month > last:
                closed.append(Stretch(last, month, user_name))
        else:
            before = previous(month)
            closed = [one._replace(through=min(one.through, before)) for one in closed if one.after < before]
    return closed


_LOCKS = select(col(MonthLock.closes), col(MonthLock.month), col(MonthLock.user_name)).order_by(col(MonthLock.id))


def closed_through(session: Session) -> date | None:
    """The last day in which nothing may be dated any more, or None."""
    closed = stretches(session)
    return last_day(closed[-1].through) if closed else None


def check_open(closed: date | None, on: date) -> None:
    """Refuses a date in a closed month."""
    if closed is not None and on <= closed:
        raise MonthClosed(on=on, through=closed)


def month_of(on: date) -> str:
    """`2026-03` of a date."""
    return f"{on:%Y-%m}"


def previous(month: str) -> str:
    """The month before: `2026-01` → `2025-12`."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def last_day(month: str) -> date:
    """The last day of `2026-02`."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])
