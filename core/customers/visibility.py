"""Who sees whom. Nobody else writes this condition."""

from sqlalchemy import ColumnElement, bindparam, select, true
from sqlmodel import Session, col

from core import db
from core.auth.actor import Actor, Role
from core.customers.models import Customer
from core.errors import DomainError
from core.i18n import N_


class CustomerNotFound(DomainError):
    message = N_("No hay un cliente «{customer}» entre los que usted puede ver. Revise la clave.")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on `customer` that leaves those whom `actor` sees today."""
    if actor.role is Role.MANAGER and actor.region is not None:
        return col(Customer.region) == actor.region
    if actor.role is Role.COLLECTOR:
        return col(Customer.collector) == actor.name
    if actor.role is Role.SALES_REP:
        return col(Customer.sales_rep) == (actor.sales_rep or actor.name)
    return true()


def sees_all(actor: Actor) -> bool:
    """Whether `visible_to` leaves everybody, so that a query may do without it."""
    return actor.role not in (Role.COLLECTOR, Role.SALES_REP) and not (actor.role is Role.MANAGER and actor.region)


def visible_customer(session: Session, actor: Actor, customer_id: int, *, lock: bool = False) -> Customer:
    """The customer, or CustomerNotFound: who may not see it learns nothing of it.

    `lock`: whoever else spends a balance of this customer waits until this transaction ends (on PostgreSQL; SQLite
    has one writer anyway).
    """
    statement = select(Customer).where(col(Customer.id) == customer_id, visible_to(actor))
    found = session.scalar(statement.with_for_update(key_share=True) if lock else statement)
    if found is None:
        raise CustomerNotFound(customer=customer_id)
    return found


_ACCOUNT = select(col(Customer.id)).where(col(Customer.id) == bindparam("customer_id")).with_for_update(key_share=True)


def lock_account(session: Session, actor: Actor, customer_id: int) -> None:
    """As `visible_customer(lock=True)`, for who needs no more than that the customer is there and the account his."""
    statement = _ACCOUNT if sees_all(actor) else _ACCOUNT.where(visible_to(actor))
    if not db.rows(session, statement, customer_id=customer_id):
        raise CustomerNotFound(customer=customer_id)


def customer_by_code(session: Session, actor: Actor, code: str) -> Customer:
    """The customer of a code as written, or of the one code equal to it leading zeros aside; else CustomerNotFound."""
    seen = visible_to(actor)
    exact = session.scalar(select(Customer).where(col(Customer.code) == code, seen))
    if exact is not None:
        return exact
    alike = session.scalars(select(Customer).where(col(Customer.code_key) == code_key(code), seen)).all()
    if len(alike) != 1:
        raise CustomerNotFound(customer=code)
    return alike[0]


def code_key(code: str) -> str:
    """A code without its leading zeros (`0100` and `100` are one); zeros alone are `0`."""
    return code.lstrip("0") or "0"
