"""The calendar of review meetings, and the form that calls one or a series."""

from calendar import monthrange
from datetime import date
from typing import Any

import streamlit as st
from babel.dates import format_date

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import values_of
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day, language, plural
from core.supervision.meeting_queries import MeetingRow, MeetingState, meetings
from core.supervision.meetings import call_meetings
from core.tasks.queries import people
from pages.ui import empty, figures, forms, frame, guard
from pages.ui.text import plain

FORM = "reunion"
STATES = {
    MeetingState.PLANNED: (N_("Por celebrar"), "blue"), MeetingState.CLOSED: (N_("Cerrada"), "green"),
    MeetingState.CANCELLED: (N_("Cancelada"), "gray"),
}  # fmt: skip
_EVERY = {0: N_("Una sola vez"), 7: N_("Cada semana"), 14: N_("Cada dos semanas"), 28: N_("Cada cuatro semanas")}


def month() -> tuple[date, date]:
    """The month shown, in the address."""
    first = today().replace(day=1)
    options = [_plus(first, step) for step in range(-6, 7)]
    names = {f"{one:%Y-%m}": one for one in options}
    chosen = st.selectbox(
        _("Mes"), list(names), index=6, format_func=figures.month_name, key="mes",
        bind="query-params", width=190,
    )  # fmt: skip
    start = names.get(chosen or "", first)
    return start, start.replace(day=monthrange(start.year, start.month)[1])


def _plus(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def read(actor: Actor, first: date, last: date) -> list[MeetingRow]:
    """The meetings of some days."""
    with guard.reading() as session:
        return meetings(session, actor, first=first, last=last)


def cards(rows: list[MeetingRow]) -> None:
    """How many there are, how many were held, how much of what was agreed is done."""
    agreed, done = sum(one.agreed for one in rows), sum(one.done for one in rows)
    held = sum(one.state is MeetingState.CLOSED for one in rows)
    waiting = sum(one.state is MeetingState.PLANNED for one in rows)
    fulfilled = f"{done} / {agreed}" if agreed else figures.no_data()
    with st.grid(4, min_column_width=158):
        for label, value, about in (
            (_("Por celebrar"), f"{waiting}", _("en el mes")), (_("Celebradas"), f"{held}", _("con minuta")),
            (_("Acuerdos"), f"{agreed}", _("de las reuniones del mes")),
            (_("Cumplidos"), fulfilled, _("tareas terminadas de las acordadas")),
        ):  # fmt: skip
            with frame.card(f"kpi-{label}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(about)


def calendar(rows: list[MeetingRow]) -> int | None:
    """The meetings day by day; the one that is opened."""
    if not rows:
        empty.state(
            _("No hay reuniones en este mes"),
            _("Convoque una con «Nueva reunión»; la agenda se arma sola con los datos del día."), icon="groups",
        )  # fmt: skip
        return None
    for one in rows:
        word, colour = STATES[one.state]
        with frame.card(f"meeting-{one.id}", horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{plain(one.title)}** :{colour}-badge[{plain(_(word))}]")
                st.caption(plain(_about(one)))
            if st.button(_("Abrir"), key=f"meeting_open_{one.id}", icon=":material/arrow_forward:"):
                return one.id
    return None


def _about(one: MeetingRow) -> str:
    when = format_date(one.held_on, "EEEE d", locale="en" if language() == "en" else "es_MX")
    parts = [f"{when} {one.starts_at or ''}".strip(), one.region or _("todas las regiones")]
    parts += [one.segment] if one.segment else []
    parts.append(plural("{n} invitado", "{n} invitados", one.invited))
    if one.agreed:
        parts.append(_("{done} de {agreed} acuerdos cumplidos").format(done=one.done, agreed=one.agreed))
    return " · ".join(parts)


def sheet(actor: Actor, first: date, last: date) -> Sheet:
    """The meetings of the month as a file."""
    with reading() as session:
        rows = meetings(session, actor, first=first, last=last)
    listed = [
        Column("held_on", _("Fecha"), Kind.DATE), Column("starts_at", _("Hora")),
        Column("title", _("Reunión"), width=34),
        Column("region", _("Región")), Column("segment", _("Segmento")), Column("state", _("Estado")),
        Column("invited", _("Invitados"), Kind.INTEGER), Column("came", _("Asistieron"), Kind.INTEGER),
        Column("agreed", _("Acuerdos"), Kind.INTEGER, total=True),
        Column("done", _("Cumplidos"), Kind.INTEGER, total=True), Column("done_pct", _("Cumplidos, %"), Kind.PERCENT),
    ]  # fmt: skip
    values: list[list[Any]] = [
        [_(STATES[one.state][0]) if column.key == "state" else getattr(one, column.key) for column in listed]
        for one in rows
    ]
    told = _("Del {start} al {end}").format(start=day(first), end=day(last))
    return Sheet(title=_("Reuniones"), columns=listed, rows=values, notes=[told])


def new() -> None:
    """Opens the form of a new meeting."""
    guard.dialog(_("Nueva reunión"), position="right", width="medium")(_new)()


def _new() -> None:
    actor = guard.here().actor
    with guard.reading() as session:
        known = people(session, actor)
        regions, segments = values_of(session, actor, "region"), values_of(session, actor, "segment")
    title = st.text_input(_("Nombre"), key=forms.key(FORM, "nombre"), max_chars=120) or ""
    with st.container(horizontal=True):
        held_on = st.date_input(
            _("Fecha"), today(), min_value=today(), format="DD/MM/YYYY", key=forms.key(FORM, "fecha")
        )
        starts_at = st.text_input(_("Hora"), "09:00", key=forms.key(FORM, "hora"), max_chars=5) or ""
    with st.container(horizontal=True):
        region = actor.region
        if region is None:
            region = st.selectbox(
                _("Región"), regions, index=None, placeholder=_("Todas"), key=forms.key(FORM, "region")
            )
        segment = st.selectbox(
            _("Segmento"), segments, index=None, placeholder=_("Todos"), key=forms.key(FORM, "segmento")
        )
    attendees = st.multiselect(
        _("Quién asiste"), list(known), [actor.name], format_func=known.__getitem__, key=forms.key(FORM, "quien"),
        placeholder=_("Elija a quién convoca"),
    )  # fmt: skip
    with st.container(horizontal=True):
        every = st.selectbox(_("Se repite"), list(_EVERY), format_func=lambda days: _(_EVERY[days]),
                             key=forms.key(FORM, "cada"))  # fmt: skip
        times = st.number_input(_("Cuántas veces"), 1, 52, 1, key=forms.key(FORM, "veces"), disabled=not every)
    if st.button(
        _("Convocar reunión"), key=forms.key(FORM, "guardar"), type="primary", width="stretch",
        disabled=not (title.strip() and attendees),
    ):  # fmt: skip
        forms.submit(
            lambda session: len(call_meetings(
                session, actor, title=title, held_on=held_on, today=today(), attendees=attendees, starts_at=starts_at,
                region=region, segment=segment, every_days=every, times=int(times) if every else 1,
            )),
            form=FORM, done=lambda count: plural("{n} reunión convocada.", "{n} reuniones convocadas.", count),
        )  # fmt: skip
