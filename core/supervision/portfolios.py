"""Portfolios of collectors: how heavy each is, whose customers go to whom, and what it would be like afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import CTE, case, func, select, update
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.auth.names import called
from core.customers.assigning import Move, assign_collectors
from core.customers.models import Customer, CustomerChange
from core.customers.queries import collectors_for, found_by
from core.customers.visibility import visible_customer, visible_to
from core.ledger.queries import open_parts
from core.money import ZERO, total, zero
from core.portfolio.scope import Scope, blank, customers_in
from core.promises.models import PromiseStatus
from core.promises.standing import standing
from core.supervision.rules import share_out
from core.tables import among
from core.tasks.models import Task
from core.tasks.raising import notify

VERY_LATE = 90


class Load(NamedTuple):
    """What a collector carries, in company currency; `collector` "": what nobody has. `late`: customers overdue."""

    collector: str
    name: str
    customers: int
    late: int
    balance: Decimal
    overdue: Decimal
    very_late: Decimal
    promises: int


class Candidate(NamedTuple):
    """A customer who may be given to somebody else; amounts in company currency."""

    id: int
    code: str
    legal_name: str
    region: str | None
    segment: str | None
    collector: str | None
    balance: Decimal
    overdue: Decimal
    very_late: Decimal
    oldest_due_on: date | None
    collector_name: str | None


class Assigned(NamedTuple):
    """One change of a customer's collector, the latest first."""

    at: datetime
    user: str
    before: str | None
    after: str | None
    reason: str | None


def loads(session: Session, actor: Actor, *, as_of: date) -> list[Load]:
    """Each collector's portfolio among the customers one sees, the heaviest first; who has none comes too."""
    actor.require(Permission.SUPERVISE)
    owed = _owed(session, actor, as_of)
    having = col(Customer.id) == owed.c.customer_id
    collector = blank(Customer.collector)
    late = case((owed.c.overdue > zero(), 1), else_=0)
    rows = session.execute(
        select(
            collector, func.count(), func.coalesce(func.sum(late), 0), total(owed.c.balance), total(owed.c.overdue),
            total(owed.c.very_late),
        )
        .select_from(Customer).outerjoin(owed, having).where(visible_to(actor)).group_by(collector)
    )  # fmt: skip
    names = _names(session)
    promised = _promised(session, actor, as_of)
    found = {
        key: Load(key, names.get(key, key), count, int(lates), balance, overdue, very_late, promised.get(key, 0))
        for key, count, lates, balance, overdue, very_late in rows
    }
    for name, full_name in collectors_for(session, actor).items():
        found.setdefault(name, _empty(name, full_name))
    return sorted(found.values(), key=lambda one: (-one.overdue, one.collector))


def candidates(
    session: Session, actor: Actor, *, as_of: date, collector: str | None = None, region: str | None = None,
    segment: str | None = None, text: str = "", least_overdue: Decimal | None = None, limit: int = 500,
) -> list[Candidate]:  # fmt: skip
    """Customers by what is overdue, the most first. `collector` "": those whom nobody has."""
    actor.require(Permission.SUPERVISE)
    owed = _owed(session, actor, as_of)
    overdue = func.coalesce(owed.c.overdue, zero(), type_=zero().type)
    found = (
        select(
            col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.region),
            col(Customer.segment), col(Customer.collector),
            func.coalesce(owed.c.balance, zero(), type_=zero().type), overdue,
            func.coalesce(owed.c.very_late, zero(), type_=zero().type), owed.c.oldest_due_on,
            called(col(Customer.collector)),
        )
        .outerjoin(owed, owed.c.customer_id == col(Customer.id))
        .where(visible_to(actor))
        .order_by(overdue.desc(), col(Customer.code))
        .limit(limit)
    )  # fmt: skip
    for name, wanted in (("collector", collector), ("region", region), ("segment", segment)):
        if wanted is not None:
            found = found.where(blank(getattr(Customer, name)) == wanted)
    if text.strip():
        found = found.where(found_by(text))
    if least_overdue is not None:
        found = found.where(overdue >= least_overdue)
    return [Candidate(*row) for row in session.execute(found)]


def planned(chosen: Sequence[Candidate], targets: Sequence[str], now: Sequence[Load]) -> list[Move]:
    """Who would get whom: one target gets all; of several, each the next heaviest while it has the least overdue.

    What the targets already have of those chosen is shared out anew.
    """
    kept = {one.collector: one.overdue for one in now if one.collector in targets}
    weights = {name: kept.get(name, ZERO) for name in targets}
    for one in chosen:
        if one.collector in weights:
            weights[one.collector] -= one.overdue
    given = share_out([(one.id, one.overdue) for one in chosen], weights)
    return [Move(one.id, one.collector, given[one.id]) for one in chosen]


def afterwards(now: Sequence[Load], chosen: Sequence[Candidate], moves: Sequence[Move]) -> list[Load]:
    """The portfolios as they would be; promises go with their customers and are counted anew once it is saved."""
    found = {one.collector: one for one in now}
    by_id = {one.id: one for one in chosen}
    for move in moves:
        for name, sign in ((move.before or "", -1), (move.after, 1)):
            found[name] = _carrying(
                found.get(name) or Load(name, name, 0, 0, ZERO, ZERO, ZERO, 0), by_id[move.customer_id], sign
            )
    return sorted(found.values(), key=lambda one: (-one.overdue, one.collector))


def _empty(name: str, full_name: str) -> Load:
    return Load(name, full_name, 0, 0, ZERO, ZERO, ZERO, 0)


def _carrying(load: Load, one: Candidate, sign: int) -> Load:
    return load._replace(
        customers=load.customers + sign, late=load.late + (sign if one.overdue > 0 else 0),
        balance=load.balance + sign * one.balance, overdue=load.overdue + sign * one.overdue,
        very_late=load.very_late + sign * one.very_late,
    )  # fmt: skip


def reassign(session: Session, actor: Actor, *, moves: Sequence[Move], reason: str) -> int:
    """Gives customers to other collectors in one write; what is still to be done about them goes along, and the new
    collectors are told. Who sees whom follows at once."""
    count, event = assign_collectors(session, actor, moves=moves, reason=reason)
    by: dict[tuple[str, str], list[int]] = {}
    for one in moves:
        if (one.before or "") != one.after:
            by.setdefault((one.before or "", one.after), []).append(one.customer_id)
    for (before, after), ids in by.items():
        if before:
            session.execute(
                update(Task)
                .where(among(col(Task.customer_id), ids), col(Task.assigned_to) == before, col(Task.done_on).is_(None))
                .values(assigned_to=after)
            )
    for name in sorted({after for _before, after in by}):
        given = sum(len(ids) for (_before, after), ids in by.items() if after == name)
        notify(
            session, user_name=name, kind="customers_assigned", source="portfolio", source_id=event.id,
            event_id=event.id, by=actor.full_name or actor.name, count=given, reason=reason.strip(),
        )  # fmt: skip
    return count


def collectors_of(session: Session, actor: Actor, customer_id: int) -> list[Assigned]:
    """Every collector whom a customer has had, by whom and why it changed."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    rows = session.execute(
        select(CustomerChange, AuditEvent)
        .join(AuditEvent, col(AuditEvent.id) == col(CustomerChange.event_id))
        .where(col(CustomerChange.customer_id) == customer_id, col(CustomerChange.field) == "collector")
        .order_by(col(CustomerChange.id).desc())
        .limit(200)
    )
    return [
        Assigned(
            event.at, event.user_name, change.before, change.after,
            event.facts.get("reason") or event.facts.get("file"),
        )
        for change, event in rows
    ]  # fmt: skip


def _owed(session: Session, actor: Actor, as_of: date) -> CTE:
    """What each customer owes in company currency: balance (credits taken off), overdue, and late for long."""
    part = open_parts(session, as_of, customers_in(session, actor, Scope()))
    credit = part.c.due_on.is_(None)
    very = date.fromordinal(as_of.toordinal() - VERY_LATE)
    return (
        select(
            part.c.customer_id,
            total(case((credit, -part.c.base), else_=part.c.base)).label("balance"),
            total(case((part.c.due_on < as_of, part.c.base), else_=zero())).label("overdue"),
            total(case((part.c.due_on < very, part.c.base), else_=zero())).label("very_late"),
            func.min(part.c.due_on).label("oldest_due_on"),
        )
        .group_by(part.c.customer_id)
        .cte("owed")
    )  # fmt: skip


def _promised(session: Session, actor: Actor, as_of: date) -> dict[str, int]:
    """Promises that are pending, by the collector whom the customer has."""
    stands = standing(as_of, customers=customers_in(session, actor, Scope()), since=as_of)
    collector = blank(Customer.collector)
    rows: Any = session.execute(
        select(collector, func.count())
        .select_from(stands)
        .join(Customer, col(Customer.id) == stands.c.customer_id)
        .where(stands.c.status == PromiseStatus.PENDING)
        .group_by(collector)
    )
    return {row[0]: row[1] for row in rows}


def _names(session: Session) -> Mapping[str, str]:
    rows = session.execute(select(col(User.name), col(User.full_name)))
    return {name: full_name or name for name, full_name in rows}
