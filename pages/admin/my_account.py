"""Mi cuenta: one's own password, language and open sessions."""

import streamlit as st

from core.auth import users
from core.i18n import _
from pages.ui import forms, frame, guard, login, user_forms
from pages.ui.roles import role_of, sees
from pages.ui.text import plain

actor = guard.require()
frame.head(_("Mi cuenta"), actor.full_name or actor.name)

left, right = st.columns([7, 5])
with left, frame.card("password"):
    st.markdown(f"### {_('Cambiar contraseña')}")
    with st.form("own", border=False):
        login.password_fields("own", actor.name)
        st.caption(_("Sirve una frase de varias palabras. Al guardarla, sus otras sesiones se cierran."))
        if forms.button(_("Cambiar contraseña"), "own", icon=":material/check:", width="content"):
            login.change_password("own", lead=_("No se cambió su contraseña."))

with right, frame.card("who"):
    st.markdown(f"### {_('Quién es usted')}")
    st.markdown(f"**{plain(actor.full_name or actor.name)}** · {plain(actor.name)}  \n{plain(role_of(actor))}")
    st.caption(_("Ve: {what}.").format(what=sees(actor.role)))
    chosen = st.segmented_control(
        _("Idioma"), list(login.LANGUAGES), format_func=login.LANGUAGES.__getitem__, default=actor.language,
        required=True, key="own_language",
    )  # fmt: skip
    if chosen != actor.language:
        forms.submit(lambda session: users.choose_language(session, actor, language=chosen))

with right, frame.card("sessions"):
    user_forms.open_sessions(actor, actor.name, own=guard.here().session_id)
