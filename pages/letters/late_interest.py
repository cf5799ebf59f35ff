"""Intereses moratorios: what each customer bears in a period, document by document; charged or waived."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import empty, frame, guard, interest_view

actor = guard.require(Permission.CHARGE_INTEREST)
frame.head(_("Intereses moratorios"), interest_view.terms())

with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    view = interest_view.view()
    start, end = interest_view.period(view)
    st.space("stretch")
    interest_view.downloads(view, start, end)

if view == interest_view.DONE:
    interest_view.history(actor)
    st.stop()
if view == interest_view.RATES:
    interest_view.rates(actor)
    st.stop()
rows = interest_view.read(actor, start, end)
if not rows:
    empty.state(
        _("Nadie genera intereses en este periodo"),
        _("No hubo saldo vencido, o sus intereses ya se cobraron o condonaron."), icon="task_alt",
    )  # fmt: skip
    st.stop()
interest_view.figures(rows)
left, right = st.columns(2)
with left, frame.card("proposal"):
    chosen = interest_view.table(actor, rows, start, end)
with right, frame.card("customer"):
    interest_view.one(actor, chosen or rows[0], start, end)
