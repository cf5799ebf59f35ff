"""Correos: what waits to be sent, what went out, what did not and why."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import empty, frame, guard, outbox_view

actor = guard.require(Permission.RUN_NIGHTLY)
frame.head(_("Correos"), _("Salen en el proceso nocturno, o al enviarlos desde aquí"), dated=False)

outbox_view.figures(actor)
with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    asked = outbox_view.filters()
    st.space("stretch")
    outbox_view.send_button(actor)
    outbox_view.downloads(asked)
rows = outbox_view.read(actor, asked)
if not rows:
    empty.state(
        _("Ningún correo con estos filtros"), _("Al hacer cartas, sus correos esperan aquí."), icon="outbox",
        link="letters",
    )  # fmt: skip
    st.stop()
left, right = st.columns([8, 4])
with left, frame.card("messages"):
    chosen = outbox_view.table(rows)
with right, frame.card("message"):
    outbox_view.one(actor, chosen or rows[0])
