"""Users, their sessions, and failed attempts to sign in."""

from datetime import datetime

from sqlmodel import Field

from core.auth.actor import Role
from core.tables import Moment, Table, one_of


class User(Table, table=True):
    """Somebody who signs in. Never deleted: disabled."""

    __tablename__ = "app_user"
    __table_args__ = (one_of("role", Role),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60, unique=True)
    full_name: str = Field(default="", max_length=120)
    role: str = Field(max_length=20)
    region: str | None = Field(default=None, max_length=80)
    sales_rep: str | None = Field(default=None, max_length=80)
    language: str = Field(default="es", max_length=2)
    password_hash: str | None = Field(default=None, max_length=100)
    must_change: bool = False  # the password was set by somebody else
    password_until: datetime | None = Field(default=None, sa_type=Moment)  # end of a one-time password
    active: bool = True
    auth_version: int = 0  # raised by a new password or role: older sessions end
    created_at: datetime = Field(sa_type=Moment)


class LoginSession(Table, table=True):
    """One browser signed in. The key in the cookie is random; only its SHA-256 is kept."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    key_hash: str = Field(max_length=64, unique=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    auth_version: int
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    address: str | None = Field(default=None, max_length=60)
    device: str | None = Field(default=None, max_length=250)


class LoginAttempt(Table, table=True):
    """Failed attempts, counted by what was tried (a user's name or an address); each makes the next wait longer."""

    __tablename__ = "login_attempt"

    key: str = Field(primary_key=True, max_length=160)  # `user:ana`, `address:10.0.0.7`
    failures: int = 0
    last_at: datetime = Field(sa_type=Moment)
