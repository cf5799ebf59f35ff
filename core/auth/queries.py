"""Users and their sessions, as screens and the command line read them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission, Role, system
from core.auth.models import LoginSession, User
from core.clock import now
from core.errors import DomainError
from core.i18n import N_

#: A session ends when nobody uses it for so long, and in any case after a working day.
IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)


class UserNotFound(DomainError):
    message = N_("No hay un usuario «{name}». Revise el nombre en la lista de usuarios.")


class UserDisabled(DomainError):
    message = N_("El usuario «{name}» está desactivado. Quien administra el sistema puede activarlo de nuevo.")


class UserRow(NamedTuple):
    """One user in the list."""

    name: str
    full_name: str
    role: Role
    region: str | None
    sales_rep: str | None
    language: str
    active: bool
    must_change: bool
    password_until: datetime | None
    seen_at: datetime | None
    sessions: int


class SessionRow(NamedTuple):
    """One open session: where and since when."""

    id: int
    user: str
    created_at: datetime
    seen_at: datetime
    address: str | None
    device: str | None


def is_open(at: datetime) -> ColumnElement[bool]:
    """The condition on `login_session` joined to `app_user` that leaves the sessions that still hold at a moment."""
    return and_(
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.seen_at) >= at - IDLE,
        col(LoginSession.created_at) >= at - LIFE,
        col(LoginSession.auth_version) == col(User.auth_version),
        col(User.active),
    )


def actor_of(user: User, *, origin: str = "web", os_user: str | None = None) -> Actor:
    """The one who acts when `user` does."""
    return Actor(
        user.id, user.name, Role(user.role), user.full_name, user.region, user.sales_rep, user.language, origin, os_user
    )


def full_names(session: Session, actor: Actor) -> dict[str, str]:
    """Full name by user name, of those who have one: whoever sees what a colleague did may read who it was."""
    del actor  # every user may know the names of the others
    named = select(col(User.name), col(User.full_name)).where(col(User.full_name) != "")
    return {row[0]: row[1] for row in session.execute(named)}


def user_named(session: Session, name: str) -> User | None:
    """The user of that name as written, else the only one whose name differs in capitals alone."""
    exact = session.scalar(select(User).where(col(User.name) == name))
    if exact is not None:
        return exact
    wanted = name.casefold()
    alike = [user for user in session.scalars(select(User)) if user.name.casefold() == wanted]
    return alike[0] if len(alike) == 1 else None


def actor_named(session: Session, name: str, *, origin: str = "cli", os_user: str | None = None) -> Actor:
    """The actor for `--as NAME`; unknown and disabled users are refused, `system` is the built-in one."""
    if name == "system":
        return system(origin)
    user = user_named(session, name)
    if user is None:
        raise UserNotFound(name=name)
    if not user.active:
        raise UserDisabled(name=name)
    return actor_of(user, origin=origin, os_user=os_user)


def users(session: Session, actor: Actor) -> list[UserRow]:
    """Everybody who may or might sign in, active ones first."""
    actor.require(Permission.MANAGE_USERS)
    open_sessions = (
        select(
            col(LoginSession.user_id).label("user_id"),
            func.max(col(LoginSession.seen_at)).label("seen_at"),
            func.count().filter(is_open(now())).label("open"),
        )
        .join(User, col(User.id) == col(LoginSession.user_id))
        .group_by(col(LoginSession.user_id))
        .subquery()
    )
    rows = session.execute(
        select(User, open_sessions.c.seen_at, func.coalesce(open_sessions.c.open, 0))
        .outerjoin(open_sessions, open_sessions.c.user_id == col(User.id))
        .order_by(col(User.active).desc(), col(User.name))
    )
    return [
        UserRow(
            user.name, user.full_name, Role(user.role), user.region, user.sales_rep, user.language, user.active,
            user.must_change, user.password_until, seen_at, count,
        )
        for user, seen_at, count in rows
    ]  # fmt: skip


def sessions_of(session: Session, actor: Actor, *, name: str | None = None) -> list[SessionRow]:
    """Open sessions, latest first: one's own, or those of anybody (`name`) for who manages users."""
    if name is None or name != actor.name:
        actor.require(Permission.MANAGE_USERS)
    rows = session.execute(
        select(
            col(LoginSession.id), col(User.name), col(LoginSession.created_at), col(LoginSession.seen_at),
            col(LoginSession.address), col(LoginSession.device),
        )
        .join(User, col(User.id) == col(LoginSession.user_id))
        .where(is_open(now()), *([] if name is None else [col(User.name) == name]))
        .order_by(col(LoginSession.seen_at).desc())
    )  # fmt: skip
    return [SessionRow(*row) for row in rows]


def how_many_users(session: Session) -> int:
    """Active users: whether an installation has anybody who can sign in."""
    return session.scalar(select(func.count()).select_from(User).where(col(User.active))) or 0
