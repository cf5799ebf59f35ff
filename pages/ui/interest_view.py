"""Late interest on the screen: the proposal and its segments, charging, waiving; what was done; agreed rates."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, money, number, plural
from core.i18n import day as written
from core.letters.charging import Charged, agree_rate, agreed_rates, charge, interest_done, waive
from core.letters.interest import InterestRow, proposal, sums
from core.policies.settings import setting
from pages.ui import address, columns, customer_picker, empty, forms, frame, guard, kept, menu
from pages.ui import downloads as files
from pages.ui.text import plain

DUE, DONE, RATES = "due", "done", "rates"
_VIEWS = {DUE: N_("Por cobrar"), DONE: N_("Cobrados y condonados"), RATES: N_("Tasas pactadas")}


class SpanLine(NamedTuple):
    """A segment of a document."""

    number: str
    from_on: date
    to_on: date
    days: int
    balance: Decimal
    annual_pct: Decimal
    amount: Decimal


def terms() -> str:
    """The company's terms in a sentence."""
    with guard.reading() as session:
        pct, year, grace = (setting(session, f"interest.{key}") for key in ("annual_pct", "days_in_year", "grace_days"))
    return _("{pct} % al año de {year} días; gracia: {grace} días").format(pct=pct, year=year, grace=grace)


def view() -> str:
    """What is proposed, what was done, or the rates."""
    address.understood("vista", _VIEWS, lambda one: _(_VIEWS[one]))
    return str(
        st.segmented_control(
            _("Vista"), list(_VIEWS), default=DUE, format_func=lambda one: _(_VIEWS[one]), required=True, key="vista",
            bind="query-params", label_visibility="collapsed",
        )
    )  # fmt: skip


def period(shown: str) -> tuple[date, date]:
    """The days of the proposal: the last whole month, if not said otherwise."""
    last = today().replace(day=1) - timedelta(days=1)
    if shown != DUE:
        return last.replace(day=1), last
    start, end = (
        st.date_input(
            label, value, max_value=today(), format="DD/MM/YYYY", key=key, bind="query-params", width=136,
            label_visibility="collapsed",
        )
        for label, value, key in ((_("Desde"), last.replace(day=1), "desde"), (_("Hasta"), last, "hasta"))
    )  # fmt: skip
    return start, end


def read(actor: Actor, start: date, end: date) -> list[InterestRow]:
    """What each customer bears."""
    with st.spinner(_("Calculando los intereses…")):
        return kept.read(proposal, actor, start=start, end=end, today=today())


def figures(rows: list[InterestRow]) -> None:
    """What it comes to, by currency."""
    with st.grid(4, min_column_width=158):
        st.metric(_("Clientes"), number(len({row.customer for row in rows})), border=True)
        for currency, interest, total in sums(rows):
            told = _("{interest} más impuesto").format(interest=money(interest))
            st.metric(_("Total en {currency}").format(currency=currency), money(total), help=told, border=True)


def table(actor: Actor, rows: list[InterestRow], start: date, end: date) -> InterestRow | None:
    """The proposal; those that are ticked are charged, the first of them is shown beside."""
    place = st.container(horizontal=True, vertical_alignment="center")
    selection = columns.grid(
        rows,
        {"customer": columns.text(_("Clave"), width=66), "name": columns.text(_("Cliente"), width=156),
         "currency": columns.text(_("Moneda"), width=62), "interest": columns.money(_("Interés"), width=90),
         "total": columns.money(_("Total"), width=96), "tax": columns.money(_("Impuesto"), width=90),
         "small": columns.yes_no(_("Menor al mínimo"), width=70)},
        key="propuesta", on_select="rerun", selection_mode="multi-row", height=35 * (min(len(rows), 14) + 1) + 2,
        phone={"name": 130, "total": 100}, alt=_("Intereses por cliente y moneda"),
    )  # fmt: skip
    places = [at for at in selection.selection.rows if at < len(rows)]
    chosen = [rows[at] for at in places]
    codes = list(dict.fromkeys(row.customer for row in chosen or rows if not row.small))
    with place:
        st.markdown(f"### {_('Quién los paga')}", width="stretch")
        label = plural("Cobrar a {n} cliente", "Cobrar a {n} clientes", len(codes))
        with st.popover(label, type="primary", icon=":material/receipt_long:", key="cobrar", disabled=not codes):
            _confirm(actor, codes, start, end)
    return chosen[0] if chosen else None


def _confirm(actor: Actor, codes: list[str], start: date, end: date) -> None:
    told = plural("Se hará una nota de cargo a {n} cliente,", "Se hará una nota de cargo a cada uno de {n} clientes,",
                  len(codes))  # fmt: skip
    dates = _("con fecha de hoy, por los intereses del {start} al {end}.")
    st.markdown(plain(f"{told} {dates.format(start=written(start), end=written(end))}"))
    if st.button(_("Cobrarlos ahora"), type="primary", icon=":material/check:", key="cobrar_si", width="stretch"):
        with st.spinner(_("Haciendo las notas…")):
            forms.submit(
                lambda session: charge(session, actor, start=start, end=end, today=today(), customers=codes),
                done=_charged, lead=_("No se cobró nada."),
            )  # fmt: skip


def _charged(made: list[Charged]) -> str:
    return plural("{n} nota de cargo registrada.", "{n} notas de cargo registradas.", len(made))


def one(actor: Actor, row: InterestRow, start: date, end: date) -> None:
    """A customer's interest, segment by segment; waiving it."""
    st.markdown(f"### {plain(row.name)}")
    told = _("del {start} al {end}").format(start=written(row.start), end=written(row.end))
    st.caption(f"{plain(money(row.interest, row.currency))} · {told}")
    lines = [SpanLine(document.number, *span) for document in row.documents for span in document.spans]
    columns.grid(
        lines,
        {"number": columns.text(_("Documento"), width=84), "from_on": columns.date(_("Desde"), width=82),
         "to_on": columns.date(_("Hasta"), width=82), "days": columns.number(_("Días"), width=44),
         "balance": columns.money(_("Saldo"), width=104), "amount": columns.money(_("Interés"), width=84),
         "annual_pct": columns.percent(_("Tasa"), width=62)},
        key="tramos", height=35 * (min(len(lines), 10) + 1) + 2, phone={"number": 90, "days": 50, "amount": 90},
        alt=_("Tramos de saldo de cada documento, con sus días y su interés"),
    )  # fmt: skip
    menu.link("customer", _("Ver el cliente"), clave=row.customer)
    form = f"condonar_{row.customer}"
    with st.expander(_("Condonar los intereses de este periodo")), st.form(form, border=False):
        reason = st.text_input(_("Motivo"), max_chars=250, key=forms.key(form, "motivo"))
        if forms.button(_("Condonar"), form, icon=":material/money_off:", type="secondary"):
            command = partial(
                waive, actor=actor, customer=row.customer, start=start, end=end, today=today(), reason=reason
            )
            forms.submit(command, form=form, done=_("Intereses condonados."))


def history(actor: Actor) -> None:
    """What was charged and waived."""
    with guard.reading() as session:
        rows = interest_done(session, actor)
    if not rows:
        empty.state(_("Todavía no se cobra ni condona nada"), _("Elija un periodo en «Por cobrar»."), icon="percent")
        return
    with frame.card("done"):
        columns.grid(rows, _done_columns(), key="hechos", phone={"name": 130, "amount": 90, "number": 90},
                     alt=_("Intereses cobrados y condonados"))  # fmt: skip


def _done_columns() -> dict[str, Any]:
    return {
        "customer": columns.text(_("Clave"), width=84), "name": columns.text(_("Cliente"), width=210),
        "from_on": columns.date(_("Desde"), width=88), "to_on": columns.date(_("Hasta"), width=88),
        "amount": columns.money(_("Interés"), width=100), "currency": columns.text(_("Moneda"), width=64),
        "number": columns.text(_("Nota de cargo"), width=110),
        "waived_reason": columns.text(_("Condonado por"), width=200),
        "done_by": columns.text(_("Quién"), width=90),
    }  # fmt: skip


def rates(actor: Actor) -> None:
    """The rates that were agreed, and a new one."""
    with guard.reading() as session:
        rows = agreed_rates(session, actor)
    left, right = st.columns([7, 5])
    with left, frame.card("rates"):
        st.markdown(f"### {_('Tasas pactadas')}")
        if not rows:
            st.caption(_("Ninguna: a todos se les aplica la de la configuración; en Puerto Rico, ninguna."))
        else:
            columns.grid(
                rows,
                {"customer": columns.text(_("Clave"), width=84), "name": columns.text(_("Cliente"), width=200),
                 "from_on": columns.date(_("Desde"), width=88), "annual_pct": columns.percent(_("Al año"), width=80),
                 "agreed_in": columns.text(_("Dónde consta"), width=180)},
                key="tasas", phone={"name": 140, "annual_pct": 80}, alt=_("Tasas de interés pactadas con clientes"),
            )  # fmt: skip
    with right, frame.card("rate"):
        _new_rate(actor)


def _new_rate(actor: Actor) -> None:
    st.markdown(f"### {_('Pactar una tasa')}")
    customer = customer_picker.picked(actor)
    form = "tasa"
    with st.form(form, border=False):
        pct = st.text_input(_("Tasa anual, en %"), key=forms.key(form, "tasa"))
        on = st.date_input(_("Desde"), today(), format="DD/MM/YYYY", key=forms.key(form, "desde"))
        where = st.text_input(
            _("Dónde consta"), placeholder=_("Contrato, pagaré…"), max_chars=250, key=forms.key(form, "donde")
        )
        sent = forms.button(_("Guardar la tasa"), form, icon=":material/check:", disabled=customer is None)
    if sent and customer is not None:
        forms.submit(
            lambda session: agree_rate(
                session, actor, customer_id=customer.id, annual_pct=forms.amount(pct), from_on=on, agreed_in=where
            ),
            form=form, done=_("Tasa guardada."),
        )  # fmt: skip


def downloads(shown: str, start: date, end: date) -> None:
    """The list that is shown, as a file."""
    if shown == DUE:
        files.buttons(lambda who: _due_sheet(who, start, end), _("intereses"), key="propuesta")
    elif shown == DONE:
        files.buttons(_done_sheet, _("intereses_cobrados"), key="hechos")


def _due_sheet(actor: Actor, start: date, end: date) -> Sheet:
    rows = read(actor, start, end)
    columns_ = [
        Column("customer", _("Clave")), Column("name", _("Cliente"), width=32), Column("currency", _("Moneda")),
        Column("number", _("Documento")), Column("from_on", _("Desde"), Kind.DATE),
        Column("to_on", _("Hasta"), Kind.DATE), Column("days", _("Días"), Kind.INTEGER),
        Column("balance", _("Saldo"), Kind.AMOUNT), Column("annual_pct", _("Tasa anual"), Kind.PERCENT),
        Column("amount", _("Interés"), Kind.AMOUNT, total=True),
    ]  # fmt: skip
    lines = [
        (row.customer, row.name, row.currency, document.number, *span)
        for row in rows
        for document in row.documents
        for span in document.spans
    ]
    told = _("Intereses moratorios del {start} al {end}").format(start=written(start), end=written(end))
    return Sheet(title=_("Intereses moratorios"), columns=columns_, rows=lines, totals_by="currency", notes=[told])


def _done_sheet(actor: Actor) -> Sheet:
    with reading() as session:
        rows = interest_done(session, actor, most=1_000_000)
    columns_ = [
        Column("charge_id", _("Cargo"), Kind.INTEGER), Column("customer", _("Clave")), Column("name", _("Cliente")),
        Column("currency", _("Moneda")), Column("from_on", _("Desde"), Kind.DATE),
        Column("to_on", _("Hasta"), Kind.DATE), Column("amount", _("Interés"), Kind.AMOUNT, total=True),
        Column("number", _("Nota de cargo")),
        Column("waived_reason", _("Condonado por")), Column("done_by", _("Quién")),
    ]  # fmt: skip
    return Sheet(title=_("Intereses cobrados y condonados"), columns=columns_, rows=rows, totals_by="currency")
