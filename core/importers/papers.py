"""Payments and documents that are in the book already, by number, with their balances: what applications and
reversals name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_to
from core.documents.bulk import Batch, Item
from core.importers.base import Look
from core.importers.lookups import numbers, rows_of
from core.ledger.models import Side, Source
from core.payments.models import Payment
from core.tables import among


@dataclass(slots=True)
class Paper:
    """A payment or document. `items`: its entries, none of an unidentified payment."""

    source: Source
    id: int
    number: str
    items: list[Item]
    paid_on: date | None  # of payments

    @property
    def is_credit(self) -> bool:
        """Whether it is money or a credit note."""
        return self.source == Source.PAYMENT or (bool(self.items) and self.items[0].side == Side.CREDIT)


class Papers:
    """The papers of these numbers, as far as one may see whose they are."""

    def __init__(self, look: Look, batch: Batch, asked: Iterable[str]) -> None:
        """All of them, looked up at once."""
        self._found: dict[str, Paper] = {}
        bearers = numbers(look.session, asked)
        by_source = {
            source: {number: id_ for number, (of, id_) in bearers.items() if of == source} for source in Source
        }
        for source in (Source.PAYMENT, Source.DOCUMENT):
            items = batch.load_of(source, by_source[source].values())
            for number, id_ in by_source[source].items():
                own = items.get(id_, [])
                self._found[number] = Paper(source, id_, number, own, own[0].paid_on if own else None)
        nobodys = {
            paper.id: paper for paper in self._found.values() if not paper.items and paper.source == Source.PAYMENT
        }
        for id_, paid_on in rows_of(
            look.session, nobodys,
            lambda chunk: select(col(Payment.id), col(Payment.paid_on)).where(col(Payment.id).in_(chunk)),
        ):  # fmt: skip
            nobodys[id_].paid_on = paid_on
        if not sees_all(look.actor):
            self._hide(look)

    def _hide(self, look: Look) -> None:
        owners = {paper.items[0].customer_id for paper in self._found.values() if paper.items}
        seen = {row[0] for row in rows_of(
            look.session, owners,
            lambda chunk: select(col(Customer.id)).where(among(col(Customer.id), chunk), visible_to(look.actor)),
        )}  # fmt: skip
        self._found = {
            number: paper for number, paper in self._found.items()
            if paper.items and paper.items[0].customer_id in seen
        }  # fmt: skip

    def get(self, number: str) -> Paper | None:
        """The paper of a number, or None."""
        return self._found.get(number)

    def all(self) -> Iterable[Paper]:
        """Every paper that was found."""
        return self._found.values()
