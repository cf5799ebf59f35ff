"""The letters due on a day: who would get what, and making them."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, money, number, plural
from core.i18n import day as written
from core.letters.levels import stage_word
from core.letters.running import LetterRow, run_letters, sums
from core.policies.settings import company_currency
from pages.ui import address, columns, forms, guard, kept
from pages.ui import downloads as files

DUE, MADE = "due", "made"
_VIEWS = {DUE: N_("Por hacer"), MADE: N_("Hechas")}
_STAGES = {"reminder": "blue", "first": "yellow", "second": "orange", "final": "red", "legal_notice": "violet"}


class Line(NamedTuple):
    """A letter in words."""

    customer: str
    name: str
    stage: str
    level: int
    overdue: Decimal
    many: int
    documents: str
    language: str
    to_address: str


def view() -> str:
    """Letters to be made, or those that were."""
    address.understood("vista", _VIEWS, lambda one: _(_VIEWS[one]))
    return str(
        st.segmented_control(
            _("Vista"), list(_VIEWS), default=DUE, format_func=lambda one: _(_VIEWS[one]), required=True, key="vista",
            bind="query-params", label_visibility="collapsed",
        )
    )  # fmt: skip


def day() -> date:
    """The day of the letters."""
    chosen: date = st.date_input(
        _("Día de las cartas"), today(), max_value=today(), format="DD/MM/YYYY", key="dia", bind="query-params",
        width=142, label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def read(actor: Actor, as_of: date) -> list[LetterRow]:
    """Who would get what on that day."""
    return kept.read(run_letters, actor, as_of=as_of, dry_run=True)


def shown(rows: list[LetterRow]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.customer, row.name, stage_word(row.stage), row.level, row.overdue, len(row.documents),
            ", ".join(row.documents), row.language.upper(), row.to_address or _("sin correo"),
        )
        for row in rows
    ]  # fmt: skip


def figures(rows: list[LetterRow]) -> None:
    """How many letters, for how much, and how many cannot be sent."""
    found = sums(rows)
    with guard.reading() as session:
        currency = company_currency(session)
    with st.grid(4, min_column_width=158):
        st.metric(_("Cartas"), number(found.letters), border=True)
        st.metric(
            _("Importe que piden"), money(found.total), help=_("En {currency}").format(currency=currency), border=True
        )
        st.metric(_("Documentos"), number(found.documents), border=True)
        help_ = _("Quedan para imprimir, o hasta que tengan dirección.")
        st.metric(_("Sin correo"), number(found.without_address), help=help_, border=True)
    st.caption(" · ".join(f"{stage_word(stage)}: {number(count)}" for stage, count in found.stages.items()))


def table(rows: list[LetterRow]) -> None:
    """Everybody who would get one."""
    chips = {stage_word(stage): colour for stage, colour in _STAGES.items()}
    columns.grid(
        shown(rows),
        {"customer": columns.text(_("Clave"), width=84), "name": columns.text(_("Cliente"), width=230),
         "stage": columns.chips(_("Carta"), chips, width=140), "level": columns.number(_("Nivel"), width=54),
         "overdue": columns.money(_("Pide"), width=116), "many": columns.number(_("Docs."), width=54),
         "documents": columns.text(_("Documentos"), width=170), "language": columns.text(_("Idioma"), width=60),
         "to_address": columns.text(_("Correo"), width=180)},
        key="por_hacer", height=35 * (min(len(rows), 14) + 1) + 2,
        phone={"name": 150, "stage": 120, "overdue": 104},
        alt=_("Clientes que recibirían carta, con su nivel y lo que pide"),
    )  # fmt: skip


def run_button(actor: Actor, as_of: date, rows: list[LetterRow]) -> None:
    """Makes them, once somebody has said so."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {_('Quién recibiría qué')}", width="stretch")
        if not actor.may(Permission.RUN_LETTERS):
            st.caption(_("Las hace cobranza."))
        else:
            label = plural("Hacer {n} carta", "Hacer {n} cartas", len(rows))
            with st.popover(label, type="primary", icon=":material/outgoing_mail:", key="hacer"):
                _confirm(actor, as_of, len(rows))


def _confirm(actor: Actor, as_of: date, count: int) -> None:
    dated = _("con fecha del {day}.").format(day=written(as_of))
    st.markdown(f"{plural('Se hará {n} carta', 'Se harán {n} cartas', count)} {dated}")
    st.caption(_("Quedan en la lista de correos y salen en el próximo envío. Cada cliente recibe una sola."))
    if st.button(_("Hacerlas ahora"), type="primary", icon=":material/check:", key="hacer_si", width="stretch"):
        with st.spinner(_("Haciendo las cartas…")):
            forms.submit(
                lambda session: run_letters(session, actor, as_of=as_of),
                done=lambda made: plural("{n} carta hecha.", "{n} cartas hechas.", len(made)),
                lead=_("No se hizo ninguna carta."),
            )  # fmt: skip


def downloads(as_of: date) -> None:
    """The list as a file."""
    files.buttons(lambda who: _sheet(who, as_of), _("cartas_por_hacer"), key="por_hacer")


def _sheet(actor: Actor, as_of: date) -> Sheet:
    kinds: dict[str, Any] = {"level": Kind.INTEGER, "many": Kind.INTEGER, "overdue": Kind.AMOUNT}
    titles = (
        _("Clave"), _("Cliente"), _("Carta"), _("Nivel"), _("Pide"), _("Cuántos"), _("Documentos"), _("Idioma"),
        _("Correo"),
    )  # fmt: skip
    return Sheet(
        title=_("Cartas por hacer"),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "overdue")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=shown(read(actor, as_of)), notes=[_("Cartas del {day}").format(day=written(as_of))],
    )  # fmt: skip
