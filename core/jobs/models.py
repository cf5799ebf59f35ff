"""The log of the nightly run: each run, and each step of it with what it did."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from core.tables import Moment, Table, append_only


class NightlyRun(Table, table=True):
    """One run. Without `finished_at` it is still going, or was cut short; the next one does what is left."""

    __tablename__ = "nightly_run"

    id: int | None = Field(default=None, primary_key=True)
    as_of: date
    user_name: str = Field(max_length=60)
    origin: str = Field(max_length=10)  # `cli`: by the server's timer or by hand; `web`: the button
    started_at: datetime = Field(sa_type=Moment, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    event_id: int = Field(foreign_key="audit_event.id")


class NightlyStep(Table, table=True):
    """One step of a run, written in the transaction of its work; with `error`, nothing of the work was kept."""

    __tablename__ = "nightly_step"
    __table_args__ = (UniqueConstraint("run_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="nightly_run.id")
    step: str = Field(max_length=30)
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime = Field(sa_type=Moment)
    done: str = Field(default="{}")  # JSON: counts and names, made words when they are read
    error: str | None = Field(default=None, max_length=2000)


append_only("nightly_run", may_change=frozenset({"finished_at"}))
append_only("nightly_step")
