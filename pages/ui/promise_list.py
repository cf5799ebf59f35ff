"""The list of promises: its views and filters, its table, its file."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day
from core.policies.settings import company_currency
from core.promises.queries import PromiseRow, Wanted, collectors, promises
from core.promises.words import PromiseStatus, status_told
from pages.ui import address, columns, guard, kept

COLOURS = {
    PromiseStatus.PENDING: "blue", PromiseStatus.KEPT: "green", PromiseStatus.PARTLY_KEPT: "yellow",
    PromiseStatus.BROKEN: "red", PromiseStatus.RESCHEDULED: "violet", PromiseStatus.WITHDRAWN: "gray",
}  # fmt: skip
FAILED = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)


class View(StrEnum):
    """Which promises are listed."""

    ALL = "all"
    TODAY = "today"
    PENDING = "pending"
    BROKEN = "broken"
    KEPT = "kept"


_VIEWS = {
    View.ALL: N_("Todas"), View.TODAY: N_("Vencen hoy"), View.PENDING: N_("Pendientes"), View.BROKEN: N_("Rotas"),
    View.KEPT: N_("Cumplidas"),
}  # fmt: skip
_STATUSES: dict[View, tuple[PromiseStatus, ...]] = {
    View.TODAY: (PromiseStatus.PENDING,), View.PENDING: (PromiseStatus.PENDING,), View.BROKEN: FAILED,
    View.KEPT: (PromiseStatus.KEPT,),
}  # fmt: skip
#: Days back that promises may have been promised for; None: since ever. What is still to come is always there.
_PERIODS = {"90": N_("Últimos 90 días"), "365": N_("Último año"), "all": N_("Desde el principio")}


class Asked(NamedTuple):
    """What the filters say."""

    view: View
    collector: str | None
    start: date | None

    def base(self, currency: str | None = None) -> Wanted:
        """All promises of the collector and the period, whatever the view."""
        return Wanted(collector=self.collector, start=self.start, currency=currency)

    def wanted(self, chosen: date | None) -> Wanted:
        """Those of the view, or of one day of the calendar."""
        base = self.base()
        if self.view is View.TODAY:
            base = base._replace(start=today(), end=today())
        if chosen is not None:
            base = base._replace(start=chosen, end=chosen)
        return base._replace(statuses=_STATUSES.get(self.view, ()))


def filters(actor: Actor) -> Asked:
    """View, collector and period, in the address."""
    address.understood("vista", _VIEWS, lambda one: _(_VIEWS[one]))
    view = st.segmented_control(
        _("Vista"), list(_VIEWS), default=View.ALL, format_func=lambda one: _(_VIEWS[one]), required=True,
        key="vista", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    names = dict(kept.read(collectors, actor))
    collector = None
    if len(names) > 1:
        collector = st.selectbox(
            _("Gestor"), list(names), index=None, format_func=lambda one: names[one], key="gestor", width=170,
            placeholder=_("Todos los gestores"), label_visibility="collapsed", bind="query-params",
        )  # fmt: skip
    address.understood("periodo", _PERIODS, lambda one: _(_PERIODS[one]))
    period = st.selectbox(
        _("Periodo"), list(_PERIODS), format_func=lambda one: _(_PERIODS[one]), key="periodo", width=150,
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    start = None if period == "all" else today() - timedelta(days=int(period))
    return Asked(View(view), collector, start)


def currency(used: list[str]) -> str:
    """The currency whose calendar and rates are shown; asked only where there are several."""
    with guard.reading() as session:
        company = company_currency(session)
    first = company if company in used or not used else used[0]
    if len(used) < 2:
        return first
    shown_in = st.segmented_control(
        _("Moneda"), used, default=first, required=True, key="moneda", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    return str(shown_in)


class Line(NamedTuple):
    """A promise in words."""

    number: str
    customer: str
    name: str
    currency: str
    amount: Decimal
    paid: Decimal
    made_on: date
    promised_on: date
    status: str
    level: int
    documents: str
    collector: str
    contact: str | None


def shown(rows: list[PromiseRow], names: dict[str, str] | None = None) -> list[Line]:
    """Rows in words; `names`: the full names of collectors."""
    names = names or {}
    return [
        Line(
            row.number, row.customer, row.name, row.currency, row.amount, row.paid, row.made_on, row.promised_on,
            status_told(row.status), row.level, ", ".join(row.documents) or _("A cuenta"),
            names.get(row.collector, row.collector), row.contact,
        )
        for row in rows
    ]  # fmt: skip


#: What a telephone has room for: who, how much, how it stands; then when.
PHONE = {"name": 96, "amount": 92, "status": 104, "promised_on": 82}


def columns_shown(*, of_one: bool = False) -> dict[str, Any]:
    """How each column looks; `of_one`: the customer goes without saying."""
    chips = {status_told(status): colour for status, colour in COLOURS.items()}
    found = {
        "number": columns.text(_("Promesa"), width=88), "name": columns.text(_("Cliente"), width=180),
        "amount": columns.money(_("Prometido"), width=104), "paid": columns.money(_("Pagado"), width=104),
        "currency": columns.text(_("Moneda"), width=60), "promised_on": columns.date(_("Para el"), width=86),
        "status": columns.chips(_("Estado"), chips, width=122), "level": columns.number(_("Nivel"), width=50),
        "documents": columns.text(_("Documentos"), width=106), "collector": columns.text(_("Gestor"), width=96),
    }  # fmt: skip
    return {key: one for key, one in found.items() if not (of_one and key in ("name", "currency", "collector"))}


def table(rows: list[PromiseRow], names: dict[str, str], *, key: str, of_one: bool = False) -> PromiseRow | None:
    """The rows as a table; the one that is chosen."""
    phone = {name: width for name, width in PHONE.items() if not (of_one and name == "name")}
    selection = columns.grid(
        shown(rows, names), columns_shown(of_one=of_one), key=key, on_select="rerun", selection_mode="single-row",
        height=35 * (len(rows) + 1) + 2, phone=phone,
        alt=_("Promesas con su cliente, su importe, lo pagado y su estado"),
    )  # fmt: skip
    chosen: PromiseRow | None = columns.chosen(selection, rows)
    return chosen


def sheet(actor: Actor, wanted: Wanted, told: str) -> Sheet:
    """All promises of the filters as a file."""
    with reading() as session:
        found = promises(session, actor, as_of=today(), wanted=wanted)
        names = dict(collectors(session, actor))
    titles = (
        _("Promesa"), _("Clave"), _("Cliente"), _("Moneda"), _("Prometido"), _("Pagado"), _("Prometió el"),
        _("Para el"), _("Estado"), _("Nivel"), _("Documentos"), _("Gestor"), _("Quién prometió"),
    )  # fmt: skip
    kinds = {
        "made_on": Kind.DATE, "promised_on": Kind.DATE, "amount": Kind.AMOUNT, "paid": Kind.AMOUNT,
        "level": Kind.INTEGER,
    }  # fmt: skip
    return Sheet(
        title=_("Promesas de pago"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=kinds.get(key) == Kind.AMOUNT)
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(found, names), totals_by="currency", notes=[told],
    )  # fmt: skip


def told(asked: Asked, chosen: date | None, names: dict[str, str]) -> str:
    """The filters in words, for the file."""
    since = _("desde el {day}").format(day=day(asked.start)) if asked.start else ""
    parts = [
        _(_VIEWS[asked.view]), _("para el {day}").format(day=day(chosen)) if chosen else since,
        names.get(asked.collector or "", ""), _("al {day}").format(day=day(today())),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)
