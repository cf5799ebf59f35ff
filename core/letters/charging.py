"""Charging late interest as debit notes, waiving it with a reason, and the rates agreed with customers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents.checks import reason as checked_reason
from core.documents.debit_notes import issue
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_, _, day
from core.letters.interest import REASON, InterestRow, proposal
from core.letters.models import AgreedRate, InterestSegment, LateInterest
from core.money import cents
from core.portfolio.scope import Scope


class NothingToCharge(DomainError):
    message = N_(
        "En este periodo no hay intereses por cobrar: no se generaron, son menores al mínimo o ya se cobraron."
    )


class NothingChosen(DomainError):
    message = N_("Elija al menos un cliente.")


class RateNotAgreed(DomainError):
    message = N_("La tasa anual va de 0 a 100 %, con cuatro decimales como máximo.")


class RateKnown(DomainError):
    message = N_("Ya hay una tasa pactada desde el {on}. Use otra fecha.")


class Charged(NamedTuple):
    """A debit note that was made."""

    customer: str
    currency: str
    number: str
    total: Decimal


class InterestDone(NamedTuple):
    """Interest charged (`number`: of its debit note) or waived (`waived_reason`)."""

    charge_id: int
    customer: str
    name: str
    currency: str
    from_on: date
    to_on: date
    amount: Decimal
    number: str | None
    waived_reason: str | None
    done_by: str


class RateRow(NamedTuple):
    """A rate agreed with a customer."""

    customer: str
    name: str
    from_on: date
    annual_pct: Decimal
    agreed_in: str


def charge(
    session: Session, actor: Actor, *, start: date, end: date, today: date, customers: Sequence[str]
) -> list[Charged]:
    """Makes a debit note for each of these customers (codes) and currency that bear interest; due the same day.

    Computed again here, so what was charged meanwhile is not charged twice. Raises NothingToCharge.
    """
    actor.require(Permission.CHARGE_INTEREST)
    if not customers:
        raise NothingChosen
    db.take(session, "interest")
    wanted = set(customers)
    scope = Scope(customer=customers[0]) if len(wanted) == 1 else Scope()
    rows = [
        row
        for row in proposal(session, actor, start=start, end=end, today=today, scope=scope)
        if row.customer in wanted and not row.small
    ]
    if not rows:
        raise NothingToCharge
    event = record(
        session, actor, "interest.charged", entity="interest", entity_id=f"{start}..{end}",
        customers=[row.customer for row in rows], on=today,
    )  # fmt: skip
    return [_charge(session, actor, row, today, event.id) for row in rows]


def _charge(session: Session, actor: Actor, row: InterestRow, today: date, event_id: int) -> Charged:
    customer = visible_customer(session, actor, row.customer_id, lock=True)
    note = issue(
        session, actor, customer=customer, issued_on=today, due_on=today, total=row.total, currency=row.currency,
        reason=REASON, tax=row.tax,
        notes=_("Intereses moratorios del {start} al {end}").format(start=day(row.start), end=day(row.end)),
    )  # fmt: skip
    _keep(session, actor, row, event_id, document_id=note.id)
    return Charged(row.customer, row.currency, note.number, row.total)


def waive(
    session: Session, actor: Actor, *, customer: str, start: date, end: date, today: date, reason: str
) -> list[InterestRow]:
    """Lets a customer off the interest of a period, for a reason that stays on record; it is not proposed again."""
    actor.require(Permission.CHARGE_INTEREST)
    why = checked_reason(reason)
    db.take(session, "interest")
    rows = proposal(session, actor, start=start, end=end, today=today, scope=Scope(customer=customer))
    if not rows:
        raise NothingToCharge
    event = record(
        session, actor, "interest.waived", entity="interest", entity_id=f"{start}..{end}",
        customer_id=rows[0].customer_id, customer=rows[0].customer, reason=why,
        amounts=[f"{row.interest} {row.currency}" for row in rows],
    )  # fmt: skip
    for row in rows:
        _keep(session, actor, row, event.id, waived_reason=why)
    return rows


def _keep(
    session: Session, actor: Actor, row: InterestRow, event_id: int, *, document_id: int | None = None,
    waived_reason: str | None = None,
) -> None:  # fmt: skip
    made = LateInterest(
        customer_id=row.customer_id, currency=row.currency, from_on=row.start, to_on=row.end, amount=row.interest,
        document_id=document_id, waived_reason=waived_reason, done_by=actor.name, event_id=event_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    columns = ("charge_id", "document_id", "number", "from_on", "to_on", "days", "balance", "annual_pct", "amount")
    db.insert_many(session, InterestSegment, columns, [
        (made.id, one.document_id, one.number, span.from_on, span.to_on, span.days, cents(span.balance),
         int(span.annual_pct.scaleb(4)), cents(span.amount))
        for one in row.documents
        for span in one.spans
    ])  # fmt: skip


def agree_rate(
    session: Session, actor: Actor, *, customer_id: int, annual_pct: Decimal, from_on: date, agreed_in: str
) -> None:
    """The yearly rate agreed with a customer from a day on, and where it is written (contract, promissory note)."""
    actor.require(Permission.CHARGE_INTEREST)
    visible_customer(session, actor, customer_id, lock=True)
    where = checked_reason(agreed_in)
    if not annual_pct.is_finite() or not 0 <= annual_pct <= 100 or annual_pct != round(annual_pct, 4):
        raise RateNotAgreed
    known = select(col(AgreedRate.id)).where(
        col(AgreedRate.customer_id) == customer_id, col(AgreedRate.from_on) == from_on
    )
    if session.scalar(known) is not None:
        raise RateKnown(on=from_on)
    event = record(
        session, actor, "interest.agreed", entity="customer", entity_id=customer_id, customer_id=customer_id,
        rate=annual_pct, on=from_on, reason=where,
    )  # fmt: skip
    session.add(AgreedRate(
        customer_id=customer_id, from_on=from_on, annual_pct=annual_pct, agreed_in=where, event_id=event.id
    ))  # fmt: skip
    session.flush()


def interest_done(session: Session, actor: Actor, *, most: int = 2_000) -> list[InterestDone]:
    """Interest charged and waived of the customers whom `actor` sees, the latest first."""
    actor.require(Permission.CHARGE_INTEREST)
    one = LateInterest
    found = (
        select(
            col(one.id), col(Customer.code), col(Customer.legal_name), col(one.currency), col(one.from_on),
            col(one.to_on), col(one.amount), col(Document.number), col(one.waived_reason), called(col(one.done_by)),
        )
        .join(Customer, col(Customer.id) == col(one.customer_id))
        .outerjoin(Document, col(Document.id) == col(one.document_id))
        .where(visible_to(actor))
        .order_by(col(one.id).desc())
        .limit(most)
    )  # fmt: skip
    return [InterestDone(*row) for row in session.execute(found)]


def agreed_rates(session: Session, actor: Actor) -> list[RateRow]:
    """Rates agreed with the customers whom `actor` sees, by customer, the latest first."""
    actor.require(Permission.CHARGE_INTEREST)
    r = AgreedRate
    found = (
        select(
            col(Customer.code), col(Customer.legal_name), col(r.from_on), col(r.annual_pct), col(r.agreed_in)
        )
        .join(Customer, col(Customer.id) == col(r.customer_id))
        .where(visible_to(actor))
        .order_by(col(Customer.code), col(r.from_on).desc())
    )  # fmt: skip
    return [RateRow(*row) for row in session.execute(found)]
