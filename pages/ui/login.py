"""Sign-in and the new password: functions, since they stand under every address."""

import streamlit as st

from core import i18n
from core.auth import sessions, users
from core.auth.passwords import LONGEST, SHORTEST
from core.config import config
from core.db import transaction
from core.errors import DomainError
from core.i18n import _
from pages.ui import company, forms, guard, refusal, session
from pages.ui.text import markup

LANGUAGES = {"es": "Español", "en": "English"}


def form() -> None:
    """Name, password, language; what the product is for, beside it."""
    if st.session_state.get("signed_out"):
        session.SessionCookie().delete_cookie()
    with st.container(key="acceso"):
        promise, entry = st.columns([45, 55], gap=None)
        with promise:
            _promise()
        with entry, st.container(key="entrada"):
            st.title(_("Inicie sesión"), anchor=False)
            if session.key() is not None:  # there was one
                told = _("Su sesión terminó, por tiempo o porque se cerró. Al entrar volverá a donde estaba.")
                st.info(told, icon=":material/lock_clock:")
            _fields()
            st.caption(_("¿Olvidó su contraseña? Pida a su administrador una de un solo uso; vale 24 horas."))
            if company.is_demo():
                chip = f":orange-badge[:material/science: {_('Empresa de demostración')}]"
                st.caption(f"{chip} {_('Los datos son inventados.')}")
            _language()


def _promise() -> None:
    points = (
        (":material/stacked_bar_chart:", _("Su cartera por antigüedad, al centavo y a cualquier fecha")),
        (":material/receipt_long:", _("Pagos aplicados a la factura exacta, con todo su rastro")),
        (":material/description:", _("El estado de cuenta de cada cliente, en PDF y Excel")),
    )
    with st.container(key="promesa"):
        st.html('<div class="marca">Cartera al Día</div>')
        st.html(f'<p class="lema">{markup(_("Quién le debe, cuánto y desde cuándo."))}</p>')
        with st.container(key="escritorio-puntos"):
            for icon, text in points:
                st.markdown(f"{icon} {text}")


def _fields() -> None:
    with st.form("entrar", border=False):
        name = st.text_input(
            _("Usuario"), key="login_name", placeholder=_("nombre.apellido"), icon=":material/person:",
            autocomplete="username", max_chars=60,
        )  # fmt: skip
        password = st.text_input(
            _("Contraseña"), key="login_password", type="password", icon=":material/lock:",
            placeholder=_("Entre {shortest} y {longest} caracteres").format(shortest=SHORTEST, longest=LONGEST),
            autocomplete="current-password",
        )  # fmt: skip
        sent = st.form_submit_button(
            _("Iniciar sesión"), key="login_submit", type="primary", width="stretch", icon=":material/login:"
        )
    if not sent:
        return
    if not name or not password:
        st.error(_("Escriba su usuario y su contraseña."), icon=":material/block:")
        return
    try:
        key = sessions.sign_in(name=name, password=password, address=session.address(), device=session.device())
    except DomainError as error:
        refusal.lines(error)
        return
    _take(key)


def _take(key: str) -> None:
    chosen = st.session_state.get("language")
    found = sessions.visitor(key)
    if found is not None and chosen in LANGUAGES and chosen != found.actor.language:
        with transaction() as opened:
            users.choose_language(opened, found.actor, language=chosen)
    session.begin(key)
    st.rerun()


def _language() -> None:
    """Kept for the session, and as the user's own once he or she signs in."""
    chosen = st.segmented_control(
        _("Idioma"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="login_language",
        default=st.session_state.get("language", config().cartera_lang), required=True, label_visibility="collapsed",
    )  # fmt: skip
    if chosen is not None and chosen != i18n.language():
        st.session_state["language"] = chosen
        st.rerun()


def new_password() -> None:
    """After a one-time password: one's own, before anything else."""
    here = guard.here()
    with st.container(key="clave"):
        st.title(_("Elija su contraseña"), anchor=False)
        st.caption(_("La que recibió era de un solo uso. La nueva solo la sabrá usted."))
        with st.form("nueva", border=False):
            password_fields("nueva", here.actor.name)
            if forms.button(_("Guardar contraseña"), "nueva", icon=":material/check:"):
                change_password("nueva", lead=_("No se cambió su contraseña."))
        if st.button(_("Cerrar sesión"), key="new_password_out", type="tertiary", icon=":material/logout:"):
            session.end(here.actor)
            st.rerun()


def password_fields(form_name: str, name: str) -> None:
    """Current, new, and new again."""
    st.text_input(_("Usuario"), name, key=forms.key(form_name, "name"), disabled=True, autocomplete="username")
    for field, label, fills in (
        ("current", _("Contraseña actual"), "current-password"),
        ("new", _("Contraseña nueva"), "new-password"),
        ("again", _("Contraseña nueva, otra vez"), "new-password"),
    ):
        st.text_input(
            label, key=forms.key(form_name, field), type="password", autocomplete=fills,
            placeholder=_("Entre {shortest} y {longest} caracteres").format(shortest=SHORTEST, longest=LONGEST)
            if field == "new" else None,
        )  # fmt: skip


def change_password(form_name: str, *, lead: str) -> None:
    """Runs the change with what the fields hold."""
    actor = guard.here().actor
    current, new, again = (st.session_state[forms.key(form_name, field)] for field in ("current", "new", "again"))
    if new != again:
        st.error(f"**{lead}** " + _("Las dos contraseñas nuevas no son iguales."), icon=":material/block:")
        return
    forms.submit(
        lambda opened: users.change_own_password(opened, actor, current=current, new=new, key=session.key()),
        form=form_name, lead=lead, done=_("Contraseña cambiada. Sus otras sesiones se cerraron."),
    )  # fmt: skip
