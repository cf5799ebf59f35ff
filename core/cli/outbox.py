"""`outbox send`, `outbox list`: the e-mails that wait."""

import click

from core.cli.frame import Call, group
from core.cli.options import Count, OneOf
from core.db import reading
from core.files.table import Column, Kind
from core.i18n import N_, _

outbox = group("outbox", about=N_("Envía los correos que esperan."))

_STATUSES = ("queued", "sending", "sent", "failed", "held", "cancelled")
_COLUMNS = (
    Column("id", N_("Correo"), Kind.INTEGER),
    Column("kind", N_("Tipo")),
    Column("to", N_("Para")),
    Column("subject", N_("Asunto")),
    Column("status", N_("Estado")),
    Column("tries", N_("Intentos"), Kind.INTEGER),
    Column("queued_at", N_("Pedido el"), Kind.DATETIME),
    Column("sent_at", N_("Enviado el"), Kind.DATETIME),
    Column("reason", N_("Motivo")),
)


@outbox.command("send", help=N_("Envía los correos que esperan, por el servidor de SMTP_URL."))
@click.option("--limit", type=Count(1, 1_000_000), metavar="N", help=N_("A lo más, tantos."))
def send(call: Call, limit: int | None) -> None:
    """Each message is sent and marked by itself: what went out stays marked whatever comes after."""
    from core.letters.mail import MAKERS
    from core.outbox.sending import send_waiting

    with reading() as session:
        actor = call.actor(session)
    done = send_waiting(actor, MAKERS, limit=limit)
    told = _("Enviados: {sent}. Se intentarán de nuevo: {again}. No salieron: {failed}. En espera: {waiting}.")
    call.done(told.format(**done._asdict()), **done._asdict())


@outbox.command("list", help=N_("Muestra los correos y su estado."))
@click.option("--status", type=OneOf(_STATUSES), help=N_("Solo los que están así."))
def list_(call: Call, status: str | None) -> None:
    """The latest first."""
    from core.outbox import words
    from core.outbox.queries import messages

    with reading() as session:
        found = messages(session, call.actor(session), statuses=[status] if status else (), most=10_000)
    rows = [
        {
            "id": one.message_id, "kind": one.kind, "to": one.to_address, "subject": one.subject, "status": one.status,
            "tries": one.tries, "queued_at": one.queued_at, "sent_at": one.sent_at,
            "reason": words.why_not(one.last_error),
        }
        for one in found
    ]  # fmt: skip
    call.emit({"rows": rows}, _COLUMNS, title=_("Correos"), currency="")
