"""Credit notes with something left, those that wait for approval, and deciding one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.customers.queries import CustomerOption
from core.documents import reasons
from core.documents.approval import WaitingNote, note_requests
from core.documents.credit_notes import Issued, decide_credit_note
from core.i18n import _, day, money, plural
from core.payments.queries import OnAccount, credit_notes_left
from pages.ui import columns, forms, guard, menu
from pages.ui.text import plain

_HEIGHT = 35 * 9 + 2


class Line(NamedTuple):
    """A request in words."""

    number: str
    customer: str
    issued_on: date
    amount: Decimal
    currency: str
    reason: str
    applies_to: str
    requested_by: str
    requested_at: datetime


def in_favour(actor: Actor, customer: CustomerOption | None) -> None:
    """Credit notes with something left, of the chosen customer or of all; one that is chosen is applied."""
    with guard.reading() as session:
        rows = credit_notes_left(session, actor, customer_id=customer.id if customer else None)
    st.markdown(f"### {_('Notas con saldo a favor')}")
    if not rows:
        st.caption(_("Ninguna nota de crédito tiene saldo a favor."))
        return
    st.caption(plural("{n} nota; elija una para aplicarla", "{n} notas; elija una para aplicarla", len(rows)))
    selection = columns.grid(
        rows, _favour_columns(), key="notas_a_favor", on_select="rerun", selection_mode="single-row",
        phone={"customer": 130, "left": 86, "number": 96},
        height=min(_HEIGHT, 35 * (len(rows) + 1) + 2), alt=_("Notas de crédito con saldo a favor"),
    )  # fmt: skip
    chosen: OnAccount | None = columns.chosen(selection, rows)
    if chosen is not None:
        with st.container(horizontal=True):
            menu.link("apply_credit", _("Aplicar {number}").format(number=plain(chosen.number)), folio=chosen.number)
            menu.link("document", _("Ver {number}").format(number=plain(chosen.number)), folio=chosen.number)


def _favour_columns() -> dict[str, Any]:
    return {
        "number": columns.text(_("Folio"), width=96), "customer": columns.text(_("Cliente"), width=140),
        "left": columns.money(_("A favor"), width=86), "currency": columns.text(_("Moneda"), width=62),
        "booked_on": columns.date(_("Fecha"), width=84), "amount": columns.money(_("Importe"), width=86),
    }  # fmt: skip


def waiting(actor: Actor) -> None:
    """Credit notes that wait for somebody's approval."""
    st.markdown(f"### {_('Esperan aprobación')}")
    with guard.reading() as session:
        rows = note_requests(session, actor)
    if not rows:
        st.caption(_("Ninguna nota espera aprobación."))
        return
    columns.grid(
        shown(rows), columns_shown(), key="notas_en_espera", phone=PHONE, height=min(_HEIGHT, 35 * (len(rows) + 1) + 2),
        alt=_("Notas de crédito que esperan aprobación"),
    )  # fmt: skip
    if menu.can_open(actor, "note_approvals"):
        menu.link("note_approvals")
    else:
        st.caption(_("Las aprueba alguien distinto de quien las pidió."))


def shown(rows: list[WaitingNote]) -> list[Line]:
    """Requests in words."""
    return [
        Line(
            row.number or _("por asignar"), f"{row.customer_code} · {row.customer}", row.issued_on, row.amount,
            row.currency, reasons.told(row.reason), row.applies_to or _("a favor"), row.requested_by, row.requested_at,
        )
        for row in rows
    ]  # fmt: skip


#: What a telephone has room for: who, how much, why.
PHONE = {"customer": 130, "amount": 100, "reason": 130}


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    return {
        "customer": columns.text(_("Cliente"), width=188), "amount": columns.money(_("Importe"), width=100),
        "currency": columns.text(_("Moneda"), width=62), "reason": columns.text(_("Motivo"), width=156),
        "requested_by": columns.text(_("La pidió"), width=78), "applies_to": columns.text(_("Se aplica a"), width=110),
        "requested_at": columns.moment(_("Cuándo"), width=125), "number": columns.text(_("Folio"), width=100),
    }  # fmt: skip


def decide(actor: Actor, chosen: WaitingNote) -> None:
    """What is asked for, with the two buttons."""
    form = f"nota_{chosen.request_id}"
    st.markdown(f"### {plain(money(chosen.amount, chosen.currency))}")
    st.markdown(f"**{plain(chosen.customer_code)}** · {plain(chosen.customer)}")
    told = _("{reason}, del {day}. La pidió {user}.")
    st.caption(
        plain(told.format(reason=reasons.told(chosen.reason), day=day(chosen.issued_on), user=chosen.requested_by))
    )
    st.caption(plain(_("Se aplica a {documents}.").format(documents=chosen.applies_to or _("nada: queda a favor"))))
    if chosen.notes:
        st.caption(plain(chosen.notes))
    remark = st.text_input(_("Motivo o comentario"), key=forms.key(form, "comentario"), max_chars=250,
                           placeholder=_("Necesario si la rechaza")) or ""  # fmt: skip
    with st.container(horizontal=True):
        for approve, label, icon in ((True, _("Aprobar la nota"), "check"), (False, _("Rechazar"), "close")):
            if st.button(
                label, key=forms.key(form, icon), type="primary" if approve else "secondary", icon=f":material/{icon}:"
            ):
                forms.submit(
                    lambda opened, approve=approve: decide_credit_note(  # type: ignore[misc]  # bound now, not later
                        opened, actor, request_id=chosen.request_id, approve=approve, remark=remark
                    ),
                    form=form, lead=_("No se resolvió la nota."), done=_decided,
                )  # fmt: skip


def _decided(done: Issued) -> str:
    if done.document_id is None:
        return _("Nota rechazada: no se registró.")
    told = _("Nota {number} aprobada: {applied} aplicado, {left} a favor.")
    return told.format(number=done.number, applied=money(done.applied), left=money(done.left))
