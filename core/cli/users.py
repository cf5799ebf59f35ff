"""`users add|list|disable|reset`: who may sign in. Passwords are asked for, or come from `CARTERA_PASSWORD`."""

import os
import sys

import click

from core.auth import users as people
from core.auth.actor import Role
from core.auth.queries import users as all_users
from core.cli.frame import Call, group
from core.cli.options import OneOf
from core.clock import local
from core.db import reading, transaction
from core.errors import DomainError
from core.files.table import Column, Kind
from core.i18n import N_, _

COLUMNS = [
    Column("name", N_("Usuario")), Column("full_name", N_("Nombre")), Column("role", N_("Rol")),
    Column("region", N_("Región")), Column("sales_rep", N_("Vendedor")), Column("language", N_("Idioma")),
    Column("active", N_("Activo")), Column("seen_at", N_("Última actividad"), Kind.DATETIME),
    Column("sessions", N_("Sesiones"), Kind.INTEGER),
]  # fmt: skip

users = group("users", about=N_("Agrega, muestra y desactiva usuarios."))


class PasswordMissing(DomainError):
    message = N_("Falta la contraseña: póngala en la variable CARTERA_PASSWORD, o ejecute la orden en una terminal.")


def asked_password() -> str:
    """The password of `CARTERA_PASSWORD`, else typed twice without being shown."""
    given = os.environ.get("CARTERA_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise PasswordMissing
    again = _("Otra vez")
    return str(click.prompt(_("Contraseña"), hide_input=True, confirmation_prompt=again, err=True))


@users.command("add", help=N_("Agrega un usuario que puede entrar."))
@click.argument("name")
@click.option("--role", required=True, type=OneOf(Role), metavar="ROLE", help=N_("Rol: lo que puede ver y hacer."))
@click.option("--region", metavar="R", help=N_("Solo ve los clientes de esta región (gerentes)."))
@click.option("--sales-rep", metavar="R", help=N_("Solo ve los clientes de este vendedor (vendedores)."))
def add(call: Call, name: str, role: str, region: str | None, sales_rep: str | None) -> None:
    """`users add NAME --role ROLE [--region R] [--sales-rep R]`."""
    password = asked_password()
    with transaction() as session:
        actor = call.actor(session)
        made = people.create_user(
            session, actor, name=name, role=role, region=region, sales_rep=sales_rep, password=password
        )
        name = made.name
    call.done(_("Usuario «{name}» agregado.").format(name=name), name=name, role=role)


@users.command("list", help=N_("Todos los usuarios."))
def list_(call: Call) -> None:
    """`users list`."""
    with reading() as session:
        found = all_users(session, call.actor(session))
    rows = [
        {**{column.key: getattr(user, column.key) for column in COLUMNS},
         "seen_at": local(user.seen_at) if user.seen_at else None}
        for user in found
    ]  # fmt: skip
    call.emit({"rows": rows}, COLUMNS, title=_("Usuarios"))


@users.command("disable", help=N_("Quita el acceso a un usuario, también donde ya entró."))
@click.argument("name")
def disable(call: Call, name: str) -> None:
    """`users disable NAME`."""
    with transaction() as session:
        people.disable_user(session, call.actor(session), name=name)
    call.done(_("Usuario «{name}» desactivado.").format(name=name), name=name)


@users.command("reset", help=N_("Pone una contraseña nueva a un usuario."))
@click.argument("name")
def reset(call: Call, name: str) -> None:
    """`users reset NAME`."""
    password = asked_password()
    with transaction() as session:
        people.reset_password(session, call.actor(session), name=name, password=password)
    call.done(_("Contraseña de «{name}» cambiada; sus sesiones terminaron.").format(name=name), name=name)
