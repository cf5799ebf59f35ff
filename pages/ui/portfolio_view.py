"""The parts of the screen that gives customers to other collectors: loads, choice, preview, and the history of one."""

from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import local, today
from core.customers.assigning import Move
from core.customers.queries import collectors_for, values_of
from core.db import reading
from core.errors import DomainError
from core.files.table import Column, Kind, Sheet
from core.i18n import _, money, plural, shown
from core.supervision.portfolios import (
    Candidate,
    Load,
    afterwards,
    candidates,
    collectors_of,
    loads,
    planned,
    reassign,
)
from pages.ui import columns, empty, forms, frame, guard, menu, refusal
from pages.ui.text import all_of, plain

FORM = "reparto"
#: So many customers are offered at once, the most overdue first.
MOST = 500
_NOBODY = "\n"


class _Line(NamedTuple):
    """A load in words; `then` columns: what it would be."""

    name: str
    customers: int
    late: int
    balance: Decimal
    overdue: Decimal
    very_late: Decimal
    promises: int
    customers_then: int
    overdue_then: Decimal


def read_loads(actor: Actor) -> list[Load]:
    """What each carries now."""
    with guard.reading() as session:
        return loads(session, actor, as_of=today())


def table(now: list[Load], then: list[Load]) -> None:
    """Each collector's load, and beside it what it would be."""
    later = {one.collector: one for one in then}
    rows = [_line(one, later.get(one.collector, one)) for one in now]
    changed = {row.name for row in rows if row.customers != row.customers_then or row.overdue != row.overdue_then}
    shown_columns: dict[str, Any] = {
        "name": columns.text(_("Gestor"), width=170), "customers": columns.number(_("Clientes"), width=78),
        "late": columns.number(_("Con vencido"), width=90), "balance": columns.money(_("Saldo"), width=122),
        "overdue": columns.money(_("Vencido"), width=122), "very_late": columns.money(_("Más de 90 días"), width=122),
        "promises": columns.number(_("Promesas"), width=78),
    }  # fmt: skip
    if changed:
        shown_columns |= {
            "customers_then": columns.number(_("Tendría"), width=78),
            "overdue_then": columns.money(_("Vencido que tendría"), width=132),
        }
    columns.grid(
        rows, shown_columns, key="cargas", height=35 * (min(len(rows), 12) + 1) + 2,
        phone={"name": 130, "customers": 70, "overdue": 110}, alt=_("Cartera de cada gestor"),
    )  # fmt: skip


def _line(now: Load, then: Load) -> _Line:
    return _Line(_called(now), *now[2:], then.customers, then.overdue)


def _called(one: Load) -> str:
    return one.name or _("Sin gestor")


def sheet(actor: Actor) -> Sheet:
    """The loads as a file."""
    with reading() as session:
        rows = loads(session, actor, as_of=today())
    counts = {"customers": _("Clientes"), "late": _("Con vencido"), "promises": _("Promesas pendientes")}
    amounts = {"balance": _("Saldo"), "overdue": _("Vencido"), "very_late": _("Más de 90 días")}
    listed = [
        Column("name", _("Gestor"), width=30),
        *(Column(key, title, Kind.INTEGER, total=True) for key, title in counts.items()),
        *(Column(key, title, Kind.AMOUNT, total=True) for key, title in amounts.items()),
    ]
    return Sheet(
        title=_("Reparto de cartera"), columns=listed,
        rows=[[_called(one) if key == "name" else getattr(one, key) for key, *_rest in listed] for one in rows],
    )  # fmt: skip


def choose(actor: Actor, now: list[Load]) -> list[Candidate]:
    """Filters and the customers that they leave; those ticked are the ones to give away."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        wanted = _filters(actor, now)
    with guard.reading() as session:
        rows = candidates(session, actor, as_of=today(), **wanted, limit=MOST)
    if not rows:
        empty.state(_("Ningún cliente con estos filtros"), _("Quite un filtro."), icon="search_off")
        return []
    every = st.toggle(
        plural("Elegir el {n} de la lista", "Elegir los {n} de la lista", len(rows)), key=forms.key(FORM, "todos")
    )
    selection = columns.grid(
        rows, _candidate_columns(), key=forms.key(FORM, "clientes"), on_select="rerun", selection_mode="multi-row",
        height=35 * (min(len(rows), 12) + 1) + 2, phone={"legal_name": 140, "collector_name": 84, "overdue": 100},
        alt=_("Clientes, el de mayor vencido primero"),
    )  # fmt: skip
    if len(rows) == MOST:
        st.caption(_("Se muestran los {n} de mayor vencido; use los filtros para ver otros.").format(n=MOST))
    picked = [rows[place] for place in selection.selection.rows if place < len(rows)]
    if len(picked) == 1:
        _history(actor, picked[0])
    return rows if every else picked


def _filters(actor: Actor, now: list[Load]) -> dict[str, Any]:
    with guard.reading() as session:
        regions, segments = values_of(session, actor, "region"), values_of(session, actor, "segment")
    names = {one.collector or _NOBODY: _called(one) for one in now}
    holder = st.selectbox(
        _("De quién"), list(names), index=None, format_func=lambda one: names.get(one, one), placeholder=_("Todos"),
        key="reparto_de", width=150,
    )  # fmt: skip
    region = st.selectbox(_("Región"), regions, index=None, placeholder=all_of("region"), key="region",
                          bind="query-params", width=118)  # fmt: skip
    segment = st.selectbox(_("Segmento"), segments, index=None, placeholder=all_of("segment"), key="segmento",
                           bind="query-params", width=124)  # fmt: skip
    least = st.text_input(_("Vencido desde"), key="reparto_minimo", placeholder="0.00", width=104) or ""
    text = st.text_input(_("Buscar"), placeholder=_("Nombre, clave o RFC"), key="texto", icon=":material/search:",
                         bind="query-params", width=128)  # fmt: skip
    try:
        amount = forms.amount(least) if least.strip() else None
    except DomainError as error:
        refusal.lines(error)
        amount = None
    return {
        "collector": None if holder is None else holder.strip("\n"), "region": region, "segment": segment,
        "text": text or "", "least_overdue": amount,
    }  # fmt: skip


def _candidate_columns() -> dict[str, Any]:
    return {
        "code": columns.text(_("Clave"), width=66), "legal_name": columns.text(_("Cliente"), width=186),
        "collector_name": columns.text(_("Gestor"), width=104), "overdue": columns.money(_("Vencido"), width=106),
        "very_late": columns.money(_("Más de 90 días"), width=110), "region": columns.text(_("Región"), width=70),
        "segment": columns.text(_("Segmento"), width=100), "balance": columns.money(_("Saldo"), width=112),
        "oldest_due_on": columns.date(_("Vence desde"), width=94),
    }  # fmt: skip


def _history(actor: Actor, one: Candidate) -> None:
    """Who has had this customer before."""
    with guard.reading() as session:
        rows = collectors_of(session, actor, one.id)
    with st.expander(_("Gestores que ha tenido {name}").format(name=plain(one.legal_name))):
        if not rows:
            st.caption(_("No ha cambiado de gestor."))
        for row in rows:
            moved = f"{row.before or _('nadie')} → {row.after or _('nadie')}"
            about = " · ".join(part for part in (str(shown(local(row.at))), row.user, row.reason) if part)
            st.markdown(f"{plain(moved)} :small[{plain(about)}]")
        menu.link("customer", _("Ver cliente"), cliente=one.code)


def plan(actor: Actor, chosen: list[Candidate], now: list[Load]) -> list[Move]:
    """To whom the chosen ones would go; several collectors share them by what is overdue."""
    with guard.reading() as session:
        known = collectors_for(session, actor)
    targets = st.multiselect(
        _("Para quién"), list(known), format_func=known.__getitem__, key=forms.key(FORM, "para"),
        placeholder=_("Uno, o varios para repartirlos por igual"), disabled=not chosen,
    )  # fmt: skip
    return planned(chosen, targets, now) if chosen and targets else []


def preview(now: list[Load], chosen: list[Candidate], moves: list[Move]) -> list[Load]:
    """The loads as they would be."""
    return afterwards(now, chosen, moves) if moves else now


def save(actor: Actor, chosen: list[Candidate], moves: list[Move]) -> None:
    """The reason and the button."""
    going = [one for one in moves if (one.before or "") != one.after]
    reason = st.text_input(
        _("Motivo"), key=forms.key(FORM, "motivo"), max_chars=250, disabled=not chosen,
        placeholder=_("Queda en el historial de cada cliente"),
    ) or ""  # fmt: skip
    ids = {one.customer_id for one in going}
    overdue = sum((one.overdue for one in chosen if one.id in ids), Decimal("0.00"))
    st.caption(
        plain(_("Sus tareas pendientes pasan con ellos; quién ve a quién cambia al guardar."))
        if going else _("Elija clientes y a quién se los da.")
    )  # fmt: skip
    label = plural("Reasignar {n} cliente", "Reasignar {n} clientes", len(going))
    if st.button(
        f"{label} · {money(overdue)}".replace("$", r"\$") if going else label, key=forms.key(FORM, "guardar"),
        type="primary", icon=":material/swap_horiz:", disabled=not (going and reason.strip()), width="stretch",
    ):  # fmt: skip
        forms.submit(
            lambda session: reassign(session, actor, moves=going, reason=reason), form=FORM,
            lead=_("No se reasignó ninguno."),
            done=lambda count: plural("{n} cliente reasignado.", "{n} clientes reasignados.", count),
        )  # fmt: skip


def cards(now: list[Load]) -> None:
    """How uneven the portfolios are."""
    held = [one for one in now if one.collector]
    free = next((one.customers for one in now if not one.collector), 0)
    if not held:
        return
    most = max(held, key=lambda one: one.overdue)
    least = min(held, key=lambda one: one.overdue)
    shown_cards = (
        (_("Gestores"), f"{len(held):,}", _("con cartera o disponibles")),
        (_("Sin gestor"), f"{free:,}", plural("cliente sin quien lo atienda", "clientes sin quien los atienda", free)),
        (_("Más cargado"), most.name, _("vencido {amount}").format(amount=money(most.overdue))),
        (_("Menos cargado"), least.name, _("vencido {amount}").format(amount=money(least.overdue))),
    )  # fmt: skip
    with st.grid(4, min_column_width=158):
        for label, value, about in shown_cards:
            with frame.card(f"kpi-{label}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(about))
