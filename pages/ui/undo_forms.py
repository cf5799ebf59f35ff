"""Dialogs that take something back: an application, a whole payment or document, a refund; and giving money back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.documents import reasons
from core.documents.reversal import reverse_document, undo_credit_note_application
from core.i18n import _, day, money
from core.payments.application import undo_application
from core.payments.card import Given, PaymentCard
from core.payments.refunds import refund, undo_refund
from core.payments.reversal import reverse_payment
from pages.ui import forms, guard
from pages.ui.text import plain


def _when_and_why(form: str) -> tuple[date, str]:
    """The day and the reason; what somebody writes stands for «other»."""
    on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
    key = st.selectbox(
        _("Motivo"), list(reasons.REVERSAL), index=None, format_func=reasons.told, key=forms.key(form, "motivo"),
        placeholder=_("Elija el motivo"),
    )  # fmt: skip
    written = st.text_input(_("Explique, si es otro motivo"), key=forms.key(form, "explique"), max_chars=250) or ""
    return on, written if key == "other" else key or written


def _open(title: str, icon: str, body: Callable[..., None], *args: Any) -> None:
    guard.dialog(title, position="right", width="medium", icon=f":material/{icon}:")(body)(*args)


def undo(number: str, documents: Sequence[str], *, is_note: bool = False) -> None:
    """Asks which application of a payment (or credit note) is undone, when and why."""
    _open(_("Deshacer una aplicación de {number}").format(number=number), "undo", _undo, number, documents, is_note)


def _undo(number: str, documents: Sequence[str], is_note: bool) -> None:
    form, actor = f"undo_{number}", guard.here().actor
    work = undo_credit_note_application if is_note else undo_application
    with st.form(form, border=False):
        document = st.selectbox(_("Documento"), documents, key=forms.key(form, "documento"))
        on, reason = _when_and_why(form)
        st.caption(_("El documento vuelve a quedar abierto y el dinero a favor del cliente."))
        if forms.button(_("Deshacer la aplicación"), form, icon=":material/undo:"):
            forms.submit(
                lambda opened: work(opened, actor, number=number, document=document, on=on, reason=reason),
                form=form, lead=_("No se deshizo nada."), done=_("Aplicación deshecha."),
            )  # fmt: skip


def reverse(card: PaymentCard) -> None:
    """Asks when and why a whole payment is reversed."""
    _open(_("Reversar el pago {number}").format(number=card.number), "history", _reverse, card.number)


def _reverse(number: str) -> None:
    warning = _("Todo lo que pagó vuelve a quedar abierto, con sus vencimientos de siempre. No se puede deshacer.")
    _reversal(number, warning, _("Reversar el pago"), _("Pago reversado."), reverse_payment)


def reverse_paper(number: str) -> None:
    """Asks when and why a whole document is reversed."""
    _open(_("Reversar {number}").format(number=number), "history", _reverse_paper, number)


def _reverse_paper(number: str) -> None:
    warning = _("Sale de la cuenta del cliente; lo que tenía aplicado queda a favor. No se puede deshacer.")
    _reversal(number, warning, _("Reversar el documento"), _("Documento reversado."), reverse_document)


def _reversal(number: str, warning: str, label: str, done: str, work: Callable[..., Any]) -> None:
    form, actor = f"reverse_{number}", guard.here().actor
    with st.form(form, border=False):
        st.warning(plain(warning), icon=":material/warning:")
        on, reason = _when_and_why(form)
        if forms.button(label, form, icon=":material/history:"):
            forms.submit(
                lambda opened: work(opened, actor, number=number, on=on, reason=reason),
                form=form, lead=_("No se reversó nada."), done=done,
            )  # fmt: skip


def give_back(number: str, left: str) -> None:
    """Asks how much of what is in favour is given back."""
    _open(_("Devolver dinero de {number}").format(number=number), "undo", _give_back, number, left)


def _give_back(number: str, left: str) -> None:
    form, actor = f"refund_{number}", guard.here().actor
    with st.form(form, border=False):
        st.caption(_("Quedan a favor {left}.").format(left=plain(left)))
        typed = forms.amount_input(_("Importe que se devuelve"), form, "importe")
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
        notes = st.text_input(_("Notas"), key=forms.key(form, "notas"), max_chars=250)
        if forms.button(_("Registrar la devolución"), form, icon=":material/check:"):
            forms.submit(
                lambda opened: refund(
                    opened, actor, number=number, amount=forms.amount(typed), on=on, notes=notes
                ).amount,
                form=form, lead=_("No se devolvió nada."),
                done=lambda made: _("Devolución de {amount} registrada.").format(amount=money(made)),
            )  # fmt: skip


def keep(given: Given) -> None:
    """Asks when and why a refund is undone."""
    _open(_("Deshacer la devolución del {day}").format(day=day(given.on)), "undo", _keep, given.adjustment_id)


def _keep(adjustment_id: int) -> None:
    form, actor = f"undo_refund_{adjustment_id}", guard.here().actor
    with st.form(form, border=False):
        on, reason = _when_and_why(form)
        if forms.button(_("Deshacer la devolución"), form, icon=":material/undo:"):
            forms.submit(
                lambda opened: undo_refund(opened, actor, adjustment_id=adjustment_id, on=on, reason=reason),
                form=form, lead=_("No se deshizo nada."), done=_("El dinero vuelve a quedar a favor."),
            )  # fmt: skip


def may_undo(actor: Actor, documents: Sequence[str], *permissions: Any) -> bool:
    """Whether there is something to undo and this user has one of the permissions for it."""
    return bool(documents) and any(actor.may(one) for one in permissions)
