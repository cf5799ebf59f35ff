"""One promise on the screen: how it stands, the money that counted, how it was judged, what may be done."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import local, today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money, shown
from core.money import ZERO
from core.promises.card import Counts, Money, PromiseCard, promise_card
from core.promises.words import PromiseStatus, status_told, status_word
from pages.ui import columns, frame, menu, people, promise_dialogs
from pages.ui.promise_list import COLOURS
from pages.ui.text import markup, plain


class Line(NamedTuple):
    """Money in words."""

    on: date
    payment: str
    document: str
    amount: Decimal
    counts: str


def caption(one: PromiseCard) -> str:
    """Whose it is, and for when."""
    row = one.row
    return " · ".join(
        (f"{row.customer} · {row.name}", _("para el {day}").format(day=day(row.promised_on)), row.currency)
    )


def badges(one: PromiseCard) -> None:
    """How it stands, with a sign and a word."""
    row = one.row
    told = [f":{COLOURS[row.status]}-badge[{status_told(row.status)}]"]
    if row.level > 1:
        told.append(f":orange-badge[{_('Nivel {level}').format(level=row.level)}]")
    if row.agreement_id is not None:
        told.append(f":violet-badge[:material/handshake: {_('De un convenio')}]")
    st.markdown(" ".join(told))


def actions(one: PromiseCard, actor: Actor) -> None:
    """What may be done with it now, each in its dialog."""
    menu.link("customer", _("Ver cliente"), cliente=one.row.customer)
    if one.row.status is not PromiseStatus.PENDING or not actor.may(Permission.RECORD_PROMISE):
        return
    if one.row.agreement_id is None and st.button(
        _("Reprogramar"), key="promise_reschedule", icon=":material/event_repeat:"
    ):
        promise_dialogs.reschedule(one.row.number, one.row.amount, one.row.promised_on)
    if one.row.agreement_id is None and st.button(_("Retirar"), key="promise_withdraw", icon=":material/event_busy:"):
        promise_dialogs.withdraw(one.row.number)


def figures(one: PromiseCard) -> None:
    """Promised, come in time, come in all, lacking."""
    row = one.row
    with st.grid(4, min_column_width=158):
        for label, amount in (
            (_("Prometido"), row.amount), (_("Cuenta en su plazo"), row.counted), (_("Pagado en total"), row.paid),
            (_("Le falta"), max(row.amount - row.counted, ZERO)),
        ):  # fmt: skip
            with frame.card(f"figure-{label}", gap="xxsmall"):
                st.metric(label, money(amount))


_COLOURS = {Counts.IN_TIME: "green", Counts.LATE: "yellow", Counts.UNDONE: "gray"}


def _words() -> dict[Counts, str]:
    return {Counts.IN_TIME: _("Cuenta"), Counts.LATE: _("Fuera de plazo"), Counts.UNDONE: _("Deshecho")}


def _counts(one: Money) -> str:
    return _words()[one.counts]


def lines(found: list[Money]) -> list[Line]:
    """Money in words."""
    return [Line(one.on, one.payment, one.document or _("A cuenta"), one.amount, _counts(one)) for one in found]


def money_table(one: PromiseCard) -> None:
    """The money that came, each payment a way to it."""
    colours = {word: _COLOURS[counts] for counts, word in _words().items()}
    selection = columns.grid(
        lines(one.money),
        {
            "on": columns.date(_("Fecha"), width=92), "payment": columns.text(_("Pago"), width=120),
            "document": columns.text(_("Aplicado a"), width=130), "amount": columns.money(_("Importe"), width=116),
            "counts": columns.chips(_("¿Cuenta?"), colours, width=120),
        },
        key="dinero_promesa", on_select="rerun", selection_mode="single-row",
        phone={"payment": 96, "amount": 98, "counts": 104, "on": 82},
        height=35 * (min(len(one.money), 12) + 1) + 2, alt=_("Dinero que llegó desde que se prometió"),
    )  # fmt: skip
    if chosen := columns.chosen(selection, one.money):
        menu.go("payment", pago=chosen.payment)


def facts(one: PromiseCard) -> None:
    """What is known of it, a line each."""
    row = one.row
    known = (
        (_("Prometió el"), day(row.made_on)), (_("Quién prometió"), row.contact),
        (_("Cuenta el dinero"), _("del {start} al {end}").format(start=day(row.starts_on), end=day(row.ends_on))),
        (_("Documentos"), ", ".join(row.documents) or _("A cuenta: todo pago del cliente")),
        (_("Gestor"), one.collector), (_("Notas"), row.notes), (_("En lugar de"), one.replaces),
        (_("Reemplazada por"), one.replaced_by), (_("Terminó el"), day(one.ended_on) if one.ended_on else None),
        (_("Motivo"), one.reason), (_("La registró"), f"{people.known_as(one.made_by)}, {shown(local(one.made_at))}"),
    )  # fmt: skip
    rows = "".join(f"<dt>{markup(name)}</dt><dd>{markup(value)}</dd>" for name, value in known if value)
    st.html(f'<dl class="datos">{rows}</dl>')


def links(one: PromiseCard, actor: Actor) -> None:
    """The documents that it names, and the promises before and after it."""
    for number in one.row.documents:
        menu.link("document", number, folio=number)
    for number in filter(None, (one.replaces, one.replaced_by)):
        menu.link("promise", number, promesa=number)


def judgements(one: PromiseCard) -> None:
    """What evaluations found changed, the latest first."""
    for found in reversed(one.judgements):
        old, new = status_word(found.before), status_word(found.status)
        st.markdown(f":{COLOURS[found.status]}-badge[{day(found.as_of)}] {plain(old)} → **{plain(new)}**")


def sheet(actor: Actor, number: str) -> Sheet:
    """The money that came as a file."""
    with reading() as session:
        one = promise_card(session, actor, number, as_of=today())
    titles = (_("Fecha"), _("Pago"), _("Aplicado a"), _("Importe"), _("¿Cuenta?"))
    kinds = {"on": Kind.DATE, "amount": Kind.AMOUNT}
    return Sheet(
        title=_("Promesa {number}").format(number=one.row.number),
        columns=[
            Column(key, title, kinds.get(key, Kind.TEXT), total=key == "amount")
            for key, title in zip(Line._fields, titles, strict=True)
        ],
        rows=lines(one.money), totals_by="", notes=[caption(one), status_told(one.row.status)],
    )  # fmt: skip
