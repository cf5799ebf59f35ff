"""Approving an agreement, by level and never by who proposed it; refusing it; cancelling one that is in force."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.agreements.debts import LATE_INTEREST, AlreadyInAgreement, NotOpen, PromisePending, debts
from core.agreements.drafting import late_rate
from core.agreements.levels import above_level, in_base, waived_pct
from core.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementInstalment,
    AgreementStep,
    Outcome,
    Step,
)
from core.agreements.proposing import ENTITY, locked, take, undecided
from core.auth.actor import Actor, Permission, Role
from core.customers.models import Customer
from core.documents import checks, debit_notes
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.money import rounded
from core.policies.settings import amount_setting, company_currency, setting
from core.promises.agreed import record_instalments, withdraw_instalments
from core.tasks.raising import notify


class OwnAgreement(DomainError):
    message = N_("Usted propuso el convenio {number}: debe aprobarlo o rechazarlo otra persona.")


class AboveLevel(DomainError):
    message = N_(
        "El convenio {number} pasa de su nivel ({amount} {currency}, {months} meses, {waived} % de interés condonado): "
        "una gerencia aprueba hasta {most} {currency}, {most_months} meses y {most_waived} %. Pídalo a administración."
    )


class DebtChanged(DomainError):
    message = N_(
        "«{document}» ya no debe lo mismo: al proponer eran {before}, hoy son {now}. Rechace el convenio y pida otro."
    )


class FirstDatePassed(DomainError):
    message = N_("El primer pago era el {due}, que ya pasó. Rechace el convenio y pida otro con fechas nuevas.")


class NotInForce(DomainError):
    message = N_("El convenio {number} no está vigente ni incumplido: no hay qué cancelar.")


def approve_agreement(session: Session, actor: Actor, *, number: str, on: date, remark: str | None = None) -> Agreement:
    """Puts an agreement in force: one promise a payment, and a debit note for the interest that it adds.

    The due dates of the documents stay. Refused: who proposed it, what passes the level, what is no longer as proposed.
    """
    actor.require(Permission.APPROVE_AGREEMENT)
    found = _to_decide(session, actor, number)
    _require_level(session, actor, found, on)
    payments = session.scalars(
        select(AgreementInstalment)
        .where(col(AgreementInstalment.agreement_id) == found.id)
        .order_by(col(AgreementInstalment.position))
    ).all()
    if payments[0].due_on < on:
        raise FirstDatePassed(due=payments[0].due_on)
    documents = _as_proposed(session, found, on)
    event_id = take(
        session, actor, found, Step.DECISION, Outcome.APPROVED, on, checks.text(remark, 250), "agreement.approved",
        total=found.total, currency=found.currency,
    )  # fmt: skip
    if interest := _interest_note(session, actor, found, on, payments[-1].due_on):
        found.interest_document_id = interest
        documents.append(interest)
    record_instalments(
        session, actor, agreement_id=found.id or 0, customer_id=found.customer_id, currency=found.currency,
        documents=documents, made_on=on, instalments=[(one.due_on, one.amount) for one in payments],
        event_id=event_id,
    )  # fmt: skip
    _tell(session, found, "agreement_approved", event_id)
    return found


def refuse_agreement(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> Agreement:
    """Ends a proposal; nothing changes for the customer."""
    actor.require(Permission.APPROVE_AGREEMENT)
    found = _to_decide(session, actor, number)
    event_id = take(
        session, actor, found, Step.DECISION, Outcome.REFUSED, on, checks.reason(reason), "agreement.refused"
    )
    _tell(session, found, "agreement_refused", event_id)
    return found


def cancel_agreement(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> int:
    """Ends an agreement that was approved; its pending promises are withdrawn. Returns how many."""
    actor.require(Permission.APPROVE_AGREEMENT)
    found = locked(session, actor, number)
    decision = session.get(AgreementStep, (found.id, Step.DECISION))
    ending = session.get(AgreementStep, (found.id, Step.ENDING), populate_existing=True)
    if decision is None or decision.outcome != Outcome.APPROVED or ending is not None:
        raise NotInForce(number=number)
    told = checks.reason(reason)
    event_id = take(session, actor, found, Step.ENDING, Outcome.CANCELLED, on, told, "agreement.cancelled")
    return withdraw_instalments(session, agreement_id=found.id or 0, on=on, reason=told, event_id=event_id)


def _to_decide(session: Session, actor: Actor, number: str) -> Agreement:
    found = undecided(session, actor, number)
    if (found.proposed_by_id, found.proposed_by) == (actor.user_id, actor.name):
        raise OwnAgreement(number=number)
    return found


def _require_level(session: Session, actor: Actor, agreement: Agreement, on: date) -> None:
    if actor.role is Role.ADMIN or not above_level(session, agreement, on):
        return
    raise AboveLevel(
        number=agreement.number, amount=in_base(session, agreement, on), currency=company_currency(session),
        months=agreement.months, waived=waived_pct(agreement),
        most=amount_setting(session, "agreements.manager_max") or "—",
        most_months=int(setting(session, "agreements.manager_months")),
        most_waived=Decimal(setting(session, "agreements.manager_waiver_pct")),
    )  # fmt: skip


def _as_proposed(session: Session, agreement: Agreement, on: date) -> list[int]:
    """The ids of its documents, if each is open as it was when it was proposed and free of promises and agreements."""
    rows = session.execute(
        select(AgreementDocument, col(Document.number))
        .join(Document, col(Document.id) == col(AgreementDocument.document_id))
        .where(col(AgreementDocument.agreement_id) == agreement.id)
        .order_by(col(AgreementDocument.due_on), col(Document.number))
    ).all()
    now = {
        one.document_id: one
        for one in debts(
            session,
            customer_id=agreement.customer_id,
            currency=agreement.currency,
            as_of=on,
            rate=late_rate(session, session.get_one(Customer, agreement.customer_id)),
        )
    }
    for line, number in rows:
        one = now.get(line.document_id)
        if one is None:
            raise NotOpen(number=number, currency=agreement.currency)
        if one.open != line.open:
            raise DebtChanged(document=number, before=line.open, now=one.open)
        if one.promise is not None:
            raise PromisePending(document=number, number=one.promise, promised_on=one.promised_on)
        if one.agreement not in (None, agreement.number):
            raise AlreadyInAgreement(document=number, number=one.agreement)
    return [line.document_id for line, _number in rows]


def _interest_note(session: Session, actor: Actor, agreement: Agreement, on: date, due_on: date) -> int | None:
    """Charges what the plan adds to the debt, so that every payment has something to close; due with the last one."""
    interest = agreement.late_interest - agreement.waived + agreement.plan_interest
    if not interest:
        return None
    customer = session.get_one(Customer, agreement.customer_id)
    note = debit_notes.issue(
        session, actor, customer=customer, issued_on=on, due_on=due_on, total=interest, currency=agreement.currency,
        tax=_tax_in(session, interest), reason=LATE_INTEREST, notes=agreement.number,
    )  # fmt: skip
    return note.id


def _tax_in(session: Session, interest: Decimal) -> Decimal:
    """The tax that agreed interest includes: what is agreed is what is paid."""
    pct = Decimal(setting(session, "interest.tax_pct"))
    return rounded(interest * pct / (100 + pct))


def _tell(session: Session, agreement: Agreement, kind: str, event_id: int) -> None:
    if agreement.proposed_by_id is not None:
        notify(
            session, user_name=agreement.proposed_by, kind=kind, source=ENTITY, source_id=agreement.id or 0,
            event_id=event_id, customer_id=agreement.customer_id, number=agreement.number,
        )  # fmt: skip
