"""Who would move if a strategy were saved: places before and after, who enters, who leaves."""

from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.collections.rules import Rules
from core.collections.strategies import checked
from core.collections.worklist import Move, Simulation, simulate
from core.db import reading
from core.errors import DomainError
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, plural
from pages.ui import columns, downloads, frame, refusal

MOST = 200


class Line(NamedTuple):
    """A move in words."""

    customer: str
    name: str
    segment: str
    before: int | None
    after: int | None
    what: str
    score_before: int | None
    score_after: int | None
    overdue: Decimal


def show(actor: Actor, typed: Rules | DomainError, *, asked: bool) -> None:
    """The simulation of what stands in the fields, from the moment it is asked for until the strategy is saved."""
    if asked:
        st.session_state["strategy_shown"] = True
    if not st.session_state.get("strategy_shown"):
        return
    if isinstance(typed, DomainError):
        refusal.lines(typed, _("No se puede simular."))
        return
    try:
        found = _simulated(actor, typed)
    except DomainError as error:
        refusal.lines(error, _("No se puede simular."))
        return
    with frame.card("simulacion"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_('Quién se movería')}**  \n{_sums(found)}")
            st.space("stretch")
            if found.moves:
                downloads.buttons(lambda who: _sheet(who, typed), _("simulacion"), key="simulacion")
        if not found.moves:
            st.caption(_("Nadie: con esta estrategia la agenda de hoy queda igual."))
            return
        rows = lines(found.moves[:MOST])
        columns.grid(
            rows, _columns(), key="movimientos_simulados", height=35 * (min(len(rows), 15) + 1) + 2,
            phone={"name": 150, "before": 60, "after": 60}, alt=_("Lugar de cada cliente antes y después del cambio"),
        )  # fmt: skip
        if len(found.moves) > MOST:
            st.caption(_("Se ven los primeros {n}; el archivo los tiene todos.").format(n=MOST))


def _simulated(actor: Actor, rules: Rules) -> Simulation:
    with reading() as session:
        return simulate(session, actor, as_of=today(), rules=checked(rules))


def _sums(found: Simulation) -> str:
    told = (
        plural("entra {n}", "entran {n}", found.entered), plural("sale {n}", "salen {n}", found.left),
        plural("cambia de lugar o de puntos {n}", "cambian de lugar o de puntos {n}",
               len(found.moves) - found.entered - found.left),
        _("la agenda pasa de {before} a {after}").format(before=f"{found.before:,}", after=f"{found.after:,}"),
    )  # fmt: skip
    return " · ".join(told)


def lines(moves: list[Move]) -> list[Line]:
    """Moves in words."""
    return [
        Line(
            one.customer, one.name, one.segment or "", one.before, one.after, _what(one), one.score_before,
            one.score_after, one.overdue,
        )
        for one in moves
    ]  # fmt: skip


def _what(one: Move) -> str:
    if one.before is None:
        return _("Entra")
    if one.after is None:
        return _("Sale")
    if one.before == one.after:
        return _("Igual lugar")
    up, places = one.after < one.before, abs(one.before - one.after)
    told = (_("Sube {n}"), _("Baja {n}"))
    return told[0 if up else 1].format(n=f"{places:,}")


def _columns() -> dict[str, Any]:
    return {
        "customer": columns.text(_("Cliente"), width=80), "name": columns.text(_("Nombre"), width=260),
        "segment": columns.text(_("Segmento"), width=110), "before": columns.number(_("Lugar hoy"), width=84),
        "after": columns.number(_("Lugar nuevo"), width=90), "what": columns.text(_("Cambio"), width=100),
        "score_before": columns.number(_("Puntos hoy"), width=88),
        "score_after": columns.number(_("Puntos nuevos"), width=100), "overdue": columns.money(_("Vencido"), width=120),
    }  # fmt: skip


def _sheet(actor: Actor, rules: Rules) -> Sheet:
    found = _simulated(actor, rules)
    titles = (
        _("Cliente"), _("Nombre"), _("Segmento"), _("Lugar hoy"), _("Lugar nuevo"), _("Cambio"), _("Puntos hoy"),
        _("Puntos nuevos"), _("Vencido"),
    )  # fmt: skip
    kinds = (*(Kind.TEXT,) * 3, *(Kind.INTEGER,) * 2, Kind.TEXT, *(Kind.INTEGER,) * 2, Kind.AMOUNT)
    return Sheet(
        title=_("Simulación de la estrategia"),
        columns=[Column(key, title, kind) for key, title, kind in zip(Line._fields, titles, kinds, strict=True)],
        rows=lines(found.moves), totals_by="", notes=[day(today()), rules.segment or _("Todos los demás")],
    )  # fmt: skip
