"""The steps of the nightly run: the work of each, and what it did in words. A new step is one row of `STEPS`."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from core import clock
from core.agreements.breach import judge_agreements
from core.auth.actor import Actor
from core.config import config
from core.disputes.notices import warn_late
from core.i18n import N_, _, plural
from core.legal.notices import warn
from core.letters.mail import MAKERS
from core.letters.running import run_letters
from core.outbox.sending import send_waiting
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


class Delivery(NamedTuple):
    """A step that waits for the world outside: `work` opens transactions of its own, each whole."""

    name: str
    label: str
    work: Callable[[Actor], Facts]
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


def _agreements(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"broken": len(judge_agreements(session, actor, as_of=as_of))}


def _agreements_told(facts: Facts) -> str:
    broken = facts["broken"]
    return _listed(broken and plural("{n} convenio incumplido", "{n} convenios incumplidos", broken))


def _legal(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"warned": warn(session, actor, as_of=as_of)}


def _legal_told(facts: Facts) -> str:
    warned = facts["warned"]
    return _listed(
        warned and plural("{n} aviso de audiencia o prescripción", "{n} avisos de audiencia o prescripción", warned)
    )


def _disputes(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"late": warn_late(session, actor, as_of=as_of)}


def _disputes_told(facts: Facts) -> str:
    late = facts["late"]
    return _listed(late and plural("{n} aclaración fuera de plazo", "{n} aclaraciones fuera de plazo", late))


def _letters(session: Session, actor: Actor, as_of: date) -> Facts:
    made = run_letters(session, actor, as_of=as_of)
    return {"letters": len(made), "without_address": sum(not one.to_address for one in made)}


def _letters_told(facts: Facts) -> str:
    made, without = facts["letters"], facts["without_address"]
    return _listed(
        made and plural("{n} carta en la bandeja de salida", "{n} cartas en la bandeja de salida", made),
        without and plural("{n} cliente sin correo", "{n} clientes sin correo", without),
    )


def _mail(actor: Actor) -> Facts:
    """Nothing where the company has no mail server: what waits, waits for it."""
    return send_waiting(actor, MAKERS)._asdict() if config().smtp_url.strip() else {}


def _mail_told(facts: Facts) -> str:
    if not facts:
        return _("Sin servidor de correo (SMTP_URL): los correos esperan.")
    sent, again, failed = facts["sent"], facts["again"], facts["failed"]
    return _listed(
        sent and plural("{n} correo enviado", "{n} correos enviados", sent),
        again and plural("{n} se intentará de nuevo", "{n} se intentarán de nuevo", again),
        failed and plural("{n} no se pudo enviar", "{n} no se pudieron enviar", failed),
    )


def _month_end(session: Session, actor: Actor, as_of: date) -> Facts:
    return {"months": freeze_months(session, actor, as_of=as_of, today=clock.today())}


def _month_end_told(facts: Facts) -> str:
    months = ", ".join(f"{month[5:]}/{month[:4]}" for month in facts["months"])
    return _listed(months and _("se guardaron las cifras de {months}").format(months=months))


def _listed(*parts: str | int) -> str:
    """What was done, in one sentence; a part that is 0 or blank did not happen."""
    said = ", ".join(str(part) for part in parts if part)
    return f"{said[0].upper()}{said[1:]}." if said else _("Nada nuevo.")


_JUDGED = (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN, PromiseStatus.PENDING)


#: In this order: what one finds, the next ones count with.
STEPS: tuple[Step | Delivery, ...] = (
    Step("promises", N_("Promesas"), _promises, _promises_told),
    Step("agreements", N_("Convenios"), _agreements, _agreements_told),
    Step("legal", N_("Avisos legales"), _legal, _legal_told),
    Step("disputes", N_("Aclaraciones"), _disputes, _disputes_told),
    Step("letters", N_("Cartas"), _letters, _letters_told),
    Delivery("mail", N_("Envío de correos"), _mail, _mail_told),
    Step("month_end", N_("Cifras del mes"), _month_end, _month_end_told),
)
