"""Debit notes: what a customer owes besides invoices, with a reason of the catalogue."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.documents import checks
from core.documents.applying import OfAnotherCustomer
from core.documents.credit_notes import SubtotalNotValid, UnknownReason
from core.documents.finding import visible_document
from core.documents.models import Document, DocumentKind
from core.documents.reasons import DEBIT_NOTE
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Kind, Source
from core.ledger.posting import Batch
from core.money import ZERO, cents, micros
from core.policies.rates import rate_for

SERIES = "ND"


class DueBeforeIssue(DomainError):
    message = N_("La nota no puede vencer el {due}, antes de su fecha ({issued}).")


def register_debit_note(
    session: Session, actor: Actor, *, customer_id: int, issued_on: date, due_on: date, total: Decimal, currency: str,
    reason: str, about: str | None = None, exchange_rate: Decimal | None = None, tax: Decimal | None = None,
    number: str | None = None, notes: str | None = None, submission: str | None = None,
) -> Document:  # fmt: skip
    """Registers a charge; `about` is the number of the document that it is about, if any. Returns the debit note, the
    one registered before when the same form (`submission`) had been sent already."""
    actor.require(Permission.REGISTER_NOTE)
    customer = visible_customer(session, actor, customer_id, lock=True)
    if submission and (done := session.scalar(select(Document).where(col(Document.submission) == submission))):
        return done
    if about and visible_document(session, actor, about).customer_id != customer_id:
        raise OfAnotherCustomer(number=about, customer=customer.legal_name)
    return issue(
        session, actor, customer=customer, issued_on=issued_on, due_on=due_on, total=total, currency=currency,
        reason=reason, about=about, exchange_rate=exchange_rate, tax=tax, number=number, notes=notes,
        submission=submission,
    )  # fmt: skip


def issue(
    session: Session, actor: Actor, *, customer: Customer, issued_on: date, due_on: date, total: Decimal,
    currency: str, reason: str, about: str | None = None, exchange_rate: Decimal | None = None,
    tax: Decimal | None = None, number: str | None = None, notes: str | None = None, submission: str | None = None,
) -> Document:  # fmt: skip
    """Posts a charge to a customer who is locked, as part of a command that asked for its own permission."""
    if reason not in DEBIT_NOTE:
        raise UnknownReason(reason=reason)
    if due_on < issued_on:
        raise DueBeforeIssue(due=due_on, issued=issued_on)
    total, tax = checks.amount(total), tax or ZERO
    if not 0 <= tax <= total:
        raise SubtotalNotValid(subtotal=total - tax, tax=tax, total=total)
    rate = rate_for(session, currency, issued_on, exchange_rate)
    customer_id = customer.id or 0
    batch = Batch(session)
    id_, number = checks.numbered(batch, Document, Source.DOCUMENT, SERIES, number)
    record(
        session, actor, "debit_note.registered", event_id=batch.event_id, entity="document", entity_id=number,
        customer_id=customer_id, total=total, currency=currency, issued_on=issued_on, due_on=due_on, reason=reason,
        about=about,
    )  # fmt: skip
    made = Document(
        id=id_, kind=DocumentKind.DEBIT_NOTE, number=number, customer_id=customer_id, issued_on=issued_on,
        due_on=due_on, total=total, subtotal=total - tax, tax=tax, currency=currency, exchange_rate=rate,
        sales_rep=customer.sales_rep, applies_to=about, reason=reason, notes=checks.text(notes, 1000),
        submission=submission, event_id=batch.event_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    batch.charges(
        customer_id=customer_id, kind=Kind.DEBIT_NOTE, source=Source.DOCUMENT, source_id=id_, number=number,
        currency=currency, rate=micros(rate), booked_on=issued_on, instalments=[(due_on, cents(total))],
    )  # fmt: skip
    batch.flush()
    return made
