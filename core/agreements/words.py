"""Words of agreements: frequencies and states. Keys are stored or computed, words are shown."""

from core.agreements.models import Frequency
from core.agreements.standing import State
from core.i18n import N_, _

FREQUENCIES = {
    Frequency.WEEKLY: N_("Semanal"), Frequency.FORTNIGHTLY: N_("Quincenal (15 y fin de mes)"),
    Frequency.MONTHLY: N_("Mensual"), Frequency.OWN: N_("Fechas propias"),
}  # fmt: skip
STATES = {
    State.WAITING: N_("Por aprobar"), State.IN_FORCE: N_("Vigente"), State.BREACHED: N_("Incumplido"),
    State.COMPLETED: N_("Cumplido"), State.REFUSED: N_("Rechazado"), State.WITHDRAWN: N_("Retirado"),
    State.CANCELLED: N_("Cancelado"),
}  # fmt: skip


def frequency(key: str) -> str:
    """How often it is paid."""
    return _(FREQUENCIES[Frequency(key)])


def state(key: State) -> str:
    """How an agreement stands."""
    return _(STATES[key])
