"""One meeting: its agenda, who came, what was agreed and how much of it is done, its minute."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.i18n import _, day, money
from core.portfolio.statement_files import letterhead
from core.supervision.agenda import Topic
from core.supervision.meeting_minute import SECTIONS, as_pdf, told
from core.supervision.meeting_queries import AgreedRow, MeetingCard, MeetingState, meeting_card
from core.supervision.meetings import agree_in_meeting, cancel_meeting, close_meeting, keep_attendance, move_meeting
from core.tasks.queries import people
from pages.ui import customer_picker, figures, forms, frame, guard, meeting_list, menu, paper_button
from pages.ui.text import plain

AGREEMENT, ATTENDANCE, MOVE = "acuerdo_reunion", "asistencia", "mover_reunion"


def read(actor: Actor, meeting_id: int) -> MeetingCard:
    """The meeting as it stands today."""
    with guard.reading() as session:
        return meeting_card(session, actor, meeting_id, as_of=today())


def head(actor: Actor, card: MeetingCard) -> None:
    """What and when, and what can be done with it now."""
    one = card.row
    word, colour = meeting_list.STATES[one.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        when = " ".join(filter(None, [day(one.held_on), one.starts_at]))
        scope = " · ".join(filter(None, [when, one.region or _("todas las regiones"), one.segment]))
        st.markdown(
            f"### {plain(one.title)}  \n:small[{plain(scope)}] :{colour}-badge[{plain(_(word))}]", width="stretch"
        )
        paper_button.show(
            _("Minuta en PDF"), lambda who: _minute(who, one.id), f"{_('minuta')}_{one.held_on:%Y-%m-%d}_{one.id}.pdf",
            key="meeting_minute",
        )  # fmt: skip
        if one.state is MeetingState.PLANNED:
            _actions(actor, card)
    if one.agreed:
        st.progress(
            one.done / one.agreed,
            _("Acuerdos cumplidos: {done} de {agreed} ({pct})").format(
                done=one.done, agreed=one.agreed, pct=figures.percent(one.done_pct)
            ),
        )


def _minute(actor: Actor, meeting_id: int) -> bytes:
    with reading() as session:
        return as_pdf(meeting_card(session, actor, meeting_id, as_of=today()), letterhead(session))


def _actions(actor: Actor, card: MeetingCard) -> None:
    if st.button(_("Cambiar fecha"), key="meeting_move", icon=":material/event_repeat:"):
        guard.dialog(_("Cambiar la fecha"))(_move)(card.row.id)
    if card.row.held_on <= today() and st.button(
        _("Cerrar con minuta"), key="meeting_close", type="primary", icon=":material/task_alt:"
    ):
        forms.submit(
            lambda session: close_meeting(session, actor, meeting_id=card.row.id, today=today()).id,
            done=_("Reunión cerrada; su minuta ya no cambia."),
        )  # fmt: skip


def _move(meeting_id: int) -> None:
    actor = guard.here().actor
    held_on = st.date_input(_("Fecha"), today(), min_value=today(), format="DD/MM/YYYY", key=forms.key(MOVE, "fecha"))
    starts_at = st.text_input(_("Hora"), "09:00", key=forms.key(MOVE, "hora"), max_chars=5) or ""
    with st.container(horizontal=True):
        if st.button(_("Cambiar fecha"), key=forms.key(MOVE, "guardar"), type="primary"):
            forms.submit(
                lambda session: move_meeting(
                    session, actor, meeting_id=meeting_id, held_on=held_on, today=today(), starts_at=starts_at
                ).id,
                form=MOVE, done=_("Fecha cambiada."),
            )  # fmt: skip
        if st.button(_("Cancelar la reunión"), key=forms.key(MOVE, "cancelar"), icon=":material/event_busy:"):
            forms.submit(
                lambda session: cancel_meeting(session, actor, meeting_id=meeting_id, today=today()).id,
                form=MOVE, done=_("Reunión cancelada."),
            )  # fmt: skip


def agenda(card: MeetingCard) -> None:
    """The points, section by section; each opens its customer."""
    if not card.topics:
        st.caption(_("Los datos de hoy no dan puntos: no hay vencidos, promesas ni aclaraciones pendientes."))
    for section, title in SECTIONS.items():
        topics = [one for one in card.topics if one.section is section]
        if not topics:
            continue
        with frame.card(f"section-{section}"):
            st.markdown(f"**{plain(_(title))}** :gray-badge[{len(topics)}]")
            for at, one in enumerate(topics):
                _topic(one, f"{section}_{at}")


def _topic(one: Topic, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"topic_{key}"):
        name = one.customer or one.about or ""
        about = " · ".join(filter(None, [one.who, told(one) if one.customer else _until(one)]))
        st.markdown(f"{plain(name)}  \n:small[{plain(about)}]", width="stretch")
        if one.amount is not None:
            st.markdown(f"**{plain(money(one.amount, one.currency or ''))}**")
        if one.customer_code and menu.can_open(guard.here().actor, "customer"):
            menu.link("customer", _("Ver"), cliente=one.customer_code)


def _until(one: Topic) -> str:
    return _("para el {day}").format(day=day(one.on)) if one.on else ""


def attendance(actor: Actor, card: MeetingCard) -> None:
    """Who came, and the notes; once the meeting is over, as they were kept."""
    st.markdown(f"**{_('Asistencia')}**")
    if card.row.state is not MeetingState.PLANNED:
        signs = {True: f"✓ {_('asistió')}", False: f"✕ {_('faltó')}", None: _("sin registro")}
        for one in card.people:
            st.markdown(f"{plain(one.name)} :small[{plain(signs[one.attended])}]")
        if card.notes:
            st.caption(plain(card.notes))
        return
    came: dict[str, bool] = {}
    for one in card.people:
        came[one.user_name] = st.checkbox(
            plain(one.name), bool(one.attended), key=f"came_{card.row.id}_{one.user_name}"
        )
    notes = st.text_area(
        _("Notas"), card.notes or "", key=f"meeting_notes_{card.row.id}", max_chars=4000, height=120
    )  # fmt: skip
    if st.button(_("Guardar asistencia y notas"), key="meeting_attendance", icon=":material/how_to_reg:"):
        forms.submit(
            lambda session: keep_attendance(
                session, actor, meeting_id=card.row.id, attended=came, notes=notes or ""
            ).id,
            done=_("Asistencia guardada."),
        )  # fmt: skip


def agreements(card: MeetingCard) -> None:
    """What was agreed, each with its owner, day and whether it is done."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_('Acuerdos')}**", width="stretch")
        if card.row.state is MeetingState.PLANNED and st.button(
            _("Agregar acuerdo"), key="meeting_agree", type="primary", icon=":material/add:"
        ):
            guard.dialog(_("Nuevo acuerdo"), position="right", width="medium")(_agree)(card.row.id)
    if not card.agreements:
        st.caption(_("Todavía no hay acuerdos; cada uno será una tarea de su responsable."))
    for one in card.agreements:
        st.markdown(f"{plain(one.text)} {_badge(one)}  \n:small[{plain(_about(one))}]")


def _badge(one: AgreedRow) -> str:
    if one.done_on is not None:
        return f":green-badge[:material/check: {plain(day(one.done_on))}]"
    return f":red-badge[:material/schedule: {_('Atrasado')}]" if one.late else f":blue-badge[{_('Pendiente')}]"


def _about(one: AgreedRow) -> str:
    parts: list[Any] = [one.owner_name, _("para el {day}").format(day=day(one.due_on)), one.customer, one.result]
    return " · ".join(part for part in parts if part)


def _agree(meeting_id: int) -> None:
    actor = guard.here().actor
    with guard.reading() as session:
        known = people(session, actor)
    text = st.text_area(_("Qué se acordó"), key=forms.key(AGREEMENT, "texto"), max_chars=250) or ""
    owner = st.selectbox(
        _("Responsable"), list(known), format_func=known.__getitem__, key=forms.key(AGREEMENT, "quien")
    )
    due_on = st.date_input(
        _("Para cuándo"), today() + timedelta(days=7), min_value=today(), format="DD/MM/YYYY",
        key=forms.key(AGREEMENT, "para"),
    )  # fmt: skip
    customer = customer_picker.picked(actor, key="cliente_acuerdo", form=AGREEMENT)
    if st.button(
        _("Guardar acuerdo"), key=forms.key(AGREEMENT, "guardar"), type="primary", width="stretch",
        disabled=not text.strip(),
    ):  # fmt: skip
        customer_picker.forget(key="cliente_acuerdo")
        forms.submit(
            lambda session: agree_in_meeting(
                session, actor, meeting_id=meeting_id, text=text, owner=owner, due_on=due_on, today=today(),
                customer_id=customer.id if customer else None,
            ).id,
            form=AGREEMENT, done=_("Acuerdo guardado; ya es una tarea."),
        )  # fmt: skip
