"""Conciliaciones: the customer's list beside our books, what differs and why, what was agreed, the signed minute."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.reconciliations.queries import card_of, reconciliations
from pages.ui import (
    address,
    customer_picker,
    downloads,
    frame,
    guard,
    reconciliation_card,
    reconciliation_list,
    reconciliation_minute,
)

actor = guard.require(Permission.RECONCILE, Permission.VIEW_COLLECTION)
frame.head(_("Conciliaciones"), _("Lo que el cliente dice deber, junto a nuestros libros"))
folio, may = st.query_params.get("folio", ""), actor.may(Permission.RECONCILE)
making = may and "nueva" in st.query_params

if (folio or making) and st.button(
    _("Todas las conciliaciones"), key="trail_reconciliations", type="tertiary", icon=":material/arrow_back:"
):
    st.query_params.clear()
    st.rerun()
if making and not folio:
    reconciliation_list.new(actor)
    st.stop()

if not folio:
    with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=330):
            customer = customer_picker.picked(actor)
        state = reconciliation_list.state_filter()
        st.space("stretch")
        wanted = customer.id if customer else None
        downloads.buttons(
            lambda who: reconciliation_list.sheet(who, wanted, state), _("conciliaciones"), key="conciliaciones_archivo"
        )
        if may and st.button(_("Nueva conciliación"), key="reconciliation_new", type="primary", icon=":material/add:"):
            st.query_params["nueva"] = "1"
            st.rerun()
    with guard.reading() as session:
        rows = reconciliations(session, actor, customer_id=wanted, state=state)
    chosen = reconciliation_list.history(rows)
    if chosen is not None:
        reconciliation_list.opened(chosen.number)
        st.rerun()
    st.stop()

with guard.reading() as session:
    one = card_of(session, actor, folio)
reconciliation_card.head(actor, one)
parts = reconciliation_card.PARTS
with st.container(horizontal=True, vertical_alignment="center"):
    address.understood("parte", parts, lambda key: _(parts[key]))
    part = st.segmented_control(
        _("Parte"), list(parts), default=reconciliation_card.DIFFERENCES, format_func=lambda key: _(parts[key]),
        required=True, key="parte", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    st.space("stretch")
    reconciliation_minute.files(one)
with frame.card("part"):
    if part == reconciliation_card.DIFFERENCES:
        reconciliation_card.causes(one.causes)
        reconciliation_card.differences(actor, one)
    elif part == reconciliation_card.AGREEMENTS:
        reconciliation_card.agreements(actor, one)
    else:
        reconciliation_minute.show(actor, one)
