"""Letters that were made, and what became of their e-mails."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.letters.models import Letter, LetterLine, LetterTemplate
from core.letters.running import KIND
from core.outbox.models import Message

Query = Select[*tuple[Any, ...]]


class LetterLook(NamedTuple):
    """A letter and its latest e-mail; `stage` is its tone. `last_error`: see `core.outbox.words.why_not`."""

    letter_id: int
    customer_id: int
    customer: str
    name: str
    run_on: date
    level: int
    stage: str
    language: str
    overdue: Decimal
    currency: str
    documents: int
    message_id: int | None
    to_address: str
    status: str | None
    sent_at: datetime | None
    last_error: str | None


class ListedLine(NamedTuple):
    """An instalment of a letter, as it was listed."""

    number: str
    due_on: date
    days: int
    open: Decimal
    disputed: Decimal
    amount: Decimal
    currency: str


def letters_made(
    session: Session, actor: Actor, *, start: date | None = None, end: date | None = None, customer: str | None = None,
    statuses: Sequence[str] = (), most: int = 5_000,
) -> list[LetterLook]:  # fmt: skip
    """The letters of a period to the customers whom `actor` sees, the latest day first, then by customer."""
    actor.require(Permission.VIEW_COLLECTION)
    found = _letters(actor)
    if start is not None:
        found = found.where(col(Letter.run_on) >= start)
    if end is not None:
        found = found.where(col(Letter.run_on) <= end)
    if customer:
        found = found.where(col(Customer.code) == customer)
    if statuses:
        found = found.where(col(Message.status).in_(statuses))
    ordered = found.order_by(col(Letter.run_on).desc(), col(Letter.customer_code), col(Letter.id)).limit(most)
    return [LetterLook(*row) for row in session.execute(ordered)]


def letters_of(session: Session, actor: Actor, customer_id: int) -> list[LetterLook]:
    """The letters to one customer, the latest first; none of a customer whom `actor` does not see."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = _letters(actor).where(col(Letter.customer_id) == customer_id)
    return [LetterLook(*row) for row in session.execute(found.order_by(col(Letter.run_on).desc(), col(Letter.id)))]


def _letters(actor: Actor) -> Query:
    listed = (
        select(func.count(col(LetterLine.document_id).distinct()))
        .where(col(LetterLine.letter_id) == col(Letter.id))
        .correlate(Letter)
        .scalar_subquery()
    )
    newest = (
        select(func.max(col(Message.copy_no)))
        .where(col(Message.kind) == KIND, col(Message.source_id) == col(Letter.id))
        .correlate(Letter)
        .scalar_subquery()
    )
    of_letter = and_(
        col(Message.kind) == KIND, col(Message.source_id) == col(Letter.id), col(Message.copy_no) == newest
    )  # fmt: skip
    return (
        select(
            col(Letter.id), col(Letter.customer_id), col(Letter.customer_code), col(Letter.customer_name),
            col(Letter.run_on), col(Letter.level), col(LetterTemplate.stage), col(Letter.language),
            col(Letter.overdue), col(Letter.currency), listed, col(Message.id), func.coalesce(Message.to_address, ""),
            col(Message.status), col(Message.sent_at), col(Message.last_error),
        )
        .join(Customer, col(Customer.id) == col(Letter.customer_id))
        .join(LetterTemplate, col(LetterTemplate.id) == col(Letter.template_id))
        .outerjoin(Message, of_letter)
        .where(visible_to(actor))
    )  # fmt: skip


def lines_listed(session: Session, actor: Actor, letter_id: int) -> list[ListedLine]:
    """What a letter lists, by due date and number."""
    actor.require(Permission.VIEW_PORTFOLIO)
    one = LetterLine
    found = (
        select(
            col(one.number),
            col(one.due_on),
            col(one.days),
            col(one.open),
            col(one.disputed),
            col(one.amount),
            col(one.currency),
        )
        .join(Letter, col(Letter.id) == col(one.letter_id))
        .join(Customer, col(Customer.id) == col(Letter.customer_id))
        .where(col(one.letter_id) == letter_id, visible_to(actor))
        .order_by(col(one.due_on), col(one.number), col(one.entry_id))
    )
    return [ListedLine(*row) for row in session.execute(found)]
