"""One dispute on the screen: how it stands, its history, its evidence, its facts."""

from collections.abc import Callable

import streamlit as st

from core.attachments.keeping import AttachmentRow, content_of
from core.auth.actor import Actor, Permission
from core.clock import local
from core.db import reading
from core.disputes.listing import DisputeCard, Step
from core.disputes.reasons import area_word, outcome_word, reason_word, status_word
from core.i18n import _, day, money, plural, shown
from pages.ui import dispute_list, figures, forms, frame, menu, paper_button, people
from pages.ui.dispute_actions import add
from pages.ui.dispute_form import uploads
from pages.ui.text import markup, plain

_ICONS = {
    "open": "forum", "in_review": "search", "accepted": "check_circle", "refused": "cancel", "closed": "lock",
}  # fmt: skip


def caption(one: DisputeCard) -> str:
    """Whose it is, and about which document."""
    row = one.row
    return " · ".join((f"{row.customer} {row.customer_name}", row.document, reason_word(row.reason), row.currency))


def badges(one: DisputeCard) -> None:
    """How it stands, with a sign and a word."""
    row = one.row
    told = dispute_list.status_of(row)
    colour = dispute_list.chips([row])[told]
    icon = _ICONS.get("closed" if row.closed_on else row.status, "forum")
    parts = [f":{colour}-badge[:material/{icon}: {plain(told)}]"]
    if row.late:
        late = plural("{n} día fuera de plazo", "{n} días fuera de plazo", row.late)
        parts.append(f":red-badge[:material/schedule: {late}]")
    if row.outcome:
        parts.append(f":gray-badge[{plain(outcome_word(row.outcome))}]")
    st.markdown(" ".join(parts))


def balances(one: DisputeCard) -> None:
    """What is disputed, what is open, since when and until when."""
    row = one.row
    age = plural("hace {n} día", "hace {n} días", row.age) if row.age else _("hoy")
    days = plural("{n} día", "{n} días", row.age)
    cards = (
        (_("En aclaración"), money(row.amount), _("de {total} del documento").format(total=money(one.total))),
        (_("Saldo del documento"), money(one.open), _("cuenta a lo más lo que está abierto")),
        (_("Abierta"), day(row.opened_on), _("duró {days}").format(days=days) if row.closed_on else age),
        (_("Cerrada"), day(row.closed_on), outcome_word(row.outcome) or figures.NBSP)
        if row.closed_on
        else (_("Plazo"), day(row.deadline_on) if row.deadline_on else figures.no_data(),
              area_word(row.owner_area) or _("sin área")),
    )  # fmt: skip
    with st.grid(4, min_column_width=158):
        for at, (label, value, told) in enumerate(cards):
            with frame.card(f"dispute-{at}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(told))


def history(one: DisputeCard) -> None:
    """What happened, the latest first."""
    lines = [(step, before.status if before else None) for before, step in _pairs(one.steps)]
    for step, before in reversed(lines):
        what = f"**{plain(status_word(step.status))}**" if step.status != before else f"**{_('Nota')}**"
        icon = _ICONS.get(step.status, "forum") if step.status != before else "sticky_note_2"
        when = f":gray[{plain(people.known_as(step.user_name))}, {plain(shown(local(step.at)))}]"
        notes = f"  \n{plain(step.notes)}" if step.notes else ""
        st.markdown(f":material/{icon}: {what} · {when}{notes}")


def _pairs(steps: list[Step]) -> list[tuple[Step | None, Step]]:
    return list(zip([None, *steps], steps, strict=False))


def evidence(files: list[AttachmentRow]) -> None:
    """The files, each to be downloaded; none is ever opened here."""
    if not files:
        st.caption(_("Todavía no hay archivos."))
    for one in files:
        paper_button.show(
            plain(one.name), _content(one.id), one.name, key=f"evidence_{one.id}",
            mime="application/octet-stream", icon="attach_file", width="stretch",
            help=_("{size} KB, {user}, {at}").format(
                size=f"{-(-one.size // 1024):,}", user=people.known_as(one.user_name), at=shown(local(one.at))
            ),
        )  # fmt: skip


def _content(attachment_id: int) -> Callable[[Actor], bytes]:
    def made(actor: Actor) -> bytes:
        with reading() as session:
            return content_of(session, actor, attachment_id).content

    return made


def adding(one: DisputeCard, actor: Actor) -> None:
    """A note, and files that prove something."""
    if not actor.may(Permission.RECORD_DISPUTE):
        return
    form = f"dispute_add_{one.row.number}"
    with frame.card("adding"), st.form(form, border=False):
        st.markdown(f"**{_('Agregar')}**")
        notes = st.text_area(_("Nota"), key=forms.key(form, "nota"), max_chars=1000, height=80) or ""
        files = uploads(form, _("Evidencia"))
        if forms.button(_("Agregar"), form, icon=":material/add:", type="secondary"):
            add(actor, one.row.number, notes, files, form)


def facts(one: DisputeCard) -> None:
    """What is known of it, a line each."""
    row = one.row
    known = (
        (_("Motivo"), reason_word(row.reason)), (_("Qué dice el cliente"), one.details),
        (_("Área que contesta"), area_word(row.owner_area)),
        (_("Plazo"), day(row.deadline_on) if row.deadline_on else None),
        (_("Gestor"), people.known_as(row.collector)),
        (_("La abrió"), people.known_as(row.opened_by)), (_("Nota de crédito"), one.credit_note),
        (_("Desenlace"), outcome_word(row.outcome)),
    )  # fmt: skip
    items = "".join(f"<dt>{markup(name)}</dt><dd>{markup(value)}</dd>" for name, value in known if value)
    st.html(f'<dl class="datos">{items}</dl>')


def links(one: DisputeCard, actor: Actor) -> None:
    """The papers that it is about."""
    menu.link("document", _("Ver {number}").format(number=plain(one.row.document)), folio=one.row.document)
    if one.credit_note:
        menu.link("document", one.credit_note, folio=one.credit_note)
    menu.link("customer", _("Ver cliente"), cliente=one.row.customer)
    if menu.can_open(actor, "disputes"):
        menu.link("disputes", _("Todas las aclaraciones"))
    if not one.row.closed_on and menu.can_open(actor, "notes"):
        menu.link("notes", _("Hacer la nota de crédito"), cliente=one.row.customer)
