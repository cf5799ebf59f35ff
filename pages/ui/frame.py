"""What every screen has around it: head with search, user at the foot of the menu, messages of the last run."""

from datetime import date
from pathlib import Path

import streamlit as st
from babel.dates import format_date

from core.auth import users
from core.auth.actor import Actor
from core.clock import today
from core.i18n import _, day, language
from pages.ui import company, forms, menu, notices, search, session
from pages.ui.roles import role_of
from pages.ui.text import plain

_HERE = Path(__file__).parent
ICON = str(_HERE / "icon.svg")
LOGO = str(_HERE / "logo.svg")


def head(title: str, caption: str = "", *, dated: bool = True) -> None:
    """Title, what is seen (scope, date, currency), the chip of a demo database; at the right, search and notices."""
    forms.tell()
    st.set_page_config(page_title=f"{title} · Cartera al Día")
    parts = [plain(caption)] if caption else []
    if dated:
        parts.append(plain(_("al {day}").format(day=long_day(today()))))
    if company.is_demo():
        parts.append(f":orange-badge[:material/science: {_('Empresa de demostración')}]")
    with st.container(horizontal=True, key="marco-cabeza", vertical_alignment="top"):
        with st.container(key="marco-titulo", width="stretch", gap="xxsmall"):
            st.title(title, anchor=False)
            if parts:
                st.caption(" · ".join(parts))
        with st.container(key="global", horizontal=True, width="content"):
            label = _("Buscar cliente, RFC o folio")
            if st.button(label, icon=":material/search:", key="global_search", shortcut="Ctrl+K"):
                search.dialog()
            notices.button()


def long_day(date_: date) -> str:
    """A date in a sentence: `viernes 20/11/2026`."""
    return f"{format_date(date_, 'EEEE', locale='en' if language() == 'en' else 'es_MX')} {day(date_)}"


def card(name: str, **options: object) -> "st.delta_generator.DeltaGenerator":
    """A bordered container with the card's colour and shadow; `name` is unique on the screen."""
    return st.container(border=True, key=f"card-{name}", **options)  # type: ignore[arg-type]  # passed on as they came


def sidebar(actor: Actor) -> None:
    """Logo above the menu; below it who is here, with password, language and the way out."""
    st.logo(LOGO, icon_image=ICON, size="large")
    account, other, leave = "account", "language", "leave"
    labels = {
        account: _("Mi cuenta y contraseña"),
        other: "Español" if actor.language == "en" else "English",
        leave: _("Cerrar sesión"),
    }
    with st.sidebar, st.container(key="marco-usuario", horizontal=True, vertical_alignment="center", wrap=False):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{plain(actor.full_name or actor.name)}**  \n:small[{plain(role_of(actor))}]")
        chosen = st.menu_button(
            _("Cuenta, idioma y salida"), list(labels), format_func=labels.__getitem__, key="user_menu",
            icon=":material/account_circle:",
        )  # fmt: skip
    if chosen == account:
        menu.go("my_account")
    elif chosen == other:
        forms.submit(
            lambda opened: users.choose_language(
                opened, actor, language="es" if actor.language == "en" else "en"
            ),
            done="",
        )  # fmt: skip
    elif chosen == leave:
        session.end(actor)
        st.rerun()
