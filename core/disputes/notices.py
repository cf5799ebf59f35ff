"""Who hears of a dispute without looking for it: the customer's collector and whoever opened it, each thing once."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.disputes.models import Dispute
from core.disputes.queries import live
from core.tasks.models import Notice
from core.tasks.raising import notify

OPENED, RESOLVED, LATE = "dispute_opened", "dispute_resolved", "dispute_late"
SOURCE = "dispute"
_NOBODY = {None, "", "system"}


def tell(session: Session, actor: Actor, dispute: Dispute, kind: str, event_id: int) -> None:
    """Tells the customer's collector and whoever opened it, unless it is their own doing."""
    customer = session.get_one(Customer, dispute.customer_id)
    for user in {customer.collector, dispute.opened_by} - {actor.name, *_NOBODY}:
        notify(
            session, user_name=str(user), kind=kind, source=SOURCE, source_id=dispute.id or 0, event_id=event_id,
            customer_id=dispute.customer_id, number=dispute.number, amount=dispute.amount,
        )  # fmt: skip


def warn_late(session: Session, actor: Actor, *, as_of: date) -> int:
    """Tells of the disputes whose deadline passed before `as_of` without an answer; returns how many were new."""
    actor.require(Permission.RUN_NIGHTLY)
    told = select(col(Notice.source_id)).where(col(Notice.kind) == LATE, col(Notice.source) == SOURCE)
    late = session.scalars(
        select(Dispute)
        .join(Customer, col(Customer.id) == col(Dispute.customer_id))
        .where(visible_to(actor), live(as_of), col(Dispute.deadline_on) < as_of, col(Dispute.id).not_in(told))
        .where(col(Customer.collector).is_not(None) | (col(Dispute.opened_by) != "system"))
        .order_by(col(Dispute.id))
    ).all()
    if not late:
        return 0
    event = record(session, actor, "dispute.warned", entity="dispute", entity_id=as_of, on=as_of, new=len(late))
    for one in late:
        tell(session, actor, one, LATE, event.id)
    return len(late)
