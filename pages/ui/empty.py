"""Where there is nothing to show: why, and what to do next."""

import streamlit as st

from pages.ui import menu
from pages.ui.text import plain


def state(
    title: str, text: str, *, icon: str = "inbox", link: str = "", label: str | None = None, **query: str
) -> None:  # fmt: skip
    """A card in place of an empty list; `link` is the stem of the screen that leads on."""
    with st.container(border=True, key="card-empty", horizontal_alignment="center"):
        st.markdown(f"### :material/{icon}: {plain(title)}", width="content")
        st.markdown(plain(text), width="content")
        if link:
            menu.link(link, label, **query)
