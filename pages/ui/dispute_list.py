"""The list of disputes: its views and filters, its figures, its table, its file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.disputes.listing import Counts, DisputeRow, Wanted, Which, disputes
from core.disputes.reasons import AREAS, STATUSES, area_word, outcome_word, reason_word, status_word
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day, money, number
from pages.ui import address, columns, frame

#: Violet is what is disputed; what the catalogue does not know is gray.
COLOURS = {"open": "violet", "in_review": "blue", "accepted": "green", "refused": "orange", "closed": "gray"}
_VIEWS = {
    Which.LIVE: N_("Abiertas"), Which.LATE: N_("Vencidas"), Which.DECIDED: N_("Por cerrar"),
    Which.CLOSED: N_("Cerradas"), Which.ALL: N_("Todas"),
}  # fmt: skip
_AGES = {"5": N_("Más de 5 días"), "15": N_("Más de 15 días"), "30": N_("Más de 30 días")}


class Line(NamedTuple):
    """A dispute in words."""

    number: str
    customer: str
    name: str
    document: str
    currency: str
    amount: Decimal
    reason: str
    status: str
    area: str
    opened_on: date
    age: int
    deadline_on: date | None
    late: int | None
    outcome: str
    closed_on: date | None
    collector: str | None


def filters() -> Wanted:
    """View, area and age, in the address."""
    address.understood("vista", _VIEWS, lambda one: _(_VIEWS[one]))
    view = st.segmented_control(
        _("Vista"), list(_VIEWS), default=Which.LIVE, format_func=lambda one: _(_VIEWS[one]), required=True,
        key="vista", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    address.understood("area", AREAS, area_word)
    area = st.selectbox(
        _("Área"), list(AREAS), index=None, format_func=area_word, key="area", width=165, bind="query-params",
        placeholder=_("Todas las áreas"), label_visibility="collapsed",
    )  # fmt: skip
    address.understood("edad", _AGES, lambda one: _(_AGES[one]))
    older = st.selectbox(
        _("Antigüedad"), list(_AGES), index=None, format_func=lambda one: _(_AGES[one]), key="edad", width=160,
        placeholder=_("De cualquier edad"), label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    return Wanted(Which(view), area=area, older=int(older or 0))


def search(wanted: Wanted) -> Wanted:
    """The same, with what is looked for."""
    text = st.text_input(
        _("Buscar"), placeholder=_("Folio, cliente o documento"), icon=":material/search:", key="texto",
        bind="query-params", width=230, label_visibility="collapsed",
    )  # fmt: skip
    return replace(wanted, text=(text or "")[:100])


def cards(found: Counts, currency: str) -> None:
    """How many there are, how many are late or wait to be closed, what they come to; each opens its rows."""
    amounts = {one.currency: one.amount for one in found.amounts}
    first = amounts.pop(currency, Decimal())
    others = " · ".join(money(amount, name) for name, amount in amounts.items())
    told = (
        (Which.LIVE, _("Abiertas"), number(found.live), _("sin fecha de cierre")),
        (Which.LATE, _("Vencidas"), number(found.late), _("pasó su plazo sin respuesta")),
        (Which.DECIDED, _("Por cerrar"), number(found.decided), _("ya se decidió si proceden")),
        (None, _("En aclaración, {currency}").format(currency=currency), money(first),
         others or _("a lo más lo que está abierto")),
    )  # fmt: skip
    with st.grid(4, min_column_width=158):
        for which, label, value, about in told:
            with frame.card(f"disputes-{which or 'amount'}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(about)


def shown(rows: list[DisputeRow]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.number, row.customer, row.customer_name, row.document, row.currency, row.amount,
            reason_word(row.reason), status_of(row), area_word(row.owner_area), row.opened_on, row.age,
            row.deadline_on, row.late, outcome_word(row.outcome), row.closed_on, row.collector,
        )
        for row in rows
    ]  # fmt: skip


def status_of(row: DisputeRow) -> str:
    """How it stands in words: a date alone closes, whatever a file says."""
    closed = row.closed_on is not None and row.closed_on <= today()
    return status_word("closed") if closed and row.status in STATUSES else status_word(row.status)


def chips(rows: list[DisputeRow]) -> dict[str, str]:
    """The colour of each state; those that only a file knows are gray."""
    known = {status_word(status): colour for status, colour in COLOURS.items()}
    return {**known, **{word: "gray" for row in rows if (word := status_of(row)) not in known}}


def table(rows: list[DisputeRow], *, closed: bool, currency: str, key: str) -> DisputeRow | None:
    """The rows as a table, with their currencies where they are not all `currency`; the one that is chosen."""
    last = (
        {"closed_on": columns.date(_("Cerrada"), width=86), "outcome": columns.text(_("Desenlace"), width=116)}
        if closed
        else {
            "deadline_on": columns.date(_("Plazo"), width=86),
            "late": columns.number(_("Tarde"), width=54, help=_("Días fuera de plazo")),
        }
    )
    shown_ = {
        "number": columns.text(_("Folio"), width=90), "name": columns.text(_("Cliente"), width=164),
        "document": columns.text(_("Documento"), width=88), "amount": columns.money(_("Importe"), width=98),
        "currency": columns.text(_("Moneda"), width=60), "reason": columns.text(_("Motivo"), width=150),
        "status": columns.chips(_("Estado"), chips(rows), width=100), "area": columns.text(_("Área"), width=112),
        "age": columns.number(_("Días"), width=48, help=_("Días desde que se abrió")), **last,
    }  # fmt: skip
    if all(row.currency == currency for row in rows):
        del shown_["currency"]
    selection = columns.grid(
        shown(rows), shown_, key=key, on_select="rerun", selection_mode="single-row",
        height=35 * (len(rows) + 1) + 2, phone={"name": 104, "amount": 86, "outcome" if closed else "status": 100},
        alt=_("Aclaraciones con su cliente, su importe, su estado y su plazo"),
    )  # fmt: skip
    chosen: DisputeRow | None = columns.chosen(selection, rows)
    return chosen


def told(wanted: Wanted) -> str:
    """The filters in words, for the file."""
    parts = [
        _(_VIEWS[wanted.which]), area_word(wanted.area), _(_AGES[str(wanted.older)]) if wanted.older else "",
        wanted.text, _("al {day}").format(day=day(today())),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """All disputes of the filters as a file."""
    with reading() as session:
        rows = disputes(session, actor, as_of=today(), wanted=wanted).rows
    titles = (
        _("Folio"), _("Clave"), _("Cliente"), _("Documento"), _("Moneda"), _("Importe"), _("Motivo"), _("Estado"),
        _("Área"), _("Abierta el"), _("Días"), _("Plazo"), _("Días tarde"), _("Desenlace"), _("Cerrada el"),
        _("Gestor"),
    )  # fmt: skip
    kinds: dict[str, Any] = {
        "amount": Kind.AMOUNT, "opened_on": Kind.DATE, "deadline_on": Kind.DATE, "closed_on": Kind.DATE,
        "age": Kind.INTEGER, "late": Kind.INTEGER,
    }  # fmt: skip
    return Sheet(
        title=_("Aclaraciones"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "amount")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(rows), totals_by="currency", notes=[told(wanted)],
    )  # fmt: skip
