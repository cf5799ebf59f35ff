"""Disputes

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "dispute": (
        "id",
        "number",
        "customer_id",
        "document_id",
        "currency",
        "amount",
        "opened_on",
        "reason",
        "details",
        "opened_by",
        "submission",
        "event_id",
    ),
    "dispute_step": ("id", "dispute_id", "at", "user_name", "status", "notes", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=250), nullable=False),
        sa.Column("details", sa.String(length=1000), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("owner_area", sa.String(length=60), nullable=True),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("credit_note", sa.String(length=60), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_dispute_amount_positive")),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_dispute_closed_after_opened")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_dispute_customer_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_dispute_document_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_dispute_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_number")),
        sa.UniqueConstraint("submission", name=op.f("uq_dispute_submission")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_dispute_document", ["document_id"], unique=False)
        batch_op.create_index("ix_dispute_live", ["closed_on", "opened_on"], unique=False)

    op.create_table(
        "dispute_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_step_dispute_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_dispute_step_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_step")),
    )
    with op.batch_alter_table("dispute_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_step_dispute_id"), ["dispute_id"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("dispute_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_step_dispute_id"))

    op.drop_table("dispute_step")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_live")
        batch_op.drop_index("ix_dispute_document")
        batch_op.drop_index(batch_op.f("ix_dispute_customer_id"))

    op.drop_table("dispute")
