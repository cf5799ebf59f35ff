"""The dialogs of the users' screen: a new user, another role, a one-time password, open sessions."""

from functools import partial
from typing import Any

import streamlit as st

from core.auth import passwords, sessions, users
from core.auth.actor import Actor, Role
from core.auth.queries import SessionRow, UserRow, sessions_of
from core.clock import local
from core.i18n import _, shown
from pages.ui import forms, guard
from pages.ui.roles import ROLES, sees
from pages.ui.text import plain

#: More than these are old tabs; they end on their own.
_MOST_SESSIONS = 6
_SHOWN_ONCE = "one_time_password"


def _fields(form: str, user: UserRow | None = None) -> dict[str, Any]:
    """Role and what it sees: region, rep, full name."""
    roles = list(ROLES)
    full_name = st.text_input(
        _("Nombre completo"), user.full_name if user else "", key=forms.key(form, "full_name"), max_chars=120
    )
    role = st.selectbox(
        _("Función"), roles, index=roles.index(user.role) if user else roles.index(Role.COLLECTOR),
        format_func=lambda one: _(ROLES[one]), key=forms.key(form, "role"),
    )  # fmt: skip
    st.caption("  \n".join(f"**{plain(_(ROLES[one]))}**: {plain(sees(one))}" for one in roles))
    region = st.text_input(
        _("Región"), (user.region if user else "") or "", key=forms.key(form, "region"), max_chars=80,
        help=_("Una gerencia con región ve solo los clientes de esa región; vacía, ve todos."),
    )  # fmt: skip
    rep = st.text_input(
        _("Asesor"), (user.sales_rep if user else "") or "", key=forms.key(form, "sales_rep"), max_chars=80,
        help=_("Para ventas: la clave del asesor como viene en los clientes; vacía, el nombre de usuario."),
    )  # fmt: skip
    return {"role": role, "region": region, "sales_rep": rep, "full_name": full_name}


def new_user() -> None:
    """Opens the form for somebody new."""
    guard.dialog(_("Nuevo usuario"), position="right", width="medium", icon=":material/person_add:")(_new_user)()


def _new_user() -> None:
    form, actor = "new_user", guard.here().actor
    with st.form(form, border=False):
        name = st.text_input(_("Usuario"), key=forms.key(form, "name"), placeholder=_("nombre.apellido"), max_chars=60)
        st.caption(_("Con este nombre entra; el de un gestor debe ser igual al de la columna gestor de sus clientes."))
        fields = _fields(form)
        if forms.button(_("Crear usuario"), form, icon=":material/person_add:"):
            password = passwords.drawn()
            forms.submit(
                lambda opened: users.create_user(
                    opened, actor, name=name or "", password=password, must_change=True, **fields
                ).name,
                form=form, lead=_("No se creó el usuario."), done=_("Usuario creado."),
                then=lambda made: _show_once(made, password),
            )  # fmt: skip


def change_user(user: UserRow) -> None:
    """Opens the form for another role or region."""
    title = _("Cambiar a {name}").format(name=user.name)
    guard.dialog(title, position="right", width="medium", icon=":material/manage_accounts:")(_change_user)(user)


def _change_user(user: UserRow) -> None:
    form, actor = f"change_user_{user.name}", guard.here().actor
    with st.form(form, border=False):
        fields = _fields(form, user)
        st.caption(_("Si cambia lo que puede hacer o ver, sus sesiones abiertas se cierran."))
        if forms.button(_("Guardar cambios"), form, icon=":material/check:"):
            forms.submit(
                lambda opened: users.change_user(opened, actor, name=user.name, **fields),
                form=form, lead=_("No se cambió nada."), done=_("Cambios guardados."),
            )  # fmt: skip


def actions(user: UserRow, actor: Actor) -> None:
    """What may be done with the chosen user: change, new password, disable or enable."""
    if st.button(_("Cambiar función"), key="user_change", icon=":material/manage_accounts:", width="stretch"):
        change_user(user)
    if st.button(
        _("Dar contraseña de un solo uso"), key="user_reset", icon=":material/key:", width="stretch",
        help=_("Vale 24 horas y hay que cambiarla al entrar. Las sesiones abiertas se cierran."),
    ):  # fmt: skip
        forms.submit(
            lambda opened: users.reset_password(opened, actor, name=user.name),
            then=lambda drawn: _show_once(user.name, drawn), lead=_("No se cambió la contraseña."),
        )  # fmt: skip
    if user.active and st.button(_("Desactivar usuario"), key="user_disable", icon=":material/block:", width="stretch"):
        forms.submit(
            lambda opened: users.disable_user(opened, actor, name=user.name),
            done=_("Usuario desactivado; sus sesiones se cerraron."), lead=_("No se desactivó el usuario."),
        )  # fmt: skip
    if not user.active and st.button(_("Activar usuario"), key="user_enable", icon=":material/check:", width="stretch"):
        forms.submit(
            lambda opened: users.enable_user(opened, actor, name=user.name), done=_("Usuario activado de nuevo.")
        )


def open_sessions(actor: Actor, name: str, *, own: int | None = None) -> None:
    """The open sessions of a user, each with the button that ends it; `own` is the one of this browser."""
    st.markdown(f"**{_('Sesiones abiertas')}**")
    with guard.reading() as opened:
        rows = sessions_of(opened, actor, name=name)
    if not rows:
        st.caption(_("Ninguna."))
    for row in rows[:_MOST_SESSIONS]:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            here = f" · **{_('esta')}**" if row.id == own else ""
            st.caption(plain(_where(row)) + here, width="stretch")
            if row.id != own and st.button(
                _("Cerrar esta sesión"), key=f"session_end_{row.id}", icon=":material/logout:", type="tertiary"
            ):
                forms.submit(partial(sessions.revoke, actor=actor, session_id=row.id), done=_("Sesión cerrada."))


def _where(row: SessionRow) -> str:
    when = _("desde {start}, última vez {seen}").format(
        start=shown(local(row.created_at)), seen=shown(local(row.seen_at))
    )
    return " · ".join(part for part in (_browser(row.device or ""), row.address or "", when) if part)


def _browser(agent: str) -> str:
    """A browser's long name as people call it."""
    names = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )  # fmt: skip
    known = [next((word for mark, word in words if mark in agent), "") for words in (names, systems)]
    return ", ".join(word for word in known if word)


def _show_once(name: str, password: str) -> None:
    st.session_state[_SHOWN_ONCE] = (name, password)


def one_time_password() -> None:
    """The password just drawn; it is not shown again."""
    found = st.session_state.pop(_SHOWN_ONCE, None)
    if found is None:
        return
    name, password = found
    with st.container(border=True, key="card-one-time"):
        st.markdown(
            f":material/key: **{_('Contraseña de un solo uso para {name}').format(name=plain(name))}**  \n"
            + _("Anótela o cópiela ahora: no se vuelve a mostrar. Vale 24 horas y hay que cambiarla al entrar.")
        )
        st.code(password, language=None)
