"""Reading documents: those of a customer, and the card of one with what explains its balance."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.documents.finding import visible_document
from core.documents.models import Document, DocumentKind
from core.ledger.models import Application, Entry, Reversal, Source
from core.ledger.queries import open_items
from core.money import Money, total
from core.tables import plain_order

Query = Select[*tuple[Any, ...]]


class State(StrEnum):
    """How a document stands at a date. A charge: not yet due, overdue or paid; a credit: in favour or used up."""

    CURRENT = "current"
    OVERDUE = "overdue"
    PAID = "paid"
    IN_FAVOUR = "in_favour"
    USED = "used"
    REVERSED = "reversed"


class Show(StrEnum):
    """Which of a customer's documents."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    ALL = "all"


class DocumentRow(NamedTuple):
    """One document at a date. `due_on`, `days`: of its oldest open instalment, else of its last one; a credit has none.

    `total` and `open` of a credit note are negative: they lower what the customer owes.
    """

    number: str
    kind: DocumentKind
    issued_on: date
    due_on: date | None
    days: int | None
    currency: str
    total: Decimal
    open: Decimal
    state: State
    instalments: int
    sales_rep: str | None
    po_number: str | None


class Documents(NamedTuple):
    """A page of documents, and how many there are in all."""

    rows: list[DocumentRow]
    found: int


def documents_of(
    session: Session, actor: Actor, customer_id: int, *, as_of: date, show: Show = Show.OPEN,
    currency: str | None = None, limit: int | None = None, offset: int = 0,
) -> Documents:  # fmt: skip
    """A customer's documents issued by `as_of`: open ones oldest due first, the rest latest first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    left = _left(session, as_of, customer_id)
    found = (
        select(Document, left.c.due_on, left.c.open, _instalments(), _is_reversed(as_of))
        .outerjoin(left, left.c.document_id == col(Document.id))
        .where(col(Document.customer_id) == customer_id, col(Document.issued_on) <= as_of)
    )
    conditions = [_shown(show, left, as_of), *([] if currency is None else [col(Document.currency) == currency])]
    found = found.where(*conditions)
    latest_first = (col(Document.issued_on).desc(), plain_order(col(Document.number)).desc())
    # a credit has no due date: after the charges, on both databases
    oldest_first = (left.c.due_on.is_(None), left.c.due_on, col(Document.issued_on), plain_order(col(Document.number)))
    order = oldest_first if show in (Show.OPEN, Show.OVERDUE) else latest_first
    rows = session.execute(found.order_by(*order).limit(limit).offset(offset))
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return Documents([_row(as_of, *row) for row in rows], count)


class InstalmentRow(NamedTuple):
    """One instalment at a date; of a credit note, its one row, without due date."""

    instalment: int
    due_on: date | None
    days: int | None
    amount: Decimal
    open: Decimal


class AppliedRow(NamedTuple):
    """One movement that explains the balance: `amount` closes (an undo, negative, opens again); `left` is what is left.

    `number`, `kind`: the paper at the other end. `undone`: somebody took this application back later.
    """

    on: date
    number: str
    kind: str
    source: str
    instalment: int
    due_on: date
    amount: Decimal
    left: Decimal
    is_undo: bool
    undone: bool
    user: str
    at: datetime


class ReversalRow(NamedTuple):
    """The reversal of a whole document."""

    on: date
    reason: str
    user: str
    at: datetime


class DocumentCard(NamedTuple):
    """One document with all that is known of it. Amounts are positive; `open` is what is left at `as_of`."""

    id: int
    number: str
    kind: DocumentKind
    customer_id: int
    customer_code: str
    customer_name: str
    issued_on: date
    due_on: date | None
    presented_on: date | None
    total: Decimal
    subtotal: Decimal
    tax: Decimal | None
    open: Decimal
    currency: str
    exchange_rate: Decimal
    sales_rep: str | None
    uuid: str | None
    po_number: str | None
    applies_to: str | None
    reason: str | None
    notes: str | None
    state: State
    instalments: list[InstalmentRow]
    applied: list[AppliedRow]
    reversal: ReversalRow | None
    made_by: str
    made_at: datetime
    made_from: str | None


def document_card(session: Session, actor: Actor, number: str, *, as_of: date) -> DocumentCard:
    """The document of a number, DocumentNotFound when the actor does not see its customer.

    Instalments and state are those at the end of `as_of`; movements are all there are, later ones included.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    one = visible_document(session, actor, number)
    customer = session.get_one(Customer, one.customer_id)
    made = session.get_one(AuditEvent, one.event_id)
    parts = _parts(session, one, as_of)
    reversal = _reversal(session, one.id or 0)
    left = _left(session, as_of, one.customer_id)
    open_ = session.scalar(select(left.c.open).where(left.c.document_id == one.id)) or Decimal("0.00")
    due = [part.due_on for part in parts if part.open and part.due_on]
    return DocumentCard(
        id=one.id or 0, number=one.number, kind=DocumentKind(one.kind), customer_id=one.customer_id,
        customer_code=customer.code, customer_name=customer.legal_name, issued_on=one.issued_on, due_on=one.due_on,
        presented_on=one.presented_on, total=one.total, subtotal=one.subtotal, tax=one.tax, open=open_,
        currency=one.currency, exchange_rate=one.exchange_rate, sales_rep=one.sales_rep, uuid=one.uuid,
        po_number=one.po_number, applies_to=one.applies_to, reason=one.reason, notes=one.notes,
        state=_state(one, min(due, default=None), open_, reversal is not None and reversal.on <= as_of, as_of),
        instalments=parts, applied=_applied(session, one), reversal=reversal, made_by=made.user_name, made_at=made.at,
        made_from=made.facts.get("file"),
    )  # fmt: skip


# ------------------------------------------------------------------ a customer's documents
def _left(session: Session, as_of: date, customer_id: int) -> Any:
    """What is open of each document of one customer: `document_id, due_on` (the oldest)`, open`."""
    item = open_items(session, as_of, select(col(Customer.id)).where(col(Customer.id) == customer_id))
    return (
        select(
            col(Entry.source_id).label("document_id"), func.min(item.c.due_on).label("due_on"),
            total(item.c.balance).label("open"),
        )
        .join(item, item.c.entry_id == col(Entry.id))
        .where(col(Entry.source) == Source.DOCUMENT)
        .group_by(col(Entry.source_id))
        .subquery("open_document")
    )  # fmt: skip


def _instalments() -> ColumnElement[int]:
    entry = aliased(Entry)
    return (
        select(func.count())
        .select_from(entry)
        .where(col(entry.source) == Source.DOCUMENT, col(entry.source_id) == col(Document.id))
        .scalar_subquery()
    )


def _is_reversed(as_of: date) -> ColumnElement[bool]:
    return (
        select(col(Reversal.id))
        .where(
            col(Reversal.source) == Source.DOCUMENT, col(Reversal.source_id) == col(Document.id),
            col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= as_of,
        )
        .exists()
    )  # fmt: skip


def _shown(show: Show, left: Any, as_of: date) -> ColumnElement[bool]:
    if show is Show.OPEN:
        return left.c.open.is_not(None)  # type: ignore[no-any-return]  # a column of a subquery
    if show is Show.OVERDUE:
        return left.c.due_on < as_of  # type: ignore[no-any-return]  # as above
    if show is Show.SETTLED:
        return left.c.open.is_(None)  # type: ignore[no-any-return]  # as above
    return or_(left.c.open.is_(None), left.c.open.is_not(None))


def _row(
    as_of: date, one: Document, due_on: date | None, open_: Decimal | None, instalments: int, reversed_: bool
) -> DocumentRow:
    kind, left = DocumentKind(one.kind), open_ or Decimal("0.00")
    due = due_on or one.due_on
    return DocumentRow(
        one.number, kind, one.issued_on, due, (as_of - due).days if due and left else None, one.currency,
        one.total if kind.is_charge else -one.total, left if kind.is_charge else -left,
        _state(one, due_on, left, bool(reversed_), as_of), instalments, one.sales_rep, one.po_number,
    )  # fmt: skip


def _state(one: Document, oldest_due: date | None, open_: Decimal, reversed_: bool, as_of: date) -> State:
    if reversed_:
        return State.REVERSED
    if one.kind == DocumentKind.CREDIT_NOTE:
        return State.IN_FAVOUR if open_ else State.USED
    if not open_:
        return State.PAID
    return State.OVERDUE if oldest_due is not None and oldest_due < as_of else State.CURRENT


# ------------------------------------------------------------------ one document
def _parts(session: Session, one: Document, as_of: date) -> list[InstalmentRow]:
    item = open_items(session, as_of, select(col(Customer.id)).where(col(Customer.id) == one.customer_id))
    left = type_coerce(func.coalesce(item.c.balance, 0), Money())
    rows = session.execute(
        select(col(Entry.instalment), col(Entry.due_on), col(Entry.amount), left)
        .outerjoin(item, item.c.entry_id == col(Entry.id))
        .where(col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == one.id)
        .order_by(col(Entry.instalment))
    )
    return [
        InstalmentRow(place, due, (as_of - due).days if due and open_ else None, amount, open_)
        for place, due, amount, open_ in rows
    ]


def _applied(session: Session, one: Document) -> list[AppliedRow]:
    """All that was applied to it, or of it, in order; the balance after each by the ledger's own sum."""
    own, other, undo = aliased(Entry), aliased(Entry), aliased(Application)
    is_credit = one.kind == DocumentKind.CREDIT_NOTE
    here, there = (Application.credit_id, Application.charge_id) if is_credit else (
        Application.charge_id, Application.credit_id
    )  # fmt: skip
    order = (col(Application.applied_on), col(Application.id))
    so_far = func.sum(col(Application.amount)).over(order_by=order, rows=(None, 0))
    left = type_coerce(one_total(one) - type_coerce(so_far, Money()), Money())
    rows = session.execute(
        select(
            col(Application.applied_on), col(other.number), col(other.kind), col(other.source),
            case((col(own.instalment) > 0, col(own.instalment)), else_=col(other.instalment)),
            col(Application.due_on), col(Application.amount), left, col(Application.undoes_id).is_not(None),
            col(undo.id).is_not(None), col(AuditEvent.user_name), col(AuditEvent.at),
        )
        .join(own, col(own.id) == here)
        .join(other, col(other.id) == there)
        .join(AuditEvent, col(AuditEvent.id) == col(Application.event_id))
        .outerjoin(undo, col(undo.undoes_id) == col(Application.id))
        .where(and_(col(own.source) == Source.DOCUMENT, col(own.source_id) == one.id))
        .order_by(*order)
    )  # fmt: skip
    return [AppliedRow(*row) for row in rows]


def one_total(one: Document) -> ColumnElement[Decimal]:
    """The document's total, for use in SQL."""
    return type_coerce(select(col(Document.total)).where(col(Document.id) == one.id).scalar_subquery(), Money())


def _reversal(session: Session, document_id: int) -> ReversalRow | None:
    row = session.execute(
        select(col(Reversal.reversed_on), col(Reversal.reason), col(AuditEvent.user_name), col(AuditEvent.at))
        .join(AuditEvent, col(AuditEvent.id) == col(Reversal.event_id))
        .where(
            col(Reversal.source) == Source.DOCUMENT, col(Reversal.source_id) == document_id,
            col(Reversal.document_id).is_(None),
        )
    ).first()  # fmt: skip
    return None if row is None else ReversalRow(*row)
