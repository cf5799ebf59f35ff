"""Following a case: its lawyer and court, its steps and hearings, its costs; and the catalogue of agencies."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents import checks
from core.errors import DomainError
from core.i18n import N_
from core.legal.handing import visible_case
from core.legal.models import Agency, Case, CaseCost, CaseStep, CostKind, StepKind

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_FIELDS = {"lawyer": 120, "court": 160, "file_number": 80, "guarantee": 1000}


class StepTextMissing(DomainError):
    message = N_("Escriba de qué se trata el paso.")


class TimeNotValid(DomainError):
    message = N_("«{time}» no es una hora. Escríbala como 10:30.")


class StepNotFound(DomainError):
    message = N_("Ese paso no está entre los que usted puede ver.")


class StepDone(DomainError):
    message = N_("El paso ya tiene su resultado, del {on}. Registre otro paso.")


class CostNotFound(DomainError):
    message = N_("Ese gasto no está entre los que usted puede ver.")


class CostUndone(DomainError):
    message = N_("Ese gasto ya se anuló.")


class AgencyNameMissing(DomainError):
    message = N_("Escriba el nombre del despacho.")


class AgencyExists(DomainError):
    message = N_("Ya hay un despacho «{name}».")


class CommissionNotValid(DomainError):
    message = N_("{value} no es una comisión entre 0 y 100 %, con cuatro decimales como máximo.")


def change_case(
    session: Session, actor: Actor, *, number: str, prescribes_on: date | None = None, **fields: str | None
) -> Case:
    """Sets lawyer, court, file number, guarantee and the day of prescription; before and after are in the log."""
    actor.require(Permission.HAND_OVER)
    case = visible_case(session, actor, number, lock=True)
    wanted: dict[str, Any] = {name: checks.text(fields.get(name), most) for name, most in _FIELDS.items()}
    wanted["prescribes_on"] = prescribes_on
    changes = {name: [getattr(case, name), value] for name, value in wanted.items() if getattr(case, name) != value}
    if changes:
        record(
            session, actor, "case.changed", entity="case", entity_id=number, customer_id=case.customer_id,
            changes=changes,
        )  # fmt: skip
        for name, value in wanted.items():
            setattr(case, name, value)
        session.flush()
    return case


def add_step(
    session: Session, actor: Actor, *, number: str, kind: StepKind, on: date, what: str, at_time: str | None = None,
    place: str | None = None, amount: Decimal | None = None, currency: str | None = None,
) -> CaseStep:  # fmt: skip
    """Notes what happened or, of a hearing, what will. `amount`: what an agency reports to have collected."""
    actor.require(Permission.HAND_OVER)
    case = visible_case(session, actor, number, lock=True)
    told = checks.text(what, 1000)
    if told is None:
        raise StepTextMissing
    time = checks.text(at_time, 20)
    if time is not None and not _TIME.fullmatch(time):
        raise TimeNotValid(time=time)
    event = record(
        session, actor, "case.step", entity="case", entity_id=number, customer_id=case.customer_id, kind=kind, on=on,
        notes=told, amount=amount,
    )  # fmt: skip
    made = CaseStep(
        case_id=case.id or 0, kind=kind, on_day=on, at_time=time, place=checks.text(place, 160), what=told,
        amount=checks.amount(amount) if amount is not None else None, currency=currency if amount is not None else None,
        recorded_by=actor.name, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def finish_step(session: Session, actor: Actor, *, step_id: int, on: date, result: str) -> CaseStep:
    """Notes how a step came out, once."""
    actor.require(Permission.HAND_OVER)
    row = session.execute(
        select(CaseStep, Case)
        .join(Case, col(Case.id) == col(CaseStep.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(col(CaseStep.id) == step_id, visible_to(actor))
        .with_for_update(of=CaseStep)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise StepNotFound
    found, case = row
    if found.result_on is not None:
        raise StepDone(on=found.result_on)
    told = checks.text(result, 1000)
    if told is None:
        raise StepTextMissing
    record(
        session, actor, "case.step_done", entity="case", entity_id=case.number, customer_id=case.customer_id,
        kind=found.kind, on=on, notes=told,
    )  # fmt: skip
    found.result, found.result_on = told, on
    session.flush()
    made: CaseStep = found
    return made


def add_cost(
    session: Session, actor: Actor, *, number: str, kind: CostKind, on: date, amount: Decimal, currency: str,
    what: str | None = None,
) -> CaseCost:  # fmt: skip
    """Notes what the case cost; it is no charge to the customer."""
    actor.require(Permission.HAND_OVER)
    case = visible_case(session, actor, number, lock=True)
    event = record(
        session, actor, "case.cost", entity="case", entity_id=number, customer_id=case.customer_id, kind=kind, on=on,
        amount=checks.amount(amount), currency=currency,
    )  # fmt: skip
    made = CaseCost(
        case_id=case.id or 0, kind=kind, on_day=on, amount=checks.amount(amount), currency=currency,
        what=checks.text(what, 250), event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def undo_cost(session: Session, actor: Actor, *, cost_id: int, on: date, reason: str) -> CaseCost:
    """Takes a cost back by a row of its own, on its own day; once."""
    actor.require(Permission.HAND_OVER)
    row = session.execute(
        select(CaseCost, Case)
        .join(Case, col(Case.id) == col(CaseCost.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(col(CaseCost.id) == cost_id, col(CaseCost.amount) > 0, visible_to(actor))
    ).first()
    if row is None:
        raise CostNotFound
    found, case = row
    visible_case(session, actor, case.number, lock=True)
    if session.scalar(select(col(CaseCost.id)).where(col(CaseCost.undoes_id) == found.id)) is not None:
        raise CostUndone
    told = checks.reason(reason)
    event = record(
        session, actor, "case.cost_undone", entity="case", entity_id=case.number, customer_id=case.customer_id,
        kind=found.kind, amount=found.amount, currency=found.currency, reason=told,
    )  # fmt: skip
    made = CaseCost(
        case_id=found.case_id, kind=found.kind, on_day=on, amount=-found.amount, currency=found.currency, what=told,
        undoes_id=found.id, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def save_agency(
    session: Session, actor: Actor, *, name: str, commission_pct: Decimal, agency_id: int | None = None,
    contact: str | None = None, phone: str | None = None, email: str | None = None, active: bool = True,
) -> Agency:  # fmt: skip
    """Adds an agency or changes it; cases that were handed over keep the commission of that day."""
    actor.require(Permission.APPROVE_HAND_OVER)
    told = checks.text(name, 120)
    if told is None:
        raise AgencyNameMissing
    if not commission_pct.is_finite() or not 0 <= commission_pct <= 100 or commission_pct != round(commission_pct, 4):
        raise CommissionNotValid(value=str(commission_pct))
    same = session.scalar(select(col(Agency.id)).where(col(Agency.name) == told, col(Agency.id) != (agency_id or 0)))
    if same is not None:
        raise AgencyExists(name=told)
    found = session.get(Agency, agency_id, with_for_update=True) if agency_id is not None else None
    values: dict[str, Any] = {
        "name": told, "contact": checks.text(contact, 120), "phone": checks.text(phone, 60),
        "email": checks.text(email, 250), "commission_pct": commission_pct, "active": active,
    }  # fmt: skip
    event = record(session, actor, "agency.saved", entity="agency", entity_id=told, **_told(found, values))
    if found is None:
        found = Agency(**values, event_id=event.id)
        session.add(found)
    else:
        for field, value in values.items():
            setattr(found, field, value)
    session.flush()
    return found


def _told(found: Agency | None, values: dict[str, Any]) -> dict[str, Any]:
    if found is None:
        return {"name": values["name"], "commission_pct": values["commission_pct"]}
    before = {field: getattr(found, field) for field in values}
    return {"changes": {field: [before[field], value] for field, value in values.items() if before[field] != value}}
