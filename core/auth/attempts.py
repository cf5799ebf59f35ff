"""Failed attempts to sign in: each one makes the next wait longer, by user and by address, never past a quarter hour.

An attempt is counted before the password is looked at and forgiven when it was right, so that many at the same
instant gain nothing. Names that nobody has are counted like those of users.
"""

import hashlib
from datetime import timedelta
from math import ceil

from sqlalchemy import delete
from sqlmodel import Session, col

from core import db
from core.auth.models import LoginAttempt
from core.clock import now
from core.errors import DomainError
from core.i18n import N_, plural

#: How many attempts are free of delay: an office behind one address has more people than a user has fingers.
FREE_BY_USER = 4
FREE_BY_ADDRESS = 20
LONGEST = timedelta(minutes=15)
#: After so long without a failure the count begins anew.
FORGOTTEN = timedelta(hours=24)


class TooManyAttempts(DomainError):
    message = N_("Hubo varios intentos fallidos. Espere {wait}, o pida una contraseña de un solo uso.")

    def sentence(self) -> str:
        seconds = int(str(self.facts["seconds"]))
        minutes = ceil(seconds / 60)
        wait = (
            plural("{n} segundo", "{n} segundos", seconds)
            if seconds < 60
            else plural("{n} minuto", "{n} minutos", minutes)
        )
        self.facts["wait"] = wait
        return super().sentence()


def delay(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures: 5 s, 10 s, 20 s… up to 15 minutes."""
    if failures < free:
        return timedelta(0)
    return min(LONGEST, timedelta(seconds=5 * 2 ** min(failures - free, 10)))


def count(session: Session, *, name: str, address: str | None) -> None:
    """Counts one attempt more, or refuses it, uncounted, while the wait for the last ones is not over."""
    at = now()
    keys = _keys(name, address)
    for key, _free in keys:
        db.take(session, f"login {key}")
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.last_at) < at - FORGOTTEN))
    waits = []
    for key, free in keys:
        kept = session.get(LoginAttempt, key)
        if kept is not None:
            waits.append(kept.last_at + delay(kept.failures, free) - at)
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        raise TooManyAttempts(seconds=ceil(longest.total_seconds()))
    for key, _free in keys:
        kept = session.get(LoginAttempt, key) or LoginAttempt(key=key, last_at=at)
        kept.failures += 1
        kept.last_at = at
        session.add(kept)
    session.flush()


def forgive(session: Session, *, name: str, address: str | None) -> None:
    """It was right: the user's count begins anew, the address's is one less (or one's own account would clear it)."""
    for key, free in _keys(name, address):
        kept = session.get(LoginAttempt, key)
        if kept is None:
            continue
        if free == FREE_BY_USER or kept.failures <= 1:
            session.delete(kept)
        else:
            kept.failures -= 1
    session.flush()


def _keys(name: str, address: str | None) -> list[tuple[str, int]]:
    """Sorted, so that two who wait for each other's lock cannot be."""
    user = hashlib.sha256(name.casefold().encode()).hexdigest()  # what was typed may be a password in the wrong box
    keys = [(f"user:{user}", FREE_BY_USER)]
    if address:
        keys.append((f"address:{address[:100]}", FREE_BY_ADDRESS))
    return sorted(keys)
