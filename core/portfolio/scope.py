"""What part of the portfolio is asked for: the actor's own customers, and the filters."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor
from core.customers.models import Customer
from core.customers.visibility import CustomerNotFound, customer_by_code, sees_all, visible_to

Query = Select[*tuple[Any, ...]]
#: No customer has this id.
NOBODY = -1


@dataclass(frozen=True)
class Scope:
    """Filters: None asks for all, a blank for those who have none. A value that nobody has finds nothing."""

    customer: str | None = None  # a code
    region: str | None = None
    district: str | None = None
    segment: str | None = None
    collector: str | None = None
    sales_rep: str | None = None  # the document's; of payments, the customer's
    currency: str | None = None

    def only(self, **filters: str | None) -> "Scope":
        """The same with more filters."""
        return replace(self, **filters)


EVERYTHING = Scope()


def blank(column: Any) -> ColumnElement[str]:
    """A text of the customer, blank where there is none."""
    return func.coalesce(column, "")


def customers_in(session: Session, actor: Actor, scope: Scope) -> Query | None:
    """The ids of the customers whom `actor` sees and the filters leave; None: everybody, without looking."""
    customer_id = None
    if scope.customer is not None:
        try:
            customer_id = customer_by_code(session, actor, scope.customer).id
        except CustomerNotFound:
            customer_id = NOBODY
    return _ids(actor, scope, customer_id)


@lru_cache(maxsize=256)  # the same question is the same object, so that what is made of it can be kept too
def _ids(actor: Actor, scope: Scope, customer_id: int | None) -> Query | None:
    conditions = [
        blank(getattr(Customer, name)) == wanted
        for name in ("region", "district", "segment", "collector")
        if (wanted := getattr(scope, name)) is not None
    ]
    if customer_id is not None:
        conditions.append(col(Customer.id) == customer_id)
    if not conditions and sees_all(actor):
        return None
    return select(col(Customer.id)).where(visible_to(actor), *conditions)
