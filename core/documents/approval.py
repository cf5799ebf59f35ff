"""Credit notes that wait for somebody else's approval. Whoever asks never decides; whoever decides first, decides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents.models import NoteRequest, NoteState
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Number
from core.ledger.posting import NumberTaken
from core.money import base_cents, cents, from_cents, micros
from core.policies.settings import amount_setting


class RequestNotFound(DomainError):
    message = N_("Esa solicitud no está entre las que usted puede ver.")


class AlreadyDecided(DomainError):
    message = N_("La nota ya fue resuelta por {by} el {at}. Actualice la lista.")


class OwnRequest(DomainError):
    message = N_("Usted pidió esta nota de crédito: debe aprobarla o rechazarla otra persona.")


class WaitingNote(NamedTuple):
    """A credit note that waits, or how it ended. `number` is blank while it is to be drawn."""

    request_id: int
    number: str
    customer_code: str
    customer: str
    issued_on: date
    amount: Decimal
    currency: str
    reason: str
    applies_to: str | None
    notes: str | None
    state: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decision_note: str | None


def needed(session: Session, total: Decimal, rate: Decimal) -> bool:
    """Whether a credit note of this amount waits for approval: above the setting, in company currency."""
    limit = amount_setting(session, "approval.credit_note")
    return limit is not None and from_cents(base_cents(cents(total), micros(rate))) > limit


def ask(session: Session, actor: Actor, *, number: str, amount: Decimal, **note: Any) -> NoteRequest:
    """Keeps a credit note until somebody else decides. A number that is taken is refused now, not then."""
    if number and session.get(Number, number) is not None:
        raise NumberTaken(number=number)
    request = NoteRequest(
        number=number, amount=amount, requested_by_id=actor.user_id, requested_by=actor.name, requested_at=now(), **note
    )
    session.add(request)
    session.flush()
    record(
        session, actor, "credit_note.requested", entity="note_request", entity_id=request.id,
        customer_id=request.customer_id, amount=amount, currency=request.currency, reason=request.reason,
        applies_to=request.applies_to,
    )  # fmt: skip
    return request


def waiting(session: Session, actor: Actor, request_id: int) -> NoteRequest:
    """The request, locked, if it still waits and `actor` may decide it."""
    request = session.scalar(
        select(NoteRequest)
        .join(Customer, col(Customer.id) == col(NoteRequest.customer_id))
        .where(col(NoteRequest.id) == request_id, visible_to(actor))
        .with_for_update(of=NoteRequest)
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise RequestNotFound
    if request.state != NoteState.WAITING:
        raise AlreadyDecided(by=request.decided_by, at=request.decided_at)
    if (request.requested_by_id, request.requested_by) == (actor.user_id, actor.name):
        raise OwnRequest
    return request


def refuse(session: Session, actor: Actor, request: NoteRequest, remark: str) -> None:
    """Ends a request without a credit note."""
    _decide(actor, request, NoteState.REFUSED, remark)
    record(
        session, actor, "credit_note.refused", entity="note_request", entity_id=request.id,
        customer_id=request.customer_id, amount=request.amount, currency=request.currency, remark=remark,
    )  # fmt: skip
    session.flush()


def approve(session: Session, actor: Actor, request: NoteRequest, document_id: int, remark: str | None) -> None:
    """Ends a request with the credit note that it became; the posting recorded the event."""
    _decide(actor, request, NoteState.APPROVED, remark)
    request.document_id = document_id
    session.flush()


def _decide(actor: Actor, request: NoteRequest, state: NoteState, remark: str | None) -> None:
    request.state = state
    request.decided_by_id, request.decided_by, request.decided_at = actor.user_id, actor.name, now()
    request.decision_note = remark


def note_requests(session: Session, actor: Actor, *, state: NoteState | None = NoteState.WAITING) -> list[WaitingNote]:
    """Requests of the customers one sees, those of `state` or all; the oldest first, at most 500."""
    actor.require(Permission.VIEW_PORTFOLIO)
    statement = (
        select(
            col(NoteRequest.id), col(NoteRequest.number), col(Customer.code), col(Customer.legal_name),
            col(NoteRequest.issued_on), col(NoteRequest.amount), col(NoteRequest.currency), col(NoteRequest.reason),
            col(NoteRequest.applies_to), col(NoteRequest.notes), col(NoteRequest.state),
            col(NoteRequest.requested_by), col(NoteRequest.requested_at), col(NoteRequest.decided_by),
            col(NoteRequest.decision_note),
        )
        .join(Customer, col(Customer.id) == col(NoteRequest.customer_id))
        .where(visible_to(actor))
        .order_by(col(NoteRequest.id))
        .limit(500)
    )  # fmt: skip
    if state is not None:
        statement = statement.where(col(NoteRequest.state) == state)
    return [WaitingNote(*row) for row in session.execute(statement)]
