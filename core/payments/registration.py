"""Registering a payment: money received from a customer, or from nobody known yet, applied in the same transaction."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.visibility import lock_account
from core.documents import checks
from core.documents.applying import Line, load_lines, told
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Kind, Source
from core.ledger.posting import Batch
from core.money import ONE, ZERO, cents, from_cents, micros
from core.payments.application import NotOnAccount, Way, apply_all
from core.payments.models import Payment, PaymentMethod
from core.payments.similar import LooksLikeAnother, similar_payments
from core.policies.rates import rate_for

SERIES = "P"


class UnknownMethod(DomainError):
    message = N_("«{method}» no es una forma de pago. Elija una de la lista.")


class MoreThanReceived(DomainError):
    message = N_("Se recibieron {amount} y se quieren aplicar {asked}. Aplique menos, o corrija el importe del pago.")


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
    session: Session, actor: Actor, *, received: Received, lines: Sequence[Line] = (), way: Way = Way(),  # noqa: B008  immutable
    submission: str | None = None, another: bool = False,
) -> Registered:  # fmt: skip
    """Registers a payment and applies it to the instalments that `lines` name; what is left stays in favour.

    `submission` is the token of a form: the second time it changes nothing and returns the first result. `another`
    says that it is not the payment that it looks like; without it, LooksLikeAnother.
    """
    actor.require(Permission.REGISTER_PAYMENT)
    if received.customer_id is not None:
        lock_account(session, actor, received.customer_id)
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
    items = load_lines(batch, received.customer_id or 0, lines, way.on or received.paid_on)
    asked = sum((line.amount for line in lines if items[line.entry_id].currency == received.currency), ZERO)
    if asked > received.amount:  # the ledger would refuse it too, by a number that nobody will ever bear
        raise MoreThanReceived(amount=received.amount, asked=asked)
    id_, number = checks.numbered(batch, Payment, Source.PAYMENT, SERIES, received.number, lines=len(lines))
    with db.at_once(session, 1):
        record(
            session, actor, "payment.registered", event_id=batch.event_id, entity="payment", entity_id=number,
            customer_id=received.customer_id, amount=received.amount, currency=received.currency,
            paid_on=received.paid_on, method=received.method, bank_reference=received.bank_reference,
            applications=told(lines, items),
        )  # fmt: skip
        _write(batch, id_, number, received, submission)
    if received.customer_id is None:
        return Registered(id_, number, ZERO, received.amount)
    credit = batch.credit(
        customer_id=received.customer_id, kind=Kind.PAYMENT, source=Source.PAYMENT, source_id=id_, number=number,
        currency=received.currency, rate=micros(received.exchange_rate or ONE), booked_on=received.paid_on,
        amount=cents(received.amount),
    )  # fmt: skip
    apply_all(batch, credit, items, lines, way)
    batch.flush()
    return Registered(id_, number, from_cents(credit.amount - credit.open), from_cents(credit.open))


def _write(batch: Batch, id_: int, number: str, received: Received, submission: str | None) -> None:
    kept = {
        "id": id_, "number": number, "paid_on": received.paid_on, "amount": cents(received.amount),
        "currency": received.currency, "exchange_rate": micros(received.exchange_rate or ONE),
        "method": str(received.method), "bank_reference": received.bank_reference, "account": received.account,
        "notes": received.notes, "came_unidentified": received.customer_id is None, "submission": submission,
        "event_id": batch.event_id,
    }  # fmt: skip
    db.insert_many(batch.session, Payment, tuple(kept), [tuple(kept.values())])


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
    for id_, number, amount, open_ in db.rows(session, _SENT, submission=submission):
        left = amount if open_ is None else open_
        return Registered(id_, number, amount - left, left, repeated=True)
    return None


_SENT = (
    select(col(Payment.id), col(Payment.number), col(Payment.amount), col(Entry.open))
    .outerjoin(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))
    .where(col(Payment.submission) == bindparam("submission"))
)


def _refuse_similar(session: Session, actor: Actor, received: Received) -> None:
    alike = similar_payments(
        session, actor, customer_id=received.customer_id, amount=received.amount, currency=received.currency,
        paid_on=received.paid_on, bank_reference=received.bank_reference,
    )  # fmt: skip
    if alike:
        raise LooksLikeAnother(number=alike[0].number, on=alike[0].paid_on, amount=alike[0].amount)
