"""The rows behind a figure of productivity, and the form of a collector's goals."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.collections.outcomes import cause_label, channel_label, outcome_label
from core.customers.queries import collectors_for
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _
from core.supervision import figures
from core.supervision.goals import goals, set_goal
from core.supervision.productivity import Asked, By, Productivity
from pages.ui import address, columns, downloads, forms, guard, productivity_view
from pages.ui.text import plain

FORM = "meta"
#: So many rows are drawn; the file has all.
_MOST = 300
_STATUS = {
    "kept": N_("✓ Cumplida"), "partly_kept": N_("◐ En parte"), "broken": N_("✕ Rota"), "pending": N_("○ Pendiente")
}  # fmt: skip


class _Part(NamedTuple):
    """One kind of rows: its word, how they are read, and their columns."""

    word: str
    read: Callable[..., list[Any]]
    shown: tuple[tuple[str, str, Kind], ...]


_CUSTOMER = (("customer_code", N_("Clave"), Kind.TEXT), ("customer", N_("Cliente"), Kind.TEXT))
_PARTS = {
    "contactos": _Part(N_("Contactos"), figures.contacts, (
        ("contacted_on", N_("Fecha"), Kind.DATE), *_CUSTOMER, ("channel", N_("Medio"), Kind.TEXT),
        ("outcome", N_("Resultado"), Kind.TEXT), ("person", N_("Con quién"), Kind.TEXT),
        ("collector", N_("Gestor"), Kind.TEXT), ("notes", N_("Notas"), Kind.TEXT),
    )),
    "promesas": _Part(N_("Promesas hechas"), figures.promises_made, (
        ("number", N_("Folio"), Kind.TEXT), *_CUSTOMER, ("made_on", N_("Hecha el"), Kind.DATE),
        ("promised_on", N_("Para el"), Kind.DATE), ("amount", N_("Importe"), Kind.AMOUNT),
        ("collector", N_("Gestor"), Kind.TEXT),
    )),
    "cumplimiento": _Part(N_("Promesas del periodo"), figures.promises_due, (
        ("number", N_("Folio"), Kind.TEXT), *_CUSTOMER, ("promised_on", N_("Para el"), Kind.DATE),
        ("amount", N_("Importe"), Kind.AMOUNT), ("paid", N_("Pagado"), Kind.AMOUNT),
        ("status", N_("Estado"), Kind.TEXT), ("collector", N_("Gestor"), Kind.TEXT),
    )),
    "recuperado": _Part(N_("Recuperado"), figures.recovered, (
        ("applied_on", N_("Aplicado el"), Kind.DATE), *_CUSTOMER, ("payment", N_("Pago"), Kind.TEXT),
        ("document", N_("Documento"), Kind.TEXT), ("days_late", N_("Días de atraso"), Kind.INTEGER),
        ("amount", N_("Importe"), Kind.AMOUNT),
    )),
    "atencion": _Part(N_("Por contactar"), figures.worth_contacting, (
        *_CUSTOMER, ("collector", N_("Gestor"), Kind.TEXT), ("region", N_("Región"), Kind.TEXT),
        ("overdue", N_("Vencido"), Kind.AMOUNT), ("oldest_due_on", N_("Vence desde"), Kind.DATE),
        ("contacts", N_("Contactos"), Kind.INTEGER),
    )),
}  # fmt: skip
_PARTS["causas"] = _Part(N_("Causas de atraso"), figures.causes, (
    ("cause", N_("Causa"), Kind.TEXT), ("customers", N_("Clientes"), Kind.INTEGER),
    ("contacts", N_("Contactos"), Kind.INTEGER), ("overdue", N_("Vencido"), Kind.AMOUNT),
))  # fmt: skip
_CONFIGS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: columns.text, Kind.AMOUNT: columns.money, Kind.DATE: columns.date, Kind.INTEGER: columns.number,
}  # fmt: skip


class _Line:
    """A row in words."""

    def __init__(self, row: Any) -> None:
        for name, value in row._asdict().items():
            setattr(self, name, _SAID[name](value) if name in _SAID and value else value)


_SAID: dict[str, Callable[[str], str | None]] = {
    "channel": channel_label, "outcome": outcome_label, "cause": cause_label,
    "status": lambda code: _(_STATUS.get(code, code)),
}  # fmt: skip


def show(actor: Actor, asked: Asked, by: By, one: Productivity | None) -> None:
    """What a row (or, without one, everything) is made of."""
    scope = asked
    if one is not None:
        scope = asked._replace(collector=one.key) if by is By.COLLECTOR else asked._replace(region=one.key)
    with st.container(horizontal=True, vertical_alignment="center"):
        address.understood("detalle", _PARTS, lambda key: _(_PARTS[key].word))
        part = st.segmented_control(
            _("Detalle"), list(_PARTS), default="contactos", format_func=lambda key: _(_PARTS[key].word),
            required=True, key="detalle", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.space("stretch")
        chosen = _PARTS[part]
        downloads.buttons(lambda who: _sheet(who, scope, chosen), _(chosen.word).lower(), key=f"detalle_{part}")
    with guard.reading() as session:
        rows = chosen.read(session, actor, asked=scope, limit=_MOST)
    whose = _("todos") if one is None else plain(one.name or _("Sin asignar"))
    st.caption(_("{part} de {who}").format(part=plain(_(chosen.word)), who=whose))
    if not rows:
        st.markdown(_("No hay renglones en este periodo."))
        return
    columns.grid(
        [_Line(row) for row in rows], {key: _CONFIGS[kind](_(title)) for key, title, kind in chosen.shown},
        key=f"detalle_{part}_tabla", height=35 * (min(len(rows), 10) + 1) + 2, alt=_(chosen.word),
    )  # fmt: skip
    if len(rows) == _MOST:
        st.caption(_("Se muestran los primeros {n}; el archivo los trae todos.").format(n=_MOST))


def _sheet(actor: Actor, asked: Asked, part: _Part) -> Sheet:
    with reading() as session:
        rows = [_Line(row) for row in part.read(session, actor, asked=asked)]
    return Sheet(
        title=_(part.word),
        columns=[Column(key, _(title), kind, total=kind is Kind.AMOUNT) for key, title, kind in part.shown],
        rows=[[getattr(row, key) for key, _title, _kind in part.shown] for row in rows],
        notes=[productivity_view.told(asked)],
    )  # fmt: skip


def goal_dialog() -> None:
    """Opens the form of a collector's goals."""
    guard.dialog(_("Metas de un gestor"), position="right", width="medium")(_goal)()


def _goal() -> None:
    actor, month = guard.here().actor, productivity_view.month_of(today())
    with guard.reading() as session:
        known, now = collectors_for(session, actor), goals(session, actor, month=month)
    if not known:
        st.markdown(_("No hay gestores activos. Quien administra el sistema los da de alta en Usuarios."))
        return
    collector = st.selectbox(_("Gestor"), list(known), format_func=known.__getitem__, key=forms.key(FORM, "quien"))
    if collector in now:
        st.caption(plain(_("Ahora: {goal}").format(goal=productivity_view.goal_told(now[collector]))))
    recovered = forms.amount_input(_("Recuperar al mes"), FORM, "recuperar", icon=":material/attach_money:")
    contacts = st.number_input(_("Contactos al mes"), 0, 1_000_000, None, key=forms.key(FORM, "contactos"))
    kept = st.text_input(_("Promesas cumplidas, %"), key=forms.key(FORM, "cumplir"), placeholder="80") or ""
    st.caption(_("Vale desde este mes hasta que otro mes tenga una meta nueva."))
    if st.button(_("Fijar metas"), key=forms.key(FORM, "guardar"), type="primary", width="stretch"):
        forms.submit(
            lambda session: set_goal(
                session, actor, collector=collector, month=month,
                recovered=forms.amount(recovered) if recovered else None, contacts=contacts, kept_pct=_percent(kept),
            ).id,
            form=FORM, done=_("Metas guardadas."),
        )  # fmt: skip


def _percent(typed: str) -> Decimal | None:
    """A percentage as typed; what is none is refused by the command as out of range."""
    text = typed.replace("%", "").strip()
    if not text:
        return None
    try:
        return Decimal(text).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return Decimal(-1)
