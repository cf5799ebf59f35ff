"""The list of customers: its filters, its table, its file."""

from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import values_of
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day, money, plural
from core.portfolio.customers import CustomerRow, ListTotals, Order, Owing, Wanted, customer_rows
from pages.ui import address, columns
from pages.ui.text import all_of

_ORDERS = {
    Order.NAME: N_("Nombre"), Order.CODE: N_("Clave"), Order.BALANCE: N_("Mayor saldo"),
    Order.OVERDUE: N_("Mayor vencido"),
}  # fmt: skip
_OWING = {Owing.ALL: N_("Todos"), Owing.BALANCE: N_("Con saldo"), Owing.OVERDUE: N_("Con vencido")}
_STATUS = {"active": N_("Activos"), "inactive": N_("Inactivos")}
#: Filters that are a field of the customer: their word and the name in the address.
_FIELDS = (
    ("region", N_("Región"), "region"), ("sales_rep", N_("Asesor"), "asesor"),
    ("collector", N_("Gestor"), "gestor"), ("segment", N_("Segmento"), "segmento"),
)  # fmt: skip


class Line(NamedTuple):
    """A customer and currency in words."""

    code: str
    legal_name: str
    region: str | None
    sales_rep: str | None
    collector: str | None
    currency: str
    balance: Decimal
    overdue: Decimal
    oldest_days: int | None
    in_favour: Decimal
    credit_limit: Decimal | None
    status: str


def filters(actor: Actor) -> Wanted:
    """The filters in a row, those less used behind a button; all are bound to the address."""
    text = st.text_input(
        _("Buscar"), placeholder=_("Nombre, clave o RFC"), icon=":material/search:", key="texto", bind="query-params",
        width=200,
    )  # fmt: skip
    with reading() as session:
        options = {field: values_of(session, actor, field) for field, _word, _key in _FIELDS}
    chosen: dict[str, Any] = {"owing": _owing()}
    in_use = sum(bool(st.session_state.get(key)) for key in ("asesor", "gestor", "segmento", "estado"))
    more = _("Más filtros ({n} en uso)").format(n=in_use) if in_use else _("Más filtros")
    first, *rest = _FIELDS
    chosen[first[0]] = _field(first, options)
    with st.popover(more, icon=":material/tune:", key="mas_filtros"):
        for one in rest:
            chosen[one[0]] = _field(one, options)
        address.understood("estado", _STATUS, lambda name: _(_STATUS[name]))
        chosen["status"] = st.selectbox(
            _("Estado"), list(_STATUS), index=None, format_func=lambda name: _(_STATUS[name]), placeholder=_("Todos"),
            key="estado", bind="query-params",
        )  # fmt: skip
    return Wanted(text=(text or "")[:100], **chosen)


def _field(one: tuple[str, str, str], options: dict[str, list[str]]) -> str | None:
    field, word, key = one
    return st.selectbox(
        _(word),
        options[field],
        index=None,
        placeholder=all_of(field),
        key=key,
        bind="query-params",
        width=140,
    )


def _owing() -> Owing:
    """Which customers, by what they owe."""
    address.understood("ver", _OWING, lambda one: _(_OWING[one]))
    return st.segmented_control(
        _("Ver"), list(_OWING), default=Owing.ALL, format_func=lambda one: _(_OWING[one]), required=True, key="ver",
        bind="query-params",
    )  # fmt: skip


def order() -> Order:
    """How the list is sorted."""
    address.understood("orden", _ORDERS, lambda one: _(_ORDERS[one]))
    return st.selectbox(
        _("Ordenar por"), list(_ORDERS), index=list(_ORDERS).index(Order.BALANCE), key="orden", bind="query-params",
        format_func=lambda one: _(_ORDERS[one]), width=140,
    )  # fmt: skip


def shown(rows: list[CustomerRow]) -> list[Line]:
    """Rows in words."""
    return [
        Line(
            row.code, row.legal_name, row.region, row.sales_rep, row.collector, row.currency, row.balance, row.overdue,
            row.oldest_days, row.in_favour, row.credit_limit, _status(row.status),
        )
        for row in rows
    ]  # fmt: skip


def _status(status: str) -> str:
    return _("Activo") if status == "active" else _("Inactivo")


#: What a telephone has room for: who, how much, how late.
PHONE = {"legal_name": 138, "balance": 100, "overdue": 98, "oldest_days": 44}


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    return {
        "code": columns.text(_("Clave"), width=70), "legal_name": columns.text(_("Cliente"), width=225),
        "region": columns.text(_("Región"), width=70), "sales_rep": columns.text(_("Asesor"), width=115),
        "collector": columns.text(_("Gestor"), width=104), "currency": columns.text(_("Moneda"), width=68),
        "balance": columns.money(_("Saldo"), width=108), "overdue": columns.money(_("Vencido"), width=106),
        "oldest_days": columns.number(_("Días"), width=52, help=_("Días de atraso del vencimiento más viejo")),
        "status": columns.chips(_("Estado"), {_("Activo"): "green", _("Inactivo"): "gray"}, width=88),
    }  # fmt: skip


def told(found: ListTotals) -> str:
    """How many customers and what they owe, currency by currency."""
    parts = [plural("{n} cliente", "{n} clientes", found.customers)]
    parts += [
        _("{currency}: saldo {balance}, vencido {overdue}").format(
            currency=one.currency, balance=money(one.balance), overdue=money(one.overdue)
        )
        for one in found.totals
    ]
    return " · ".join(parts)


def sheet(actor: Actor, wanted: Wanted, by: Order) -> Sheet:
    """All customers of the filters as a file."""
    with reading() as session:
        found = customer_rows(session, actor, as_of=today(), wanted=wanted, order=by)
    amounts = {"balance", "overdue", "in_favour", "credit_limit"}
    titles = {
        "code": _("Clave"), "legal_name": _("Cliente"), "region": _("Región"), "sales_rep": _("Asesor"),
        "collector": _("Gestor"), "currency": _("Moneda"), "balance": _("Saldo"), "overdue": _("Vencido"),
        "oldest_days": _("Días de atraso"), "in_favour": _("A favor"), "credit_limit": _("Límite de crédito"),
        "status": _("Estado"),
    }  # fmt: skip
    kinds = dict.fromkeys(amounts, Kind.AMOUNT) | {"oldest_days": Kind.INTEGER}
    return Sheet(
        title=_("Clientes"),
        columns=[
            Column(key, titles[key], kinds.get(key, Kind.TEXT), total=key in amounts - {"credit_limit"})
            for key in Line._fields
        ],
        rows=shown(found), totals_by="currency", notes=[_filters_told(wanted)],
    )  # fmt: skip


def _filters_told(wanted: Wanted) -> str:
    said = [_("Saldos al {day}").format(day=day(today())), _(_OWING[wanted.owing])]
    said += [f"{_(word)}: {value}" for field, word, _key in _FIELDS if (value := getattr(wanted, field)) is not None]
    if wanted.status is not None:
        said.append(_(_STATUS[wanted.status]))
    if wanted.text:
        said.append(f"«{wanted.text}»")
    return " · ".join(said)
