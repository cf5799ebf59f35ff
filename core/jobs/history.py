"""Which writes are about a customer, of every area: the one reading of the log by customer."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union
from sqlmodel import col

from core.collections.models import Contact
from core.disputes.models import Dispute, DisputeStep
from core.letters.models import Letter
from core.payments import history
from core.promises.models import Promise, PromiseJudgement
from core.tasks.models import Task


def writes_about(customer_id: int) -> Select[Any]:
    """The ids of the events that wrote rows of this customer, runs and imports of many among them; to be used inside
    another statement."""
    promises = select(col(Promise.id)).where(col(Promise.customer_id) == customer_id)
    disputes = select(col(Dispute.id)).where(col(Dispute.customer_id) == customer_id)
    found: CompoundSelect[Any] = union(
        history.writes_about(customer_id),
        *(
            select(col(one.event_id)).where(col(one.customer_id) == customer_id)
            for one in (Promise, Dispute, Contact, Letter, Task)
        ),
        select(col(PromiseJudgement.event_id)).where(col(PromiseJudgement.promise_id).in_(promises)),
        select(col(DisputeStep.event_id)).where(col(DisputeStep.dispute_id).in_(disputes)),
    )
    return select(found.subquery("all_written").c.event_id)
