"""The outbox on the screen: its figures and filters, its table, and what can be done with one message."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.db import reading
from core.errors import DomainError
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, number
from core.letters.mail import MAKERS
from core.outbox import mending
from core.outbox.queries import MessageRow, SentFile, counts, files_of, kept, messages
from core.outbox.sending import Sent, send_waiting
from core.outbox.words import kind_word, status_word, why_not
from pages.ui import address, columns, forms, guard, paper_button, refusal
from pages.ui import downloads as files
from pages.ui.letter_made import STATES
from pages.ui.text import plain

_VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": (N_("Todos"), ()), "waiting": (N_("En espera"), ("queued", "sending")),
    "stuck": (N_("Con problema"), ("failed", "held")), "sent": (N_("Enviados"), ("sent",)),
}  # fmt: skip


class Asked(NamedTuple):
    """What the filters say."""

    statuses: tuple[str, ...]
    search: str


class Line(NamedTuple):
    """A message in words."""

    queued_at: datetime
    kind: str
    to_address: str
    subject: str
    state: str
    tries: int
    sent_at: datetime | None
    reason: str


def figures(actor: Actor) -> None:
    """How many are in each state."""
    with guard.reading() as session:
        found = counts(session, actor)
    with st.grid(4, min_column_width=158):
        st.metric(_("En espera"), number(found["queued"] + found["sending"]), border=True)
        st.metric(_("Enviados"), number(found["sent"]), border=True)
        st.metric(
            _("No salieron"),
            number(found["failed"]),
            help=_("Alguien debe verlos: corregir o reintentar."),
            border=True,
        )
        st.metric(_("Sin dirección"), number(found["held"]), border=True)


def filters() -> Asked:
    """State and text, in the address."""
    address.understood("vista", _VIEWS, lambda one: _(_VIEWS[one][0]))
    view = st.segmented_control(
        _("Vista"), list(_VIEWS), default="all", format_func=lambda one: _(_VIEWS[one][0]), required=True, key="vista",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    text = st.text_input(
        _("Buscar"), placeholder=_("Dirección o asunto"), icon=":material/search:", key="texto", bind="query-params",
        width=220, label_visibility="collapsed",
    )  # fmt: skip
    return Asked(_VIEWS[str(view)][1], text or "")


def read(actor: Actor, asked: Asked) -> list[MessageRow]:
    """The messages of the filters, the latest first."""
    with guard.reading() as session:
        return messages(session, actor, statuses=asked.statuses, search=asked.search)


def shown(rows: list[MessageRow]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.queued_at, kind_word(row.kind), row.to_address or "—", row.subject or kind_word(row.kind),
            status_word(row.status), row.tries, row.sent_at, why_not(row.last_error),
        )
        for row in rows
    ]  # fmt: skip


def table(rows: list[MessageRow]) -> MessageRow | None:
    """The messages; the one that is chosen."""
    chips = {status_word(status): colour for status, colour in STATES.items()}
    selection = columns.grid(
        shown(rows),
        {"queued_at": columns.moment(_("Pedido el"), width=122), "to_address": columns.text(_("Para"), width=176),
         "subject": columns.text(_("Asunto"), width=190), "state": columns.chips(_("Estado"), chips, width=112),
         "reason": columns.text(_("Motivo"), width=220), "tries": columns.number(_("Intentos"), width=70),
         "sent_at": columns.moment(_("Enviado el"), width=124), "kind": columns.text(_("Tipo"), width=110)},
        key="correos", on_select="rerun", selection_mode="single-row", height=35 * (min(len(rows), 14) + 1) + 2,
        phone={"to_address": 156, "state": 104, "reason": 110}, alt=_("Correos, del más reciente al más antiguo"),
    )  # fmt: skip
    chosen: MessageRow | None = columns.chosen(selection, rows)
    return chosen


def one(actor: Actor, row: MessageRow) -> None:
    """One message, and what can be done with it."""
    st.markdown(f"### {plain(row.subject or kind_word(row.kind))}")
    st.markdown(f"**{plain(status_word(row.status))}** · {plain(row.to_address or _('sin dirección'))}")
    if row.last_error:
        st.warning(plain(why_not(row.last_error)), icon=":material/mail_off:")
    with guard.reading() as session:
        kept_files = files_of(session, row.message_id)
    for place, file in enumerate(kept_files):
        _file(row, place, file)
    if row.status in ("queued", "failed", "held"):
        _address(actor, row)
    with st.container(horizontal=True):
        if row.status in ("queued", "failed", "cancelled") and row.to_address:
            _action(actor, row, mending.retry, _("Intentar de nuevo"), "refresh", _("El correo espera otra vez."))
        if row.status in ("queued", "failed", "held"):
            _action(actor, row, mending.cancel, _("Cancelar el correo"), "cancel", _("El correo ya no saldrá."))


def _file(row: MessageRow, place: int, file: SentFile) -> None:
    paper_button.show(
        file.name, partial(_content, message_id=row.message_id, place=place), file.name,
        key=f"adjunto_{file.file_id}", mime=file.media_type, icon="attach_file",
    )  # fmt: skip


def _content(actor: Actor, message_id: int, place: int) -> bytes:
    with reading() as session:
        counts(session, actor)  # asks whether he may
        return kept(session, message_id, place).content


def _address(actor: Actor, row: MessageRow) -> None:
    form = f"direccion_{row.message_id}"
    with st.form(form, border=False):
        to = st.text_input(_("Dirección"), row.to_address, key=forms.key(form, "correo"))
        if forms.button(_("Corregir y reintentar"), form, icon=":material/edit:", type="secondary"):
            forms.submit(
                lambda session: mending.correct_address(session, actor, message_id=row.message_id, to_address=to),
                form=form, done=_("Dirección corregida; el correo espera otra vez."),
            )  # fmt: skip


def _action(actor: Actor, row: MessageRow, command: Any, label: str, icon: str, done: str) -> None:
    if st.button(label, icon=f":material/{icon}:", key=f"{icon}_{row.message_id}"):
        forms.submit(lambda session: command(session, actor, message_id=row.message_id), done=done)


def send_button(actor: Actor) -> None:
    """Sends what waits, with a bar."""
    if not st.button(_("Enviar ahora"), type="primary", icon=":material/send:", key="enviar"):
        return
    bar = st.progress(0.0, _("Enviando…"))

    def told(done: int, of: int) -> None:
        bar.progress(done / of, _("{done} de {n}").format(done=done, n=of))

    try:
        result = send_waiting(actor, MAKERS, limit=200, told=told)
    except DomainError as error:
        bar.empty()
        refusal.lines(error, _("No se pudo enviar."))
        return
    bar.empty()
    forms.flash(_told(result))
    st.rerun()


def _told(result: Sent) -> str:
    told = _("Enviados: {sent}. Se intentarán de nuevo: {again}. No salieron: {failed}. En espera: {waiting}.")
    return told.format(**result._asdict())


def downloads(asked: Asked) -> None:
    """The list as a file."""
    files.buttons(lambda who: _sheet(who, asked), _("correos"), key="correos")


def _sheet(actor: Actor, asked: Asked) -> Sheet:
    with reading() as session:
        rows = messages(session, actor, statuses=asked.statuses, search=asked.search, most=1_000_000)
    kinds: dict[str, Any] = {"queued_at": Kind.DATETIME, "sent_at": Kind.DATETIME, "tries": Kind.INTEGER}
    titles = (
        _("Pedido el"), _("Tipo"), _("Para"), _("Asunto"), _("Estado"), _("Intentos"), _("Enviado el"), _("Motivo"),
    )  # fmt: skip
    return Sheet(
        title=_("Correos"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT)) for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(rows),
    )  # fmt: skip
