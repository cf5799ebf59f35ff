"""Proposing that a customer's documents pass to another stage."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.i18n import _, money, plural
from core.legal.handing import propose_hand_over
from core.legal.queries import OpenRow, agencies, open_to_hand
from core.legal.words import STAGES, Stage
from core.legal.words import stage as stage_word
from pages.ui import columns, customer_picker, empty, forms, frame, guard
from pages.ui.text import plain

FORM = "entrega"


class Line(NamedTuple):
    """A document that may be handed over."""

    number: str
    due_on: date
    days: int
    open: Decimal
    currency: str


def show(actor: Actor, wanted: str) -> None:
    """Customer, stage, documents and reason; `wanted`: the stage that was asked for in the address."""
    left, right = st.columns([7, 5])
    with left, frame.card("documents"):
        customer = customer_picker.picked(actor)
        if customer is None:
            st.caption(_("Elija el cliente: se mostrarán sus documentos abiertos."))
            return
        with guard.reading() as session:
            rows = open_to_hand(session, actor, customer_id=customer.id, as_of=today())
            known = agencies(session, actor, active_only=True)
        if not rows:
            empty.state(_("Nada que entregar"), _("El cliente no tiene documentos abiertos."), icon="inbox")
            return
        chosen = _documents(rows)
    with right, frame.card("where"):
        offered = [one for one in STAGES if one is not Stage.INTERNAL]
        picked = st.segmented_control(
            _("Pasa a"), offered, default=wanted if wanted in offered else Stage.PRELEGAL, format_func=stage_word,
            required=True, key=forms.key(FORM, "etapa"),
        )  # fmt: skip
        stage, agency = Stage(picked), None
        if stage is Stage.AGENCY:
            agency = st.selectbox(
                _("Despacho"), known, index=0 if known else None, key=forms.key(FORM, "despacho"),
                format_func=lambda one: f"{one.name} · {one.commission_pct.normalize():f} %",
                placeholder=_("No hay despachos: delos de alta primero"),
            )  # fmt: skip
        reason = st.text_area(_("Motivo"), key=forms.key(FORM, "motivo"), max_chars=500) or ""
        st.caption(_told(stage))
        if st.button(
            _("Proponer la entrega"), key=forms.key(FORM, "proponer"), type="primary", width="stretch",
            icon=":material/send:",
        ):  # fmt: skip
            mark, agency_id = forms.token(FORM), agency.agency_id if agency else None
            forms.submit(
                lambda session: propose_hand_over(
                    session, actor, customer_id=customer.id, stage=stage, documents=chosen, reason=reason,
                    on=today(), agency_id=agency_id, submission=mark,
                ),
                form=FORM, lead=_("No se propuso la entrega."), then=lambda _made: st.query_params.clear(),
                done=_("Entrega propuesta: la aprueba otra persona."),
            )  # fmt: skip


def _told(stage: Stage) -> str:
    if stage is Stage.LEGAL:
        return _("La aprueba otra persona. Al aprobarse se bloquea su crédito y dejan de salir cartas.")
    return _("La aprueba otra persona; al aprobarse, la relación de documentos queda fija.")


def _documents(rows: list[OpenRow]) -> list[str]:
    """The documents that go: what is overdue, or those chosen."""
    overdue = [one for one in rows if one.days]
    every = st.toggle(
        _("Solo lo vencido"), bool(overdue), key=forms.key(FORM, "vencido"), disabled=not overdue
    )  # fmt: skip
    shown = [Line(one.number, one.due_on, one.days, one.open, one.currency) for one in (overdue if every else rows)]
    columns.grid(
        shown,
        {
            "number": columns.text(_("Documento"), width=120), "due_on": columns.date(_("Vence"), width=92),
            "days": columns.number(_("Días"), width=60), "open": columns.money(_("Saldo"), width=124),
            "currency": columns.text(_("Moneda"), width=70),
        },
        key=forms.key(FORM, f"tabla_{every}"), height=35 * (min(len(shown), 12) + 1) + 2,
        phone={"number": 96, "days": 52, "open": 100}, alt=_("Documentos que se entregan"),
    )  # fmt: skip
    left_out = st.multiselect(
        _("Dejar fuera"), [one.number for one in shown], key=forms.key(FORM, "fuera"), placeholder=_("Ninguno")
    )
    going = [one for one in shown if one.number not in left_out]
    sums = " · ".join(
        money(sum((one.open for one in going if one.currency == currency), Decimal("0.00")), currency)
        for currency in sorted({one.currency for one in going})
    )
    st.caption(plain(f"{plural('{n} documento', '{n} documentos', len(going))}: {sums}"))
    return [one.number for one in going]
