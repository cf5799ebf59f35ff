"""Prelegal y legal: who should pass to another stage, the cases that did, their hearings, agencies and recoveries."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.i18n import _, plural
from core.legal.card import case_card
from pages.ui import case_agencies, case_list, case_new, case_view, downloads, empty, frame, guard

actor = guard.require(Permission.VIEW_COLLECTION)
folio, wanted = str(st.query_params.get("expediente", "")), str(st.query_params.get("entregar", ""))
customer = str(st.query_params.get("cliente", "")) or None
making = bool(wanted) and actor.may(Permission.HAND_OVER)

if folio:
    with guard.reading() as session:
        one = case_card(session, actor, number=folio, as_of=today())
    frame.head(_("Expediente {number}").format(number=one.number), f"{one.customer_code} · {one.customer}")
elif making:
    frame.head(_("Entregar a otra etapa"), _("Lo propone una persona y lo aprueba otra"))
else:
    frame.head(_("Prelegal y legal"), _("Lo que salió de la cobranza interna, y lo que debería salir"))
if (folio or making or customer) and st.button(
    _("Todos los expedientes"), key="trail_cases", type="tertiary", icon=":material/arrow_back:"
):
    st.query_params.clear()
    st.rerun()

if folio:
    case_view.head(actor, one)
    case_view.waits(actor, one)
    left, right = st.columns([8, 4])
    with left:
        with frame.card("steps"):
            case_view.steps(actor, one)
        with frame.card("stages"):
            case_view.stages(one)
    with right:
        with frame.card("facts"):
            case_view.facts(actor, one)
        with frame.card("costs"):
            case_view.costs(actor, one)
    with frame.card("recovered"):
        case_view.recoveries(one)
    st.stop()
if making:
    case_new.show(actor, wanted)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    view = case_list.view()
    stage = case_list.stage_filter(view)
    st.space("stretch")
    if view == case_list.CASES:
        downloads.buttons(lambda who: case_list.cases_file(who, stage, customer), _("expedientes"), key="expedientes")
    if actor.may(Permission.HAND_OVER) and st.button(
        _("Entregar a otra etapa"), key="case_new", type="primary", icon=":material/send:"
    ):
        st.query_params["entregar"] = "1"
        st.rerun()
if view == case_list.CANDIDATES:
    case_list.candidate_view(actor, stage)
elif view == case_list.HEARINGS:
    case_list.hearing_view(actor)
elif view == case_list.AGENCIES:
    case_agencies.show(actor)
else:
    rows = case_list.case_rows(actor, stage, customer)
    case_list.counts(actor, customer)
    if not rows:
        empty.state(_("Ningún expediente aquí"), _("Vea los candidatos, o cambie la etapa."), icon="gavel")
        st.stop()
    with frame.card("cases"):
        st.caption(plural("{n} expediente; elíjalo para abrirlo", "{n} expedientes; elija uno", len(rows)))
        chosen = case_list.case_table(rows)
    if chosen is not None:
        st.query_params["expediente"] = chosen.number
        st.rerun()
