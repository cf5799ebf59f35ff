"""Promises added up: by day and state for the calendar, by state, and how many were kept by collector or customer."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor
from core.auth.models import User
from core.money import ZERO, rounded, total, zero
from core.promises.models import PromiseStatus
from core.promises.queries import Wanted, listed
from core.promises.standing import FAILED
from core.tables import plain_order


class DaySum(NamedTuple):
    """The promises for a day in one currency and state."""

    day: date
    currency: str
    status: PromiseStatus
    promises: int
    amount: Decimal


class StatusSum(NamedTuple):
    """The promises in one currency and state."""

    currency: str
    status: PromiseStatus
    promises: int
    amount: Decimal


class By(StrEnum):
    """Whose promises are added up."""

    COLLECTOR = "collector"
    CUSTOMER = "customer"


class Rate(NamedTuple):
    """How much was kept of what can be told: its window has ended, or it was kept before. Amounts of one currency."""

    key: str
    name: str
    judged: int
    kept: int
    judged_amount: Decimal
    kept_amount: Decimal

    @property
    def count_pct(self) -> Decimal:
        """Kept by number, in per cent."""
        return rounded(Decimal(self.kept) * 100 / self.judged)

    @property
    def amount_pct(self) -> Decimal:
        """Kept by amount, in per cent."""
        return rounded(self.kept_amount * 100 / self.judged_amount)


_ENDED = (PromiseStatus.WITHDRAWN.value, PromiseStatus.RESCHEDULED.value)
_TOLD = (PromiseStatus.KEPT.value, *(state.value for state in FAILED))


def by_day(session: Session, actor: Actor, *, as_of: date, wanted: Wanted) -> list[DaySum]:
    """What was promised for each day, as it stood at `as_of`; without what users ended."""
    one = listed(actor, as_of, wanted).subquery().c
    found = session.execute(
        select(one.promised_on, one.currency, one.status, func.count(), total(one.amount))
        .where(one.status.not_in(_ENDED))
        .group_by(one.promised_on, one.currency, one.status)
        .order_by(one.promised_on, one.currency)
    )
    return [DaySum(day, currency, PromiseStatus(status), *rest) for day, currency, status, *rest in found]


def by_status(session: Session, actor: Actor, *, as_of: date, wanted: Wanted) -> list[StatusSum]:
    """How many promises there are in each state, and what they come to."""
    one = listed(actor, as_of, wanted).subquery().c
    found = session.execute(
        select(one.currency, one.status, func.count(), total(one.amount))
        .group_by(one.currency, one.status)
        .order_by(one.currency, one.status)
    )
    return [StatusSum(currency, PromiseStatus(status), *rest) for currency, status, *rest in found]


def rates(
    session: Session, actor: Actor, *, as_of: date, wanted: Wanted, by: By, limit: int | None = None
) -> list[Rate]:  # fmt: skip
    """The kept rate of each collector or customer in the currency that `wanted` names, who has most of them first."""
    one = listed(actor, as_of, wanted).subquery().c
    key, name = (one.customer, one.name) if by is By.CUSTOMER else (one.collector, col(User.full_name))
    kept = one.status == PromiseStatus.KEPT
    statement = (
        select(
            key, func.coalesce(func.nullif(name, ""), key), func.count(), func.sum(case((kept, 1), else_=0)),
            total(one.amount), total(case((kept, one.amount), else_=zero())),
        )
        .where(one.status.in_(_TOLD))
        .group_by(key, name)
        .order_by(func.count().desc(), plain_order(key))
        .limit(limit)
    )  # fmt: skip
    if by is By.COLLECTOR:
        statement = statement.outerjoin(User, col(User.name) == one.collector)
    return [Rate(*row) for row in session.execute(statement)]


def overall(found: Iterable[StatusSum]) -> Rate | None:
    """The kept rate of all promises of one currency, from their states; None when nothing can be told yet."""
    told = [one for one in found if one.status in _TOLD]
    kept = [one for one in told if one.status is PromiseStatus.KEPT]
    if not told:
        return None
    return Rate(
        "", "", sum(one.promises for one in told), sum(one.promises for one in kept),
        sum((one.amount for one in told), ZERO), sum((one.amount for one in kept), ZERO),
    )  # fmt: skip
