"""`demo`: a company to try everything on, in an empty database."""

import click
from sqlalchemy import select
from sqlmodel import col

from core.auth.models import User
from core.cli.database import prepare, require_owner
from core.cli.frame import Call, command
from core.cli.options import Count
from core.customers.models import Customer
from core.db import reading
from core.errors import DomainError
from core.files.table import Column
from core.i18n import N_, _


class SomebodyThere(DomainError):
    message = N_("La base ya tiene usuarios o clientes; la empresa de demostración solo se carga en una vacía.")


@command("demo", needs_database=False, help=N_("Carga la empresa de demostración en una base vacía."))
@click.option("--documents", type=Count(1, 10_000_000), help=N_("Cuántos documentos, hasta 10,000,000."))
@click.option("--seed", type=Count(0, 2**31 - 1), help=N_("Semilla: la misma da los mismos datos."))
def demo(call: Call, documents: int | None, seed: int | None) -> None:
    """`demo [--documents N] [--seed S]`."""
    require_owner(call)
    prepare()
    load_demo(call, documents=documents, seed=seed)


def nobody_yet() -> bool:
    """Whether the database in use holds no user and no customer."""
    with reading() as session:
        return not any(session.execute(select(col(table.id)).limit(1)).first() for table in (User, Customer))


def load_demo(call: Call, *, documents: int | None = None, seed: int | None = None) -> None:
    """Loads the demo company and answers with its users and passwords, which nobody can read again."""
    if not nobody_yet():
        raise SomebodyThere
    from core.demo import load

    asked = {name: value for name, value in (("documents", documents), ("seed", seed)) if value is not None}
    users = load(today=call.today, **asked)
    rows = [{"name": user, "role": role, "password": password} for user, role, password in users]
    columns = [Column("name", N_("Usuario")), Column("role", N_("Rol")), Column("password", N_("Contraseña"))]
    title = _("Usuarios de la demostración (anote las contraseñas: solo se muestran ahora)")
    call.emit({"rows": rows}, columns, title=title)
