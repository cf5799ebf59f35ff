"""What is disputed at a date, of each instalment; the list of disputes, and one with its history."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session, col

from core.disputes.models import Dispute
from core.ledger.models import Application, Entry, Source
from core.money import ZERO, Money, total, zero

Query = Select[*tuple[Any, ...]]


def live(as_of: date) -> ColumnElement[bool]:
    """Whether a dispute counts at the end of `as_of`: opened by then, and not closed by then."""
    return and_(col(Dispute.opened_on) <= as_of, or_(col(Dispute.closed_on).is_(None), col(Dispute.closed_on) > as_of))


def any_disputes(session: Session, as_of: date) -> bool:
    """Whether anything is disputed at `as_of`; if not, nobody needs to look for it."""
    return session.scalar(select(literal(1)).where(live(as_of)).limit(1)) is not None


def open_of(session: Session, document_id: int, on: date) -> Decimal:
    """What was open of a document at the end of a day."""
    entry = (col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == document_id, col(Entry.booked_on) <= on)
    left: Any = col(Entry.open) + _closed_since(on)
    found = session.scalar(select(total(left)).where(*entry, col(Entry.instalment) > 0))
    return found or ZERO


def _closed_since(as_of: date) -> Any:
    """What was applied to an instalment after `as_of`: it was still open then."""
    return (
        select(total(col(Application.amount)))
        .where(col(Application.charge_id) == col(Entry.id), col(Application.applied_on) > as_of)
        .correlate(Entry)
        .scalar_subquery()
    )


def _claims(as_of: date, customers: Query | None) -> Subquery:
    """What is disputed of each document, whatever is open: `document_id, amount`. Two ways into one index, for an OR
    would have SQLite read every dispute there ever was."""
    never, later = (
        select(col(Dispute.document_id), col(Dispute.amount)).where(condition, col(Dispute.opened_on) <= as_of)
        for condition in (col(Dispute.closed_on).is_(None), col(Dispute.closed_on) > as_of)
    )
    if customers is not None:
        never, later = (one.where(col(Dispute.customer_id).in_(customers)) for one in (never, later))
    each = union_all(never, later).subquery("live_dispute")
    amount = cast(total(each.c.amount), Money()).label("amount")  # PostgreSQL sums BIGINT as NUMERIC
    return select(each.c.document_id, amount).group_by(each.c.document_id).subquery("claim")


def disputed_items(as_of: date, customers: Query | None = None) -> Subquery:
    """What is disputed of each instalment at the end of `as_of`: the disputes of its document together, at most what is
    open, the oldest instalment first. It costs the disputes that are live, not what is open.

    Columns: `entry_id, customer_id, currency, due_on, exchange_rate, disputed` (> 0). `customers`: a query of ids.
    """
    claim = _claims(as_of, customers)
    # an outer join, so that SQLite starts from the disputes and not from all documents
    own = and_(
        col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == claim.c.document_id,
        col(Entry.instalment) > 0, col(Entry.booked_on) <= as_of,
    )  # fmt: skip
    item = (
        select(
            col(Entry.id).label("entry_id"), col(Entry.customer_id), col(Entry.currency), col(Entry.due_on),
            col(Entry.exchange_rate), claim.c.document_id, col(Entry.instalment), claim.c.amount.label("claimed"),
            cast(col(Entry.open) + _closed_since(as_of), Money()).label("open"),
        )
        .select_from(claim)
        .outerjoin(Entry, own)
        .subquery("claimed_item")
    )  # fmt: skip
    upto = func.sum(item.c.open).over(partition_by=item.c.document_id, order_by=item.c.instalment)
    left = (
        select(*item.c, type_coerce(item.c.claimed - (cast(upto, Money()) - item.c.open), Money()).label("left"))
    ).subquery("claimed_left")
    share = case((left.c.left < left.c.open, left.c.left), else_=left.c.open)
    keys = [left.c[name] for name in ("entry_id", "customer_id", "currency", "due_on", "exchange_rate")]
    # added up, though there is one of each: SQLite makes an index of sums that are joined, and walks through plain rows
    found = select(*keys, cast(total(share), Money()).label("disputed")).group_by(*keys)
    return found.where(left.c.open > zero(), left.c.left > zero()).subquery("disputed_item")
