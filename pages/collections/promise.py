"""Promesa: one promise, the money that counted for it, and what may be done with it."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.i18n import _
from core.promises.card import promise_card
from pages.ui import downloads, empty, frame, guard, promise_view

actor = guard.require(Permission.VIEW_PORTFOLIO)
number = str(st.query_params.get("promesa", ""))
if not number:
    frame.head(_("Promesa"), dated=False)
    empty.state(_("Elija una promesa"), _("Ábrala desde la lista de promesas o desde su cliente."), link="promises")
    st.stop()

with guard.reading() as session:
    one = promise_card(session, actor, number, as_of=today())

frame.head(_("Promesa {number}").format(number=one.row.number), promise_view.caption(one))
with st.container(horizontal=True, vertical_alignment="center"):
    promise_view.badges(one)
    st.space("stretch")
    promise_view.actions(one, actor)
promise_view.figures(one)

left, right = st.columns([8, 4])
with left:
    with frame.card("money"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Dinero que llegó desde que se prometió')}**", width="content")
            st.space("stretch")
            downloads.buttons(
                lambda who: promise_view.sheet(who, number), f"{_('promesa')}_{one.row.number}", key="promesa"
            )
        if one.money:
            promise_view.money_table(one)
        else:
            st.caption(_("Todavía nada. Las notas de crédito no cuentan: solo dinero."))
    if one.judgements:
        with frame.card("judgements"):
            st.markdown(f"**{_('Cómo se fue juzgando')}**")
            promise_view.judgements(one)
with right, frame.card("facts"):
    st.markdown(f"**{_('Datos de la promesa')}**")
    promise_view.facts(one)
    promise_view.links(one, actor)
