"""Credit: blocks that somebody set. Those that follow from rules are queries."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.tables import Table, append_only, one_of


class BlockCode(StrEnum):
    MANUAL = "manual"
    LEGAL = "legal"


class Block(Table, table=True):
    """A customer may not buy on credit from `from_on` to `to_on`, both included; None: until somebody ends it."""

    __tablename__ = "credit_block"
    __table_args__ = (
        one_of("code", BlockCode),
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        UniqueConstraint("customer_id", "code", "from_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    code: str = Field(max_length=10)
    from_on: date
    to_on: date | None = None
    reason: str = Field(max_length=250)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("credit_block", may_change=frozenset({"to_on"}))
