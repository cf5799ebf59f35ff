"""Payment agreements: what was proposed, who decided, how it ended. An instalment stands as its promise does."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.money import Money, Percent
from core.tables import Moment, Table, append_only, one_of


class Frequency(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"  # the 15th and the last day of each month
    MONTHLY = "monthly"
    OWN = "own"  # dates written one by one


class Step(StrEnum):
    """What may happen to a proposal, each once."""

    DECISION = "decision"
    SIGNATURE = "signature"
    BREACH = "breach"
    ENDING = "ending"


class Outcome(StrEnum):
    """How a step came out."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by who proposed it, before anybody decided
    SIGNED = "signed"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Agreement(Table, table=True):
    """A plan to pay what is owed in parts. `total` = debt + interest − waived + interest of the plan.

    The plan is the down payment, if any, and the instalments; one promise each once it is approved.
    """

    __tablename__ = "payment_agreement"
    __table_args__ = (
        one_of("frequency", Frequency),
        CheckConstraint("debt > 0", name="debt_positive"),
        CheckConstraint("waived BETWEEN 0 AND late_interest", name="waives_what_there_is"),
        CheckConstraint("plan_interest >= 0", name="plan_interest_not_negative"),
        CheckConstraint("total = debt + late_interest - waived + plan_interest", name="total_adds_up"),
        CheckConstraint("down_payment >= 0 AND down_payment < total", name="down_payment_in_range"),
        CheckConstraint("breach_after > 0 AND grace_days >= 0", name="breach_rule_in_range"),
        Index("ix_payment_agreement_customer", "customer_id", "proposed_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)  # CV-000001
    customer_id: int = Field(foreign_key="customer.id")
    currency: str = Field(max_length=3)
    proposed_on: date
    proposed_by_id: int | None = None
    proposed_by: str = Field(max_length=60)
    debt: Decimal = Field(sa_type=Money)  # open of its documents on `proposed_on`
    late_interest: Decimal = Field(sa_type=Money)  # accrued on what was overdue that day
    waived: Decimal = Field(sa_type=Money)  # of the late interest
    annual_pct: Decimal = Field(sa_type=Percent)  # of late interest, as the settings had it
    days_in_year: int
    plan_pct: Decimal = Field(sa_type=Percent)  # annual interest while it is paid; 0: none
    plan_interest: Decimal = Field(sa_type=Money)
    down_payment: Decimal = Field(sa_type=Money)
    total: Decimal = Field(sa_type=Money)
    frequency: str = Field(max_length=12)
    months: int  # begun months from the proposal to the last payment
    guarantee: str | None = Field(default=None, max_length=500)
    notes: str | None = Field(default=None, max_length=1000)
    breach_after: int  # so many instalments broken break the agreement
    grace_days: int
    interest_document_id: int | None = Field(default=None, foreign_key="document.id")  # debit note of what it adds
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")


class AgreementDocument(Table, table=True):
    """A document of an agreement, as it stood when it was proposed."""

    __tablename__ = "payment_agreement_document"
    __table_args__ = (
        CheckConstraint("open > 0", name="open_positive"),
        Index("ix_payment_agreement_document", "document_id", "agreement_id"),
    )

    agreement_id: int = Field(foreign_key="payment_agreement.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True)
    due_on: date  # of the oldest instalment with something open
    open: Decimal = Field(sa_type=Money)
    interest: Decimal = Field(sa_type=Money)


class AgreementInstalment(Table, table=True):
    """One payment of the plan: 0 is the down payment."""

    __tablename__ = "payment_agreement_instalment"
    __table_args__ = (
        CheckConstraint("amount > 0 AND principal >= 0 AND interest >= 0", name="amounts_positive"),
        CheckConstraint("amount = principal + interest", name="amount_adds_up"),
        UniqueConstraint("agreement_id", "due_on"),
    )

    agreement_id: int = Field(foreign_key="payment_agreement.id", primary_key=True)
    position: int = Field(primary_key=True)
    due_on: date
    principal: Decimal = Field(sa_type=Money)
    interest: Decimal = Field(sa_type=Money)  # of the plan
    amount: Decimal = Field(sa_type=Money)


class AgreementStep(Table, table=True):
    """A decision, signature, breach or ending: each kind of step once, so of two at once one wins."""

    __tablename__ = "payment_agreement_step"
    __table_args__ = (
        one_of("step", Step),
        one_of("outcome", Outcome),
        Index("ix_payment_agreement_step_on", "step", "taken_on"),
    )

    agreement_id: int = Field(foreign_key="payment_agreement.id", primary_key=True)
    step: str = Field(max_length=10, primary_key=True)
    outcome: str = Field(max_length=10)
    taken_on: date
    at: datetime = Field(sa_type=Moment)
    by_id: int | None = None
    by: str = Field(max_length=60)
    remark: str | None = Field(default=None, max_length=250)
    event_id: int = Field(foreign_key="audit_event.id")


append_only("payment_agreement", may_change=frozenset({"interest_document_id"}))
for _table in ("payment_agreement_document", "payment_agreement_instalment", "payment_agreement_step"):
    append_only(_table)
