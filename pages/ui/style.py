"""Colours of both themes and the one block of CSS. Only `data-testid` and `st-key-*` are named: they are stable."""

from dataclasses import dataclass, fields
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
    refused: str
    refused_text: str


LIGHT = Palette(
    page="#F3F6FA", card="#FFFFFF", text="#16222E", gray="#475769", line="#D5DDE6", on_primary="#FFFFFF",
    done="#15803D", now="#0E5A8A", step="#CBD5E0", band="#0F2A3F", refused="#FBE7E5", refused_text="#9A1C12",
)  # fmt: skip
DARK = Palette(
    page="#0D141D", card="#16212E", text="#E3EAF2", gray="#AFBFCF", line="#31435A", on_primary="#0B1622",
    done="#4ADE80", now="#7CC0EC", step="#31435A", band="#0A111A", refused="#43211F", refused_text="#FDA29B",
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
    css = _CSS
    for field in fields(Palette):
        css = css.replace(f"var(--{field.name.replace('_', '-')})", getattr(palette(), field.name))
    for mark, words in (
        ("CHOOSE", _("Elegir archivo")), ("DROP", _("o suéltelo aquí")),
        ("REFUSED", _("No se subió nada: no es de un tipo que se acepte aquí, o pesa demasiado. Elija otro.")),
    ):  # fmt: skip
        css = css.replace(f'"{mark}"', f'"{words}"')
    st.html(f"<style>{css}</style>")
