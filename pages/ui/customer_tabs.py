"""The tabs of a customer's page: each asks for what it shows when it is open, and has its own file."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import local, today
from core.customers.queries import ChangeRow, CustomerCard, history
from core.db import reading
from core.documents.queries import DocumentRow, Show, documents_of
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day, money
from core.payments.of_customer import PaymentRow, payments_of
from core.portfolio.statements import StatementLine, statement
from core.portfolio.words import kind_word
from pages.ui import address, columns, downloads, empty, guard, menu, papers
from pages.ui.text import plain

PAGE = 10
_SHOW = {
    Show.OPEN: N_("Abiertos"), Show.OVERDUE: N_("Vencidos"), Show.SETTLED: N_("Liquidados"), Show.ALL: N_("Todos"),
}  # fmt: skip


class DocumentLine(NamedTuple):
    """A document in words."""

    number: str
    kind: str
    issued_on: date
    due_on: date | None
    days: int | None
    total: Decimal
    open: Decimal
    state: str


class PaymentLine(NamedTuple):
    """A payment in words."""

    number: str
    paid_on: date
    method: str | None
    bank_reference: str | None
    amount: Decimal
    left: Decimal
    state: str


# ------------------------------------------------------------------ documents
def documents(one: CustomerCard, actor: Actor, currency: str) -> None:
    """The customer's documents, a page at a time; one that is chosen opens."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        address.understood("documentos", _SHOW, lambda name: _(_SHOW[name]))
        show = st.segmented_control(
            _("Documentos"), list(_SHOW), default=Show.OPEN, format_func=lambda name: _(_SHOW[name]), required=True,
            key="documentos", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.space("stretch")
        downloads.buttons(
            lambda who: _documents_sheet(who, one, currency, show), f"{_('documentos')}_{one.code}", key="docs"
        )
    with guard.reading() as session:
        total = documents_of(session, actor, one.id, as_of=today(), show=show, currency=currency, limit=1).found
    if not total:
        empty.state(_("Ningún documento aquí"), _("Vea los de otro estado o de otra moneda."), icon="task_alt")
        return
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina")
    with guard.reading() as session:
        rows = documents_of(
            session, actor, one.id, as_of=today(), show=show, currency=currency, limit=PAGE, offset=first
        ).rows
    with place:
        selection = columns.grid(
            _document_lines(rows), _document_columns(), key="lista_documentos", on_select="rerun",
            phone={"number": 90, "open": 98, "days": 46, "state": 90, "due_on": 84}, selection_mode="single-row",
            height=35 * (len(rows) + 1) + 2,
            alt=_("Documentos del cliente con su vencimiento y su saldo"),
        )  # fmt: skip
    if chosen := columns.chosen(selection, rows):
        menu.go("document", folio=chosen.number)


def _document_lines(rows: list[DocumentRow]) -> list[DocumentLine]:
    return [
        DocumentLine(
            row.number, kind_word(row.kind), row.issued_on, row.due_on, row.days, row.total, row.open,
            papers.state(row.state),
        )
        for row in rows
    ]  # fmt: skip


def _document_columns() -> dict[str, Any]:
    return {
        "number": columns.text(_("Folio"), width=98), "kind": columns.text(_("Tipo"), width=100),
        "issued_on": columns.date(_("Emitida"), width=88), "due_on": columns.date(_("Vence"), width=88),
        "days": columns.number(_("Días"), width=50, help=_("Desde el vencimiento; negativo: faltan")),
        "total": columns.money(_("Importe"), width=106), "open": columns.money(_("Saldo"), width=106),
        "state": columns.chips(_("Estado"), papers.states(), width=105),
    }  # fmt: skip


def _documents_sheet(actor: Actor, one: CustomerCard, currency: str, show: Show) -> Sheet:
    with reading() as session:
        rows = documents_of(session, actor, one.id, as_of=today(), show=show, currency=currency).rows
    titles = (_("Folio"), _("Tipo"), _("Emitida"), _("Vence"), _("Días"), _("Importe"), _("Saldo"), _("Estado"))
    kinds = (Kind.TEXT, Kind.TEXT, Kind.DATE, Kind.DATE, Kind.INTEGER, Kind.AMOUNT, Kind.AMOUNT, Kind.TEXT)
    return _sheet(_("Documentos"), DocumentLine._fields, titles, kinds, ("total", "open"), _document_lines(rows),
                  [_whose(one, currency), _(_SHOW[show])])  # fmt: skip


# ------------------------------------------------------------------ movements
def movements(one: CustomerCard, actor: Actor, currency: str) -> None:
    """What moved the balance, with the balance after each line."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start, end = (
            st.date_input(label, value, format="DD/MM/YYYY", key=key, bind="query-params", width=142)
            for label, value, key in (
                (_("Desde"), today() - timedelta(days=365), "desde"), (_("Hasta"), today(), "hasta")
            )
        )  # fmt: skip
        st.space("stretch")
        downloads.buttons(
            lambda who: _movements_sheet(who, one, currency, start, end), f"{_('movimientos')}_{one.code}", key="moves"
        )
    with guard.reading() as session:
        found = statement(session, actor, customer=one.code, start=start, end=end, currency=currency)
    told = _("Saldo inicial {opening} · cargos {charges} · abonos {credits} · saldo final {closing}").format(
        opening=money(found.opening), charges=money(found.charges), credits=money(found.credits),
        closing=money(found.closing),
    )  # fmt: skip
    st.caption(plain(told))
    columns.grid(
        _movement_lines(found.lines), _movement_columns(), key="movimientos", height=35 * (PAGE + 3),
        phone={"date": 82, "charge": 98, "credit": 98, "balance": 102},
        alt=_("Movimientos de la cuenta con el saldo después de cada uno"),
    )  # fmt: skip


class MovementLine(NamedTuple):
    """A movement in words; what is no charge, or no credit, is blank."""

    date: date
    kind: str
    document: str
    reference: str | None
    charge: Decimal | None
    credit: Decimal | None
    balance: Decimal


def _movement_lines(lines: list[StatementLine]) -> list[MovementLine]:
    return [
        MovementLine(
            line.date, kind_word(line.kind), line.document, line.reference, line.charge or None, line.credit or None,
            line.balance,
        )
        for line in lines
    ]  # fmt: skip


def _movement_columns() -> dict[str, Any]:
    return {
        "date": columns.date(_("Fecha"), width=88), "kind": columns.text(_("Tipo"), width=118),
        "document": columns.text(_("Folio"), width=112), "reference": columns.text(_("Referencia"), width=112),
        "charge": columns.money(_("Cargo"), width=110), "credit": columns.money(_("Abono"), width=110),
        "balance": columns.money(_("Saldo"), width=116),
    }  # fmt: skip


def _movements_sheet(actor: Actor, one: CustomerCard, currency: str, start: date, end: date) -> Sheet:
    with reading() as session:
        found = statement(session, actor, customer=one.code, start=start, end=end, currency=currency)
    titles = (_("Fecha"), _("Tipo"), _("Folio"), _("Referencia"), _("Cargo"), _("Abono"), _("Saldo"))
    kinds = (Kind.DATE, *(Kind.TEXT,) * 3, *(Kind.AMOUNT,) * 3)
    rows = _movement_lines(found.lines)
    notes = [_whose(one, currency), _("Del {start} al {end}").format(start=day(start), end=day(end))]
    notes.append(_("Saldo inicial {opening}").format(opening=money(found.opening)))
    return _sheet(_("Movimientos"), MovementLine._fields, titles, kinds, ("charge", "credit"), rows, notes)


# ------------------------------------------------------------------ payments
def payments(one: CustomerCard, actor: Actor, currency: str) -> None:
    """The customer's payments, latest first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.space("stretch")
        downloads.buttons(lambda who: _payments_sheet(who, one, currency), f"{_('pagos')}_{one.code}", key="pays")
    with guard.reading() as session:
        total = payments_of(session, actor, one.id, as_of=today(), currency=currency, limit=1).found
    if not total:
        empty.state(_("Sin pagos"), _("No hay pagos de este cliente en esta moneda."), icon="payments")
        return
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina_pagos")
    with guard.reading() as session:
        rows = payments_of(session, actor, one.id, as_of=today(), currency=currency, limit=PAGE, offset=first).rows
    with place:
        selection = columns.grid(
            _payment_lines(rows), _payment_columns(), key="lista_pagos", on_select="rerun",
            phone={"paid_on": 84, "amount": 98, "left": 96}, selection_mode="single-row",
            height=35 * (len(rows) + 1) + 2,
            alt=_("Pagos del cliente con lo que queda sin aplicar"),
        )  # fmt: skip
    chosen = columns.chosen(selection, rows)
    if chosen and menu.can_open(actor, "payment"):
        menu.go("payment", pago=chosen.number)


def _payment_lines(rows: list[PaymentRow]) -> list[PaymentLine]:
    return [
        PaymentLine(
            row.number, row.paid_on, papers.method(row.method), row.bank_reference, row.amount, row.left,
            papers.payment_state(row.state),
        )
        for row in rows
    ]  # fmt: skip


def _payment_columns() -> dict[str, Any]:
    return {
        "number": columns.text(_("Número"), width=112), "paid_on": columns.date(_("Fecha"), width=88),
        "method": columns.text(_("Forma"), width=104), "bank_reference": columns.text(_("Referencia"), width=118),
        "amount": columns.money(_("Importe"), width=112), "left": columns.money(_("Sin aplicar"), width=106),
        "state": columns.chips(_("Estado"), papers.payment_states(), width=102),
    }  # fmt: skip


def _payments_sheet(actor: Actor, one: CustomerCard, currency: str) -> Sheet:
    with reading() as session:
        rows = payments_of(session, actor, one.id, as_of=today(), currency=currency).rows
    titles = (_("Número"), _("Fecha"), _("Forma"), _("Referencia"), _("Importe"), _("Sin aplicar"), _("Estado"))
    kinds = (Kind.TEXT, Kind.DATE, Kind.TEXT, Kind.TEXT, Kind.AMOUNT, Kind.AMOUNT, Kind.TEXT)
    return _sheet(_("Pagos"), PaymentLine._fields, titles, kinds, ("amount", "left"), _payment_lines(rows),
                  [_whose(one, currency)])  # fmt: skip


# ------------------------------------------------------------------ history
def changes(one: CustomerCard, actor: Actor) -> None:
    """Every change of the customer's data, latest first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.space("stretch")
        downloads.buttons(lambda who: _changes_sheet(who, one), f"{_('historial')}_{one.code}", key="changes")
    with guard.reading() as session:
        rows = history(session, actor, one.id)
    shown = {
        "at": columns.moment(_("Momento"), width=130), "user": columns.text(_("Usuario"), width=88),
        "field": columns.text(_("Campo"), width=125), "before": columns.text(_("Antes"), width=120),
        "after": columns.text(_("Después"), width=120), "reason": columns.text(_("Motivo o archivo"), width=190),
    }  # fmt: skip
    columns.grid(rows, shown, key="historial", alt=_("Cambios de los datos del cliente"))


def _changes_sheet(actor: Actor, one: CustomerCard) -> Sheet:
    with reading() as session:
        rows = history(session, actor, one.id, limit=100_000)
    fields = ("at", "user", "field", "before", "after", "reason")
    titles = (_("Momento"), _("Usuario"), _("Campo"), _("Antes"), _("Después"), _("Motivo o archivo"))
    kinds = (Kind.DATETIME, *(Kind.TEXT,) * 5)
    return _sheet(_("Historial"), fields, titles, kinds, (), [_told(row) for row in rows], [_whose(one, "")])


def _told(row: ChangeRow) -> tuple[object, ...]:
    return (local(row.at), row.user, row.field, row.before, row.after, row.reason)


def _sheet(
    title: str, fields: tuple[str, ...], titles: tuple[str, ...], kinds: tuple[Kind, ...], totals: tuple[str, ...],
    rows: Any, notes: list[str],
) -> Sheet:  # fmt: skip
    made = [Column(key, word, kind, total=key in totals) for key, word, kind in zip(fields, titles, kinds, strict=True)]
    return Sheet(title=title, columns=made, rows=rows, notes=[*notes, _("Al {day}").format(day=day(today()))])


def _whose(one: CustomerCard, currency: str) -> str:
    return " · ".join(part for part in (one.code, one.legal_name, currency) if part)
