"""Aplicar saldo a favor: what is left of a payment or credit note, and the documents that it closes."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.payments.queries import on_account
from pages.ui import credit_form, empty, frame, guard, payment_grid

actor = guard.require(Permission.REGISTER_PAYMENT)
number = str(st.query_params.get("folio", ""))
with guard.reading() as session:
    found = on_account(session, actor, number=number) if number else []
frame.head(_("Aplicar saldo a favor"), credit_form.caption(found), dated=False)
if not found:
    empty.state(
        _("Nada por aplicar"), _("Elija un pago o una nota de crédito con saldo a favor."), icon="task_alt",
        link="payments",
    )  # fmt: skip
    st.stop()

notice = st.container()
with frame.card("apply"):
    asked = credit_form.fields(actor, found[0])
    plan, lines = credit_form.applied(actor, asked)
pressed = credit_form.bar(found[0], plan, lines)
unchanged = payment_grid.seen(asked.form, plan)
if pressed:
    with notice:
        if unchanged:
            credit_form.save(actor, found[0], asked, lines)
        else:
            payment_grid.changed(_("No se aplicó nada."))
