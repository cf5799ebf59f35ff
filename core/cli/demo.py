"""`demo`: a company to try everything on, in an empty database."""

import sys

import click
from sqlalchemy import select
from sqlmodel import col

from core.auth.models import User
from core.cli.database import prepare, require_owner
from core.cli.frame import Call, command
from core.cli.options import Count
from core.customers.models import Customer
from core.db import reading
from core.demo import DOCUMENTS, load
from core.files.table import Column
from core.i18n import N_, _, number

COLUMNS = [Column("name", N_("Usuario")), Column("role", N_("Rol")), Column("password", N_("Contraseña"))]


@command("demo", needs_database=False, help=N_("Carga la empresa de demostración en una base vacía."))
@click.option(
    "--documents", type=Count(1, 10_000_000), default=DOCUMENTS, help=N_("Cuántos documentos, hasta 10,000,000.")
)
@click.option("--seed", type=Count(0, 2**31 - 1), default=1, help=N_("Semilla: la misma da los mismos datos."))
def demo(call: Call, documents: int, seed: int) -> None:
    """`demo [--documents N] [--seed S]`."""
    require_owner(call)
    prepare()
    load_demo(call, documents=documents, seed=seed)


def nobody_yet() -> bool:
    """Whether the database in use holds no user and no customer."""
    with reading() as session:
        return not any(session.execute(select(col(table.id)).limit(1)).first() for table in (User, Customer))


def load_demo(call: Call, *, documents: int = DOCUMENTS, seed: int = 1) -> None:
    """Loads the demo company and answers with its users and passwords, which nobody can read again."""
    users = load(documents=documents, seed=seed, today=call.today, progress=_told)
    title = _("Usuarios de la demostración (anote las contraseñas: solo se muestran ahora)")
    call.emit({"documents": documents, "seed": seed, "rows": users}, COLUMNS, title=title)


def _told(done: int, of: int) -> None:
    """How far it is, on a line of its own that the next one replaces; only where somebody watches."""
    if sys.stderr.isatty():
        told = _("{done} de {of} documentos ({share} %)").format(
            done=number(done), of=number(of), share=done * 100 // of
        )
        click.echo(f"\r\033[K{told}", err=True, nl=done == of)
