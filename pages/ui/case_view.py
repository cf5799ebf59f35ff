"""One case: its stages and lists, steps and hearings, costs, what was recovered."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import streamlit as st

from core import clock, i18n
from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.i18n import _, day, money, plural
from core.legal.card import CaseCard, HandOverRow, case_card, cost_totals, handed_documents
from core.legal.paper import as_pdf, as_workbook, file_name, hand_over_told
from core.legal.queries import waiting_hand_overs
from core.legal.words import HandOverState, Stage
from core.legal.words import cost as cost_word
from core.legal.words import stage as stage_word
from core.legal.words import step as step_word
from core.portfolio.statement_files import letterhead
from pages.ui import case_forms, case_list, columns, downloads, frame, guard, menu, paper_button, people
from pages.ui.text import plain


class _Document(NamedTuple):
    number: str
    due_on: date
    currency: str
    proposed: Decimal
    handed: Decimal | None
    open_now: Decimal


class _Step(NamedTuple):
    on_day: date
    at_time: str
    kind: str
    what: str
    amount: Decimal | None
    result: str
    recorded_by: str


class _Cost(NamedTuple):
    on_day: date
    kind: str
    amount: Decimal
    currency: str
    what: str
    by: str


class _Recovery(NamedTuple):
    stage: str
    from_on: date
    until_on: date | None
    handed: Decimal
    recovered: Decimal
    commission: Decimal
    currency: str


def head(actor: Actor, one: CaseCard) -> None:
    """Stage and, for who may, the ways on and back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        since = _("desde el {day}").format(day=day(one.since)) if one.since else ""
        st.markdown(f"{case_list.badge(one.stage)} {plain(since)}", width="content")
        menu.link("customer", one.customer, cliente=one.customer_code)
        st.space("stretch")
        out = one.stage not in (None, Stage.INTERNAL)
        if actor.may(Permission.HAND_OVER) and st.button(
            _("Pasar a otra etapa"), key="case_on", icon=":material/arrow_forward:"
        ):
            menu.go("cases", entregar="1", cliente=one.customer_code)
        if (
            out
            and actor.may(Permission.APPROVE_HAND_OVER)
            and st.button(_("Devolver a interna"), key="case_back", icon=":material/undo:")
        ):
            case_forms.back(one.number)


def waits(actor: Actor, one: CaseCard) -> None:
    """The hand-over that waits, with its decision for who may."""
    with guard.reading() as session:
        found = [row for row in waiting_hand_overs(session, actor) if row.case == one.number]
    if not found:
        return
    with frame.card("waits"):
        row = found[0]
        where = row.agency or stage_word(row.stage)
        told = _("{by} propone pasar a {stage}: {reason}")
        st.markdown(f"### :material/order_approve: {plain(_('Entrega por aprobar'))}")
        st.markdown(plain(told.format(by=people.known_as(row.proposed_by), stage=where, reason=row.reason)))
        st.caption(plain(" · ".join(money(each.amount, each.currency) for each in found)))
        if actor.may(Permission.APPROVE_HAND_OVER) and row.proposed_by != actor.name:
            case_forms.decide(actor, row)
        else:
            st.caption(_("La aprueba o rechaza alguien distinto de quien la propuso."))


def stages(one: CaseCard) -> None:
    """Each stage with its list; the chosen one's documents, in PDF and Excel."""
    st.markdown(f"### {_('Etapas y relaciones de entrega')}")
    lists = [row for row in one.hand_overs if row.stage != Stage.INTERNAL]
    for row in one.hand_overs:
        remark = f" · {row.decision_note}" if row.decision_note else ""
        by = f"{row.proposed_by} → {row.decided_by}" if row.decided_by else row.proposed_by
        st.caption(plain(f"{hand_over_told(row)} · {by} · {row.reason}{remark}"))
    if not lists:
        return
    passed: HandOverRow = st.selectbox(
        _("Relación"), list(reversed(lists)), format_func=hand_over_told, key=f"relacion_{one.number}"
    )
    with guard.reading() as session:
        rows = handed_documents(session, guard.here().actor, hand_over_id=passed.hand_over_id)
    shown = [_Document(row.number, row.due_on, row.currency, row.proposed, row.handed, row.open_now) for row in rows]
    approved = passed.state == HandOverState.APPROVED
    amount = {"handed": columns.money(_("Entregado"), width=122)} if approved else {
        "proposed": columns.money(_("Propuesto"), width=122)
    }  # fmt: skip
    columns.grid(
        shown,
        {
            "number": columns.text(_("Documento"), width=116), "due_on": columns.date(_("Vence"), width=92), **amount,
            "open_now": columns.money(_("Saldo hoy"), width=116), "currency": columns.text(_("Moneda"), width=70),
        },
        key=f"entregados_{passed.hand_over_id}", height=35 * (min(len(shown), 10) + 1) + 2,
        phone={"number": 96, **dict.fromkeys(amount, 104), "open_now": 100}, alt=_("Documentos de la relación"),
    )  # fmt: skip
    with st.container(horizontal=True, gap="xsmall"):
        for suffix, label, mime, icon in (
            ("pdf", _("Relación en PDF"), paper_button.PDF, "picture_as_pdf"),
            ("xlsx", _("Relación en Excel"), downloads.EXCEL, "table_view"),
        ):
            paper_button.show(
                label, partial(_paper, number=one.number, hand_over_id=passed.hand_over_id, suffix=suffix),
                file_name(one.number, passed.hand_over_id, suffix), key=f"relacion_{suffix}", mime=mime, icon=icon,
            )  # fmt: skip


def _paper(actor: Actor, *, number: str, hand_over_id: int, suffix: str) -> bytes:
    with reading() as session:
        card = case_card(session, actor, number=number, as_of=today())
        rows, sender = handed_documents(session, actor, hand_over_id=hand_over_id), letterhead(session)
    passed = next(row for row in card.hand_overs if row.hand_over_id == hand_over_id)
    by = _("Generado por {name} el {moment}").format(name=actor.name, moment=i18n.shown(clock.local(clock.now())))
    if suffix == "pdf":
        return as_pdf(card, passed, rows, sender, made=by)
    return as_workbook(card, passed, rows, made=by)


def steps(actor: Actor, one: CaseCard) -> None:
    """What happened and what is to come, the latest first."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Pasos y audiencias')}", width="content")
        st.space("stretch")
        if actor.may(Permission.HAND_OVER) and st.button(
            _("Anotar paso"), key="case_step", icon=":material/add:", type="primary"
        ):
            case_forms.step(one.number)
    if not one.steps:
        st.caption(_("Todavía nada: anote audiencias, escritos, reportes del despacho."))
        return
    rows = [
        _Step(
            row.on_day, row.at_time or "", step_word(row.kind), " · ".join(filter(None, (row.what, row.place))),
            row.amount, row.result or "", row.recorded_by,
        )
        for row in one.steps
    ]  # fmt: skip
    selection = columns.grid(
        rows,
        {
            "on_day": columns.date(_("Fecha"), width=90), "at_time": columns.text(_("Hora"), width=54),
            "kind": columns.text(_("Paso"), width=130), "what": columns.text(_("Descripción"), width=250),
            "result": columns.text(_("Resultado"), width=190), "amount": columns.money(_("Reportado"), width=104),
            "recorded_by": columns.text(_("Anotó"), width=92),
        },
        key=f"pasos_{one.number}", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 10) + 1) + 2, phone={"on_day": 84, "kind": 100, "what": 150},
        alt=_("Pasos del expediente"),
    )  # fmt: skip
    chosen = columns.chosen(selection, one.steps)
    if chosen is not None:
        st.markdown(plain(chosen.what))
        if chosen.result:
            st.caption(plain(_("Resultado del {day}: {text}").format(day=day(chosen.result_on), text=chosen.result)))
        elif actor.may(Permission.HAND_OVER) and st.button(
            _("Anotar resultado"), key="case_result", icon=":material/check:"
        ):
            case_forms.result(chosen.step_id, chosen.what)


def costs(actor: Actor, one: CaseCard) -> None:
    """What it cost, and the sum by currency."""
    with guard.reading() as session:
        sums = cost_totals(session, actor, number=one.number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Gastos')}", width="content")
        st.space("stretch")
        if actor.may(Permission.HAND_OVER) and st.button(_("Anotar gasto"), key="case_cost", icon=":material/add:"):
            case_forms.cost(one.number, one.recoveries[0].currency if one.recoveries else "MXN")
    if not one.costs:
        st.caption(_("Sin gastos."))
        return
    rows = [
        _Cost(row.on_day, cost_word(row.kind), row.amount, row.currency, row.what or "", row.by) for row in one.costs
    ]
    selection = columns.grid(
        rows,
        {
            "kind": columns.text(_("Concepto"), width=98), "amount": columns.money(_("Importe"), width=94),
            "on_day": columns.date(_("Fecha"), width=84), "currency": columns.text(_("Moneda"), width=64),
            "what": columns.text(_("Detalle"), width=150),
        },
        key=f"gastos_{one.number}", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 8) + 1) + 2, phone={"on_day": 84, "kind": 104, "amount": 96},
        alt=_("Gastos del expediente"),
    )  # fmt: skip
    st.caption(plain(_("Total: {sums}").format(sums=" · ".join(money(amount, key) for key, amount in sums))))
    chosen = columns.chosen(selection, one.costs)
    if chosen is None or chosen.amount < 0 or chosen.undone or not actor.may(Permission.HAND_OVER):
        return
    if st.button(_("Anular gasto"), key="case_cost_undo", icon=":material/undo:"):
        case_forms.undo(chosen.cost_id, f"{cost_word(chosen.kind)} {money(chosen.amount, chosen.currency)}")


def recoveries(one: CaseCard) -> None:
    """What came of what was handed over, stage by stage."""
    st.markdown(f"### {_('Recuperado')}")
    if not one.recoveries:
        st.caption(_("Nada se ha entregado todavía."))
        return
    rows = [
        _Recovery(
            row.agency or stage_word(row.stage), row.from_on, row.until_on, row.handed, row.ever, row.commission,
            row.currency,
        )
        for row in one.recoveries
    ]  # fmt: skip
    columns.grid(
        rows,
        {
            "stage": columns.text(_("Etapa"), width=130), "from_on": columns.date(_("Desde"), width=88),
            "until_on": columns.date(_("Hasta"), width=88), "handed": columns.money(_("Entregado"), width=112),
            "recovered": columns.money(_("Recuperado"), width=112),
            "commission": columns.money(_("Comisión"), width=100), "currency": columns.text(_("Moneda"), width=66),
        },
        key=f"recuperado_{one.number}", height=35 * (len(rows) + 1) + 2,
        phone={"stage": 104, "recovered": 100, "commission": 92}, alt=_("Recuperado por etapa"),
    )  # fmt: skip


def facts(actor: Actor, one: CaseCard) -> None:
    """Lawyer, court, guarantee, prescription."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Datos')}", width="content")
        st.space("stretch")
        if actor.may(Permission.HAND_OVER) and st.button(_("Cambiar"), key="case_data", icon=":material/edit:"):
            case_forms.data(one)
    left = _left(one.prescribes_on)
    pairs = [
        (_("Abogado"), one.lawyer), (_("Juzgado"), one.court), (_("Expediente judicial"), one.file_number),
        (_("Garantía"), one.guarantee), (_("Gestor"), people.known_as(one.collector or "")),
        (_("Abierto el"), day(one.opened_on)),
        (_("Prescribe el"), f"{day(one.prescribes_on)} · {left}" if one.prescribes_on else None),
    ]  # fmt: skip
    st.markdown("  \n".join(f"**{plain(label)}:** {plain(value or _('s/d'))}" for label, value in pairs))


def _left(prescribes_on: date | None) -> str:
    if prescribes_on is None:
        return ""
    days = (prescribes_on - today()).days
    return _("ya prescribió") if days < 0 else plural("falta {n} día", "faltan {n} días", days)
