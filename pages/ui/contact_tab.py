"""What was done with one customer, on his page: contacts with their notes, letters and promises, the latest first."""

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import local, today
from core.collections.calls import annotate_contact
from core.collections.outcomes import (
    ALREADY_PAID,
    COLLECTED,
    DISPUTE,
    PROMISE,
    RIGHT_PARTY,
    cause_label,
    channel_label,
    next_action_label,
    outcome_label,
)
from core.collections.queries import ContactRow
from core.collections.timeline import Happened, timeline
from core.customers.queries import CustomerCard
from core.db import reading
from core.files.table import Column, Sheet
from core.files.table import Kind as CellKind
from core.i18n import _, day, money, shown
from core.letters.queries import LetterLook
from core.promises.queries import PromiseRow
from core.promises.words import status_told
from pages.ui import columns, contact_form, downloads, empty, forms, frame, guard, menu, people
from pages.ui.text import plain

PAGE = 8
_ICONS = {"call": "call", "visit": "directions_walk", "email": "mail", "whatsapp": "chat", "letter": "drafts"}
#: Good news, bad news, what is disputed; of the others blue says that one spoke with the right person.
_COLOURS = {PROMISE: "green", ALREADY_PAID: "green", COLLECTED: "green", DISPUTE: "violet", "refuses": "red"}


def contacts_tab(one: CustomerCard, actor: Actor) -> None:
    """The timeline, a page at a time; a note may be added to a contact, and a new contact recorded."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.space("stretch")
        downloads.buttons(lambda who: _sheet(who, one), f"{_('gestiones')}_{one.code}", key="contacts")
        if actor.may(Permission.RECORD_CONTACT) and st.button(
            _("Registrar gestión"), key="contact_new", icon=":material/edit_note:"
        ):
            contact_form.open_for(one.code)
    with guard.reading() as session:
        found = timeline(session, actor, one.id, as_of=today())
    if not found:
        empty.state(_("Sin gestiones"), _("Lo que se hable con este cliente queda aquí, y no se borra."), icon="forum")
        return
    place = st.container()
    first = columns.pages(len(found), PAGE, key="pagina_gestiones")
    with place:
        for at, happened in enumerate(found[first : first + PAGE]):
            with frame.card(f"gestion-{first + at}", gap="xxsmall"):
                _told(happened, actor)


def _told(happened: Happened, actor: Actor) -> None:
    if happened.contact is not None:
        _contact(happened.contact, happened, actor)
    elif happened.letter is not None:
        _letter(happened.letter)
    elif happened.promise is not None:
        _promise(happened.promise)


def _contact(one: ContactRow, happened: Happened, actor: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        colour = _COLOURS.get(one.outcome, "blue" if one.outcome in RIGHT_PARTY else "gray")
        icon = _ICONS.get(one.channel, "call")
        title = f"**:material/{icon}: {plain(channel_label(one.channel))}**"
        st.markdown(f"{title} :{colour}-badge[{plain(outcome_label(one.outcome))}]", width="content")
        for number, stem, field in ((one.promise, "promise", "promesa"), (one.dispute, "dispute", "aclaracion")):
            if number and menu.can_open(actor, stem):
                menu.link(stem, number, **{field: number})
        st.space("stretch")
        if actor.may(Permission.RECORD_CONTACT) and st.button(
            _("Agregar nota"), key=f"nota_{one.id}", type="tertiary", icon=":material/add_comment:"
        ):
            _note(one.id)
    st.caption(plain(" · ".join(part for part in (
        str(shown(happened.at)), people.known_as(one.collector),
        one.person and _("habló con {name}").format(name=one.person),
        cause_label(one.cause), one.out_of_hours and _("fuera de horario: {why}").format(why=one.out_of_hours),
    ) if part)))  # fmt: skip
    if one.notes:
        st.markdown(plain(one.notes))
    if one.next_action_on:
        step = next_action_label(one.next_action) or _("Dar seguimiento")
        st.markdown(f":material/flag: {plain(step)}, {day(one.next_action_on)}")
    for note in one.added:
        who = f"{plain(str(shown(local(note.at))))} · {plain(people.known_as(note.user_name))}"
        st.markdown(f"> {plain(note.text)}  \n> :gray[{who}]")


def _letter(one: LetterLook) -> None:
    st.markdown(f"**:material/drafts: {_('Carta de nivel {level}').format(level=one.level)}**")
    told = (day(one.run_on), _("por {amount}").format(amount=money(one.overdue, one.currency)), one.to_address)
    st.caption(plain(" · ".join(part for part in told if part)))


def _promise(one: PromiseRow) -> None:
    st.markdown(
        f"**:material/event_available: {_('Promesa {number}').format(number=plain(one.number))}** "
        f":blue-badge[{plain(status_told(one.status))}]"
    )
    told = _("{amount} para el {day}").format(amount=money(one.amount, one.currency), day=day(one.promised_on))
    st.caption(plain(f"{day(one.made_on)} · {told}"))


def _note(contact_id: int) -> None:
    guard.dialog(_("Agregar nota"), position="right", width="medium", icon=":material/add_comment:")(_write)(contact_id)


def _write(contact_id: int) -> None:
    form, actor = f"note_{contact_id}", guard.here().actor
    with st.form(form, border=False):
        text = st.text_area(_("Nota"), key=forms.key(form, "texto"), max_chars=2000, height=120) or ""
        st.caption(_("La gestión queda como se registró; la nota se agrega con su nombre y la hora."))
        if forms.button(_("Agregar la nota"), form, icon=":material/check:"):
            forms.submit(
                lambda session: annotate_contact(session, actor, contact_id=contact_id, text=text),
                form=form, done=_("Nota agregada."),
            )  # fmt: skip


def _sheet(actor: Actor, one: CustomerCard) -> Sheet:
    with reading() as session:
        found = timeline(session, actor, one.id, as_of=today())
    titles = (
        _("Momento"), _("Qué"), _("Resultado"), _("Con quién"), _("Gestor"), _("Notas"), _("Siguiente paso"),
        _("Para el"),
    )  # fmt: skip
    kinds = (CellKind.DATETIME, *(CellKind.TEXT,) * 6, CellKind.DATE)
    return Sheet(
        title=_("Gestiones"),
        columns=[Column(str(at), title, kind) for at, (title, kind) in enumerate(zip(titles, kinds, strict=True))],
        rows=[_line(happened) for happened in found], totals_by="", notes=[f"{one.code} · {one.legal_name}"],
    )  # fmt: skip


def _line(happened: Happened) -> tuple[object, ...]:
    at = happened.at.replace(tzinfo=None)
    if (letter := happened.letter) is not None:
        level = _("Nivel {level}").format(level=letter.level)
        return at, _("Carta"), level, letter.to_address, None, money(letter.overdue, letter.currency), None, None
    if (promise := happened.promise) is not None:
        what = status_told(promise.status)
        return at, _("Promesa"), what, promise.contact, promise.collector, promise.notes, None, promise.promised_on
    one = happened.contact
    if one is None:
        return (at, *[None] * 7)
    notes = " | ".join(part for part in (one.notes, *(note.text for note in one.added)) if part)
    step = next_action_label(one.next_action)
    return (
        at, channel_label(one.channel), outcome_label(one.outcome), one.person, one.collector, notes, step,
        one.next_action_on,
    )  # fmt: skip
