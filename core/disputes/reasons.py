"""Why a customer questions a document: the catalogue, with who must answer and in how many days."""

from enum import StrEnum
from typing import NamedTuple

from core.i18n import N_, _

SALES, BILLING, LOGISTICS, QUALITY, CREDIT, TREASURY = (
    "sales", "billing", "logistics", "quality", "credit", "treasury",
)  # fmt: skip
#: The areas that answer disputes.
AREAS = {
    SALES: N_("Ventas"), BILLING: N_("Facturación"), LOGISTICS: N_("Logística y almacén"), QUALITY: N_("Calidad"),
    CREDIT: N_("Crédito y cobranza"), TREASURY: N_("Ingresos y caja"),
}  # fmt: skip


class Outcome(StrEnum):
    """How a dispute ended."""

    CREDIT_NOTE = "credit_note"
    REFUSED = "refused"
    CORRECTED = "corrected"


class Reason(NamedTuple):
    """One reason in words, and the area that answers unless somebody says otherwise."""

    label: str
    area: str


REASONS = {
    "price": Reason(N_("Precio distinto del acordado"), SALES),
    "discount": Reason(N_("Descuento o bonificación que no se dio"), SALES),
    "quantity": Reason(N_("Faltante o cantidad distinta"), LOGISTICS),
    "delivery": Reason(N_("Mercancía o servicio no recibido"), LOGISTICS),
    "return": Reason(N_("Devolución sin nota de crédito"), LOGISTICS),
    "quality": Reason(N_("Calidad o daño"), QUALITY),
    "tax_data": Reason(N_("Datos fiscales o factura mal emitida"), BILLING),
    "duplicate": Reason(N_("Factura duplicada"), BILLING),
    "order": Reason(N_("Falta orden de compra o evidencia de entrega"), SALES),
    "paid": Reason(N_("El cliente dice que ya pagó"), TREASURY),
    "other": Reason(N_("Otro motivo"), CREDIT),
}
OUTCOMES = {
    Outcome.CREDIT_NOTE: N_("Nota de crédito"),
    Outcome.REFUSED: N_("No procede"),
    Outcome.CORRECTED: N_("Corregida sin nota"),
}
#: What the states that screens know are called; what a file says otherwise stays as written.
STATUSES = {
    "open": N_("Abierta"), "in_review": N_("En revisión"), "accepted": N_("Procede"), "refused": N_("No procede"),
    "closed": N_("Cerrada"),
}  # fmt: skip


def reason_word(reason: str) -> str:
    """A reason in the reader's words; what a file says stays as it is."""
    return _(REASONS[reason].label) if reason in REASONS else reason


def area_word(area: str | None) -> str:
    """An area in the reader's words."""
    return _(AREAS[area]) if area in AREAS else area or ""


def status_word(status: str) -> str:
    """A state in the reader's words; what a file says stays as it is."""
    return _(STATUSES[status]) if status in STATUSES else status


def outcome_word(outcome: str | None) -> str:
    """How a dispute ended, in the reader's words."""
    return _(OUTCOMES[Outcome(outcome)]) if outcome in tuple(Outcome) else outcome or ""
