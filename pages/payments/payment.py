"""Pago: one payment, what it closed, what was undone, and what may be done with it."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.payments.card import payment_card
from pages.ui import downloads, empty, frame, guard, menu, payment_view

actor = guard.require(Permission.VIEW_PORTFOLIO)
number = str(st.query_params.get("pago", ""))
if not number:
    frame.head(_("Pago"), dated=False)
    empty.state(_("Elija un pago"), _("Búsquelo arriba por su folio o ábralo desde la lista."), link="payments")
    st.stop()

with guard.reading() as session:
    one = payment_card(session, actor, number)

frame.head(_("Pago {number}").format(number=one.number), payment_view.caption(one), dated=False)
with st.container(horizontal=True, vertical_alignment="center"):
    payment_view.badges(one)
    st.space("stretch")
    if one.customer_code:
        menu.link("customer", _("Ver cliente"), cliente=one.customer_code)
    payment_view.actions(one, actor)
payment_view.figures(one)

left, right = st.columns([8, 4])
with left:
    with frame.card("applied"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('A qué se aplicó')}**", width="content")
            st.space("stretch")
            downloads.buttons(lambda who: payment_view.sheet(who, number), f"{_('pago')}_{one.number}", key="pago")
        if one.applied:
            payment_view.applied(one)
        else:
            st.caption(_("Nada se ha aplicado todavía."))
    if one.given:
        with frame.card("given"):
            st.markdown(f"**{_('Devoluciones y diferencias')}**")
            payment_view.given(one, actor)
with right, frame.card("facts"):
    st.markdown(f"**{_('Datos del pago')}**")
    payment_view.facts(one)
