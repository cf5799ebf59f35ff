"""Lists of the legal screen: cases by stage, candidates, hearings ahead."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Sheet
from core.i18n import N_, _, day, plural
from core.legal.candidates import Candidate, candidates
from core.legal.paper import candidates_sheet, cases_sheet
from core.legal.queries import CaseRow, cases, hearings
from core.legal.words import STAGES, Stage, reasons
from core.legal.words import stage as stage_word
from core.policies.settings import company_currency
from pages.ui import address, columns, downloads, empty, frame, guard, kept, menu
from pages.ui.text import plain

COLOURS = {Stage.INTERNAL: "gray", Stage.PRELEGAL: "yellow", Stage.AGENCY: "orange", Stage.LEGAL: "red"}
CASES, CANDIDATES, HEARINGS, AGENCIES = "cases", "candidates", "hearings", "agencies"
_VIEWS = {
    CASES: N_("Expedientes"), CANDIDATES: N_("Candidatos"), HEARINGS: N_("Audiencias"), AGENCIES: N_("Despachos"),
}  # fmt: skip
_WEEKS = 8


def view() -> str:
    """Which list; in the address."""
    address.understood("ver", _VIEWS, lambda one: _(_VIEWS[one]))
    chosen = st.segmented_control(
        _("Ver"), list(_VIEWS), default=CASES, format_func=lambda one: _(_VIEWS[one]), required=True, key="ver",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen)


def stage_filter(view: str) -> Stage | None:
    """One stage or all, for the lists that have them; in the address."""
    if view not in (CASES, CANDIDATES):
        return None
    offered = [one for one in STAGES if view == CASES or one is not Stage.INTERNAL]
    address.understood("etapa", offered, stage_word)
    chosen = st.selectbox(
        _("Etapa"), offered, index=None, format_func=stage_word, placeholder=_("Todas las etapas"), key="etapa",
        bind="query-params", label_visibility="collapsed", width=190,
    )  # fmt: skip
    return Stage(chosen) if chosen is not None else None


def badge(stage: str | None) -> str:
    """A stage as a badge in Markdown."""
    if stage is None:
        return f":blue-badge[{plain(_('Por entregar'))}]"
    return f":{COLOURS[Stage(stage)]}-badge[{plain(stage_word(stage))}]"


def _chips() -> dict[str, str]:
    return {stage_word(one): colour for one, colour in COLOURS.items()} | {_("Por entregar"): "blue"}


# ------------------------------------------------------------------ cases
class _Case(NamedTuple):
    number: str
    customer: str
    stage: str
    since: date | None
    agency: str
    currency: str
    handed: Decimal
    open_now: Decimal
    waiting: str
    hearing_on: date | None
    prescribes_on: date | None


def case_rows(actor: Actor, stage: Stage | None, customer: str | None) -> list[CaseRow]:
    """The cases of the filters."""
    with guard.reading() as session:
        return cases(session, actor, as_of=today(), stage=stage, customer=customer)


def counts(actor: Actor, customer: str | None) -> None:
    """How many cases are in each stage, and how many wait; each figure opens its rows."""
    rows = case_rows(actor, None, customer)
    with st.grid(4, min_column_width=158):
        for stage in (Stage.PRELEGAL, Stage.AGENCY, Stage.LEGAL):
            many = len({one.number for one in rows if one.stage == stage})
            with frame.card(f"count_{stage}", height="stretch", gap="xxsmall"):
                st.metric(stage_word(stage), many)
                st.button(
                    _("Ver cuáles"), key=f"see_{stage}", type="tertiary", icon=":material/chevron_right:",
                    disabled=not many, on_click=_open, args=(stage,),
                )  # fmt: skip
        waits = len({one.number for one in rows if one.waiting})
        with frame.card("count_waiting", height="stretch", gap="xxsmall"):
            st.metric(_("Por aprobar"), waits)
            st.caption(_("Van primero en la lista."))


def _open(stage: Stage) -> None:
    st.session_state["etapa"] = stage


def case_table(rows: list[CaseRow]) -> CaseRow | None:
    """The table; returns the case that was chosen."""
    shown = [
        _Case(
            one.number, f"{one.customer_code} · {one.customer}",
            stage_word(one.stage) if one.stage else _("Por entregar"), one.since, one.agency or one.lawyer or "",
            one.currency, one.handed, one.open_now, stage_word(one.waiting) if one.waiting else "", one.hearing_on,
            one.prescribes_on,
        )
        for one in rows
    ]  # fmt: skip
    selection = columns.grid(
        shown,
        {
            "number": columns.text(_("Expediente"), width=92), "customer": columns.text(_("Cliente"), width=190),
            "stage": columns.chips(_("Etapa"), _chips(), width=126),
            "waiting": columns.text(_("Por aprobar"), width=84),
            "handed": columns.money(_("Entregado"), width=106), "open_now": columns.money(_("Saldo hoy"), width=104),
            "agency": columns.text(_("Despacho o abogado"), width=112), "since": columns.date(_("Desde"), width=86),
            "hearing_on": columns.date(_("Audiencia"), width=88),
            "prescribes_on": columns.date(_("Prescribe"), width=88),
            "currency": columns.text(_("Moneda"), width=66),
        },
        key="lista_expedientes", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 14) + 1) + 2, phone={"customer": 96, "stage": 116, "open_now": 92},
        alt=_("Expedientes con su etapa y lo que se debe"),
    )  # fmt: skip
    found: CaseRow | None = columns.chosen(selection, rows)
    return found


def cases_file(actor: Actor, stage: Stage | None, customer: str | None) -> Sheet:
    """The cases of the filters as a file."""
    with reading() as session:
        rows = cases(session, actor, as_of=today(), stage=stage, customer=customer)
    notes = [" · ".join(one for one in (stage_word(stage) if stage else "", customer or "", day(today())) if one)]
    return cases_sheet(rows, notes)


# ------------------------------------------------------------------ candidates
class _Candidate(NamedTuple):
    customer: str
    current: str
    proposed: str
    days: int
    overdue: Decimal
    broken: int
    reasons: str
    collector: str | None


def candidate_view(actor: Actor, stage: Stage | None) -> None:
    """Who fulfils the conditions of the settings; choosing one begins the hand-over."""
    rows = kept.read(candidates, actor, as_of=today(), stage=stage)
    if not rows:
        empty.state(_("Ningún candidato"), _("Nadie cumple las condiciones de una etapa siguiente."), icon="task_alt")
        return
    with guard.reading() as session:
        currency = company_currency(session)
    with frame.card("candidates"):
        with st.container(horizontal=True, vertical_alignment="center"):
            told = plural("{n} cliente", "{n} clientes", len(rows))
            st.caption(plain(_("{customers}; importes en {currency}").format(customers=told, currency=currency)))
            st.space("stretch")
            downloads.buttons(lambda who: _candidates_file(who, stage), _("candidatos"), key="candidatos")
        chosen = _candidate_table(rows)
    if chosen is not None and actor.may(Permission.HAND_OVER):
        menu.go("cases", entregar=chosen.proposed, cliente=chosen.customer_code)
    elif chosen is not None:
        menu.go("customer", cliente=chosen.customer_code)


def _candidate_table(rows: list[Candidate]) -> Candidate | None:
    shown = [
        _Candidate(
            f"{one.customer_code} · {one.customer}", stage_word(one.current), stage_word(one.proposed), one.days,
            one.overdue, one.broken, reasons(one), one.collector,
        )
        for one in rows
    ]  # fmt: skip
    selection = columns.grid(
        shown,
        {
            "customer": columns.text(_("Cliente"), width=236), "proposed": columns.chips(_("Pasaría a"), _chips(),
            width=130), "overdue": columns.money(_("Vencido"), width=118), "days": columns.number(_("Días"), width=58),
            "reasons": columns.text(_("Por qué"), width=250), "current": columns.text(_("Está en"), width=112),
            "collector": columns.text(_("Gestor"), width=96),
        },
        key="candidatos", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 16) + 1) + 2, phone={"customer": 96, "proposed": 116, "overdue": 92},
        alt=_("Clientes que cumplen las condiciones de otra etapa"),
    )  # fmt: skip
    found: Candidate | None = columns.chosen(selection, rows)
    return found


def _candidates_file(actor: Actor, stage: Stage | None) -> Sheet:
    with reading() as session:
        return candidates_sheet(candidates(session, actor, as_of=today(), stage=stage), [day(today())])


# ------------------------------------------------------------------ hearings
def hearing_view(actor: Actor) -> None:
    """The hearings of the next weeks, week by week."""
    with guard.reading() as session:
        rows = hearings(session, actor, as_of=today(), days=7 * _WEEKS)
    if not rows:
        empty.state(
            _("Sin audiencias"), _("Ninguna en las próximas {n} semanas.").format(n=_WEEKS), icon="event_available"
        )
        return
    monday = today() - timedelta(days=today().weekday())
    for week in range(_WEEKS + 1):
        start = monday + timedelta(weeks=week)
        of_week = [one for one in rows if start <= one.on_day < start + timedelta(weeks=1)]
        if not of_week:
            continue
        with frame.card(f"week_{week}"):
            st.markdown(f"**{plain(_('Semana del {day}').format(day=day(start)))}**")
            for place, one in enumerate(of_week):
                with st.container(horizontal=True, vertical_alignment="center", key=f"hearing_{week}_{place}"):
                    when = " ".join(part for part in (frame.long_day(one.on_day), one.at_time) if part)
                    st.markdown(f"**{plain(when)}**  \n{plain(one.what)}", width="stretch")
                    told = " · ".join(part for part in (one.customer, one.place, one.lawyer) if part)
                    st.caption(plain(told), width="stretch")
                    menu.link("cases", one.case, expediente=one.case)
