"""Reasons and waits in words: sentences with their figures, in the language in use."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from babel.dates import format_date
from sqlalchemy import select
from sqlmodel import Session, col

from core.collections.models import Contact
from core.collections.outcomes import channel_label, next_action_label, outcome_label
from core.collections.rules import Aside, Reason
from core.collections.worklist import Candidate
from core.credit.blocks import in_force
from core.credit.models import Block, BlockCode
from core.i18n import _, language, money, plural
from core.tables import among


class ReasonRow(NamedTuple):
    """One reason: its code, what it says of this customer, and its points."""

    code: str
    detail: str
    points: int


class Talk(NamedTuple):
    """A contact, as far as the list tells of it."""

    channel: str
    outcome: str
    next_action: str | None


class Background(NamedTuple):
    """What the words need beside the facts: contacts by id, and why a customer is blocked."""

    contacts: Mapping[int, Talk]
    blocks: Mapping[tuple[int, str], str]


def background(session: Session, rows: Sequence[Candidate], as_of: date) -> Background:
    """Two queries for all the rows of a page."""
    ids = [id_ for row in rows for id_ in (row.last_id, row.next_id) if id_ is not None]
    contacts = select(col(Contact.id), col(Contact.channel), col(Contact.outcome), col(Contact.next_action))
    talks = {row[0]: Talk(*row[1:]) for row in session.execute(contacts.where(among(col(Contact.id), ids)))}
    blocked = [row.customer_id for row in rows if row.is_blocked or row.aside is Aside.LEGAL]
    why = select(col(Block.customer_id), col(Block.code), col(Block.reason))
    why = why.where(among(col(Block.customer_id), blocked), in_force(as_of))
    return Background(talks, {(row[0], row[1]): row[2] for row in session.execute(why)})


def reasons(row: Candidate, as_of: date, known: Background) -> list[ReasonRow]:
    """Why a customer is in the list: what weighs most comes first."""
    told = [ReasonRow(code.value, _DETAIL[code](row, as_of, known), points) for code, points in row.points.items()]
    return sorted(told, key=lambda one: -one.points)


def waits(row: Candidate, as_of: date, known: Background) -> str:
    """Why a customer stands aside, in a sentence."""
    match row.aside:
        case Aside.LEGAL:
            why = known.blocks.get((row.customer_id, BlockCode.LEGAL), "")
            return _("Está en legal o en un despacho: {why}").format(why=why)
        case Aside.DISPUTE:
            return _("Tiene {amount} en aclaración").format(amount=money(row.disputed))
        case Aside.PROMISE:
            said = _("Prometió {amount} para el {day}") if row.live_on and row.live_on > as_of else _(
                "Prometió {amount} para el {day}; corre la tolerancia"
            )  # fmt: skip
            return said.format(amount=money(row.live), day=when(row.live_on, as_of))
        case Aside.NEXT_ACTION:
            return _("{action} el {day}").format(action=_planned(row, known), day=when(row.next_on, as_of))
        case Aside.QUIET:
            return _("Se le contactó {ago}: {outcome}").format(ago=ago(row.last_on, as_of), outcome=_said(row, known))
    return ""


def last_talk(row: Candidate, as_of: date, known: Background) -> str:
    """When and how a customer was contacted last: «ayer, llamada»."""
    talk = known.contacts.get(row.last_id or 0)
    if talk is None or row.last_on is None:
        return _("sin gestiones")
    channel = channel_label(talk.channel)
    return f"{ago(row.last_on, as_of)}, {channel if channel == 'WhatsApp' else channel.lower()}"


def ago(day: date | None, as_of: date) -> str:
    """«hoy», «ayer», «hace 3 días»."""
    days = (as_of - day).days if day else 0
    if days in (0, 1):
        return _("ayer") if days else _("hoy")
    return plural("hace {n} día", "hace {n} días", days)


def when(day: date | None, as_of: date) -> str:
    """«lun 23» of this month and the next days; else the whole date."""
    if day is None:
        return ""
    if abs((day - as_of).days) > 20:
        return day.strftime("%d/%m/%Y")
    return format_date(day, "EEE d", locale="en" if language() == "en" else "es_MX").replace(".", "")


def _due_today(row: Candidate, as_of: date, known: Background) -> str:
    return _("Promete pagar hoy {amount}").format(amount=money(row.due_today))


def _broken(row: Candidate, as_of: date, known: Background) -> str:
    day = row.broken_on + timedelta(days=1) if row.broken_on else None
    return _("Promesa de {amount} rota {ago}").format(amount=money(row.broken), ago=ago(day, as_of))


def _partly(row: Candidate, as_of: date, known: Background) -> str:
    return _("Promesa cumplida a medias: faltan {amount}").format(amount=money(row.partly))


def _next(row: Candidate, as_of: date, known: Background) -> str:
    if row.next_on == as_of:
        return _("Para hoy: {action}").format(action=_planned(row, known))
    return _("Pendiente desde el {day}: {action}").format(day=when(row.next_on, as_of), action=_planned(row, known))


def _amount(row: Candidate, as_of: date, known: Background) -> str:
    return _("Debe {amount} vencido").format(amount=money(row.overdue))


def _days(row: Candidate, as_of: date, known: Background) -> str:
    return plural("{n} día de atraso", "{n} días de atraso", row.days_overdue(as_of) or 0)


def _blocked(row: Candidate, as_of: date, known: Background) -> str:
    why = known.blocks.get((row.customer_id, BlockCode.MANUAL), "")
    return _("Crédito bloqueado: {why}").format(why=why)


def _grows(row: Candidate, as_of: date, known: Background) -> str:
    return _("Paga cada vez más tarde")


def _risk(row: Candidate, as_of: date, known: Background) -> str:
    if row.cheque_on is not None:
        return _("Cheque devuelto {ago}").format(ago=ago(row.cheque_on, as_of))
    return _("Primer atraso en 12 meses")


def _silence(row: Candidate, as_of: date, known: Background) -> str:
    if row.last_on is None:
        return _("Sin ninguna gestión todavía")
    return plural("Sin contacto desde hace {n} día", "Sin contacto desde hace {n} días", (as_of - row.last_on).days)


def _soon(row: Candidate, as_of: date, known: Background) -> str:
    if row.next_due_on == as_of:
        return _("Lo próximo vence hoy")
    return _("Lo próximo vence el {day}").format(day=when(row.next_due_on, as_of))


_DETAIL = {
    Reason.PROMISE_DUE_TODAY: _due_today,
    Reason.PROMISE_BROKEN: _broken,
    Reason.PROMISE_PARTLY_KEPT: _partly,
    Reason.NEXT_ACTION_DUE: _next,
    Reason.OVERDUE_AMOUNT: _amount,
    Reason.DAYS_OVERDUE: _days,
    Reason.CREDIT_BLOCKED: _blocked,
    Reason.GROWING_DELAY: _grows,
    Reason.RISK: _risk,
    Reason.NO_CONTACT: _silence,
    Reason.DUE_SOON: _soon,
}


def _planned(row: Candidate, known: Background) -> str:
    talk = known.contacts.get(row.next_id or 0)
    return next_action_label(talk.next_action if talk else None) or _("dar seguimiento")


def _said(row: Candidate, known: Background) -> str:
    talk = known.contacts.get(row.last_id or 0)
    return outcome_label(talk.outcome) if talk else ""
