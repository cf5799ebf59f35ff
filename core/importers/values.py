"""The text of one cell to its value, as section 3 of the contract says. A bad cell raises BadValue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple, TypeVar

from babel.core import get_global

from core.i18n import N_
from core.importers.folding import fold
from core.importers.refusals import BadValue

__all__ = [
    "MAX_CENTS",
    "BadValue",
    "Cents",
    "amount",
    "cents",
    "choice",
    "code",
    "currency",
    "percentage",
    "rate",
    "text",
    "whole",
]

Value = TypeVar("Value")

MAX_CENTS = 999_999_999_999_999  # 9,999,999,999,999.99
_PLAIN = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?").fullmatch
_NUMBER = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|(?=\.[0-9]))(?:\.([0-9]+))?").fullmatch
_SIGNED = re.compile(
    r"(?P<open>\()?\s*(?P<minus>-)?\s*\$?\s*(?P<inner>-)?(?P<number>[0-9.,]+)\s*(?P<after>-)?\s*(?P<close>\))?"
).fullmatch
_FLOAT_CODE = re.compile(r"([0-9]+)\.0").fullmatch
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,}", re.IGNORECASE).fullmatch
_BREAKS = re.compile("[ \u00a0]*[\t\n\x0b\x0c\r\u2028\u2029]+[ \u00a0]*")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"  # what web pages and broken exports leave around a text


class Cents(NamedTuple):
    """An amount in whole centavos, with its sign; `rounded` when the cell had more than two decimals that count."""

    cents: int
    rounded: bool


def cents(cell: str) -> Cents:
    """`1234.56`, `1,234.56`, `$1,234.56`, `-12.00`, `(12.00)` and `12.00-` in centavos; the caller judges the sign.

    Three or more decimals are rounded half up, away from zero. Raises BadValue for anything else, `1.234,56`,
    `1,23`, `1e5`, `NaN`, a currency code and more than 9,999,999,999,999.99 included.
    """
    plain = _PLAIN(cell)
    if plain:
        units, fraction = plain.groups()
        if not fraction:
            return Cents(int(units) * 100, False)
        return Cents(int(units + fraction) if len(fraction) == 2 else int(units + fraction) * 10, False)
    negative, units, fraction = _number(cell, N_("«{value}» no es un importe; escriba 1234.56"))
    value = int(units + fraction[:2].ljust(2, "0"))
    beyond = fraction[2:]
    if beyond[:1] >= "5":
        value += 1
    if value > MAX_CENTS:
        raise BadValue(N_("«{value}» es demasiado grande; el máximo es 9,999,999,999,999.99"), value=shown(cell))
    return Cents(-value if negative else value, bool(beyond.strip("0")))


def amount(cell: str) -> tuple[Decimal, bool]:
    """As `cents`, with the amount as a Decimal of exactly two decimals."""
    value, rounded = cents(cell)
    return Decimal(value).scaleb(-2), rounded


def rate(cell: str) -> Decimal:
    """An exchange rate above 0 with exactly six decimals; more that count raise BadValue."""
    value = _exact(cell, 6, N_("«{value}» no es un tipo de cambio; escriba 17.123456"))
    if value <= 0:
        raise BadValue(N_("«{value}» no puede ser un tipo de cambio: debe ser mayor que cero"), value=shown(cell))
    return value


def percentage(cell: str) -> Decimal:
    """A percentage with exactly four decimals, 0 or more: `2.5` and `2.5 %` are 2.5000; more that count are bad."""
    value = _exact(cell.strip().removesuffix("%"), 4, N_("«{value}» no es un porcentaje; escriba 2.5"))
    if value < 0:
        raise BadValue(N_("«{value}» no puede ser un porcentaje: es negativo"), value=shown(cell))
    return value


def whole(cell: str, *, least: int = 0, most: int = 999_999) -> int:
    """A whole number between `least` and `most`: `38` and `38.0` are 38."""
    message = N_("«{value}» no es un número entero")
    negative, units, fraction = _number(cell, message)
    if fraction.strip("0"):
        raise BadValue(message, value=shown(cell))
    value = -int(units) if negative else int(units)
    if not least <= value <= most:
        raise BadValue(
            N_("«{value}» debe ser un número entre {least} y {most}"), value=shown(cell), least=least, most=most
        )
    return value


def code(cell: str, max_length: int) -> str:
    """A key: trimmed, leading zeros kept, Excel's trailing `.0` lost, never cut."""
    value = unfloated(text(cell, max_length))
    if _SCIENTIFIC(value):
        raise BadValue(
            N_("«{value}» es una clave que Excel volvió número; dé formato de texto a la columna y exporte de nuevo"),
            value=shown(cell),
        )
    return value


def unfloated(value: str) -> str:
    """`1930659387.0`, a key that Excel made a number, as it was written: `1930659387`."""
    number = _FLOAT_CODE(value)
    return number[1] if number else value


def text(cell: str, max_length: int, *, multiline: bool = False) -> str:
    """A text as written, trimmed; line breaks and tabs become one blank unless `multiline`.

    Raises BadValue when it is longer than `max_length` or holds control characters: nothing is cut in silence.
    """
    value = cell.strip()
    if not value.isprintable():
        value = value.strip(_INVISIBLE).strip()
        if multiline:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        else:
            value = _BREAKS.sub(" ", value)
        if _CONTROL.search(value):
            raise BadValue(N_("«{value}» tiene caracteres de control; bórrelos"), value=shown(cell))
    if len(value) > max_length:
        raise BadValue(
            N_("«{value}» es demasiado largo: {length} caracteres; el máximo es {most}"),
            value=shown(cell),
            length=len(value),
            most=max_length,
        )
    return value


def currency(cell: str) -> str:
    """An ISO 4217 code that is money somewhere today, in upper case."""
    value = cell.strip().upper()
    if value not in _currencies():
        raise BadValue(N_("«{value}» no es una moneda; escriba su código ISO: MXN, USD, EUR…"), value=shown(cell))
    return value


def choice(cell: str, allowed: Mapping[str, Value]) -> Value:
    """What a word of a closed list stands for; `allowed` goes from the folded word to the value."""
    word = fold(cell)
    if word not in allowed:
        raise BadValue(
            N_("«{value}» no es uno de los valores posibles: {allowed}"),
            value=shown(cell),
            allowed=", ".join(dict.fromkeys(str(value) for value in allowed.values())),
        )
    return allowed[word]


def shown(cell: str) -> str:
    """A cell as a sentence quotes it: one line, control characters gone, at most 60 characters."""
    line = _CONTROL.sub("�", _BREAKS.sub(" ", cell.strip()))
    return line if len(line) <= 60 else line[:59] + "…"


def _number(cell: str, message: str) -> tuple[bool, str, str]:
    """Sign (true: negative), digits before the point, digits after it."""
    match = _SIGNED(cell.strip())
    if not match:
        raise BadValue(message, value=shown(cell))
    negations = [bool(match["open"]), bool(match["minus"]), bool(match["inner"]), bool(match["after"])]
    number = _NUMBER(match["number"])
    if not number or sum(negations) > 1 or bool(match["open"]) != bool(match["close"]):
        raise BadValue(message, value=shown(cell))
    units = number[1].replace(",", "").lstrip("0") or "0"
    fraction = number[2] or ""
    if len(units) > 15:
        raise BadValue(N_("«{value}» es demasiado grande; el máximo es 9,999,999,999,999.99"), value=shown(cell))
    return any(negations), units, fraction


def _exact(cell: str, decimals: int, message: str) -> Decimal:
    """A number with so many decimals; further ones that are not zero raise BadValue."""
    negative, units, fraction = _number(cell, message)
    if fraction[decimals:].strip("0"):
        raise BadValue(
            N_("«{value}» tiene más de {decimals} decimales; redondéelo"), value=shown(cell), decimals=decimals
        )
    if len(units) > 9:
        raise BadValue(N_("«{value}» es demasiado grande"), value=shown(cell))
    value = Decimal(int(units + fraction[:decimals].ljust(decimals, "0"))).scaleb(-decimals)
    return -value if negative else value


@cache
def _currencies() -> frozenset[str]:
    """Codes that are legal tender somewhere now; not the old ones (MXP), metals or index units."""
    territories = get_global("territory_currencies")
    return frozenset(
        code for uses in territories.values() for code, _start, end, tender in uses if tender and end is None
    )
