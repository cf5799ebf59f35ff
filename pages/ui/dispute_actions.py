"""What may be done with a dispute: take it on, decide it, hand it to another area, close it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.disputes.listing import DisputeCard
from core.disputes.reasons import AREAS, OUTCOMES, Outcome, area_word, outcome_word
from core.disputes.reviewing import (
    ACCEPTED,
    IN_REVIEW,
    NEXT,
    OPEN,
    REFUSED,
    add_to_dispute,
    assign_dispute,
    close_dispute,
    move_dispute,
    outcomes_of,
)
from core.i18n import N_, _
from pages.ui import forms, guard

#: What takes a dispute to a state: the words of the button, its icon, and what is said when it is done.
_STEPS = {
    IN_REVIEW: (N_("A revisión"), "search", N_("La aclaración está en revisión.")),
    ACCEPTED: (N_("Procede"), "check_circle", N_("Se anotó que procede. Ciérrela cuando esté resuelta.")),
    REFUSED: (N_("No procede"), "cancel", N_("Se anotó que no procede. Ciérrela cuando el cliente lo sepa.")),
}


def show(one: DisputeCard, actor: Actor) -> None:
    """The buttons that this user may press now, each with its dialog."""
    row = one.row
    if row.closed_on is not None or not actor.may(Permission.RECORD_DISPUTE):
        return
    for status in NEXT.get(row.status, NEXT[OPEN]):
        label, icon, _done = _STEPS[status]
        if st.button(_(label), key=f"dispute_{status}", icon=f":material/{icon}:"):
            _dialog(_(label), icon)(_move)(row.number, status)
    if st.button(_("Área y plazo"), key="dispute_assign", icon=":material/assignment_ind:"):
        _dialog(_("Área y plazo"), "assignment_ind")(_assign)(row.number, row.owner_area, row.deadline_on)
    if st.button(_("Cerrar"), key="dispute_close", icon=":material/lock:", type="primary"):
        _dialog(_("Cerrar {number}").format(number=row.number), "lock")(_close)(row.number, row.status, row.opened_on)


def add(actor: Actor, number: str, notes: str, files: Sequence[tuple[str, bytes]], form: str) -> None:
    """Keeps a note and files."""
    forms.submit(
        lambda session: add_to_dispute(session, actor, number=number, notes=notes, files=files).number,
        form=form, done=_("Agregado."),
    )  # fmt: skip


def _dialog(title: str, icon: str) -> Callable[[Any], Any]:
    return guard.dialog(title, position="right", width="medium", icon=f":material/{icon}:")


def _move(number: str, status: str) -> None:
    form, actor = f"dispute_move_{number}_{status}", guard.here().actor
    label, icon, done = _STEPS[status]
    with st.form(form, border=False):
        asked = _("Por qué no procede") if status == REFUSED else _("Nota")
        notes = st.text_area(asked, key=forms.key(form, "nota"), max_chars=250, height=110) or ""
        if status == ACCEPTED:
            st.caption(
                _("La nota de crédito, si la hay, se registra y se aprueba aparte; al cerrar se anota su folio.")
            )
        if forms.button(_(label), form, icon=f":material/{icon}:"):
            forms.submit(
                lambda session: move_dispute(session, actor, number=number, status=status, notes=notes).number,
                form=form, done=_(done),
            )  # fmt: skip


def _assign(number: str, area: str | None, deadline: date | None) -> None:
    form, actor = f"dispute_assign_{number}", guard.here().actor
    areas = list(AREAS)
    with st.form(form, border=False):
        chosen = st.selectbox(
            _("Área que contesta"), areas, index=areas.index(area) if area in areas else None, format_func=area_word,
            key=forms.key(form, "area"), placeholder=_("Elija un área"),
        )  # fmt: skip
        until = st.date_input(
            _("Se contesta a más tardar"), deadline, format="DD/MM/YYYY", key=forms.key(form, "plazo")
        )
        notes = st.text_area(_("Nota"), key=forms.key(form, "nota"), max_chars=1000, height=80) or ""
        if forms.button(_("Guardar"), form, icon=":material/check:"):
            forms.submit(
                lambda session: assign_dispute(
                    session, actor, number=number, owner_area=chosen, deadline_on=until, notes=notes
                ).number,
                form=form, done=_("Área y plazo guardados."),
            )  # fmt: skip


def _close(number: str, status: str, opened_on: date) -> None:
    form, actor = f"dispute_close_{number}", guard.here().actor
    outcomes = [one for one in OUTCOMES if one in outcomes_of(status)]
    outcome = st.radio(
        _("Cómo terminó"), outcomes, format_func=outcome_word, key=forms.key(form, "desenlace"),
        horizontal=True,
    )  # fmt: skip
    note = None
    if outcome == Outcome.CREDIT_NOTE:
        note = st.text_input(_("Folio de la nota de crédito"), key=forms.key(form, "folio"), max_chars=60)
        st.caption(_("Debe estar registrada y vigente; si espera aprobación, cierre cuando la tenga."))
    asked = _("Por qué no procede") if outcome == Outcome.REFUSED else _("Nota")
    notes = st.text_area(asked, key=forms.key(form, "nota"), max_chars=250, height=90) or ""
    closed_on = st.date_input(
        _("Cerrada desde el"), today(), format="DD/MM/YYYY", min_value=opened_on, max_value=max(today(), opened_on),
        key=forms.key(form, "fecha"),
    )  # fmt: skip
    st.caption(_("Desde ese día su importe ya no cuenta en aclaración. Una aclaración cerrada no se abre de nuevo."))
    if st.button(
        _("Cerrar la aclaración"), type="primary", width="stretch", key=forms.key(form, "submit"),
        icon=":material/lock:",
    ):  # fmt: skip
        forms.submit(
            lambda session: close_dispute(
                session, actor, number=number, outcome=outcome or "", closed_on=closed_on, credit_note=note,
                notes=notes,
            ).number,
            form=form, lead=_("No se cerró la aclaración."), done=_("Aclaración cerrada."),
        )  # fmt: skip
