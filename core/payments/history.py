"""Which writes are about a customer: his own events, and those of imports that brought rows of his."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union
from sqlmodel import col

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
    )
    return select(found.subquery("written").c.event_id)
