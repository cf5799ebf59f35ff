"""Notas: credit and debit notes, against a document or in favour, and the credit notes with something left."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import frame, guard, note_forms, note_lists

actor = guard.require(Permission.REGISTER_NOTE)
frame.head(
    _("Notas de crédito y de cargo"), _("Elija el cliente, el documento y el motivo; la nota queda en su cuenta")
)

kinds = {"credito": _("Nota de crédito"), "cargo": _("Nota de cargo")}
left, right = st.columns([5, 7])
with left, frame.card("note"):
    kind = st.segmented_control(
        _("Qué registra"), list(kinds), format_func=kinds.__getitem__, default="credito", required=True, key="tipo",
    )  # fmt: skip
    customer = note_forms.customer(actor)
    if kind == "credito":
        note_forms.credit_note(actor, customer)
    else:
        note_forms.debit_note(actor, customer)
with right:
    with frame.card("favour"):
        note_lists.in_favour(actor, customer)
    with frame.card("waiting"):
        note_lists.waiting(actor)
