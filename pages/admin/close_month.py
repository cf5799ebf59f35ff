"""Cierre de mes: until when nothing may be dated any more; opened again only by somebody else."""

from types import SimpleNamespace

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.jobs.close_month import close_month, months, reopen_month
from pages.ui import columns, empty, forms, frame, guard
from pages.ui.figures import month_name
from pages.ui.text import plain

actor = guard.require(Permission.CLOSE_MONTH)
frame.head(_("Cierre de mes"), _("En un mes cerrado ya no se registra, aplica ni reversa nada"))

with guard.reading() as session:
    state = months(session, actor)

left, right = st.columns(2)
with left, frame.card("cerrar"):
    st.subheader(_("Cerrar"), anchor=False)
    if state.through:
        st.markdown(plain(_("Cerrado hasta {month}.").format(month=month_name(state.through))))
    else:
        st.markdown(_("Ningún mes está cerrado."))
    if state.next:
        with st.form("cerrar", border=False):
            st.caption(_("Se cierran ese mes y todos los anteriores."))
            label = _("Cerrar hasta {month}").format(month=month_name(state.next))
            if forms.button(label, "cerrar", icon=":material/lock:"):
                upto = state.next
                forms.submit(
                    lambda opened: close_month(opened, actor, month=upto), form="cerrar", alone=True,
                    done=_("Meses cerrados."),
                )  # fmt: skip
    else:
        st.caption(_("Todos los meses terminados están cerrados."))

with right, frame.card("reabrir"):
    st.subheader(_("Reabrir"), anchor=False)
    if state.through:
        with st.form("reabrir", border=False):
            month = st.selectbox(
                _("Desde el mes"), state.closed, format_func=month_name, key=forms.key("reabrir", "mes"),
                help=_("Se reabren ese mes y todos los posteriores; no puede hacerlo quien los cerró."),
            )  # fmt: skip
            reason = st.text_input(_("Motivo"), key=forms.key("reabrir", "motivo"), max_chars=250)
            if forms.button(_("Reabrir meses"), "reabrir", icon=":material/lock_open:", type="secondary"):
                forms.submit(
                    lambda opened: reopen_month(opened, actor, month=month or "", reason=reason or ""),
                    form="reabrir", alone=True, done=_("Meses reabiertos."),
                )  # fmt: skip
    else:
        st.caption(_("No hay meses cerrados."))

with frame.card("historia"):
    st.subheader(_("Historia"), anchor=False)
    if state.history:
        rows = [
            SimpleNamespace(
                at=one.at, user=one.user_name, what=_("Cerró") if one.closes else _("Reabrió"),
                month=month_name(one.month), reason=one.reason,
            )
            for one in state.history
        ]  # fmt: skip
        shown = {
            "at": columns.moment(_("Momento")), "user": columns.text(_("Usuario")), "what": columns.text(_("Qué hizo")),
            "month": columns.text(_("Mes")), "reason": columns.text(_("Motivo"), width="large"),
        }  # fmt: skip
        columns.grid(rows, shown, key="cierres", phone={"month": 130, "what": 72, "at": 118})
    else:
        empty.state(_("Todavía no se ha cerrado ningún mes"), _("Al cerrar el primero, aquí queda quién y cuándo."))
