"""The customer's list beside what our books had open at the cut: lines, causes, and the proof that they explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.visibility import visible_customer
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Application, Entry, Kind, Source
from core.money import ZERO, total
from core.payments.queries import unidentified
from core.policies.settings import buckets
from core.portfolio.open_documents import OpenDocument, open_documents
from core.portfolio.scope import Scope
from core.reconciliations.kinds import Cause
from core.reconciliations.matching import Line, Ours, Theirs, exact, match
from core.tables import among

MOST_ROWS = 20_000


class ListIsEmpty(DomainError):
    message = N_("La lista del cliente no trae ningún documento. Revise el archivo.")


class ListTooLong(DomainError):
    message = N_("La lista trae {rows} renglones y aquí caben {most}. Divídala por fechas.")


class CutInTheFuture(DomainError):
    message = N_("El corte {cut_on} todavía no llega. Elija hoy o un día anterior.")


class CauseSum(NamedTuple):
    """The lines of one cause added up; `difference` = ours − theirs."""

    cause: str
    lines: int
    ours: Decimal
    theirs: Decimal
    difference: Decimal


@dataclass(frozen=True)
class Comparison:
    """Both balances and every line; `explained` is what the lines' differences add up to."""

    customer_id: int
    currency: str
    cut_on: date
    our_balance: Decimal
    their_balance: Decimal
    lines: list[Line]

    @property
    def gap(self) -> Decimal:
        return self.our_balance - self.their_balance

    @property
    def explained(self) -> Decimal:
        return sum((one.difference for one in self.lines), ZERO)


def compare(
    session: Session, actor: Actor, *, customer_id: int, currency: str, cut_on: date, today: date,
    theirs: Sequence[Theirs],
) -> Comparison:  # fmt: skip
    """Compares without keeping anything. Our balance is the aging's total of customer, currency and date."""
    actor.require(Permission.RECONCILE)
    customer = visible_customer(session, actor, customer_id)
    if cut_on > today:
        raise CutInTheFuture(cut_on=cut_on)
    if not theirs:
        raise ListIsEmpty
    if len(theirs) > MOST_ROWS:
        raise ListTooLong(rows=len(theirs), most=MOST_ROWS)
    scope = Scope(customer=customer.code, currency=currency)
    found = open_documents(session, actor, as_of=cut_on, limits=buckets(session), scope=scope)
    ours = _papers(session, customer_id, found.rows, cut_on)
    return Comparison(
        customer_id, currency, cut_on, found.totals[0].total if found.totals else ZERO,
        sum((one.amount for one in theirs), ZERO),
        match(
            ours, theirs, _closed(session, customer_id, currency, cut_on, theirs, {one.number for one in ours}),
            _nobodys(session, actor, currency, cut_on),
        ),
    )  # fmt: skip


def _nobodys(session: Session, actor: Actor, currency: str, cut_on: date) -> dict[str, Decimal]:
    """Money that nobody had identified by the cut, for who may see it."""
    if not actor.may(Permission.VIEW_UNIDENTIFIED):
        return {}
    return {one.number: one.amount for one in unidentified(session, actor, as_of=cut_on) if one.currency == currency}


def summary(lines: Sequence[Line]) -> list[CauseSum]:
    """The lines by cause: those that differ, then those that agree."""
    return [
        CauseSum(
            cause, len(those), sum((one.our_amount for one in those), ZERO),
            sum((one.their_amount for one in those), ZERO), sum((one.difference for one in those), ZERO),
        )
        for cause in sorted(Cause, key=lambda one: one is Cause.AGREES)
        if (those := [one for one in lines if one.cause is cause])
    ]  # fmt: skip


def _papers(session: Session, customer_id: int, rows: Sequence[OpenDocument], cut_on: date) -> list[Ours]:
    """Instalments put together by paper, with fiscal folio and what had closed the rest of it."""
    numbers = sorted({one.figures.key for one in rows})
    named = select(col(Document.number), col(Document.uuid)).where(
        col(Document.customer_id) == customer_id, among(col(Document.number), numbers)
    )
    uuids = {row.number: row.uuid for row in session.execute(named)}
    closed = _closed_by(session, customer_id, [one.entry_id for one in rows], cut_on)
    papers: dict[str, Ours] = {}
    for one in rows:
        number = one.figures.key
        before = papers.get(number) or Ours(number, one.kind, one.issue_date, ZERO, uuids.get(number))
        papers[number] = before._replace(
            amount=before.amount + one.open, future=before.future + one.figures.future,
            paid=before.paid + closed.get((one.entry_id, True), ZERO),
            credited=before.credited + closed.get((one.entry_id, False), ZERO),
        )  # fmt: skip
    return list(papers.values())


def _closed_by(session: Session, customer_id: int, entries: list[int], cut_on: date) -> dict[tuple[int, bool], Decimal]:
    """What had been closed of charges by the cut: entry and whether it was money → how much."""
    credit = col(Entry.id) == col(Application.credit_id)
    is_money = col(Entry.kind) == Kind.PAYMENT
    rows = session.execute(
        select(col(Application.charge_id), is_money, total(Application.amount))
        .join(Entry, credit)
        .where(col(Application.customer_id) == customer_id, col(Application.applied_on) <= cut_on)
        .where(among(col(Application.charge_id), entries), col(Entry.kind).in_((Kind.PAYMENT, Kind.CREDIT_NOTE)))
        .group_by(col(Application.charge_id), is_money)
    )
    return {(entry, bool(money)): amount for entry, money, amount in rows}


def _closed(
    session: Session, customer_id: int, currency: str, cut_on: date, theirs: Sequence[Theirs], open_: set[str]
) -> set[str]:
    """Of what they list, the folios and fiscal folios of papers of ours that had nothing open any more at the cut."""
    numbers = sorted({one.number for one in theirs if one.number} - open_)
    uuids = sorted({one.uuid.upper() for one in theirs if one.uuid})
    rows = session.execute(
        select(col(Document.number), col(Document.uuid))
        .join(Entry, (col(Entry.source) == Source.DOCUMENT) & (col(Entry.source_id) == col(Document.id)))
        .where(col(Document.customer_id) == customer_id, col(Document.currency) == currency)
        .where(col(Document.issued_on) <= cut_on)
        .where(or_(among(col(Document.number), numbers), among(func.coalesce(Document.uuid, ""), uuids)))
        .distinct()
    )
    return {exact(one) for number, uuid in rows if number not in open_ for one in (number, uuid) if one}
