"""Users as people know them, in queries."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.auth.models import User


def called(name: Any) -> Any:
    """The full name of the user whom a column names; a name that is no user's, or of one without, as it is."""
    full = select(func.nullif(col(User.full_name), "")).where(col(User.name) == name).scalar_subquery()
    return func.coalesce(full, name)
