"""What collectors did and what came of it in a period, by collector or by the customers' region.

Readings: contacts and promises count for who made them; promises due are those promised for the period (withdrawn,
rescheduled ones and instalments of agreements aside), kept as they stand on the day asked; recovered is money applied
in the period to instalments that were overdue that day, what was undone taken off on its own day, for the collector
whom the customer had on that day; customers worth contacting are those overdue at the end of the period. Amounts are
of one currency; contacts know none.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.collections.models import Contact
from core.collections.outcomes import REACHED, RIGHT_PARTY
from core.customers.models import Customer, CustomerChange
from core.customers.visibility import visible_to
from core.ledger.models import Application
from core.ledger.queries import open_items
from core.money import ZERO, total, zero
from core.portfolio.scope import Scope, blank, customers_in
from core.promises.models import Promise, PromiseStatus
from core.promises.standing import standing
from core.supervision.rules import per_day, rate

Query = Select[*tuple[Any, ...]]


class By(StrEnum):
    """What a row is about; `all` is one row of everything."""

    COLLECTOR = "collector"
    REGION = "region"
    ALL = "all"


class Asked(NamedTuple):
    """A period, a currency, and the part of the portfolio: a region, a collector; None: all."""

    start: date
    end: date
    currency: str
    today: date
    region: str | None = None
    collector: str | None = None


class Productivity(NamedTuple):
    """One collector or region. `customers`: contacted at least once; `days`: on which there were contacts; `due`,
    `due_amount`: promises already judged; `worth`: customers worth contacting, `covered` those of them contacted."""

    key: str
    name: str
    contacts: int = 0
    reached: int = 0
    right_party: int = 0
    customers: int = 0
    days: int = 0
    promises: int = 0
    promised: Decimal = ZERO
    due: int = 0
    due_amount: Decimal = ZERO
    kept: int = 0
    kept_amount: Decimal = ZERO
    recovered: Decimal = ZERO
    worth: int = 0
    covered: int = 0

    @property
    def reached_pct(self) -> Decimal | None:
        """Contact rate: reached / attempts."""
        return rate(self.reached, self.contacts)

    @property
    def right_party_pct(self) -> Decimal | None:
        """Right-party contacts / attempts."""
        return rate(self.right_party, self.contacts)

    @property
    def effectiveness_pct(self) -> Decimal | None:
        """Promises / contacts."""
        return rate(self.promises, self.contacts)

    @property
    def kept_pct(self) -> Decimal | None:
        """Promises kept / promises judged, by count."""
        return rate(self.kept, self.due)

    @property
    def kept_amount_pct(self) -> Decimal | None:
        """The same by amount."""
        return rate(self.kept_amount, self.due_amount)

    @property
    def covered_pct(self) -> Decimal | None:
        """Customers contacted / customers worth contacting."""
        return rate(self.covered, self.worth)

    @property
    def contacts_a_day(self) -> Decimal | None:
        """Contacts / days with contacts."""
        return per_day(self.contacts, self.days)


def productivity(session: Session, actor: Actor, *, asked: Asked, by: By = By.COLLECTOR) -> list[Productivity]:
    """A row a collector or region with anything to tell, who recovered most first."""
    actor.require(Permission.SUPERVISE)
    found: dict[str, dict[str, Any]] = {}
    for statement in (
        _contacts(actor, asked, by), _promises(actor, asked, by), _kept(session, actor, asked, by),
        _recovered(actor, asked, by), _worth(session, actor, asked, by),
    ):  # fmt: skip
        for row in session.execute(statement).mappings():
            found.setdefault(row["key"], {}).update({name: row[name] for name in row if name != "key"})
    names = _names(session) if by is By.COLLECTOR else {}
    rows = [Productivity(key, names.get(key, key), **figures) for key, figures in found.items()]
    return sorted(rows, key=lambda one: (-one.recovered, -one.contacts, one.key))


def whole(session: Session, actor: Actor, *, asked: Asked) -> Productivity:
    """Everything in one row."""
    rows = productivity(session, actor, asked=asked, by=By.ALL)
    return rows[0] if rows else Productivity("", "")


def _contacts(actor: Actor, asked: Asked, by: By) -> Query:
    counted = [
        func.count().label("contacts"), func.count().filter(col(Contact.outcome).in_(sorted(REACHED))).label("reached"),
        func.count().filter(col(Contact.outcome).in_(sorted(RIGHT_PARTY))).label("right_party"),
        func.count(distinct(col(Contact.customer_id))).label("customers"),
        func.count(distinct(col(Contact.contacted_on))).label("days"),
    ]  # fmt: skip
    person = blank(Contact.collector)
    key = _key(by, person)
    return (
        select(key.label("key"), *counted)
        .select_from(Contact).join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(col(Contact.contacted_on).between(asked.start, asked.end), *_within(actor, asked, person))
        .group_by(key)
    )  # fmt: skip


def _promises(actor: Actor, asked: Asked, by: By) -> Query:
    person = blank(Promise.collector)
    key = _key(by, person)
    return (
        select(
            key.label("key"), func.count().label("promises"), total(Promise.amount).label("promised")
        )
        .select_from(Promise).join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(
            col(Promise.made_on).between(asked.start, asked.end), *own_promises(asked), *_within(actor, asked, person)
        )
        .group_by(key)
    )  # fmt: skip


def own_promises(asked: Asked) -> list[ColumnElement[bool]]:
    """Promises that a collector obtained: not the instalments of an agreement, not another date for an old one."""
    return [
        col(Promise.currency) == asked.currency, col(Promise.agreement_id).is_(None), col(Promise.replaces_id).is_(None)
    ]  # fmt: skip


def promised_for(session: Session, actor: Actor, asked: Asked) -> Any:
    """How the promises for the period stand on the day asked."""
    customers = customers_in(session, actor, Scope(region=asked.region))
    only = [
        col(Promise.promised_on).between(asked.start, asked.end), col(Promise.currency) == asked.currency,
        col(Promise.agreement_id).is_(None),
    ]  # fmt: skip
    return standing(asked.today, customers=customers, only=only)


def _kept(session: Session, actor: Actor, asked: Asked, by: By) -> Query:
    stands = promised_for(session, actor, asked)
    kept = stands.c.status == PromiseStatus.KEPT
    judged = stands.c.status.in_((PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN))
    person = blank(Promise.collector)
    key = _key(by, person)
    return (
        select(
            key.label("key"), func.count().label("due"), total(stands.c.amount).label("due_amount"),
            func.count().filter(kept).label("kept"),
            total(case((kept, stands.c.amount), else_=zero())).label("kept_amount"),
        )
        .select_from(stands)
        .join(Promise, col(Promise.id) == stands.c.promise_id)
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(judged, *_within(actor, asked, person))
        .group_by(key)
    )  # fmt: skip


def recoveries(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    """Money applied in the period to what was overdue, of the customers in scope."""
    return [*_money_for_overdue(asked), *_within(actor, asked, collector_then(col(Application.applied_on)))]


def _money_for_overdue(asked: Asked) -> list[ColumnElement[bool]]:
    return [
        col(Application.applied_on).between(asked.start, asked.end), col(Application.currency) == asked.currency,
        col(Application.paid_on).is_not(None), col(Application.due_on) < col(Application.applied_on),
    ]  # fmt: skip


def _recovered(actor: Actor, asked: Asked, by: By) -> Query:
    daily = (
        select(
            col(Application.customer_id), col(Application.applied_on), total(Application.amount).label("amount")
        )
        .where(*_money_for_overdue(asked))
        .group_by(col(Application.customer_id), col(Application.applied_on))
        .subquery("daily")
    )  # fmt: skip
    person = collector_then(daily.c.applied_on)
    key = _key(by, person)
    return (
        select(key.label("key"), total(daily.c.amount).label("recovered"))
        .select_from(daily).join(Customer, col(Customer.id) == daily.c.customer_id)
        .where(*_within(actor, asked, person))
        .group_by(key)
    )  # fmt: skip


def collector_then(on: Any) -> ColumnElement[str]:
    """The collector whom a customer had at the end of a day: what the next change after it took away, else today's."""
    change, event = aliased(CustomerChange), aliased(AuditEvent)
    later = and_(
        col(change.customer_id) == col(Customer.id), col(change.field) == "collector", col(event.business_on) > on
    )
    of_it = select(func.coalesce(col(change.before), "")).join(event, col(event.id) == col(change.event_id))
    first = of_it.where(later).order_by(col(change.id)).limit(1).correlate(Customer, *_tables(on)).scalar_subquery()
    return func.coalesce(first, Customer.collector, "")


def _tables(on: Any) -> list[Any]:
    table = getattr(on, "table", None)
    return [Application] if table is None else [table]


def _worth(session: Session, actor: Actor, asked: Asked, by: By) -> Query:
    item = open_items(session, min(asked.end, asked.today), customers_in(session, actor, Scope(region=asked.region)))
    late = (
        select(item.c.customer_id)
        .where(item.c.due_on < min(asked.end, asked.today))
        .distinct()
        .subquery("late")
    )  # fmt: skip
    contacted = exists(
        select(col(Contact.id)).where(
            col(Contact.customer_id) == col(Customer.id), col(Contact.contacted_on).between(asked.start, asked.end)
        )
    )
    person = blank(Customer.collector)
    key = _key(by, person)
    return (
        select(
            key.label("key"), func.count().label("worth"), func.count().filter(contacted).label("covered")
        )
        .select_from(late).join(Customer, col(Customer.id) == late.c.customer_id)
        .where(*_within(actor, asked, person))
        .group_by(key)
    )  # fmt: skip


def _key(by: By, person: ColumnElement[str]) -> ColumnElement[str]:
    return {By.COLLECTOR: person, By.REGION: blank(Customer.region)}.get(by, literal(""))


def _within(actor: Actor, asked: Asked, person: ColumnElement[str]) -> Sequence[ColumnElement[bool]]:
    """The customers whom the actor sees, of the region and of the collector asked for."""
    found = [visible_to(actor)]
    if asked.region is not None:
        found.append(blank(Customer.region) == asked.region)
    if asked.collector is not None:
        found.append(person == asked.collector)
    return found


def _names(session: Session) -> dict[str, str]:
    rows = session.execute(select(col(User.name), col(User.full_name)))
    return {name: full_name or name for name, full_name in rows}
