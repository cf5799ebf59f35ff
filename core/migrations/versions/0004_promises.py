"""Promises to pay

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "promise": (
        "id",
        "number",
        "customer_id",
        "currency",
        "amount",
        "made_on",
        "promised_on",
        "starts_on",
        "ends_on",
        "contact",
        "collector",
        "notes",
        "agreement_id",
        "replaces_id",
        "submission",
        "event_id",
    ),
    "promise_document": ("promise_id", "document_id"),
    "promise_ending": ("promise_id", "ending", "ended_on", "reason", "event_id"),
    "promise_judgement": ("id", "promise_id", "as_of", "before", "status", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=True),
        sa.Column("collector", sa.String(length=80), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promise_amount_positive")),
        sa.CheckConstraint("promised_on >= made_on", name=op.f("ck_promise_promised_after_made")),
        sa.CheckConstraint("starts_on >= made_on AND ends_on >= promised_on", name=op.f("ck_promise_window_in_order")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_promise_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_promise_event_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["promise.id"], name=op.f("fk_promise_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("number", name=op.f("uq_promise_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_promise_replaces_id")),
        sa.UniqueConstraint("submission", name=op.f("uq_promise_submission")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("ix_promise_customer", ["customer_id", "made_on"], unique=False)
        batch_op.create_index("ix_promise_ends_on", ["ends_on", "starts_on"], unique=False)
        batch_op.create_index("ix_promise_promised_on", ["promised_on"], unique=False)

    op.create_table(
        "promise_document",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_promise_document_document_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_document_promise_id")),
        sa.PrimaryKeyConstraint("promise_id", "document_id", name=op.f("pk_promise_document")),
    )
    with op.batch_alter_table("promise_document", schema=None) as batch_op:
        batch_op.create_index("ix_promise_document_document", ["document_id", "promise_id"], unique=False)

    op.create_table(
        "promise_ending",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=250), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ending IN ('rescheduled', 'withdrawn')", name=op.f("ck_promise_ending_ending_known")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_promise_ending_event_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_ending_promise_id")),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_promise_ending")),
    )
    op.create_table(
        "promise_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'kept', 'partly_kept', 'broken', 'rescheduled', 'withdrawn')",
            name=op.f("ck_promise_judgement_status_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_promise_judgement_event_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_promise_judgement_promise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_judgement")),
    )
    with op.batch_alter_table("promise_judgement", schema=None) as batch_op:
        batch_op.create_index("ix_promise_judgement", ["promise_id", "as_of"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("promise_judgement", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_judgement")

    op.drop_table("promise_judgement")
    op.drop_table("promise_ending")
    with op.batch_alter_table("promise_document", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_document_document")

    op.drop_table("promise_document")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_promised_on")
        batch_op.drop_index("ix_promise_ends_on")
        batch_op.drop_index("ix_promise_customer")
        batch_op.drop_index(batch_op.f("ix_promise_agreement_id"))

    op.drop_table("promise")
