"""What was done today, as a table; and the agenda as a file."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from core.auth.actor import Actor
from core.clock import local, today
from core.collections.outcomes import channel_label, next_action_label, outcome_label
from core.collections.queries import ContactRow, contacts_made
from core.collections.reasons import background, last_talk, reasons, waits
from core.collections.worklist import worklist
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, number
from core.policies.settings import company_currency
from pages.ui import columns, empty, menu
from pages.ui.worklist_view import Shown, label


class DoneLine(NamedTuple):
    """A contact of today in words."""

    at: datetime
    customer: str
    name: str
    channel: str
    outcome: str
    next_step: str
    notes: str | None
    collector: str | None


def done_lines(rows: list[ContactRow]) -> list[DoneLine]:
    """Contacts in words; moments as the company's clocks show them."""
    return [
        DoneLine(
            local(one.at), one.customer, one.name, channel_label(one.channel), outcome_label(one.outcome),
            " · ".join(
                part for part in (
                    next_action_label(one.next_action), day(one.next_action_on) if one.next_action_on else None
                ) if part
            ),
            one.notes, one.collector,
        )
        for one in rows
    ]  # fmt: skip


def done(rows: list[ContactRow]) -> None:
    """Today's contacts; one that is chosen opens the customer."""
    if not rows:
        empty.state(_("Todavía ninguna gestión hoy"), _("Lo que registre aparece aquí."), icon="edit_note")
        return
    lines = done_lines(rows)
    shown = {
        "at": columns.moment(_("Hora"), width=126), "name": columns.text(_("Cliente"), width=240),
        "channel": columns.text(_("Medio"), width=90), "outcome": columns.text(_("Resultado"), width=150),
        "next_step": columns.text(_("Siguiente paso"), width=210), "notes": columns.text(_("Notas"), width=260),
    }  # fmt: skip
    picked = columns.grid(
        lines, shown, key="hechas", on_select="rerun", selection_mode="single-row",
        phone={"name": 150, "outcome": 110, "next_step": 130}, height=35 * (len(lines) + 1) + 2,
        alt=_("Gestiones de hoy con su resultado"),
    )  # fmt: skip
    if chosen := columns.chosen(picked, rows):
        menu.go("customer", cliente=chosen.customer, vista=_("Gestiones"))


class AgendaLine(NamedTuple):
    """A customer of the agenda in words."""

    place: int
    customer: str
    name: str
    points: int
    why: str
    overdue: Decimal
    days: int | None
    promised: Decimal | None
    last: str
    phone: str | None


def sheet(actor: Actor, collector: str | None, shown: Shown) -> Sheet:
    """A part of the agenda, whole."""
    if shown is Shown.DONE:
        return _done_sheet(actor, collector)
    as_of = today()
    with reading() as session:
        found = worklist(session, actor, as_of=as_of, collector=collector, view=shown.view)
        known = background(session, found.rows, as_of)
        currency = company_currency(session)
    rows = [
        AgendaLine(
            place, one.code, one.name, one.score,
            waits(one, as_of, known) if one.aside
            else "; ".join(f"{why.detail} +{number(why.points)}" for why in reasons(one, as_of, known)),
            one.overdue, (as_of - one.oldest_due_on).days if one.oldest_due_on else None, one.due_today or None,
            last_talk(one, as_of, known), one.phone,
        )
        for place, one in enumerate(found.rows, start=1)
    ]  # fmt: skip
    titles = (
        _("Lugar"), _("Cliente"), _("Nombre"), _("Puntos"), _("Motivos"), _("Vencido"), _("Días"), _("Promete hoy"),
        _("Último contacto"), _("Teléfono"),
    )  # fmt: skip
    kinds = {"place": Kind.INTEGER, "points": Kind.INTEGER, "overdue": Kind.AMOUNT, "days": Kind.INTEGER,
             "promised": Kind.AMOUNT}  # fmt: skip
    return Sheet(
        title=_("Agenda"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=kinds.get(key) is Kind.AMOUNT)
            for key, title in zip(AgendaLine._fields, titles, strict=True)
        ],
        rows=rows, totals_by="",
        notes=[f"{label(shown)} · {day(as_of)} · {currency}", *([collector] if collector else [])],
    )  # fmt: skip


def _done_sheet(actor: Actor, collector: str | None) -> Sheet:
    with reading() as session:
        rows = contacts_made(session, actor, first=today(), last=today(), collector=collector).rows
    titles = (
        _("Hora"), _("Cliente"), _("Nombre"), _("Medio"), _("Resultado"), _("Siguiente paso"), _("Notas"), _("Gestor"),
    )  # fmt: skip
    return Sheet(
        title=_("Gestiones de hoy"),
        columns=[
            Column(key, title, Kind.DATETIME if key == "at" else Kind.TEXT)
            for key, title in zip(DoneLine._fields, titles, strict=True)
        ],
        rows=done_lines(rows), totals_by="", notes=[day(today())],
    )  # fmt: skip
