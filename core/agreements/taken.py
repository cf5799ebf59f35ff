"""Which documents are in an agreement: proposed or in force, they are in no other, and nobody chases them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlmodel import col

from core.agreements.models import Agreement, AgreementDocument, AgreementInstalment, AgreementStep, Outcome, Step
from core.promises.models import Promise

_OVER = (Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.CANCELLED, Outcome.BREACHED)


def over(as_of: date) -> ColumnElement[bool]:
    """Whether an agreement was refused, withdrawn, cancelled or broken by the end of `as_of`."""
    return exists().where(
        col(AgreementStep.agreement_id) == col(Agreement.id), col(AgreementStep.outcome).in_(_OVER),
        col(AgreementStep.taken_on) <= as_of,
    )  # fmt: skip


def approved(as_of: date) -> ColumnElement[bool]:
    """Whether an agreement was approved by the end of `as_of`."""
    return exists().where(
        col(AgreementStep.agreement_id) == col(Agreement.id), col(AgreementStep.step) == Step.DECISION,
        col(AgreementStep.outcome) == Outcome.APPROVED, col(AgreementStep.taken_on) <= as_of,
    )  # fmt: skip


def in_force(as_of: date) -> ColumnElement[bool]:
    """Whether an agreement was approved, not over, and has a payment on `as_of` or later."""
    to_come = exists().where(
        col(AgreementInstalment.agreement_id) == col(Agreement.id), col(AgreementInstalment.due_on) >= as_of
    )
    return and_(col(Agreement.proposed_on) <= as_of, approved(as_of), ~over(as_of), to_come)


def taken(as_of: date) -> Select[int, str]:
    """`document_id, number` of the documents in an agreement that waits for its decision or is in force."""
    undecided = ~exists().where(
        col(AgreementStep.agreement_id) == col(Agreement.id), col(AgreementStep.step) == Step.DECISION
    )
    return (
        select(col(AgreementDocument.document_id), col(Agreement.number))
        .join(Agreement, col(Agreement.id) == col(AgreementDocument.agreement_id))
        .where(or_(undecided, in_force(as_of)))
    )


def promises_broken_off(as_of: date) -> Select[Any]:
    """The ids of promises whose agreement was broken by the end of `as_of`: pending still, they hold nobody back."""
    broken = and_(col(AgreementStep.step) == Step.BREACH, col(AgreementStep.taken_on) <= as_of)
    return select(col(Promise.id)).join(
        AgreementStep, and_(col(AgreementStep.agreement_id) == col(Promise.agreement_id), broken)
    )


def documents_in_force(as_of: date) -> Select[Any]:
    """`document_id, customer_id, number` of the documents under an agreement in force, the debit note of its interest
    with them: who chases what is overdue leaves them out."""
    named = (
        select(col(AgreementDocument.document_id), col(Agreement.customer_id), col(Agreement.number))
        .join(Agreement, col(Agreement.id) == col(AgreementDocument.agreement_id))
        .where(in_force(as_of))
    )
    interest = select(col(Agreement.interest_document_id), col(Agreement.customer_id), col(Agreement.number)).where(
        col(Agreement.interest_document_id).is_not(None), in_force(as_of)
    )
    both = named.union_all(interest).subquery("agreed")
    return select(both.c.document_id, both.c.customer_id, both.c.number)
