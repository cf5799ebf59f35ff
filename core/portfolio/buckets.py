"""The buckets of an aging: their names, and the dates between which an instalment falls into each."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class Bucket(NamedTuple):
    """`first` ≤ base date ≤ `last`; None where there is no end."""

    name: str
    first: date | None
    last: date | None


def names(limits: Sequence[int]) -> list[str]:
    """`current`, `1-30`, `31-60`… and what is older: `121+`."""
    lows = [1, *(limit + 1 for limit in limits)]
    return ["current", *(f"{low}-{high}" for low, high in zip(lows, limits, strict=False)), f"{lows[-1]}+"]


def buckets(as_of: date, limits: Sequence[int]) -> list[Bucket]:
    """Days = `as_of` - base date: 0 or less is `current`; both ends of a bucket belong to it."""
    firsts = [as_of, *(before(as_of, limit) for limit in limits), None]
    lasts = [None, *(before(as_of, days) for days in (1, *(limit + 1 for limit in limits)))]
    return [Bucket(*one) for one in zip(names(limits), firsts, lasts, strict=True)]


def before(day: date, days: int) -> date:
    """`days` days earlier, or the first day that there is."""
    return day - timedelta(days=min(days, (day - date.min).days))
