"""Words of agreements: frequencies and states. Keys are stored or computed, words are shown."""

from core.agreements.models import Frequency as Frequency
from core.agreements.models import Outcome
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


SCENARIOS = {
    "pay_now": N_("Pagar todo hoy"), "proposal": N_("La propuesta"), "shorter": N_("En la mitad de los pagos"),
    "longer": N_("En el doble de pagos"), "no_waiver": N_("Sin condonar interés"),
    "full_waiver": N_("Con todo el interés condonado"),
}  # fmt: skip
OUTCOMES = {
    Outcome.APPROVED: N_("Aprobado"), Outcome.REFUSED: N_("Rechazado"), Outcome.WITHDRAWN: N_("Retirado"),
    Outcome.SIGNED: N_("Firmado por el cliente"), Outcome.BREACHED: N_("Incumplido"),
    Outcome.CANCELLED: N_("Cancelado"),
}  # fmt: skip


def scenario(key: str) -> str:
    """What an alternative is called."""
    return _(SCENARIOS[key])


def outcome(key: str) -> str:
    """What happened to an agreement."""
    return _(OUTCOMES[Outcome(key)])
