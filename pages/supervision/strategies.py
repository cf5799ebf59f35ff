"""Estrategia: what puts customers in order, by segment; whom a change would move, before it is saved."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import frame, guard, strategy_form, strategy_simulation

actor = guard.require(Permission.SUPERVISE)
frame.head(_("Estrategia de cobranza"), _("Qué pone a un cliente antes que otro en la agenda"))

segment, plans = strategy_form.chosen()
rules = plans.of(segment)
strategy_form.about(actor, segment, plans)
typed = strategy_form.fields(segment, rules)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    simulate = st.button(_("Simular: quién se movería"), key="strategy_simulate", icon=":material/swap_vert:")
    strategy_form.save(actor, typed)
strategy_simulation.show(actor, typed, asked=simulate)
