"""The list of agreements as a table for Excel and CSV."""

from collections.abc import Iterable, Sequence

from core.agreements.queries import AgreementRow
from core.agreements.words import state
from core.files.table import Column, Kind, Sheet
from core.i18n import _


def sheet(rows: Iterable[AgreementRow], notes: Sequence[str] = ()) -> Sheet:
    """One row an agreement, totals by currency."""
    return Sheet(
        title=_("Convenios"),
        columns=[
            Column("number", _("Folio")), Column("state", _("Estado")), Column("customer_code", _("Clave")),
            Column("customer", _("Cliente"), width=34), Column("collector", _("Gestor")),
            Column("currency", _("Moneda")), Column("total", _("Total"), Kind.AMOUNT, total=True),
            Column("came", _("Recibido"), Kind.AMOUNT, total=True),
            Column("waived", _("Interés condonado"), Kind.AMOUNT, total=True),
            Column("payments", _("Pagos"), Kind.INTEGER), Column("months", _("Meses"), Kind.INTEGER),
            Column("next_on", _("Siguiente pago"), Kind.DATE), Column("next_amount", _("Importe"), Kind.AMOUNT),
            Column("last_on", _("Último pago"), Kind.DATE), Column("proposed_on", _("Propuesto el"), Kind.DATE),
            Column("proposed_by", _("Propuesto por")), Column("signed", _("Firmado")),
        ],
        rows=(
            (
                one.number, state(one.state), one.customer_code, one.customer, one.collector, one.currency, one.total,
                one.came, one.waived, one.payments, one.months, one.next_on, one.next_amount, one.last_on,
                one.proposed_on, one.proposed_by, _("sí") if one.signed else _("no"),
            )
            for one in rows
        ),
        totals_by="currency", notes=notes,
    )  # fmt: skip
