"""`promises evaluate`, `promises list`: what became of promises to pay, at a date."""

from datetime import date

import click

from core.cli.frame import Call, group
from core.cli.options import DAY, OneOf
from core.customers.visibility import CustomerNotFound, customer_by_code
from core.db import reading, transaction
from core.files.table import Column, Kind
from core.i18n import N_, _, day
from core.promises.evaluation import evaluate as evaluate_at
from core.promises.models import PromiseStatus
from core.promises.queries import Wanted
from core.promises.queries import promises as promises_of

promises = group("promises", about=N_("Promesas de pago: su estado en una fecha."))

JUDGED = [Column("number", N_("Promesa")), Column("from", N_("Antes")), Column("to", N_("Ahora"))]
LISTED = [
    Column("number", N_("Promesa")),
    Column("customer", N_("Cliente")),
    Column("currency", N_("Moneda")),
    Column("amount", N_("Prometido"), Kind.AMOUNT, total=True),
    Column("paid", N_("Pagado"), Kind.AMOUNT, total=True),
    Column("made_on", N_("Prometió el"), Kind.DATE),
    Column("promised_on", N_("Para el"), Kind.DATE),
    Column("status", N_("Estado")),
    Column("level", N_("Nivel"), Kind.INTEGER),
    Column("documents", N_("Documentos")),
]


@promises.command("evaluate", help=N_("Juzga las promesas a una fecha y dice cuáles cambiaron de estado."))
@click.option("--as-of", type=DAY, required=True, help=N_("Día en que se juzgan."))
def evaluate(call: Call, as_of: date) -> None:
    """What changed since they were judged last."""
    with transaction() as session:
        changed = evaluate_at(session, call.actor(session), as_of=as_of)
    rows = [tuple(one) for one in changed]
    title = _("Promesas que cambiaron al {day}").format(day=day(as_of))
    call.emit({"as_of": as_of, "rows": rows}, JUDGED, title=title)


@promises.command("list", help=N_("Promesas y su estado en una fecha."))
@click.option("--as-of", type=DAY, help=N_("Día en que se miran (si no se dice: hoy)."))
@click.option("--status", type=OneOf(PromiseStatus), help=N_("Solo las de este estado."))
@click.option("--customer", metavar="C", help=N_("Solo las de este cliente."))
@click.option("--collector", metavar="USER", help=N_("Solo las de este gestor."))
def list_(
    call: Call, as_of: date | None, status: str | None, customer: str | None, collector: str | None
) -> None:  # fmt: skip
    """As computed for a day from history; those made after it are left out."""
    as_of = as_of or call.today
    with reading() as session:
        actor, customer_id = call.actor(session), None
        if customer is not None:
            try:
                customer_id = customer_by_code(session, actor, customer).id
            except CustomerNotFound:
                customer_id = 0  # nobody's: no rows
        wanted = Wanted(
            statuses=(PromiseStatus(status),) if status else (), customer_id=customer_id, collector=collector
        )
        found = promises_of(session, actor, as_of=as_of, wanted=wanted)
    rows = [
        (one.number, one.customer, one.currency, one.amount, one.paid, one.made_on, one.promised_on, one.status.value,
         one.level, list(one.documents))
        for one in found
    ]  # fmt: skip
    call.emit({"as_of": as_of, "rows": rows}, LISTED, title=_("Promesas al {day}").format(day=day(as_of)))
