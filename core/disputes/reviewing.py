"""What happens to a dispute until it is closed: notes, evidence, who answers, the decision and the outcome."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.attachments.keeping import keep
from core.audit.events import Recorded, record
from core.auth.actor import Actor, Permission
from core.clock import now, today
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.disputes.models import Dispute, DisputeStep
from core.disputes.notices import RESOLVED, tell
from core.disputes.opening import DeadlineBeforeOpening, checked_area
from core.disputes.reasons import Outcome
from core.documents import checks
from core.documents.finding import DocumentNotFound, visible_document
from core.documents.models import Document, DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Reversal, Source

OPEN, IN_REVIEW, ACCEPTED, REFUSED, CLOSED = "open", "in_review", "accepted", "refused", "closed"
#: What may come after each state; one that a file brought in words of its own is as good as open.
NEXT = {
    OPEN: (IN_REVIEW, ACCEPTED, REFUSED), IN_REVIEW: (ACCEPTED, REFUSED), ACCEPTED: (IN_REVIEW,),
    REFUSED: (IN_REVIEW,),
}  # fmt: skip
#: How what was decided may end; what nobody has decided yet, in any way.
ENDS = {ACCEPTED: (Outcome.CREDIT_NOTE, Outcome.CORRECTED), REFUSED: (Outcome.REFUSED,)}
ENTITY = "dispute"
_MOST_FILES = 10


class DisputeNotFound(DomainError):
    message = N_("No hay una aclaración «{number}» entre las que usted puede ver. Revise el número.")


class DisputeIsClosed(DomainError):
    message = N_("La aclaración «{number}» se cerró el {closed}: ya no cambia. Abra otra si hace falta.")


class NotNext(DomainError):
    message = N_("La aclaración «{number}» cambió mientras usted la veía, o ese paso no sigue del que tiene ahora.")


class OutcomeDoesNotFit(DomainError):
    message = N_("Ese desenlace no es el que se decidió. Regrese la aclaración a revisión, o elija otro.")


class ClosedOutOfTime(DomainError):
    message = N_("La aclaración se cierra entre el {first}, en que se abrió, y el {last}. Cambie la fecha.")


class CreditNoteMissing(DomainError):
    message = N_("Escriba el folio de la nota de crédito; si espera aprobación, cierre la aclaración cuando la tenga.")


class NotItsCreditNote(DomainError):
    message = N_("«{number}» no es una nota de crédito vigente de este cliente en {currency}. Revise el folio.")


class NothingToAdd(DomainError):
    message = N_("Escriba una nota o elija un archivo.")


class TooManyFiles(DomainError):
    message = N_("Se guardan hasta {most} archivos a la vez.")


def visible_dispute(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Dispute:
    """The dispute of a number, or DisputeNotFound. `lock`: nobody else changes it until this transaction ends."""
    statement = (
        select(Dispute)
        .join(Customer, col(Customer.id) == col(Dispute.customer_id))
        .where(col(Dispute.number) == number.strip(), visible_to(actor))
    )
    found = session.scalar(statement.with_for_update(of=Dispute) if lock else statement)
    if found is None:
        raise DisputeNotFound(number=number)
    return found


def next_of(dispute: Dispute) -> tuple[str, ...]:
    """The states that may follow the one that it has."""
    return NEXT.get(dispute.status, NEXT[OPEN]) if dispute.closed_on is None else ()


def outcomes_of(status: str) -> tuple[Outcome, ...]:
    """How a dispute in that state may end."""
    return ENDS.get(status, tuple(Outcome))


def add_to_dispute(
    session: Session, actor: Actor, *, number: str, notes: str | None = None, files: Sequence[tuple[str, bytes]] = ()
) -> Dispute:
    """A note, and files (name and content) that prove something. Also when it is closed: evidence may come late."""
    actor.require(Permission.RECORD_DISPUTE)
    dispute = visible_dispute(session, actor, number, lock=True)
    said = checks.text(notes, 1000)
    if said is None and not files:
        raise NothingToAdd
    if len(files) > _MOST_FILES:
        raise TooManyFiles(most=_MOST_FILES)
    event = record(
        session, actor, "dispute.evidence_kept" if files else "dispute.noted", entity=ENTITY, entity_id=dispute.number,
        customer_id=dispute.customer_id, notes=said, file=", ".join(name for name, _content in files) or None,
    )  # fmt: skip
    kept = [
        keep(
            session, entity=ENTITY, entity_id=dispute.id or 0, customer_id=dispute.customer_id, name=name,
            content=content, event_id=event.id,
        )
        for name, content in files
    ]  # fmt: skip
    _step(session, actor, dispute, event, said or ", ".join(one.name for one in kept))
    return dispute


def move_dispute(session: Session, actor: Actor, *, number: str, status: str, notes: str | None = None) -> Dispute:
    """Takes a dispute to the next state: in review, accepted or refused. A refusal says why."""
    dispute = _live(session, actor, number)
    if status not in next_of(dispute):
        raise NotNext(number=dispute.number)
    said = checks.reason(notes or "") if status == REFUSED else checks.text(notes, 1000)
    before, dispute.status = dispute.status, status
    event = _changed(session, actor, dispute, {"status": [before, status]}, said)
    if status != IN_REVIEW:
        tell(session, actor, dispute, RESOLVED, event.id)
    return dispute


def assign_dispute(
    session: Session, actor: Actor, *, number: str, owner_area: str | None, deadline_on: date | None,
    notes: str | None = None,
) -> Dispute:  # fmt: skip
    """Says who answers and until when."""
    dispute = _live(session, actor, number)
    area = checked_area(owner_area)
    if deadline_on is not None and deadline_on < dispute.opened_on:
        raise DeadlineBeforeOpening(deadline=deadline_on, opened=dispute.opened_on)
    changes: dict[str, list[Any]] = {
        name: [before, after]
        for name, before, after in (
            ("area", dispute.owner_area, area), ("deadline", dispute.deadline_on, deadline_on),
        )
        if before != after
    }  # fmt: skip
    if changes:
        dispute.owner_area, dispute.deadline_on = area, deadline_on
        _changed(session, actor, dispute, changes, checks.text(notes, 1000))
    return dispute


def close_dispute(
    session: Session, actor: Actor, *, number: str, outcome: str, closed_on: date, credit_note: str | None = None,
    notes: str | None = None,
) -> Dispute:  # fmt: skip
    """Ends a dispute: from `closed_on` its amount counts no more. A credit note is registered, and where needed
    approved, as any other; here it is named. Nothing else of the document changes."""
    dispute = _live(session, actor, number)
    if outcome not in outcomes_of(dispute.status):
        raise OutcomeDoesNotFit
    if not dispute.opened_on <= closed_on <= today():
        raise ClosedOutOfTime(first=dispute.opened_on, last=today())
    said = checks.reason(notes or "") if outcome == Outcome.REFUSED else checks.text(notes, 1000)
    note = _note(session, actor, dispute, credit_note) if outcome == Outcome.CREDIT_NOTE else None
    before = dispute.status
    dispute.status, dispute.outcome, dispute.closed_on = CLOSED, outcome, closed_on
    dispute.credit_note = note.number if note else None
    event = record(
        session, actor, "dispute.closed", entity=ENTITY, entity_id=dispute.number, customer_id=dispute.customer_id,
        changes={"status": [before, CLOSED]}, outcome=outcome, on=closed_on, document=dispute.credit_note, notes=said,
    )  # fmt: skip
    _step(session, actor, dispute, event, said)
    tell(session, actor, dispute, RESOLVED, event.id)
    return dispute


def _live(session: Session, actor: Actor, number: str) -> Dispute:
    actor.require(Permission.RECORD_DISPUTE)
    dispute = visible_dispute(session, actor, number, lock=True)
    if dispute.closed_on is not None:
        raise DisputeIsClosed(number=dispute.number, closed=dispute.closed_on)
    return dispute


def _note(session: Session, actor: Actor, dispute: Dispute, number: str | None) -> Document:
    """The credit note that settles it: of the same customer and currency, and not reversed."""
    if not (number or "").strip():
        raise CreditNoteMissing
    try:
        found = visible_document(session, actor, number or "")
    except DocumentNotFound:
        found = None
    wrong = found is None or (
        (found.kind, found.customer_id, found.currency)
        != (DocumentKind.CREDIT_NOTE, dispute.customer_id, dispute.currency)
    )
    if found is None or wrong or _is_reversed(session, found):
        raise NotItsCreditNote(number=number, currency=dispute.currency)
    return found


def _is_reversed(session: Session, document: Document) -> bool:
    whole = (col(Reversal.source) == Source.DOCUMENT, col(Reversal.source_id) == document.id)
    return session.scalar(select(col(Reversal.id)).where(*whole, col(Reversal.document_id).is_(None))) is not None


def _changed(
    session: Session, actor: Actor, dispute: Dispute, changes: dict[str, list[Any]], notes: str | None
) -> Recorded:
    event = record(
        session, actor, "dispute.changed", entity=ENTITY, entity_id=dispute.number, customer_id=dispute.customer_id,
        changes=changes, notes=notes,
    )  # fmt: skip
    _step(session, actor, dispute, event, notes)
    return event


def _step(session: Session, actor: Actor, dispute: Dispute, event: Recorded, notes: str | None) -> None:
    session.add(
        DisputeStep(
            dispute_id=dispute.id or 0, at=now(), user_name=actor.name, status=dispute.status, notes=notes,
            event_id=event.id,
        )
    )  # fmt: skip
    session.flush()
