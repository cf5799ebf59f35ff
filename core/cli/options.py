"""Values of options and arguments: what is wrong with one is said in the user's language, with exit code 2."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from core.i18n import _

#: No company has older books; the day before the calendar's first is no day at all.
_YEAR = "(?:19|[2-9][0-9])[0-9]{2}"


class Day(click.ParamType[date]):
    """A date, `YYYY-MM-DD` and nothing else, from 1900 on."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(_YEAR + r"-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(_("«{value}» no es una fecha. Escríbala así: 2026-03-31.").format(value=value), param, ctx)


class Month(click.ParamType[str]):
    """A month, `YYYY-MM`, from 1900 on, as text."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(_YEAR + r"-(0[1-9]|1[0-2])", value, re.ASCII):
            self.fail(_("«{value}» no es un mes. Escríbalo así: 2026-03.").format(value=value), param, ctx)
        return str(value)


class Limits(click.ParamType[list[int]]):
    """Limits of the aging's buckets: `30,60,90`, rising."""

    name = "30,60,90"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        from core.policies.settings import parse_limits

        if isinstance(value, list):
            return value
        try:
            return parse_limits(value)
        except ValueError:
            told = _("«{value}» no sirve: hasta 12 números enteros que crecen, separados por comas, como 30,60,90,120.")
            self.fail(told.format(value=value), param, ctx)


class Count(click.ParamType[int]):
    """A whole number within both ends."""

    name = "N"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"\d{1,18}", value, re.ASCII) or not self.least <= int(value) <= self.most:
            told = _("«{value}» no sirve: un número entero de {least} a {most}.")
            self.fail(told.format(value=value, least=self.least, most=self.most), param, ctx)
        return int(value)


class OneOf(click.Choice[str]):
    """One word of a closed list."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__([str(word) for word in words])

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return _("«{value}» no existe. Elija entre: {words}.").format(value=value, words=", ".join(self.choices))


DAY, MONTH, LIMITS = Day(), Month(), Limits()


def in_order(start: date | str | None, end: date | str | None) -> None:
    """Refuses, as wrong usage, a `--from` after its `--to`."""
    if start is not None and end is not None and str(start) > str(end):
        told = _("--from {start} es posterior a --to {end}. Cambie una de las dos.")
        raise click.UsageError(told.format(start=start, end=end))
