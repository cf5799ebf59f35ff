"""Percentages and dates as people type them in a proposal."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from core.agreements.drafting import PercentNotValid
from core.errors import DomainError
from core.i18n import N_

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class DateNotRead(DomainError):
    message = N_("«{text}» no es una fecha. Escríbala como 30/04/2026, una por renglón.")


def percent(text: str) -> Decimal:
    """`50`, `50 %` or blank (0); PercentNotValid if not from 0 to 100."""
    typed = text.replace("%", "").strip()
    try:
        value = Decimal(typed or "0")
    except InvalidOperation as error:
        raise PercentNotValid(value=text) from error
    if not value.is_finite() or not 0 <= value <= 100 or value != round(value, 4):
        raise PercentNotValid(value=text)
    return value


def dates(text: str) -> tuple[date, ...]:
    """Dates day first, one a line or split by commas."""
    found = []
    for part in re.split(r"[\n,;]+", text):
        if not part.strip():
            continue
        match = _DAY.fullmatch(part.strip())
        try:
            if match is None:
                raise ValueError
            found.append(date(int(match[3]), int(match[2]), int(match[1])))
        except ValueError as error:
            raise DateNotRead(text=part.strip()[:30]) from error
    return tuple(found)
