"""Reparto de cartera: what each collector carries, and giving customers to others with reason and history."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import downloads, frame, guard, portfolio_view

actor = guard.require(Permission.SUPERVISE)
frame.head(_("Reparto de cartera"), _("Qué lleva cada gestor y a quién se le pasa"))

now = portfolio_view.read_loads(actor)
portfolio_view.cards(now)
with frame.card("loads"):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Carga de cada gestor')}")
        st.space("stretch")
        downloads.buttons(portfolio_view.sheet, _("reparto"), key="reparto_archivo")
    loads = st.container()
left, right = st.columns([8, 4])
with left, frame.card("choose"):
    st.markdown(f"### {_('Clientes por reasignar')}")
    chosen = portfolio_view.choose(actor, now)
with right, frame.card("give"):
    st.markdown(f"### {_('Reasignar')}")
    moves = portfolio_view.plan(actor, chosen, now)
    portfolio_view.save(actor, chosen, moves)
with loads:
    portfolio_view.table(now, portfolio_view.preview(now, chosen, moves))
