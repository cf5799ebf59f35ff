"""The log as a table, a file and one event in full."""

from datetime import datetime
from typing import Any, NamedTuple

import streamlit as st

from core.audit import words
from core.audit.queries import EventRow, Filter, events
from core.auth.actor import Actor
from core.clock import local
from core.customers.visibility import CustomerNotFound, customer_by_code
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, shown
from core.jobs.history import writes_about
from pages.ui import columns, menu
from pages.ui.text import markup, plain

_COLOURS = {
    words.MONEY: "green", words.CUSTOMERS: "blue", words.ACCESS: "orange", words.DATA: "gray", words.SETUP: "violet",
}  # fmt: skip
_ORIGINS = {"web": N_("pantalla"), "cli": N_("línea de comandos"), "job": N_("tarea programada")}


class Line(NamedTuple):
    """An event in words."""

    at: datetime
    user_name: str
    topic: str
    label: str
    about: str | None
    summary: str


def shown_lines(found: list[EventRow]) -> list[Line]:
    """Events in words."""
    return [
        Line(local(one.at).replace(tzinfo=None), one.user_name, one.topic, one.label, one.entity_id, one.summary)
        for one in found
    ]


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    return {
        "at": columns.moment(_("Momento"), width=136, seconds=True),
        "user_name": columns.text(_("Usuario"), width=88),
        "topic": columns.chips(_("Tema"), {_(topic): colour for topic, colour in _COLOURS.items()}, width=84),
        "label": columns.text(_("Acción"), width=140),
        "about": columns.text(_("Sobre"), width=104),
        "summary": columns.text(_("Qué pasó")),
    }


def wanted(actor: Actor, *, start: Any, end: Any, user: str | None, topic: str | None, about: str) -> Filter:
    """The filter of what was chosen; `about` may be a customer's code as well as a folio."""
    customer_id = written = None
    if about:
        with reading() as session:
            try:
                customer_id = customer_by_code(session, actor, about).id or 0
                written = writes_about(customer_id)
            except CustomerNotFound:
                pass  # a folio, then
    return Filter(
        user=user, topic=topic, start=start, end=end, about=about or None, customer_id=customer_id, written=written
    )


def sheet(actor: Actor, asked: Filter) -> Sheet:
    """All events of a filter as a file."""
    with reading() as session:
        found = events(session, actor, asked)
    titles = (_("Momento"), _("Usuario"), _("Tema"), _("Acción"), _("Sobre"), _("Qué pasó"))
    kinds = (Kind.DATETIME, *(Kind.TEXT,) * 5)
    return Sheet(
        title=_("Bitácora"),
        columns=[Column(key, title, kind) for key, title, kind in zip(Line._fields, titles, kinds, strict=True)],
        rows=shown_lines(found),
    )


def one(event: EventRow) -> None:
    """One event in full: who, when, from where, about what, before and after."""
    where = _(_ORIGINS.get(event.origin, event.origin))
    st.markdown(f"### {plain(event.label)}")
    facts = [
        (_("Evento"), f"E-{event.id}, {shown(local(event.at))}"),
        (_("Quién"), ", ".join(part for part in (event.user_name, where, event.os_user) if part)),
        (_("Día de la operación"), shown(event.business_on)),
        (_("Sobre"), event.entity_id),
    ]
    st.html(
        _list(facts) + _changes(event) + _list([(name.capitalize(), text) for name, text in words.others(event.facts)])
    )
    if event.entity == "customer" and event.entity_id:
        menu.link("customer", _("Ver cliente"), cliente=event.entity_id)


def _list(facts: list[tuple[str, Any]]) -> str:
    items = "".join(f"<dt>{markup(name)}</dt><dd>{markup(text)}</dd>" for name, text in facts if text)
    return f'<dl class="datos">{items}</dl>' if items else ""


def _changes(event: EventRow) -> str:
    found = words.changes(event.facts)
    if not found:
        return ""
    head = "".join(f'<th scope="col">{markup(word)}</th>' for word in (_("Campo"), _("Antes"), _("Después")))
    rows = "".join(f"<tr>{''.join(f'<td>{markup(cell)}</td>' for cell in change)}</tr>" for change in found)
    return f'<table class="cambios"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
