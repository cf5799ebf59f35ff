"""The agenda of a review meeting, made from the data of the day: what is worst, what was promised, what is not done."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from core.audit.events import plain
from core.auth.actor import Actor
from core.auth.names import called
from core.credit.blocks import in_force
from core.credit.models import Block
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.disputes.models import Dispute
from core.disputes.queries import live
from core.ledger.queries import open_parts
from core.money import total, zero
from core.portfolio.scope import Scope, blank, customers_in
from core.promises.models import Promise, PromiseStatus
from core.promises.standing import FAILED, standing
from core.supervision.models import Meeting, MeetingAgreement
from core.tasks.models import Task, TaskKind

#: So many rows a section; the meeting looks at the worst.
MOST = 10
BROKEN_DAYS, DUE_DAYS = 30, 7


class Section(StrEnum):
    """The parts of an agenda, in order."""

    PENDING = "pending"  # agreements of earlier meetings that are not done
    OVERDUE = "overdue"
    BROKEN = "broken"
    DUE = "due"
    BLOCKED = "blocked"
    DISPUTES = "disputes"


class Topic(NamedTuple):
    """One point: whose, how much, since or until when. `about`: a code, or a text that somebody typed."""

    section: Section
    customer_code: str | None
    customer: str | None
    who: str | None
    number: str | None
    amount: Decimal | None
    currency: str | None
    on: date | None
    about: str | None


def agenda(session: Session, actor: Actor, meeting: Meeting, *, as_of: date, currency: str) -> list[Topic]:
    """The points of a meeting as the data say on `as_of`; once it is closed, those that were kept. `currency`: the
    company's, in which what is overdue is told."""
    if meeting.agenda is not None:
        return kept(meeting.agenda)
    scope = Scope(region=meeting.region, segment=meeting.segment)
    return [
        *_pending(session, meeting), *_overdue(session, actor, scope, as_of, currency),
        *_promises(session, actor, scope, as_of, Section.BROKEN),
        *_promises(session, actor, scope, as_of, Section.DUE), *_blocked(session, actor, scope, as_of),
        *_disputes(session, actor, scope, as_of),
    ]  # fmt: skip


def to_keep(topics: Sequence[Topic]) -> str:
    """An agenda as it is kept when its meeting is closed."""
    return json.dumps([[plain(value) for value in one] for one in topics])


def kept(text: str) -> list[Topic]:
    """An agenda that was kept."""
    return [
        Topic(
            Section(section), code, customer, who, number, None if amount is None else Decimal(amount), currency,
            None if on is None else date.fromisoformat(on), about,
        )
        for section, code, customer, who, number, amount, currency, on, about in json.loads(text)
    ]  # fmt: skip


def _pending(session: Session, meeting: Meeting) -> list[Topic]:
    """What earlier meetings of the same part of the portfolio agreed and nobody has done."""
    its_task = (col(Task.kind) == TaskKind.MEETING) & (col(Task.source) == "meeting_agreement")
    rows = session.execute(
        select(col(MeetingAgreement.text), called(col(MeetingAgreement.owner)), col(MeetingAgreement.due_on))
        .join(Meeting, col(Meeting.id) == col(MeetingAgreement.meeting_id))
        .join(Task, its_task & (col(Task.source_id) == col(MeetingAgreement.id)))
        .where(
            col(Meeting.held_on) <= meeting.held_on,
            col(Meeting.id) != meeting.id,
            col(Task.done_on).is_(None),
            blank(Meeting.region) == (meeting.region or ""),
            blank(Meeting.segment) == (meeting.segment or ""),
        )
        .order_by(col(MeetingAgreement.due_on), col(MeetingAgreement.id))
        .limit(3 * MOST)
    )
    return [Topic(Section.PENDING, None, None, owner, None, None, None, on, text) for text, owner, on in rows]


def _overdue(session: Session, actor: Actor, scope: Scope, as_of: date, currency: str) -> list[Topic]:
    part = open_parts(session, as_of, customers_in(session, actor, scope))
    owed = (
        select(part.c.customer_id, total(part.c.base).label("overdue"), func.min(part.c.due_on).label("oldest"))
        .where(part.c.due_on < as_of)
        .group_by(part.c.customer_id)
        .having(func.sum(part.c.base) > 0)
        .subquery("owed")
    )
    rows = session.execute(
        select(
            col(Customer.code),
            col(Customer.legal_name),
            called(col(Customer.collector)),
            owed.c.overdue,
            owed.c.oldest,
        )
        .join(owed, owed.c.customer_id == col(Customer.id))
        .order_by(owed.c.overdue.desc(), col(Customer.code))
        .limit(MOST)
    )
    return [
        Topic(Section.OVERDUE, code, name, collector, None, overdue, currency, oldest, None)
        for code, name, collector, overdue, oldest in rows
    ]


def _promises(session: Session, actor: Actor, scope: Scope, as_of: date, section: Section) -> list[Topic]:
    """Broken ones of the last weeks, or pending ones of the next days: the largest first."""
    customers = customers_in(session, actor, scope)
    if section is Section.BROKEN:
        stands = standing(as_of, customers=customers, since=as_of - timedelta(days=BROKEN_DAYS))
        wanted: Any = stands.c.status.in_(FAILED)
    else:
        soon = [col(Promise.promised_on) <= as_of + timedelta(days=DUE_DAYS)]
        stands = standing(as_of, customers=customers, since=as_of, only=soon)
        wanted = stands.c.status == PromiseStatus.PENDING
    lacking = case((stands.c.paid < stands.c.amount, stands.c.amount - stands.c.paid), else_=zero())
    rows = session.execute(
        select(
            col(Customer.code), col(Customer.legal_name), called(col(Promise.collector)), stands.c.number, lacking,
            stands.c.currency, stands.c.promised_on, stands.c.status,
        )
        .select_from(stands)
        .join(Promise, col(Promise.id) == stands.c.promise_id)
        .join(Customer, col(Customer.id) == stands.c.customer_id)
        .where(wanted)
        .order_by(lacking.desc(), stands.c.number)
        .limit(MOST)
    )  # fmt: skip
    return [Topic(section, *row) for row in rows]


def _blocked(session: Session, actor: Actor, scope: Scope, as_of: date) -> list[Topic]:
    """Customers who may not buy on credit, or are with the lawyers: the latest first."""
    found = (
        select(
            col(Customer.code), col(Customer.legal_name), called(col(Customer.collector)), col(Block.code),
            col(Block.from_on), col(Block.reason),
        )
        .join(Customer, col(Customer.id) == col(Block.customer_id))
        .where(in_force(as_of), visible_to(actor), *_scoped(scope))
        .order_by(col(Block.from_on).desc(), col(Customer.code))
        .limit(MOST)
    )  # fmt: skip
    return [
        Topic(Section.BLOCKED, code, name, who, kind, None, None, on, reason)
        for code, name, who, kind, on, reason in session.execute(found)
    ]


def _disputes(session: Session, actor: Actor, scope: Scope, as_of: date) -> list[Topic]:
    """Disputes beyond their deadline, the oldest first."""
    found = (
        select(
            col(Customer.code), col(Customer.legal_name), func.coalesce(Dispute.owner_area, Dispute.opened_by),
            col(Dispute.number), col(Dispute.amount), col(Dispute.currency), col(Dispute.deadline_on),
            col(Dispute.reason),
        )
        .join(Customer, col(Customer.id) == col(Dispute.customer_id))
        .where(live(as_of), col(Dispute.deadline_on) < as_of, visible_to(actor), *_scoped(scope))
        .order_by(col(Dispute.deadline_on), col(Dispute.number))
        .limit(MOST)
    )  # fmt: skip
    return [Topic(Section.DISPUTES, *row) for row in session.execute(found)]


def _scoped(scope: Scope) -> list[Any]:
    asked = (("region", scope.region), ("segment", scope.segment))
    return [blank(getattr(Customer, name)) == wanted for name, wanted in asked if wanted is not None]
