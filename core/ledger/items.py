"""An account in a batch: entries with their running balances, and what is applied between them. No database here."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True, eq=False)
class Item:
    """An entry in a batch. Amounts in whole centavos, the rate in millionths; `id` is None until it is written."""

    customer_id: int
    side: str
    kind: str
    source: str
    source_id: int
    instalment: int
    number: str
    currency: str
    rate: int
    booked_on: date
    due_on: date | None
    paid_on: date | None
    amount: int
    open: int
    id: int | None = None
    stored_open: int | None = None  # as the database has it; None: not there yet
    moves: list["Applied"] = field(default_factory=list)
    later: list[tuple[date, int]] = field(default_factory=list)  # what `moves` lacks, of an item loaded in part
    latest: date = date.min  # nothing in either is dated later

    def available(self, on: date) -> int:
        """What may be applied on `on`: the least that is open on that day and on any later one."""
        if self.latest <= on:
            return self.open
        dated = [*self.later, *((move.on, move.amount) for move in self.moves)]
        after = sorted((one for one in dated if one[0] > on), key=lambda one: one[0], reverse=True)
        running = least = self.open
        for place, (day, amount) in enumerate(after, 1):
            running += amount
            if place == len(after) or after[place][0] != day:  # the day before `day` ended like this
                least = min(least, running)
        return least

    def live(self) -> list["Applied"]:
        """Its applications that nobody has undone."""
        undone = {id(move.undoes) for move in self.moves if move.undoes is not None}
        return [move for move in self.moves if move.undoes is None and id(move) not in undone]

    def keep(self, move: "Applied") -> None:
        """One more application, or its undoing."""
        self.moves.append(move)
        self.latest = max(self.latest, move.on)


@dataclass(slots=True, eq=False)
class Applied:
    """An application in a batch: `amount` centavos of `credit` on `charge`; negative when it undoes another."""

    credit: Item
    charge: Item
    amount: int
    on: date
    undoes: "Applied | None" = None
    imported: bool = False
    id: int | None = None
