"""Stages: prelegal, agency, legal

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "collection_case": ("id", "number", "customer_id", "opened_on", "event_id"),
    "collection_hand_over": (
        "id",
        "case_id",
        "stage",
        "reason",
        "agency_id",
        "commission_pct",
        "proposed_on",
        "proposed_by_id",
        "proposed_by",
        "submission",
        "event_id",
    ),
    "collection_hand_over_document": ("hand_over_id", "document_id", "currency", "due_on", "proposed"),
    "collection_case_step": (
        "id",
        "case_id",
        "kind",
        "on_day",
        "at_time",
        "place",
        "what",
        "amount",
        "currency",
        "recorded_by",
        "event_id",
    ),
    "collection_case_cost": ("id", "case_id", "kind", "on_day", "amount", "currency", "what", "undoes_id", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "collection_agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=250), nullable=True),
        sa.Column("commission_pct", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "commission_pct BETWEEN 0 AND 1000000", name=op.f("ck_collection_agency_commission_in_range")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_agency_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_collection_agency_name")),
    )
    op.create_table(
        "collection_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("lawyer", sa.String(length=120), nullable=True),
        sa.Column("court", sa.String(length=160), nullable=True),
        sa.Column("file_number", sa.String(length=80), nullable=True),
        sa.Column("guarantee", sa.String(length=1000), nullable=True),
        sa.Column("prescribes_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_collection_case_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_case_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_case")),
        sa.UniqueConstraint("number", name=op.f("uq_collection_case_number")),
    )
    with op.batch_alter_table("collection_case", schema=None) as batch_op:
        batch_op.create_index("ix_collection_case_customer", ["customer_id"], unique=False)

    op.create_table(
        "collection_case_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("what", sa.String(length=250), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fees', 'court', 'notary', 'travel', 'other')", name=op.f("ck_collection_case_cost_kind_known")
        ),
        sa.CheckConstraint(
            "(amount < 0) = (undoes_id IS NOT NULL)", name=op.f("ck_collection_case_cost_undo_is_negative")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_collection_case_cost_amount_not_zero")),
        sa.ForeignKeyConstraint(["case_id"], ["collection_case.id"], name=op.f("fk_collection_case_cost_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_case_cost_event_id")),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["collection_case_cost.id"], name=op.f("fk_collection_case_cost_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_case_cost")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_collection_case_cost_undoes_id")),
    )
    with op.batch_alter_table("collection_case_cost", schema=None) as batch_op:
        batch_op.create_index("ix_collection_case_cost_case", ["case_id", "on_day"], unique=False)

    op.create_table(
        "collection_case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at_time", sa.String(length=5), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("result", sa.String(length=1000), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hearing', 'filing', 'ruling', 'agency_report', 'negotiation', 'note')",
            name=op.f("ck_collection_case_step_kind_known"),
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (result_on IS NULL)", name=op.f("ck_collection_case_step_result_has_its_day")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_collection_case_step_amount_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["collection_case.id"], name=op.f("fk_collection_case_step_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_case_step_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_case_step")),
    )
    with op.batch_alter_table("collection_case_step", schema=None) as batch_op:
        batch_op.create_index("ix_collection_case_step_case", ["case_id", "on_day"], unique=False)
        batch_op.create_index("ix_collection_case_step_kind", ["kind", "on_day"], unique=False)

    op.create_table(
        "collection_hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("commission_pct", sa.BigInteger(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=250), nullable=True),
        sa.Column("decision_event_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(stage = 'agency') = (agency_id IS NOT NULL)", name=op.f("ck_collection_hand_over_an_agency_has_a_name")
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (from_on IS NOT NULL)", name=op.f("ck_collection_hand_over_begins_when_approved")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_collection_hand_over_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id OR stage = 'internal'",
            name=op.f("ck_collection_hand_over_somebody_else_decides"),
        ),
        sa.CheckConstraint(
            "stage IN ('internal', 'prelegal', 'agency', 'legal')", name=op.f("ck_collection_hand_over_stage_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'refused')", name=op.f("ck_collection_hand_over_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["collection_agency.id"], name=op.f("fk_collection_hand_over_agency_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["collection_case.id"], name=op.f("fk_collection_hand_over_case_id")),
        sa.ForeignKeyConstraint(
            ["decision_event_id"], ["audit_event.id"], name=op.f("fk_collection_hand_over_decision_event_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_collection_hand_over_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_hand_over")),
        sa.UniqueConstraint("submission", name=op.f("uq_collection_hand_over_submission")),
    )
    with op.batch_alter_table("collection_hand_over", schema=None) as batch_op:
        batch_op.create_index("ix_collection_hand_over_case", ["case_id", "from_on", "id"], unique=False)
        batch_op.create_index(
            "uq_collection_hand_over_waiting",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "collection_hand_over_document",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("proposed", sa.BigInteger(), nullable=False),
        sa.Column("handed", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("handed >= 0", name=op.f("ck_collection_hand_over_document_handed_not_negative")),
        sa.CheckConstraint("proposed > 0", name=op.f("ck_collection_hand_over_document_proposed_positive")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_collection_hand_over_document_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["collection_hand_over.id"], name=op.f("fk_collection_hand_over_document_hand_over_id")
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "document_id", name=op.f("pk_collection_hand_over_document")),
    )
    with op.batch_alter_table("collection_hand_over_document", schema=None) as batch_op:
        batch_op.create_index("ix_collection_hand_over_document", ["document_id"], unique=False)
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("collection_hand_over_document", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_hand_over_document")

    op.drop_table("collection_hand_over_document")
    with op.batch_alter_table("collection_hand_over", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_collection_hand_over_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_collection_hand_over_case")

    op.drop_table("collection_hand_over")
    with op.batch_alter_table("collection_case_step", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_case_step_kind")
        batch_op.drop_index("ix_collection_case_step_case")

    op.drop_table("collection_case_step")
    with op.batch_alter_table("collection_case_cost", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_case_cost_case")

    op.drop_table("collection_case_cost")
    with op.batch_alter_table("collection_case", schema=None) as batch_op:
        batch_op.drop_index("ix_collection_case_customer")

    op.drop_table("collection_case")
    op.drop_table("collection_agency")
