"""What the people of the demo company do by hand with the commands of the screens, each thing on its day.

A story is what happened about one matter, told in the order of time: `on = yield When(9, 11)` waits until eleven
o'clock of the day nine days ago (of the working day before it). All stories go on side by side, so the log tells them
as they happened.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core import clock
from core.auth.actor import Actor, system
from core.auth.queries import actor_named
from core.customers.models import Customer
from core.demo.company import moment
from core.demo.days import Days
from core.disputes.models import Dispute
from core.ledger.models import Entry, Side, Source
from core.money import total
from core.promises.models import Promise


class When(NamedTuple):
    """A time of a working day."""

    back: int
    hour: int
    minute: int = 0


Story = Generator[When, date, None]


def next_part(story: Story, on: date) -> When | None:
    """What a story waits for after its next part, which happens now; None when it is told."""
    try:
        return story.send(on)
    except StopIteration:
        return None


class Debtor(NamedTuple):
    """A customer with something overdue, and whose it is."""

    id: int
    code: str
    name: str
    collector: str
    overdue: Decimal
    numbers: tuple[str, ...]  # of documents with something overdue, the oldest first


@dataclass
class Desk:
    """Who works on what, on which day; no customer is taken twice."""

    session: Session
    days: Days
    taken: set[int] = field(default_factory=set)

    def day(self, back: int) -> date:
        """Today, or the working day so many days ago or the one before it; ahead of today when `back` is negative."""
        place = self.days.last - back
        while back and not self.days.works[place]:
            place += -1 if back >= 0 else 1
        return self.days.dates[place]

    def user(self, name: str) -> Actor:
        """One of the company's people, or `system`."""
        if name == "system":
            return replace(system(), os_user=None)
        return actor_named(self.session, name, origin="web")

    def tell(self, stories: Iterable["Story"]) -> None:
        """Lets all stories happen, whatever is first first."""
        waiting = [(self._moment(next(story)), place, story) for place, story in enumerate(stories)]
        heapify(waiting)
        while waiting:
            at, place, story = heappop(waiting)
            with clock.standing(at):
                following = next_part(story, clock.today())
            if following is not None:
                heappush(waiting, (max(at, self._moment(following)), place, story))

    def _moment(self, when: "When") -> datetime:
        return moment(self.day(when.back), 60 * when.hour + when.minute)

    def debtors(
        self, count: int, *, days: int, since: int, collector: str | None = None, documents: int = 1,
        smallest: bool = False, shared: bool = False,
    ) -> list[Debtor]:  # fmt: skip
        """So many customers in pesos whose oldest debt is `days` late or more, the largest first: with no promise and
        no dispute of the days `since`, with so many overdue instalments, and (unless `shared`) not taken before."""
        today, start = self.days.dates[self.days.last], self.day(since)
        promised = select(col(Promise.id)).where(
            col(Promise.customer_id) == col(Customer.id), col(Promise.ends_on) >= start
        )
        disputed = select(col(Dispute.id)).where(
            col(Dispute.customer_id) == col(Customer.id), func.coalesce(col(Dispute.closed_on), today) >= start
        )
        owed = total(col(Entry.open))
        whose = [] if collector is None else [col(Customer.collector) == collector]
        whose += [] if shared else [col(Customer.id).not_in(self.taken)]
        found = self.session.execute(
            select(
                col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.collector), owed,
            )
            .join(Entry, col(Entry.customer_id) == col(Customer.id))
            .where(
                *_overdue(today), *whose, col(Customer.currency) == "MXN", ~promised.exists(), ~disputed.exists(),
            )
            .group_by(col(Customer.id))
            .having(func.min(col(Entry.due_on)) <= today - timedelta(days=days), func.count() >= documents)
            .order_by(owed if smallest else owed.desc(), col(Customer.id))
            .limit(count)
        ).all()  # fmt: skip
        self.taken.update(row[0] for row in found)
        return [
            Debtor(id_, code, name, who, overdue, self._numbers(id_, today)) for id_, code, name, who, overdue in found
        ]

    def _numbers(self, customer_id: int, today: date) -> tuple[str, ...]:
        rows = self.session.execute(
            select(col(Entry.number), func.min(col(Entry.due_on)))
            .where(*_overdue(today), col(Entry.customer_id) == customer_id)
            .group_by(col(Entry.number))
            .order_by(func.min(col(Entry.due_on)), col(Entry.number))
        )
        return tuple(number for number, _ in rows)


def _overdue(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Entry.side) == Side.CHARGE, col(Entry.source) == Source.DOCUMENT, col(Entry.open) > 0,
        col(Entry.due_on) < today,
    )  # fmt: skip
