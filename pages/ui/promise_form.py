"""What somebody promises to pay, as it is typed: in the contact's dialog and in that of a promise."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.errors import DomainError
from core.i18n import _, day, money, plural
from core.promises.days import suggested
from core.promises.promisable import Promisable, Promisables, next_level, open_of, promisable
from core.promises.recording import window
from pages.ui import forms, guard
from pages.ui.text import plain


class PromiseTyped(NamedTuple):
    """What stands in the fields: the amount as text for `forms.amount`, documents by number (none: on account)."""

    amount_text: str
    currency: str
    promised_on: date
    documents: tuple[str, ...]


def promise_fields(actor: Actor, *, customer_id: int, currency: str, form: str) -> PromiseTyped:
    """Documents, amount and date of a promise made today, with what they come to. `form`: what keys are made with.

    Drawn outside `st.form`, the sum and the level follow the choice at once. An amount left blank is all that is open
    of the documents.
    """
    with guard.reading() as session:
        offered = promisable(session, actor, customer_id=customer_id, currency=currency, on=today())
        first = suggested(session, today())
    by_number = {one.number: one for one in offered.documents}
    chosen = st.multiselect(
        _("Documentos que promete pagar"), list(by_number), format_func=lambda number: _offered(by_number[number]),
        key=forms.key(form, "promesa_documentos"), placeholder=_("Ninguno: promete a cuenta"),
    )  # fmt: skip
    picked = [by_number[number] for number in chosen]
    with st.container(horizontal=True, wrap=False, gap="small"):
        amount_text = forms.amount_input(
            _("Importe prometido ({currency})").format(currency=currency), form, "promesa_importe",
            placeholder=f"{open_of(picked):,}" if picked else "",
        )  # fmt: skip
        promised_on = st.date_input(
            _("Para el"), first, format="DD/MM/YYYY", min_value=today(), key=forms.key(form, "promesa_fecha")
        )
    typed = PromiseTyped(amount_text, currency, promised_on, tuple(chosen))
    if picked and not amount_text.strip():
        typed = typed._replace(amount_text=str(open_of(picked)))
    _tell(actor, customer_id, typed, offered, picked)
    return typed


def _offered(one: Promisable) -> str:
    parts = [one.number, money(one.open), _("vence {day}").format(day=day(one.due_on))]
    return " · ".join([*parts, _("ya prometida")] if one.pending else parts)


def _tell(actor: Actor, customer_id: int, typed: PromiseTyped, offered: Promisables, picked: list[Promisable]) -> None:
    """What the choice comes to, until when money counts, and what is in the way."""
    with guard.reading() as session:
        ends_on = window(session, typed.promised_on)
        level = next_level(session, actor, customer_id=customer_id, documents=typed.documents, on=today())
    open_ = open_of(picked) if picked else offered.open
    if picked:
        told = plural("{n} documento", "{n} documentos", len(picked))
        st.caption(f"{told}: {plain(money(open_, typed.currency))}")
    else:
        st.caption(_("Sin documentos cuenta todo pago del cliente que llegue en el plazo."))
    if _is_more(typed.amount_text, open_):
        st.caption(f":orange[{_('Es más de lo que debe: {open}.').format(open=plain(money(open_, typed.currency)))}]")
    if ends_on != typed.promised_on:
        st.caption(_("Con la tolerancia cuenta lo que llegue hasta el {day}.").format(day=day(ends_on)))
    if level > 1:
        badge = f":orange-badge[{_('Nivel {level}').format(level=level)}]"
        st.caption(f"{badge} {_('La promesa anterior sobre esto no se cumplió.')}")
    in_the_way = [one.pending for one in picked if one.pending] if picked else [offered.pending or ""]
    for number in sorted({number for number in in_the_way if number}):
        told = _("Ya hay una promesa pendiente sobre esto: {number}. Reprográmela o retírela primero.")
        st.caption(f":red[{told.format(number=plain(number))}]")


def _is_more(amount_text: str, open_: Decimal) -> bool:
    try:
        return bool(amount_text.strip()) and forms.amount(amount_text) > open_
    except DomainError:
        return False  # not an amount yet: saving says so
