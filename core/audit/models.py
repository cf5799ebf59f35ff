"""The log: one event a write, never changed, never deleted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from core.tables import Moment, Table, append_only


class AuditEvent(Table, table=True):
    """Who did what, when, from where, with which facts. The name stays readable when the user is gone."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_customer_id", "customer_id", "id"),
        Index("ix_audit_event_entity", "entity", "entity_id"),
        Index("ix_audit_event_at", "at"),
        Index("ix_audit_event_business_on", "business_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    business_on: date
    user_id: int | None = None
    user_name: str = Field(max_length=60)
    origin: str = Field(max_length=10)  # web, cli, job
    os_user: str | None = Field(default=None, max_length=60)
    action: str = Field(max_length=60)  # `payment.registered`
    entity: str | None = Field(default=None, max_length=40)
    entity_id: str | None = Field(default=None, max_length=60)  # what the user calls it: number, code, key, name
    customer_id: int | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    file_hash: str | None = Field(default=None, max_length=64)


append_only("audit_event")
