"""Giving money in favour back to the customer: a charge of its own, at once closed by the credit that is given."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents import checks
from core.documents.finding import visible_document
from core.documents.models import DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.ledger.adjusting import record_adjustment
from core.ledger.models import Adjustment, AdjustmentKind, Kind, Number, Reversal, Source
from core.ledger.posting import Batch, Item
from core.ledger.reversing import reverse_whole
from core.money import cents
from core.payments.application import NotOnAccount
from core.payments.finding import PaymentNotFound, locked_payment


class RefundNotFound(DomainError):
    message = N_("Esa devolución no está entre las que usted puede ver.")


def refund(
    session: Session, actor: Actor, *, number: str, amount: Decimal, on: date, notes: str | None = None
) -> Adjustment:
    """Gives back money that a payment or credit note has in favour, never more than is left of it."""
    actor.require(Permission.REGISTER_PAYMENT)
    amount, notes = checks.amount(amount), checks.text(notes, 250)
    batch = Batch(session)
    credit = _credit(batch, actor, number)
    event = record(
        session, actor, "refund.registered", entity=credit.source, entity_id=credit.number,
        customer_id=credit.customer_id, amount=amount, currency=credit.currency, on=on, notes=notes,
    )  # fmt: skip
    batch.event_id = event.id or 0
    adjustment = record_adjustment(batch, AdjustmentKind.REFUND, credit, on=on, amount=cents(amount), notes=notes)
    [given] = batch.charges(
        customer_id=credit.customer_id, kind=Kind.REFUND, source=Source.ADJUSTMENT, source_id=adjustment.id or 0,
        number=credit.number, currency=credit.currency, rate=credit.rate, booked_on=on,
        instalments=[(on, cents(amount))],
    )  # fmt: skip
    batch.apply(credit, given, cents(amount), on)
    batch.flush()
    return adjustment


def undo_refund(session: Session, actor: Actor, *, adjustment_id: int, on: date, reason: str) -> Reversal:
    """Undoes a refund that did not take place: the money is in favour again. By somebody other than its author."""
    actor.require(Permission.REVERSE)
    adjustment = session.scalar(
        select(Adjustment)
        .join(Customer, col(Customer.id) == col(Adjustment.customer_id))
        .where(col(Adjustment.id) == adjustment_id, col(Adjustment.kind) == AdjustmentKind.REFUND, visible_to(actor))
    )
    if adjustment is None:
        raise RefundNotFound
    visible_customer(session, actor, adjustment.customer_id, lock=True)
    reason = checks.reason(reason)
    batch = Batch(session)
    items = batch.load_of(Source.ADJUSTMENT, [adjustment_id])[adjustment_id]
    number = items[0].number
    checks.require_somebody_else(session, actor, adjustment.event_id, number)
    event = record(
        session, actor, "refund.reversed", entity=adjustment.source, entity_id=number,
        customer_id=adjustment.customer_id, amount=adjustment.amount, currency=adjustment.currency, on=on,
        reason=reason,
    )  # fmt: skip
    batch.event_id = event.id or 0
    reversal = reverse_whole(
        batch, items, source=Source.ADJUSTMENT, source_id=adjustment_id, number=number, on=on, reason=reason
    )
    batch.flush()
    return reversal


def _credit(batch: Batch, actor: Actor, number: str) -> Item:
    """The entry of a payment or credit note by its number, its customer locked."""
    bearer = batch.session.get(Number, number.strip())
    if bearer is None:
        raise PaymentNotFound(number=number)
    if bearer.source == Source.PAYMENT:
        _payment, customer_id = locked_payment(batch.session, actor, number)
        if customer_id is None:
            raise NotOnAccount(number=number)
    else:
        document = visible_document(batch.session, actor, number)
        if document.kind != DocumentKind.CREDIT_NOTE:
            raise PaymentNotFound(number=number)
        visible_customer(batch.session, actor, document.customer_id, lock=True)
    return batch.load_of(Source(bearer.source), [bearer.source_id])[bearer.source_id][0]
