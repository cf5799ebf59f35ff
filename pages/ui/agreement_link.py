"""Agreements on a customer's page: those that are there, and the way to propose one."""

import streamlit as st

from core.agreements.queries import agreements
from core.auth.actor import Actor, Permission
from core.clock import today
from core.i18n import _
from pages.ui import agreement_list, guard, menu


def show(actor: Actor, code: str) -> None:
    """One line an agreement with its state, then «Proponer convenio» for who may."""
    with guard.reading() as session:
        rows = agreements(session, actor, as_of=today(), customer=code)
    for one in rows[:5]:
        with st.container(horizontal=True, vertical_alignment="center"):
            menu.link("agreements", one.number, convenio=one.number)
            st.markdown(agreement_list.badge(one.state), width="content")
    if actor.may(Permission.PROPOSE_AGREEMENT):
        menu.link("agreements", _("Proponer convenio"), nuevo="1", cliente=code)
