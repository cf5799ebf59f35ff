"""What may be taken back of a document: the whole of it, or what a credit note closed of another."""

import streamlit as st

from core.auth.actor import Actor, Permission
from core.documents.queries import DocumentCard
from core.i18n import _
from pages.ui import dispute_form, menu, undo_forms


def show(one: DocumentCard, actor: Actor) -> None:
    """The buttons that this user may press now, each with its dialog."""
    if one.kind.is_charge:
        if one.open and actor.may(Permission.RECORD_DISPUTE) and st.button(
            _("Aclarar"), key="document_dispute", icon=":material/forum:"
        ):  # fmt: skip
            dispute_form.about(one.customer_id, one.number)
        _reverse(one, actor)
        return
    if one.open and actor.may(Permission.REGISTER_PAYMENT):
        menu.link("apply_credit", _("Aplicar lo que queda"), folio=one.number)
    live = [row.number for row in one.applied if not row.is_undo and not row.undone and row.source == "document"]
    closed = list(dict.fromkeys(live))
    if undo_forms.may_undo(actor, closed, Permission.REGISTER_NOTE, Permission.REVERSE) and st.button(
        _("Deshacer una aplicación"), key="document_undo", icon=":material/link_off:"
    ):
        undo_forms.undo(one.number, closed, is_note=True)
    _reverse(one, actor)


def _reverse(one: DocumentCard, actor: Actor) -> None:
    if one.reversal is None and actor.may(Permission.REVERSE) and st.button(
        _("Reversar el documento"), key="document_reverse", icon=":material/history:"
    ):  # fmt: skip
        undo_forms.reverse_paper(one.number)
