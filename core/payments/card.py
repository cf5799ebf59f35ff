"""One payment with all that is known of it: whose it is, what it closed, what was undone, what was given back."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents.models import Document
from core.ledger.models import Adjustment, AdjustmentKind, Application, Entry, Kind, Number, Reversal, Source
from core.money import ZERO
from core.payments.finding import PaymentNotFound
from core.payments.models import Payment


class Applied(NamedTuple):
    """What one application closed of a document, in the document's currency; an undo has a negative amount.

    `spent`: in the payment's currency, when it is another; `difference`: exchange gain or loss, company currency.
    """

    on: date
    document: str
    kind: str
    instalment: int | None  # None: across currencies
    amount: Decimal
    currency: str
    spent: Decimal | None
    difference: Decimal | None
    is_undo: bool
    undone: bool
    user: str
    at: datetime


class Given(NamedTuple):
    """Money given back, or a small difference written off."""

    adjustment_id: int
    kind: AdjustmentKind
    on: date
    amount: Decimal
    currency: str
    document: str | None
    notes: str | None
    undone_on: date | None
    user: str


class Undone(NamedTuple):
    """The reversal of the whole payment."""

    on: date
    reason: str
    user: str


class PaymentCard(NamedTuple):
    """One payment. `customer` blank and `booked_on` None: unidentified; `left`: what may still be applied."""

    number: str
    customer_id: int | None
    customer_code: str
    customer: str
    paid_on: date
    booked_on: date | None
    amount: Decimal
    left: Decimal
    currency: str
    exchange_rate: Decimal
    method: str | None
    bank_reference: str | None
    account: str | None
    notes: str | None
    applied: list[Applied]
    given: list[Given]
    reversal: Undone | None
    made_by: str
    made_at: datetime
    made_from: str | None  # the file, when it was imported

    @property
    def undoable(self) -> list[str]:
        """The documents on which something of it is live, in order."""
        live = [one.document for one in self.applied if not one.is_undo and not one.undone]
        return list(dict.fromkeys(live))


def payment_card(session: Session, actor: Actor, number: str) -> PaymentCard:
    """The payment of a number; PaymentNotFound when the actor does not see its customer, or nobody's money."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = session.execute(
        select(Payment, Entry, Customer, AuditEvent)
        .join(Number, (col(Number.source) == Source.PAYMENT) & (col(Number.source_id) == col(Payment.id)))
        .join(AuditEvent, col(AuditEvent.id) == col(Payment.event_id))
        .outerjoin(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))
        .outerjoin(Customer, col(Customer.id) == col(Entry.customer_id))
        .where(col(Number.number) == number.strip(), _seen_by(actor))
    ).first()
    if found is None:
        raise PaymentNotFound(number=number)
    one, entry, customer, made = found
    return PaymentCard(
        one.number, customer.id if customer else None, customer.code if customer else "",
        customer.legal_name if customer else "", one.paid_on, entry.booked_on if entry else None, one.amount,
        entry.open if entry else ZERO, one.currency, one.exchange_rate, one.method, one.bank_reference, one.account,
        one.notes, _applied(session, entry), _given(session, entry), _reversal(session, one), made.user_name, made.at,
        made.facts.get("file"),
    )  # fmt: skip


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Payments of the customers one sees; nobody's, with the permission of its own."""
    nobodys = col(Entry.id).is_(None)
    mine = and_(~nobodys, visible_to(actor))
    return or_(nobodys, mine) if actor.may(Permission.VIEW_UNIDENTIFIED) else mine


def _applied(session: Session, entry: Entry | None) -> list[Applied]:
    """What it was applied to, in order; across currencies what the exchange closed of the document."""
    if entry is None:
        return []
    undo = aliased(Application)
    rows = session.execute(
        select(Application, Entry, Adjustment, col(Document.number), col(undo.id), AuditEvent)
        .join(Entry, col(Entry.id) == col(Application.charge_id))
        .join(AuditEvent, col(AuditEvent.id) == col(Application.event_id))
        .outerjoin(Adjustment, (col(Entry.source) == Source.ADJUSTMENT) & (col(Adjustment.id) == col(Entry.source_id)))
        .outerjoin(Document, col(Document.id) == col(Adjustment.document_id))
        .outerjoin(undo, col(undo.undoes_id) == col(Application.id))
        .where(col(Application.credit_id) == entry.id, col(Entry.source) != Source.REVERSAL)
        .where(col(Entry.kind) != Kind.REFUND)
        .order_by(col(Application.applied_on), col(Application.id))
    )
    return [_line(*row) for row in rows]


def _line(
    move: Application, charge: Entry, exchange: Adjustment | None, document: str | None, undo: int | None,
    event: AuditEvent,
) -> Applied:  # fmt: skip
    undoes, user, at = move.undoes_id is not None, event.user_name, event.at
    if exchange is None:
        return Applied(
            move.applied_on, charge.number, charge.kind, charge.instalment, move.amount, charge.currency, None, None,
            undoes, undo is not None, user, at,
        )  # fmt: skip
    sign = -1 if undoes else 1
    return Applied(
        move.applied_on, document or charge.number, charge.kind, None, sign * exchange.amount, exchange.currency,
        move.amount, sign * (exchange.difference or ZERO), undoes, undo is not None, user, at,
    )  # fmt: skip


def _given(session: Session, entry: Entry | None) -> list[Given]:
    if entry is None:
        return []
    rows = session.execute(
        select(Adjustment, col(Document.number), col(Reversal.reversed_on), col(AuditEvent.user_name))
        .join(AuditEvent, col(AuditEvent.id) == col(Adjustment.event_id))
        .outerjoin(Document, col(Document.id) == col(Adjustment.document_id))
        .outerjoin(
            Reversal, (col(Reversal.source) == Source.ADJUSTMENT) & (col(Reversal.source_id) == col(Adjustment.id))
        )
        .where(col(Adjustment.customer_id) == entry.customer_id)
        .where(col(Adjustment.source) == Source.PAYMENT, col(Adjustment.source_id) == entry.source_id)
        .where(col(Adjustment.kind) != AdjustmentKind.EXCHANGE)
        .order_by(col(Adjustment.id))
    )
    return [
        Given(gift.id or 0, AdjustmentKind(gift.kind), gift.booked_on, gift.amount, gift.currency, document, gift.notes,
              undone_on, user)
        for gift, document, undone_on, user in rows
    ]  # fmt: skip


def _reversal(session: Session, one: Payment) -> Undone | None:
    row = session.execute(
        select(col(Reversal.reversed_on), col(Reversal.reason), col(AuditEvent.user_name))
        .join(AuditEvent, col(AuditEvent.id) == col(Reversal.event_id))
        .where(
            col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == one.id,
            col(Reversal.document_id).is_(None),
        )
    ).first()  # fmt: skip
    return None if row is None else Undone(*row)
