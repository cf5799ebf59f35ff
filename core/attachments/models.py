"""Files kept beside what they prove: evidence of a dispute, a signed agreement or minute. Never changed, never run."""

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.tables import Table, append_only


class Attachment(Table, table=True):
    """One file. `entity` and `entity_id` say what it belongs to (`dispute`, its id); the customer, who may see it."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_attachment_entity", "entity", "entity_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    entity: str = Field(max_length=40)
    entity_id: int
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int  # bytes
    sha256: str = Field(max_length=64)
    content: bytes
    event_id: int = Field(foreign_key="audit_event.id")


append_only("attachment")
