"""`nightly`: promises, letters, the month's figures; for the server's timer, and by hand."""

from datetime import date

import click

from core.cli.frame import Call, command
from core.cli.options import DAY
from core.db import reading
from core.errors import SeveralRefusals
from core.files.table import Column
from core.i18n import N_, _
from core.jobs.nightly import failures, run

COLUMNS = [Column("name", N_("Paso")), Column("done", N_("Qué hizo"))]


@command("nightly", help=N_("El proceso de cada noche; repetirlo no hace daño."))
@click.option("--date", "on", type=DAY, metavar="D", help=N_("Día que se procesa (si no se dice: hoy)."))
def nightly(call: Call, on: date | None) -> None:
    """`nightly [--date D]`."""
    with reading() as session:
        actor = call.actor(session)
    as_of = on or call.today
    outcomes = run(actor, as_of=as_of)
    if failed := failures(outcomes):
        raise SeveralRefusals(failed)
    rows = [{"step": one.step.name, "name": _(one.step.label), "done": one.step.told(one.done)} for one in outcomes]
    call.emit({"date": as_of, "rows": rows}, COLUMNS, title=_("Proceso nocturno"))
