"""Opening a dispute: what the customer questions of one document, and who has until when to answer."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now, today
from core.customers.visibility import visible_customer
from core.disputes.models import Dispute, DisputeStep
from core.disputes.notices import OPENED, tell
from core.disputes.queries import live, open_of
from core.disputes.reasons import AREAS, REASONS
from core.documents import checks
from core.documents.applying import OfAnotherCustomer
from core.documents.finding import visible_document
from core.documents.models import Document, DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.money import ZERO, total
from core.policies.settings import parse_days, setting

SERIES = "AC"


class UnknownDisputeReason(DomainError):
    message = N_("El motivo «{reason}» no está en el catálogo de aclaraciones. Elija uno de la lista.")


class UnknownArea(DomainError):
    message = N_("El área «{area}» no está en la lista. Elija una de ella.")


class OnlyChargesDisputed(DomainError):
    message = N_("«{number}» es una nota de crédito: se aclara una factura o nota de cargo.")


class OpenedOutOfTime(DomainError):
    message = N_("La aclaración se abre entre el {first}, fecha del documento, y el {last}. Cambie la fecha.")


class MoreThanOpen(DomainError):
    message = N_("De «{number}» se pueden aclarar hasta {left}: lo abierto que nadie aclara todavía. Baje el importe.")


class DeadlineBeforeOpening(DomainError):
    message = N_("El plazo ({deadline}) no puede ser anterior a la fecha de la aclaración ({opened}).")


def open_dispute(
    session: Session, actor: Actor, *, customer_id: int, document: str, amount: Decimal, opened_on: date, reason: str,
    details: str | None = None, owner_area: str | None = None, deadline_on: date | None = None,
    submission: str | None = None,
) -> Dispute:  # fmt: skip
    """Opens a dispute about `document` (its number); the area and the days are those of its reason unless given.

    The same form (`submission`) twice is one dispute. The document's due dates stay what they are.
    """
    actor.require(Permission.RECORD_DISPUTE)
    customer = visible_customer(session, actor, customer_id, lock=True)
    if submission and (done := session.scalar(select(Dispute).where(col(Dispute.submission) == submission))):
        return done
    if reason not in REASONS:
        raise UnknownDisputeReason(reason=reason)
    area = checked_area(owner_area) or REASONS[reason].area
    paper = visible_document(session, actor, document)
    if paper.customer_id != customer_id:
        raise OfAnotherCustomer(number=paper.number, customer=customer.legal_name)
    _check_charge(paper, opened_on)
    amount = checks.amount(amount)
    if amount > (left := disputable(session, paper, opened_on)):
        raise MoreThanOpen(number=paper.number, left=left)
    deadline = deadline_on or opened_on + timedelta(days=days_to_answer(session)[reason])
    if deadline < opened_on:
        raise DeadlineBeforeOpening(deadline=deadline, opened=opened_on)
    [id_] = db.reserve_ids(session, Dispute, 1)
    number = _numbered(session, id_)
    event = record(
        session, actor, "dispute.opened", entity="dispute", entity_id=number, customer_id=customer_id,
        document=paper.number, amount=amount, currency=paper.currency, date=opened_on, reason=reason, area=area,
        deadline=deadline,
    )  # fmt: skip
    made = Dispute(
        id=id_, number=number, customer_id=customer_id, document_id=paper.id or 0, currency=paper.currency,
        amount=amount, opened_on=opened_on, reason=reason, details=checks.text(details, 1000), owner_area=area,
        deadline_on=deadline, opened_by=actor.name, submission=submission, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(
        DisputeStep(
            dispute_id=id_, at=now(), user_name=actor.name, status=made.status, notes=made.details, event_id=event.id
        )
    )
    session.flush()
    tell(session, actor, made, OPENED, event.id)
    return made


def disputable(session: Session, document: Document, on: date) -> Decimal:
    """What of a document may still be disputed on a day: what is open of it then, less what is disputed already."""
    taken = session.scalar(select(total(col(Dispute.amount))).where(col(Dispute.document_id) == document.id, live(on)))
    return max(open_of(session, document.id or 0, on) - (taken or ZERO), ZERO)


def left_to_dispute(session: Session, actor: Actor, number: str, on: date) -> Decimal:
    """As `disputable`, of the document of a number. Raises DocumentNotFound."""
    actor.require(Permission.VIEW_PORTFOLIO)
    return disputable(session, visible_document(session, actor, number), on)


def days_to_answer(session: Session) -> dict[str, int]:
    """In how many days each reason is to be answered."""
    return parse_days(setting(session, "disputes.days"))


def _check_charge(document: Document, opened_on: date) -> None:
    if not DocumentKind(document.kind).is_charge:
        raise OnlyChargesDisputed(number=document.number)
    if not document.issued_on <= opened_on <= today():
        raise OpenedOutOfTime(first=document.issued_on, last=today())


def _numbered(session: Session, id_: int) -> str:
    """The number of a new dispute follows its id (`AC-000123`), and steps aside where an imported one bears it."""
    for attempt in count(1):
        number = f"{SERIES}-{id_:06d}" if attempt == 1 else f"{SERIES}-{id_:06d}-{attempt}"
        if session.scalar(select(col(Dispute.id)).where(col(Dispute.number) == number)) is None:
            return number
    raise AssertionError("unreachable: count() never ends")


def checked_area(area: str | None) -> str | None:
    """An area of the list, or None; UnknownArea otherwise."""
    if area and area not in AREAS:
        raise UnknownArea(area=area)
    return area or None
