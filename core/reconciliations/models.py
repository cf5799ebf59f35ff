"""Reconciliations with customers: their list beside our open items, what differs and why, what was agreed, who signed.

A reconciliation is frozen as it was compared; until it is signed the causes and agreements may be edited, afterwards
nothing. The file as it came, the signature and the minute are kept as attachments.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.money import Money
from core.reconciliations.kinds import Cause, MatchedBy, Party
from core.tables import Moment, Table, append_only, one_of


class Reconciliation(Table, table=True):
    """One comparison at a cut date in one currency. Balances are those compared: ours the aging's total."""

    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint("(signed_on IS NULL) = (signed_by IS NULL)", name="signed_by_somebody"),
        CheckConstraint("signed_on IS NULL OR discarded_on IS NULL", name="signed_or_discarded"),
        Index("ix_reconciliation_customer", "customer_id", "cut_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    currency: str = Field(max_length=3)
    cut_on: date
    file_name: str = Field(max_length=200)
    our_balance: Decimal = Field(sa_type=Money)
    their_balance: Decimal = Field(sa_type=Money)
    made_by: str = Field(max_length=60)
    made_on: date
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")
    notes: str | None = Field(default=None, max_length=1000)  # of the minute
    discarded_on: date | None = None
    signed_on: date | None = None
    signed_at: datetime | None = Field(default=None, sa_type=Moment)
    signed_by: str | None = Field(default=None, max_length=60)  # our user
    our_signer: str | None = Field(default=None, max_length=120)
    their_signer: str | None = Field(default=None, max_length=120)
    their_position: str | None = Field(default=None, max_length=120)
    language: str | None = Field(default=None, max_length=2)  # of the minute


class ReconciliationLine(Table, table=True):
    """An item of ours, of theirs, or both. Amounts are what is open, credits negative; `difference` = ours − theirs."""

    __tablename__ = "reconciliation_line"
    __table_args__ = (
        one_of("cause", Cause),
        one_of("found_cause", Cause),
        one_of("matched_by", MatchedBy),
        CheckConstraint("difference = our_amount - their_amount", name="difference_is_ours_less_theirs"),
        Index("ix_reconciliation_line_of", "reconciliation_id", "place"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reconciliation_id: int = Field(foreign_key="reconciliation.id")
    place: int
    our_number: str | None = Field(default=None, max_length=60)
    our_kind: str | None = Field(default=None, max_length=12)
    our_on: date | None = None
    our_amount: Decimal = Field(sa_type=Money)
    their_row: int | None = None  # of their file
    their_number: str | None = Field(default=None, max_length=60)
    their_on: date | None = None
    their_amount: Decimal = Field(sa_type=Money)
    difference: Decimal = Field(sa_type=Money)
    matched_by: str | None = Field(default=None, max_length=12)
    evidence: str | None = Field(default=None, max_length=60)  # number of the paper that explains it
    found_cause: str = Field(max_length=20)  # as the comparison says
    cause: str = Field(max_length=20)  # as people say
    remark: str | None = Field(default=None, max_length=500)


class ReconciliationAgreement(Table, table=True):
    """What was agreed: by us, a task; by them, a promise (with an amount) or a task to follow it up."""

    __tablename__ = "reconciliation_agreement"
    __table_args__ = (
        one_of("party", Party),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reconciliation_id: int = Field(foreign_key="reconciliation.id", index=True)
    party: str = Field(max_length=4)
    owner: str = Field(max_length=120)  # of ours a user's name; of theirs somebody's
    text: str = Field(max_length=250)
    due_on: date
    amount: Decimal | None = Field(default=None, sa_type=Money)
    document: str | None = Field(default=None, max_length=60)  # whose payment is promised
    withdrawn: bool = False  # before signing
    promise: str | None = Field(default=None, max_length=60)  # its number, once signed
    event_id: int = Field(foreign_key="audit_event.id")


append_only(
    "reconciliation",
    may_change=frozenset({
        "notes", "discarded_on", "signed_on", "signed_at", "signed_by", "our_signer", "their_signer",
        "their_position", "language",
    }),
)  # fmt: skip
append_only("reconciliation_line", may_change=frozenset({"cause", "remark"}))
append_only("reconciliation_agreement", may_change=frozenset({"withdrawn", "promise"}))
