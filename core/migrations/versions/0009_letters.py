"""Letters, templates, late interest

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "letter_template": (
        "id",
        "stage",
        "language",
        "version",
        "name",
        "content",
        "subject",
        "body",
        "made_at",
        "made_by",
        "event_id",
    ),
    "letter": (
        "id",
        "customer_id",
        "run_on",
        "level",
        "language",
        "currency",
        "overdue",
        "unapplied",
        "template_id",
        "company",
        "customer_code",
        "customer_name",
        "tax_id",
        "signed_by",
        "event_id",
    ),
    "letter_line": (
        "letter_id",
        "entry_id",
        "document_id",
        "number",
        "issued_on",
        "due_on",
        "days",
        "open",
        "disputed",
        "amount",
        "currency",
        "exchange_rate",
        "base",
    ),
    "interest_agreed_rate": ("id", "customer_id", "from_on", "annual_pct", "agreed_in", "event_id"),
    "interest_charge": (
        "id",
        "customer_id",
        "currency",
        "from_on",
        "to_on",
        "amount",
        "document_id",
        "waived_reason",
        "done_by",
        "event_id",
    ),
    "interest_segment": (
        "id",
        "charge_id",
        "document_id",
        "number",
        "from_on",
        "to_on",
        "days",
        "balance",
        "annual_pct",
        "amount",
    ),
}


def upgrade() -> None:
    op.create_table(
        "letter_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('reminder', 'first', 'second', 'final', 'legal_notice')",
            name=op.f("ck_letter_template_stage_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_letter_template_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
        sa.UniqueConstraint("stage", "language", "version", name=op.f("uq_letter_template_stage_language_version")),
    )
    with op.batch_alter_table("letter_template", schema=None) as batch_op:
        batch_op.create_index(
            "uq_letter_template_active",
            ["stage", "language"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "interest_agreed_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("annual_pct", sa.BigInteger(), nullable=False),
        sa.Column("agreed_in", sa.String(length=250), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("annual_pct >= 0", name=op.f("ck_interest_agreed_rate_rate_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_interest_agreed_rate_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_interest_agreed_rate_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_agreed_rate")),
        sa.UniqueConstraint("customer_id", "from_on", name=op.f("uq_interest_agreed_rate_customer_id_from_on")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("customer_code", sa.String(length=40), nullable=False),
        sa.Column("customer_name", sa.String(length=250), nullable=False),
        sa.Column("tax_id", sa.String(length=20), nullable=True),
        sa.Column("signed_by", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("level > 0", name=op.f("ck_letter_level_positive")),
        sa.CheckConstraint("overdue > 0", name=op.f("ck_letter_overdue_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_letter_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_letter_event_id")),
        sa.ForeignKeyConstraint(["template_id"], ["letter_template.id"], name=op.f("fk_letter_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("customer_id", "run_on", name=op.f("uq_letter_customer_id_run_on")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_letter_run_on", ["run_on"], unique=False)

    op.create_table(
        "interest_charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("waived_reason", sa.String(length=250), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(document_id IS NULL) = (waived_reason IS NOT NULL)", name=op.f("ck_interest_charge_charged_or_waived")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_interest_charge_amount_positive")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_interest_charge_period_in_order")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_interest_charge_customer_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_interest_charge_document_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_interest_charge_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_charge")),
        sa.UniqueConstraint(
            "customer_id", "currency", "from_on", name=op.f("uq_interest_charge_customer_id_currency_from_on")
        ),
        sa.UniqueConstraint(
            "customer_id", "currency", "to_on", name=op.f("uq_interest_charge_customer_id_currency_to_on")
        ),
        sa.UniqueConstraint("document_id", name=op.f("uq_interest_charge_document_id")),
    )
    op.create_table(
        "letter_line",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_letter_line_document_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_letter_line_entry_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_line_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", "entry_id", name=op.f("pk_letter_line")),
    )
    with op.batch_alter_table("letter_line", schema=None) as batch_op:
        batch_op.create_index("ix_letter_line_document", ["document_id", "letter_id"], unique=False)

    op.create_table(
        "interest_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("annual_pct", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["interest_charge.id"], name=op.f("fk_interest_segment_charge_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_interest_segment_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_segment")),
    )
    with op.batch_alter_table("interest_segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_segment_charge_id"), ["charge_id"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("interest_segment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_segment_charge_id"))

    op.drop_table("interest_segment")
    with op.batch_alter_table("letter_line", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_line_document")

    op.drop_table("letter_line")
    op.drop_table("interest_charge")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_run_on")
        batch_op.drop_index(batch_op.f("ix_letter_event_id"))

    op.drop_table("letter")
    op.drop_table("interest_agreed_rate")
    with op.batch_alter_table("letter_template", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_letter_template_active", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )

    op.drop_table("letter_template")
