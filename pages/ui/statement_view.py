"""The parts of the statements' screen: who and when, the account, its files; many at once."""

import contextvars
from collections.abc import Callable
from datetime import date
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import streamlit as st

from core import clock, i18n
from core.audit.events import record
from core.auth import sessions
from core.auth.actor import Actor
from core.customers.queries import values_of
from core.db import reading, transaction
from core.errors import NotAllowed
from core.i18n import N_, _, day, money, number, plural
from core.portfolio.aging_files import FILTERS
from core.portfolio.scope import Scope
from core.portfolio.statement_batch import MOST, Accounts, accounts_to_send, write_batch
from core.portfolio.statement_files import as_pdf, as_workbook, file_name, letterhead
from core.portfolio.statements import Statement, statement
from core.portfolio.words import bucket_word, kind_word
from pages.ui import address, columns, downloads, guard, session
from pages.ui.text import all_of, plain

PDF = "application/pdf"
ONE, MANY = "one", "many"
_MODES = {ONE: N_("Un cliente"), MANY: N_("Varios clientes")}
_LANGUAGES = {"": N_("El del cliente"), "es": N_("Español"), "en": N_("Inglés")}
_FORMS = {"pdf": N_("PDF"), "xlsx": N_("Excel")}
_LISTS = (("region", "region"), ("collector", "gestor"), ("sales_rep", "asesor"))
_OLDEST = date(2000, 1, 1)


def mode() -> str:
    """One customer or many."""
    address.understood("modo", _MODES, lambda one: _(_MODES[one]))
    return st.segmented_control(
        _("Para quién"), list(_MODES), default=ONE, format_func=lambda one: _(_MODES[one]), required=True, key="modo",
        bind="query-params",
    )  # fmt: skip


def period() -> tuple[date | None, date]:
    """First and last day; without the first, from the beginning."""
    start = st.date_input(
        _("Desde"), None, min_value=_OLDEST, format="DD/MM/YYYY", key="inicio", bind="query-params", width=140,
        help=_("Vacío: desde el principio"),
    )  # fmt: skip
    end = st.date_input(
        _("Hasta"), clock.today(), min_value=_OLDEST, format="DD/MM/YYYY", key="fin", bind="query-params", width=140
    )
    return start, end


def language() -> str | None:
    """In which language the paper is; None: the customer's."""
    address.understood("idioma", _LANGUAGES, lambda one: _(_LANGUAGES[one]))
    chosen = st.selectbox(
        _("Idioma"), list(_LANGUAGES), format_func=lambda one: _(_LANGUAGES[one]), key="idioma", bind="query-params",
        width=140,
    )  # fmt: skip
    return chosen or None


# ------------------------------------------------------------------ one customer
def currency(used: list[str]) -> str:
    """In which of the account's currencies; the customer's own to begin with."""
    return st.selectbox(_("Moneda"), used, key="moneda", bind="query-params", width=90) or used[0]


def files(one: Statement, tongue: str | None) -> None:
    """PDF and workbook of the statement, made on the click."""
    asked = {"customer": one.customer, "currency": one.currency, "start": one.start, "end": one.end}

    def made(actor: Actor, form: str) -> bytes:
        with reading() as opened:
            found, sender = statement(opened, actor, **asked), letterhead(opened)  # type: ignore[arg-type]  # as named
        stamp = partial(_stamp, actor)
        if form == "pdf":
            return as_pdf(found, sender, language=tongue, made=stamp)
        return as_workbook(found, language=tongue, made=stamp)

    _button(_("PDF"), lambda actor: made(actor, "pdf"), file_name(one, "pdf"), PDF, "picture_as_pdf", one.customer)
    _button(
        _("Excel"), lambda actor: made(actor, "xlsx"), file_name(one, "xlsx"), downloads.EXCEL, "table_view",
        one.customer,
    )  # fmt: skip


def _stamp(actor: Actor) -> str:
    moment = i18n.shown(clock.local(clock.now()))
    return _("Generado por {name} el {moment}").format(name=actor.name, moment=moment)


def _button(label: str, make: Callable[[Actor], bytes], file: str, mime: str, icon: str, customer: str) -> None:
    """A file made on the click, under the permission of that moment, and noted in the log."""
    held = session.key()

    def data() -> bytes:
        actor = sessions.principal(held)
        if actor is None:
            raise NotAllowed
        i18n.use(actor.language)
        content = make(actor)
        _note(actor, file, 1, customer)
        return content

    context = contextvars.copy_context()  # the language: the file is made on another thread
    st.download_button(
        label, lambda: context.copy().run(data), file_name=file, mime=mime, icon=f":material/{icon}:",
        key=f"statement_{icon}", on_click="ignore",
    )  # fmt: skip


def _note(actor: Actor, file: str, count: int, customer: str | None = None) -> None:
    with transaction() as opened:
        record(opened, actor, "statement.made", entity="customer", entity_id=customer, file=file, statements=count)


def account(one: Statement) -> None:
    """Opening, movements and closing as a table; above it, what they come to."""
    shown = (
        (_("Saldo inicial"), one.opening), (_("Cargos"), one.charges), (_("Abonos"), one.credits),
        (_("Saldo final"), one.closing), (_("Vencido"), one.aging.overdue),
    )  # fmt: skip
    with st.grid(5, min_column_width=158):
        for label, amount in shown:
            st.metric(label, money(amount))


def ages(one: Statement) -> None:
    """How old the balance is at the end: the strip that the paper has too."""
    names = [*(bucket_word(name) for name in one.buckets), _("Sin aplicar"), _("Total")]
    amounts = [*one.aging.buckets, one.aging.unapplied, one.aging.total]
    line = SimpleNamespace(**{f"b{place}": amount for place, amount in enumerate(amounts)})
    columns.grid(
        [line], {f"b{place}": columns.money(name) for place, name in enumerate(names)}, key="statement_ages",
        alt=_("Antigüedad del saldo al {day}").format(day=day(one.end)),
    )  # fmt: skip


def movements(one: Statement) -> None:
    """Every line of the statement, newest last, between the opening and the closing balance."""
    blank: dict[str, Any] = dict.fromkeys(("on", "document", "reference", "charge", "credit"))
    lines = [SimpleNamespace(**{**blank, "on": one.start, "kind": _("Saldo inicial"), "balance": one.opening})]
    lines += [
        SimpleNamespace(
            on=line.date, kind=kind_word(line.kind), document=line.document, reference=line.reference,
            charge=line.charge or None, credit=line.credit or None, balance=line.balance,
        )
        for line in one.lines
    ]  # fmt: skip
    lines.append(SimpleNamespace(**{**blank, "on": one.end, "kind": _("Saldo final"), "balance": one.closing}))
    shown = {
        "on": columns.date(_("Fecha"), width=100), "kind": columns.text(_("Tipo")),
        "document": columns.text(_("Documento")), "reference": columns.text(_("Referencia")),
        "charge": columns.money(_("Cargo")), "credit": columns.money(_("Abono")), "balance": columns.money(_("Saldo")),
    }  # fmt: skip
    columns.grid(
        lines,
        shown,
        key="statement_lines",
        phone={"on": 86, "document": 112, "balance": 104},
        height=35 * min(len(lines) + 1, 18) + 2,
        alt=_("Movimientos del periodo"),
    )


# ------------------------------------------------------------------ many customers
def many(actor: Actor) -> Scope:
    """Whose statements: by region, collector, sales rep."""
    with reading() as opened:
        lists = {field: values_of(opened, actor, field) for field, _key in _LISTS}
    return Scope(
        **{
            field: st.selectbox(
                _(FILTERS[field]), lists[field], index=None, placeholder=all_of(field), key=key, bind="query-params",
                width=150,
            )
            for field, key in _LISTS
        }
    )  # fmt: skip


def chosen_accounts(actor: Actor, scope: Scope, end: date) -> Accounts:
    """The accounts with something open."""
    with guard.reading() as opened:
        return accounts_to_send(opened, actor, end=end, scope=scope)


def batch(actor: Actor, accounts: Accounts, start: date | None, end: date, tongue: str | None) -> None:
    """Makes the zip with a progress bar, then offers it."""
    count = len(accounts.rows)
    if accounts.how_many > count:
        told = _("Hay {n} cuentas con saldo; se preparan las {most} mayores. Use los filtros para las demás.")
        st.warning(told.format(n=number(accounts.how_many), most=number(MOST)))
    form = st.segmented_control(
        _("Formato"), list(_FORMS), default="pdf", format_func=lambda one: _(_FORMS[one]), required=True,
        key="formato", bind="query-params",
    )  # fmt: skip
    label = plural("Preparar {n} estado de cuenta", "Preparar {n} estados de cuenta", count)
    if not st.button(label, type="primary", icon=":material/folder_zip:", key="batch_make"):
        return
    bar, target = st.progress(0.0), BytesIO()
    with guard.reading() as opened:
        made = partial(_stamp, actor)
        given: dict[str, Any] = {"start": start, "end": end, "form": form, "language": tongue, "made": made}
        for done in write_batch(opened, actor, target, accounts.rows, **given):
            told = _("{done} de {n}: {name}").format(done=done, n=count, name=plain(accounts.rows[done - 1].name))
            bar.progress(done / count, told)
    bar.empty()
    file = f"{_('estados')}_{end}.zip"
    _note(actor, file, count)
    st.success(plural("Listo: {n} estado de cuenta.", "Listos: {n} estados de cuenta.", count))
    st.download_button(
        _("Descargar zip"), target.getvalue(), file_name=file, mime="application/zip", icon=":material/download:",
        key="batch_get", on_click="ignore", type="primary",
    )  # fmt: skip
