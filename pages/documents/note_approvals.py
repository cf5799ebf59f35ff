"""Notas por aprobar: credit notes above the limit, which somebody else than who asked approves or refuses."""

import streamlit as st

from core.auth.actor import Permission
from core.documents.approval import note_requests
from core.i18n import _
from pages.ui import columns, empty, frame, guard, note_lists

actor = guard.require(Permission.APPROVE_NOTE)
frame.head(_("Notas por aprobar"), _("Notas de crédito que esperan a alguien distinto de quien las pidió"))

with guard.reading() as session:
    rows = note_requests(session, actor)
if not rows:
    empty.state(
        _("Nada por aprobar"), _("Cuando una nota de crédito pase del límite, aparecerá aquí."), icon="task_alt"
    )
    st.stop()

left, right = st.columns([8, 4])
with left, frame.card("requests"):
    selection = columns.grid(
        note_lists.shown(rows), note_lists.columns_shown(), key="solicitudes", on_select="rerun",
        selection_mode="single-row-required", phone=note_lists.PHONE, alt=_("Notas de crédito que esperan aprobación"),
    )  # fmt: skip
with right, frame.card("request"):
    chosen = columns.chosen(selection, rows)
    if chosen is not None:
        note_lists.decide(actor, chosen)
