"""One promise with all that is known of it: the money that came, how it was judged, what it replaces."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.ledger.models import Application, Entry, Reversal, Side, Source
from core.promises.models import Promise, PromiseDocument, PromiseEnding, PromiseJudgement, PromiseStatus
from core.promises.queries import PromiseRow, Wanted, promises
from core.promises.recording import PromiseNotFound
from core.tables import plain_order


class Counts(StrEnum):
    """Whether money keeps the promise."""

    IN_TIME = "in_time"
    LATE = "late"
    UNDONE = "undone"


class Money(NamedTuple):
    """Money that came since the promise's window began. `document` None: a payment on account."""

    on: date
    payment: str
    document: str | None
    amount: Decimal
    counts: Counts
    undone_on: date | None


class Judgement(NamedTuple):
    """What an evaluation found changed."""

    as_of: date
    before: PromiseStatus
    status: PromiseStatus


class PromiseCard(NamedTuple):
    """One promise as it stands on a day. `replaces`, `replaced_by`: numbers of the promises before and after it."""

    row: PromiseRow
    money: list[Money]
    judgements: list[Judgement]
    ended_on: date | None
    reason: str | None
    replaces: str | None
    replaced_by: str | None
    collector: str  # in full
    made_by: str
    made_at: datetime


def promise_card(session: Session, actor: Actor, number: str, *, as_of: date) -> PromiseCard:
    """The promise of that number as it stands at `as_of`; PromiseNotFound when one may not see it or it is made
    later."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = promises(session, actor, as_of=as_of, wanted=Wanted(number=number))
    if not found:
        raise PromiseNotFound(number=number)
    row = found[0]
    before, after = aliased(Promise), aliased(Promise)
    history = session.execute(
        select(
            col(PromiseEnding.ended_on), col(PromiseEnding.reason), col(before.number), col(after.number),
            func.coalesce(func.nullif(col(User.full_name), ""), row.collector), col(AuditEvent.user_name),
            col(AuditEvent.at),
        )
        .select_from(Promise)
        .join(AuditEvent, col(AuditEvent.id) == col(Promise.event_id))
        .outerjoin(
            PromiseEnding, and_(col(PromiseEnding.promise_id) == col(Promise.id), col(PromiseEnding.ended_on) <= as_of)
        )
        .outerjoin(User, col(User.name) == row.collector)
        .outerjoin(before, col(before.id) == col(Promise.replaces_id))
        .outerjoin(after, col(after.replaces_id) == col(Promise.id))
        .where(col(Promise.id) == row.id)
    ).one()  # fmt: skip
    judged = session.execute(
        select(col(PromiseJudgement.as_of), col(PromiseJudgement.before), col(PromiseJudgement.status))
        .where(col(PromiseJudgement.promise_id) == row.id, col(PromiseJudgement.as_of) <= as_of)
        .order_by(col(PromiseJudgement.as_of), col(PromiseJudgement.id))
    )
    judgements = [Judgement(on, PromiseStatus(old), PromiseStatus(new)) for on, old, new in judged]
    money = _applied(session, row, as_of) if row.documents else _received(session, row, as_of)
    return PromiseCard(row, money, judgements, *history)


def _applied(session: Session, row: PromiseRow, as_of: date) -> list[Money]:
    charge, credit, undo = aliased(Entry), aliased(Entry), aliased(Application)
    found = session.execute(
        select(
            col(Application.applied_on), col(credit.number), col(charge.number), col(Application.amount),
            col(undo.applied_on),
        )
        .join(charge, col(charge.id) == col(Application.charge_id))
        .join(credit, col(credit.id) == col(Application.credit_id))
        .join(PromiseDocument, col(PromiseDocument.document_id) == col(charge.source_id))
        .outerjoin(undo, and_(col(undo.undoes_id) == col(Application.id), col(undo.applied_on) <= as_of))
        .where(
            col(PromiseDocument.promise_id) == row.id, col(charge.source) == Source.DOCUMENT,
            col(charge.side) == Side.CHARGE, col(Application.undoes_id).is_(None),
            col(Application.paid_on).is_not(None), col(Application.applied_on).between(row.starts_on, as_of),
        )
        .order_by(col(Application.applied_on), plain_order(col(credit.number)), plain_order(col(charge.number)))
    )  # fmt: skip
    return [Money(on, payment, document, amount, _counts(row, on, undone), undone)
            for on, payment, document, amount, undone in found]  # fmt: skip


def _received(session: Session, row: PromiseRow, as_of: date) -> list[Money]:
    reversed_ = and_(
        col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Entry.source_id),
        col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= as_of,
    )  # fmt: skip
    found = session.execute(
        select(col(Entry.paid_on), col(Entry.number), col(Entry.amount), col(Reversal.reversed_on))
        .outerjoin(Reversal, reversed_)
        .where(
            col(Entry.customer_id) == row.customer_id, col(Entry.currency) == row.currency,
            col(Entry.source) == Source.PAYMENT, col(Entry.paid_on) >= row.starts_on,
            col(Entry.booked_on).between(row.starts_on, as_of),
        )
        .order_by(col(Entry.paid_on), plain_order(col(Entry.number)))
    )  # fmt: skip
    return [Money(on, payment, None, amount, _counts(row, on, undone), undone) for on, payment, amount, undone in found]


def _counts(row: PromiseRow, on: date, undone_on: date | None) -> Counts:
    if undone_on is not None:
        return Counts.UNDONE
    return Counts.IN_TIME if on <= row.ends_on else Counts.LATE
