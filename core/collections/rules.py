"""How a customer's facts become points: the rules of a strategy, without any I/O. An empty database has these."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.collections.stages import STAGES, StageRules
from core.i18n import N_

ZERO = Decimal("0.00")


class Reason(StrEnum):
    """Why a customer is worth contacting today, in the order in which reasons of equal points are told."""

    PROMISE_DUE_TODAY = "promise_due_today"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_PARTLY_KEPT = "promise_partly_kept"
    NEXT_ACTION_DUE = "next_action_due"
    OVERDUE_AMOUNT = "overdue_amount"
    DAYS_OVERDUE = "days_overdue"
    CREDIT_BLOCKED = "credit_blocked"
    GROWING_DELAY = "growing_delay"
    RISK = "risk"
    NO_CONTACT = "no_contact"
    DUE_SOON = "due_soon"


class Aside(StrEnum):
    """Why a customer waits although there would be reasons; the first that holds is told."""

    LEGAL = "legal"
    DISPUTE = "dispute"
    PROMISE = "promise"
    NEXT_ACTION = "next_action"
    QUIET = "quiet"


REASON_LABELS = {
    Reason.PROMISE_DUE_TODAY: N_("Promesa que vence hoy"),
    Reason.PROMISE_BROKEN: N_("Promesa rota"),
    Reason.PROMISE_PARTLY_KEPT: N_("Promesa cumplida a medias"),
    Reason.NEXT_ACTION_DUE: N_("Siguiente paso para hoy o antes"),
    Reason.OVERDUE_AMOUNT: N_("Importe vencido"),
    Reason.DAYS_OVERDUE: N_("Días de atraso"),
    Reason.CREDIT_BLOCKED: N_("Crédito bloqueado"),
    Reason.GROWING_DELAY: N_("Paga cada vez más tarde"),
    Reason.RISK: N_("Riesgo"),
    Reason.NO_CONTACT: N_("Sin contacto"),
    Reason.DUE_SOON: N_("Por vencer"),
}

#: From a number of days (or an amount) on, so many points; the last step reached counts.
Steps = tuple[tuple[int, int], ...]
AmountSteps = tuple[tuple[Decimal, int], ...]

#: How long a broken promise, a returned cheque and a year without delay are looked back at, in days.
BROKEN_DAYS, YEAR = 30, 365
#: A delay grows when payments of these days came, on average, so many days later than in as many days before.
PACE_DAYS, PACE_GROWTH, PACE_LEAST = 90, 5, 2


@dataclass(frozen=True)
class Points:
    """The points of each reason; a reason with 0 is not looked at."""

    promise_due_today: int = 35
    promise_broken: int = 40
    promise_partly_kept: int = 22
    next_action_due: int = 20
    credit_blocked: int = 24
    growing_delay: int = 12
    returned_cheque: int = 20
    first_delay: int = 14
    due_soon: int = 5
    amount: AmountSteps = (
        (Decimal("0.01"), 6), (Decimal(10_000), 12), (Decimal(50_000), 18), (Decimal(100_000), 22),
        (Decimal(250_000), 26), (Decimal(500_000), 30), (Decimal(1_000_000), 34), (Decimal(5_000_000), 40),
    )  # fmt: skip
    days: Steps = ((1, 4), (8, 8), (31, 14), (61, 20), (91, 24), (121, 28))
    silence: Steps = ((10, 8), (15, 12), (30, 16))

    @property
    def of_risk(self) -> int:
        """The most that the reason `risk` may give."""
        return max(self.returned_cheque, self.first_delay)


@dataclass(frozen=True)
class Rules:
    """One strategy: of a segment, or (blank) of all customers whose segment has none."""

    segment: str = ""
    version: int = 0  # 0: the product's own
    quiet_days: int | None = None  # None: the setting `worklist.quiet_days`
    minimum_amount: Decimal = ZERO  # who owes less overdue, in company currency, is not called for it
    preventive_days: int = 0  # 0: nobody is called before the due date
    any_dispute: bool = True  # False: only disputes that cover all that is overdue set aside
    points: Points = field(default_factory=Points)
    stages: tuple[StageRules, ...] = STAGES
