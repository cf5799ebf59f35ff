"""What a copied address means, whoever opens it.

A bound choice stands in the address by its label, and labels are in the language of who copied it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from core.i18n import LANGUAGES, language, use


def understood(key: str, options: Iterable[Any], label: Callable[[Any], str]) -> None:
    """Before the widget `key` is drawn for the first time: takes a choice named in the other language as meant."""
    asked = st.query_params.get(key)
    if asked is None or key in st.session_state:
        return
    mine, found = language(), list(options)
    by_label: dict[str, Any] = {}
    for one in (*(other for other in LANGUAGES if other != mine), mine):  # one's own language has the last word
        use(one)
        by_label |= {label(option): option for option in found}
    if asked in by_label and label(by_label[asked]) != asked:
        st.session_state[key] = by_label[asked]
