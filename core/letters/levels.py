"""Levels of letters: after how many days overdue, and in which tone."""

from collections.abc import Sequence

from sqlmodel import Session

from core.i18n import N_, _
from core.letters.models import Stage
from core.policies.settings import setting

STAGES = {
    Stage.REMINDER: N_("Recordatorio"),
    Stage.FIRST: N_("Primer aviso"),
    Stage.SECOND: N_("Segundo aviso"),
    Stage.FINAL: N_("Último aviso"),
    Stage.LEGAL_NOTICE: N_("Aviso prelegal"),
}
#: The tones of so many levels after the due date; more than five repeat the second.
_USUAL: dict[int, tuple[Stage, ...]] = {
    0: (),
    1: (Stage.FIRST,),
    2: (Stage.FIRST, Stage.FINAL),
    3: (Stage.REMINDER, Stage.SECOND, Stage.FINAL),
    4: (Stage.REMINDER, Stage.FIRST, Stage.SECOND, Stage.FINAL),
    5: (Stage.REMINDER, Stage.FIRST, Stage.SECOND, Stage.FINAL, Stage.LEGAL_NOTICE),
}


def levels(session: Session) -> list[int]:
    """The days overdue at which each level is due."""
    return [int(days) for days in setting(session, "letters.levels").split(",")]


def stages(days: Sequence[int]) -> list[Stage]:
    """The tone of each level: a reminder up to the due date, then rising to the last one."""
    early = sum(1 for one in days if one <= 0)
    late = len(days) - early
    tones = _USUAL.get(late)
    if tones is None:
        tones = (Stage.REMINDER, Stage.FIRST, *[Stage.SECOND] * (late - 4), Stage.FINAL, Stage.LEGAL_NOTICE)
    return [*[Stage.REMINDER] * early, *tones]


def stage_of(session: Session, level: int) -> Stage:
    """The tone of a level as the settings are now; of a level that they no longer have, the last one."""
    found = stages(levels(session))
    return found[min(level, len(found)) - 1]


def stage_word(stage: str) -> str:
    """The name of a stage."""
    return _(STAGES[Stage(stage)])
