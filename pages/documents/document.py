"""Documento: one invoice or note, its instalments, and every movement that explains its balance."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.disputes.listing import Wanted, Which, disputed_of, disputes
from core.documents.queries import document_card
from core.i18n import _
from pages.ui import document_actions, downloads, empty, frame, guard, menu
from pages.ui import document_card as card

actor = guard.require(Permission.VIEW_PORTFOLIO)
number = str(st.query_params.get("folio", ""))
if not number:
    frame.head(_("Documento"), dated=False)
    empty.state(_("Elija un documento"), _("Búsquelo arriba por su folio."), icon="search", link="customers")
    st.stop()

with guard.reading() as session:
    one = document_card(session, actor, number, as_of=today())
    disputed = disputed_of(session, actor, number, as_of=today())
    questioned = disputes(session, actor, as_of=today(), wanted=Wanted(Which.ALL, document=one.number)).rows

frame.head(one.number, card.caption(one), dated=False)
with st.container(horizontal=True, vertical_alignment="center"):
    card.badges(one, disputed)
    st.space("stretch")
    menu.link("customer", _("Ver cliente"), cliente=one.customer_code)
    if one.kind.is_charge and one.open and menu.can_open(actor, "register_payment"):
        menu.link("register_payment", _("Registrar pago"), cliente=one.customer_code)
    if actor.may(Permission.VIEW_AUDIT):
        menu.link("audit_log", _("Ver en la bitácora"), sobre=one.number)
    document_actions.show(one, actor)
card.balances(one)

left, right = st.columns([8, 4])
with left:
    with frame.card("applied"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Lo que explica el saldo')}**", width="content")
            st.space("stretch")
            downloads.buttons(lambda who: card.sheet(who, number), f"{_('documento')}_{one.number}", key="document")
        if one.applied:
            card.applied(one)
        else:
            st.caption(_("Nada se ha aplicado todavía: el saldo es el importe."))
    if len(one.instalments) > 1:
        with frame.card("instalments"):
            st.markdown(f"**{_('Parcialidades')}**")
            card.instalments(one)
with right, frame.card("facts"):
    st.markdown(f"**{_('Datos del documento')}**")
    card.facts(one)
    card.disputes(questioned)
