"""The outbox in words: states, and why something did not go out. Keys are stored, words are shown."""

from core.i18n import N_, _
from core.outbox.models import MessageStatus

NO_ADDRESS, ADDRESS_NOT_USABLE, INTERRUPTED = "no_address", "address_not_usable", "interrupted"
NOT_MADE, NOBODY_ANSWERS, REFUSED_FILES = "not_made", "nobody_answers", "too_large"
_REASONS = {
    NO_ADDRESS: N_("El cliente no tiene correo. Imprímala, o escriba una dirección."),
    ADDRESS_NOT_USABLE: N_("La dirección del cliente no sirve. Corríjala."),
    INTERRUPTED: N_("El envío se interrumpió: no se sabe si salió. Pregunte al cliente antes de reintentar."),
    NOT_MADE: N_("No se pudo preparar el correo. Avise a quien administra el sistema."),
    NOBODY_ANSWERS: N_("El servidor de correo no responde; se intentará de nuevo."),
    REFUSED_FILES: N_("Los adjuntos son demasiado grandes para un correo."),
}
STATUSES = {
    MessageStatus.QUEUED: N_("En espera"),
    MessageStatus.SENDING: N_("Enviándose"),
    MessageStatus.SENT: N_("Enviado"),
    MessageStatus.FAILED: N_("No salió"),
    MessageStatus.HELD: N_("Sin dirección"),
    MessageStatus.CANCELLED: N_("Cancelado"),
}
KINDS = {"letter": N_("Carta de cobro")}


def status_word(status: str) -> str:
    """The state of a message."""
    return _(STATUSES[MessageStatus(status)])


def kind_word(kind: str) -> str:
    """What a message is about."""
    return _(KINDS[kind]) if kind in KINDS else kind.replace("_", " ")


def why_not(error: str | None) -> str:
    """Why a message has not gone out: our own reasons in words, a server's answer as it came."""
    return _(_REASONS[error]) if error in _REASONS else error or ""
