"""Streamlit's menu, made of the table in `menu.py` on every run.

Every address is always registered: one that is not opens Streamlit's own «Page not found», in English.
"""

from collections.abc import Callable

import streamlit as st

from core.auth.actor import Actor
from core.i18n import _
from pages.ui import login, refusal
from pages.ui.menu import SECTIONS, screens


def signed_out() -> st.Page:
    """The sign-in under every address, so that after it the link that was opened opens."""
    return _everywhere(login.form, _("Iniciar sesión"))


def must_change() -> st.Page:
    """The new password under every address, before anything else."""
    return _everywhere(login.new_password, _("Cambiar contraseña"))


def _everywhere(function: Callable[[], None], title: str) -> st.Page:
    pages = [
        st.Page(function, title=title, url_path=screen.stem, default=screen.stem == "home") for screen in screens()
    ]
    return st.navigation(pages, position="hidden")


def signed_in(actor: Actor) -> st.Page:
    """Every address: the screens that this user may see, listed by section, and a refusal in place of the others."""
    listed: dict[str, list[st.Page]] = {_(section): [] for section in SECTIONS}
    unlisted: list[st.Page] = []
    for screen in screens():
        if not screen.open_to(actor):
            unlisted.append(st.Page(refusal.refused, title=_(screen.title), url_path=screen.stem, visibility="hidden"))
            continue
        section = screen.section_for(actor.role)
        page = st.Page(
            screen.path, title=_(screen.title), icon=f":material/{screen.icon}:", default=screen.stem == "home",
            visibility="visible" if section else "hidden",
        )  # fmt: skip
        (listed[_(section)] if section else unlisted).append(page)
    sections = {section: pages for section, pages in listed.items() if pages}
    last = next(reversed(sections))
    sections[last] = sections[last] + unlisted
    return st.navigation(sections, expanded=True)
