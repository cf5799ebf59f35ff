"""Contacts of collectors

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "contact": (
        "id",
        "customer_id",
        "at",
        "contacted_on",
        "channel",
        "outcome",
        "person",
        "collector",
        "notes",
        "cause",
        "next_action",
        "next_action_on",
        "out_of_hours",
        "promise_id",
        "dispute_id",
        "submission",
        "event_id",
    ),
    "contact_note": ("id", "contact_id", "at", "user_name", "text", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=True),
        sa.Column("collector", sa.String(length=80), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("next_action", sa.String(length=40), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("out_of_hours", sa.String(length=250), nullable=True),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        sa.Column("dispute_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('call', 'visit', 'email', 'whatsapp', 'letter')", name=op.f("ck_contact_channel_known")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_contact_dispute_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_contact_event_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_contact_promise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("customer_id", "at", "channel", name=op.f("uq_contact_customer_id_at_channel")),
        sa.UniqueConstraint("submission", name=op.f("uq_contact_submission")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_contacted_on", ["contacted_on", "collector"], unique=False)
        batch_op.create_index(
            "ix_contact_next_action",
            ["customer_id", "at", "channel"],
            unique=False,
            sqlite_where=sa.text("next_action_on IS NOT NULL"),
            postgresql_where=sa.text("next_action_on IS NOT NULL"),
        )

    op.create_table(
        "contact_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_note_contact_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_contact_note_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_note")),
    )
    with op.batch_alter_table("contact_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_note_contact_id"), ["contact_id"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("contact_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_note_contact_id"))

    op.drop_table("contact_note")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_contact_next_action",
            sqlite_where=sa.text("next_action_on IS NOT NULL"),
            postgresql_where=sa.text("next_action_on IS NOT NULL"),
        )
        batch_op.drop_index("ix_contact_contacted_on")

    op.drop_table("contact")
