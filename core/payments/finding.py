"""A payment by its number, as far as one may see its customer; one that is nobody's yet needs its own permission."""

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.visibility import CustomerNotFound, visible_customer
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Number, Source
from core.payments.models import Payment


class PaymentNotFound(DomainError):
    message = N_("No hay un pago «{number}» entre los que usted puede ver. Revise el número.")


def locked_payment(session: Session, actor: Actor, number: str) -> tuple[Payment, int | None]:
    """The payment of a number and whose account it is on (None: nobody's yet), both locked in that order."""
    payment = session.scalar(
        select(Payment)
        .join(Number, (col(Number.source) == Source.PAYMENT) & (col(Number.source_id) == col(Payment.id)))
        .where(col(Number.number) == number.strip())
        .with_for_update(key_share=True, of=Payment)
    )
    if payment is None:
        raise PaymentNotFound(number=number)
    customer_id = holder(session, payment.id or 0)
    if customer_id is None:
        if not actor.may(Permission.VIEW_UNIDENTIFIED):
            raise PaymentNotFound(number=number)
        return payment, None
    try:
        visible_customer(session, actor, customer_id, lock=True)
    except CustomerNotFound:
        raise PaymentNotFound(number=number) from None
    return payment, customer_id


def holder(session: Session, payment_id: int) -> int | None:
    """The customer on whose account a payment is; None while it is unidentified."""
    return session.scalar(
        select(col(Entry.customer_id)).where(
            col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == payment_id, col(Entry.instalment) == 0
        )
    )
