"""What papers have in common before they are written: amounts, numbers, texts, and that somebody else looks on."""

from decimal import Decimal
from itertools import count

from sqlmodel import Session, SQLModel

from core.audit.models import AuditEvent
from core.auth.actor import Actor
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Source
from core.ledger.posting import Batch, NumberTaken
from core.money import MAX_AMOUNT, rounded


class AmountNotValid(DomainError):
    message = N_("El importe debe ser mayor que 0.00 y no pasar de {most}, con dos decimales.")


class NumberNotValid(DomainError):
    message = N_("«{number}» no sirve como número: de 1 a 60 caracteres, sin «:» ni «;».")


class TextTooLong(DomainError):
    message = N_("«{text}…» es demasiado largo: caben {most} caracteres.")


class ReasonMissing(DomainError):
    message = N_("Escriba el motivo.")


class OwnWork(DomainError):
    message = N_("«{number}» lo registró usted: quien registra no reversa. Pídalo a otra persona con permiso.")


def amount(value: Decimal) -> Decimal:
    """An amount that a paper may have: above 0, two decimals; AmountNotValid if not."""
    if not value.is_finite() or not 0 < value <= MAX_AMOUNT or value != rounded(value):
        raise AmountNotValid(most=MAX_AMOUNT)
    return rounded(value)


def text(value: str | None, most: int) -> str | None:
    """A text without blanks around it, None when nothing is left; TextTooLong rather than cut."""
    tidy = (value or "").strip()
    if len(tidy) > most:
        raise TextTooLong(text=tidy[:30], most=most)
    return tidy or None


def reason(value: str) -> str:
    """A reason that is there; ReasonMissing if not."""
    found = text(value, 250)
    if found is None:
        raise ReasonMissing
    return found


def numbered(
    batch: Batch, model: type[SQLModel], source: Source, prefix: str, given: str | None, *, lines: int = 0
) -> tuple[int, str]:
    """Reserves the ids of a new paper and of its event (`batch.event_id`), and its number: the one that was given,
    else the next of our own series.

    The series follows the ids (`P-000123`), and steps aside (`P-000123-2`) where an imported paper has that name.
    """
    [id_], [batch.event_id] = batch.reserve((model, 1), (AuditEvent, 1), entries=1, applications=lines)
    if given is not None and given.strip():
        number = given.strip()
        if len(number) > 60 or ":" in number or ";" in number:
            raise NumberNotValid(number=number[:60])
        batch.claim(number, source, id_)
        return id_, number
    for attempt in count(1):
        number = f"{prefix}-{id_:06d}" if attempt == 1 else f"{prefix}-{id_:06d}-{attempt}"
        try:
            batch.claim(number, source, id_)
        except NumberTaken:
            continue
        return id_, number
    raise AssertionError("unreachable: count() never ends")


def require_somebody_else(session: Session, actor: Actor, event_id: int, number: str) -> None:
    """Refuses the one who made the write `event_id`: who registers does not reverse."""
    event = session.get_one(AuditEvent, event_id)
    if (event.user_id, event.user_name) == (actor.user_id, actor.name):
        raise OwnWork(number=number)
