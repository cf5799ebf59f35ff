"""Freezing what was reported of a month: its aging totals and its KPIs, for the company and for each region, once.

A month is frozen by the first run after it is over. What is dated in it later, or undone, changes the live figures and
leaves these as they were: "as reported" beside "as it stands".
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import clock, db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import sees_all
from core.ledger.months import last_day, month_of, previous
from core.money import ZERO
from core.policies.settings import buckets
from core.portfolio.aging import AgingRow, By, aging
from core.portfolio.kpis import KpiRow, kpis
from core.portfolio.models import MonthFigures
from core.portfolio.scope import EVERYTHING, Scope


class ReportedRow(NamedTuple):
    """What was frozen of a month and currency; `region` blank: the whole company. Names are those of aging and KPIs
    (`average_delay`: `add`)."""

    month: str
    region: str
    currency: str
    buckets: tuple[tuple[str, Decimal], ...]
    unapplied: Decimal
    total: Decimal
    overdue: Decimal
    disputed: Decimal
    base_total: Decimal
    opening: Decimal
    sales: Decimal
    collected: Decimal
    closing: Decimal
    unidentified: Decimal
    overdue_pct: Decimal | None
    dso: Decimal | None
    dso_countback: Decimal | None
    best_possible_dso: Decimal | None
    average_delay: Decimal | None
    cei_pct: Decimal | None
    promises_due: int
    promises_kept_pct: Decimal | None
    frozen_at: datetime


def freeze_months(session: Session, actor: Actor, *, as_of: date, today: date) -> list[str]:
    """Freezes the last month that was over on `as_of`, and those that were missed since the last one frozen.

    A month that is not over on `today` is never frozen. Returns the months that are new; again, none.
    """
    actor.require(Permission.RUN_NIGHTLY)
    db.take(session, "month-end")
    latest = _last_over(as_of, today)
    frozen = set(session.scalars(select(col(MonthFigures.month)).distinct()))
    before = [month for month in frozen if month < latest]
    month = _following(max(before)) if before else latest
    made = []
    while month <= latest:
        if month not in frozen and _freeze(session, actor, month):
            made.append(month)
        month = _following(month)
    return made


def as_reported(session: Session, actor: Actor, *, month: str) -> list[ReportedRow]:
    """What was frozen of `month`, the company first, then by region; a regional manager gets the region's."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = select(*(getattr(MonthFigures, name) for name in ReportedRow._fields)).where(
        col(MonthFigures.month) == month
    )
    if not sees_all(actor):
        found = found.where(col(MonthFigures.region) == (actor.region or None))
    rows = map(ReportedRow._make, session.execute(found.order_by(col(MonthFigures.region), col(MonthFigures.currency))))
    return [one._replace(buckets=_read(one.buckets)) for one in rows]


def _read(buckets: Any) -> tuple[tuple[str, Decimal], ...]:
    return tuple((name, Decimal(amount)) for name, amount in json.loads(buckets))


def _following(month: str) -> str:
    return month_of(last_day(month) + timedelta(days=1))


def _last_over(as_of: date, today: date) -> str:
    """The last month that had ended by `as_of`, its last day included, and is over today."""
    month = month_of(as_of)
    ended = month if last_day(month) == as_of else previous(month)
    return min(ended, previous(month_of(today)))


def _freeze(session: Session, actor: Actor, month: str) -> bool:
    """False, and nothing, where nothing had moved by then."""
    regions = session.scalars(select(col(Customer.region)).distinct())
    scopes = [("", EVERYTHING), *((region, Scope(region=region)) for region in sorted(filter(None, regions)))]
    figures = [one for region, scope in scopes for one in _figures(session, actor, month, region, scope)]
    if not figures:
        return False
    event = record(session, actor, "month.frozen", entity="month", entity_id=month)
    session.add_all(MonthFigures(event_id=event.id, frozen_at=clock.now(), **values) for values in figures)
    session.flush()
    return True


def _figures(session: Session, actor: Actor, month: str, region: str, scope: Scope) -> Iterator[dict[str, Any]]:
    found = aging(session, actor, as_of=last_day(month), limits=buckets(session), by=By.REGION, scope=scope)
    balances = {row.currency: row for row in found.totals}
    nothing = AgingRow("", "", "", (ZERO,) * len(found.buckets), ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
    for row in kpis(session, actor, start=month, end=month, today=clock.today(), region=region or None):
        balance = balances.get(row.currency, nothing)
        told = zip(found.buckets, map(str, balance.buckets), strict=True)
        yield {
            "month": month, "region": region, "buckets": json.dumps(list(told)), "unapplied": balance.unapplied,
            "total": balance.total, "disputed": balance.disputed, "base_total": balance.base_total,
            "average_delay": row.add,
            **{name: getattr(row, name) for name in KpiRow._fields if name not in ("month", "add")},
        }  # fmt: skip
