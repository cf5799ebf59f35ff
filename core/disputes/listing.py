"""Disputes as people look at them: the list with its counts, and one with its history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.queries import found_by
from core.customers.visibility import sees_all, visible_to
from core.disputes.models import Dispute, DisputeStep
from core.disputes.queries import disputed_items, live, open_of
from core.disputes.reviewing import ACCEPTED, REFUSED, visible_dispute
from core.documents.finding import visible_document
from core.documents.models import Document
from core.ledger.models import Entry, Source
from core.money import ZERO, total
from core.tables import plain_order


class Which(StrEnum):
    """Which disputes: not closed, past their deadline, decided but not closed, closed, all."""

    LIVE = "live"
    LATE = "late"
    DECIDED = "decided"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """Filters; None or 0: whatever it is. `text`: in number, document or customer; `older`: open for more days."""

    which: Which = Which.LIVE
    area: str | None = None  # blank: nobody's
    reason: str | None = None
    customer: str | None = None  # a code
    document: str | None = None
    text: str = ""
    older: int = 0


class DisputeRow(NamedTuple):
    """One dispute. `age`: days from opening to its end or to the day asked for; `late`: days past its deadline."""

    number: str
    customer: str
    customer_name: str
    document: str
    currency: str
    amount: Decimal
    opened_on: date
    age: int
    reason: str
    status: str
    owner_area: str | None
    deadline_on: date | None
    late: int | None
    outcome: str | None
    closed_on: date | None
    opened_by: str
    collector: str | None


class Page(NamedTuple):
    """Some disputes, and how many there are in all."""

    rows: list[DisputeRow]
    found: int


class Disputed(NamedTuple):
    """What is disputed in one currency: at most what is open."""

    currency: str
    amount: Decimal


class Counts(NamedTuple):
    """How many disputes of each kind one sees, and what they come to."""

    live: int
    late: int
    decided: int
    closed: int
    amounts: list[Disputed]


class Step(NamedTuple):
    """One thing that happened to a dispute."""

    at: datetime
    user_name: str
    status: str
    notes: str | None


class DisputeCard(NamedTuple):
    """One dispute with its history. `open`: what is open of its document now, by which what counts is limited."""

    id: int
    customer_id: int
    row: DisputeRow
    details: str | None
    credit_note: str | None
    total: Decimal
    open: Decimal
    steps: list[Step]


def disputes(
    session: Session, actor: Actor, *, as_of: date, wanted: Wanted = Wanted(), limit: int | None = None, offset: int = 0
) -> Page:
    """Disputes by their deadline, closed ones latest first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = _rows().where(visible_to(actor), *_conditions(wanted, as_of))
    order: tuple[Any, ...] = (
        col(Dispute.closed_on).is_not(None), col(Dispute.closed_on).desc(), col(Dispute.deadline_on).is_(None),
        col(Dispute.deadline_on), col(Dispute.opened_on), plain_order(col(Dispute.number)),
    )  # fmt: skip
    rows = session.execute(found.order_by(*order).limit(limit).offset(offset))
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return Page([_row(as_of, *row) for row in rows], count)


def dispute_counts(session: Session, actor: Actor, *, as_of: date) -> Counts:
    """How many disputes there are of each kind, and what is disputed in each currency."""
    actor.require(Permission.VIEW_PORTFOLIO)

    def many(which: Which) -> Any:
        return func.count(case((_which(which, as_of), 1)))

    opened, late, decided, closed = session.execute(
        select(many(Which.LIVE), many(Which.LATE), many(Which.DECIDED), many(Which.CLOSED))
        .select_from(Dispute)
        .join(Customer, col(Customer.id) == col(Dispute.customer_id))
        .where(visible_to(actor))
    ).one()
    mine = None if sees_all(actor) else select(col(Customer.id)).where(visible_to(actor))
    item = disputed_items(as_of, mine)
    amounts = session.execute(
        select(item.c.currency, total(item.c.disputed)).group_by(item.c.currency).order_by(item.c.currency)
    )
    return Counts(opened, late, decided, closed, [Disputed(*row) for row in amounts])


def dispute_card(session: Session, actor: Actor, number: str, *, as_of: date) -> DisputeCard:
    """One dispute. Raises DisputeNotFound."""
    actor.require(Permission.VIEW_PORTFOLIO)
    dispute = visible_dispute(session, actor, number)
    found = session.execute(_rows().where(col(Dispute.id) == dispute.id)).one()
    steps = session.execute(
        select(
            col(DisputeStep.at), col(DisputeStep.user_name), col(DisputeStep.status), col(DisputeStep.notes)
        )
        .where(col(DisputeStep.dispute_id) == dispute.id)
        .order_by(col(DisputeStep.id))
    )  # fmt: skip
    whole = session.scalar(select(col(Document.total)).where(col(Document.id) == dispute.document_id))
    return DisputeCard(
        dispute.id or 0, dispute.customer_id, _row(as_of, *found), dispute.details, dispute.credit_note,
        whole or ZERO, open_of(session, dispute.document_id, as_of), [Step(*row) for row in steps],
    )  # fmt: skip


def disputed_of(session: Session, actor: Actor, number: str, *, as_of: date) -> Decimal:
    """What is disputed of the document of a number: at most what is open. Raises DocumentNotFound."""
    actor.require(Permission.VIEW_PORTFOLIO)
    document = visible_document(session, actor, number)
    item = disputed_items(as_of, select(col(Customer.id)).where(col(Customer.id) == document.customer_id))
    own = (col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == document.id)
    found = select(total(item.c.disputed)).join(Entry, col(Entry.id) == item.c.entry_id).where(*own)
    return session.scalar(found) or ZERO


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Dispute, col(Customer.code), col(Customer.legal_name), col(Customer.collector), col(Document.number),
        )
        .join(Customer, col(Customer.id) == col(Dispute.customer_id))
        .join(Document, col(Document.id) == col(Dispute.document_id))
    )  # fmt: skip


def _row(as_of: date, one: Dispute, code: str, name: str, collector: str | None, document: str) -> DisputeRow:
    end = one.closed_on if one.closed_on is not None and one.closed_on <= as_of else as_of
    late = (as_of - one.deadline_on).days if one.deadline_on is not None and end == as_of else 0
    return DisputeRow(
        one.number, code, name, document, one.currency, one.amount, one.opened_on, max((end - one.opened_on).days, 0),
        one.reason, one.status, one.owner_area, one.deadline_on,
        late if late > 0 and one.closed_on is None else None, one.outcome, one.closed_on, one.opened_by, collector,
    )  # fmt: skip


def _which(which: Which, as_of: date) -> ColumnElement[bool]:
    return {
        Which.LIVE: live(as_of),
        Which.LATE: and_(live(as_of), col(Dispute.deadline_on) < as_of),
        Which.DECIDED: and_(live(as_of), col(Dispute.status).in_((ACCEPTED, REFUSED))),
        Which.CLOSED: col(Dispute.closed_on) <= as_of,
        Which.ALL: true(),
    }[which]


def _conditions(wanted: Wanted, as_of: date) -> list[ColumnElement[bool]]:
    made = [_which(wanted.which, as_of)]
    if wanted.area is not None:
        made.append(func.coalesce(Dispute.owner_area, "") == wanted.area)
    if wanted.reason is not None:
        made.append(col(Dispute.reason) == wanted.reason)
    if wanted.customer is not None:
        made.append(col(Customer.code) == wanted.customer)
    if wanted.document is not None:
        made.append(col(Document.number) == wanted.document)
    if wanted.older:
        made.append(col(Dispute.opened_on) < as_of - timedelta(days=wanted.older))
    if text := wanted.text.strip():
        begins = func.upper(Dispute.number).like(f"{_plain(text)}%", escape="\\")
        paper = func.upper(Document.number).like(f"{_plain(text)}%", escape="\\")
        made.append(or_(begins, paper, found_by(text)))
    return made


def _plain(text: str) -> str:
    """What was typed, none of its signs a wildcard."""
    return text.upper().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
