"""Invoices, debit notes and credit notes, as they were issued; credit notes that wait for approval."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from core.money import Money, Rate
from core.tables import Moment, Table, append_only, one_of


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    DEBIT_NOTE = "debit_note"
    CREDIT_NOTE = "credit_note"

    @property
    def is_charge(self) -> bool:
        return self is not DocumentKind.CREDIT_NOTE


class Document(Table, table=True):
    """One document; its instalments are the ledger entries of source `document`. Found by number in `ledger_number`."""

    __tablename__ = "document"
    __table_args__ = (
        one_of("kind", DocumentKind),
        CheckConstraint("total >= 0", name="total_not_negative"),
        Index("ix_document_customer_id", "customer_id", "issued_on"),
        Index("ix_document_issued_on", "issued_on"),
        Index(
            "uq_document_uuid", "uuid", unique=True,
            sqlite_where=text("uuid IS NOT NULL"), postgresql_where=text("uuid IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12)
    number: str = Field(max_length=60)
    customer_id: int = Field(foreign_key="customer.id")
    issued_on: date
    due_on: date | None = None  # of charges: the last instalment's
    presented_on: date | None = None
    total: Decimal = Field(sa_type=Money)
    subtotal: Decimal = Field(sa_type=Money)
    tax: Decimal | None = Field(default=None, sa_type=Money)
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_type=Rate)
    sales_rep: str | None = Field(default=None, max_length=80)
    uuid: str | None = Field(default=None, max_length=36)  # upper case
    po_number: str | None = Field(default=None, max_length=60)
    applies_to: str | None = None  # as the user wrote it: what a credit note names
    reason: str | None = Field(default=None, max_length=40)  # of notes: key of the catalogue
    notes: str | None = Field(default=None, max_length=1000)
    submission: str | None = Field(default=None, max_length=40, unique=True)  # a form's token: a double click is one
    event_id: int = Field(foreign_key="audit_event.id")


class NoteState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class NoteRequest(Table, table=True):
    """A credit note above `approval.credit_note`: it becomes a document when somebody else approves it."""

    __tablename__ = "note_request"
    __table_args__ = (
        one_of("state", NoteState),
        CheckConstraint("decided_by_id <> requested_by_id", name="somebody_else_decides"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    number: str = Field(max_length=60)
    issued_on: date
    amount: Decimal = Field(sa_type=Money)
    subtotal: Decimal = Field(sa_type=Money)
    tax: Decimal | None = Field(default=None, sa_type=Money)
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_type=Rate)
    reason: str = Field(max_length=40)
    applies_to: str | None = None
    notes: str | None = Field(default=None, max_length=1000)
    state: str = Field(default=NoteState.WAITING, max_length=10)
    requested_by_id: int | None = None
    requested_by: str = Field(max_length=60)
    requested_at: datetime = Field(sa_type=Moment)
    decided_by_id: int | None = None
    decided_by: str | None = Field(default=None, max_length=60)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision_note: str | None = Field(default=None, max_length=250)
    document_id: int | None = Field(default=None, foreign_key="document.id")
    submission: str | None = Field(default=None, max_length=40, unique=True)


append_only("document", may_change=frozenset({"presented_on"}))
