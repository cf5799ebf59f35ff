"""The company's settings, as far as they differ from their defaults; and exchange rates."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.money import Rate
from core.tables import Table, append_only


class Setting(Table, table=True):
    """One setting that somebody changed; key, type, default and rule are in `settings.py`."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=60)
    value: str


class ExchangeRate(Table, table=True):
    """How much company currency one unit of `currency` is worth from `rate_on` until the next rate."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "rate_on"), CheckConstraint("rate > 0", name="rate_positive"))

    id: int | None = Field(default=None, primary_key=True)
    rate_on: date
    currency: str = Field(max_length=3)
    rate: Decimal = Field(sa_type=Rate)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("exchange_rate")
