"""`worklist`: whom to contact on a day, most valuable first."""

from datetime import date
from typing import Any

import click

from core.cli.frame import Call, command
from core.cli.options import DAY, Count
from core.collections.reasons import ReasonRow, background, reasons
from core.collections.worklist import Candidate
from core.collections.worklist import worklist as worklist_of
from core.db import reading
from core.files.table import Column, Kind
from core.i18n import N_, _, day
from core.policies.settings import company_currency
from core.portfolio.lines import Page

COLUMNS = [
    Column("customer", N_("Cliente")),
    Column("name", N_("Nombre"), width=34),
    Column("score", N_("Puntos"), Kind.INTEGER),
    Column("reasons", N_("Motivos"), width=60),
    Column("overdue", N_("Vencido"), Kind.AMOUNT, total=True),
    Column("oldest_days", N_("Días"), Kind.INTEGER),
    Column("promise_due", N_("Promete hoy"), Kind.AMOUNT, total=True),
    Column("next_action_on", N_("Siguiente paso"), Kind.DATE),
]


@command("worklist", help=N_("A quién contactar en un día, lo más valioso primero."))
@click.option("--as-of", type=DAY, required=True, help=N_("El día."))
@click.option("--collector", metavar="USER", help=N_("Solo los clientes de este gestor."))
@click.option("--limit", type=Count(1, 1_000_000), metavar="N", help=N_("Solo los primeros N."))
def worklist(call: Call, as_of: date, collector: str | None, limit: int | None) -> None:
    """Company currency; `promise_due`: what promises due on the day still lack."""
    with reading() as session:
        page = Page(1, limit)
        found = worklist_of(session, call.actor(session), as_of=as_of, collector=collector, page=page)
        known = background(session, found.rows, as_of)
        currency = company_currency(session)
    rows = [_row(call, one, reasons(one, as_of, known), as_of) for one in found.rows]
    payload = {"as_of": as_of, "collector": collector, "currency": currency, "rows": rows}
    call.emit(payload, COLUMNS, title=_("Agenda del {day}").format(day=day(as_of)))


def _row(call: Call, one: Candidate, told: list[ReasonRow], as_of: date) -> tuple[Any, ...]:
    """Reasons are objects in JSON, sentences elsewhere; days are of what is overdue."""
    said = [row._asdict() if call.format == "json" else f"{row.detail} +{row.points}" for row in told]
    days = (as_of - one.oldest_due_on).days if one.oldest_due_on else None
    return one.code, one.name, one.score, said, one.overdue, days, one.due_today or None, one.next_on
