"""Which writes are about a customer: his own events, and those of imports that brought rows of his."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, func, select, union
from sqlmodel import col

from core.audit.models import AuditEvent
from core.customers.models import Customer, CustomerChange
from core.documents.models import Document
from core.ledger.models import Application, Entry, Source
from core.payments.models import Payment


def writes_about(customer_id: int) -> Select[Any]:
    """The ids of the events that wrote rows of this customer; to be used inside another statement."""
    paid = select(col(Entry.source_id)).where(
        col(Entry.customer_id) == customer_id, col(Entry.source) == Source.PAYMENT
    )
    found: CompoundSelect[Any] = union(
        select(col(Customer.event_id)).where(col(Customer.id) == customer_id),
        select(col(CustomerChange.event_id)).where(col(CustomerChange.customer_id) == customer_id),
        select(col(Document.event_id)).where(col(Document.customer_id) == customer_id),
        select(col(Application.event_id)).where(col(Application.customer_id) == customer_id),
        select(col(Payment.event_id)).where(col(Payment.id).in_(paid)),
        _files_that_identified(customer_id),
    )
    return select(found.subquery("written").c.event_id)


def _files_that_identified(customer_id: int) -> Select[Any]:
    """Imports that said whose a payment of this customer is: no row bears their id, the first file of that day does."""
    by_hand = select(col(AuditEvent.id)).where(
        col(AuditEvent.entity) == "payment", col(AuditEvent.entity_id) == col(Payment.number),
        col(AuditEvent.action) == "payment.identified",
    )  # fmt: skip
    first = select(func.min(col(AuditEvent.id))).where(
        col(AuditEvent.business_on) == col(Entry.booked_on), col(AuditEvent.action) == "import.payments",
        col(AuditEvent.id) > col(Payment.event_id),
    )  # fmt: skip
    its_entry = (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id))
    return (
        select(first.scalar_subquery().label("event_id"))
        .select_from(Payment)
        .join(Entry, its_entry)
        .where(col(Entry.customer_id) == customer_id, col(Payment.came_unidentified), ~by_hand.exists())
    )
