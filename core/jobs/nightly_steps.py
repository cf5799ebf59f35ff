"""The steps of the nightly run: the work of each, and what it did in words. A new step is one row of `STEPS`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from core import clock
from core.auth.actor import Actor
from core.i18n import N_, _
from core.portfolio.month_end import freeze_months

#: What a step did: counts and names, kept in the log and made words when they are read.
Facts = Mapping[str, Any]


class Step(NamedTuple):
    """One step. `work` is done as of a day, all of it in one transaction; `told` says its facts in words."""

    name: str
    label: str
    work: Callable[[Session, Actor, date], Facts]
    told: Callable[[Facts], str]


def _month_end(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"months": freeze_months(session, actor, as_of=as_of, today=clock.today())}


def _month_end_told(facts: Facts) -> str:
    if not facts["months"]:
        return _("Nada nuevo.")
    return _("Se guardaron las cifras de {months} como se reportan.").format(months=", ".join(facts["months"]))


#: In this order: what one finds, the next ones count with.
STEPS: tuple[Step, ...] = (Step("month_end", N_("Cifras del mes"), _month_end, _month_end_told),)
