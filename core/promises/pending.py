"""One pending promise a document, and one a customer and currency among those on account: which promise is in the way
of a new one. For one form or for a whole file, whose rows are added as they are taken.

Amounts are whole centavos. That it judges as `standing` does is pinned by tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, and_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.ledger.models import Application, Entry, Reversal, Side, Source
from core.promises.models import Promise, PromiseDocument, PromiseEnding
from core.promises.standing import Query
from core.tables import among

CHUNK = 5_000
Account = tuple[int, str]  # customer, currency


class Money(NamedTuple):
    """Money that came: when it counts, since when it is known, how much, and when it was undone."""

    on: date
    since: date
    amount: int
    undone_on: date | None


@dataclass(slots=True)
class Made:
    """A promise with what decides whether it is pending."""

    number: str
    customer_id: int
    currency: str
    amount: int
    made_on: date
    starts_on: date
    ends_on: date
    documents: frozenset[int]
    ended_on: date | None = None
    agreement_id: int | None = None
    id: int = 0

    @property
    def account(self) -> Account:
        """Whose promise it is, among those without documents."""
        return self.customer_id, self.currency


class Pending:
    """Promises that may be in the way of new ones, with the money that keeps them."""

    def __init__(
        self, session: Session, *, documents: Collection[int], customers: Collection[int], since: date
    ) -> None:
        """For new promises on these documents, or on account of these customers, made on `since` or later."""
        self._by_document: dict[int, list[Made]] = defaultdict(list)
        self._by_account: dict[Account, list[Made]] = defaultdict(list)
        found = _promises(session, documents, customers, since)
        named = {document for one in found for document in one.documents} | set(documents)
        starts = min([since, *(one.starts_on for one in found)])
        self._applied = _applied(session, named, starts)
        self._received = _received(session, customers, starts)
        for one in found:
            self.add(one)

    def add(self, made: Made) -> None:
        """A promise that is there, or that was taken just now."""
        for document in made.documents:
            self._by_document[document].append(made)
        if not made.documents:
            self._by_account[made.account].append(made)

    def in_the_way(self, new: Made, *, instead_of: int | None = None) -> tuple[Made, int | None] | None:
        """A promise that is pending when `new` is made, and the document that they share; None when there is none.

        `instead_of`: the one that `new` replaces. Promises of one agreement are no obstacle to each other.
        """
        places: list[int | None] = [*sorted(new.documents)] or [None]
        for document in places:
            others = self._by_account[new.account] if document is None else self._by_document[document]
            for one in others:
                of_one_agreement = one.agreement_id is not None and one.agreement_id == new.agreement_id
                if one.id != instead_of and not of_one_agreement and self.is_pending(one, new.made_on):
                    return one, document
        return None

    def is_pending(self, one: Made, on: date) -> bool:
        """Whether a promise was made by `on`, and is neither ended nor over nor kept on that day."""
        if not one.made_on <= on <= one.ends_on or (one.ended_on is not None and one.ended_on <= on):
            return False
        money = [*(move for document in one.documents for move in self._applied.get(document, ()))]
        money += self._received.get(one.account, ()) if not one.documents else ()
        counted = sum(
            move.amount for move in money
            if one.starts_on <= move.on <= one.ends_on and move.on <= on and move.since <= on
            and (move.undone_on is None or move.undone_on > on)
        )  # fmt: skip
        return counted < one.amount


def in_chunks(session: Session, keys: Iterable[int], statement: Callable[[list[int]], Any]) -> Iterable[Any]:
    """The rows that `statement` finds for a few thousand keys at a time."""
    asked = sorted(set(keys))
    for start in range(0, len(asked), CHUNK):
        yield from session.execute(statement(asked[start : start + CHUNK]))


def _promises(session: Session, documents: Iterable[int], customers: Iterable[int], since: date) -> list[Made]:
    facts: Query = (
        select(
            col(Promise.id), col(Promise.number), col(Promise.customer_id), col(Promise.currency),
            type_coerce(Promise.amount, BigInteger), col(Promise.made_on), col(Promise.starts_on),
            col(Promise.ends_on), col(PromiseEnding.ended_on), col(Promise.agreement_id),
        )
        .outerjoin(PromiseEnding, col(PromiseEnding.promise_id) == col(Promise.id))
        .where(col(Promise.ends_on) >= since)
    )  # fmt: skip
    bound = select(col(PromiseDocument.promise_id)).where(col(PromiseDocument.promise_id) == col(Promise.id)).exists()
    shares = col(PromiseDocument.promise_id)
    rows = [
        *in_chunks(session, documents, lambda chunk: facts.where(
            col(Promise.id).in_(select(shares).where(among(col(PromiseDocument.document_id), chunk))))),
        *in_chunks(session, customers, lambda chunk: facts.where(~bound, among(col(Promise.customer_id), chunk))),
    ]  # fmt: skip
    by_id = {row[0]: row for row in rows}
    named: dict[int, set[int]] = defaultdict(set)
    of = select(shares, col(PromiseDocument.document_id))
    for promise_id, document_id in in_chunks(session, by_id, lambda chunk: of.where(among(shares, chunk))):
        named[promise_id].add(document_id)
    return [
        Made(number, customer_id, currency, amount, made_on, starts_on, ends_on, frozenset(named.get(id_, ())),
             ended_on, agreement_id, id_)
        for id_, number, customer_id, currency, amount, made_on, starts_on, ends_on, ended_on, agreement_id
        in by_id.values()
    ]  # fmt: skip


def _applied(session: Session, documents: Iterable[int], starts: date) -> dict[int, list[Money]]:
    undo = aliased(Application)
    statement = (
        select(
            col(Entry.source_id), col(Application.applied_on), type_coerce(Application.amount, BigInteger),
            col(undo.applied_on),
        )
        .join(Application, col(Application.charge_id) == col(Entry.id))
        .outerjoin(undo, col(undo.undoes_id) == col(Application.id))
        .where(
            col(Entry.source) == Source.DOCUMENT, col(Entry.side) == Side.CHARGE, col(Application.applied_on) >= starts,
            col(Application.undoes_id).is_(None), col(Application.paid_on).is_not(None),
        )
    )  # fmt: skip
    found: dict[int, list[Money]] = defaultdict(list)
    for document, on, amount, undone_on in in_chunks(
        session, documents, lambda chunk: statement.where(among(col(Entry.source_id), chunk))
    ):
        found[document].append(Money(on, on, amount, undone_on))
    return found


def _received(session: Session, customers: Iterable[int], starts: date) -> dict[Account, list[Money]]:
    whole = and_(
        col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Entry.source_id),
        col(Reversal.document_id).is_(None),
    )  # fmt: skip
    statement = (
        select(
            col(Entry.customer_id), col(Entry.currency), col(Entry.paid_on), col(Entry.booked_on),
            type_coerce(Entry.amount, BigInteger), col(Reversal.reversed_on),
        )
        .outerjoin(Reversal, whole)
        .where(col(Entry.source) == Source.PAYMENT, col(Entry.booked_on) >= starts)
    )  # fmt: skip
    found: dict[Account, list[Money]] = defaultdict(list)
    for customer_id, currency, *facts in in_chunks(
        session, customers, lambda chunk: statement.where(among(col(Entry.customer_id), chunk))
    ):
        found[customer_id, currency].append(Money(*facts))
    return found
