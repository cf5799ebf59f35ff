"""Words of stages, steps and costs. Keys are stored, words are shown."""

from core.i18n import N_, _, money, plural
from core.legal.candidates import Candidate
from core.legal.models import CostKind as CostKind
from core.legal.models import HandOverState as HandOverState
from core.legal.models import Stage as Stage
from core.legal.models import StepKind as StepKind

STAGES = {
    Stage.INTERNAL: N_("Cobranza interna"), Stage.PRELEGAL: N_("Prelegal"), Stage.AGENCY: N_("Despacho externo"),
    Stage.LEGAL: N_("Legal"),
}  # fmt: skip
STATES = {
    HandOverState.WAITING: N_("Por aprobar"), HandOverState.APPROVED: N_("Entregado"),
    HandOverState.REFUSED: N_("Rechazado"),
}  # fmt: skip
STEPS = {
    StepKind.HEARING: N_("Audiencia"), StepKind.FILING: N_("Escrito o demanda"), StepKind.RULING: N_("Resolución"),
    StepKind.AGENCY_REPORT: N_("Reporte del despacho"), StepKind.NEGOTIATION: N_("Negociación"),
    StepKind.NOTE: N_("Nota"),
}  # fmt: skip
COSTS = {
    CostKind.FEES: N_("Honorarios"), CostKind.COURT: N_("Gastos de juicio"), CostKind.NOTARY: N_("Notaría y registro"),
    CostKind.TRAVEL: N_("Viáticos"), CostKind.OTHER: N_("Otro gasto"),
}  # fmt: skip


def stage(key: str) -> str:
    """What a stage is called."""
    return _(STAGES[Stage(key)])


def state(key: str) -> str:
    """How a hand-over stands."""
    return _(STATES[HandOverState(key)])


def step(key: str) -> str:
    """What kind of step it is."""
    return _(STEPS[StepKind(key)])


def cost(key: str) -> str:
    """What a cost was for."""
    return _(COSTS[CostKind(key)])


def reasons(one: Candidate) -> str:
    """Why a customer is proposed for a stage."""
    told = []
    if one.by_age:
        days = plural("{n} día de atraso", "{n} días de atraso", one.days)
        told.append(_("{days} y {amount} vencido").format(days=days, amount=money(one.overdue)))
    if one.by_promises:
        told.append(plural("{n} promesa rota en 90 días", "{n} promesas rotas en 90 días", one.broken))
    return "; ".join(told)
