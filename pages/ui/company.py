"""What every page says of the company: its name, its currency, and whether it is the invented one."""

from typing import NamedTuple

from core.db import reading
from core.errors import DatabaseNotReady
from core.policies import settings


class Company(NamedTuple):
    """What the head of a screen shows."""

    name: str
    currency: str
    demo: bool


def company() -> Company:
    """Read on each run: two keys of a small table."""
    with reading() as session:
        return Company(
            settings.setting(session, "company.name"),
            settings.company_currency(session),
            settings.is_demo(session),
        )


def is_demo() -> bool:
    """Whether this is the demo company; not, where there is no schema yet."""
    try:
        return company().demo
    except DatabaseNotReady:
        return False
