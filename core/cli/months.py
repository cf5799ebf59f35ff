"""`close` and `reopen`: months in which nothing may be dated any more."""

import click

from core.cli.frame import Call, command
from core.cli.options import MONTH
from core.db import transaction
from core.i18n import N_, _
from core.jobs.close_month import close_month, reopen_month


@command("close", help=N_("Cierra el mes y todos los anteriores: ya nada puede llevar fecha de ellos."))
@click.argument("month", type=MONTH)
def close(call: Call, month: str) -> None:
    """`close MONTH`."""
    with transaction(alone=True) as session:
        done = close_month(session, call.actor(session), month=month)
    told = _("Cerrado hasta {month}.") if done else _("{month} ya estaba cerrado; no se cambió nada.")
    call.done(told.format(month=month), month=month, closed=done)


@command("reopen", help=N_("Reabre el mes y todos los posteriores; debe hacerlo alguien que no los cerró."))
@click.argument("month", type=MONTH)
@click.option("--reason", required=True, metavar="T", help=N_("Motivo."))
def reopen(call: Call, month: str, reason: str) -> None:
    """`reopen MONTH --reason T`."""
    if not reason.strip():
        raise click.UsageError(_("Escriba el motivo: --reason."))
    with transaction(alone=True) as session:
        reopen_month(session, call.actor(session), month=month, reason=reason)
    call.done(_("Reabierto desde {month}.").format(month=month), month=month)
