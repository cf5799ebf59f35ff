"""Undoing documents: a whole invoice, debit note or credit note, or what a credit note closed of one document."""

from datetime import date

from sqlmodel import Session

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.visibility import visible_customer
from core.documents import checks
from core.documents.credit_notes import NotACreditNote
from core.documents.finding import visible_document
from core.documents.models import DocumentKind
from core.errors import NotAllowed
from core.ledger.models import Reversal, Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_applied, reverse_whole


def reverse_document(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> Reversal:
    """Takes a document off the account from `on`; the money on it becomes unapplied. By somebody other than the one
    who registered it."""
    actor.require(Permission.REVERSE)
    document = visible_document(session, actor, number)
    visible_customer(session, actor, document.customer_id, lock=True)
    checks.require_somebody_else(session, actor, document.event_id, document.number)
    reason, id_ = checks.reason(reason), document.id or 0
    batch = Batch(session)
    items = batch.load_of(Source.DOCUMENT, [id_]).get(id_, [])
    event = record(
        session, actor, "document.reversed", entity="document", entity_id=document.number,
        customer_id=document.customer_id, kind=document.kind, total=document.total, currency=document.currency,
        on=on, reason=reason,
    )  # fmt: skip
    batch.event_id = event.id or 0
    reversal = reverse_whole(
        batch, items, source=Source.DOCUMENT, source_id=id_, number=document.number, on=on, reason=reason,
        since=document.issued_on,
    )  # fmt: skip
    batch.flush()
    return reversal


def undo_credit_note_application(
    session: Session, actor: Actor, *, number: str, document: str, on: date, reason: str
) -> Reversal:
    """Undoes what a credit note has live on one document: it is in favour again and the document open."""
    if not (actor.may(Permission.REGISTER_NOTE) or actor.may(Permission.REVERSE)):
        raise NotAllowed
    note = visible_document(session, actor, number)
    if note.kind != DocumentKind.CREDIT_NOTE:
        raise NotACreditNote(number=note.number)
    charge = visible_document(session, actor, document)
    visible_customer(session, actor, note.customer_id, lock=True)
    reason, note_id, charge_id = checks.reason(reason), note.id or 0, charge.id or 0
    batch = Batch(session)
    [credit] = batch.load_of(Source.DOCUMENT, [note_id])[note_id]
    event = record(
        session, actor, "application.undone", entity="document", entity_id=note.number, customer_id=note.customer_id,
        document=charge.number, on=on, reason=reason,
    )  # fmt: skip
    batch.event_id = event.id or 0
    reversal = reverse_applied(batch, credit, charge_id, charge.number, on=on, reason=reason)
    batch.flush()
    return reversal
