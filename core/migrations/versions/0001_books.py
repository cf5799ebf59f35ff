"""The books: customers, documents, payments, ledger, users, log

Revision: 0001
After:
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.append_only import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Rows of these are never deleted, and these columns never updated.
APPEND_ONLY = {
    "audit_event": (
        "id",
        "at",
        "business_on",
        "user_id",
        "user_name",
        "origin",
        "os_user",
        "action",
        "entity",
        "entity_id",
        "customer_id",
        "facts",
        "file_hash",
    ),
    "customer_change": ("id", "customer_id", "event_id", "field", "before", "after"),
    "document": (
        "id",
        "kind",
        "number",
        "customer_id",
        "issued_on",
        "due_on",
        "total",
        "subtotal",
        "tax",
        "currency",
        "exchange_rate",
        "sales_rep",
        "uuid",
        "po_number",
        "applies_to",
        "reason",
        "notes",
        "submission",
        "event_id",
    ),
    "ledger_entry": (
        "id",
        "customer_id",
        "side",
        "kind",
        "source",
        "source_id",
        "instalment",
        "number",
        "currency",
        "exchange_rate",
        "booked_on",
        "due_on",
        "paid_on",
        "amount",
    ),
    "ledger_application": (
        "id",
        "credit_id",
        "charge_id",
        "amount",
        "applied_on",
        "undoes_id",
        "imported",
        "customer_id",
        "currency",
        "due_on",
        "charge_on",
        "credit_on",
        "paid_on",
        "event_id",
    ),
    "ledger_reversal": ("id", "source", "source_id", "document_id", "reversed_on", "reason", "imported", "event_id"),
    "ledger_adjustment": (
        "id",
        "kind",
        "customer_id",
        "source",
        "source_id",
        "document_id",
        "booked_on",
        "amount",
        "currency",
        "spent",
        "spent_currency",
        "difference",
        "notes",
        "event_id",
    ),
    "ledger_number": ("number", "source", "source_id"),
    "ledger_month_lock": ("id", "closes", "month", "user_id", "user_name", "reason", "at"),
    "payment": (
        "id",
        "number",
        "paid_on",
        "amount",
        "currency",
        "exchange_rate",
        "method",
        "bank_reference",
        "account",
        "applies_to",
        "notes",
        "came_unidentified",
        "submission",
        "event_id",
    ),
    "exchange_rate": ("id", "rate_on", "currency", "rate", "event_id"),
}


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=True),
        sa.Column("sales_rep", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=100), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("auth_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'manager', 'cashier', 'collector', 'credit_analyst', 'commission_analyst', 'sales_rep', 'auditor')",
            name=op.f("ck_app_user_role_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("name", name=op.f("uq_app_user_name")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_on", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("os_user", sa.String(length=60), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=True),
        sa.Column("entity_id", sa.String(length=60), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_event_business_on", ["business_on"], unique=False)
        batch_op.create_index("ix_audit_event_customer_id", ["customer_id", "id"], unique=False)
        batch_op.create_index("ix_audit_event_entity", ["entity", "entity_id"], unique=False)

    op.create_table(
        "import_layout",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_import_layout")),
    )
    op.create_table(
        "ledger_month_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=250), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes IN (0, 1)", name=op.f("ck_ledger_month_lock_closes_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_month_lock")),
    )
    op.create_table(
        "ledger_number",
        sa.Column(
            "number",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source IN ('document', 'payment', 'adjustment', 'reversal')", name=op.f("ck_ledger_number_source_known")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_attempt",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempt")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("code_key", sa.String(length=40), nullable=False),
        sa.Column("legal_name", sa.String(length=250), nullable=False),
        sa.Column("tax_id", sa.String(length=20), nullable=True),
        sa.Column("region", sa.String(length=80), nullable=True),
        sa.Column("district", sa.String(length=80), nullable=True),
        sa.Column("sales_rep", sa.String(length=80), nullable=True),
        sa.Column("collector", sa.String(length=80), nullable=True),
        sa.Column("segment", sa.String(length=80), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("terms_days", sa.Integer(), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(length=250), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_customer_status_known")),
        sa.CheckConstraint("credit_limit >= 0", name=op.f("ck_customer_limit_not_negative")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_customer_not_its_own_parent")),
        sa.CheckConstraint("terms_days >= 0", name=op.f("ck_customer_terms_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_customer_event_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["customer.id"], name=op.f("fk_customer_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("code", name=op.f("uq_customer_code")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_code_key"), ["code_key"], unique=False)
        batch_op.create_index("ix_customer_collector", ["collector"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_customer_region", ["region"], unique=False)
        batch_op.create_index("ix_customer_sales_rep", ["sales_rep"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_tax_id"), ["tax_id"], unique=False)

    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_rate_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_exchange_rate_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "rate_on", name=op.f("uq_exchange_rate_currency_rate_on")),
    )
    op.create_table(
        "ledger_reversal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=250), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source IN ('document', 'payment', 'adjustment', 'reversal')", name=op.f("ck_ledger_reversal_source_known")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_ledger_reversal_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_reversal")),
    )
    with op.batch_alter_table("ledger_reversal", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_reversal_reversed_on", ["reversed_on"], unique=False)
        batch_op.create_index(
            "uq_ledger_reversal_whole",
            ["source", "source_id"],
            unique=True,
            sqlite_where=sa.text("document_id IS NULL"),
            postgresql_where=sa.text("document_id IS NULL"),
        )

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("auth_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=True),
        sa.Column("device", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_login_session_key_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=True),
        sa.Column("bank_reference", sa.String(length=120), nullable=True),
        sa.Column("account", sa.String(length=80), nullable=True),
        sa.Column("applies_to", sa.Text(), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("came_unidentified", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method IN ('cash', 'cheque', 'transfer', 'card', 'other')", name=op.f("ck_payment_method_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_payment_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("submission", name=op.f("uq_payment_submission")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_amount", ["amount", "paid_on"], unique=False)
        batch_op.create_index("ix_payment_bank_reference", ["bank_reference"], unique=False)
        batch_op.create_index(
            "ix_payment_came_unidentified",
            ["paid_on"],
            unique=False,
            sqlite_where=sa.text("came_unidentified = 1"),
            postgresql_where=sa.text("came_unidentified"),
        )
        batch_op.create_index("ix_payment_paid_on", ["paid_on", "currency", "amount"], unique=False)

    op.create_table(
        "customer_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_change_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_customer_change_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_change")),
    )
    with op.batch_alter_table("customer_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_change_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=250), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("notes", sa.String(length=500), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_person_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_person")),
    )
    with op.batch_alter_table("customer_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_person_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("presented_on", sa.Date(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=False),
        sa.Column("sales_rep", sa.String(length=80), nullable=True),
        sa.Column("uuid", sa.String(length=36), nullable=True),
        sa.Column("po_number", sa.String(length=60), nullable=True),
        sa.Column("applies_to", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'debit_note', 'credit_note')", name=op.f("ck_document_kind_known")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_document_total_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_document_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_document_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("submission", name=op.f("uq_document_submission")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_customer_id", ["customer_id", "issued_on"], unique=False)
        batch_op.create_index("ix_document_issued_on", ["issued_on"], unique=False)
        batch_op.create_index(
            "uq_document_uuid",
            ["uuid"],
            unique=True,
            sqlite_where=sa.text("uuid IS NOT NULL"),
            postgresql_where=sa.text("uuid IS NOT NULL"),
        )

    op.create_table(
        "ledger_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("spent_currency", sa.String(length=3), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.String(length=250), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('exchange', 'write_off', 'refund')", name=op.f("ck_ledger_adjustment_kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_adjustment_amount_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ledger_adjustment_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_ledger_adjustment_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_adjustment")),
    )
    with op.batch_alter_table("ledger_adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_adjustment_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("instalment", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(side = 'charge') = (due_on IS NOT NULL)", name=op.f("ck_ledger_entry_charges_fall_due")),
        sa.CheckConstraint(
            "(side = 'charge') = (instalment > 0)", name=op.f("ck_ledger_entry_charges_have_instalments")
        ),
        sa.CheckConstraint(
            "kind IN ('invoice', 'debit_note', 'credit_note', 'payment', 'reversal', 'exchange', 'write_off', 'refund')",
            name=op.f("ck_ledger_entry_kind_known"),
        ),
        sa.CheckConstraint("side IN ('charge', 'credit')", name=op.f("ck_ledger_entry_side_known")),
        sa.CheckConstraint(
            "source IN ('document', 'payment', 'adjustment', 'reversal')", name=op.f("ck_ledger_entry_source_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_ledger_entry_amount_not_negative")),
        sa.CheckConstraint("exchange_rate > 0", name=op.f("ck_ledger_entry_rate_positive")),
        sa.CheckConstraint("open BETWEEN 0 AND amount", name=op.f("ck_ledger_entry_open_in_range")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ledger_entry_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "source", "source_id", "instalment", name=op.f("uq_ledger_entry_source_source_id_instalment")
        ),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_account", ["customer_id", "booked_on"], unique=False)
        batch_op.create_index(
            "ix_ledger_entry_booked_on",
            ["booked_on", "currency", "kind", "side", "due_on", "customer_id", "amount"],
            unique=False,
        )
        batch_op.create_index(
            "ix_ledger_entry_open",
            ["customer_id", "currency", "due_on", "open", "booked_on", "exchange_rate", "id"],
            unique=False,
            sqlite_where=sa.text("open > 0"),
            postgresql_where=sa.text("open > 0"),
        )

    op.create_table(
        "ledger_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("charge_on", sa.Date(), nullable=False),
        sa.Column("credit_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(amount < 0) = (undoes_id IS NOT NULL)", name=op.f("ck_ledger_application_undo_is_negative")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_application_amount_not_zero")),
        sa.ForeignKeyConstraint(["charge_id"], ["ledger_entry.id"], name=op.f("fk_ledger_application_charge_id")),
        sa.ForeignKeyConstraint(["credit_id"], ["ledger_entry.id"], name=op.f("fk_ledger_application_credit_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_ledger_application_event_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["ledger_application.id"], name=op.f("fk_ledger_application_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_application")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_ledger_application_undoes_id")),
    )
    with op.batch_alter_table("ledger_application", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_application_charge", ["charge_id", "applied_on", "amount"], unique=False)
        batch_op.create_index("ix_ledger_application_credit", ["credit_id", "applied_on", "amount"], unique=False)
        batch_op.create_index("ix_ledger_application_customer", ["customer_id", "applied_on"], unique=False)
        batch_op.create_index(
            "ix_ledger_application_on",
            [
                "applied_on",
                "currency",
                "due_on",
                "charge_on",
                "credit_on",
                "paid_on",
                "charge_id",
                "credit_id",
                "amount",
            ],
            unique=False,
        )

    op.create_table(
        "note_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.String(length=60), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=250), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name=op.f("ck_note_request_state_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_note_request_amount_positive")),
        sa.CheckConstraint("decided_by_id <> requested_by_id", name=op.f("ck_note_request_somebody_else_decides")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_note_request_customer_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_note_request_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_request")),
        sa.UniqueConstraint("submission", name=op.f("uq_note_request_submission")),
    )
    with op.batch_alter_table("note_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_request_customer_id"), ["customer_id"], unique=False)

    for table, fixed in APPEND_ONLY.items():
        protect(table, fixed)


def downgrade() -> None:
    with op.batch_alter_table("note_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_request_customer_id"))

    op.drop_table("note_request")
    with op.batch_alter_table("ledger_application", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_application_on")
        batch_op.drop_index("ix_ledger_application_customer")
        batch_op.drop_index("ix_ledger_application_credit")
        batch_op.drop_index("ix_ledger_application_charge")

    op.drop_table("ledger_application")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ledger_entry_open", sqlite_where=sa.text("open > 0"), postgresql_where=sa.text("open > 0")
        )
        batch_op.drop_index("ix_ledger_entry_booked_on")
        batch_op.drop_index("ix_ledger_entry_account")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("ledger_adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_adjustment_customer_id"))

    op.drop_table("ledger_adjustment")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_document_uuid", sqlite_where=sa.text("uuid IS NOT NULL"), postgresql_where=sa.text("uuid IS NOT NULL")
        )
        batch_op.drop_index("ix_document_issued_on")
        batch_op.drop_index("ix_document_customer_id")

    op.drop_table("document")
    with op.batch_alter_table("customer_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_person_customer_id"))

    op.drop_table("customer_person")
    with op.batch_alter_table("customer_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_change_customer_id"))

    op.drop_table("customer_change")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_paid_on")
        batch_op.drop_index(
            "ix_payment_came_unidentified",
            sqlite_where=sa.text("came_unidentified = 1"),
            postgresql_where=sa.text("came_unidentified"),
        )
        batch_op.drop_index("ix_payment_bank_reference")
        batch_op.drop_index("ix_payment_amount")

    op.drop_table("payment")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("ledger_reversal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ledger_reversal_whole",
            sqlite_where=sa.text("document_id IS NULL"),
            postgresql_where=sa.text("document_id IS NULL"),
        )
        batch_op.drop_index("ix_ledger_reversal_reversed_on")

    op.drop_table("ledger_reversal")
    op.drop_table("exchange_rate")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_tax_id"))
        batch_op.drop_index("ix_customer_sales_rep")
        batch_op.drop_index("ix_customer_region")
        batch_op.drop_index(batch_op.f("ix_customer_parent_id"))
        batch_op.drop_index("ix_customer_collector")
        batch_op.drop_index(batch_op.f("ix_customer_code_key"))

    op.drop_table("customer")
    op.drop_table("setting")
    op.drop_table("login_attempt")
    op.drop_table("ledger_number")
    op.drop_table("ledger_month_lock")
    op.drop_table("import_layout")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_entity")
        batch_op.drop_index("ix_audit_event_customer_id")
        batch_op.drop_index("ix_audit_event_business_on")
        batch_op.drop_index("ix_audit_event_at")

    op.drop_table("audit_event")
    op.drop_table("app_user")
