"""A promise of the demo company while its account is worked out: what came of it by any day, by the money that came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.promises.models import Ending, PromiseStatus

FAILED = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)


class Money(NamedTuple):
    """Money that may keep a promise: of which day, on the account since when, taken back when. Days are places."""

    on: int
    seen: int
    amount: int
    undone: int | None


@dataclass(slots=True)
class Promised:
    """`money`: whatever came on its documents, or on the account."""

    id: int
    amount: int
    made: int
    promised: int
    money: Sequence[Money]
    ending: tuple[Ending, int] | None = None

    @property
    def number(self) -> str:
        """Its number in the company's own series."""
        return f"PR-{self.id:06d}"

    def counted(self, at: int) -> int:
        """What had come within the window by the end of a day."""
        return sum(
            one.amount
            for one in self.money
            if self.made <= one.on <= self.promised and one.seen <= at and (one.undone is None or one.undone > at)
        )

    def status(self, at: int) -> PromiseStatus:
        """How it stood at the end of a day (the contract's rule)."""
        if self.ending is not None and self.ending[1] <= at:
            return PromiseStatus(self.ending[0])
        counted = self.counted(at)
        if counted >= self.amount:
            return PromiseStatus.KEPT
        if at <= self.promised:
            return PromiseStatus.PENDING
        return PromiseStatus.PARTLY_KEPT if counted else PromiseStatus.BROKEN

    def judgements(self, until: int) -> Iterator[tuple[int, PromiseStatus, PromiseStatus]]:
        """Every change that the nights up to `until` found: day, before, after."""
        moved = {max(one.on, one.seen) for one in self.money} | {one.undone for one in self.money if one.undone}
        before = PromiseStatus.PENDING
        for place in sorted(day for day in (*moved, self.promised + 1) if self.made <= day <= until):
            after = self.status(place)
            if self.ending is not None and place >= self.ending[1]:
                return
            if after != before:
                yield place, before, after
            before = after
