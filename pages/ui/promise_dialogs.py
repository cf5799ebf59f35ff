"""Dialogs about promises: recording one, giving it another date, taking it back."""

from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from core.clock import today
from core.i18n import _, day
from core.promises.days import country, suggested, working_day
from core.promises.recording import record_promise, reschedule_promise, withdraw_promise
from pages.ui import forms, guard
from pages.ui.promise_form import promise_fields


def record(customer_id: int, name: str, currency: str) -> None:
    """Asks what a customer promises."""
    title = _("Promesa de {name}").format(name=name)
    guard.dialog(title, position="right", width="medium", icon=":material/event_available:")(_record)(
        customer_id, currency
    )


def _record(customer_id: int, currency: str) -> None:
    form, actor = f"promise_{customer_id}", guard.here().actor
    typed = promise_fields(actor, customer_id=customer_id, currency=currency, form=form)
    contact = st.text_input(_("Quién promete"), key=forms.key(form, "quien"), max_chars=120) or ""
    notes = st.text_input(_("Notas"), key=forms.key(form, "notas"), max_chars=1000, placeholder=_("Opcional")) or ""
    if st.button(
        _("Registrar promesa"), type="primary", width="stretch", key=forms.key(form, "submit"),
        icon=":material/event_available:",
    ):  # fmt: skip
        forms.submit(
            lambda session: record_promise(
                session, actor, customer_id=customer_id, amount=forms.amount(typed.amount_text),
                currency=typed.currency, made_on=today(), promised_on=typed.promised_on, documents=typed.documents,
                contact=contact, notes=notes, submission=forms.token(form),
            ).number,
            form=form, done=lambda number: _("Promesa {number} registrada.").format(number=number),
        )  # fmt: skip


def reschedule(number: str, amount: Decimal, promised_on: date) -> None:
    """Asks for another date, and perhaps another amount, of a pending promise."""
    title = _("Reprogramar {number}").format(number=number)
    guard.dialog(title, position="right", width="medium", icon=":material/event_repeat:")(_reschedule)(
        number, amount, promised_on
    )


def _reschedule(number: str, amount: Decimal, before: date) -> None:
    form, actor = f"reschedule_{number}", guard.here().actor
    with guard.reading() as session:
        first = max(suggested(session, today()), working_day(before + timedelta(days=1), country(session)))
    with st.form(form, border=False):
        promised_on: date = st.date_input(
            _("Nueva fecha"), first, format="DD/MM/YYYY", min_value=today(), key=forms.key(form, "fecha")
        )
        typed = forms.amount_input(_("Importe prometido"), form, "importe", value=f"{amount:,}")
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        st.caption(_("La promesa de ahora queda como reprogramada y no cuenta como rota; nace otra en su lugar."))
        if forms.button(_("Reprogramar la promesa"), form, icon=":material/event_repeat:"):
            forms.submit(
                lambda session: reschedule_promise(
                    session, actor, number=number, on=today(), promised_on=promised_on, amount=forms.amount(typed),
                    reason=reason, submission=forms.token(form),
                ),
                form=form, lead=_("No se reprogramó nada."), to="promise", promesa=number,
                done=lambda made: _("{number} queda para el {day}.").format(
                    number=made.number, day=day(made.promised_on)
                ),
            )  # fmt: skip


def withdraw(number: str) -> None:
    """Asks why a pending promise is taken back."""
    title = _("Retirar {number}").format(number=number)
    guard.dialog(title, position="right", width="medium", icon=":material/event_busy:")(_withdraw)(number)


def _withdraw(number: str) -> None:
    form, actor = f"withdraw_{number}", guard.here().actor
    with st.form(form, border=False):
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        st.caption(_("Desde hoy no cuenta como cumplida ni como rota. Queda en el historial y no se puede deshacer."))
        if forms.button(_("Retirar la promesa"), form, icon=":material/event_busy:"):
            forms.submit(
                lambda session: withdraw_promise(session, actor, number=number, on=today(), reason=reason),
                form=form, lead=_("No se retiró nada."), done=_("Promesa retirada."),
            )  # fmt: skip
