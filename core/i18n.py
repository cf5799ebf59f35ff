"""Words: gettext for screens, refusals and letters. Spanish is the source language, English the second.

The language belongs to the one who acts, so it lives in a context variable that `use()` sets at the start of a
screen's run or of a command. Catalogues are `core/locale/<language>/LC_MESSAGES/cartera.mo`.
"""

import gettext
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

LANGUAGES = ("es", "en")
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="es")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("cartera", LOCALE, [language], fallback=True)


def use(language: str) -> None:
    """From here on, this thread's texts are in `language`; one that is not known is Spanish."""
    _language.set(language if language in LANGUAGES else "es")


def language() -> str:
    """The language in use: `es` or `en`."""
    return _language.get()


def _(text: str) -> str:
    """`text`, written in Spanish, in the language in use."""
    return _catalogue(_language.get()).gettext(text) if text else ""


def N_(text: str) -> str:
    """Marks a text for the catalogue without translating it yet."""
    return text


def plural(one: str, many: str, n: int) -> str:
    """`one` or `many` as `n` asks, translated, with `{n}` filled in."""
    return _catalogue(_language.get()).ngettext(one, many, n).format(n=number(n))


def amount(value: Decimal) -> str:
    """An amount as the user writes it: `1,234.50`, `-5.50`."""
    return f"{value:,.2f}"


def money(value: Decimal, currency: str = "") -> str:
    """An amount with its sign before the symbol: `$1,234.50`, `-$5.50`; with a currency, `$1,234.50 MXN`."""
    text = f"{'-' if value < 0 else ''}${abs(value):,.2f}"
    return f"{text} {currency}" if currency else text


def number(value: int) -> str:
    """A count: `12,345`."""
    return f"{value:,}"


def day(value: date) -> str:
    """A date: `20/11/2026`, in either language (the day is first, as everywhere in the product)."""
    return value.strftime("%d/%m/%Y")


def shown(value: object) -> object:
    """A fact of a refusal as the user writes it."""
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return value
