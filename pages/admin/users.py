"""Usuarios: who may sign in, what each may do, and from where they are signed in now."""

import streamlit as st

from core.auth.actor import Permission
from core.auth.queries import UserRow, users
from core.i18n import _, plural
from pages.ui import address, columns, downloads, frame, guard, user_forms, user_table

actor = guard.require(Permission.MANAGE_USERS)
frame.head(_("Usuarios"), _("Quién entra, qué puede hacer y desde dónde"))
user_forms.one_time_password()

with guard.reading() as session:
    people = users(session, actor)

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom"):
    states = user_table.SHOWN
    address.understood("ver", states, lambda one: _(states[one]))
    state = st.segmented_control(
        _("Ver"), list(states), format_func=lambda one: _(states[one]), default="activos", required=True, key="ver",
        bind="query-params",
    )  # fmt: skip
    st.space("stretch")
    downloads.buttons(user_table.sheet, _("usuarios"), key="usuarios")
    if st.button(_("Nuevo usuario"), key="user_new", type="primary", icon=":material/person_add:"):
        user_forms.new_user()

listed = [one for one in people if one.active or state == "todos"]
left, right = st.columns([8, 4])
with left, frame.card("users"):
    selection = columns.grid(
        user_table.shown(listed), user_table.columns_shown(), key="usuarios", on_select="rerun",
        selection_mode="single-row-required", phone={"full_name": 124, "state": 92, "role": 110},
        height=35 * (min(len(listed), 20) + 1) + 2,
        alt=_("Usuarios con su función, estado y último acceso"),
    )  # fmt: skip
    st.caption(plural("{n} usuario", "{n} usuarios", len(listed)))
chosen: UserRow | None = columns.chosen(selection, listed)
with right, frame.card("user"):
    if chosen is None:
        st.caption(_("Seleccione un usuario para cambiarlo o ver sus sesiones."))
        st.stop()
    user_table.card(chosen)
    user_forms.actions(chosen, actor)
    user_forms.open_sessions(actor, chosen.name)
