"""The ledger: one row a movement on a customer's account, one row an application. Only `ledger.posting` writes here."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlmodel import Field

from core.money import Money, Rate
from core.tables import Moment, Table, append_only, one_of


class Side(StrEnum):
    CHARGE = "charge"
    CREDIT = "credit"


class Source(StrEnum):
    """The table of the paper behind an entry."""

    DOCUMENT = "document"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class Kind(StrEnum):
    """What the entry is called on a statement."""

    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REVERSAL = "reversal"
    EXCHANGE = "exchange"
    WRITE_OFF = "write_off"
    REFUND = "refund"


class AdjustmentKind(StrEnum):
    EXCHANGE = "exchange"
    WRITE_OFF = "write_off"
    REFUND = "refund"


#: The partial index of what is open; a query says exactly `open > 0` or it is not used.
OPEN = text("open > 0")


#: Compared sign by sign on both databases, so that the index also finds what a number begins with.
BYTEWISE = String(60).with_variant(String(60, collation="C"), "postgresql")


class Entry(Table, table=True):
    """One movement on a customer's account, one per instalment. Only `open` ever changes; the rest is reversed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        one_of("side", Side),
        one_of("source", Source),
        one_of("kind", Kind),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("open BETWEEN 0 AND amount", name="open_in_range"),
        CheckConstraint("(side = 'charge') = (due_on IS NOT NULL)", name="charges_fall_due"),
        CheckConstraint("(side = 'charge') = (instalment > 0)", name="charges_have_instalments"),
        CheckConstraint("exchange_rate > 0", name="rate_positive"),
        UniqueConstraint("source", "source_id", "instalment"),
        # aging and roll back read nothing else (`due_on` NULL says that it is a credit)
        Index(
            "ix_ledger_entry_open", "customer_id", "currency", "due_on", "open", "booked_on", "exchange_rate", "id",
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index("ix_ledger_entry_account", "customer_id", "booked_on"),
        # sums of history (a month's sales, the ledger's total) read this in its order, without rows and without sorting
        Index(
            "ix_ledger_entry_booked_on", "booked_on", "currency", "kind", "side", "due_on", "customer_id", "amount",
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    side: str = Field(max_length=6)
    kind: str = Field(max_length=12)
    source: str = Field(max_length=10)
    source_id: int
    instalment: int  # 1, 2… by due date for charges, 0 for credits
    number: str = Field(max_length=60)  # of the paper behind it; never changes
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_type=Rate)
    booked_on: date  # when it counts: issue, payment (or identification), reversal
    due_on: date | None = None
    paid_on: date | None = None  # the day the money was received: payments, and what they closed across currencies
    amount: Decimal = Field(sa_type=Money)
    open: Decimal = Field(sa_type=Money)  # left now, over all dates; written by ledger.posting alone


class Application(Table, table=True):
    """Part of a credit that closed part of a charge; an undo is a row of its own with the negative amount.

    The dates that reports ask for are copied from the two entries: they never change after posting.
    """

    __tablename__ = "ledger_application"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("(amount < 0) = (undoes_id IS NOT NULL)", name="undo_is_negative"),
        UniqueConstraint("undoes_id"),
        Index("ix_ledger_application_charge", "charge_id", "applied_on", "amount"),
        Index("ix_ledger_application_credit", "credit_id", "applied_on", "amount"),
        # the roll back reads this and the entries that it names; what was applied by month is summed in its order
        Index(
            "ix_ledger_application_on", "applied_on", "currency", "due_on", "charge_on", "credit_on", "paid_on",
            "charge_id", "credit_id", "amount",
        ),
        Index("ix_ledger_application_customer", "customer_id", "applied_on"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    credit_id: int = Field(foreign_key="ledger_entry.id")
    charge_id: int = Field(foreign_key="ledger_entry.id")
    amount: Decimal = Field(sa_type=Money)
    applied_on: date
    undoes_id: int | None = Field(default=None, foreign_key="ledger_application.id")
    imported: bool = False  # came as a row (or `applies_to` with amounts did not): only these have a key
    customer_id: int
    currency: str = Field(max_length=3)
    due_on: date
    charge_on: date
    credit_on: date
    paid_on: date | None = None  # the day the money was received; NULL: it was no money
    event_id: int = Field(foreign_key="audit_event.id")


class Reversal(Table, table=True):
    """The undoing of a whole document, payment or adjustment, or of what one of them had applied to one document."""

    __tablename__ = "ledger_reversal"
    __table_args__ = (
        one_of("source", Source),
        Index(
            "uq_ledger_reversal_whole", "source", "source_id",
            unique=True, sqlite_where=text("document_id IS NULL"), postgresql_where=text("document_id IS NULL"),
        ),
        Index("ix_ledger_reversal_reversed_on", "reversed_on"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=10)
    source_id: int
    document_id: int | None = None  # only its application to this document
    reversed_on: date
    reason: str = Field(max_length=250)
    imported: bool = False
    event_id: int = Field(foreign_key="audit_event.id")


class Adjustment(Table, table=True):
    """A row of its own for what is neither document nor payment: exchange, small difference written off, refund."""

    __tablename__ = "ledger_adjustment"
    __table_args__ = (one_of("kind", AdjustmentKind), CheckConstraint("amount > 0", name="amount_positive"))

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    source: str = Field(max_length=10)  # the payment or credit note that gave it
    source_id: int
    document_id: int | None = None  # the document that it closes, if any
    booked_on: date
    amount: Decimal = Field(sa_type=Money)  # in `currency`; of an exchange, what was closed of the document
    currency: str = Field(max_length=3)
    spent: Decimal | None = Field(default=None, sa_type=Money)  # exchange: what the payment spent, in `spent_currency`
    spent_currency: str | None = Field(default=None, max_length=3)
    difference: Decimal | None = Field(default=None, sa_type=Money)  # exchange gain (+) or loss (-), company currency
    notes: str | None = Field(default=None, max_length=250)
    event_id: int = Field(foreign_key="audit_event.id")


class Number(Table, table=True):
    """Who bears a number: documents and payments share one series of names."""

    __tablename__ = "ledger_number"
    __table_args__ = (one_of("source", Source), {"sqlite_with_rowid": False})

    number: str = Field(primary_key=True, sa_type=BYTEWISE)
    source: str = Field(max_length=10)
    source_id: int


class MonthLock(Table, table=True):
    """Closing a month and all before it, or opening it and all after it again. The state follows from the rows."""

    __tablename__ = "ledger_month_lock"
    __table_args__ = (CheckConstraint("closes IN (0, 1)", name="closes_known"),)

    id: int | None = Field(default=None, primary_key=True)
    closes: int  # 1 closes, 0 opens again
    month: str = Field(max_length=7)  # 2026-03
    user_id: int | None = None
    user_name: str = Field(max_length=60)
    reason: str | None = Field(default=None, max_length=250)
    at: datetime = Field(sa_type=Moment)


append_only("ledger_entry", may_change=frozenset({"open"}))
for _table in ("ledger_application", "ledger_reversal", "ledger_adjustment", "ledger_number", "ledger_month_lock"):
    append_only(_table)
