"""What explains a figure: the applications behind what is open of a document, or left of a payment."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.ledger.models import Application, Entry, Side


class AppliedRow(NamedTuple):
    """One application of an entry: what stands on its other side. `amount` is negative when it undoes another;
    `undone_on`: the day on which it was undone, if it was by the date asked for. `left`: what was open after it."""

    applied_on: date
    kind: str
    number: str
    instalment: int | None
    amount: Decimal
    left: Decimal
    undone_on: date | None
    user_name: str


def applications_of(session: Session, actor: Actor, *, entry_id: int, as_of: date) -> list[AppliedRow]:
    """What was applied to an instalment, or of a credit, up to `as_of`, in order; empty for who does not see it.

    The amounts, taken from the entry's own, leave what is open at `as_of`.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    mine, other, undo = aliased(Entry), aliased(Entry), aliased(Application)
    is_charge = col(mine.side) == Side.CHARGE
    other_id = case((is_charge, col(Application.credit_id)), else_=col(Application.charge_id))
    order = (col(Application.applied_on), col(Application.id))
    left: Any = col(mine.amount) - func.sum(col(Application.amount)).over(order_by=order)
    found = session.execute(
        select(
            col(Application.applied_on), col(other.kind), col(other.number),
            case((col(other.instalment) > 0, col(other.instalment))), col(Application.amount),
            left.label("left"), col(undo.applied_on), col(AuditEvent.user_name),
        )
        .select_from(mine)
        .join(Customer, and_(col(Customer.id) == col(mine.customer_id), visible_to(actor)))
        .join(Application, case((is_charge, col(Application.charge_id)), else_=col(Application.credit_id)) == mine.id)
        .join(other, col(other.id) == other_id)
        .join(AuditEvent, col(AuditEvent.id) == col(Application.event_id))
        .outerjoin(undo, and_(col(undo.undoes_id) == col(Application.id), col(undo.applied_on) <= as_of))
        .where(col(mine.id) == entry_id, col(Application.applied_on) <= as_of)
        .order_by(*order)
    )  # fmt: skip
    return [AppliedRow(*row) for row in found]
