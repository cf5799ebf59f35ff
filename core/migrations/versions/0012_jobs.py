"""The nightly run's log, and the figures of each month as reported

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "nightly_run": ("id", "as_of", "user_name", "origin", "started_at", "event_id"),
    "nightly_step": ("id", "run_id", "step", "started_at", "finished_at", "done", "error"),
    "month_figures": (
        "id",
        "month",
        "region",
        "currency",
        "buckets",
        "unapplied",
        "total",
        "overdue",
        "disputed",
        "base_total",
        "opening",
        "sales",
        "collected",
        "closing",
        "unidentified",
        "overdue_pct",
        "dso",
        "dso_countback",
        "best_possible_dso",
        "average_delay",
        "cei_pct",
        "promises_due",
        "promises_kept_pct",
        "frozen_at",
        "event_id",
    ),
}


def upgrade() -> None:
    op.create_table(
        "month_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("buckets", sa.Text(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.BigInteger(), nullable=False),
        sa.Column("base_total", sa.BigInteger(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("sales", sa.BigInteger(), nullable=False),
        sa.Column("collected", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.Column("unidentified", sa.BigInteger(), nullable=False),
        sa.Column("overdue_pct", sa.BigInteger(), nullable=True),
        sa.Column("dso", sa.BigInteger(), nullable=True),
        sa.Column("dso_countback", sa.BigInteger(), nullable=True),
        sa.Column("best_possible_dso", sa.BigInteger(), nullable=True),
        sa.Column("average_delay", sa.BigInteger(), nullable=True),
        sa.Column("cei_pct", sa.BigInteger(), nullable=True),
        sa.Column("promises_due", sa.Integer(), nullable=False),
        sa.Column("promises_kept_pct", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_month_figures_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_figures")),
        sa.UniqueConstraint("month", "region", "currency", name=op.f("uq_month_figures_month_region_currency")),
    )
    op.create_table(
        "nightly_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_nightly_run_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nightly_run")),
    )
    with op.batch_alter_table("nightly_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nightly_run_started_at"), ["started_at"], unique=False)

    op.create_table(
        "nightly_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["nightly_run.id"], name=op.f("fk_nightly_step_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nightly_step")),
        sa.UniqueConstraint("run_id", "step", name=op.f("uq_nightly_step_run_id_step")),
    )
    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    op.drop_table("nightly_step")
    with op.batch_alter_table("nightly_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nightly_run_started_at"))

    op.drop_table("nightly_run")
    op.drop_table("month_figures")
