"""The kinds of files, by name. Adding one is adding its module, with a `KIND`, and its name here."""

from functools import cache
from importlib import import_module
from typing import Any

from core.importers.base import Kind

NAMES = (
    "customers",
    "documents",
    "payments",
    "applications",
    "reversals",
    "exchange_rates",
    "promises",
    "contacts",
    "disputes",
)


@cache
def kind_of(name: str) -> Kind[Any]:
    """The kind of that name; KeyError when there is none."""
    if name not in NAMES:
        raise KeyError(name)
    found: Kind[Any] = import_module(f"core.importers.{name}").KIND
    return found


def fields_by_kind() -> dict[str, list[str]]:
    """The fields that a layout of each kind may name."""
    return {name: [one.name for one in (*kind_of(name).fields, *kind_of(name).made)] for name in NAMES}
