"""Registrar pago: the money that came, and the documents that it closes."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import frame, guard, payment_form

actor = guard.require(Permission.REGISTER_PAYMENT)
steps = _("Capture el pago, revise la propuesta y confirme; nada se guarda hasta entonces")
frame.head(_("Registrar y aplicar un pago"), steps, dated=False)
notice = st.container()
left, right = st.columns([31, 71], gap="small")
with left, frame.card("payment"):
    typed = payment_form.fields(actor)
with right, frame.card("apply"):
    plan, lines = payment_form.applied(actor, typed)
with notice:
    another = payment_form.likeness(actor, typed)
pressed = payment_form.bar(typed, plan, lines)
if pressed is not None:
    with notice:
        payment_form.save(actor, typed, pressed, another=another)
