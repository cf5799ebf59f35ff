"""The steps of the nightly run: the work of each, and what it did in words. A new step is one row of `STEPS`."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from core import clock
from core.auth.actor import Actor
from core.i18n import N_, _, plural
from core.portfolio.month_end import freeze_months
from core.promises.evaluation import evaluate
from core.promises.models import PromiseStatus

#: What a step did: counts and names, kept in the log and made words when they are read.
Facts = Mapping[str, Any]


class Step(NamedTuple):
    """One step. `work` is done as of a day, all of it in one transaction; `told` says its facts in words."""

    name: str
    label: str
    work: Callable[[Session, Actor, date], Facts]
    told: Callable[[Facts], str]


def _promises(session: Session, actor: Actor, as_of: date) -> Facts:
    return Counter(one.after for one in evaluate(session, actor, as_of=as_of))


def _promises_told(facts: Facts) -> str:
    kept, partly, broken, pending = (facts.get(one.value, 0) for one in _JUDGED)
    return _listed(
        kept and plural("{n} promesa cumplida", "{n} promesas cumplidas", kept),
        partly and plural("{n} promesa cumplida en parte", "{n} promesas cumplidas en parte", partly),
        broken and plural("{n} promesa rota", "{n} promesas rotas", broken),
        pending and plural("{n} promesa otra vez pendiente", "{n} promesas otra vez pendientes", pending),
    )


def _month_end(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"months": freeze_months(session, actor, as_of=as_of, today=clock.today())}


def _month_end_told(facts: Facts) -> str:
    months = ", ".join(facts["months"])
    return _listed(months and _("se guardaron las cifras de {months}").format(months=months))


def _listed(*parts: str | int) -> str:
    """What was done, in one sentence; a part that is 0 or blank did not happen."""
    said = ", ".join(str(part) for part in parts if part)
    return f"{said[0].upper()}{said[1:]}." if said else _("Nada nuevo.")


_JUDGED = (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN, PromiseStatus.PENDING)


#: In this order: what one finds, the next ones count with.
STEPS: tuple[Step, ...] = (
    Step("promises", N_("Promesas"), _promises, _promises_told),
    Step("month_end", N_("Cifras del mes"), _month_end, _month_end_told),
)
