"""The portfolio at a glance: what is owed, how much of it is late, how much very late; by currency."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from core.auth.actor import Actor
from core.money import ZERO
from core.portfolio.aging import AgingRow, By, aging
from core.portfolio.kpi_rules import share
from core.portfolio.lines import Page
from core.portfolio.scope import EVERYTHING, Scope


class Summary(NamedTuple):
    """One currency. `billed`: the buckets together, of which the percentages are (None where nothing is billed);
    `older`: what is more than `older_than` days late, the last two buckets."""

    currency: str
    total: Decimal
    billed: Decimal
    current: Decimal
    overdue: Decimal
    older: Decimal
    unapplied: Decimal
    disputed: Decimal
    older_than: int
    current_pct: Decimal | None
    overdue_pct: Decimal | None
    older_pct: Decimal | None


def totals(
    session: Session, actor: Actor, *, as_of: date, limits: Sequence[int], scope: Scope = EVERYTHING
) -> list[AgingRow]:
    """Only the totals of an aging."""
    found = aging(session, actor, as_of=as_of, limits=limits, by=By.REGION, scope=scope, page=Page(size=0))
    return found.totals


def summary(total: AgingRow, limits: Sequence[int]) -> Summary:
    """A total of an aging (by due date) with these limits, in a few figures."""
    billed, current, older = total.total - total.unapplied, total.buckets[0], sum(total.buckets[-2:], ZERO)
    return Summary(
        total.currency, total.total, billed, current, total.overdue, older, total.unapplied, total.disputed,
        limits[-2] if len(limits) > 1 else 0, share(current, billed), share(total.overdue, billed),
        share(older, billed),
    )  # fmt: skip


def overdue_share(row: AgingRow) -> Decimal | None:
    """How much of what a row bills is overdue, in per cent; None when it bills nothing."""
    return share(row.overdue, row.total - row.unapplied)
