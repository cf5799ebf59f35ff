"""One payment on the screen: figures, what it closed, what was given back, its facts, and what may be done."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import local
from core.db import reading
from core.documents import reasons
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money, shown
from core.payments.card import Applied, PaymentCard, payment_card
from core.portfolio.words import kind_word
from pages.ui import columns, frame, menu, papers, undo_forms
from pages.ui.text import markup, plain


class Line(NamedTuple):
    """An application in words."""

    on: date
    document: str
    part: str
    amount: Decimal
    currency: str
    spent: Decimal | None
    difference: Decimal | None
    state: str
    user: str


def caption(one: PaymentCard) -> str:
    """Whose it is, how and when it came."""
    who = f"{one.customer_code} · {one.customer}" if one.customer_code else _("Por identificar")
    parts = [who, papers.method(one.method) or "", _("recibido el {day}").format(day=day(one.paid_on)), one.currency]
    return " · ".join(part for part in parts if part)


def badges(one: PaymentCard) -> None:
    """How it stands, with a sign and a word."""
    if one.reversal is not None:
        told = _("Reversado el {day}: {reason}").format(
            day=day(one.reversal.on), reason=reasons.told(one.reversal.reason)
        )
        st.markdown(f":red-badge[:material/history: {plain(told)}]")
    elif one.booked_on is None:
        st.markdown(f":orange-badge[:material/contact_support: {_('Por identificar')}]")
    elif one.left:
        told = _("{amount} a favor").format(amount=money(one.left, one.currency))
        st.markdown(f":violet-badge[:material/savings: {plain(told)}]")
    else:
        st.markdown(f":green-badge[:material/check_circle: {_('Aplicado')}]")


def figures(one: PaymentCard) -> None:
    """Received, applied and left."""
    used = one.amount - one.left if one.booked_on and one.reversal is None else Decimal("0.00")
    with st.grid(3, min_column_width=158):
        for label, amount in (
            (_("Recibido"), one.amount), (_("Aplicado o devuelto"), used), (_("A favor"), one.left)
        ):  # fmt: skip
            with frame.card(f"figure-{label}", gap="xxsmall"):
                st.metric(label, money(amount))


def actions(one: PaymentCard, actor: Actor) -> None:
    """What may be done with it now, each in its dialog."""
    done = one.reversal is not None
    may_register = actor.may(Permission.REGISTER_PAYMENT)
    if one.booked_on is None and not done and may_register:
        menu.link("unidentified", _("Identificar"), pago=one.number)
    if one.left and may_register:
        menu.link("apply_credit", _("Aplicar lo que queda"), folio=one.number)
        if st.button(_("Devolver dinero"), key="payment_refund", icon=":material/undo:"):
            undo_forms.give_back(one.number, money(one.left, one.currency))
    if undo_forms.may_undo(actor, one.undoable, Permission.REGISTER_PAYMENT, Permission.REVERSE) and st.button(
        _("Deshacer una aplicación"), key="payment_undo", icon=":material/link_off:"
    ):
        undo_forms.undo(one.number, one.undoable)
    if not done and actor.may(Permission.REVERSE) and st.button(
        _("Reversar el pago"), key="payment_reverse", icon=":material/history:"
    ):  # fmt: skip
        undo_forms.reverse(one)


def lines(applied: list[Applied]) -> list[Line]:
    """Applications in words."""
    return [
        Line(
            one.on, one.document, "" if one.instalment is None else str(one.instalment), one.amount, one.currency,
            one.spent, one.difference, _state(one), one.user,
        )
        for one in applied
    ]  # fmt: skip


def _state(one: Applied) -> str:
    if one.is_undo:
        return _("Deshace")
    return _("Deshecha") if one.undone else _("Vigente")


def applied(one: PaymentCard) -> None:
    """What it was applied to, undone lines marked in words."""
    across = any(row.spent is not None for row in one.applied)
    colours = {_("Vigente"): "green", _("Deshecha"): "gray", _("Deshace"): "orange"}
    spent: dict[str, Any] = {
        "spent": columns.money(_("Gastado"), width=94, help=_("Lo que se gastó del pago, en su moneda")),
        "difference": columns.money(_("Dif. cambiaria"), width=102, help=_("Diferencia cambiaria")),
    }
    shown_columns: dict[str, Any] = {
        "on": columns.date(_("Fecha"), width=86), "document": columns.text(_("Documento"), width=98),
        **({} if across else {"part": columns.text(_("Parc."), width=50)}),
        "amount": columns.money(_("Importe"), width=100), "currency": columns.text(_("Moneda"), width=64),
        **(spent if across else {}),
        "state": columns.chips(_("Estado"), colours, width=86),
        **({} if across else {"user": columns.text(_("Usuario"), width=120)}),
    }  # fmt: skip
    selection = columns.grid(
        lines(one.applied), shown_columns, key="aplicaciones", on_select="rerun", selection_mode="single-row",
        phone={"document": 96, "amount": 98, "state": 86, "on": 82},
        height=35 * (min(len(one.applied), 12) + 1) + 2, alt=_("Aplicaciones del pago, también las deshechas"),
    )  # fmt: skip
    if chosen := columns.chosen(selection, one.applied):
        menu.go("document", folio=chosen.document)


def given(one: PaymentCard, actor: Actor) -> None:
    """Money given back and small differences, each with what undid it."""
    for gift in one.given:
        word = kind_word(gift.kind)
        told = f"**{plain(word)}** {plain(money(gift.amount, gift.currency))} · {day(gift.on)} · {plain(gift.user)}"
        told += f" · {plain(gift.document)}" if gift.document else ""
        if gift.undone_on is not None:
            told += f" · :gray[{_('deshecha el {day}').format(day=day(gift.undone_on))}]"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(told, width="stretch")
            may = gift.kind == "refund" and gift.undone_on is None and actor.may(Permission.REVERSE)
            if may and st.button(_("Deshacer"), key=f"refund_undo_{gift.adjustment_id}", icon=":material/undo:"):
                undo_forms.keep(gift)


def facts(one: PaymentCard) -> None:
    """What is known of it, a line each."""
    known = (
        (_("Forma"), papers.method(one.method)), (_("Referencia"), one.bank_reference), (_("Cuenta"), one.account),
        (_("Tipo de cambio"), f"{one.exchange_rate:f}" if one.exchange_rate != 1 else None),
        (_("En la cuenta del cliente desde"), day(one.booked_on) if one.booked_on else None), (_("Notas"), one.notes),
        (_("Lo registró"), f"{one.made_by}, {shown(local(one.made_at))}"), (_("Del archivo"), one.made_from),
    )  # fmt: skip
    rows = "".join(f"<dt>{markup(name)}</dt><dd>{markup(value)}</dd>" for name, value in known if value)
    st.html(f'<dl class="datos">{rows}</dl>')


def sheet(actor: Actor, number: str) -> Sheet:
    """Its applications as a file."""
    with reading() as session:
        one = payment_card(session, actor, number)
    titles = (
        _("Fecha"), _("Documento"), _("Parcialidad"), _("Importe"), _("Moneda"), _("Gastado del pago"),
        _("Diferencia cambiaria"), _("Estado"), _("Usuario"),
    )  # fmt: skip
    kinds = {"on": Kind.DATE, "amount": Kind.AMOUNT, "spent": Kind.AMOUNT, "difference": Kind.AMOUNT}
    return Sheet(
        title=_("Pago {number}").format(number=one.number),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "amount")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=lines(one.applied), totals_by="currency", notes=[caption(one)],
    )  # fmt: skip
