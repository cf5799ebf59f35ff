"""Applying money: to instalments of its currency, across currencies with the exchange difference as a row of its own,
small differences written off; later on from what is on account; undoing one application."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.documents import checks
from core.documents.applying import Line, day_of, load_lines, told
from core.documents.credit_notes import apply_credit_note
from core.documents.finding import visible_document
from core.errors import DomainError, NotAllowed
from core.i18n import N_
from core.ledger.adjusting import record_adjustment
from core.ledger.models import AdjustmentKind, Kind, Number, Reversal, Source
from core.ledger.posting import Batch, Item, OverApplied
from core.ledger.reversing import reverse_applied
from core.money import ZERO, base_cents, cents, from_cents, micros
from core.payments import rules
from core.payments.finding import locked_payment
from core.policies.rates import rate_for
from core.policies.settings import amount_setting


class NotOnAccount(DomainError):
    message = N_("«{number}» está por identificar: primero diga de qué cliente es.")


class DifferenceTooLarge(DomainError):
    message = N_(
        "A «{number}» le quedan {left}: más que la diferencia que se puede cerrar ({most}, moneda de la empresa)."
    )


class TooSmallToExchange(DomainError):
    message = N_("{amount} de «{number}» no llegan a un centavo de la moneda del pago. Aplique un importe mayor.")


class Way(NamedTuple):
    """How the lines of one command are applied."""

    on: date | None = None  # None: each on the later of the two papers' own days
    document_rate: Decimal | None = None  # that day, of documents in another currency; None: the last one known


def apply_payment(
    session: Session, actor: Actor, *, number: str, lines: Sequence[Line], way: Way = Way()  # noqa: B008  immutable
) -> Decimal:  # fmt: skip
    """Applies money that is on a customer's account to instalments; returns what is left of the payment."""
    actor.require(Permission.REGISTER_PAYMENT)
    payment, customer_id = locked_payment(session, actor, number)
    if customer_id is None:
        raise NotOnAccount(number=payment.number)
    batch = Batch(session)
    [credit] = batch.load_of(Source.PAYMENT, [payment.id or 0])[payment.id or 0]
    items = load_lines(batch, customer_id, lines, way.on or credit.booked_on)
    event = record(
        session, actor, "payment.applied", entity="payment", entity_id=payment.number, customer_id=customer_id,
        applications=told(lines, items), on=way.on,
    )  # fmt: skip
    batch.event_id = event.id or 0
    apply_all(batch, credit, items, lines, way)
    batch.flush()
    return from_cents(credit.open)


def apply_on_account(
    session: Session, actor: Actor, *, number: str, lines: Sequence[Line], way: Way = Way()  # noqa: B008  immutable
) -> Decimal:  # fmt: skip
    """Applies what a payment or a credit note has in favour; returns what is left of it."""
    bearer = session.get(Number, number.strip())
    if bearer is not None and bearer.source == Source.DOCUMENT:
        return apply_credit_note(session, actor, number=number, lines=lines, on=way.on)
    return apply_payment(session, actor, number=number, lines=lines, way=way)


def apply_all(batch: Batch, credit: Item, items: Mapping[int, Item], lines: Sequence[Line], way: Way) -> None:
    """Applies exactly what the lines say; then writes off the small differences that they ask to close."""
    for line in lines:
        charge = items[line.entry_id]
        day = day_of(credit, charge, way.on)
        if charge.currency == credit.currency:
            batch.apply(credit, charge, cents(line.amount), day)
        else:
            rate = rate_for(batch.session, charge.currency, day, way.document_rate)
            _exchange(batch, credit, charge, cents(line.amount), day, micros(rate))
    closing = [items[line.entry_id] for line in lines if line.close]
    if closing:
        _write_off(batch, credit, closing, way.on)


def _exchange(batch: Batch, credit: Item, charge: Item, closed: int, on: date, rate: int) -> None:
    """A charge in the payment's currency of what it spends, and a credit in the document's of what that closes."""
    left = credit.available(on)
    spent = rules.spent_on(closed, rate=rate, payment_rate=credit.rate, left=left)
    if spent == 0:
        raise TooSmallToExchange(number=charge.number, amount=from_cents(closed))
    if spent > left:
        raise OverApplied(number=credit.number, left=from_cents(left), on=on, asked=from_cents(spent))
    difference = rules.exchange_difference(
        spent=spent, payment_rate=credit.rate, closed=closed, issue_rate=charge.rate
    )  # fmt: skip
    made = record_adjustment(
        batch, AdjustmentKind.EXCHANGE, credit, on=on, amount=closed, charge=charge, spent=spent, difference=difference
    )
    id_ = made.id or 0
    [given] = batch.charges(
        customer_id=credit.customer_id, kind=Kind.EXCHANGE, source=Source.ADJUSTMENT, source_id=id_,
        number=credit.number, currency=credit.currency, rate=credit.rate, booked_on=on, instalments=[(on, spent)],
    )  # fmt: skip
    batch.apply(credit, given, spent, on)
    received = batch.credit(
        customer_id=credit.customer_id, kind=Kind.EXCHANGE, source=Source.ADJUSTMENT, source_id=id_,
        number=credit.number, currency=charge.currency, rate=charge.rate, booked_on=on, amount=closed,
        paid_on=credit.paid_on,
    )  # fmt: skip
    batch.apply(received, charge, closed, on)


def _write_off(batch: Batch, credit: Item, charges: Sequence[Item], on: date | None) -> None:
    """Closes what is left of the charges, of each document together no more than the tolerance of the company."""
    most = amount_setting(batch.session, "writeoff.tolerance") or ZERO
    together: dict[tuple[str, int], int] = {}
    for charge in charges:
        day = day_of(credit, charge, on)
        left = charge.available(day)
        if left == 0:
            continue
        paper = (charge.source, charge.source_id)
        together[paper] = together.get(paper, 0) + base_cents(left, charge.rate)
        if together[paper] > cents(most):
            raise DifferenceTooLarge(number=charge.number, left=from_cents(left), most=most)
        made = record_adjustment(batch, AdjustmentKind.WRITE_OFF, credit, on=day, amount=left, charge=charge)
        closing = batch.credit(
            customer_id=charge.customer_id, kind=Kind.WRITE_OFF, source=Source.ADJUSTMENT, source_id=made.id or 0,
            number=credit.number, currency=charge.currency, rate=charge.rate, booked_on=day, amount=left,
        )  # fmt: skip
        batch.apply(closing, charge, left, day)


def undo_application(session: Session, actor: Actor, *, number: str, document: str, on: date, reason: str) -> Reversal:
    """Undoes what a payment has live on one document, with its exchange or small difference: the document is open
    again and the money on account."""
    if not (actor.may(Permission.REGISTER_PAYMENT) or actor.may(Permission.REVERSE)):
        raise NotAllowed
    payment, customer_id = locked_payment(session, actor, number)
    if customer_id is None:
        raise NotOnAccount(number=payment.number)
    charge = visible_document(session, actor, document)
    reason, charge_id = checks.reason(reason), charge.id or 0
    batch = Batch(session)
    [credit] = batch.load_of(Source.PAYMENT, [payment.id or 0])[payment.id or 0]
    event = record(
        session, actor, "application.undone", entity="payment", entity_id=payment.number, customer_id=customer_id,
        document=charge.number, on=on, reason=reason,
    )  # fmt: skip
    batch.event_id = event.id or 0
    reversal = reverse_applied(batch, credit, charge_id, charge.number, on=on, reason=reason)
    batch.flush()
    return reversal
