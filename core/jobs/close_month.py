"""Closing months, so that nothing may be dated there any more, and opening them again: never by who closed them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now, today
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import MonthLock
from core.ledger.months import month_of, previous, stretches

LONGEST_REASON = 250
OFFERED = 24  # closed months that a screen offers to open again


class MonthNotOver(DomainError):
    message = N_("{month} no ha terminado: solo se cierran meses anteriores a {running}.")


class MonthNotClosed(DomainError):
    message = N_("{month} no está cerrado; no hay nada que reabrir.")


class ClosedByYourself(DomainError):
    message = N_("{user} cerró meses que se reabrirían; debe reabrirlos otra persona.")


class ReasonMissing(DomainError):
    message = N_("Escriba el motivo para reabrir el mes.")


class ReasonTooLong(DomainError):
    message = N_("El motivo es demasiado largo: caben {most} caracteres.")


class LockRow(NamedTuple):
    """One closing or reopening, as the log of months shows it."""

    at: datetime
    user_name: str
    closes: bool
    month: str
    reason: str | None


class Months(NamedTuple):
    """What is closed now, and everything that was closed or opened, newest first."""

    through: str | None
    next: str | None  # the last month that may be closed and is not; None: all that are over are closed
    closed: list[str]  # the latest closed months, newest first, that may be opened again
    history: list[LockRow]


def months(session: Session, actor: Actor) -> Months:
    """How the months stand."""
    actor.require(Permission.CLOSE_MONTH)
    closed = stretches(session)
    through, last = (closed[-1].through if closed else None), previous(month_of(today()))
    rows = session.execute(
        select(
            col(MonthLock.at), col(MonthLock.user_name), col(MonthLock.closes), col(MonthLock.month),
            col(MonthLock.reason),
        ).order_by(col(MonthLock.id).desc())
    )  # fmt: skip
    history = [LockRow(at, who, bool(closes), month, reason) for at, who, closes, month, reason in rows]
    latest = [through] if through else []
    while latest and len(latest) < OFFERED:
        latest.append(previous(latest[-1]))
    return Months(through, last if (through or "") < last else None, latest, history)


def close_month(session: Session, actor: Actor, *, month: str) -> bool:
    """Closes every month up to `month` (`2026-03`), which must be over; False when that was done already.

    The transaction must have been opened with `alone=True`, so that nobody is writing into the month meanwhile.
    """
    actor.require(Permission.CLOSE_MONTH)
    db.take(session, "months")
    running = month_of(today())
    if month >= running:
        raise MonthNotOver(month=month, running=running)
    closed = stretches(session)
    if closed and closed[-1].through >= month:
        return False
    _add(session, actor, closes=True, month=month, reason=None)
    record(session, actor, "month.closed", entity="month", entity_id=month)
    return True


def reopen_month(session: Session, actor: Actor, *, month: str, reason: str) -> None:
    """Opens `month` and all later ones; by somebody else than everyone who closed one of them.

    The transaction must have been opened with `alone=True`.
    """
    actor.require(Permission.CLOSE_MONTH)
    db.take(session, "months")
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON)
    opened = [one for one in stretches(session) if one.through >= month]
    if not opened:
        raise MonthNotClosed(month=month)
    if actor.name in {one.user_name for one in opened}:
        raise ClosedByYourself(user=actor.name)
    _add(session, actor, closes=False, month=month, reason=reason)
    record(session, actor, "month.reopened", entity="month", entity_id=month, reason=reason)


def _add(session: Session, actor: Actor, *, closes: bool, month: str, reason: str | None) -> None:
    session.add(
        MonthLock(closes=int(closes), month=month, user_id=actor.user_id, user_name=actor.name, reason=reason, at=now())
    )
    session.flush()
