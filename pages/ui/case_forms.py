"""Dialogs of cases: deciding a hand-over, steps and their results, costs, data of the case, return, agencies."""

import streamlit as st

from core.agreements.reading import percent
from core.auth.actor import Actor
from core.clock import today
from core.i18n import _
from core.legal.card import CaseCard
from core.legal.following import add_cost, add_step, change_case, finish_step, save_agency, undo_cost
from core.legal.handing import approve_hand_over, refuse_hand_over, return_case
from core.legal.queries import AgencyRow, WaitingRow
from core.legal.words import COSTS, STEPS, CostKind, StepKind
from pages.ui import forms, guard

_CURRENCIES = ("MXN", "USD")


def decide(actor: Actor, one: WaitingRow) -> None:
    """Approve or refuse a hand-over, with a remark."""
    form = f"hand_over_{one.hand_over_id}"
    remark = st.text_input(
        _("Motivo o comentario"), key=forms.key(form, "comentario"), max_chars=250,
        placeholder=_("Necesario si la rechaza"),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(_("Aprobar la entrega"), key=forms.key(form, "aprobar"), type="primary", icon=":material/check:"):
            forms.submit(
                lambda session: approve_hand_over(
                    session, actor, hand_over_id=one.hand_over_id, on=today(), remark=remark
                ),
                form=form, lead=_("No se aprobó la entrega."), done=_("Entrega aprobada: su relación quedó fija."),
            )  # fmt: skip
        if st.button(_("Rechazar"), key=forms.key(form, "rechazar"), icon=":material/close:"):
            forms.submit(
                lambda session: refuse_hand_over(session, actor, hand_over_id=one.hand_over_id, reason=remark or ""),
                form=form, lead=_("No se rechazó la entrega."), done=_("Entrega rechazada."),
            )  # fmt: skip


def step(number: str) -> None:
    """Asks for a step of a case."""
    guard.dialog(_("Paso de {number}").format(number=number), position="right", width="medium")(_step)(number)


def _step(number: str) -> None:
    form, actor = f"step_{number}", guard.here().actor
    kind = st.selectbox(_("Qué es"), list(STEPS), format_func=lambda one: _(STEPS[one]), key=forms.key(form, "tipo"))
    with st.container(horizontal=True, wrap=False):
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
        at_time = st.text_input(_("Hora"), key=forms.key(form, "hora"), placeholder="10:30", max_chars=5)
    place = st.text_input(_("Lugar"), key=forms.key(form, "lugar"), max_chars=160, placeholder=_("Opcional"))
    what = st.text_area(_("Descripción"), key=forms.key(form, "que"), max_chars=1000)
    amount, currency = "", _CURRENCIES[0]
    if kind is StepKind.AGENCY_REPORT:
        with st.container(horizontal=True, wrap=False):
            amount = forms.amount_input(_("Cobrado según el despacho"), form, "importe", placeholder=_("Opcional"))
            currency = st.selectbox(_("Moneda"), _CURRENCIES, key=forms.key(form, "moneda"))
    if st.button(
        _("Guardar paso"), key=forms.key(form, "guardar"), type="primary", width="stretch", icon=":material/check:"
    ):
        forms.submit(
            lambda session: add_step(
                session, actor, number=number, kind=kind, on=on, what=what or "", at_time=at_time, place=place,
                amount=forms.amount(amount) if amount.strip() else None, currency=currency,
            ),
            form=form, done=_("Paso guardado."),
        )  # fmt: skip


def result(step_id: int, what: str) -> None:
    """Asks how a step came out."""
    guard.dialog(_("Resultado"), position="right", width="medium")(_result)(step_id, what)


def _result(step_id: int, what: str) -> None:
    form, actor = f"result_{step_id}", guard.here().actor
    with st.form(form, border=False):
        st.text(what)
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
        told = st.text_area(_("Cómo resultó"), key=forms.key(form, "resultado"), max_chars=1000) or ""
        if forms.button(_("Guardar resultado"), form, icon=":material/check:"):
            forms.submit(
                lambda session: finish_step(session, actor, step_id=step_id, on=on, result=told),
                form=form, done=_("Resultado guardado."),
            )  # fmt: skip


def cost(number: str, currency: str) -> None:
    """Asks what a case cost."""
    guard.dialog(_("Gasto de {number}").format(number=number), position="right", width="medium")(_cost)(
        number, currency
    )


def _cost(number: str, currency: str) -> None:
    form, actor = f"cost_{number}", guard.here().actor
    with st.form(form, border=False):
        kind: CostKind = st.selectbox(
            _("Concepto"), list(COSTS), format_func=lambda one: _(COSTS[one]), key=forms.key(form, "tipo")
        )
        with st.container(horizontal=True, wrap=False):
            amount = forms.amount_input(_("Importe"), form, "importe")
            chosen = st.selectbox(
                _("Moneda"), list(dict.fromkeys((currency, *_CURRENCIES))), key=forms.key(form, "moneda")
            )
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(form, "fecha"))
        what = st.text_input(_("Detalle"), key=forms.key(form, "detalle"), max_chars=250, placeholder=_("Opcional"))
        st.caption(_("Es un gasto nuestro: no se carga al cliente. Para cargárselo, registre una nota de cargo."))
        if forms.button(_("Guardar gasto"), form, icon=":material/check:"):
            forms.submit(
                lambda session: add_cost(
                    session, actor, number=number, kind=kind, on=on, amount=forms.amount(amount), currency=chosen,
                    what=what,
                ),
                form=form, done=_("Gasto guardado."),
            )  # fmt: skip


def undo(cost_id: int, told: str) -> None:
    """Asks why a cost is taken back."""
    guard.dialog(_("Anular gasto"), position="right", width="medium")(_undo)(cost_id, told)


def _undo(cost_id: int, told: str) -> None:
    form, actor = f"undo_cost_{cost_id}", guard.here().actor
    with st.form(form, border=False):
        st.text(told)
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        if forms.button(_("Anular gasto"), form, icon=":material/undo:"):
            forms.submit(
                lambda session: undo_cost(session, actor, cost_id=cost_id, on=today(), reason=reason),
                form=form, lead=_("No se anuló el gasto."), done=_("Gasto anulado."),
            )  # fmt: skip


def data(one: CaseCard) -> None:
    """Asks for lawyer, court, guarantee and prescription."""
    guard.dialog(_("Datos de {number}").format(number=one.number), position="right", width="medium")(_data)(one)


def _data(one: CaseCard) -> None:
    form, actor = f"case_{one.number}", guard.here().actor
    with st.form(form, border=False):
        lawyer = st.text_input(_("Abogado"), one.lawyer or "", key=forms.key(form, "abogado"), max_chars=120)
        court = st.text_input(_("Juzgado"), one.court or "", key=forms.key(form, "juzgado"), max_chars=160)
        file_number = st.text_input(
            _("Expediente judicial"), one.file_number or "", key=forms.key(form, "judicial"), max_chars=80
        )
        guarantee = st.text_area(
            _("Garantía real y datos de registro"), one.guarantee or "", key=forms.key(form, "garantia"),
            max_chars=1000, placeholder=_("Hipoteca o prenda, folio real, notaría, fecha"),
        )  # fmt: skip
        prescribes_on = st.date_input(
            _("Prescribe el"), one.prescribes_on, format="DD/MM/YYYY", key=forms.key(form, "prescribe"),
            help=_("La fija el abogado según el título; se avisa antes."),
        )  # fmt: skip
        if forms.button(_("Guardar datos"), form, icon=":material/check:"):
            forms.submit(
                lambda session: change_case(
                    session, actor, number=one.number, lawyer=lawyer, court=court, file_number=file_number,
                    guarantee=guarantee, prescribes_on=prescribes_on,
                ),
                form=form, done=_("Datos guardados."),
            )  # fmt: skip


def back(number: str) -> None:
    """Asks why a case returns to internal collection."""
    guard.dialog(_("Devolver {number}").format(number=number), position="right", width="medium")(_back)(number)


def _back(number: str) -> None:
    form, actor = f"return_{number}", guard.here().actor
    with st.form(form, border=False):
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        st.caption(_("El cliente vuelve a cobranza interna; si la etapa legal lo bloqueó, el bloqueo termina."))
        if forms.button(_("Devolver a cobranza interna"), form, icon=":material/undo:"):
            forms.submit(
                lambda session: return_case(session, actor, number=number, on=today(), reason=reason),
                form=form, lead=_("No se devolvió el expediente."), done=_("Expediente devuelto a cobranza interna."),
            )  # fmt: skip


def agency(one: AgencyRow | None) -> None:
    """Asks for an agency, new or changed."""
    guard.dialog(one.name if one else _("Nuevo despacho"), position="right", width="medium")(_agency)(one)


def _agency(one: AgencyRow | None) -> None:
    form, actor = f"agency_{one.agency_id if one else 0}", guard.here().actor
    was = one._asdict() if one else {}
    pct = f"{was['commission_pct'].normalize():f}" if one else ""
    with st.form(form, border=False):
        name = st.text_input(_("Despacho"), was.get("name") or "", key=forms.key(form, "nombre"), max_chars=120)
        contact = st.text_input(_("Contacto"), was.get("contact") or "", key=forms.key(form, "contacto"), max_chars=120)
        phone = st.text_input(_("Teléfono"), was.get("phone") or "", key=forms.key(form, "telefono"), max_chars=60)
        email = st.text_input(_("Correo"), was.get("email") or "", key=forms.key(form, "correo"), max_chars=250)
        commission = st.text_input(_("Comisión (%)"), pct, key=forms.key(form, "comision"), placeholder="10")
        active = st.checkbox(_("Activo"), was.get("active", True), key=forms.key(form, "activo"))
        if forms.button(_("Guardar despacho"), form, icon=":material/check:"):
            forms.submit(
                lambda session: save_agency(
                    session, actor, agency_id=one.agency_id if one else None, name=name or "", contact=contact,
                    phone=phone, email=email, commission_pct=percent(commission or ""), active=active,
                ),
                form=form, done=_("Despacho guardado."),
            )  # fmt: skip
