"""Colours of both themes and the one block of CSS. Only `data-testid` and `st-key-*` are named: they are stable."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.i18n import _


@dataclass(frozen=True)
class Palette:
    """The colours that Streamlit's theme has no key for."""

    page: str
    card: str
    text: str
    gray: str
    line: str
    on_primary: str
    done: str
    now: str
    step: str
    band: str


LIGHT = Palette(
    page="#F3F6FA", card="#FFFFFF", text="#16222E", gray="#475769", line="#D5DDE6", on_primary="#FFFFFF",
    done="#15803D", now="#0E5A8A", step="#CBD5E0", band="#0F2A3F",
)  # fmt: skip
DARK = Palette(
    page="#0D141D", card="#16212E", text="#E3EAF2", gray="#AFBFCF", line="#31435A", on_primary="#0B1622",
    done="#4ADE80", now="#7CC0EC", step="#31435A", band="#0A111A",
)  # fmt: skip


def is_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return st.context.theme.type == "dark"


def palette() -> Palette:
    """The colours of the theme that this browser shows."""
    return DARK if is_dark() else LIGHT


_CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def apply() -> None:
    """Writes the CSS into the page; once a run."""
    colours = palette()
    css = _CSS
    for name in ("page", "card", "text", "gray", "line", "on_primary", "done", "now", "step", "band"):
        css = css.replace(f"var(--{name.replace('_', '-')})", getattr(colours, name))
    css = css.replace('"CHOOSE"', f'"{_("Elegir archivo")}"').replace(
        '"DROP"', f'"{_("o suéltelo aquí: .xlsx o .csv")}"'
    )
    st.html(f"<style>{css}</style>")
