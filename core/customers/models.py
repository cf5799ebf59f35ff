"""Customers, the people to speak with, and the history of every change."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.money import Money
from core.tables import Table, append_only, one_of


class CustomerStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class Customer(Table, table=True):
    """A company or person that buys on credit. `None` where the user left a blank."""

    __tablename__ = "customer"
    __table_args__ = (
        one_of("status", CustomerStatus),
        CheckConstraint("terms_days >= 0", name="terms_not_negative"),
        CheckConstraint("credit_limit >= 0", name="limit_not_negative"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        Index("ix_customer_region", "region"),
        Index("ix_customer_collector", "collector"),
        Index("ix_customer_sales_rep", "sales_rep"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    code_key: str = Field(max_length=40, index=True)  # the code without leading zeros: how ERPs confuse them
    legal_name: str = Field(max_length=250)
    tax_id: str | None = Field(default=None, max_length=20, index=True)
    region: str | None = Field(default=None, max_length=80)
    district: str | None = Field(default=None, max_length=80)
    sales_rep: str | None = Field(default=None, max_length=80)
    collector: str | None = Field(default=None, max_length=80)
    segment: str | None = Field(default=None, max_length=80)
    currency: str | None = Field(default=None, max_length=3)  # blank: the company's
    terms_days: int = 0
    credit_limit: Decimal | None = Field(default=None, sa_type=Money)  # company currency; None: not controlled
    email: str | None = Field(default=None, max_length=250)
    phone: str | None = Field(default=None, max_length=60)
    language: str | None = Field(default=None, max_length=2)
    status: str = Field(default=CustomerStatus.ACTIVE, max_length=10)
    parent_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    country: str | None = Field(default=None, max_length=2)
    time_zone: str | None = Field(default=None, max_length=60)
    search: str = Field(default="")  # code, name and RFC, folded: lower case without accents
    event_id: int = Field(foreign_key="audit_event.id")  # the write that made it


class CustomerChange(Table, table=True):
    """One field that changed, before and after, as text; the event says who, when and by which file."""

    __tablename__ = "customer_change"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    event_id: int = Field(foreign_key="audit_event.id")
    field: str = Field(max_length=40)
    before: str | None = None
    after: str | None = None


class CustomerPerson(Table, table=True):
    """Somebody to speak with at the customer's."""

    __tablename__ = "customer_person"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    name: str = Field(max_length=120)
    position: str | None = Field(default=None, max_length=120)
    email: str | None = Field(default=None, max_length=250)
    phone: str | None = Field(default=None, max_length=60)
    notes: str | None = Field(default=None, max_length=500)
    active: bool = True


append_only("customer_change")
