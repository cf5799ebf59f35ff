"""Keeps the catalogues in step with the code: `python -m core.locale.catalogue` (or `make i18n`).

Gathers every text of `_()`, `N_()` and `plural()`, adds what is new to each `cartera.po` (untranslated), drops what is
gone, and compiles. Exit 1, with the texts, when one has no translation yet.
"""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.config import ROOT
from core.i18n import LANGUAGES, LOCALE

SOURCE = "es"
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
#: What marks a text, and how many of its first arguments are texts.
_MARKS = {"_": 1, "N_": 1, "plural": 2}


def path(language: str, suffix: str) -> Path:
    """The file of a language's catalogue: `.po` to write, `.mo` to read."""
    return LOCALE / language / "LC_MESSAGES" / f"cartera{suffix}"


def languages() -> list[str]:
    """The languages that need a catalogue: all but the one the texts are written in."""
    return [language for language in LANGUAGES if language != SOURCE]


def gathered() -> Catalog:
    """Every text of the code, without translation."""
    catalog = _empty(SOURCE)
    for file in sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]):
        for message in _texts(ast.parse(file.read_text(encoding="utf-8"))):
            catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), 0)])
    return catalog


def _empty(language: str) -> Catalog:
    """A catalogue whose head says no time and no tool: the same texts always give the same file."""
    made = Catalog(
        locale=language, project="Cartera al Día", version="1", charset="utf-8", fuzzy=False,
        creation_date=_NEVER, revision_date=_NEVER, msgid_bugs_address="-", last_translator="-", language_team="-",
    )  # fmt: skip
    made.header_comment = "# Written by `make i18n`: texts come from the code, translations are yours."
    return made


def _texts(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """The marked texts of a module. Read from its syntax tree: Babel's own reader misses those inside f-strings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _MARKS:
            continue
        given = node.args[: _MARKS[node.func.id]]
        found = tuple(one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
        if found and all(found) and len(found) == _MARKS[node.func.id]:
            yield found if len(found) > 1 else found[0]


def merged(language: str) -> Catalog:
    """A language's catalogue with the texts that the code has now, and only those."""
    made, file = _empty(language), path(language, ".po")
    known: dict[object, Any] = {}
    if file.exists():
        with file.open("rb") as open_file:
            known = {_key(message): message.string for message in read_po(open_file, locale=language)}
    for message in gathered():
        if message.id:
            made.add(message.id, known.get(_key(message), ""), locations=message.locations)
    return made


def _key(message: Message) -> object:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id


def missing(catalog: Catalog) -> list[str]:
    """The texts that have no translation."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not (all(message.string) if isinstance(message.string, (tuple, list)) else message.string)
    ]


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it; always the same bytes for the same texts."""
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def update(language: str) -> list[str]:
    """Brings a language's files up to date; returns the texts that are still to be translated."""
    catalog = merged(language)
    file = path(language, ".po")
    file.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    for suffix, content in ((".po", written.getvalue()), (".mo", compiled(catalog))):
        part = path(language, f"{suffix}.part")  # never half a file: who reads it meanwhile would lose the rest
        part.write_bytes(content)
        part.replace(path(language, suffix))
    return missing(catalog)


def main() -> int:
    """Updates every language and tells what is missing."""
    left = [(language, text) for language in languages() for text in update(language)]
    for language, text in left:
        click.echo(f"{language}: {text}", err=True)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
