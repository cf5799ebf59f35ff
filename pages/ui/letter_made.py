"""Letters that were made: their e-mails, what each listed, printing and sending again."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, money, plural
from core.i18n import day as written
from core.letters import mail
from core.letters.levels import stage_word
from core.letters.queries import LetterLook, letters_made, lines_listed
from core.outbox.words import status_word, why_not
from pages.ui import address, columns, forms, guard, menu, paper_button
from pages.ui import downloads as files
from pages.ui.text import plain

STATES = {
    "queued": "blue", "sending": "blue", "sent": "green", "failed": "red", "held": "yellow", "cancelled": "gray",
}  # fmt: skip
_OLDEST = date(2000, 1, 1)
#: More letters than these are printed in parts.
_MOST = 500
_ALL, _STUCK = "all", "stuck"
_FILTERS = {_ALL: N_("Todas"), _STUCK: N_("Con problema")}


class Asked(NamedTuple):
    """What the filters say."""

    start: date
    end: date
    statuses: tuple[str, ...]


class Line(NamedTuple):
    """A letter in words."""

    run_on: date
    customer: str
    name: str
    stage: str
    level: int
    overdue: Decimal
    currency: str
    documents: int
    state: str
    sent_at: datetime | None
    to_address: str
    reason: str


def filters() -> Asked:
    """Days and state, in the address."""
    start, end = (
        st.date_input(
            label, value, min_value=_OLDEST, format="DD/MM/YYYY", key=key, bind="query-params", width=136,
            label_visibility="collapsed",
        )
        for label, value, key in ((_("Desde"), today() - timedelta(days=30), "desde"), (_("Hasta"), today(), "hasta"))
    )  # fmt: skip
    address.understood("estado", _FILTERS, lambda one: _(_FILTERS[one]))
    wanted = st.segmented_control(
        _("Estado"), list(_FILTERS), default=_ALL, format_func=lambda one: _(_FILTERS[one]), required=True,
        key="estado", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return Asked(start, end, ("failed", "held") if wanted == _STUCK else ())


def read(actor: Actor, asked: Asked) -> list[LetterLook]:
    """The letters of the filters."""
    with guard.reading() as session:
        return letters_made(session, actor, start=asked.start, end=asked.end, statuses=asked.statuses)


def shown(rows: list[LetterLook]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.run_on, row.customer, row.name, stage_word(row.stage), row.level, row.overdue, row.currency,
            row.documents, status_word(row.status) if row.status else "", row.sent_at, row.to_address,
            why_not(row.last_error),
        )
        for row in rows
    ]  # fmt: skip


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    chips = {status_word(status): colour for status, colour in STATES.items()}
    return {
        "run_on": columns.date(_("Fecha"), width=84), "name": columns.text(_("Cliente"), width=192),
        "stage": columns.text(_("Carta"), width=112), "overdue": columns.money(_("Pide"), width=104),
        "state": columns.chips(_("Correo"), chips, width=110), "level": columns.number(_("Nivel"), width=54),
        "reason": columns.text(_("Motivo"), width=190),
    }  # fmt: skip


def table(rows: list[LetterLook]) -> LetterLook | None:
    """The letters; the one that is chosen."""
    selection = columns.grid(
        shown(rows), columns_shown(), key="hechas", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 14) + 1) + 2, phone={"name": 112, "overdue": 92, "state": 96},
        alt=_("Cartas hechas, con el estado de su correo"),
    )  # fmt: skip
    chosen: LetterLook | None = columns.chosen(selection, rows)
    return chosen


def one(actor: Actor, letter: LetterLook) -> None:
    """One letter: to whom, what it lists, its e-mail; print it or send it again."""
    st.markdown(f"### {plain(letter.name)}")
    amount = plain(money(letter.overdue, letter.currency))
    st.caption(f"{plain(stage_word(letter.stage))} · {written(letter.run_on)} · {amount}")
    with guard.reading() as session:
        lines = lines_listed(session, actor, letter.letter_id)
    columns.grid(
        lines,
        {"number": columns.text(_("Documento"), width=84), "days": columns.number(_("Días"), width=44),
         "amount": columns.money(_("Pide"), width=96), "currency": columns.text(_("Moneda"), width=60),
         "due_on": columns.date(_("Venció"), width=84)},
        key="listado", height=35 * (min(len(lines), 8) + 1) + 2, alt=_("Lo que lista la carta"),
    )  # fmt: skip
    if letter.status:
        st.markdown(f"**{plain(status_word(letter.status))}** {plain(letter.to_address)}")
    if letter.last_error:
        st.warning(plain(why_not(letter.last_error)), icon=":material/mail_off:")
    with st.container(horizontal=True):
        paper_button.show(
            _("Ver o imprimir"), partial(_printed, letter_id=letter.letter_id),
            f"{_('carta')}_{letter.customer}_{letter.run_on}.pdf", key=f"carta_{letter.letter_id}", type="primary",
        )  # fmt: skip
        menu.link("customer", _("Ver el cliente"), clave=letter.customer)
    if actor.may(Permission.RUN_LETTERS):
        with st.expander(_("Enviarla de nuevo")):
            _resend(actor, letter)


def print_button(rows: list[LetterLook]) -> None:
    """All the letters that no e-mail has taken, to be printed."""
    stuck = [row.letter_id for row in rows if row.status in ("held", "failed")][:_MOST]
    if stuck:
        paper_button.show(
            plural("Imprimir la que no salió ({n})", "Imprimir las que no salieron ({n})", len(stuck)),
            partial(_zipped, letter_ids=stuck), f"{_('cartas')}_{today()}.zip", key="imprimir", mime="application/zip",
            icon="print",
        )  # fmt: skip


def _zipped(actor: Actor, letter_ids: list[int]) -> bytes:
    with reading() as session:
        return mail.to_print(session, actor, letter_ids=letter_ids)


def _printed(actor: Actor, letter_id: int) -> bytes:
    with reading() as session:
        return mail.printed(session, actor, letter_id=letter_id).content


def _resend(actor: Actor, letter: LetterLook) -> None:
    form = f"reenviar_{letter.letter_id}"
    with st.form(form, border=False):
        to = st.text_input(_("A qué dirección"), letter.to_address, key=forms.key(form, "correo"))
        if forms.button(_("Poner en la lista de envío"), form, icon=":material/forward_to_inbox:"):
            forms.submit(
                lambda session: mail.resend(session, actor, letter_id=letter.letter_id, to_address=to),
                form=form, done=_("La carta espera en la lista de correos."),
            )  # fmt: skip


def downloads(asked: Asked) -> None:
    """The list as a file."""
    files.buttons(lambda who: _sheet(who, asked), _("cartas"), key="hechas")


def _sheet(actor: Actor, asked: Asked) -> Sheet:
    with reading() as session:
        rows = letters_made(session, actor, start=asked.start, end=asked.end, statuses=asked.statuses, most=1_000_000)
    kinds: dict[str, Any] = {
        "run_on": Kind.DATE, "level": Kind.INTEGER, "overdue": Kind.AMOUNT, "documents": Kind.INTEGER,
        "sent_at": Kind.DATETIME,
    }  # fmt: skip
    titles = (
        _("Fecha"), _("Clave"), _("Cliente"), _("Carta"), _("Nivel"), _("Pide"), _("Moneda"), _("Documentos"),
        _("Correo"), _("Enviado el"), _("Para"), _("Motivo"),
    )  # fmt: skip
    told = _("Cartas del {start} al {end}").format(start=written(asked.start), end=written(asked.end))
    return Sheet(
        title=_("Cartas"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "overdue")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(rows), totals_by="currency", notes=[told],
    )  # fmt: skip
