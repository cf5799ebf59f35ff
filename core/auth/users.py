"""Users: made, changed, disabled, given a new password. Never deleted: the log names them."""

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth import attempts, passwords, sessions
from core.auth.actor import Actor, Permission, Role
from core.auth.models import User
from core.auth.queries import UserNotFound, user_named
from core.clock import now
from core.config import config
from core.errors import DomainError
from core.i18n import LANGUAGES, N_

#: How long a one-time password may be used.
ONE_TIME = timedelta(hours=24)
_NAME = re.compile(r"[^\W_](?:[\w.@' -]*[\w.@-])?")


class UserNameNotUsable(DomainError):
    message = N_(
        "«{name}» no sirve como nombre de usuario: hasta 60 letras, números, puntos, guiones o espacios, y no «system»."
    )


class UserNameTaken(DomainError):
    message = N_("Ya hay un usuario «{name}». Elija otro nombre, o active y cambie el que existe.")


class RoleUnknown(DomainError):
    message = N_("No existe el rol «{role}». Los roles son: {roles}.")


class LanguageUnknown(DomainError):
    message = N_("No existe el idioma «{language}». Elija es o en.")


class TextTooLong(DomainError):
    message = N_("«{text}» es demasiado largo: caben {most} caracteres.")


class NotYourself(DomainError):
    message = N_("Nadie puede desactivarse ni quitarse la administración. Pídalo a otra persona que administre.")


class LastAdmin(DomainError):
    message = N_("«{name}» es la única persona activa que administra el sistema. Nombre antes a otra.")


class CurrentPasswordWrong(DomainError):
    message = N_("La contraseña actual no es esa. No se cambió nada.")


class PasswordUnchanged(DomainError):
    message = N_("La contraseña nueva es igual a la actual. Elija otra.")


def create_user(
    session: Session, actor: Actor, *,
    name: str, role: Role | str, region: str | None = None, sales_rep: str | None = None, full_name: str = "",
    password: str, must_change: bool = False, language: str | None = None,
) -> User:  # fmt: skip
    """Somebody new who may sign in. `must_change`: the password is for the first time only."""
    actor.require(Permission.MANAGE_USERS)
    db.take(session, "users")
    name = name.strip()
    if not _NAME.fullmatch(name) or len(name) > 60 or name.casefold() == "system":
        raise UserNameNotUsable(name=name)
    if taken := _alike(session, name):
        raise UserNameTaken(name=taken.name)
    passwords.check(password, name=name)

    user = User(
        name=name, full_name=_fits(full_name, 120) or "", role=_role(role), region=_fits(region, 80),
        sales_rep=_fits(sales_rep, 80), language=_language(language or config().cartera_lang),
        password_hash=passwords.hashed(password), must_change=must_change,
        password_until=now() + ONE_TIME if must_change else None, created_at=now(),
    )  # fmt: skip
    session.add(user)
    session.flush()
    record(
        session, actor, "user.created", entity="user", entity_id=name, role=user.role, region=user.region,
        sales_rep=user.sales_rep, full_name=user.full_name,
    )  # fmt: skip
    return user


def change_user(
    session: Session, actor: Actor, *,
    name: str, role: Role | str, region: str | None = None, sales_rep: str | None = None, full_name: str = "",
) -> User:  # fmt: skip
    """What a user may do and see from now on; open sessions end when that changes."""
    actor.require(Permission.MANAGE_USERS)
    user = _locked(session, name)
    if user.role == Role.ADMIN and _role(role) != Role.ADMIN:
        _refuse_to_lose_admin(session, actor, user)

    wanted = {
        "role": str(_role(role)), "region": _fits(region, 80), "sales_rep": _fits(sales_rep, 80),
        "full_name": _fits(full_name, 120) or "",
    }  # fmt: skip
    changes = {field: [getattr(user, field), value] for field, value in wanted.items() if getattr(user, field) != value}
    if not changes:
        return user
    for field, (_before, after) in changes.items():
        setattr(user, field, after)
    if changes.keys() != {"full_name"}:
        sessions.end_all(session, user)
    session.flush()
    record(session, actor, "user.changed", entity="user", entity_id=user.name, changes=changes)
    return user


def disable_user(session: Session, actor: Actor, *, name: str) -> None:
    """Ends a user's access now, open sessions included; twice changes nothing."""
    actor.require(Permission.MANAGE_USERS)
    user = _locked(session, name)
    if not user.active:
        return
    _refuse_to_lose_admin(session, actor, user)
    user.active = False
    sessions.end_all(session, user)
    record(session, actor, "user.disabled", entity="user", entity_id=user.name)


def enable_user(session: Session, actor: Actor, *, name: str) -> None:
    """Lets a disabled user sign in again with the password that he or she had."""
    actor.require(Permission.MANAGE_USERS)
    user = _locked(session, name)
    if user.active:
        return
    user.active = True
    session.flush()
    record(session, actor, "user.enabled", entity="user", entity_id=user.name)


def reset_password(session: Session, actor: Actor, *, name: str, password: str | None = None) -> str:
    """A new password in place of a forgotten one, and returns it: the given one, else one for a single use in 24 h."""
    actor.require(Permission.MANAGE_USERS)
    user = _locked(session, name)
    given = password is not None
    password = password if password is not None else passwords.drawn()
    passwords.check(password, name=user.name)
    user.password_hash = passwords.hashed(password)
    user.must_change = not given
    user.password_until = None if given else now() + ONE_TIME
    sessions.end_all(session, user)
    attempts.forgive(session, name=user.name, address=None)  # who asked for it because of the wait need not wait
    record(session, actor, "user.password_reset", entity="user", entity_id=user.name, one_time=not given)
    return password


def change_own_password(session: Session, actor: Actor, *, current: str, new: str, key: str | None = None) -> None:
    """One's own password, known the current one; all other sessions end, that of `key` stays."""
    user = _locked(session, actor.name)
    if user.id != actor.user_id or not passwords.matches(current, user.password_hash):
        raise CurrentPasswordWrong
    passwords.check(new, name=user.name)
    if new == current:
        raise PasswordUnchanged
    user.password_hash = passwords.hashed(new)
    user.must_change = False
    user.password_until = None
    sessions.end_all(session, user, keep=key)
    record(session, actor, "user.password_changed", entity="user", entity_id=user.name)


def choose_language(session: Session, actor: Actor, *, language: str) -> None:
    """The language of one's own screens."""
    user = _locked(session, actor.name)
    before, user.language = user.language, _language(language)
    session.flush()
    if before != user.language:
        changes = {"language": [before, user.language]}
        record(session, actor, "user.language_chosen", entity="user", entity_id=user.name, changes=changes)


def _locked(session: Session, name: str) -> User:
    db.take(session, "users")
    user = user_named(session, name)
    if user is None:
        raise UserNotFound(name=name)
    return user


def _alike(session: Session, name: str) -> User | None:
    """A user whose name is the same but for capitals."""
    return next((user for user in session.scalars(select(User)) if user.name.casefold() == name.casefold()), None)


def _refuse_to_lose_admin(session: Session, actor: Actor, user: User) -> None:
    """Not oneself, and somebody must be left; the owner of the server (`system`) can always make another."""
    if user.id == actor.user_id:
        raise NotYourself
    if actor.is_system:
        return
    others = select(func.count()).select_from(User).where(
        col(User.role) == Role.ADMIN, col(User.active), col(User.id) != user.id
    )  # fmt: skip
    if user.role == Role.ADMIN and user.active and not session.scalar(others):
        raise LastAdmin(name=user.name)


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise RoleUnknown(role=role, roles=", ".join(Role)) from error


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise LanguageUnknown(language=language)
    return language


def _fits(text: str | None, most: int) -> str | None:
    """A text without blanks around it, None when nothing is left; refused, never cut, when it is too long."""
    text = (text or "").strip()
    if len(text) > most:
        raise TextTooLong(text=text[:40] + "…", most=most)
    return text or None
