"""Keeping a comparison as a reconciliation, and working on it until it is signed: causes and agreements."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.attachments.keeping import keep
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.errors import DomainError
from core.i18n import N_
from core.money import ZERO, cents
from core.reconciliations.comparing import Comparison, compare
from core.reconciliations.kinds import Cause, Party
from core.reconciliations.matching import Line, Theirs
from core.reconciliations.models import Reconciliation, ReconciliationAgreement, ReconciliationLine

ENTITY = "reconciliation"
MOST_REMARK, MOST_TEXT = 500, 250


class ReconciliationNotFound(DomainError):
    message = N_("Esa conciliación no está entre las que usted puede ver. Cargue la página de nuevo.")


class SignedAlready(DomainError):
    message = N_("La minuta {number} ya está firmada y no se cambia. Haga otra conciliación con un corte nuevo.")


class DiscardedAlready(DomainError):
    message = N_("La conciliación {number} está descartada y no se cambia.")


class LineNotThere(DomainError):
    message = N_("Ese renglón no es de esta conciliación. Cargue la página de nuevo.")


class CauseDoesNotFit(DomainError):
    message = N_("El renglón tiene diferencia: «Coincide» no la explica. Elija otra causa.")


class TextMissing(DomainError):
    message = N_("Escriba qué se acordó y quién lo hará.")


class TextTooLong(DomainError):
    message = N_("El texto es demasiado largo: caben {most} caracteres.")


class DueBeforeCut(DomainError):
    message = N_("La fecha del acuerdo ({due_on}) es anterior a hoy. Corríjala.")


class AmountNotPositive(DomainError):
    message = N_("El importe prometido debe ser mayor que 0.00.")


class OwnerNotFound(DomainError):
    message = N_("No hay un usuario activo «{name}». Elija a otra persona.")


def save(
    session: Session, actor: Actor, *, customer_id: int, currency: str, cut_on: date, today: date,
    theirs: Sequence[Theirs], file: tuple[str, bytes], submission: str | None = None,
) -> Reconciliation:  # fmt: skip
    """Compares and keeps it, lines frozen, with the customer's file (name, content). A repeated `submission` returns
    the first."""
    if submission:
        done: Reconciliation | None = session.scalar(
            select(Reconciliation).where(col(Reconciliation.submission) == submission)
        )
        if done is not None:
            return done
    found = compare(
        session, actor, customer_id=customer_id, currency=currency, cut_on=cut_on, today=today, theirs=theirs
    )
    [made_id] = db.reserve_ids(session, Reconciliation, 1)
    number = f"CON-{made_id:05d}"
    event = record(
        session, actor, "reconciliation.made", entity=ENTITY, entity_id=number, customer_id=customer_id,
        on=cut_on, currency=currency, ours=found.our_balance, theirs=found.their_balance, file=file[0],
    )  # fmt: skip
    made = Reconciliation(
        id=made_id, number=number, customer_id=customer_id, currency=currency, cut_on=cut_on, file_name=file[0][:200],
        our_balance=found.our_balance, their_balance=found.their_balance, made_by=actor.name, made_on=today,
        submission=submission, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _write_lines(session, made_id, found)
    keep(
        session, entity=ENTITY, entity_id=made_id, customer_id=customer_id, name=file[0], content=file[1],
        event_id=event.id,
    )  # fmt: skip
    return made


def judge_line(
    session: Session, actor: Actor, *, reconciliation_id: int, line_id: int, cause: Cause, remark: str = ""
) -> ReconciliationLine:
    """Another cause than the one found, or a remark; what was found stays beside it."""
    one = draft(session, actor, reconciliation_id)
    line = session.scalar(
        select(ReconciliationLine).where(
            col(ReconciliationLine.id) == line_id, col(ReconciliationLine.reconciliation_id) == reconciliation_id
        )
    )
    if line is None:
        raise LineNotThere
    remark = _text(remark, MOST_REMARK)
    if cause is Cause.AGREES and line.difference != ZERO:
        raise CauseDoesNotFit
    if (line.cause, line.remark or "") == (cause, remark):
        return line
    paper = line.our_number or line.their_number
    record(
        session, actor, "reconciliation.line_judged", entity=ENTITY, entity_id=one.number,
        customer_id=one.customer_id, document=paper, before=line.cause, after=cause.value, remark=remark,
    )  # fmt: skip
    line.cause, line.remark = cause, remark or None
    session.flush()
    return line


def agree(
    session: Session, actor: Actor, *, reconciliation_id: int, party: Party, owner: str, text: str, today: date,
    due_on: date, amount: Decimal | None = None, document: str | None = None,
) -> ReconciliationAgreement:  # fmt: skip
    """An agreement of the minute: of ours, `owner` is a user and it becomes a task; of theirs, with an amount it
    becomes a promise, else a task to follow it up. All of them when the minute is signed."""
    one = draft(session, actor, reconciliation_id)
    owner, text = _text(owner, 120), _text(text, MOST_TEXT)
    if not owner or not text:
        raise TextMissing
    if due_on < today:
        raise DueBeforeCut(due_on=due_on)
    if amount is not None and amount <= ZERO:
        raise AmountNotPositive
    if party is Party.US and not session.scalar(select(col(User.id)).where(col(User.name) == owner, col(User.active))):
        raise OwnerNotFound(name=owner)
    if party is Party.THEM and amount is not None:
        actor.require(Permission.RECORD_PROMISE)
    event = record(
        session, actor, "reconciliation.agreed", entity=ENTITY, entity_id=one.number, customer_id=one.customer_id,
        text=text, owner=owner, due_on=due_on, amount=amount,
    )  # fmt: skip
    made = ReconciliationAgreement(
        reconciliation_id=reconciliation_id, party=party, owner=owner, text=text, due_on=due_on,
        amount=amount if party is Party.THEM else None, document=document or None, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def withdraw_agreement(session: Session, actor: Actor, *, reconciliation_id: int, agreement_id: int) -> None:
    """Takes an agreement out of the minute before it is signed."""
    one = draft(session, actor, reconciliation_id)
    found = session.get(ReconciliationAgreement, agreement_id)
    if found is None or found.reconciliation_id != reconciliation_id:
        raise LineNotThere
    if found.withdrawn:
        return
    found.withdrawn = True
    record(
        session, actor, "reconciliation.agreement_withdrawn", entity=ENTITY, entity_id=one.number,
        customer_id=one.customer_id, text=found.text,
    )  # fmt: skip


def discard(session: Session, actor: Actor, *, reconciliation_id: int, today: date) -> Reconciliation:
    """Leaves a reconciliation aside that nobody will sign; it stays in the history."""
    one = draft(session, actor, reconciliation_id)
    one.discarded_on = today
    record(session, actor, "reconciliation.discarded", entity=ENTITY, entity_id=one.number, customer_id=one.customer_id)
    return one


def draft(session: Session, actor: Actor, reconciliation_id: int) -> Reconciliation:
    """One that may still be worked on, locked; SignedAlready or DiscardedAlready when it is over."""
    actor.require(Permission.RECONCILE)
    one = session.scalar(
        select(Reconciliation)
        .join(Customer, col(Customer.id) == col(Reconciliation.customer_id))
        .where(col(Reconciliation.id) == reconciliation_id, visible_to(actor))
        .with_for_update(of=Reconciliation)
        .execution_options(populate_existing=True)
    )
    if one is None:
        raise ReconciliationNotFound
    if one.signed_on is not None:
        raise SignedAlready(number=one.number)
    if one.discarded_on is not None:
        raise DiscardedAlready(number=one.number)
    return one


def _write_lines(session: Session, made_id: int, found: Comparison) -> None:
    columns = (
        "reconciliation_id", "place", "our_number", "our_kind", "our_on", "our_amount", "their_row", "their_number",
        "their_on", "their_amount", "difference", "matched_by", "evidence", "found_cause", "cause",
    )  # fmt: skip
    db.insert_many(
        session, ReconciliationLine, columns,
        [(made_id, place, *_written(line)) for place, line in enumerate(found.lines, 1)],
    )  # fmt: skip


def _written(line: Line) -> tuple[object, ...]:
    ours, theirs = line.ours, line.theirs
    mine = (ours.number, ours.kind, ours.on) if ours else (None, None, None)
    their = (theirs.row, theirs.number, theirs.on) if theirs else (None, None, None)
    return (
        *mine, cents(line.our_amount), *their, cents(line.their_amount), cents(line.difference),
        line.matched_by, line.evidence, line.cause.value, line.cause.value,
    )  # fmt: skip


def _text(text: str, most: int) -> str:
    plain = " ".join(text.split())
    if len(plain) > most:
        raise TextTooLong(most=most)
    return plain
