"""Users as people know them: by full name."""

from core.auth.queries import full_names
from pages.ui import guard, kept


def known_as(name: str | None) -> str:
    """The full name of a user; who has none, or is none any more, by the name on record. Nobody is blank."""
    if not name:
        return ""
    return kept.read(full_names, guard.here().actor).get(name, name)
