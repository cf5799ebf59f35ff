"""The two years of the demo company: its days up to today, when it sells, what a dollar is worth."""

from datetime import date, timedelta
from random import Random

SPAN = 730
#: Days ahead of today that due dates may fall on.
AHEAD = 400


class Days:
    """Days by their place: 0 is two years ago, `last` is today. Nothing but due dates lies after today."""

    def __init__(self, today: date, seed: int) -> None:
        self.last = SPAN
        self.dates = [today + timedelta(days=place - SPAN) for place in range(SPAN + AHEAD)]
        self.works = [day.weekday() < 5 for day in self.dates]
        self._weights = _summed([_weight(place, day) for place, day in enumerate(self.dates[: SPAN + 1])])
        self.rates = _rates(SPAN + 1, self.works, Random(f"{seed}:rates"))

    def sales(self, rng: Random, count: int) -> list[int]:
        """`count` days on which something was sold, in order: more at month ends and in the second year."""
        return sorted(rng.choices(range(self.last + 1), cum_weights=self._weights, k=count))

    def working(self, place: int) -> int:
        """That day, or the next one on which banks work."""
        while not self.works[place]:
            place += 1
        return place

    def on_weekday(self, place: int, weekday: int) -> int:
        """That day, or the next one that is this day of the week."""
        return place + (weekday - self.dates[place].weekday()) % 7


def _weight(place: int, day: date) -> int:
    week = (10, 10, 11, 11, 12, 4, 0)[day.weekday()]
    season = {12: 8, 1: 8, 9: 11, 10: 11, 11: 12}.get(day.month, 10)
    return week * season * (14 if day.day >= 25 else 10) * (SPAN + place // 2)


def _summed(weights: list[int]) -> list[int]:
    total, summed = 0, []
    for weight in weights:
        total += weight
        summed.append(total)
    return summed


def _rates(count: int, works: list[bool], rng: Random) -> list[int]:
    """Millionths of a peso a dollar, day by day: a walk around 18.20 that rests at weekends."""
    rate, rates = 18_200_000, []
    for place in range(count):
        if works[place]:
            rate += rng.randrange(-90_000, 90_001) + (18_200_000 - rate) // 60
        rates.append(rate)
    return rates
