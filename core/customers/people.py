"""The people to speak with at a customer's. Nobody is erased: who has left is no longer active."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.editing import keep_history
from core.customers.fields import LABELS, EmailNotUsable, FieldMissing, is_email, one_line
from core.customers.models import CustomerPerson
from core.customers.visibility import visible_customer
from core.errors import DomainError
from core.i18n import N_, _


class PersonNotFound(DomainError):
    message = N_("Esa persona ya no está en la lista del cliente. Cargue la página de nuevo.")


class PersonRow(NamedTuple):
    """Somebody to speak with."""

    id: int
    name: str
    position: str | None
    email: str | None
    phone: str | None
    notes: str | None
    active: bool


def people_of(session: Session, actor: Actor, customer_id: int) -> list[PersonRow]:
    """Those to speak with, active ones first."""
    visible_customer(session, actor, customer_id)
    found = session.scalars(
        select(CustomerPerson)
        .where(col(CustomerPerson.customer_id) == customer_id)
        .order_by(col(CustomerPerson.active).desc(), col(CustomerPerson.id))
    )
    return [
        PersonRow(one.id or 0, one.name, one.position, one.email, one.phone, one.notes, one.active) for one in found
    ]


def add_person(
    session: Session, actor: Actor, *, customer_id: int, name: str, position: str | None = None,
    email: str | None = None, phone: str | None = None, notes: str | None = None,
) -> CustomerPerson:  # fmt: skip
    """Somebody new to speak with."""
    actor.require(Permission.EDIT_PEOPLE)
    customer = visible_customer(session, actor, customer_id)
    person = CustomerPerson(customer_id=customer_id, **_checked(name, position, email, phone, notes))
    session.add(person)
    session.flush()
    keep_history(session, actor, customer, {"person": (None, _in_words(person))})
    return person


def change_person(
    session: Session, actor: Actor, *, customer_id: int, person_id: int, name: str, position: str | None = None,
    email: str | None = None, phone: str | None = None, notes: str | None = None, active: bool = True,
) -> CustomerPerson:  # fmt: skip
    """Other data of somebody, or that he or she is no longer there (`active` False)."""
    actor.require(Permission.EDIT_PEOPLE)
    customer = visible_customer(session, actor, customer_id)
    person = session.scalar(
        select(CustomerPerson)
        .where(col(CustomerPerson.id) == person_id, col(CustomerPerson.customer_id) == customer_id)
        .with_for_update()
    )
    if person is None:
        raise PersonNotFound
    before = _in_words(person)
    for field, value in {**_checked(name, position, email, phone, notes), "active": active}.items():
        setattr(person, field, value)
    if (after := _in_words(person)) != before:
        keep_history(session, actor, customer, {"person": (before, after)})
    return person


def _checked(
    name: str, position: str | None, email: str | None, phone: str | None, notes: str | None
) -> dict[str, Any]:
    checked = {
        "name": one_line(N_("El nombre"), name, 120),
        "position": one_line(N_("El puesto"), position, 120),
        "email": one_line(LABELS["email"], email, 250),
        "phone": one_line(LABELS["phone"], phone, 60),
        "notes": one_line(N_("La nota"), notes, 500),
    }
    if checked["name"] is None:
        raise FieldMissing(field=_("el nombre"))
    if not is_email(checked["email"]):
        raise EmailNotUsable(value=checked["email"])
    return checked


def _in_words(person: CustomerPerson) -> str:
    parts = (person.name, person.position, person.phone, person.email, person.notes)
    return " · ".join(part for part in parts if part) + ("" if person.active else _(" (ya no está)"))
