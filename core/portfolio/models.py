"""Figures of a month as they were reported: kept, so that what comes in later does not change what was said."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from core.money import Money
from core.tables import Moment, Table, append_only


class MonthFigures(Table, table=True):
    """Aging totals at a month's last day and the KPIs of the month, in one currency, of the company or of one region.

    Every figure has two decimals: amounts in `currency` (`base_total` in the company's), days and percentages.
    """

    __tablename__ = "month_figures"
    __table_args__ = (UniqueConstraint("month", "region", "currency"),)

    id: int | None = Field(default=None, primary_key=True)
    month: str = Field(max_length=7)  # `2026-03`
    region: str = Field(default="", max_length=80)  # blank: the whole company
    currency: str = Field(max_length=3)
    buckets: str  # JSON: names and amounts in their order, [["current", "0.00"], …]
    unapplied: Decimal = Field(sa_type=Money)
    total: Decimal = Field(sa_type=Money)
    overdue: Decimal = Field(sa_type=Money)
    disputed: Decimal = Field(sa_type=Money)
    base_total: Decimal = Field(sa_type=Money)
    opening: Decimal = Field(sa_type=Money)
    sales: Decimal = Field(sa_type=Money)
    collected: Decimal = Field(sa_type=Money)
    closing: Decimal = Field(sa_type=Money)
    unidentified: Decimal = Field(sa_type=Money)
    overdue_pct: Decimal | None = Field(default=None, sa_type=Money)
    dso: Decimal | None = Field(default=None, sa_type=Money)
    dso_countback: Decimal | None = Field(default=None, sa_type=Money)
    best_possible_dso: Decimal | None = Field(default=None, sa_type=Money)
    average_delay: Decimal | None = Field(default=None, sa_type=Money)
    cei_pct: Decimal | None = Field(default=None, sa_type=Money)
    promises_due: int
    promises_kept_pct: Decimal | None = Field(default=None, sa_type=Money)
    frozen_at: datetime = Field(sa_type=Moment)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("month_figures")
