"""Credit notes: register against documents or in favour, apply later; above the limit somebody else approves."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.documents import approval, checks
from core.documents.applying import (
    Line,
    OfAnotherCustomer,
    Target,
    apply_lines,
    apply_targets,
    load_lines,
    load_targets,
    told,
)
from core.documents.finding import visible_document
from core.documents.models import Document, DocumentKind, NoteRequest
from core.documents.reasons import CREDIT_NOTE
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Kind, Source
from core.ledger.posting import Batch
from core.money import ONE, ZERO, cents, from_cents, micros
from core.policies.rates import rate_for

SERIES = "NC"


class UnknownReason(DomainError):
    message = N_("El motivo «{reason}» no está en el catálogo. Elija uno de la lista.")


class NotACreditNote(DomainError):
    message = N_("«{number}» no es una nota de crédito.")


class SubtotalNotValid(DomainError):
    message = N_("El subtotal más el impuesto debe dar el total: {subtotal} y {tax} no dan {total}.")


class Note(NamedTuple):
    """What a credit note says. `subtotal` and `tax` blank: all of it is subtotal."""

    customer_id: int
    issued_on: date
    total: Decimal
    currency: str
    reason: str
    targets: tuple[Target, ...] = ()  # none: it stays in favour
    exchange_rate: Decimal | None = None
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    number: str | None = None
    notes: str | None = None


class Issued(NamedTuple):
    """What became of it: the document, or the request that waits (`document_id` None)."""

    document_id: int | None
    request_id: int | None
    number: str
    applied: Decimal = ZERO
    left: Decimal = ZERO
    repeated: bool = False  # the form had been sent already: nothing new was written


def register_credit_note(session: Session, actor: Actor, *, note: Note, submission: str | None = None) -> Issued:
    """Registers a credit note and applies it to the documents that it names; what is left stays in favour.

    Above `approval.credit_note`, in company currency, it waits until somebody else approves it.
    """
    actor.require(Permission.REGISTER_NOTE)
    customer = visible_customer(session, actor, note.customer_id, lock=True)
    if done := _already(session, submission):
        return done
    note = _checked(session, note)
    documents = _targets(session, actor, customer, note)
    if approval.needed(session, note.total, note.exchange_rate or ONE):
        return _ask(session, actor, note, submission)
    return issue(session, actor, note=note, documents=documents, submission=submission, action="credit_note.registered")


def issue(
    session: Session, actor: Actor, *, note: Note, documents: Sequence[Document], action: str, at_most: bool = False,
    submission: str | None = None,
) -> Issued:  # fmt: skip
    """Posts a note that is checked and, where needed, approved; its customer is locked. `at_most`: see applying."""
    batch = Batch(session)
    id_, number = checks.numbered(batch, Document, Source.DOCUMENT, SERIES, note.number)
    items = load_targets(batch, documents)
    record(
        session, actor, action, event_id=batch.event_id, entity="document", entity_id=number,
        customer_id=note.customer_id, total=note.total, currency=note.currency, issued_on=note.issued_on,
        reason=note.reason, applies_to=_applies_to(note),
    )  # fmt: skip
    rate, customer = note.exchange_rate or ONE, session.get_one(Customer, note.customer_id)
    session.add(
        Document(
            id=id_, kind=DocumentKind.CREDIT_NOTE, number=number, customer_id=note.customer_id,
            issued_on=note.issued_on, total=note.total, subtotal=_subtotal(note), tax=note.tax,
            currency=note.currency, exchange_rate=rate, sales_rep=customer.sales_rep, applies_to=_applies_to(note),
            reason=note.reason, notes=note.notes, submission=submission, event_id=batch.event_id,
        )
    )  # fmt: skip
    session.flush()
    credit = batch.credit(
        customer_id=note.customer_id, kind=Kind.CREDIT_NOTE, source=Source.DOCUMENT, source_id=id_, number=number,
        currency=note.currency, rate=micros(rate), booked_on=note.issued_on, amount=cents(note.total),
    )  # fmt: skip
    applied = apply_targets(batch, credit, note.targets, items, at_most=at_most)
    batch.flush()
    return Issued(id_, None, number, applied, note.total - applied)


def apply_credit_note(
    session: Session, actor: Actor, *, number: str, lines: Sequence[Line], on: date | None = None
) -> Decimal:
    """Applies what a credit note has in favour to instalments of its customer; returns what is left of it."""
    actor.require(Permission.REGISTER_NOTE)
    document = visible_document(session, actor, number)
    if document.kind != DocumentKind.CREDIT_NOTE:
        raise NotACreditNote(number=document.number)
    visible_customer(session, actor, document.customer_id, lock=True)
    batch = Batch(session)
    [credit] = batch.load_of(Source.DOCUMENT, [document.id or 0])[document.id or 0]
    items = load_lines(batch, document.customer_id, lines, on or credit.booked_on)
    event = record(
        session, actor, "credit_note.applied", entity="document", entity_id=document.number,
        customer_id=document.customer_id, applications=told(lines, items),
    )  # fmt: skip
    batch.event_id = event.id or 0
    apply_lines(batch, credit, items, lines, on)
    batch.flush()
    return from_cents(credit.open)


def decide_credit_note(
    session: Session, actor: Actor, *, request_id: int, approve: bool, remark: str | None = None
) -> Issued:
    """Approves a credit note that waits, which posts it, or refuses it; never the one who asked, and only once."""
    actor.require(Permission.APPROVE_NOTE)
    request = approval.waiting(session, actor, request_id)
    customer = visible_customer(session, actor, request.customer_id, lock=True)
    if not approve:
        approval.refuse(session, actor, request, checks.reason(remark or ""))
        return Issued(None, request.id, request.number)
    note = Note(
        customer_id=request.customer_id, issued_on=request.issued_on, total=request.amount, currency=request.currency,
        reason=request.reason, targets=_parsed(request.applies_to), exchange_rate=request.exchange_rate,
        subtotal=request.subtotal, tax=request.tax, number=request.number or None, notes=request.notes,
    )  # fmt: skip
    documents = _targets(session, actor, customer, note)
    issued = issue(
        session, actor, note=note, documents=documents, action="credit_note.approved", at_most=True,
    )  # fmt: skip
    approval.approve(session, actor, request, issued.document_id or 0, remark)
    return issued


def _checked(session: Session, note: Note) -> Note:
    if note.reason not in CREDIT_NOTE:
        raise UnknownReason(reason=note.reason)
    total = checks.amount(note.total)
    subtotal = _subtotal(note)
    if subtotal < 0 or (note.tax or ZERO) < 0 or subtotal + (note.tax or ZERO) != total:
        raise SubtotalNotValid(subtotal=subtotal, tax=note.tax or ZERO, total=total)
    return note._replace(
        total=total, subtotal=subtotal, notes=checks.text(note.notes, 1000),
        exchange_rate=rate_for(session, note.currency, note.issued_on, note.exchange_rate),
    )  # fmt: skip


def _targets(session: Session, actor: Actor, customer: Customer, note: Note) -> list[Document]:
    documents = [visible_document(session, actor, target.number) for target in note.targets]
    for document in documents:
        if document.customer_id != note.customer_id:
            raise OfAnotherCustomer(number=document.number, customer=customer.legal_name)
    return documents


def _applies_to(note: Note) -> str | None:
    return ";".join(str(target) for target in note.targets) or None


def _already(session: Session, submission: str | None) -> Issued | None:
    """What the same form brought about before, when it had been sent already."""
    if submission is None:
        return None
    found = session.scalar(select(Document).where(col(Document.submission) == submission))
    if found is not None:
        return Issued(found.id, None, found.number, repeated=True)
    waiting = session.scalar(select(NoteRequest).where(col(NoteRequest.submission) == submission))
    return None if waiting is None else Issued(None, waiting.id, waiting.number, repeated=True)


def _ask(session: Session, actor: Actor, note: Note, submission: str | None) -> Issued:
    request = approval.ask(
        session, actor, submission=submission, customer_id=note.customer_id, number=(note.number or "").strip(),
        issued_on=note.issued_on, amount=note.total, subtotal=_subtotal(note), tax=note.tax,
        currency=note.currency, exchange_rate=note.exchange_rate or ONE, reason=note.reason,
        applies_to=_applies_to(note), notes=note.notes,
    )  # fmt: skip
    return Issued(None, request.id, request.number)


def _subtotal(note: Note) -> Decimal:
    return note.total - (note.tax or ZERO) if note.subtotal is None else note.subtotal


def _parsed(applies_to: str | None) -> tuple[Target, ...]:
    """The documents of a request, as `_applies_to` wrote them."""
    named = [one.partition(":") for one in (applies_to or "").split(";") if one]
    return tuple(Target(number, Decimal(amount) if amount else None) for number, _colon, amount in named)
