"""One reconciliation: its steps, both balances and the proof, the lines with their causes, the agreements."""

from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.customers.queries import collectors
from core.i18n import N_, _, day, money, plural
from core.reconciliations.comparing import CauseSum
from core.reconciliations.kinds import Cause, Party
from core.reconciliations.minute import becomes
from core.reconciliations.queries import AgreementRow, Card, LineRow, State, card
from core.reconciliations.recording import agree, discard, judge_line, withdraw_agreement
from core.reconciliations.words import cause_label, matched_label, party_label
from core.tasks.queries import people
from pages.ui import columns, forms, frame, guard, menu, reconciliation_list, steps
from pages.ui.text import plain

AGREEMENT, JUDGE = "acuerdo_conciliacion", "causa_conciliacion"
#: Of each cause its colour.
_COLOURS = {
    Cause.AGREES: "green", Cause.NOT_IN_THEIRS: "orange", Cause.NOT_IN_OURS: "orange", Cause.AMOUNT: "red",
    Cause.PAID_NOT_APPLIED: "violet", Cause.PAID_IN_OURS: "blue", Cause.PAID_AFTER_CUT: "blue",
    Cause.CREDIT_NOTE: "yellow", Cause.DUPLICATE: "gray",
}  # fmt: skip
DIFFERENCES, AGREEMENTS, MINUTE = "diferencias", "acuerdos", "minuta"
PARTS = {DIFFERENCES: N_("Diferencias"), AGREEMENTS: N_("Acuerdos"), MINUTE: N_("Minuta")}


class _Line(NamedTuple):
    """A line in words."""

    our_number: str | None
    our_amount: Decimal
    their_number: str | None
    their_amount: Decimal
    difference: Decimal
    cause: str
    evidence: str | None
    matched_by: str
    our_on: Any
    their_on: Any
    remark: str | None


def may_work(actor: Actor, one: Card) -> bool:
    """Whether this user may still change it."""
    return one.state is State.DRAFT and actor.may(Permission.RECONCILE)


def head(actor: Actor, one: Card) -> None:
    """Who, where it stands, the steps, both balances and whether the lines explain the gap."""
    with st.container(horizontal=True, vertical_alignment="center"):
        about = f"**{plain(one.number)}** · {plain(one.customer_code)} {plain(one.customer)}"
        st.markdown(f"{about} {reconciliation_list.badge(one.state)}", width="stretch")
        menu.link("customer", _("Ver cliente"), cliente=one.customer_code)
        if may_work(actor, one) and st.button(_("Descartar"), key="reconciliation_discard", icon=":material/delete:"):
            _discard(one.id)
    at = {State.DRAFT: 2 if one.agreements else 1, State.SIGNED: 4, State.DISCARDED: 1}[one.state]
    when = _("firmada el {day}").format(day=day(one.signed_on)) if one.signed_on else _("folio y firmas")
    steps.show(steps.at(at, [
        (_("Archivo"), one.file_name), (_("Diferencias"), _("causa de cada una")),
        (_("Acuerdos"), plural("{n} acuerdo", "{n} acuerdos", len(one.agreements))), (_("Minuta"), when),
    ]))  # fmt: skip
    shown = (
        (_("Según nosotros"), one.our_balance, _("al {day}").format(day=day(one.cut_on))),
        (_("Según el cliente"), one.their_balance, one.file_name), (_("Diferencia"), one.gap, _("nuestro menos suyo")),
        (_("Explicado"), one.explained, _("la suma de los renglones")),
    )  # fmt: skip
    with st.grid(4, min_column_width=158):
        for label, amount, about in shown:
            with frame.card(f"kpi-{label}", gap="xxsmall", height="stretch"):
                st.metric(label, money(amount))
                st.caption(plain(about))
    if one.explained == one.gap:
        told = _("Los renglones explican toda la diferencia: {amount}").format(amount=money(one.gap, one.currency))
        st.markdown(f":green-badge[:material/check: {plain(told)}]")


def causes(rows: list[CauseSum]) -> None:
    """The sums by cause."""
    words = [one._replace(cause=cause_label(one.cause)) for one in rows]
    columns.grid(
        words,
        {"cause": columns.text(_("Causa"), width=250), "lines": columns.number(_("Renglones"), width=84),
         "ours": columns.money(_("Nuestro"), width=120), "theirs": columns.money(_("Suyo"), width=120),
         "difference": columns.money(_("Diferencia"), width=120)},
        key="conciliacion_causas", height=35 * (len(rows) + 1) + 2, phone={"cause": 190, "difference": 110},
        alt=_("Diferencias por causa"),
    )  # fmt: skip


def differences(actor: Actor, one: Card) -> None:
    """Every line, those that differ first; the chosen one's cause may be judged anew."""
    only = st.pills(
        _("Causa"), [row.cause for row in one.causes], format_func=cause_label, key="conciliacion_causa",
        label_visibility="collapsed",
    )  # fmt: skip
    rows = [row for row in one.lines if only in (None, row.cause)]
    chips = {cause_label(cause): colour for cause, colour in _COLOURS.items()}
    selection = columns.grid(
        [_words(row) for row in rows],
        {"our_number": columns.text(_("Folio nuestro"), width=104),
         "our_amount": columns.money(_("Nuestro"), width=106),
         "their_number": columns.text(_("Folio suyo"), width=104), "their_amount": columns.money(_("Suyo"), width=106),
         "difference": columns.money(_("Diferencia"), width=106), "cause": columns.chips(_("Causa"), chips, width=250),
         "evidence": columns.text(_("Lo explica"), width=96), "remark": columns.text(_("Observación"), width=160),
         "matched_by": columns.text(_("Se encontró por"), width=130),
         "our_on": columns.date(_("Fecha nuestra"), width=104), "their_on": columns.date(_("Fecha suya"), width=96)},
        key="conciliacion_renglones", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 12) + 1) + 2, phone={"our_number": 96, "difference": 100, "cause": 170},
        alt=_("Renglones de la conciliación"),
    )  # fmt: skip
    chosen: LineRow | None = columns.chosen(selection, rows)
    if chosen is None:
        st.caption(_("Elija un renglón para cambiar su causa o anotar algo."))
    elif may_work(actor, one) and st.button(
        _("Cambiar la causa de {number}").format(number=plain(chosen.our_number or chosen.their_number or "")),
        key="conciliacion_juzgar", type="primary", icon=":material/edit:",
    ):  # fmt: skip
        _judge(one.id, chosen)


def _words(row: LineRow) -> _Line:
    values = {name: getattr(row, name) for name in _Line._fields}
    return _Line(**values | {"cause": cause_label(row.cause), "matched_by": matched_label(row.matched_by)})


def _judge(reconciliation_id: int, line: LineRow) -> None:
    guard.dialog(_("Causa de la diferencia"), position="right", width="medium")(_judging)(reconciliation_id, line)


def _judging(reconciliation_id: int, line: LineRow) -> None:
    actor, form = guard.here().actor, f"{JUDGE}_{line.id}"
    st.markdown(f"**{plain(line.our_number or line.their_number)}** · {plain(money(line.difference))}")
    st.caption(_("Se encontró: {cause}").format(cause=plain(cause_label(line.found_cause))))
    offered = [cause for cause in Cause if cause is not Cause.AGREES or not line.difference]
    cause = st.selectbox(
        _("Causa"), offered, offered.index(Cause(line.cause)) if Cause(line.cause) in offered else 0,
        format_func=cause_label, key=forms.key(form, "causa"),
    )  # fmt: skip
    remark = st.text_area(_("Observación"), line.remark or "", key=forms.key(form, "nota"), max_chars=500) or ""
    if st.button(_("Guardar causa"), key=forms.key(form, "guardar"), type="primary", width="stretch"):
        forms.submit(
            lambda session: judge_line(
                session, actor, reconciliation_id=reconciliation_id, line_id=line.id, cause=cause, remark=remark
            ).id,
            form=form, done=_("Causa guardada."),
        )  # fmt: skip


def agreements(actor: Actor, one: Card) -> None:
    """What was agreed, what each becomes, and the form for another."""
    for row in one.agreements:
        with frame.card(f"agreement-{row.id}", horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{plain(row.text)}** :blue-badge[{plain(becomes(row))}] {_done(row)}")
                st.caption(plain(_about(one, row)))
            if may_work(actor, one) and st.button(_("Quitar"), key=f"agreement_drop_{row.id}", icon=":material/close:"):
                forms.submit(
                    lambda session, row=row: withdraw_agreement(  # type: ignore[misc]  # bound now, not later
                        session, actor, reconciliation_id=one.id, agreement_id=row.id
                    ),
                    done=_("Acuerdo retirado."),
                )  # fmt: skip
    if not one.agreements:
        st.caption(_("Todavía no hay acuerdos. Los nuestros serán tareas; los pagos del cliente, promesas."))
    if may_work(actor, one) and st.button(
        _("Agregar acuerdo"), key="agreement_new", type="primary", icon=":material/add:"
    ):
        guard.dialog(_("Nuevo acuerdo"), position="right", width="medium")(_agree)(one.id)


def _done(row: AgreementRow) -> str:
    return f":green-badge[:material/check: {plain(day(row.done_on))}]" if row.done_on else ""


def _about(one: Card, row: AgreementRow) -> str:
    said = [f"{party_label(row.party)}: {row.owner_name}", _("para el {day}").format(day=day(row.due_on))]
    said += [money(row.amount, one.currency)] if row.amount is not None else []
    return " · ".join([*said, *([row.document] if row.document else [])])


def _agree(reconciliation_id: int) -> None:
    actor = guard.here().actor
    with guard.reading() as session:
        one, known = card(session, actor, reconciliation_id), people(session, actor) | collectors(session)
    party = st.segmented_control(
        _("Quién lo hará"), list(Party), default=Party.US, format_func=party_label, required=True,
        key=forms.key(AGREEMENT, "parte"),
    )  # fmt: skip
    text = st.text_area(_("Qué se acordó"), key=forms.key(AGREEMENT, "texto"), max_chars=250) or ""
    typed, document = "", None
    if party is Party.US:
        owner = st.selectbox(
            _("Responsable"), list(known), format_func=known.__getitem__, key=forms.key(AGREEMENT, "quien")
        )
    else:
        owner = st.text_input(_("Responsable"), key=forms.key(AGREEMENT, "persona"), max_chars=120) or ""
        typed = forms.amount_input(
            _("Pagará"), AGREEMENT, "importe", placeholder=_("Vacío si no es un pago"), icon=":material/attach_money:"
        )
        numbers = sorted({row.our_number for row in one.lines if row.our_number and row.our_amount > 0})
        document = st.selectbox(
            _("Documento que pagará"), numbers, index=None, placeholder=_("A cuenta"),
            key=forms.key(AGREEMENT, "documento"),
        )  # fmt: skip
    due_on = st.date_input(
        _("Para cuándo"), today(), min_value=today(), format="DD/MM/YYYY", key=forms.key(AGREEMENT, "para")
    )
    if st.button(
        _("Guardar acuerdo"), key=forms.key(AGREEMENT, "guardar"), type="primary", width="stretch",
        disabled=not (text.strip() and owner.strip()),
    ):  # fmt: skip
        forms.submit(
            lambda session: agree(
                session, actor, reconciliation_id=reconciliation_id, party=party, owner=owner, text=text,
                today=today(), due_on=due_on, amount=forms.amount(typed) if typed else None, document=document,
            ).id,
            form=AGREEMENT, done=_("Acuerdo guardado."),
        )  # fmt: skip


def _discard(reconciliation_id: int) -> None:
    guard.dialog(_("Descartar la conciliación"))(_discarding)(reconciliation_id)


def _discarding(reconciliation_id: int) -> None:
    actor = guard.here().actor
    st.markdown(_("Nadie la firmará; se queda en el historial como descartada."))
    if st.button(_("Descartar conciliación"), key="reconciliation_discard_yes", type="primary", width="stretch"):
        forms.submit(
            lambda session: discard(session, actor, reconciliation_id=reconciliation_id, today=today()).number,
            done=_("Conciliación descartada."),
        )  # fmt: skip
