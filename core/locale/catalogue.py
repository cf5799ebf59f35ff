"""Keeps the catalogues in step with the code: `python -m core.locale.catalogue` (or `make i18n`).

Gathers every text of `_()`, `N_()` and `plural()`, adds what is new to each `cartera.po` (untranslated), drops what is
gone, and compiles. Exit 1, with the texts, when one has no translation yet.
"""

import sys
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.config import ROOT
from core.i18n import LANGUAGES, LOCALE

SOURCE = "es"
_KEYWORDS = {"_": None, "N_": None, "plural": (1, 2)}
_METHODS = [("core/**.py", "python"), ("pages/**.py", "python"), ("app.py", "python")]


def path(language: str, suffix: str) -> Path:
    """The file of a language's catalogue: `.po` to write, `.mo` to read."""
    return LOCALE / language / "LC_MESSAGES" / f"cartera{suffix}"


def languages() -> list[str]:
    """The languages that need a catalogue: all but the one the texts are written in."""
    return [language for language in LANGUAGES if language != SOURCE]


def gathered() -> Catalog:
    """Every text of the code, without translation."""
    catalog = Catalog(project="Cartera al Día", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT, _METHODS, {"**": {"encoding": "utf-8"}}, keywords=_KEYWORDS,
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "_")) and Path(folder).name != "tests",
    )  # fmt: skip
    for file, _line, message, _comments, _context in found:
        catalog.add(message, locations=[(file, 0)])
    return catalog


def merged(language: str) -> Catalog:
    """A language's catalogue with the texts that the code has now, and only those."""
    texts, file = gathered(), path(language, ".po")
    if file.exists():
        with file.open("rb") as open_file:
            known = read_po(open_file, locale=language)
    else:
        known = Catalog(locale=language, project=texts.project, charset="utf-8", fuzzy=False)
    known.update(texts, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.fuzzy = False
    return known


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
    with file.open("wb") as target:
        write_po(target, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    path(language, ".mo").write_bytes(compiled(catalog))
    return missing(catalog)


def main() -> int:
    """Updates every language and tells what is missing."""
    left = [(language, text) for language in languages() for text in update(language)]
    for language, text in left:
        click.echo(f"{language}: {text}", err=True)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
