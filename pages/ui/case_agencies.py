"""Agencies: what each recovered and earned in a period, and the catalogue."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Sheet
from core.i18n import _
from core.legal.paper import recoveries_sheet
from core.legal.queries import AgencyRow, agencies
from core.legal.recoveries import agency_totals, recoveries
from pages.ui import case_forms, columns, downloads, frame, guard


class _Agency(NamedTuple):
    agency: str
    commission_pct: Decimal
    cases: int
    currency: str
    handed: Decimal
    recovered: Decimal
    commission: Decimal


def show(actor: Actor) -> None:
    """What each agency recovered and earned in a period; below, the catalogue."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.date_input(
            _("Desde"), today().replace(day=1), format="DD/MM/YYYY", key="desde", bind="query-params", width=142
        )
        end = st.date_input(_("Hasta"), today(), format="DD/MM/YYYY", key="hasta", bind="query-params", width=142)
        st.space("stretch")
        downloads.buttons(lambda who: _recoveries_file(who, start, end), _("recuperado"), key="recuperado")
    with guard.reading() as session:
        rows = agency_totals(recoveries(session, actor, start=start, end=end))
        known = agencies(session, actor)
    with frame.card("recovered"):
        st.markdown(f"### {_('Recuperado y comisión del periodo')}")
        if rows:
            _agency_table([_Agency(*one) for one in rows])
        else:
            st.caption(_("Ningún expediente en despachos en este periodo."))
        st.caption(_("Cuenta el dinero aplicado a los documentos entregados, desde la entrega, menos lo deshecho."))
    with frame.card("agencies"):
        _catalogue(actor, known)


def _agency_table(rows: list[_Agency]) -> None:
    columns.grid(
        rows,
        {
            "agency": columns.text(_("Despacho"), width=220), "cases": columns.number(_("Expedientes hoy"), width=116),
            "handed": columns.money(_("Entregado"), width=124),
            "recovered": columns.money(_("Recuperado"), width=124),
            "commission": columns.money(_("Comisión"), width=112), "currency": columns.text(_("Moneda"), width=70),
        },
        key="despachos_periodo", phone={"agency": 120, "recovered": 100, "commission": 96},
        height=35 * (min(len(rows), 12) + 1) + 2, alt=_("Despachos con lo recuperado y su comisión"),
    )  # fmt: skip


def _catalogue(actor: Actor, known: list[AgencyRow]) -> None:
    may = actor.may(Permission.APPROVE_HAND_OVER)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Despachos')}", width="content")
        st.space("stretch")
        if may and st.button(_("Nuevo despacho"), key="agency_new", icon=":material/add:"):
            case_forms.agency(None)
    if not known:
        st.caption(_("Todavía no hay ninguno."))
        return
    selection = columns.grid(
        known,
        {
            "name": columns.text(_("Despacho"), width=220), "contact": columns.text(_("Contacto"), width=160),
            "phone": columns.text(_("Teléfono"), width=120), "email": columns.text(_("Correo"), width=180),
            "commission_pct": columns.percent(_("Comisión"), width=90), "active": columns.yes_no(_("Activo"), width=70),
        },
        key="despachos", phone={"name": 130, "phone": 110, "commission_pct": 80},
        height=35 * (min(len(known), 12) + 1) + 2, alt=_("Catálogo de despachos"),
        **({"on_select": "rerun", "selection_mode": "single-row"} if may else {}),
    )  # fmt: skip
    chosen = columns.chosen(selection, known) if may else None
    if chosen is not None and st.button(
        _("Cambiar {name}").format(name=chosen.name), key="agency_change", icon=":material/edit:"
    ):
        case_forms.agency(chosen)


def _recoveries_file(actor: Actor, start: date, end: date) -> Sheet:
    with reading() as session:
        return recoveries_sheet(recoveries(session, actor, start=start, end=end), start, end)
