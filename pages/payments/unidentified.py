"""Por identificar: money received whose customer nobody knows yet, with its age, and saying whose it is."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.i18n import _
from core.payments.queries import unidentified, unidentified_totals
from pages.ui import columns, downloads, empty, frame, guard, unidentified_view

actor = guard.require(Permission.VIEW_UNIDENTIFIED)
frame.head(_("Pagos por identificar"), _("Dinero recibido que todavía no está en la cuenta de nadie"))

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
    text = unidentified_view.search()
    st.space("stretch")
    downloads.buttons(lambda who: unidentified_view.sheet(who, text), _("por_identificar"), key="por_identificar")
    if actor.may(Permission.REGISTER_PAYMENT) and st.button(
        _("Registrar depósito"), key="deposit_new", type="primary", icon=":material/add:"
    ):
        unidentified_view.new_deposit()

with guard.reading() as session:
    rows = unidentified(session, actor, as_of=today(), text=text)
    waiting = unidentified_totals(session, actor, as_of=today(), text=text)
if not rows:
    empty.state(_("Todo está identificado"), _("Ningún pago espera cliente con este filtro."), icon="task_alt")
    st.stop()

unidentified_view.totals(waiting)
left, right = st.columns([8, 4])
with left, frame.card("unidentified"):
    selection = columns.grid(
        unidentified_view.shown(rows), unidentified_view.columns_shown(), key="por_identificar_lista",
        on_select="rerun", selection_mode="single-row-required", selection_default=unidentified_view.start(rows),
        height=35 * (min(len(rows), 15) + 1) + 2, phone={"amount": 98, "days": 46, "paid_on": 84, "number": 104},
        alt=_("Pagos por identificar con su antigüedad"),
    )  # fmt: skip
with right, frame.card("identify"):
    chosen = columns.chosen(selection, rows)
    if chosen is not None:
        unidentified_view.identify(actor, chosen)
