"""How much of what was promised is kept, by collector or by customer; and what is due, pending and broken."""

from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.i18n import N_, _, money, number
from core.money import ZERO
from core.promises.figures import By, Rate, StatusSum, by_status, overall, rates
from core.promises.words import PromiseStatus, status_sign
from pages.ui import address, columns, frame, kept
from pages.ui.promise_list import COLOURS, FAILED, Asked
from pages.ui.text import plain

MOST = 8
_BY = {By.COLLECTOR: N_("Por gestor"), By.CUSTOMER: N_("Por cliente")}


class Line(NamedTuple):
    """A rate in words."""

    name: str
    judged: int
    count_pct: Decimal
    amount_pct: Decimal


def show(actor: Actor, asked: Asked, states: list[StatusSum], currency: str) -> None:
    """The card beside the calendar; `states`: the promises of the period by state."""
    states = [one for one in states if one.currency == currency]
    wanted = asked.base(currency)
    with frame.card("rates", height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"### {_('Cumplimiento')}")
            st.space("stretch")
            address.understood("cumplimiento", _BY, lambda one: _(_BY[one]))
            by = st.segmented_control(
                _("Cumplimiento"), list(_BY), default=By.COLLECTOR, format_func=lambda one: _(_BY[one]), required=True,
                key="cumplimiento", bind="query-params", label_visibility="collapsed",
            )  # fmt: skip
        whole = overall(states)
        if whole is None:
            st.caption(_("Ninguna promesa ha terminado su plazo todavía."))
        else:
            _table(kept.read(rates, actor, as_of=today(), wanted=wanted, by=By(by), limit=MOST), whole)
        _standing(actor, asked, states, currency)


def _table(found: list[Rate], whole: Rate) -> None:
    lines = [_line(one, one.name or _("Sin gestor")) for one in found] + [_line(whole, _("Todas"))]
    columns.grid(
        lines,
        {
            "name": columns.text(_("Nombre"), width=112), "judged": columns.number(_("Juzgadas"), width=66),
            "count_pct": columns.progress(_("Por número"), width=112),
            "amount_pct": columns.progress(_("Por importe"), width=112),
        },
        key="rates", height=35 * (len(lines) + 1) + 2, phone={"name": 96, "count_pct": 110, "amount_pct": 110},
        alt=_("Promesas cumplidas entre las que ya se pueden juzgar"),
    )  # fmt: skip
    st.caption(_("Cumplidas entre las que ya terminaron su plazo o se cumplieron antes."))


def _line(one: Rate, name: str) -> Line:
    return Line(name, one.judged, one.count_pct, one.amount_pct)


def _standing(actor: Actor, asked: Asked, states: list[StatusSum], currency: str) -> None:
    """How many are due today, pending, and broken in the period."""
    base = asked.base(currency)
    due = kept.read(by_status, actor, as_of=today(), wanted=base._replace(start=today(), end=today()))
    is_pending = (PromiseStatus.PENDING,)
    for label, status, found, of in (
        (_("Vencen hoy"), PromiseStatus.PENDING, due, is_pending),
        (_("Pendientes"), PromiseStatus.PENDING, states, is_pending),
        (_("Rotas o a medias"), PromiseStatus.BROKEN, states, FAILED),
    ):
        counted = [one for one in found if one.status in of]
        how_many, amount = sum(one.promises for one in counted), sum((one.amount for one in counted), ZERO)
        told = _("**{n}** por **{amount}**").format(n=number(how_many), amount=plain(money(amount)))
        st.markdown(f":{COLOURS[status]}-badge[{status_sign(status)} {label}] {told}")
