"""Bitácora: everything that anybody changed; nobody can delete or correct it."""

from datetime import date, timedelta

import streamlit as st

from core.audit import queries, words
from core.auth.actor import Permission
from core.clock import today
from core.i18n import _
from pages.ui import address, audit_view, columns, downloads, empty, frame, guard

actor = guard.require(Permission.VIEW_AUDIT)
PAGE, OLDEST = 12, date(2000, 1, 1)
frame.head(
    _("Bitácora"), _("Todo lo que alguien cambió, con quién, cuándo y desde dónde. Nadie puede borrarla"), dated=False
)

with guard.reading() as session:
    names = queries.who_acted(session, actor)

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
    start, end = (
        st.date_input(label, day, min_value=OLDEST, format="DD/MM/YYYY", key=key, bind="query-params", width=142)
        for label, day, key in ((_("Desde"), today() - timedelta(days=30), "desde"), (_("Hasta"), today(), "hasta"))
    )
    user = st.selectbox(
        _("Usuario"), names, index=None, placeholder=_("Todos"), key="usuario", bind="query-params", width=142
    )
    address.understood("tema", words.topics(), _)
    topic = st.selectbox(
        _("Tema"), words.topics(), index=None, placeholder=_("Todos"), format_func=_, key="tema", bind="query-params",
        width=142,
    )  # fmt: skip
    about = st.text_input(
        _("Cliente o documento"), placeholder=_("Clave, folio o pago"), icon=":material/search:", key="sobre",
        bind="query-params", width=200,
    )  # fmt: skip
    asked = audit_view.wanted(actor, start=start, end=end, user=user, topic=topic, about=(about or "").strip())
    st.space("stretch")
    downloads.buttons(lambda one: audit_view.sheet(one, asked), _("bitacora"), key="bitacora")

with guard.reading() as session:
    total = queries.how_many(session, actor, asked)
if start > end:
    empty.state(_("Las fechas están al revés"), _("«Desde» debe ser anterior a «Hasta»."), icon="event_busy")
    st.stop()
if not total:
    empty.state(
        _("Nada con estos filtros"), _("Amplíe las fechas o quite el usuario, el tema o el cliente."), icon="search_off"
    )
    st.stop()

left, right = st.columns([8, 3])
with left, frame.card("events"):
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina")
    with guard.reading() as session:
        found = queries.events(session, actor, asked, limit=PAGE, offset=first)
    with place:
        selection = columns.grid(
            audit_view.shown_lines(found), audit_view.columns_shown(), key="eventos", on_select="rerun",
            selection_mode="single-row-required", phone={"at": 136, "label": 140}, height=35 * (PAGE + 1) + 2,
            alt=_("Eventos de la bitácora, del más reciente al más antiguo"),
        )  # fmt: skip
with right, frame.card("event"):
    audit_view.one(columns.chosen(selection, found) or found[0])
