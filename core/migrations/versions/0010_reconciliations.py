"""Reconciliations with customers

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "reconciliation": (
        "id",
        "number",
        "customer_id",
        "currency",
        "cut_on",
        "file_name",
        "our_balance",
        "their_balance",
        "made_by",
        "made_on",
        "submission",
        "event_id",
    ),
    "reconciliation_line": (
        "id",
        "reconciliation_id",
        "place",
        "our_number",
        "our_kind",
        "our_on",
        "our_amount",
        "their_row",
        "their_number",
        "their_on",
        "their_amount",
        "difference",
        "matched_by",
        "evidence",
        "found_cause",
    ),
    "reconciliation_agreement": (
        "id",
        "reconciliation_id",
        "party",
        "owner",
        "text",
        "due_on",
        "amount",
        "document",
        "event_id",
    ),
}


def upgrade() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cut_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("our_balance", sa.BigInteger(), nullable=False),
        sa.Column("their_balance", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("discarded_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=60), nullable=True),
        sa.Column("our_signer", sa.String(length=120), nullable=True),
        sa.Column("their_signer", sa.String(length=120), nullable=True),
        sa.Column("their_position", sa.String(length=120), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.CheckConstraint(
            "(signed_on IS NULL) = (signed_by IS NULL)", name=op.f("ck_reconciliation_signed_by_somebody")
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR discarded_on IS NULL", name=op.f("ck_reconciliation_signed_or_discarded")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_reconciliation_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_reconciliation_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("number", name=op.f("uq_reconciliation_number")),
        sa.UniqueConstraint("submission", name=op.f("uq_reconciliation_submission")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index("ix_reconciliation_customer", ["customer_id", "cut_on"], unique=False)

    op.create_table(
        "reconciliation_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=4), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=250), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("promise", sa.String(length=60), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("party IN ('us', 'them')", name=op.f("ck_reconciliation_agreement_party_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reconciliation_agreement_amount_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_reconciliation_agreement_event_id")),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_agreement_reconciliation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_agreement")),
    )
    with op.batch_alter_table("reconciliation_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_agreement_reconciliation_id"), ["reconciliation_id"], unique=False
        )

    op.create_table(
        "reconciliation_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("our_number", sa.String(length=60), nullable=True),
        sa.Column("our_kind", sa.String(length=12), nullable=True),
        sa.Column("our_on", sa.Date(), nullable=True),
        sa.Column("our_amount", sa.BigInteger(), nullable=False),
        sa.Column("their_row", sa.Integer(), nullable=True),
        sa.Column("their_number", sa.String(length=60), nullable=True),
        sa.Column("their_on", sa.Date(), nullable=True),
        sa.Column("their_amount", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("matched_by", sa.String(length=12), nullable=True),
        sa.Column("evidence", sa.String(length=60), nullable=True),
        sa.Column("found_cause", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "cause IN ('agrees', 'not_in_theirs', 'not_in_ours', 'amount', 'paid_not_applied', 'paid_in_ours', 'paid_after_cut', 'credit_note', 'duplicate')",
            name=op.f("ck_reconciliation_line_cause_known"),
        ),
        sa.CheckConstraint(
            "found_cause IN ('agrees', 'not_in_theirs', 'not_in_ours', 'amount', 'paid_not_applied', 'paid_in_ours', 'paid_after_cut', 'credit_note', 'duplicate')",
            name=op.f("ck_reconciliation_line_found_cause_known"),
        ),
        sa.CheckConstraint(
            "matched_by IN ('uuid', 'folio', 'loose_folio', 'amount')",
            name=op.f("ck_reconciliation_line_matched_by_known"),
        ),
        sa.CheckConstraint(
            "difference = our_amount - their_amount", name=op.f("ck_reconciliation_line_difference_is_ours_less_theirs")
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_line_reconciliation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_line")),
    )
    with op.batch_alter_table("reconciliation_line", schema=None) as batch_op:
        batch_op.create_index("ix_reconciliation_line_of", ["reconciliation_id", "place"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("reconciliation_line", schema=None) as batch_op:
        batch_op.drop_index("ix_reconciliation_line_of")

    op.drop_table("reconciliation_line")
    with op.batch_alter_table("reconciliation_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_agreement_reconciliation_id"))

    op.drop_table("reconciliation_agreement")
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.drop_index("ix_reconciliation_customer")

    op.drop_table("reconciliation")
