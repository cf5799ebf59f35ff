"""Reuniones: the calendar of reviews, the agenda that the data make, what was agreed and whether it is done."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import downloads, frame, guard, meeting_card, meeting_list

actor = guard.require(Permission.SUPERVISE)
frame.head(_("Reuniones"), _("Revisión de cartera con agenda, acuerdos y seguimiento"))
asked = st.query_params.get("reunion", "")

if asked.isdecimal():
    if st.button(_("Todas las reuniones"), key="trail_meetings", type="tertiary", icon=":material/arrow_back:"):
        st.query_params.clear()
        st.rerun()
    card = meeting_card.read(actor, int(asked[:9]))
    with frame.card("head"):
        meeting_card.head(actor, card)
    left, right = st.columns([7, 5])
    with left:
        meeting_card.agenda(card)
    with right:
        with frame.card("agreements"):
            meeting_card.agreements(card)
        with frame.card("attendance"):
            meeting_card.attendance(actor, card)
    st.stop()

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
    first, last = meeting_list.month()
    st.space("stretch")
    downloads.buttons(lambda who: meeting_list.sheet(who, first, last), _("reuniones"), key="reuniones_archivo")
    if st.button(_("Nueva reunión"), key="meeting_new", type="primary", icon=":material/add:"):
        meeting_list.new()
rows = meeting_list.read(actor, first, last)
meeting_list.cards(rows)
opened = meeting_list.calendar(rows)
if opened is not None:
    st.query_params["reunion"] = str(opened)
    st.rerun()
