"""The list of agreements: counts, views, table, file; and the inbox of who approves."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.agreements.files import sheet as made_sheet
from core.agreements.queries import AgreementRow, agreements, waiting
from core.agreements.standing import State
from core.agreements.words import STATES
from core.agreements.words import state as state_word
from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Sheet
from core.i18n import N_, _, day, plural
from pages.ui import address, columns, frame, guard, people
from pages.ui.text import plain

COLOURS = {
    State.WAITING: "blue", State.IN_FORCE: "green", State.BREACHED: "red", State.COMPLETED: "gray",
    State.REFUSED: "orange", State.WITHDRAWN: "gray", State.CANCELLED: "violet",
}  # fmt: skip
ALL, ENDED = "all", "ended"
_VIEWS = {
    ALL: N_("Todos"), State.WAITING: N_("Por aprobar"), State.IN_FORCE: N_("Vigentes"),
    State.BREACHED: N_("Incumplidos"), State.COMPLETED: N_("Cumplidos"), ENDED: N_("Otros"),
}  # fmt: skip
_ENDED = (State.REFUSED, State.WITHDRAWN, State.CANCELLED)
PHONE = {"customer": 104, "total": 94, "state": 104}


class Line(NamedTuple):
    """An agreement in words."""

    number: str
    customer: str
    state: str
    currency: str
    total: Decimal
    came: Decimal
    next_on: date | None
    next_amount: Decimal | None
    last_on: date
    proposed_by: str


def badge(state: State) -> str:
    """A state as a badge in Markdown."""
    return f":{COLOURS[state]}-badge[{plain(state_word(state))}]"


def view() -> str:
    """Which agreements; in the address."""
    address.understood("ver", _VIEWS, lambda one: _(_VIEWS[one]))
    chosen = st.segmented_control(
        _("Ver"), list(_VIEWS), default=ALL, format_func=lambda one: _(_VIEWS[one]), required=True, key="ver",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen)


def of_view(rows: list[AgreementRow], view: str) -> list[AgreementRow]:
    """The rows of a view."""
    if view == ALL:
        return rows
    return [one for one in rows if (one.state in _ENDED if view == ENDED else one.state == view)]


def told(view: str, customer: str | None) -> list[str]:
    """The filters in words, for files."""
    return [" · ".join(one for one in (_(_VIEWS[view]), customer, day(today())) if one)]


def counts(rows: list[AgreementRow]) -> None:
    """How many of each state, and what comes next; each figure opens its rows."""
    with st.grid(4, min_column_width=158):
        for state in (State.WAITING, State.IN_FORCE, State.BREACHED, State.COMPLETED):
            found = [one for one in rows if one.state is state]
            with frame.card(f"count_{state}", height="stretch", gap="xxsmall"):
                st.metric(_(_VIEWS[state]), len(found))
                if about := _about(state, found):
                    st.caption(about)
                st.button(
                    _("Ver cuáles"), key=f"see_{state}", type="tertiary", icon=":material/chevron_right:",
                    disabled=not found, on_click=_open, args=(state,),
                )  # fmt: skip


def _open(state: State) -> None:
    st.session_state["ver"] = state


def _about(state: State, found: list[AgreementRow]) -> str | None:
    if state is State.IN_FORCE and found:
        days = [one.next_on for one in found if one.next_on is not None]
        return _("Siguiente pago: {day}").format(day=day(min(days))) if days else None
    if state is State.BREACHED and found:
        return plural("{n} pago atrasado", "{n} pagos atrasados", sum(one.failed for one in found))
    return None


def lines(rows: list[AgreementRow]) -> list[Line]:
    """Rows in words; a telephone has no room for the customer's code."""
    narrow = columns.on_telephone()
    return [
        Line(
            one.number, one.customer if narrow else f"{one.customer_code} · {one.customer}", state_word(one.state),
            one.currency, one.total, one.came, one.next_on, one.next_amount, one.last_on,
            people.known_as(one.proposed_by),
        )
        for one in rows
    ]  # fmt: skip


def table(rows: list[AgreementRow], *, key: str) -> AgreementRow | None:
    """The table; returns the one that was chosen."""
    selection = columns.grid(
        lines(rows), columns_shown(), key=key, on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 14) + 1) + 2, phone=PHONE,
        alt=_("Convenios de pago con su estado y su siguiente pago"),
    )  # fmt: skip
    found: AgreementRow | None = columns.chosen(selection, rows)
    return found


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    chips = {_(word): COLOURS[state] for state, word in STATES.items()}
    return {
        "number": columns.text(_("Folio"), width=92), "customer": columns.text(_("Cliente"), width=226),
        "state": columns.chips(_("Estado"), chips, width=112), "total": columns.money(_("Total"), width=112),
        "came": columns.money(_("Recibido"), width=108), "currency": columns.text(_("Moneda"), width=66),
        "next_on": columns.date(_("Siguiente pago"), width=104),
        "next_amount": columns.money(_("Importe"), width=104), "last_on": columns.date(_("Último pago"), width=92),
        "proposed_by": columns.text(_("Lo propuso"), width=92),
    }  # fmt: skip


def sheet(actor: Actor, view: str, customer: str | None) -> Sheet:
    """The rows of the view as a file."""
    with reading() as session:
        rows = agreements(session, actor, as_of=today(), customer=customer)
    return made_sheet(of_view(rows, view), told(view, customer))


def inbox(actor: Actor) -> AgreementRow | None:
    """What waits for this user's decision; returns the one chosen."""
    if not actor.may(Permission.APPROVE_AGREEMENT):
        return None
    with guard.reading() as session:
        rows = waiting(session, actor, as_of=today())
    if not rows:
        return None
    with frame.card("inbox"):
        st.markdown(f"### :material/order_approve: {_('Esperan su decisión')}")
        return table(rows, key="convenios_por_aprobar")
