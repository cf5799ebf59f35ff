"""What was open on the day of a promise, of its documents or of the whole account: it may promise more than that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core.ledger.models import Application, Entry, Side, Source
from core.money import total
from core.promises.pending import Account, Made, in_chunks
from core.tables import among


class Owed:
    """What is open of documents and accounts, and what was applied to them since a day: together, any day since."""

    def __init__(
        self, session: Session, *, documents: Collection[int], customers: Collection[int], since: date
    ) -> None:
        """For promises on these documents, or on account of these customers, made on `since` or later."""
        self._open: dict[int | Account, list[tuple[date, int]]] = defaultdict(list)
        self._closed: dict[int | Account, list[tuple[date, date, int]]] = defaultdict(list)
        charges, its_id = col(Entry.side) == Side.CHARGE, (col(Entry.source_id),)
        self._load(session, documents, its_id, [charges, col(Entry.source) == Source.DOCUMENT], since)
        self._load(session, customers, (col(Entry.customer_id), col(Entry.currency)), [charges], since)

    def _load(self, session: Session, ids: Collection[int], key: tuple[Any, ...], only: list[Any], since: date) -> None:
        def whole(amount: Any) -> Any:
            return type_coerce(total(amount), BigInteger)

        left = select(*key, col(Entry.booked_on), whole(Entry.open)).where(col(Entry.open) > 0, *only)
        left = left.group_by(*key, col(Entry.booked_on))
        for *its, booked_on, amount in in_chunks(session, ids, lambda chunk: left.where(among(key[0], chunk))):
            self._open[_key(its)].append((booked_on, int(amount)))
        days = (col(Entry.booked_on), col(Application.applied_on))
        closed = (
            select(*key, *days, whole(Application.amount))
            .join(Application, col(Application.charge_id) == col(Entry.id))
            .where(col(Application.applied_on) > since, *only)
            .group_by(*key, *days)
        )
        for *its, booked_on, on, amount in in_chunks(session, ids, lambda chunk: closed.where(among(key[0], chunk))):
            self._closed[_key(its)].append((booked_on, on, int(amount)))

    def at(self, made: Made) -> int:
        """Centavos open, at the end of the day on which a promise was made, of what it promises."""
        keys: list[int | Account] = [*made.documents] or [made.account]
        now = sum(amount for key in keys for booked_on, amount in self._open.get(key, ()) if booked_on <= made.made_on)
        return now + sum(
            amount
            for key in keys
            for booked_on, on, amount in self._closed.get(key, ())
            if booked_on <= made.made_on < on
        )


def _key(its: list[Any]) -> int | Account:
    return its[0] if len(its) == 1 else (its[0], its[1])
