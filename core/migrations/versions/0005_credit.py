"""Credit blocks

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "credit_block": ("id", "customer_id", "code", "from_on", "reason", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "credit_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=250), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("code IN ('manual', 'legal')", name=op.f("ck_credit_block_code_known")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_credit_block_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_credit_block_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_credit_block_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_block")),
        sa.UniqueConstraint("customer_id", "code", "from_on", name=op.f("uq_credit_block_customer_id_code_from_on")),
    )
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    op.drop_table("credit_block")
