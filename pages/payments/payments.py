"""Pagos: the money received, what is left of it, and the way to each payment."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _, plural
from core.payments.queries import how_many_payments, payments
from pages.ui import columns, downloads, empty, frame, guard, menu, payment_list

actor = guard.require(Permission.VIEW_PORTFOLIO)
PAGE = 15
frame.head(_("Pagos"), _("Recibidos de sus clientes, con lo que queda por aplicar"))

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
    wanted = payment_list.filters()
with guard.reading() as session:
    total = how_many_payments(session, actor, **wanted._asdict())
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(plural("{n} pago", "{n} pagos", total), width="stretch")
    downloads.buttons(lambda who: payment_list.sheet(who, wanted), _("pagos"), key="pagos")
    if actor.may(Permission.REGISTER_PAYMENT) and st.button(
        _("Registrar pago"), key="payments_new", type="primary", icon=":material/payments:"
    ):
        menu.go("register_payment")
if not total:
    empty.state(
        _("Ningún pago con estos filtros"), _("Amplíe las fechas o quite un filtro."), icon="search_off",
        link="register_payment" if actor.may(Permission.REGISTER_PAYMENT) else "",
    )  # fmt: skip
    st.stop()

with frame.card("payments"):
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina")
    with guard.reading() as session:
        rows = payments(session, actor, limit=PAGE, offset=first, **wanted._asdict())
    with place:
        selection = columns.grid(
            payment_list.shown(rows), payment_list.columns_shown(), key="lista_pagos", on_select="rerun",
            selection_mode="single-row", height=35 * (len(rows) + 1) + 2, phone=payment_list.PHONE,
            alt=_("Pagos con su cliente, su importe y lo que queda a favor"),
        )  # fmt: skip
if chosen := columns.chosen(selection, rows):
    menu.go("payment", pago=chosen.number)
