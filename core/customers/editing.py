"""Creating and editing customers. Every field that changes is kept with its value before and after, and why."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import Recorded, record
from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.clock import local
from core.customers import tax_ids
from core.customers.fields import CREDIT, LABELS, CustomerFields, FieldMissing, one_line
from core.customers.models import Customer, CustomerChange
from core.customers.search import is_generic, search_text
from core.customers.visibility import code_key, customer_by_code, visible_customer, visible_to
from core.errors import DomainError, SeveralRefusals
from core.i18n import N_, _
from core.money import ZERO

#: A field's value before and after, as text.
Change = tuple[str | None, str | None]


class CodeTaken(DomainError):
    message = N_("La clave «{code}» ya es de {name}. Escriba otra.")


class CodeAlike(DomainError):
    message = N_("La clave «{code}» solo se distingue por ceros a la izquierda de «{taken}» ({name}). Escriba otra.")


class TaxIdShared(DomainError):
    message = N_("El RFC {tax_id} ya es de {others}. Revise que no sea el mismo cliente dos veces.")


class NeedsAnotherLook(SeveralRefusals):
    """Doubts, not errors: the user may save all the same after looking at them (`confirmed`)."""


class ParentInCircle(DomainError):
    message = N_("«{parent}» depende de «{code}»: no puede ser su cliente principal. Elija otro.")


class ParentNotFound(DomainError):
    message = N_("No hay un cliente principal con la clave «{parent}». Revise la clave.")


class CreditTermsNotYours(DomainError):
    message = N_("El límite y los días de crédito los cambia el área de crédito. No se guardó nada; pídaselo a ella.")


class ChangedMeanwhile(DomainError):
    message = N_("{user} cambió {field} de «{before}» a «{after}» el {at} mientras usted editaba.")


class EditedMeanwhile(SeveralRefusals):
    """Somebody else was quicker: says what changed; the user looks at it and edits again."""

    def lines(self) -> list[str]:
        return [*super().lines(), _("No se guardó nada de lo suyo. Cargue de nuevo el cliente y repita su cambio.")]


class ReasonMissing(DomainError):
    message = N_("Escriba el motivo del cambio: queda en el historial del cliente.")


def create_customer(
    session: Session, actor: Actor, *, code: str, fields: CustomerFields, confirmed: bool = False
) -> Customer:
    """Somebody new. Who may not grant credit makes a customer without any: 0 days and a limit of 0.00.

    `confirmed`: the user has seen the doubts (NeedsAnotherLook) and saves all the same.
    """
    actor.require(Permission.EDIT_CUSTOMER)
    db.take(session, "customers")
    if not actor.may(Permission.CHANGE_CREDIT_TERMS):
        fields = replace(fields, terms_days=0, credit_limit=ZERO)
    code = _free_code(session, code)
    fields = fields.checked()
    parent_id = _parent_id(session, actor, fields.parent, None)
    _refuse_doubts(session, actor, fields, None, confirmed)

    [customer_id] = db.reserve_ids(session, Customer, 1)
    event = record(
        session, actor, "customer.created", entity="customer", entity_id=code, customer_id=customer_id,
        fields=_values(fields),
    )  # fmt: skip
    customer = Customer(
        id=customer_id, code=code, code_key=code_key(code), legal_name=fields.legal_name, parent_id=parent_id,
        event_id=event.id or 0,
    )  # fmt: skip
    _write(customer, fields)
    session.add(customer)
    session.flush()
    return customer


def edit_customer(
    session: Session, actor: Actor, *, customer_id: int, fields: CustomerFields, seen: int, reason: str,
    confirmed: bool = False,
) -> Customer:  # fmt: skip
    """Writes what differs. `seen`: the `version` of the card that the user edited; later changes of others refuse.

    Limit and terms need the credit area's permission. Nothing different: nothing is written.
    """
    actor.require(Permission.EDIT_CUSTOMER)
    db.take(session, "customers")
    customer = visible_customer(session, actor, customer_id)
    _refuse_when_stale(session, customer_id, seen)
    known = _fields_of(session, customer)
    fields = fields.checked(known)
    parent_id = _parent_id(session, actor, fields.parent, customer)
    before, after = _values(known), _values(fields)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changes:
        return customer
    if CREDIT & changes.keys() and not actor.may(Permission.CHANGE_CREDIT_TERMS):
        raise CreditTermsNotYours
    reason = one_line(N_("El motivo"), reason, 250) or ""
    if not reason:
        raise ReasonMissing
    if {"tax_id", "country"} & changes.keys():
        _refuse_doubts(session, actor, fields, customer_id, confirmed)

    customer.parent_id = parent_id
    _write(customer, fields)
    keep_history(session, actor, customer, changes, reason=reason)
    return customer


def keep_history(
    session: Session,
    actor: Actor,
    customer: Customer,
    changes: dict[str, tuple[str | None, str | None]],
    *,
    reason: str = "",
) -> Recorded:
    """The event of a change and one row a field, before and after as text."""
    event = record(
        session, actor, "customer.changed", entity="customer", entity_id=customer.code, customer_id=customer.id,
        reason=reason, changes={name: list(pair) for name, pair in changes.items()},
    )  # fmt: skip
    for name, (before, after) in changes.items():
        session.add(
            CustomerChange(customer_id=customer.id or 0, event_id=event.id or 0, field=name, before=before, after=after)
        )
    session.flush()
    return event


def as_text(value: object) -> str | None:
    """A field as the history keeps it: amounts with two decimals, blanks None."""
    if value is None or value == "":
        return None
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def fields_of(session: Session, actor: Actor, customer_id: int) -> tuple[CustomerFields, int]:
    """A customer as the form shows it, and its version for `edit_customer(seen=…)`."""
    customer = visible_customer(session, actor, customer_id)
    return _fields_of(session, customer), version(session, customer_id)


def version(session: Session, customer_id: int) -> int:
    """Grows with every change of a field of the customer; 0 when nothing has changed since it was made."""
    newest = select(func.max(col(CustomerChange.id))).where(
        col(CustomerChange.customer_id) == customer_id, col(CustomerChange.field) != "person"
    )
    return session.scalar(newest) or 0


def _fields_of(session: Session, customer: Customer) -> CustomerFields:
    parent = session.scalar(select(col(Customer.code)).where(col(Customer.id) == customer.parent_id))
    own = {name: getattr(customer, name) for name in CustomerFields.__dataclass_fields__ if name != "parent"}
    return CustomerFields(**own, parent=parent)


def _values(fields: CustomerFields) -> dict[str, str | None]:
    return {name: as_text(getattr(fields, name)) for name in CustomerFields.__dataclass_fields__}


def _write(customer: Customer, fields: CustomerFields) -> None:
    for name in CustomerFields.__dataclass_fields__:
        if name != "parent":
            setattr(customer, name, getattr(fields, name))
    customer.search = search_text(customer.code, fields.legal_name, fields.tax_id)


def _free_code(session: Session, code: str) -> str:
    """A code that nobody has, leading zeros aside: an import would take the two for one."""
    free = one_line(LABELS["code"], code, 40)
    if free is None:
        raise FieldMissing(field=_(LABELS["code"]))
    alike = session.scalars(select(Customer).where(col(Customer.code_key) == code_key(free))).all()
    for other in alike:
        if other.code == free:
            raise CodeTaken(code=free, name=other.legal_name)
    if alike:
        raise CodeAlike(code=free, taken=alike[0].code, name=alike[0].legal_name)
    return free


def _parent_id(session: Session, actor: Actor, parent: str | None, customer: Customer | None) -> int | None:
    """The id of the parent of that code; refuses a circle, however long."""
    if parent is None:
        return None
    try:
        found = customer_by_code(session, actor, parent)
    except DomainError as error:
        raise ParentNotFound(parent=parent) from error
    if customer is None:
        return found.id
    above: set[int | None] = set()
    step: int | None = found.id
    while step is not None and step not in above:
        if step == customer.id:
            raise ParentInCircle(parent=found.code, code=customer.code)
        above.add(step)
        step = session.scalar(select(col(Customer.parent_id)).where(col(Customer.id) == step))
    return found.id


def _refuse_doubts(
    session: Session, actor: Actor, fields: CustomerFields, customer_id: int | None, confirmed: bool
) -> None:
    if not confirmed and (doubts := doubts_about(session, actor, fields, customer_id=customer_id)):
        raise NeedsAnotherLook(doubts)


def doubts_about(
    session: Session, actor: Actor, fields: CustomerFields, *, customer_id: int | None = None
) -> list[DomainError]:
    """What a user should look at before saving a tax id: its form, its check digit, other customers who have it."""
    doubts = [doubt] if (doubt := tax_ids.doubt(fields.tax_id, fields.country)) else []
    if fields.tax_id is None or is_generic(fields.tax_id):
        return doubts
    bare = func.replace(func.replace(func.upper(col(Customer.tax_id)), "-", ""), " ", "")
    others = session.execute(
        select(col(Customer.code), col(Customer.legal_name))
        .where(bare == fields.tax_id.upper().replace("-", "").replace(" ", ""), col(Customer.id) != (customer_id or 0))
        .where(visible_to(actor))
        .order_by(col(Customer.code))
        .limit(5)
    )
    if named := "; ".join(f"{code} {name}" for code, name in others):
        doubts.append(TaxIdShared(tax_id=fields.tax_id, others=named))
    return doubts


def _refuse_when_stale(session: Session, customer_id: int, seen: int) -> None:
    later = session.execute(
        select(CustomerChange, col(AuditEvent.user_name), col(AuditEvent.at))
        .join(AuditEvent, col(AuditEvent.id) == col(CustomerChange.event_id))
        .where(col(CustomerChange.customer_id) == customer_id, col(CustomerChange.id) > seen)
        .where(col(CustomerChange.field) != "person")
        .order_by(col(CustomerChange.id))
    )
    changes: list[DomainError] = [
        ChangedMeanwhile(
            user=user, field=_(LABELS.get(change.field, change.field)), before=change.before or "", at=local(at),
            after=change.after or "",
        )
        for change, user, at in later
    ]  # fmt: skip
    if changes:
        raise EditedMeanwhile(changes)
