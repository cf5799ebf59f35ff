"""Strategies of collection, and visits

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "collection_strategy": (
        "id",
        "segment",
        "version",
        "at",
        "user_name",
        "ended",
        "quiet_days",
        "minimum_amount",
        "preventive_days",
        "any_dispute",
        "points",
        "event_id",
    ),
    "collection_stage": ("strategy_id", "from_days", "name", "action", "script_es", "script_en"),
    "visit": ("id", "collector", "planned_on", "customer_id", "address", "purpose", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "collection_strategy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("quiet_days", sa.Integer(), nullable=True),
        sa.Column("minimum_amount", sa.BigInteger(), nullable=False),
        sa.Column("preventive_days", sa.Integer(), nullable=False),
        sa.Column("any_dispute", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_strategy_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_strategy")),
        sa.UniqueConstraint("segment", "version", name=op.f("uq_collection_strategy_segment_version")),
    )
    op.create_table(
        "collection_stage",
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("from_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=250), nullable=False),
        sa.Column("script_es", sa.String(length=2000), nullable=False),
        sa.Column("script_en", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["collection_strategy.id"], name=op.f("fk_collection_stage_strategy_id")
        ),
        sa.PrimaryKeyConstraint("strategy_id", "from_days", name=op.f("pk_collection_stage")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector", sa.String(length=80), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=250), nullable=True),
        sa.Column("purpose", sa.String(length=250), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("dropped", sa.String(length=250), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("contact_id IS NULL OR dropped IS NULL", name=op.f("ck_visit_made_or_dropped")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_visit_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_visit_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_visit_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint(
            "collector", "planned_on", "customer_id", name=op.f("uq_visit_collector_planned_on_customer_id")
        ),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_customer_id"), ["customer_id"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_customer_id"))

    op.drop_table("visit")
    op.drop_table("collection_stage")
    op.drop_table("collection_strategy")
