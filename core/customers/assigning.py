"""Giving customers to other collectors, many at once: one event, a row of history each, conflicts told."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, update
from sqlmodel import Session, col

from core import db
from core.audit.events import Recorded, record
from core.auth.actor import Actor, Permission
from core.customers.fields import one_line
from core.customers.models import Customer, CustomerChange
from core.customers.queries import collectors_for
from core.customers.visibility import CustomerNotFound, visible_to
from core.errors import DomainError, SeveralRefusals
from core.i18n import N_, _
from core.tables import among

#: So many conflicts are named.
_MOST_TOLD = 10


class Move(NamedTuple):
    """One customer to another collector; `before` is whom the user saw (None: nobody)."""

    customer_id: int
    before: str | None
    after: str


class MoveReasonMissing(DomainError):
    message = N_("Escriba el motivo de la reasignación: queda en el historial de cada cliente.")


class NothingToMove(DomainError):
    message = N_("Ninguno de los clientes elegidos cambia de gestor.")


class CollectorNotAvailable(DomainError):
    message = N_("«{name}» no es un gestor activo de su región. Elija otro.")


class CollectorChanged(DomainError):
    message = N_("{customer} ya es de {now}; usted veía a {before}.")


class MovedMeanwhile(SeveralRefusals):
    """Somebody else has assigned some of them since the list was read."""

    def lines(self) -> list[str]:
        return [*super().lines(), _("No se reasignó ninguno. Cargue la página de nuevo y repita la selección.")]


def assign_collectors(session: Session, actor: Actor, *, moves: Sequence[Move], reason: str) -> tuple[int, Recorded]:
    """Assigns each to its new collector, all or none; how many changed, and the event."""
    actor.require(Permission.SUPERVISE)
    db.take(session, "customers")
    reason = one_line(N_("El motivo"), reason, 250) or ""
    if not reason:
        raise MoveReasonMissing
    wanted = {one.customer_id: one for one in moves if (one.before or "") != one.after}
    if not wanted:
        raise NothingToMove
    known = collectors_for(session, actor)
    for name in {one.after for one in wanted.values()} - known.keys():
        raise CollectorNotAvailable(name=name)
    _refuse_moved(session, actor, wanted)
    given = Counter(one.after for one in wanted.values())
    event = record(
        session, actor, "portfolio.reassigned", entity="portfolio", reason=reason, count=len(wanted), to=dict(given)
    )
    for name in given:
        ids = [one.customer_id for one in wanted.values() if one.after == name]
        session.execute(update(Customer).where(among(col(Customer.id), ids)).values(collector=name))
    columns = ("customer_id", "event_id", "field", "before", "after")
    rows = [(one.customer_id, event.id, "collector", one.before or None, one.after) for one in wanted.values()]
    db.insert_many(session, CustomerChange, columns, rows)
    session.expire_all()
    return len(wanted), event


def _refuse_moved(session: Session, actor: Actor, wanted: dict[int, Move]) -> None:
    """Refuses customers whom the actor does not see, and those whose collector is another than was seen."""
    found = session.execute(
        select(col(Customer.id), col(Customer.legal_name), col(Customer.collector))
        .where(among(col(Customer.id), list(wanted)), visible_to(actor))
        .with_for_update()
    ).all()
    if missing := wanted.keys() - {row.id for row in found}:
        raise CustomerNotFound(customer=min(missing))
    nobody = _("nadie")
    changed: list[DomainError] = [
        CollectorChanged(customer=row.legal_name, now=row.collector or nobody, before=wanted[row.id].before or nobody)
        for row in found
        if (row.collector or "") != (wanted[row.id].before or "")
    ]
    if changed:
        raise MovedMeanwhile(changed[:_MOST_TOLD])
