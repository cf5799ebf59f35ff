"""Payments that look like one that is about to be registered: the same money must not enter twice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import String, bindparam, exists, func, or_, select
from sqlmodel import Session, col

from core import db
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_to
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Reversal, Source
from core.payments.models import Payment

#: Days before and after within which the same amount looks like the same money.
NEAR_DAYS = 5
SHOWN = 5


class SimilarPayment(NamedTuple):
    """A payment that is there already. `customer` is blank while it is unidentified."""

    number: str
    paid_on: date
    amount: Decimal
    currency: str
    customer: str
    bank_reference: str | None
    same_amount: bool  # and the same customer, or nobody's yet, near the date
    same_reference: bool


class LooksLikeAnother(DomainError):
    message = N_(
        "Se parece a un pago ya registrado: {number} del {on}, {amount}. Si es otro pago, márquelo así y repita."
    )


def similar_payments(
    session: Session, actor: Actor, *, customer_id: int | None, amount: Decimal, currency: str, paid_on: date,
    bank_reference: str | None = None, near_days: int = NEAR_DAYS,
) -> list[SimilarPayment]:  # fmt: skip
    """Payments not reversed with the same customer (or none yet) and amount within `near_days`, or with the same bank
    reference; the nearest first, at most five."""
    actor.require(Permission.REGISTER_PAYMENT)
    reference, near = (bank_reference or "").strip(), timedelta(days=near_days)
    statement = _SIMILAR if sees_all(actor) else _SIMILAR.where(or_(_HOLDER.is_(None), visible_to(actor)))
    found = db.rows(
        session, statement, customer_id=customer_id, amount=amount, currency=currency, reference=reference or None,
        start=paid_on - near, end=paid_on + near,
    )  # fmt: skip
    return [SimilarPayment._make((*facts, bool(alike), bool(referred))) for *facts, alike, referred in found]


_HOLDER = col(Entry.customer_id)
_SAME_AMOUNT = (
    (col(Payment.amount) == bindparam("amount"))
    & (col(Payment.currency) == bindparam("currency"))
    & col(Payment.paid_on).between(bindparam("start"), bindparam("end"))
    & or_(_HOLDER.is_(None), bindparam("customer_id") == _HOLDER)
)
_SAME_REFERENCE = col(Payment.bank_reference) == bindparam("reference", type_=String)
_SIMILAR = (
    select(
        col(Payment.number), col(Payment.paid_on), col(Payment.amount), col(Payment.currency),
        func.coalesce(col(Customer.legal_name), ""), col(Payment.bank_reference),
        func.coalesce(_SAME_AMOUNT, False), func.coalesce(_SAME_REFERENCE, False),
    )
    .outerjoin(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))
    .outerjoin(Customer, col(Customer.id) == _HOLDER)
    .where(
        or_(_SAME_AMOUNT, _SAME_REFERENCE),
        ~exists().where(
            col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Payment.id),
            col(Reversal.document_id).is_(None),
        ),
    )
    .order_by(col(Payment.paid_on).desc(), col(Payment.id).desc())
    .limit(SHOWN)
)  # fmt: skip
