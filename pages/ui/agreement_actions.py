"""What may be done with an agreement: approve, refuse, withdraw, keep the signed paper, cancel."""

import streamlit as st

from core.agreements.deciding import approve_agreement, cancel_agreement, refuse_agreement
from core.agreements.proposing import sign_agreement, withdraw_agreement
from core.agreements.queries import AgreementCard
from core.agreements.standing import State
from core.auth.actor import Actor, Permission
from core.clock import today
from core.i18n import _, plural
from pages.ui import forms, guard

_LIVE = (State.IN_FORCE, State.BREACHED)


def show(actor: Actor, one: AgreementCard) -> None:
    """The buttons that fit its state and this user."""
    may_decide = actor.may(Permission.APPROVE_AGREEMENT)
    if one.row.state is State.WAITING and may_decide and not one.mine:
        _decide(actor, one)
    elif one.row.state is State.WAITING and one.mine:
        st.caption(_("Lo aprueba o rechaza alguien distinto de quien lo propuso."))
        if st.button(_("Retirar la propuesta"), key="agreement_withdraw", icon=":material/undo:"):
            _withdraw(one.row.number)
    may_sign = may_decide or actor.may(Permission.PROPOSE_AGREEMENT)
    live = one.row.state in _LIVE
    if (
        live
        and may_sign
        and not one.row.signed
        and st.button(_("Guardar convenio firmado"), key="agreement_sign", type="primary", icon=":material/draw:")
    ):
        _sign(one.row.number, one.row.customer)
    if live and may_decide and st.button(_("Cancelar el convenio"), key="agreement_cancel", icon=":material/block:"):
        _cancel(one.row.number)


def _decide(actor: Actor, one: AgreementCard) -> None:
    number, form = one.row.number, f"decide_{one.row.number}"
    remark = st.text_input(
        _("Motivo o comentario"), key=forms.key(form, "comentario"), max_chars=250,
        placeholder=_("Necesario si lo rechaza"),
    )  # fmt: skip
    with st.container(horizontal=True):
        if st.button(
            _("Aprobar el convenio"), key=forms.key(form, "aprobar"), type="primary", icon=":material/check:",
            disabled=one.needs_admin,
        ):  # fmt: skip
            forms.submit(
                lambda session: approve_agreement(session, actor, number=number, on=today(), remark=remark),
                form=form, lead=_("No se aprobó el convenio."),
                done=_("Convenio aprobado: cada pago quedó como promesa."),
            )  # fmt: skip
        if st.button(_("Rechazar"), key=forms.key(form, "rechazar"), icon=":material/close:"):
            forms.submit(
                lambda session: refuse_agreement(session, actor, number=number, on=today(), reason=remark or ""),
                form=form, lead=_("No se rechazó el convenio."), done=_("Convenio rechazado: nada cambió."),
            )  # fmt: skip
    if one.needs_admin:
        st.caption(_("Pasa de su nivel por importe, plazo o interés condonado: pídalo a administración."))


def _withdraw(number: str) -> None:
    title = _("Retirar {number}").format(number=number)
    guard.dialog(title, position="right", width="medium", icon=":material/undo:")(_withdrawing)(number)


def _withdrawing(number: str) -> None:
    form, actor = f"withdraw_{number}", guard.here().actor
    with st.form(form, border=False):
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        if forms.button(_("Retirar la propuesta"), form, icon=":material/undo:"):
            forms.submit(
                lambda session: withdraw_agreement(session, actor, number=number, on=today(), reason=reason),
                form=form, lead=_("No se retiró la propuesta."), done=_("Propuesta retirada."),
            )  # fmt: skip


def _sign(number: str, customer: str) -> None:
    title = _("Firma de {number}").format(number=number)
    guard.dialog(title, position="right", width="medium", icon=":material/draw:")(_signing)(number, customer)


def _signing(number: str, customer: str) -> None:
    form, actor = f"sign_{number}", guard.here().actor
    file = st.file_uploader(
        _("Convenio firmado (PDF o imagen)"), type=["pdf", "png", "jpg", "jpeg"], key=forms.key(form, "archivo"),
        max_upload_size=10,
    )  # fmt: skip
    signed_by = st.text_input(
        _("Quién firmó por el cliente"), key=forms.key(form, "quien"), max_chars=120, placeholder=customer
    )
    if st.button(
        _("Guardar convenio firmado"), key=forms.key(form, "guardar"), type="primary", width="stretch",
        disabled=file is None, icon=":material/draw:",
    ) and file is not None:  # fmt: skip
        name, content = file.name, file.getvalue()
        forms.submit(
            lambda session: sign_agreement(
                session, actor, number=number, on=today(), name=name, content=content, signed_by=signed_by or customer
            ),
            form=form, lead=_("No se guardó el archivo."), done=_("Convenio firmado guardado."),
        )  # fmt: skip


def _cancel(number: str) -> None:
    title = _("Cancelar {number}").format(number=number)
    guard.dialog(title, position="right", width="medium", icon=":material/block:")(_cancelling)(number)


def _cancelling(number: str) -> None:
    form, actor = f"cancel_{number}", guard.here().actor
    with st.form(form, border=False):
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        st.caption(_("Sus promesas pendientes se retiran y los documentos vuelven a cobrarse con sus vencimientos."))
        if forms.button(_("Cancelar el convenio"), form, icon=":material/block:"):
            forms.submit(
                lambda session: cancel_agreement(session, actor, number=number, on=today(), reason=reason),
                form=form, lead=_("No se canceló el convenio."),
                done=lambda ended: _("Convenio cancelado.") + " " + plural(
                    "Se retiró {n} promesa.", "Se retiraron {n} promesas.", ended
                ),
            )  # fmt: skip
