"""Aclaración: one dispute, what happened with it, its evidence, and what may be done now."""

import streamlit as st

from core.attachments.keeping import listed
from core.auth.actor import Permission
from core.clock import today
from core.disputes.listing import dispute_card
from core.disputes.reviewing import ENTITY
from core.i18n import _
from pages.ui import dispute_actions, dispute_view, empty, frame, guard

actor = guard.require(Permission.VIEW_PORTFOLIO)
number = str(st.query_params.get("aclaracion", ""))
if not number:
    frame.head(_("Aclaración"), dated=False)
    empty.state(_("Elija una aclaración"), _("Ábrala desde la lista o desde su documento."), link="disputes")
    st.stop()

with guard.reading() as session:
    one = dispute_card(session, actor, number, as_of=today())
    files = listed(session, actor, ENTITY, one.id)

frame.head(_("Aclaración {number}").format(number=one.row.number), dispute_view.caption(one), dated=False)
with st.container(horizontal=True, vertical_alignment="center"):
    dispute_view.badges(one)
    st.space("stretch")
    dispute_actions.show(one, actor)
dispute_view.balances(one)

left, right = st.columns([8, 4])
with left, frame.card("history"):
    st.markdown(f"**{_('Qué ha pasado')}**")
    dispute_view.history(one)
with left:
    dispute_view.adding(one, actor)
with right, frame.card("facts"):
    st.markdown(f"**{_('Datos de la aclaración')}**")
    dispute_view.facts(one)
    dispute_view.links(one, actor)
with right, frame.card("evidence"):
    st.markdown(f"**{_('Evidencia')}**")
    dispute_view.evidence(files)
