"""`payments identify`: whose an unidentified payment is."""

from datetime import date

import click

from core.cli.frame import Call, group
from core.cli.options import DAY
from core.customers.visibility import customer_by_code
from core.db import transaction
from core.i18n import N_, _, day
from core.payments.unidentified import identify_payment

payments = group("payments", about=N_("Identifica pagos."))


@payments.command("identify", help=N_("Pone un pago por identificar en la cuenta de un cliente."))
@click.argument("number")
@click.option("--customer", required=True, metavar="C", help=N_("Clave del cliente."))
@click.option("--on", type=DAY, help=N_("Día desde el que está en su cuenta (si no se dice: hoy)."))
def identify(call: Call, number: str, customer: str, on: date | None) -> None:
    """From `--on` the payment is on the customer's account."""
    on = on or call.today
    with transaction() as session:
        actor = call.actor(session)
        found = customer_by_code(session, actor, customer)
        payment = identify_payment(session, actor, number=number, customer_id=found.id or 0, on=on)
    told = _("«{number}» está en la cuenta de {customer} desde el {on}.")
    call.done(
        told.format(number=payment.number, customer=found.code, on=day(on)),
        number=payment.number, customer=found.code, on=on, amount=payment.amount, currency=payment.currency,
    )  # fmt: skip
