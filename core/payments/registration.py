"""Registering a payment: money received from a customer, or from nobody known yet, applied in the same transaction."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.visibility import visible_customer
from core.documents import checks
from core.documents.applying import Line, load_lines, told
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Kind, Source
from core.ledger.posting import Batch, Item
from core.money import ONE, ZERO, cents, from_cents, micros
from core.payments.application import NotOnAccount, Way, apply_all
from core.payments.models import Payment, PaymentMethod
from core.payments.similar import LooksLikeAnother, similar_payments
from core.policies.rates import rate_for

SERIES = "P"


class UnknownMethod(DomainError):
    message = N_("«{method}» no es una forma de pago. Elija una de la lista.")


class Received(NamedTuple):
    """A payment as it was received. Blank: `customer_id`, nobody's yet; `number`, drawn from our own series."""

    customer_id: int | None
    paid_on: date
    amount: Decimal
    currency: str
    method: str
    exchange_rate: Decimal | None = None
    bank_reference: str | None = None
    account: str | None = None
    notes: str | None = None
    number: str | None = None


class Registered(NamedTuple):
    """The payment that was registered."""

    payment_id: int
    number: str
    applied: Decimal
    left: Decimal
    repeated: bool = False  # the form had been sent already: this is what it did then


def register_payment(
    session: Session, actor: Actor, *, received: Received, lines: Sequence[Line] = (), way: Way = Way(),  # noqa: B008
    submission: str | None = None, another: bool = False,
) -> Registered:  # fmt: skip
    """Registers a payment and applies it to the instalments that `lines` name; what is left stays in favour.

    `submission` is the token of a form: the second time it changes nothing and returns the first result. `another`
    says that it is not the payment that it looks like; without it, LooksLikeAnother.
    """
    actor.require(Permission.REGISTER_PAYMENT)
    if received.customer_id is not None:
        visible_customer(session, actor, received.customer_id, lock=True)
    elif submission is not None:
        db.take(session, f"payment:{submission}")
    if submission is not None and (done := _already(session, submission)):
        return done
    received = _checked(session, received)
    if received.customer_id is None and lines:
        raise NotOnAccount(number=received.number or "")
    if not another:
        _refuse_similar(session, actor, received)

    batch = Batch(session)
    batch.check_open(received.paid_on)
    items = load_lines(batch, received.customer_id or 0, lines)
    id_, number = checks.numbered(batch, Payment, Source.PAYMENT, SERIES, received.number)
    event = record(
        session, actor, "payment.registered", entity="payment", entity_id=number, customer_id=received.customer_id,
        amount=received.amount, currency=received.currency, paid_on=received.paid_on, method=received.method,
        bank_reference=received.bank_reference, applications=told(lines, items),
    )  # fmt: skip
    batch.event_id = event.id or 0
    payment = Payment(
        id=id_, number=number, paid_on=received.paid_on, amount=received.amount, currency=received.currency,
        exchange_rate=received.exchange_rate or ONE, method=received.method, bank_reference=received.bank_reference,
        account=received.account, notes=received.notes, submission=submission, event_id=batch.event_id,
    )  # fmt: skip
    session.add(payment)
    session.flush()
    if received.customer_id is None:
        return Registered(id_, number, ZERO, received.amount)
    credit = post_payment(batch, payment, received.customer_id, booked_on=received.paid_on)
    apply_all(batch, credit, items, lines, way)
    batch.flush()
    return Registered(id_, number, from_cents(credit.amount - credit.open), from_cents(credit.open))


def post_payment(batch: Batch, payment: Payment, customer_id: int, *, booked_on: date) -> Item:
    """Puts a payment on a customer's account from `booked_on`: its own day, or the day of its identification."""
    return batch.credit(
        customer_id=customer_id, kind=Kind.PAYMENT, source=Source.PAYMENT, source_id=payment.id or 0,
        number=payment.number, currency=payment.currency, rate=micros(payment.exchange_rate), booked_on=booked_on,
        amount=cents(payment.amount), paid_on=payment.paid_on,
    )  # fmt: skip


def _checked(session: Session, received: Received) -> Received:
    if received.method not in set(PaymentMethod):
        raise UnknownMethod(method=received.method)
    return received._replace(
        amount=checks.amount(received.amount), bank_reference=checks.text(received.bank_reference, 120),
        account=checks.text(received.account, 80), notes=checks.text(received.notes, 1000),
        exchange_rate=rate_for(session, received.currency, received.paid_on, received.exchange_rate),
    )  # fmt: skip


def _already(session: Session, submission: str) -> Registered | None:
    """What the same form brought about before, when it had been sent already."""
    payment = session.scalar(select(Payment).where(col(Payment.submission) == submission))
    if payment is None:
        return None
    left = session.scalar(
        select(col(Entry.open)).where(col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == payment.id)
    )
    left = payment.amount if left is None else left
    return Registered(payment.id or 0, payment.number, payment.amount - left, left, repeated=True)


def _refuse_similar(session: Session, actor: Actor, received: Received) -> None:
    alike = similar_payments(
        session, actor, customer_id=received.customer_id, amount=received.amount, currency=received.currency,
        paid_on=received.paid_on, bank_reference=received.bank_reference,
    )  # fmt: skip
    if alike:
        raise LooksLikeAnother(number=alike[0].number, on=alike[0].paid_on, amount=alike[0].amount)
