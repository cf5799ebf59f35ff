"""`settings list|get|set`: the company's settings."""

import re
from typing import Any

import click
from sqlmodel import col, select

from core.cli.frame import Call, Command, group
from core.db import reading, transaction
from core.documents.models import Document
from core.files.table import Column
from core.i18n import N_, _
from core.policies.settings import SETTINGS, BadSetting, all_settings, set_setting, setting, tidy

COLUMNS = [
    Column("key", N_("Ajuste")), Column("value", N_("Valor")), Column("default", N_("De inicio")),
    Column("label", N_("Qué es"), width=45),
]  # fmt: skip

settings = group("settings", about=N_("Muestra y cambia los ajustes."))


class Key(click.ParamType[str]):
    """The key of a setting."""

    name = "KEY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in SETTINGS:
            told = _("No hay un ajuste «{key}». Los hay: {keys}.")
            self.fail(told.format(key=value, keys=", ".join(SETTINGS)), param, ctx)
        return str(value)


@settings.command("list", help=N_("Todos los ajustes con su valor."))
def list_(call: Call) -> None:
    """`settings list`."""
    with reading() as session:
        call.actor(session)
        values = all_settings(session)
    rows = [
        {"key": key, "value": value, "default": SETTINGS[key].default, "label": _(SETTINGS[key].label)}
        for key, value in values.items()
    ]
    call.emit({"rows": rows}, COLUMNS, title=_("Ajustes"))


@settings.command("get", help=N_("El valor de un ajuste."))
@click.argument("key", type=Key())
def get(call: Call, key: str) -> None:
    """`settings get KEY`."""
    with reading() as session:
        call.actor(session)
        value = setting(session, key)
    call.done(value, key=key, value=value)


class _Set(Command):
    """A value such as `-3,10` (letters before the due date) is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        below_zero = [one for one in args if re.match(r"-\d", one)]
        if below_zero and "--" not in args:
            args = [*(one for one in args if one not in below_zero), "--", *below_zero]
        return super().parse_args(ctx, args)


@settings.command("set", cls=_Set, help=N_("Cambia un ajuste."))
@click.argument("key", type=Key())
@click.argument("value")
def set_(call: Call, key: str, value: str) -> None:
    """`settings set KEY VALUE`."""
    try:
        tidy(key, value)
    except BadSetting as error:
        raise click.UsageError(error.sentence()) from error
    with transaction() as session:
        in_use = session.scalar(select(col(Document.id)).limit(1)) is not None
        kept = set_setting(session, call.actor(session), key=key, value=value, currency_in_use=in_use)
    call.done(f"{key} = {kept}", key=key, value=kept)
