"""Registrar pago: the money that came, and the documents that it closes."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import frame, guard, payment_form, payment_grid

actor = guard.require(Permission.REGISTER_PAYMENT)
steps = _("Capture el pago, revise la propuesta y confirme; nada se guarda hasta entonces")
frame.head(_("Registrar y aplicar un pago"), steps, dated=False)
notice = st.container()
with notice:
    payment_form.registered()
left, right = st.columns([31, 71], gap="small")
with left, frame.card("payment"):
    typed = payment_form.fields(actor)
with right, frame.card("apply"):
    plan, lines = payment_form.applied(actor, typed)
with notice:
    another = payment_form.likeness(actor, typed)
pressed = payment_form.bar(typed, plan, lines)
unchanged = payment_grid.seen(payment_form.FORM, plan)
if pressed is not None:
    with notice:
        if pressed and not unchanged:
            payment_grid.changed(_("No se registró ni se aplicó nada."))
        else:
            payment_form.save(actor, typed, pressed, another=another)
