"""The route on the screen: one card a stop, to be moved, made or dropped; and as a file."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from urllib.parse import quote

import streamlit as st

from core.auth.actor import Actor
from core.auth.queries import full_names
from core.collections.outcomes import Channel
from core.collections.visits import VisitRow, how_it_went, move_visit, visits_of
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day
from pages.ui import contact_form, forms, frame, menu, people, visit_forms
from pages.ui.text import plain


def way(rows: Sequence[VisitRow]) -> None:
    """The whole route in one link: the stops still to be made that have an address, in their order.

    Of several collectors there is none: nobody goes from the stops of one to those of another.
    """
    if len({row.collector for row in rows}) > 1:
        return
    stops = [quote(row.address) for row in rows if row.waits and row.address]
    if len(stops) > 1:
        st.link_button(
            _("Ver toda la ruta en el mapa"), "https://www.google.com/maps/dir/" + "/".join(stops),
            icon=":material/map:", key="ruta",
        )  # fmt: skip


def card(row: VisitRow, rows: Sequence[VisitRow], actor: Actor) -> None:
    """One stop: whom, where, what for, how it went; the next step at the right."""
    with (
        frame.card(f"visita-{row.id}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"visita-fila-{row.id}"),
    ):
        with st.container(key=f"visita-datos-{row.id}", gap="xxsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                if st.button(f"**{row.position}. {plain(row.name)}**", key=f"abrir_visita_{row.id}", type="tertiary"):
                    menu.go("customer", cliente=row.customer)
                st.markdown(_state(row), width="content")
            told = (row.address or _("sin dirección"), row.purpose, *_others(row, actor))
            st.caption(plain(" · ".join(part for part in told if part)))
        with st.container(horizontal=True, width="content", gap="xsmall", key=f"visita-botones-{row.id}"):
            if row.map_url:
                st.link_button(_("Mapa"), row.map_url, icon=":material/map:", key=f"mapa_{row.id}")
            if number := contact_form.dialled(row.phone):
                st.link_button(_("Llamar"), f"tel:{number}", icon=":material/call:", key=f"llamar_visita_{row.id}")
            if row.waits and visit_forms.may_change(actor, row.collector):
                _buttons(row, rows, actor)


def _others(row: VisitRow, actor: Actor) -> list[str]:
    """Who goes there, when it is not the one who looks."""
    return [] if row.collector == actor.name else [people.known_as(row.collector)]


def _state(row: VisitRow) -> str:
    if row.outcome:
        return f":green-badge[:material/check: {plain(how_it_went(row))}]"
    if row.dropped:
        return f":gray-badge[:material/close: {_('Cancelada')}: {plain(row.dropped)}]"
    return f":blue-badge[:material/schedule: {_('Por hacer')}]"


def _buttons(row: VisitRow, rows: Sequence[VisitRow], actor: Actor) -> None:
    route = [one.id for one in rows if one.collector == row.collector]
    for up, icon, label, edge in (
        (True, "arrow_upward", _("Subir"), route[0]), (False, "arrow_downward", _("Bajar"), route[-1])
    ):  # fmt: skip
        if st.button(
            " ", key=f"mover_{icon}_{row.id}", icon=f":material/{icon}:", help=label, disabled=row.id == edge
        ):  # fmt: skip
            forms.submit(partial(move_visit, actor=actor, visit_id=row.id, up=up))
    if st.button(" ", key=f"cancelar_{row.id}", icon=":material/event_busy:", help=_("Cancelar la visita")):
        visit_forms.drop(row.id, row.name)
    if visit_forms.may_record(actor) and st.button(
        _("Registrar"), key=f"resultado_{row.id}", icon=":material/edit_note:"
    ):
        contact_form.open_for(row.customer, channel=Channel.VISIT, visit_id=row.id)


def sheet(actor: Actor, on: date, collector: str | None) -> Sheet:
    """The route as a file, to be taken along."""
    with reading() as session:
        rows = visits_of(session, actor, on=on, collector=collector)
        names = full_names(session, actor)
    titles = (
        (_("Lugar"), Kind.INTEGER), (_("Cliente"), Kind.TEXT), (_("Nombre"), Kind.TEXT), (_("Dirección"), Kind.TEXT),
        (_("Teléfono"), Kind.TEXT), (_("Para qué"), Kind.TEXT), (_("Gestor"), Kind.TEXT), (_("Resultado"), Kind.TEXT),
    )  # fmt: skip
    return Sheet(
        title=_("Visitas"), columns=[Column(str(at), title, kind) for at, (title, kind) in enumerate(titles)],
        rows=[
            (row.position, row.customer, row.name, row.address, row.phone, row.purpose,
             names.get(row.collector, row.collector), how_it_went(row))
            for row in rows
        ],
        totals_by="", notes=[day(on)],
    )  # fmt: skip
