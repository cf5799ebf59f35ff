"""Applying what a payment or credit note has in favour: the day, the currency, the grid, and how it is saved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.documents.applying import Line
from core.i18n import _, day, money
from core.money import ONE
from core.payments.application import Way, apply_on_account
from core.payments.proposal import Plan, Rates
from core.payments.queries import OnAccount, open_currencies
from core.policies.rates import last_rate
from core.portfolio.words import kind_word
from pages.ui import forms, guard, payment_grid
from pages.ui.text import plain


def caption(found: Sequence[OnAccount]) -> str:
    """Whose and what it is."""
    if not found:
        return ""
    one = found[0]
    return f"{kind_word(one.kind)} {one.number} · {day(one.booked_on)} · {one.customer_code} · {one.customer}"


def _form(one: OnAccount) -> str:
    return f"aplicar_{one.number}"


def fields(actor: Actor, one: OnAccount) -> payment_grid.Asked:
    """The day of the application, and the documents' currency where there is a choice."""
    with guard.reading() as session:
        owed_in = open_currencies(session, actor, customer_id=one.customer_id)
    others = owed_in if one.kind == "payment" else [one.currency]
    documents_in, rate = one.currency, one.exchange_rate
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on: date = st.date_input(
            _("Fecha de aplicación"), max(today(), one.booked_on), format="DD/MM/YYYY",
            key=forms.key(_form(one), "fecha"), width=160,
        )  # fmt: skip
        if set(others) - {one.currency}:
            start = one.currency if one.currency in others else others[0]
            documents_in = st.segmented_control(
                _("Documentos en"), others, default=start, required=True, key=forms.key(_form(one), "moneda")
            )
    if documents_in != one.currency:
        with guard.reading() as session:
            rate = last_rate(session, documents_in, on) or ONE
        st.caption(_("Al tipo de cambio {rate} de {currency}.").format(rate=f"{rate:f}", currency=documents_in))
    rates = Rates(one.exchange_rate, rate)
    return payment_grid.Asked(
        one.customer_id, one.left, one.currency, rates, documents_in, on, _form(one), received=False
    )


def applied(actor: Actor, asked: payment_grid.Asked) -> tuple[Plan | None, list[Line]]:
    """The grid."""
    return payment_grid.shown(actor, asked)


def bar(one: OnAccount, plan: Plan | None, lines: Sequence[Line]) -> bool:
    """What will be saved, and the button."""
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", key="aplicar-barra"):
        used = plan.applied if plan else Decimal("0.00")
        left = _("quedan **{left}** a favor").format(left=plain(money(one.left - used)))
        told = _("**{amount}** de {number}: {parts}").format(
            amount=plain(money(used)), number=plain(one.number),
            parts=", ".join([*(payment_grid.happens(plan) if plan else []), left]),
        )  # fmt: skip
        over = plan is not None and payment_grid.too_much(plan)
        st.markdown(payment_grid.excess(plan, one.left) if plan and over else told, width="stretch")
        return st.button(
            _("Aplicar"), key=forms.key(_form(one), "aplicar"), type="primary", icon=":material/check:",
            disabled=not lines or over, shortcut="Ctrl+Enter",
        )  # fmt: skip


def save(actor: Actor, one: OnAccount, asked: payment_grid.Asked, lines: Sequence[Line]) -> None:
    """Applies; the second click on the same form changes nothing."""
    way = Way(asked.on, asked.rates.document if asked.documents_in != one.currency else None)
    done = _("Aplicado; quedan {left} a favor.")
    forms.submit(
        lambda opened: apply_on_account(opened, actor, number=one.number, lines=lines, way=way),
        form=_form(one), lead=_("No se aplicó nada."), done=lambda left: done.format(left=money(left, one.currency)),
        to="payment" if one.kind == "payment" else "document", pago=one.number, folio=one.number,
    )  # fmt: skip
