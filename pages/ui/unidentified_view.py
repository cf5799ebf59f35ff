"""Money that is nobody's yet: the list, a new deposit, and the form that says whose it is."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money, plural
from core.payments.queries import Unidentified, Waiting, unidentified
from core.payments.registration import Received, register_payment
from core.payments.unidentified import identify_payment
from core.policies.rates import known_currencies
from pages.ui import columns, customer_picker, forms, frame, guard, papers
from pages.ui.text import plain


class Line(NamedTuple):
    """A payment in words."""

    number: str
    paid_on: date
    days: int
    amount: Decimal
    currency: str
    method: str
    bank_reference: str | None
    account: str | None
    notes: str | None


def search() -> str:
    """What is looked for."""
    text = st.text_input(
        _("Buscar"), placeholder=_("Folio, referencia o importe"), icon=":material/search:", key="texto",
        bind="query-params", width=270,
    )  # fmt: skip
    return (text or "")[:100]


def shown(rows: list[Unidentified]) -> list[Line]:
    """Rows in words."""
    return [
        Line(row.number, row.paid_on, row.days, row.amount, row.currency, papers.method(row.method) or "",
             row.bank_reference, row.account, row.notes)
        for row in rows
    ]  # fmt: skip


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    return {
        "number": columns.text(_("Folio"), width=108), "amount": columns.money(_("Importe"), width=106),
        "currency": columns.text(_("Moneda"), width=68),
        "days": columns.number(_("Días"), width=56, help=_("Días desde que se recibió")),
        "paid_on": columns.date(_("Recibido"), width=92), "method": columns.text(_("Forma"), width=102),
        "bank_reference": columns.text(_("Referencia"), width=112),
    }  # fmt: skip


def totals(waiting: list[Waiting]) -> None:
    """How much waits, by currency, and since when."""
    with st.grid(4, min_column_width=158):
        for one in waiting:
            with frame.card(f"total-{one.currency}", gap="xxsmall", height="stretch"):
                st.metric(_("Por identificar, {currency}").format(currency=one.currency), money(one.amount))
                many = plural("{n} pago", "{n} pagos", one.payments)
                oldest = plural("el más viejo, {n} día", "el más viejo, {n} días", one.oldest_days)
                st.caption(f"{many}; {oldest}")


def start(rows: list[Unidentified]) -> Any:
    """The row that the address names, else the first."""
    asked = str(st.query_params.get("pago", ""))
    place = next((at for at, row in enumerate(rows) if row.number == asked), 0)
    return {"selection": {"rows": [place], "columns": [], "cells": []}}


def identify(actor: Actor, chosen: Unidentified) -> None:
    """Whose the chosen payment is, and from which day."""
    st.markdown(f"### {plain(chosen.number)}")
    st.markdown(f"**{plain(money(chosen.amount, chosen.currency))}** · {day(chosen.paid_on)}")
    facts = ((_("Referencia"), chosen.bank_reference), (_("Cuenta"), chosen.account), (_("Notas"), chosen.notes))
    st.caption("  \n".join(f"{word}: {plain(told)}" for word, told in facts if told))
    if not actor.may(Permission.REGISTER_PAYMENT):
        st.caption(_("Quien registra pagos puede decir de qué cliente es."))
        return
    customer = customer_picker.picked(actor)
    on = st.date_input(
        _("En su cuenta desde"), max(today(), chosen.paid_on), format="DD/MM/YYYY", key=f"identificar_{chosen.number}",
        min_value=chosen.paid_on,
    )  # fmt: skip
    pressed = st.button(
        _("Identificar el pago"), key="payment_identify", type="primary", icon=":material/how_to_reg:",
        width="stretch", disabled=customer is None,
    )  # fmt: skip
    if pressed and customer is not None:
        forms.submit(
            lambda opened: identify_payment(opened, actor, number=chosen.number, customer_id=customer.id, on=on).number,
            lead=_("No se identificó el pago."), done=_("El pago ya está en la cuenta del cliente."), to="apply_credit",
            folio=chosen.number,
        )  # fmt: skip


def new_deposit() -> None:
    """Opens the form for money whose customer is not known."""
    title = _("Registrar un depósito sin cliente")
    guard.dialog(title, position="right", width="medium", icon=":material/add:")(_new_deposit)()


def _new_deposit() -> None:
    form, actor = "deposito", guard.here().actor
    with guard.reading() as session:
        known = known_currencies(session)
    with st.form(form, border=False):
        typed = forms.amount_input(_("Importe recibido"), form, "importe", icon=":material/attach_money:")
        currency = st.selectbox(_("Moneda"), known, key=forms.key(form, "moneda"))
        paid_on = st.date_input(_("Fecha del depósito"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
        method = st.selectbox(
            _("Forma"), list(papers.METHODS), index=2, format_func=lambda one: papers.method(one) or "",
            key=forms.key(form, "forma"),
        )  # fmt: skip
        reference = st.text_input(
            _("Referencia bancaria o clave de rastreo"), key=forms.key(form, "ref"), max_chars=120
        )
        account = st.text_input(_("Cuenta donde se recibió"), key=forms.key(form, "cuenta"), max_chars=80)
        notes = st.text_input(_("Notas"), key=forms.key(form, "notas"), max_chars=1000)
        another = st.checkbox(_("Es otro pago, aunque se parezca a uno ya registrado"), key=forms.key(form, "otro"))
        mark = forms.token(form)
        if forms.button(_("Registrar depósito"), form, icon=":material/check:"):
            forms.submit(
                lambda opened: register_payment(
                    opened, actor, submission=mark, another=another, received=Received(
                        None, paid_on, forms.amount(typed), currency, method, None, reference, account, notes),
                ).number,
                form=form, lead=_("No se registró el depósito."),
                done=lambda number: _("Depósito {number} registrado.").format(number=number),
            )  # fmt: skip


def sheet(actor: Actor, text: str) -> Sheet:
    """The list as a file."""
    with reading() as session:
        rows = unidentified(session, actor, as_of=today(), text=text)
    titles = (
        _("Folio"), _("Recibido"), _("Días"), _("Importe"), _("Moneda"), _("Forma"), _("Referencia"), _("Cuenta"),
        _("Notas"),
    )  # fmt: skip
    kinds = {"paid_on": Kind.DATE, "days": Kind.INTEGER, "amount": Kind.AMOUNT}
    return Sheet(
        title=_("Pagos por identificar"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "amount")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(rows), totals_by="currency", notes=[_("Al {day}").format(day=day(today())), *filter(None, [text])],
    )  # fmt: skip
