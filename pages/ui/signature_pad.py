"""Signing on the screen: what is drawn becomes the file of an uploader, which takes pictures from elsewhere too.

Our own server hands the browser `signature.js`; under `streamlit run app.py` there is the uploader alone.
"""

import hashlib
from pathlib import Path

import streamlit as st

from core.i18n import _
from pages.ui import session
from pages.ui.text import markup

SCRIPT = (Path(__file__).parent / "signature.js").read_text(encoding="utf-8")
ROUTE = "/acceso/firma.js"
_VERSION = hashlib.sha256(SCRIPT.encode()).hexdigest()[:12]


def show(target: str) -> None:
    """A place to sign for the uploader whose key begins with `target`."""
    if not session.TICKETS.served:
        return
    words = {
        "label": _("Firme aquí con el dedo o el ratón"), "use": _("Usar esta firma"), "clear": _("Borrar"),
        "file": _("firma.png"), "target": f"st-key-{target}",
    }  # fmt: skip
    st.caption(words["label"])
    data = " ".join(f'data-{name}="{markup(value)}"' for name, value in words.items())
    st.html(
        f'<div class="firma-aqui" {data}></div><script src="{ROUTE}?{_VERSION}"></script>',
        unsafe_allow_javascript=True,
    )
