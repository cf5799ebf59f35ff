"""How far an installation is: what there is already, and so what comes next."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.auth.queries import how_many_users
from core.customers.models import Customer
from core.customers.visibility import sees_all, visible_to
from core.documents.models import Document
from core.policies.settings import company_currency, setting


class Standing(NamedTuple):
    """What the books hold, as far as the one who asks sees it. `users` is for who manages them, else None."""

    company: str
    currency: str
    users: int | None
    customers: int
    documents: bool

    @property
    def empty(self) -> bool:
        """Nothing to show yet: neither a customer nor a document."""
        return not self.customers and not self.documents


def standing(session: Session, actor: Actor) -> Standing:
    """Read on the first page: two counts and two existence checks."""
    customers: Any = select(func.count()).select_from(Customer)
    document: Any = select(col(Document.id))
    if not sees_all(actor):
        customers = customers.where(visible_to(actor))
        document = document.join(Customer, col(Customer.id) == col(Document.customer_id)).where(visible_to(actor))
    return Standing(
        setting(session, "company.name"),
        company_currency(session),
        how_many_users(session) if actor.may(Permission.MANAGE_USERS) else None,
        session.scalar(customers) or 0,
        session.scalar(document.limit(1)) is not None,
    )


def currency_in_use(session: Session) -> bool:
    """Whether a document exists already: then the company's currency stays what it is."""
    return session.scalar(select(col(Document.id)).limit(1)) is not None
