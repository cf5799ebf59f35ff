"""Customers whose debt fulfils the conditions of a further stage than the one that they are in."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_to
from core.ledger.models import Entry, Source
from core.ledger.queries import open_items
from core.legal.models import Case, HandOver, HandOverState, Stage
from core.money import total
from core.policies.settings import setting
from core.promises.models import Promise, PromiseDocument, PromiseEnding, PromiseStatus
from core.promises.standing import standing

#: From the mildest; its place in here is its rank.
ORDER = (Stage.INTERNAL, Stage.PRELEGAL, Stage.AGENCY, Stage.LEGAL)
#: Broken promises count for so many days, the day itself with them.
WINDOW = timedelta(days=89)
MOST = 500


class Conditions(NamedTuple):
    """When a customer is proposed for a stage: more days and more overdue than these, or (0: never) so many broken
    promises, with something overdue."""

    stage: Stage
    days: int
    amount: Decimal
    broken: int


class Candidate(NamedTuple):
    """A customer for a stage; `overdue` in company currency, `days` of the oldest document."""

    customer_id: int
    customer_code: str
    customer: str
    region: str | None
    collector: str | None
    current: Stage
    proposed: Stage
    days: int
    overdue: Decimal
    broken: int
    by_age: bool
    by_promises: bool


def conditions(session: Session) -> list[Conditions]:
    """Of each stage but the internal one, as the settings have them."""
    return [
        Conditions(
            stage, int(setting(session, f"stages.{stage}_days")), Decimal(setting(session, f"stages.{stage}_amount")),
            int(setting(session, f"stages.{stage}_broken")),
        )
        for stage in ORDER[1:]
    ]  # fmt: skip


def candidates(session: Session, actor: Actor, *, as_of: date, stage: Stage | None = None) -> list[Candidate]:
    """Customers whom one sees and who should pass to a further stage, most overdue first, at most 500.

    Left out: those with a hand-over that waits, and what is being paid under an agreement.
    """
    actor.require(Permission.VIEW_COLLECTION)
    rules = conditions(session)
    customers = None if sees_all(actor) else select(col(Customer.id)).where(visible_to(actor))
    owed, broken = _overdue(session, as_of, customers), _broken(as_of, customers)
    promises = func.coalesce(broken.c.broken, 0)
    fires = {one.stage: _fires(one, owed, promises, as_of) for one in rules}
    reached: ColumnElement[int] = case(
        *((or_(*fires[one]), ORDER.index(one)) for one in reversed(ORDER[1:])), else_=literal(0)
    )
    here = func.coalesce(_rank_now(), 0)
    found = (
        select(
            col(Customer.id), col(Customer.code), col(Customer.legal_name), col(Customer.region),
            called(col(Customer.collector)).label("collector"), here.label("here"), reached.label("reached"),
            owed.c.oldest, owed.c.overdue, promises.label("broken"),
        )
        .join(owed, owed.c.customer_id == col(Customer.id))
        .outerjoin(broken, broken.c.customer_id == col(Customer.id))
        .where(visible_to(actor), reached > here, ~_waits())
        .order_by(owed.c.overdue.desc(), col(Customer.code))
        .limit(MOST)
    )  # fmt: skip
    if stage is not None:
        found = found.where(reached == ORDER.index(stage))
    by_stage = {one.stage: one for one in rules}
    return [_candidate(row, by_stage, as_of) for row in session.execute(found)]


def _candidate(row: Any, rules: dict[Stage, Conditions], as_of: date) -> Candidate:
    proposed, days = ORDER[row.reached], (as_of - row.oldest).days
    rule = rules[proposed]
    return Candidate(
        row.id, row.code, row.legal_name, row.region, row.collector, ORDER[row.here], proposed, days, row.overdue,
        row.broken, days > rule.days and row.overdue > rule.amount, 0 < rule.broken <= row.broken,
    )  # fmt: skip


def _overdue(session: Session, as_of: date, customers: Any) -> Subquery:
    item = open_items(session, as_of, customers)
    return (
        select(item.c.customer_id, func.min(item.c.due_on).label("oldest"), total(item.c.base).label("overdue"))
        .where(item.c.due_on < as_of, item.c.entry_id.not_in(_agreed(as_of)))
        .group_by(item.c.customer_id)
        .subquery("owed")
    )


def _agreed(as_of: date) -> Any:
    """Instalments of documents with a payment of an agreement still to come: they are paid as agreed."""
    ended = select(col(PromiseEnding.promise_id)).where(col(PromiseEnding.promise_id) == col(Promise.id))
    return (
        select(col(Entry.id))
        .join(PromiseDocument, col(PromiseDocument.document_id) == col(Entry.source_id))
        .join(Promise, col(Promise.id) == col(PromiseDocument.promise_id))
        .where(
            col(Entry.source) == Source.DOCUMENT, col(Promise.agreement_id).is_not(None),
            col(Promise.ends_on) >= as_of, col(Promise.made_on) <= as_of, ~ended.exists(),
        )
    )  # fmt: skip


def _broken(as_of: date, customers: Any) -> Subquery:
    its = standing(as_of, customers=customers, since=as_of - WINDOW - timedelta(days=1)).c
    breaks_on_or_after = its.ends_on >= as_of - WINDOW - timedelta(days=1)  # it breaks the day after its window
    return (
        select(its.customer_id, func.count().label("broken"))
        .where(its.status == PromiseStatus.BROKEN, breaks_on_or_after)
        .group_by(its.customer_id)
        .subquery("broken")
    )


def _fires(rule: Conditions, owed: Subquery, broken: Any, as_of: date) -> list[ColumnElement[bool]]:
    by_age = and_(owed.c.oldest < as_of - timedelta(days=rule.days), owed.c.overdue > rule.amount)
    return [by_age, broken >= rule.broken] if rule.broken else [by_age]


def _rank_now() -> Any:
    """The rank of the stage in which a customer is: that of the last hand-over approved."""
    rank = case({one.value: place for place, one in enumerate(ORDER)}, value=col(HandOver.stage))
    return (
        select(rank)
        .join(Case, col(Case.id) == col(HandOver.case_id))
        .where(col(Case.customer_id) == col(Customer.id), col(HandOver.state) == HandOverState.APPROVED)
        .order_by(col(HandOver.id).desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def _waits() -> Any:
    return (
        select(col(HandOver.id))
        .join(Case, col(Case.id) == col(HandOver.case_id))
        .where(col(Case.customer_id) == col(Customer.id), col(HandOver.state) == HandOverState.WAITING)
        .correlate(Customer)
        .exists()
    )
