"""Money whose customer nobody knows yet: on nobody's account, in no aging, not to be applied; and its identification.

Receiving it is registering a payment without customer.
"""

from datetime import date

from sqlmodel import Session

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.visibility import visible_customer
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Kind, Source
from core.ledger.posting import Batch, Item
from core.ledger.reversing import reversal_of, take_off
from core.money import cents, micros
from core.payments.finding import locked_payment
from core.payments.models import Payment


class AlreadyIdentified(DomainError):
    message = N_("«{number}» ya está en la cuenta de un cliente.")


class IdentifiedTooEarly(DomainError):
    message = N_("«{number}» se recibió el {paid_on}: no se puede identificar con fecha {on}, que es anterior.")


class ReversedBefore(DomainError):
    message = N_("«{number}» se reversó el {reversed_on}: no se puede identificar con fecha {on}, que es posterior.")


def identify_payment(session: Session, actor: Actor, *, number: str, customer_id: int, on: date) -> Payment:
    """Puts an unidentified payment on a customer's account from `on`; before that day it stays unidentified."""
    actor.require(Permission.REGISTER_PAYMENT)
    payment, holder = locked_payment(session, actor, number)
    if holder is not None:
        raise AlreadyIdentified(number=payment.number)
    customer = visible_customer(session, actor, customer_id, lock=True)
    batch = Batch(session)
    event = record(
        session, actor, "payment.identified", entity="payment", entity_id=payment.number, customer_id=customer_id,
        customer=customer.code, amount=payment.amount, currency=payment.currency, on=on,
    )  # fmt: skip
    batch.event_id = event.id or 0
    put_on_account(batch, payment, customer_id, on)
    batch.flush()
    return payment


def put_on_account(batch: Batch, payment: Payment, customer_id: int, on: date) -> Item:
    """Posts an unidentified payment from `on`; one that was reversed on that day or later leaves again on that day."""
    if on < payment.paid_on:
        raise IdentifiedTooEarly(number=payment.number, paid_on=payment.paid_on, on=on)
    reversal = reversal_of(batch, Source.PAYMENT, payment.id or 0)
    if reversal is not None and reversal.reversed_on < on:
        raise ReversedBefore(number=payment.number, reversed_on=reversal.reversed_on, on=on)
    credit = batch.credit(
        customer_id=customer_id, kind=Kind.PAYMENT, source=Source.PAYMENT, source_id=payment.id or 0,
        number=payment.number, currency=payment.currency, rate=micros(payment.exchange_rate), booked_on=on,
        amount=cents(payment.amount), paid_on=payment.paid_on,
    )  # fmt: skip
    if reversal is not None:
        take_off(batch, [credit], reversal)
    return credit
