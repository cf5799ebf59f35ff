"""Cases as screens list them: by stage, what waits, what may be handed over, hearings ahead, agencies."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents.models import Document
from core.ledger.models import Entry, Side, Source
from core.legal.models import (
    Agency,
    Case,
    CaseStep,
    HandOver,
    HandOverDocument,
    HandOverState,
    Stage,
    StepKind,
)
from core.money import ZERO, Money, total, zero
from core.tables import plain_order


class CaseRow(NamedTuple):
    """A case in the list, one row a currency of what was handed over last; `stage` None: only proposed so far."""

    number: str
    customer_code: str
    customer: str
    collector: str | None
    stage: str | None
    since: date | None
    agency: str | None
    lawyer: str | None
    currency: str
    handed: Decimal
    open_now: Decimal
    waiting: str | None  # the stage that waits for approval
    hearing_on: date | None
    prescribes_on: date | None


class WaitingRow(NamedTuple):
    """A hand-over that waits for its decision."""

    hand_over_id: int
    case: str
    customer_code: str
    customer: str
    stage: str
    agency: str | None
    reason: str
    proposed_on: date
    proposed_by: str
    documents: int
    currency: str
    amount: Decimal


class OpenRow(NamedTuple):
    """A document that may be handed over."""

    number: str
    due_on: date
    days: int
    currency: str
    open: Decimal


class HearingRow(NamedTuple):
    """A hearing that is to come."""

    on_day: date
    at_time: str | None
    place: str | None
    what: str
    case: str
    customer_code: str
    customer: str
    lawyer: str | None


class AgencyRow(NamedTuple):
    """An agency of the catalogue."""

    agency_id: int
    name: str
    contact: str | None
    phone: str | None
    email: str | None
    commission_pct: Decimal
    active: bool


def cases(
    session: Session, actor: Actor, *, as_of: date, stage: Stage | None = None, customer: str | None = None
) -> list[CaseRow]:
    """Cases that are out of internal collection or wait for it, of the customers one sees; with `stage` internal,
    those that came back. `customer`: all of a customer's, whatever their stage. Those that wait come first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    last, waits = aliased(HandOver), aliased(HandOver)
    shown = func.coalesce(col(last.id), col(waits.id))
    amounts = _amounts()
    found = (
        select(
            col(Case.number), col(Customer.code), col(Customer.legal_name), called(col(Customer.collector)),
            col(last.stage), col(last.from_on), col(Agency.name), col(Case.lawyer), amounts.c.currency,
            amounts.c.handed, amounts.c.open_now, col(waits.stage), _next_hearing(as_of), col(Case.prescribes_on),
        )
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .outerjoin(last, col(last.id) == _last_approved())
        .outerjoin(waits, and_(col(waits.case_id) == col(Case.id), col(waits.state) == HandOverState.WAITING))
        .outerjoin(amounts, amounts.c.hand_over_id == shown)
        .outerjoin(Agency, col(Agency.id) == col(last.agency_id))
        .where(visible_to(actor), or_(col(last.id).is_not(None), col(waits.id).is_not(None)))
        .order_by(col(waits.id).is_(None), col(last.from_on).desc(), col(Case.id).desc(), amounts.c.currency)
    )  # fmt: skip
    if customer is not None:
        found = found.where(col(Customer.code) == customer)
    elif stage is not None:
        found = found.where(col(last.stage) == stage)
    else:
        found = found.where(or_(col(last.stage) != Stage.INTERNAL, col(waits.id).is_not(None)))
    rows = session.execute(found).all()
    return [CaseRow(*(blank if value is None else value for value, blank in zip(row, _BLANK, strict=True)))
            for row in rows]  # fmt: skip


#: What stands where a case has nothing: before its first list there is no currency and no amount.
_BLANK: tuple[Any, ...] = (*([None] * 8), "", ZERO, ZERO, *([None] * 3))


def _last_approved() -> Any:
    one = aliased(HandOver)
    return (
        select(func.max(col(one.id)))
        .where(col(one.case_id) == col(Case.id), col(one.state) == HandOverState.APPROVED)
        .correlate(Case)
        .scalar_subquery()
    )


def _amounts() -> Any:
    """Of each hand-over and currency: what was handed (or is proposed), and what is open of it now."""
    left = (
        select(col(Entry.source_id).label("document_id"), func.sum(col(Entry.open)).label("open_now"))
        .where(col(Entry.source) == Source.DOCUMENT, col(Entry.side) == Side.CHARGE, col(Entry.open) > 0)
        .where(col(Entry.source_id).in_(select(col(HandOverDocument.document_id))))
        .group_by(col(Entry.source_id))
        .subquery("left")
    )
    given = func.coalesce(col(HandOverDocument.handed), col(HandOverDocument.proposed), type_=Money())
    return (
        select(
            col(HandOverDocument.hand_over_id), col(HandOverDocument.currency), total(given).label("handed"),
            total(left.c.open_now).label("open_now"), func.count().label("documents"),
        )
        .outerjoin(left, left.c.document_id == col(HandOverDocument.document_id))
        .group_by(col(HandOverDocument.hand_over_id), col(HandOverDocument.currency))
        .subquery("amounts")
    )  # fmt: skip


def _next_hearing(as_of: date) -> Any:
    return (
        select(func.min(col(CaseStep.on_day)))
        .where(
            col(CaseStep.case_id) == col(Case.id), col(CaseStep.kind) == StepKind.HEARING,
            col(CaseStep.on_day) >= as_of, col(CaseStep.result_on).is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )  # fmt: skip


def waiting_hand_overs(session: Session, actor: Actor) -> list[WaitingRow]:
    """Hand-overs that wait for a decision, the oldest first; one row a currency."""
    actor.require(Permission.VIEW_COLLECTION)
    amounts = _amounts()
    rows = session.execute(
        select(
            col(HandOver.id), col(Case.number), col(Customer.code), col(Customer.legal_name), col(HandOver.stage),
            col(Agency.name), col(HandOver.reason), col(HandOver.proposed_on), col(HandOver.proposed_by),
            amounts.c.documents, amounts.c.currency, amounts.c.handed,
        )
        .join(Case, col(Case.id) == col(HandOver.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .join(amounts, amounts.c.hand_over_id == col(HandOver.id))
        .outerjoin(Agency, col(Agency.id) == col(HandOver.agency_id))
        .where(visible_to(actor), col(HandOver.state) == HandOverState.WAITING)
        .order_by(col(HandOver.id), amounts.c.currency)
    )  # fmt: skip
    return [WaitingRow(*row) for row in rows]


def open_to_hand(session: Session, actor: Actor, *, customer_id: int, as_of: date) -> list[OpenRow]:
    """The customer's documents with something open now, the oldest due first."""
    actor.require(Permission.VIEW_COLLECTION)
    visible_customer(session, actor, customer_id)
    due_on = func.min(col(Entry.due_on))
    rows = session.execute(
        select(col(Document.number), due_on, col(Document.currency), total(col(Entry.open)))
        .join(Entry, and_(col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == col(Document.id)))
        .where(col(Entry.customer_id) == customer_id, col(Entry.side) == Side.CHARGE, col(Entry.open) > zero())
        .group_by(col(Document.id), col(Document.number), col(Document.currency))
        .order_by(due_on, plain_order(col(Document.number)))
    )
    return [OpenRow(row[0], row[1], max(0, (as_of - row[1]).days), row[2], row[3]) for row in rows]


def hearings(session: Session, actor: Actor, *, as_of: date, days: int = 28) -> list[HearingRow]:
    """Hearings of the next days without result, the first first."""
    actor.require(Permission.VIEW_COLLECTION)
    rows = session.execute(
        select(
            col(CaseStep.on_day), col(CaseStep.at_time), col(CaseStep.place), col(CaseStep.what), col(Case.number),
            col(Customer.code), col(Customer.legal_name), col(Case.lawyer),
        )
        .join(Case, col(Case.id) == col(CaseStep.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(
            visible_to(actor), col(CaseStep.kind) == StepKind.HEARING, col(CaseStep.result_on).is_(None),
            col(CaseStep.on_day).between(as_of, as_of + timedelta(days=days)),
        )
        .order_by(col(CaseStep.on_day), func.coalesce(col(CaseStep.at_time), ""), col(CaseStep.id))
    )  # fmt: skip
    return [HearingRow(*row) for row in rows]


def agencies(session: Session, actor: Actor, *, active_only: bool = False) -> list[AgencyRow]:
    """The catalogue of agencies, by name."""
    actor.require(Permission.VIEW_COLLECTION)
    wanted = select(Agency).order_by(plain_order(col(Agency.name)))
    if active_only:
        wanted = wanted.where(col(Agency.active))
    return [
        AgencyRow(one.id or 0, one.name, one.contact, one.phone, one.email, one.commission_pct, one.active)
        for one in session.scalars(wanted)
    ]
