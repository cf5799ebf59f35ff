"""Aclaraciones: what customers question of their documents, who must answer, and what is late."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.disputes.listing import Which, dispute_counts, disputes
from core.i18n import _, plural
from core.policies.settings import company_currency
from pages.ui import columns, dispute_form, dispute_list, downloads, empty, frame, guard, kept, menu

actor = guard.require(Permission.VIEW_COLLECTION)
PAGE = 15
frame.head(_("Aclaraciones"), _("Lo que los clientes cuestionan; no mueve vencimientos"))

with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    wanted = dispute_list.filters()
    st.space("stretch")
    files = st.container(horizontal=True, width="content")
    if actor.may(Permission.RECORD_DISPUTE) and st.button(
        _("Nueva aclaración"), key="dispute_new", type="primary", icon=":material/add:"
    ):
        dispute_form.new()

counts = kept.read(dispute_counts, actor, as_of=today())
if not any(counts[:4]):
    empty.state(
        _("Ninguna aclaración todavía"),
        _("Ábralas aquí, desde una factura o al anotar una gestión; también se cargan de un archivo."),
        icon="forum",
    )
    st.stop()
with guard.reading() as session:
    currency = company_currency(session)
dispute_list.cards(counts, currency)

with frame.card("disputes"):
    with st.container(horizontal=True, vertical_alignment="center"):
        told = st.empty()
        st.space("stretch")
        wanted = dispute_list.search(wanted)
    with files:
        downloads.buttons(lambda who: dispute_list.sheet(who, wanted), _("aclaraciones"), key="aclaraciones")
    found = kept.read(disputes, actor, as_of=today(), wanted=wanted, limit=0).found
    told.caption(f"{plural('{n} aclaración', '{n} aclaraciones', found)} · {dispute_list.told(wanted)}")
    if not found:
        st.caption(_("Ninguna así. Elija otra vista o quite un filtro."))
        st.stop()
    place = st.container()
    first = columns.pages(found, PAGE, key="pagina")
    with guard.reading() as session:
        rows = disputes(session, actor, as_of=today(), wanted=wanted, limit=PAGE, offset=first).rows
    with place:
        closed = wanted.which is Which.CLOSED
        picked = dispute_list.table(rows, closed=closed, currency=currency, key="lista_aclaraciones")
if picked:
    menu.go("dispute", aclaracion=picked.number)
