"""Sign in, sign out, and who is behind a browser's key.

The functions that take no session open their own transactions: a failed attempt must stay counted though the sign-in
is refused, and bcrypt's quarter of a second must not hold the database's write lock.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth import attempts, passwords
from core.auth.actor import Actor, Permission
from core.auth.models import LoginSession, User
from core.auth.queries import actor_of, is_open, user_named
from core.clock import now
from core.errors import DomainError
from core.i18n import N_

#: `seen_at` is written at most so often.
TOUCH = timedelta(minutes=1)
#: Rows of sessions that ended are kept so long.
KEPT = timedelta(days=90)


class SignInRefused(DomainError):
    message = N_("El usuario y la contraseña no coinciden. Revíselos; tras varios intentos habrá que esperar.")


class OneTimePasswordExpired(DomainError):
    message = N_("Esa contraseña era de un solo uso y ya venció. Pida otra a quien administra el sistema.")


class SessionNotFound(DomainError):
    message = N_("Esa sesión ya estaba cerrada.")


class Visitor(NamedTuple):
    """Who is behind a key: the actor, the session's id, and whether a new password comes before anything else."""

    actor: Actor
    session_id: int
    must_change: bool


def sign_in(*, name: str, password: str, address: str | None = None, device: str | None = None) -> str:
    """Opens a session for who knows the password and returns its key; else refuses, more slowly each time."""
    name = name.strip()
    with db.transaction() as session:
        attempts.count(session, name=name, address=address)
    with db.reading() as session:
        user = user_named(session, name)
        kept = user.password_hash if user is not None and user.active else None
    right = passwords.matches(password, kept)
    with db.transaction() as session:
        user = user_named(session, name)
        if user is not None and right and user.active and user.password_hash == kept:
            attempts.forgive(session, name=name, address=address)
            if user.password_until is None or user.password_until >= now():
                key = open_session(session, user, address=address, device=device)
                record(session, actor_of(user), "user.signed_in", entity="user", entity_id=user.name, address=address)
                return key
            refusal: DomainError = OneTimePasswordExpired()
        else:
            refusal = SignInRefused()
        if user is not None:
            record(session, actor_of(user), "user.refused", entity="user", entity_id=user.name, address=address)
    raise refusal


def open_session(session: Session, user: User, *, address: str | None = None, device: str | None = None) -> str:
    """A new session of a user; its key is given once and only its SHA-256 kept."""
    key, at = secrets.token_urlsafe(32), now()
    session.execute(
        delete(LoginSession).where(col(LoginSession.user_id) == user.id, col(LoginSession.seen_at) < at - KEPT)
    )
    opened = LoginSession(
        key_hash=_hash(key),
        user_id=user.id,  # type: ignore[arg-type]  # a user that was read has one
        auth_version=user.auth_version,
        created_at=at,
        seen_at=at,
    )
    opened.address, opened.device = address and address[:60], device and device[:250]
    session.add(opened)
    session.flush()
    return key


def visitor(key: str | None) -> Visitor | None:
    """Who is behind a browser's key now; None when the session ended in whatever way."""
    if not key:
        return None
    at = now()
    with db.reading() as session:
        found = session.execute(
            select(User, col(LoginSession.id), col(LoginSession.seen_at))
            .join(LoginSession, col(LoginSession.user_id) == col(User.id))
            .where(col(LoginSession.key_hash) == _hash(key), is_open(at))
        ).first()
    if found is None:
        return None
    user, session_id, seen_at = found
    if user.password_until is not None and user.password_until < at:
        return None
    if at - seen_at >= TOUCH:
        db.try_to_write(lambda session: _touch(session, session_id, at))
    return Visitor(actor_of(user), session_id, user.must_change)


def principal(key: str | None) -> Actor | None:
    """The actor behind a browser's key; None when the session ended or a new password is due first."""
    found = visitor(key)
    return None if found is None or found.must_change else found.actor


def _touch(session: Session, session_id: int, at: datetime) -> None:
    session.execute(update(LoginSession).where(col(LoginSession.id) == session_id).values(seen_at=at))


def sign_out(session: Session, actor: Actor, *, key: str) -> None:
    """Ends the session of a key; one that ended already stays so."""
    found = session.scalar(
        select(LoginSession).where(col(LoginSession.key_hash) == _hash(key), col(LoginSession.revoked_at).is_(None))
    )
    if found is not None:
        found.revoked_at = now()
        session.flush()
        record(session, actor, "user.signed_out", entity="user", entity_id=actor.name)


def revoke(session: Session, actor: Actor, *, session_id: int) -> None:
    """Ends a session of one's own, or of anybody for who manages users."""
    found = session.execute(
        select(LoginSession, User)
        .join(User, col(User.id) == col(LoginSession.user_id))
        .where(col(LoginSession.id) == session_id, col(LoginSession.revoked_at).is_(None))
        .with_for_update(of=LoginSession)
    ).first()
    if found is None or found[1].id != actor.user_id:
        actor.require(Permission.MANAGE_USERS)
    if found is None:
        raise SessionNotFound
    login, user = found
    login.revoked_at = now()
    session.flush()
    record(session, actor, "user.session_revoked", entity="user", entity_id=user.name, address=login.address)


def end_all(session: Session, user: User, *, keep: str | None = None) -> None:
    """Ends every session of a user by a new version of the account, save that of the key `keep`."""
    user.auth_version += 1
    session.flush()
    own = col(LoginSession.user_id) == user.id
    session.execute(
        update(LoginSession)
        .where(own, col(LoginSession.key_hash) == _hash(keep or ""))
        .values(auth_version=user.auth_version)
    )
    session.execute(
        update(LoginSession)
        .where(own, col(LoginSession.revoked_at).is_(None), col(LoginSession.auth_version) != user.auth_version)
        .values(revoked_at=now())
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
