"""Convenios: plans to pay in parts, proposed, approved by somebody else, signed, kept or broken."""

import streamlit as st

from core.agreements.queries import agreement_card, agreements
from core.auth.actor import Permission
from core.clock import today
from core.i18n import _, plural
from pages.ui import agreement_actions, agreement_list, agreement_new, agreement_view, downloads, empty, frame, guard

actor = guard.require(Permission.VIEW_COLLECTION)
folio, making = str(st.query_params.get("convenio", "")), "nuevo" in st.query_params
customer = str(st.query_params.get("cliente", "")) or None
may_propose = actor.may(Permission.PROPOSE_AGREEMENT)

if folio:
    with guard.reading() as session:
        one = agreement_card(session, actor, number=folio, as_of=today())
    frame.head(_("Convenio {number}").format(number=one.row.number), agreement_view.caption(one))
elif making and may_propose:
    frame.head(_("Nuevo convenio"), _("Nada cambia para el cliente hasta que otra persona lo apruebe"))
else:
    frame.head(_("Convenios de pago"), _("Cada pago de un convenio es una promesa; los vencimientos no cambian"))
if (folio or making or customer) and st.button(
    _("Todos los convenios"), key="trail_agreements", type="tertiary", icon=":material/arrow_back:"
):
    st.query_params.clear()
    st.rerun()

if folio:
    with st.container(horizontal=True, vertical_alignment="center"):
        agreement_view.badges(one)
        st.space("stretch")
        agreement_view.papers(one)
    agreement_view.figures(one)
    left, right = st.columns([8, 4])
    with left:
        with frame.card("plan"):
            st.markdown(f"### {_('Plan de pagos')}")
            agreement_view.plan(one)
        with frame.card("documents"):
            st.markdown(f"### {_('Documentos')}")
            agreement_view.documents(one)
    with right, frame.card("facts"):
        agreement_actions.show(actor, one)
        agreement_view.facts(one)
        agreement_view.links(one)
    st.stop()
if making and may_propose:
    agreement_new.show(actor)
    st.stop()

with guard.reading() as session:
    known = agreements(session, actor, as_of=today(), customer=customer)
with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    view = agreement_list.view()
    st.space("stretch")
    downloads.buttons(lambda who: agreement_list.sheet(who, view, customer), _("convenios"), key="convenios")
    if may_propose and st.button(_("Nuevo convenio"), key="agreement_new", type="primary", icon=":material/add:"):
        st.query_params["nuevo"] = "1"
        st.rerun()
agreement_list.counts(known)
chosen = agreement_list.inbox(actor)
rows = agreement_list.of_view(known, view)
if not rows:
    empty.state(_("Ningún convenio aquí"), _("Cambie de vista, o proponga uno con «Nuevo convenio»."), icon="handshake")
else:
    with frame.card("agreements"):
        st.caption(plural("{n} convenio; elija uno para abrirlo", "{n} convenios; elija uno para abrirlo", len(rows)))
        chosen = agreement_list.table(rows, key="lista_convenios") or chosen
if chosen is not None:
    st.query_params["convenio"] = chosen.number
    st.rerun()
