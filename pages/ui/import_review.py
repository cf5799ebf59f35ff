"""Third step of an import: what would happen with each row, and what to do with the bad ones."""

import contextvars
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.auth.actor import Actor
from core.i18n import _, money, number, plural
from core.importers import layouts, rejected
from core.importers.base import Prepared, State
from core.importers.dates import Order
from core.importers.preview import Preview, Which, preview
from core.importers.refusals import BadValue
from core.importers.values import rate as read_rate
from pages.ui import columns, downloads, figures, frame, guard, import_desk
from pages.ui.import_columns import labels
from pages.ui.import_desk import Desk
from pages.ui.text import plain


def show(actor: Actor, desk: Desk) -> None:
    """Choices, counts, rows, and on to the confirmation."""
    choices = st.container(horizontal=True, vertical_alignment="bottom")
    with choices:
        _layout(desk)
        order = st.container(width=260)
        _customers(desk)
        _rate(desk)
    prepared = desk.prepared(actor)
    with order:
        _order(desk, prepared)
    if prepared is None:
        _bar(desk, None)
        return
    _counts(desk, prepared)
    left, right = st.columns([31, 11])
    with left, frame.card("rows", height="stretch"):
        _rows(desk, prepared)
    with right, frame.card("decision", height="stretch"):
        _decision(desk, prepared)
    _bar(desk, prepared)


# ------------------------------------------------------------------ choices
def _layout(desk: Desk) -> None:
    with guard.reading() as session:
        names = [one.name for one in layouts.listed(session, desk.kind_name)]
        options = ["", *names]
        now = desk.layout.name if desk.layout and desk.layout.name in names else ""
        by_name = _("Columnas a mano") if desk.by_hand else _("Columnas por su nombre")
        name = st.selectbox(
            _("Formato del archivo"), options, options.index(now), key="carga_formato", width=260,
            format_func=lambda one: layouts.title(one) if one else by_name,
        )  # fmt: skip
        if name != now:
            desk.layout = layouts.layout(session, name) if name else None
            desk.by_hand = desk.create_customers = None
            st.rerun()


def _order(desk: Desk, prepared: Prepared | None) -> None:
    proved = prepared.parsed.order if prepared and desk.order is None else None
    words = {
        "": {
            None: _("Según el archivo"), Order.DMY: _("Día/mes/año (comprobado)"),
            Order.MDY: _("Mes/día/año (comprobado)"), Order.YMD: _("Año/mes/día (comprobado)"),
        }[proved],
        Order.DMY: _("Día/mes/año"), Order.MDY: _("Mes/día/año"), Order.YMD: _("Año/mes/día"),
    }  # fmt: skip
    options = list(words)
    order = st.selectbox(
        _("Orden de las fechas"), options, options.index(desk.order or ""), key="carga_orden",
        format_func=words.__getitem__,
    )  # fmt: skip
    if order != (desk.order or ""):
        desk.order = Order(order) if order else None
        st.rerun()


def _customers(desk: Desk) -> None:
    spec = desk.spec()
    if not desk.kind.made:
        return
    now = bool(spec and spec.create_customers)
    words = {False: _("Apartar el renglón"), True: _("Crearlo con el nombre del archivo")}
    create = st.selectbox(
        _("Si el cliente no existe"), [False, True], int(now), key="carga_clientes", width=280,
        format_func=words.__getitem__,
    )  # fmt: skip
    if create != now:
        desk.make_customers(create)
        st.rerun()


def _rate(desk: Desk) -> None:
    if not any(one.name == "exchange_rate" for one in desk.kind.fields):
        return
    now = f"{Decimal(desk.rate).scaleb(-6):f}" if desk.rate else ""
    typed = st.text_input(
        _("Tipo de cambio"), now, key="carga_cambio", width=150, placeholder=_("de la tabla"),
        help=_("Para moneda extranjera cuyo renglón no trae el suyo; vacío, el último de la tabla."),
    )  # fmt: skip
    try:
        rate = int(read_rate(typed).scaleb(6)) if typed else None
    except BadValue as error:
        st.error(plain(error.sentence()))
        return
    if rate != desk.rate:
        desk.rate = rate
        st.rerun()


# ------------------------------------------------------------------ what would happen
def _counts(desk: Desk, prepared: Prepared) -> None:
    summary = prepared.summary()
    totals = list(summary["total"].items())
    first = totals[0] if totals else None
    header = _("encabezado en la fila {row}").format(row=prepared.parsed.columns.header + 1)
    cards: list[tuple[str, str, str]] = [
        (_("Leídos"), number(summary["read"]), header),
        (_("Nuevos"), number(summary["new"]),
         plural("{n} se actualiza", "{n} se actualizan", summary["updated"]) if summary["updated"] else _("se cargan")),
        (_("Ya estaban"), number(summary["repeated"]), _("iguales: no cambian nada")),
        (_("Con error"), number(summary["rejected"]), _("no se cargan; abajo, el motivo")),
        (_("Total nuevo"), figures.compact(first[1]) if first else figures.no_data(),
         " · ".join(money(amount, currency) for currency, amount in totals) or _("sin importes")),
    ]  # fmt: skip
    with st.grid(5, min_column_width=158):
        for place, (label, value, text) in enumerate(cards):
            with frame.card(f"count-{place}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(text))


def _states() -> dict[State, str]:
    return {
        State.NEW: _("Se carga"), State.UPDATED: _("Se actualiza"), State.REPEATED: _("Ya estaba"),
        State.BAD: _("Error"),
    }  # fmt: skip


def _rows(desk: Desk, prepared: Prepared) -> None:
    found = preview(prepared)
    words = {
        Which.BAD: _("Con error ({n})").format(n=number(found.bad)),
        Which.WARNED: _("Avisos ({n})").format(n=number(found.warned)),
        Which.FIRST: _("Primeros 200"),
    }
    start = Which.BAD if found.bad else Which.FIRST
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"### {_('Revisión')}")
        which = st.segmented_control(
            _("Renglones"), list(words), default=start, key="carga_cuales", format_func=words.__getitem__,
            required=True, label_visibility="collapsed",
        )  # fmt: skip
    if which is not Which.FIRST:
        found = preview(prepared, Which(which))
    _table(desk, found)


def _table(desk: Desk, found: Preview) -> None:
    states = _states()
    words = labels(desk.kind)
    data: dict[str, list[Any]] = {
        "row": [one.row for one in found.rows], "state": [[states[one.state]] for one in found.rows],
        "reason": [one.reason for one in found.rows],
    }  # fmt: skip
    for place, name in enumerate(found.fields):
        data[name] = [one.cells[place] for one in found.rows]
    colours = dict(zip(states.values(), ("green", "blue", "gray", "red"), strict=True))
    shown = {
        "row": columns.number(_("Fila"), width=60), "state": columns.chips(_("Estado"), colours, width=110),
        "reason": columns.text(_("Motivo"), width=420),
    } | {name: columns.text(words[name].removesuffix(" *"), width=130) for name in found.fields}  # fmt: skip
    with st.container(key="carga_renglones"):
        st.dataframe(
            pd.DataFrame(data), column_config=shown, hide_index=True, row_height=35, placeholder="",
            height=35 * (min(len(found.rows), 11) + 1) + 2,
            alt=_("Renglones del archivo, con lo que pasará con cada uno"),
        )  # fmt: skip


def _decision(desk: Desk, prepared: Prepared) -> None:
    bad = len(prepared.bad)
    if bad:
        st.markdown(f"### {plural('{n} renglón con error', '{n} renglones con error', bad)}")
        st.markdown(_("Como está, **no se carga nada**. Elija:"))
        good = prepared.counts()["read"] - bad
        words = [
            _("Corregir el archivo y volver a subirlo"),
            _("Cargar los buenos ({good}) y apartar los malos ({bad})").format(good=number(good), bad=number(bad)),
        ]
        desk.skip_bad_rows = bool(
            st.radio(_("Qué hacer"), [0, 1], int(desk.skip_bad_rows), format_func=words.__getitem__,
                     key="carga_decision", label_visibility="collapsed")
        )  # fmt: skip
        apart(prepared)
        st.caption(_("El archivo lleva el motivo de cada renglón en la última columna: corríjalo y súbalo solo."))
    else:
        desk.skip_bad_rows = False
        st.markdown(f"### {_('Sin errores')}")
        st.markdown(_("Todos los renglones se entienden."))
    if warnings := prepared.warnings():
        st.info(import_desk.told(warnings), icon=":material/info:")


def apart(prepared: Prepared) -> None:
    """The bad rows with their reasons, to download."""
    context = contextvars.copy_context()
    st.download_button(
        plural("Descargar el apartado", "Descargar los {n} apartados", len(prepared.bad)),
        lambda: context.copy().run(rejected.as_xlsx, prepared), f"{_('renglones_apartados')}.xlsx", downloads.EXCEL,
        icon=":material/download:", key="carga_apartados", on_click="ignore", width="stretch",
    )  # fmt: skip


def _bar(desk: Desk, prepared: Prepared | None) -> None:
    ready = prepared is not None and (not prepared.bad or desk.skip_bad_rows)
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(sentence(prepared, desk) if prepared is not None else "", width="stretch")
        if st.button(_("Otro archivo"), key="carga_otro"):
            desk.clear()
            st.rerun()
        if st.button(_("Volver a columnas"), icon=":material/arrow_back:", key="carga_volver"):
            desk.go(import_desk.COLUMNS)
        if st.button(
            _("Continuar a confirmar"), type="primary", icon=":material/arrow_forward:", icon_position="right",
            key="carga_confirmar", disabled=not ready,
        ):  # fmt: skip
            desk.go(import_desk.CONFIRM)


def sentence(prepared: Prepared, desk: Desk) -> str:
    """What would be saved, in one line."""
    summary = prepared.summary()
    said = [plural("{n} renglón nuevo", "{n} renglones nuevos", summary["new"])]
    if summary["updated"]:
        said.append(plural("{n} se actualiza", "{n} se actualizan", summary["updated"]))
    said += [money(amount, currency) for currency, amount in summary["total"].items()]
    text = f"**{plain(' · '.join(said))}**"
    if summary["rejected"]:
        apart = plural("{n} apartado", "{n} apartados", summary["rejected"])
        wrong = plural("{n} con error", "{n} con error", summary["rejected"])
        text += f" · {plain(apart if desk.skip_bad_rows else wrong)}"
    return text
