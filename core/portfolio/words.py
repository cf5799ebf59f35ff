"""What movements and buckets are called, on paper and in files."""

from core.i18n import N_, _

KINDS = {
    "invoice": N_("Factura"), "debit_note": N_("Nota de cargo"), "credit_note": N_("Nota de crédito"),
    "payment": N_("Pago"), "reversal": N_("Reversión"), "exchange": N_("Cambio de moneda"),
    "write_off": N_("Diferencia menor"), "refund": N_("Devolución de dinero"),
}  # fmt: skip


def kind_word(kind: str) -> str:
    """What a movement is called in the language in use."""
    return _(KINDS.get(kind, kind))


def bucket_word(name: str) -> str:
    """A bucket as people read it: `Por vencer`, `1–30`, `+120`."""
    if name == "current":
        return _("Por vencer")
    return f"+{int(name[:-1]) - 1}" if name.endswith("+") else name.replace("-", "–")
