"""`letters run`: the letters due on a day."""

from datetime import date

import click

from core.cli.frame import Call, group
from core.cli.options import DAY
from core.db import reading, transaction
from core.files.table import Column, Kind
from core.i18n import N_, _, day

letters = group("letters", about=N_("Cartas de cobro que tocan en un día."))

_COLUMNS = (
    Column("customer", N_("Cliente")),
    Column("level", N_("Nivel"), Kind.INTEGER),
    Column("language", N_("Idioma")),
    Column("overdue", N_("Vencido"), Kind.AMOUNT),
    Column("documents", N_("Documentos")),
)


@letters.command("run", help=N_("Hace las cartas que tocan y las deja listas para enviarse."))
@click.option("--as-of", type=DAY, required=True, help=N_("El día de las cartas."))
@click.option("--dry-run", is_flag=True, help=N_("Solo dice quién recibiría qué."))
def run(call: Call, as_of: date, dry_run: bool) -> None:
    """One letter a customer; twice on a day makes nothing new."""
    from core.letters.running import run_letters

    with reading() if dry_run else transaction() as session:
        made = run_letters(session, call.actor(session), as_of=as_of, dry_run=dry_run)
        rows = [
            {"customer": row.customer, "level": row.level, "language": row.language, "overdue": row.overdue,
             "documents": row.documents}
            for row in made
        ]  # fmt: skip
    payload = {"as_of": as_of, "dry_run": dry_run, "rows": rows}
    call.emit(payload, _COLUMNS, title=_("Cartas del {day}").format(day=day(as_of)), currency="")
