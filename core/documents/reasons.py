"""Why a note was issued or a paper reversed: the catalogue. Keys are stored, words are shown."""

from core.i18n import N_, _

CREDIT_NOTE = {
    "return": N_("Devolución de mercancía"),
    "discount": N_("Descuento o bonificación"),
    "rebate": N_("Rebate por volumen"),
    "price": N_("Corrección de precio"),
    "quantity": N_("Corrección de cantidad o faltante"),
    "early_payment": N_("Descuento por pronto pago"),
    "quality": N_("Reclamación de calidad"),
    "goodwill": N_("Ajuste comercial"),
    "other": N_("Otro motivo"),
}
DEBIT_NOTE = {
    "late_interest": N_("Intereses moratorios"),
    "returned_cheque": N_("Indemnización por cheque devuelto"),
    "bank_fee": N_("Comisión bancaria"),
    "freight": N_("Flete o reenvío"),
    "price": N_("Corrección de precio"),
    "collection_cost": N_("Gastos de cobranza"),
    "lost_discount": N_("Descuento que se perdió"),
    "other": N_("Otro motivo"),
}
#: `returned_cheque` marks a returned cheque, also when it comes by import.
REVERSAL = {
    "returned_cheque": N_("Cheque devuelto"),
    "wrong_amount": N_("Importe equivocado"),
    "wrong_customer": N_("Cliente equivocado"),
    "wrong_document": N_("Documento equivocado"),
    "duplicate": N_("Registrado dos veces"),
    "not_received": N_("El dinero no llegó"),
    "other": N_("Otro motivo"),
}


def told(key: str | None) -> str:
    """A stored reason in the reader's words; what somebody wrote freely stays as it is."""
    for catalogue in (REVERSAL, CREDIT_NOTE, DEBIT_NOTE):
        if key in catalogue:
            return _(catalogue[key])
    return key or ""
