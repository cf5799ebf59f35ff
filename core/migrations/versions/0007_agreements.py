"""Payment agreements

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "payment_agreement": (
        "id",
        "number",
        "customer_id",
        "currency",
        "proposed_on",
        "proposed_by_id",
        "proposed_by",
        "debt",
        "late_interest",
        "waived",
        "annual_pct",
        "days_in_year",
        "plan_pct",
        "plan_interest",
        "down_payment",
        "total",
        "frequency",
        "months",
        "guarantee",
        "notes",
        "breach_after",
        "grace_days",
        "submission",
        "event_id",
    ),
    "payment_agreement_document": ("agreement_id", "document_id", "due_on", "open", "interest"),
    "payment_agreement_instalment": ("agreement_id", "position", "due_on", "principal", "interest", "amount"),
    "payment_agreement_step": (
        "agreement_id",
        "step",
        "outcome",
        "taken_on",
        "at",
        "by_id",
        "by",
        "remark",
        "event_id",
    ),
}


def upgrade() -> None:
    op.create_table(
        "payment_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("late_interest", sa.BigInteger(), nullable=False),
        sa.Column("waived", sa.BigInteger(), nullable=False),
        sa.Column("annual_pct", sa.BigInteger(), nullable=False),
        sa.Column("days_in_year", sa.Integer(), nullable=False),
        sa.Column("plan_pct", sa.BigInteger(), nullable=False),
        sa.Column("plan_interest", sa.BigInteger(), nullable=False),
        sa.Column("down_payment", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.String(length=12), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("guarantee", sa.String(length=500), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("breach_after", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("interest_document_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "frequency IN ('weekly', 'fortnightly', 'monthly', 'own')",
            name=op.f("ck_payment_agreement_frequency_known"),
        ),
        sa.CheckConstraint(
            "breach_after > 0 AND grace_days >= 0", name=op.f("ck_payment_agreement_breach_rule_in_range")
        ),
        sa.CheckConstraint("debt > 0", name=op.f("ck_payment_agreement_debt_positive")),
        sa.CheckConstraint(
            "down_payment >= 0 AND down_payment < total", name=op.f("ck_payment_agreement_down_payment_in_range")
        ),
        sa.CheckConstraint("plan_interest >= 0", name=op.f("ck_payment_agreement_plan_interest_not_negative")),
        sa.CheckConstraint(
            "total = debt + late_interest - waived + plan_interest", name=op.f("ck_payment_agreement_total_adds_up")
        ),
        sa.CheckConstraint(
            "waived BETWEEN 0 AND late_interest", name=op.f("ck_payment_agreement_waives_what_there_is")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_payment_agreement_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_payment_agreement_event_id")),
        sa.ForeignKeyConstraint(
            ["interest_document_id"], ["document.id"], name=op.f("fk_payment_agreement_interest_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_agreement_number")),
        sa.UniqueConstraint("submission", name=op.f("uq_payment_agreement_submission")),
    )
    with op.batch_alter_table("payment_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_payment_agreement_customer", ["customer_id", "proposed_on"], unique=False)

    op.create_table(
        "payment_agreement_document",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("open > 0", name=op.f("ck_payment_agreement_document_open_positive")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["payment_agreement.id"], name=op.f("fk_payment_agreement_document_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_payment_agreement_document_document_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "document_id", name=op.f("pk_payment_agreement_document")),
    )
    with op.batch_alter_table("payment_agreement_document", schema=None) as batch_op:
        batch_op.create_index("ix_payment_agreement_document", ["document_id", "agreement_id"], unique=False)

    op.create_table(
        "payment_agreement_instalment",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount = principal + interest", name=op.f("ck_payment_agreement_instalment_amount_adds_up")
        ),
        sa.CheckConstraint(
            "amount > 0 AND principal >= 0 AND interest >= 0",
            name=op.f("ck_payment_agreement_instalment_amounts_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["payment_agreement.id"], name=op.f("fk_payment_agreement_instalment_agreement_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "position", name=op.f("pk_payment_agreement_instalment")),
        sa.UniqueConstraint("agreement_id", "due_on", name=op.f("uq_payment_agreement_instalment_agreement_id_due_on")),
    )
    op.create_table(
        "payment_agreement_step",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("remark", sa.String(length=250), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('approved', 'refused', 'withdrawn', 'signed', 'breached', 'cancelled')",
            name=op.f("ck_payment_agreement_step_outcome_known"),
        ),
        sa.CheckConstraint(
            "step IN ('decision', 'signature', 'breach', 'ending')", name=op.f("ck_payment_agreement_step_step_known")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["payment_agreement.id"], name=op.f("fk_payment_agreement_step_agreement_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_payment_agreement_step_event_id")),
        sa.PrimaryKeyConstraint("agreement_id", "step", name=op.f("pk_payment_agreement_step")),
    )
    with op.batch_alter_table("payment_agreement_step", schema=None) as batch_op:
        batch_op.create_index("ix_payment_agreement_step_on", ["step", "taken_on"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("payment_agreement_step", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_agreement_step_on")

    op.drop_table("payment_agreement_step")
    op.drop_table("payment_agreement_instalment")
    with op.batch_alter_table("payment_agreement_document", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_agreement_document")

    op.drop_table("payment_agreement_document")
    with op.batch_alter_table("payment_agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_agreement_customer")

    op.drop_table("payment_agreement")
