"""The list of payments: its filters, its table, its file."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day
from core.payments.queries import PaymentRow, Standing, payments
from pages.ui import address, columns, papers

_STANDINGS = {
    Standing.ALL: N_("Todos"), Standing.LEFT: N_("Con saldo a favor"), Standing.REVERSED: N_("Reversados"),
}  # fmt: skip


class Wanted(NamedTuple):
    """Which payments."""

    start: date
    end: date
    text: str
    method: str | None
    standing: Standing


class Line(NamedTuple):
    """A payment in words."""

    number: str
    paid_on: date
    customer_code: str
    customer: str
    amount: Decimal
    left: Decimal
    currency: str
    method: str
    bank_reference: str | None
    state: str


def filters() -> Wanted:
    """The filters in a row, bound to the address."""
    text = st.text_input(
        _("Buscar"), placeholder=_("Folio, cliente, referencia o importe"), icon=":material/search:", key="texto",
        bind="query-params", width=225,
    )  # fmt: skip
    start = st.date_input(_("Desde"), today() - timedelta(days=30), format="DD/MM/YYYY", key="desde", width=142)
    end = st.date_input(_("Hasta"), today(), format="DD/MM/YYYY", key="hasta", width=142)
    method = st.selectbox(
        _("Forma"), list(papers.METHODS), index=None, format_func=lambda one: papers.method(one) or "",
        placeholder=_("Todas"), key="forma", width=128,
    )  # fmt: skip
    address.understood("ver", _STANDINGS, lambda one: _(_STANDINGS[one]))
    standing = st.segmented_control(
        _("Ver"), list(_STANDINGS), default=Standing.ALL, format_func=lambda one: _(_STANDINGS[one]), required=True,
        key="ver", bind="query-params",
    )  # fmt: skip
    return Wanted(start, end, (text or "")[:100], method, standing)


def shown(rows: list[PaymentRow]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.number, row.paid_on, row.customer_code, row.customer, row.amount, row.left, row.currency,
            papers.method(row.method) or "", row.bank_reference, _state(row),
        )
        for row in rows
    ]  # fmt: skip


def _state(row: PaymentRow) -> str:
    if row.is_reversed:
        return _("Reversado")
    if not row.left:
        return _("Aplicado")
    return _("Sin aplicar") if row.left == row.amount else _("En parte")


#: What a telephone has room for: who, how much, when.
PHONE = {"customer": 120, "amount": 98, "paid_on": 82, "left": 96}


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    return {
        "number": columns.text(_("Folio"), width=110), "paid_on": columns.date(_("Fecha"), width=95),
        "customer": columns.text(_("Cliente"), width=196), "amount": columns.money(_("Importe"), width=109),
        "left": columns.money(_("A favor"), width=108), "currency": columns.text(_("Moneda"), width=70),
        "method": columns.text(_("Forma"), width=100), "bank_reference": columns.text(_("Referencia"), width=125),
        "state": columns.chips(_("Estado"), papers.payment_states(), width=95),
    }  # fmt: skip


def sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """All payments of the filters as a file."""
    with reading() as session:
        found = payments(session, actor, **wanted._asdict())
    titles = (
        _("Folio"), _("Fecha"), _("Clave"), _("Cliente"), _("Importe"), _("A favor"), _("Moneda"), _("Forma"),
        _("Referencia"), _("Estado"),
    )  # fmt: skip
    kinds = {"paid_on": Kind.DATE, "amount": Kind.AMOUNT, "left": Kind.AMOUNT}
    said = [_("Del {start} al {end}").format(start=day(wanted.start), end=day(wanted.end))]
    said += [_(_STANDINGS[wanted.standing]), papers.method(wanted.method) or "", wanted.text]
    return Sheet(
        title=_("Pagos"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=kinds.get(key) == Kind.AMOUNT)
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(found), totals_by="currency", notes=[" · ".join(one for one in said if one)],
    )  # fmt: skip
