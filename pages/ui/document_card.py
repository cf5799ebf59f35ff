"""One document: its facts, its instalments, and what explains its balance."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import local, today
from core.db import reading
from core.disputes.listing import DisputeRow
from core.documents.queries import AppliedRow, DocumentCard, document_card
from core.documents.reasons import told
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money, shown
from core.portfolio.words import kind_word
from pages.ui import columns, figures, frame, menu, papers
from pages.ui.dispute_list import status_of
from pages.ui.text import markup, plain


class AppliedLine(NamedTuple):
    """A movement of a document in words."""

    on: date
    what: str
    number: str
    instalment: int
    amount: Decimal
    left: Decimal
    mark: str
    user: str


def caption(one: DocumentCard) -> str:
    """What it is and whose."""
    return " · ".join((kind_word(one.kind), f"{one.customer_code} {one.customer_name}", one.currency))


def badges(one: DocumentCard, disputed: Decimal) -> None:
    """How it stands."""
    parts = [papers.state_badge(one.state)]
    late = [part.days for part in one.instalments if part.open and part.days is not None and part.days > 0]
    if late:
        parts.append(f":red-badge[:material/schedule: {_('{n} días de atraso').format(n=max(late))}]")
    if disputed:
        told_ = _("En aclaración {amount}").format(amount=money(disputed))
        parts.append(f":violet-badge[:material/forum: {plain(told_)}]")
    if one.reversal is not None:
        on = _("Reversada el {day}: {reason}").format(day=day(one.reversal.on), reason=told(one.reversal.reason))
        parts.append(f":gray-badge[:material/undo: {plain(on)}]")
    st.markdown(" ".join(parts))


def balances(one: DocumentCard) -> None:
    """Total, closed, open and due date."""
    cards = (
        (_("Importe"), money(one.total), _("emitida el {day}").format(day=day(one.issued_on))),
        (_("Aplicado"), money(one.total - one.open), _("pagos, notas y reversiones")),
        (_("Saldo"), money(one.open), _("al {day}").format(day=day(today()))),
        (_("Vence"), day(one.due_on) if one.due_on else figures.no_data(), _parts(one)),
    )
    with st.grid(4, min_column_width=158):
        for at, (label, value, about) in enumerate(cards):
            with frame.card(f"document-{at}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(about))


def _parts(one: DocumentCard) -> str:
    if len(one.instalments) < 2:
        return _("en una exhibición")
    return _("la última de {n} parcialidades").format(n=len(one.instalments))


def instalments(one: DocumentCard) -> None:
    """Each instalment with what is open of it."""
    shown_ = {
        "instalment": columns.number(_("Parcialidad"), width=95), "due_on": columns.date(_("Vence"), width=100),
        "days": columns.number(_("Días"), width=60), "amount": columns.money(_("Importe"), width=120),
        "open": columns.money(_("Saldo"), width=120),
    }  # fmt: skip
    columns.grid(one.instalments, shown_, key="parcialidades", alt=_("Parcialidades con su vencimiento y su saldo"))


def applied_lines(rows: list[AppliedRow]) -> list[AppliedLine]:
    """Movements in words."""
    return [
        AppliedLine(
            row.on, kind_word(row.kind), row.number, row.instalment, -row.amount, row.left, _mark(row), row.user
        )
        for row in rows
    ]  # fmt: skip


def _mark(row: AppliedRow) -> str:
    if row.is_undo:
        return _("Deshace")
    return _("Deshecha") if row.undone else _("Vigente")


def applied(one: DocumentCard) -> None:
    """What was applied and undone, with the balance after each."""
    marks = {_("Vigente"): "green", _("Deshecha"): "gray", _("Deshace"): "orange"}
    shown_ = {
        "on": columns.date(_("Fecha"), width=90), "what": columns.text(_("Movimiento"), width=115),
        "number": columns.text(_("Folio"), width=115), "instalment": columns.number(_("Parc."), width=50),
        "amount": columns.money(_("Importe"), width=115), "left": columns.money(_("Saldo después"), width=115),
        "mark": columns.chips(_("Estado"), marks, width=90),
    }  # fmt: skip
    columns.grid(
        applied_lines(one.applied),
        shown_,
        key="aplicaciones",
        phone={"on": 82, "number": 100, "amount": 98, "left": 98},
        alt=_("Aplicaciones que explican el saldo del documento"),
    )


def disputes(rows: list[DisputeRow]) -> None:
    """What the customer questions or has questioned of it, each a way to it."""
    for row in rows:
        menu.link("dispute", f"{row.number} · {money(row.amount)} · {status_of(row)}", aclaracion=row.number)


def sheet(actor: Actor, number: str) -> Sheet:
    """The movements as a file."""
    with reading() as session:
        one = document_card(session, actor, number, as_of=today())
    titles = (
        _("Fecha"), _("Movimiento"), _("Folio"), _("Parcialidad"), _("Importe"), _("Saldo después"), _("Estado"),
        _("Usuario"),
    )  # fmt: skip
    kinds = (
        Kind.DATE, Kind.TEXT, Kind.TEXT, Kind.INTEGER, Kind.AMOUNT, Kind.AMOUNT, Kind.TEXT, Kind.TEXT,
    )  # fmt: skip
    made = [
        Column(key, title, kind, total=key == "amount")
        for key, title, kind in zip(AppliedLine._fields, titles, kinds, strict=True)
    ]
    notes = [caption(one), _("Importe {total}, saldo {open}").format(total=money(one.total), open=money(one.open))]
    return Sheet(title=one.number[:31], columns=made, rows=applied_lines(one.applied), notes=notes)


def facts(one: DocumentCard) -> None:
    """Everything else that is known of it, and who registered it."""
    rate = None if one.exchange_rate == 1 else f"{one.exchange_rate:.6f}"
    made = _("{user}, {at}").format(user=one.made_by, at=shown(local(one.made_at)))
    known: dict[str, Any] = {
        _("Subtotal"): money(one.subtotal), _("Impuestos"): figures.exact(one.tax), _("Tipo de cambio"): rate,
        _("Asesor"): one.sales_rep, _("Presentada"): one.presented_on and day(one.presented_on),
        _("Folio fiscal (UUID)"): one.uuid, _("Orden de compra"): one.po_number, _("Se aplicó a"): one.applies_to,
        _("Motivo"): told(one.reason), _("Notas"): one.notes, _("Registró"): made, _("Archivo"): one.made_from,
    }  # fmt: skip
    items = "".join(f"<dt>{markup(name)}</dt><dd>{markup(value)}</dd>" for name, value in known.items() if value)
    st.html(f'<dl class="datos">{items}</dl>')
