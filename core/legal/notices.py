"""What is told before it happens: hearings, and the day on which a debt prescribes. Each once."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.legal.handing import last_hand_over
from core.legal.models import Case, CaseStep, Stage, StepKind
from core.policies.settings import setting
from core.tasks.models import Notice, Task, TaskKind
from core.tasks.raising import notify, raise_task

_HEARING, _CASE = "collection_case_step", "collection_case"


def warn(session: Session, actor: Actor, *, as_of: date) -> int:
    """Tells of the hearings and prescriptions that come within the days of the settings; returns how many were new.

    A hearing: a notice for the collector and for who noted it. A prescription: a task too. Again, nothing.
    """
    actor.require(Permission.HAND_OVER)
    hearings, prescriptions = _hearings(session, actor, as_of), _prescriptions(session, actor, as_of)
    if not hearings and not prescriptions:
        return 0
    event = record(
        session, actor, "case.warned", entity="cases", entity_id=as_of, on=as_of,
        new=len(hearings) + len(prescriptions),
    )  # fmt: skip
    for step, case, customer in hearings:
        for user in {customer.collector, step.recorded_by} - {None}:
            notify(
                session, user_name=str(user), kind="hearing", source=_HEARING, source_id=step.id or 0,
                event_id=event.id, customer_id=customer.id, number=case.number, on=step.on_day,
            )  # fmt: skip
    for case, customer in prescriptions:
        raise_task(
            session, kind=TaskKind.LEGAL, source=_source(case.prescribes_on), source_id=case.id, event_id=event.id,
            assigned_to=customer.collector or actor.name, assigned_by=actor.name, raised_on=as_of,
            due_on=case.prescribes_on or as_of, customer_id=customer.id, number=case.number,
            prescribes_on=case.prescribes_on,
        )  # fmt: skip
    return len(hearings) + len(prescriptions)


def _source(prescribes_on: date | None) -> str:
    """What raised the task: another date raises another one."""
    return f"{_CASE}:{prescribes_on}"


def _hearings(session: Session, actor: Actor, as_of: date) -> list[tuple[CaseStep, Case, Customer]]:
    until = as_of + timedelta(days=int(setting(session, "stages.notice_days")))
    told = select(col(Notice.source_id)).where(col(Notice.kind) == "hearing", col(Notice.source) == _HEARING)
    rows = session.execute(
        select(CaseStep, Case, Customer)
        .join(Case, col(Case.id) == col(CaseStep.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(
            visible_to(actor), col(CaseStep.kind) == StepKind.HEARING, col(CaseStep.on_day).between(as_of, until),
            col(CaseStep.result_on).is_(None), col(CaseStep.id).not_in(told),
        )
        .order_by(col(CaseStep.on_day), col(CaseStep.id))
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


def _prescriptions(session: Session, actor: Actor, as_of: date) -> list[tuple[Case, Customer]]:
    until = as_of + timedelta(days=int(setting(session, "stages.prescription_days")))
    rows = session.execute(
        select(Case, Customer)
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(visible_to(actor), col(Case.prescribes_on) <= until)
        .order_by(col(Case.prescribes_on), col(Case.id))
    )
    found = []
    for case, customer in rows:
        stands = last_hand_over(session, case.id or 0)
        told = session.scalar(
            select(col(Task.id)).where(
                col(Task.kind) == TaskKind.LEGAL, col(Task.source) == _source(case.prescribes_on),
                col(Task.source_id) == case.id,
            )
        )  # fmt: skip
        if told is None and stands is not None and stands.stage != Stage.INTERNAL:
            found.append((case, customer))
    return found
