"""`audit list`: the log, on the terminal or in a file."""

from datetime import date

import click
from sqlmodel import col, select

from core.audit.models import AuditEvent
from core.audit.queries import Filter, events
from core.auth.actor import Permission
from core.cli.frame import Call, group
from core.cli.options import DAY, in_order
from core.clock import local
from core.customers.models import Customer
from core.customers.visibility import CustomerNotFound, customer_by_code
from core.db import reading
from core.files.table import Column, Kind
from core.i18n import N_, _
from core.jobs.history import writes_about

COLUMNS = [
    Column("id", N_("Evento")), Column("at", N_("Momento"), Kind.DATETIME), Column("business_on", N_("Día"), Kind.DATE),
    Column("user", N_("Usuario")), Column("origin", N_("Origen")), Column("os_user", N_("Usuario del sistema")),
    Column("action", N_("Acción")), Column("entity", N_("Sobre")), Column("entity_id", N_("Cuál")),
    Column("customer", N_("Cliente")), Column("facts", N_("Datos"), width=60), Column("file_hash", N_("Huella")),
]  # fmt: skip

audit = group("audit", about=N_("Muestra la bitácora."))


@audit.command("list", help=N_("Los eventos, del más reciente al más antiguo."))
@click.option("--customer", metavar="C", help=N_("Solo los de este cliente."))
@click.option("--user", metavar="U", help=N_("Solo los de este usuario."))
@click.option("--from", "start", type=DAY, metavar="D", help=N_("Desde este día."))
@click.option("--to", "end", type=DAY, metavar="D", help=N_("Hasta este día."))
def list_(call: Call, customer: str | None, user: str | None, start: date | None, end: date | None) -> None:
    """`audit list [--customer C] [--user U] [--from D] [--to D]`."""
    in_order(start, end)
    with reading() as session:
        actor = call.actor(session)
        actor.require(Permission.VIEW_AUDIT)
        wanted = Filter(user=user, start=start, end=end)
        try:
            if customer is not None:
                id_ = customer_by_code(session, actor, customer).id or 0
                wanted = wanted._replace(customer_id=id_, written=writes_about(id_))
            found = events(session, actor, wanted)
        except CustomerNotFound:  # a filter value that nobody has: no rows
            found = []
        named = select(col(Customer.id), col(Customer.code)).where(col(Customer.id).in_(select(AuditEvent.customer_id)))
        codes = dict(session.execute(named).all())
    rows = [
        {
            "id": one.id, "at": local(one.at), "business_on": one.business_on, "user": one.user_name,
            "origin": one.origin, "os_user": one.os_user, "action": one.action, "entity": one.entity,
            "entity_id": one.entity_id, "customer": codes.get(one.customer_id),
            "facts": one.summary if call.format == "table" else one.facts,
            "file_hash": one.file_hash,
        }
        for one in found
    ]  # fmt: skip
    asked = {"customer": customer, "user": user, "from": start, "to": end}
    call.emit({**asked, "rows": rows}, COLUMNS, title=_("Bitácora"))
