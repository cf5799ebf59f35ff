"""Goals of collectors and review meetings

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "meeting": ("id", "title", "region", "segment", "made_by", "event_id"),
    "meeting_agreement": ("id", "meeting_id", "text", "owner", "customer_id", "due_on", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "collector_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=True),
        sa.Column("kept_pct", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("contacts >= 0", name=op.f("ck_collector_goal_contacts_not_negative")),
        sa.CheckConstraint("recovered >= 0", name=op.f("ck_collector_goal_recovered_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collector_goal_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector_goal")),
        sa.UniqueConstraint("collector", "month", name=op.f("uq_collector_goal_collector_month")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=True),
        sa.Column("segment", sa.String(length=80), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.String(length=5), nullable=True),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("notes", sa.String(length=4000), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR cancelled_on IS NULL", name=op.f("ck_meeting_closed_or_cancelled")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_meeting_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_held_on", ["held_on"], unique=False)

    op.create_table(
        "meeting_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=250), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_meeting_agreement_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_meeting_agreement_event_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_agreement_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_agreement")),
    )
    with op.batch_alter_table("meeting_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_agreement_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_attendee",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendee_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "user_name", name=op.f("pk_meeting_attendee")),
    )
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    op.drop_table("meeting_attendee")
    with op.batch_alter_table("meeting_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_agreement_meeting_id"))

    op.drop_table("meeting_agreement")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_held_on")

    op.drop_table("meeting")
    op.drop_table("collector_goal")
