"""Letters, their templates, and late interest."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from core.money import Money, Percent, Rate
from core.tables import Moment, Table, append_only, one_of

_ACTIVE = text("active")


class Stage(StrEnum):
    """The tone of a letter, from a friendly word to the notice before the lawyers."""

    REMINDER = "reminder"
    FIRST = "first"
    SECOND = "second"
    FINAL = "final"
    LEGAL_NOTICE = "legal_notice"


class LetterTemplate(Table, table=True):
    """A Word file with fields, and the text of the e-mail that carries it. One version of a stage and language is
    active; versions are never changed, so a letter can be made again as it was."""

    __tablename__ = "letter_template"
    __table_args__ = (
        one_of("stage", Stage),
        UniqueConstraint("stage", "language", "version"),
        Index(
            "uq_letter_template_active", "stage", "language",
            unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    stage: str = Field(max_length=12)
    language: str = Field(max_length=2)
    version: int
    name: str = Field(max_length=200)  # of the file
    content: bytes
    subject: str = Field(max_length=200)
    body: str = Field(max_length=4000)
    active: bool = False
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = Field(max_length=60)
    event_id: int = Field(foreign_key="audit_event.id")


class Letter(Table, table=True):
    """One letter to a customer: what it says is frozen here and in its lines, however the books go on."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("level > 0", name="level_positive"),
        CheckConstraint("overdue > 0", name="overdue_positive"),
        UniqueConstraint("customer_id", "run_on"),
        Index("ix_letter_run_on", "run_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    run_on: date
    level: int
    language: str = Field(max_length=2)
    currency: str = Field(max_length=3)  # the company's
    overdue: Decimal = Field(sa_type=Money)  # what it lists, in `currency`
    unapplied: Decimal = Field(sa_type=Money)  # in favour of the customer, in `currency`
    template_id: int = Field(foreign_key="letter_template.id")
    company: str  # name and letterhead as they were, a line each
    customer_code: str = Field(max_length=40)
    customer_name: str = Field(max_length=250)
    tax_id: str | None = Field(default=None, max_length=20)
    signed_by: str = Field(max_length=120)  # the customer's collector
    event_id: int = Field(foreign_key="audit_event.id", index=True)


class LetterLine(Table, table=True):
    """An instalment that a letter lists."""

    __tablename__ = "letter_line"
    __table_args__ = (Index("ix_letter_line_document", "document_id", "letter_id"),)

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    entry_id: int = Field(foreign_key="ledger_entry.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: str = Field(max_length=60)
    issued_on: date
    due_on: date
    days: int
    open: Decimal = Field(sa_type=Money)
    disputed: Decimal = Field(sa_type=Money)
    amount: Decimal = Field(sa_type=Money)  # open less disputed: what the letter asks for
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_type=Rate)
    base: Decimal = Field(sa_type=Money)


class AgreedRate(Table, table=True):
    """The yearly rate of late interest that was agreed with a customer, from a day on."""

    __tablename__ = "interest_agreed_rate"
    __table_args__ = (
        CheckConstraint("annual_pct >= 0", name="rate_not_negative"),
        UniqueConstraint("customer_id", "from_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    from_on: date
    annual_pct: Decimal = Field(sa_type=Percent)
    agreed_in: str = Field(max_length=250)  # contract, promissory note…
    event_id: int = Field(foreign_key="audit_event.id")


class LateInterest(Table, table=True):
    """The late interest of a customer, currency and period: charged with a debit note, or waived with a reason."""

    __tablename__ = "interest_charge"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("to_on >= from_on", name="period_in_order"),
        CheckConstraint("(document_id IS NULL) = (waived_reason IS NOT NULL)", name="charged_or_waived"),
        UniqueConstraint("customer_id", "currency", "from_on"),
        UniqueConstraint("customer_id", "currency", "to_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    currency: str = Field(max_length=3)
    from_on: date
    to_on: date
    amount: Decimal = Field(sa_type=Money)  # before tax
    document_id: int | None = Field(default=None, foreign_key="document.id", unique=True)
    waived_reason: str | None = Field(default=None, max_length=250)
    done_by: str = Field(max_length=60)
    event_id: int = Field(foreign_key="audit_event.id")


class InterestSegment(Table, table=True):
    """Days on which a document's overdue balance stood still, and the interest of them."""

    __tablename__ = "interest_segment"

    id: int | None = Field(default=None, primary_key=True)
    charge_id: int = Field(foreign_key="interest_charge.id", index=True)
    document_id: int = Field(foreign_key="document.id")
    number: str = Field(max_length=60)
    from_on: date
    to_on: date
    days: int
    balance: Decimal = Field(sa_type=Money)
    annual_pct: Decimal = Field(sa_type=Percent)
    amount: Decimal = Field(sa_type=Money)


append_only("letter_template", may_change=frozenset({"active"}))
for _table in ("letter", "letter_line", "interest_agreed_rate", "interest_charge", "interest_segment"):
    append_only(_table)
