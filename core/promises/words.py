"""How promises stand, in words and signs, on screens, on paper and in files."""

from core.i18n import N_, _
from core.promises.models import PromiseStatus as PromiseStatus

_STATES = {
    PromiseStatus.PENDING: ("○", N_("Pendiente")),
    PromiseStatus.KEPT: ("✓", N_("Cumplida")),
    PromiseStatus.PARTLY_KEPT: ("◐", N_("En parte")),
    PromiseStatus.BROKEN: ("✕", N_("Rota")),
    PromiseStatus.RESCHEDULED: ("↻", N_("Reprogramada")),
    PromiseStatus.WITHDRAWN: ("–", N_("Retirada")),
}  # fmt: skip


def status_word(status: str) -> str:
    """A state in a word or two."""
    return _(_STATES[PromiseStatus(status)][1])


def status_sign(status: str) -> str:
    """The sign that stands for a state where there is no room for a word."""
    return _STATES[PromiseStatus(status)][0]


def status_told(status: str) -> str:
    """Sign and word: `✓ Cumplida`."""
    return f"{status_sign(status)} {status_word(status)}"
