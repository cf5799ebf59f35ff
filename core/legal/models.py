"""Stages after internal collection: prelegal, outside agency, lawyers. Nothing is erased: each stage is a row."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from core.money import Money, Percent
from core.tables import Moment, Table, append_only, one_of


class Stage(StrEnum):
    """Where the collection of a customer's debt is."""

    INTERNAL = "internal"
    PRELEGAL = "prelegal"
    AGENCY = "agency"
    LEGAL = "legal"


class HandOverState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class StepKind(StrEnum):
    """What happened, or will, in a case."""

    HEARING = "hearing"
    FILING = "filing"
    RULING = "ruling"
    AGENCY_REPORT = "agency_report"
    NEGOTIATION = "negotiation"
    NOTE = "note"


class CostKind(StrEnum):
    FEES = "fees"
    COURT = "court"
    NOTARY = "notary"
    TRAVEL = "travel"
    OTHER = "other"


class Agency(Table, table=True):
    """Who collects from outside: an agency, or a law firm. What it earns is copied to each hand-over."""

    __tablename__ = "collection_agency"
    __table_args__ = (CheckConstraint("commission_pct BETWEEN 0 AND 1000000", name="commission_in_range"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    contact: str | None = Field(default=None, max_length=120)
    phone: str | None = Field(default=None, max_length=60)
    email: str | None = Field(default=None, max_length=250)
    commission_pct: Decimal = Field(sa_type=Percent)
    active: bool = True
    event_id: int = Field(foreign_key="audit_event.id")


class Case(Table, table=True):
    """The file of a customer that left internal collection. Its stage is that of the last hand-over approved."""

    __tablename__ = "collection_case"
    __table_args__ = (Index("ix_collection_case_customer", "customer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)  # EX-000001
    customer_id: int = Field(foreign_key="customer.id")
    opened_on: date
    lawyer: str | None = Field(default=None, max_length=120)
    court: str | None = Field(default=None, max_length=160)
    file_number: str | None = Field(default=None, max_length=80)
    guarantee: str | None = Field(default=None, max_length=1000)  # mortgage, pledge: registration data
    prescribes_on: date | None = None  # set by the lawyer
    event_id: int = Field(foreign_key="audit_event.id")


class HandOver(Table, table=True):
    """A case passes to another stage: proposed by one, approved by another. A return to internal needs no proposal."""

    __tablename__ = "collection_hand_over"
    __table_args__ = (
        one_of("stage", Stage),
        one_of("state", HandOverState),
        CheckConstraint("decided_by_id <> proposed_by_id OR stage = 'internal'", name="somebody_else_decides"),
        CheckConstraint("(state = 'approved') = (from_on IS NOT NULL)", name="begins_when_approved"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(stage = 'agency') = (agency_id IS NOT NULL)", name="an_agency_has_a_name"),
        Index("ix_collection_hand_over_case", "case_id", "from_on", "id"),
        Index(
            "uq_collection_hand_over_waiting", "case_id", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="collection_case.id")
    stage: str = Field(max_length=10)
    reason: str = Field(max_length=500)
    agency_id: int | None = Field(default=None, foreign_key="collection_agency.id")
    commission_pct: Decimal | None = Field(default=None, sa_type=Percent)
    proposed_on: date
    proposed_by_id: int | None = None
    proposed_by: str = Field(max_length=60)
    state: str = Field(default=HandOverState.WAITING, max_length=10)
    from_on: date | None = None  # the day it was handed over
    decided_by_id: int | None = None
    decided_by: str | None = Field(default=None, max_length=60)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision_note: str | None = Field(default=None, max_length=250)
    decision_event_id: int | None = Field(default=None, foreign_key="audit_event.id")
    submission: str | None = Field(default=None, max_length=40, unique=True)
    event_id: int = Field(foreign_key="audit_event.id")


class HandOverDocument(Table, table=True):
    """A line of the hand-over list: what was open when it was proposed, and, frozen, when it was handed over."""

    __tablename__ = "collection_hand_over_document"
    __table_args__ = (
        CheckConstraint("proposed > 0", name="proposed_positive"),
        CheckConstraint("handed >= 0", name="handed_not_negative"),
        Index("ix_collection_hand_over_document", "document_id"),
    )

    hand_over_id: int = Field(foreign_key="collection_hand_over.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True)
    currency: str = Field(max_length=3)
    due_on: date
    proposed: Decimal = Field(sa_type=Money)
    handed: Decimal | None = Field(default=None, sa_type=Money)


class CaseStep(Table, table=True):
    """A procedural step, an agency's report or a note; a hearing has its date ahead and its result afterwards."""

    __tablename__ = "collection_case_step"
    __table_args__ = (
        one_of("kind", StepKind),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("(result IS NULL) = (result_on IS NULL)", name="result_has_its_day"),
        Index("ix_collection_case_step_case", "case_id", "on_day"),
        Index("ix_collection_case_step_kind", "kind", "on_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="collection_case.id")
    kind: str = Field(max_length=20)
    on_day: date
    at_time: str | None = Field(default=None, max_length=5)  # 10:30, where there is one
    place: str | None = Field(default=None, max_length=160)
    what: str = Field(max_length=1000)
    amount: Decimal | None = Field(default=None, sa_type=Money)  # what an agency says that it collected
    currency: str | None = Field(default=None, max_length=3)
    result: str | None = Field(default=None, max_length=1000)
    result_on: date | None = None
    recorded_by: str = Field(max_length=60)
    event_id: int = Field(foreign_key="audit_event.id")


class CaseCost(Table, table=True):
    """What the collection of a case cost; an undo is a row of its own with the negative amount."""

    __tablename__ = "collection_case_cost"
    __table_args__ = (
        one_of("kind", CostKind),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("(amount < 0) = (undoes_id IS NOT NULL)", name="undo_is_negative"),
        UniqueConstraint("undoes_id"),
        Index("ix_collection_case_cost_case", "case_id", "on_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="collection_case.id")
    kind: str = Field(max_length=10)
    on_day: date
    amount: Decimal = Field(sa_type=Money)
    currency: str = Field(max_length=3)
    what: str | None = Field(default=None, max_length=250)
    undoes_id: int | None = Field(default=None, foreign_key="collection_case_cost.id")
    event_id: int = Field(foreign_key="audit_event.id")


append_only("collection_case", may_change=frozenset({"lawyer", "court", "file_number", "guarantee", "prescribes_on"}))
append_only(
    "collection_hand_over",
    may_change=frozenset(
        {"state", "from_on", "decided_by_id", "decided_by", "decided_at", "decision_note", "decision_event_id"}
    ),
)
append_only("collection_hand_over_document", may_change=frozenset({"handed"}))
append_only("collection_case_step", may_change=frozenset({"result", "result_on"}))
append_only("collection_case_cost")
