"""An account of the demo company as its collector has it before him: what is owed on a day, and what came in since."""

import json
from collections.abc import Iterable, Iterator
from random import Random

from core.demo.accounts import Account
from core.demo.books import Line
from core.demo.company import people_at
from core.demo.filing import START, Slot
from core.demo.promised import Money
from core.i18n import money
from core.money import from_cents


class Casework:
    """One account and who works on it; days are places, amounts centavos."""

    def __init__(self, account: Account, seed: int) -> None:
        self.account, self.one, self.books = account, account.one, account.books
        self.days, self.filing = account.books.days, account.books.filing
        self.rng = Random(f"{seed}:followup:{account.one.place}")
        self.person = str(people_at(self.one)[0][1])
        self.late = [line for line in account.lines if line.source == "document" and _was_late(line, self.days.last)]

    def owed(self, place: int) -> list[Line]:
        """What was overdue at the end of a day, the oldest first."""
        found = [line for line in self.late if (line.due or 0) < place and line.open_at(place)]
        return sorted(found, key=lambda line: (line.due or 0, line.id))

    def next_due(self, place: int) -> int | None:
        """The next day on which something falls due that will be late."""
        return min((line.due for line in self.late if line.due is not None and line.due >= place), default=None)

    def event(self, place: int, kind: str) -> int:
        """The event of what the customer's collector handed in on a working day."""
        return self.filing.events[Slot(self.one.collector, place, kind)]

    def amount(self, cents: int) -> str:
        """An amount as people write it."""
        return money(from_cents(cents), "USD" if self.one.currency == "USD" else "")

    def exact(self, cents: int) -> str:
        """An amount as facts keep it."""
        return str(from_cents(cents))

    def facts(self, amount: int, **facts: str) -> str:
        """What the words of a task or notice are made of."""
        return json.dumps({"amount": self.exact(amount), "currency": self.one.currency, **facts})

    def money_on(self, documents: Iterable[int]) -> Iterator[Money]:
        """What payments closed of these documents."""
        wanted = set(documents)
        for line in self.account.lines:
            if line.source == "document" and line.source_id in wanted:
                undone = {move.undoes: move.place for move in line.moves if move.undoes}
                for move in line.moves:
                    if move.is_money and move.undoes is None:
                        yield Money(move.place, move.place, move.amount, undone.get(move.id))

    def money_received(self) -> Iterator[Money]:
        """What came on the account."""
        reversed_ = {line.number: line.booked for line in self.account.lines if line.kind == "reversal"}
        for line in self.account.lines:
            if line.kind == "payment" and line.paid is not None and line.booked >= START:
                yield Money(line.paid, line.booked, line.amount, reversed_.get(line.number))


def _was_late(line: Line, last: int) -> bool:
    """Whether a charge was overdue at some time of the months that count."""
    if line.side != "charge" or line.due is None or line.due >= last - 1:
        return False
    return line.open > 0 or max((move.place for move in line.moves), default=0) > max(line.due + 2, START)
