"""The parts of the portfolio's screen: filters, figures, proof against the ledger, way down to the documents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import values_of
from core.db import reading
from core.files.table import Sheet
from core.i18n import N_, _, money, plural
from core.policies.settings import buckets
from core.portfolio.aging import Aging, AgingRow, Basis, By, aging
from core.portfolio.aging_files import BASES, FILTERS, Asked, aging_sheet
from core.portfolio.lines import Page
from core.portfolio.open_documents import OpenDocuments, open_documents
from core.portfolio.scope import Scope
from core.portfolio.summary import Summary, overdue_share
from core.portfolio.words import bucket_word
from pages.ui import address, columns, figures, kept
from pages.ui.text import all_of, plain

#: By what the rows are grouped: how the choice and one row of it are called.
GROUPS = {
    By.SALES_REP: (N_("Asesor"), N_("sin asesor")), By.COLLECTOR: (N_("Gestor"), N_("sin gestor")),
    By.REGION: (N_("Región"), N_("sin región")), By.DISTRICT: (N_("Distrito"), N_("sin distrito")),
    By.SEGMENT: (N_("Segmento"), N_("sin segmento")), By.CUSTOMER: (N_("Cliente"), ""),
    By.DOCUMENT: (N_("Documento"), ""),
}  # fmt: skip
#: Filters with a list of their own: field of the scope, key in the address.
_LISTS = (("region", "region"), ("collector", "gestor"), ("sales_rep", "asesor"))
#: Filters that only the way down sets: kept in the address, shown in the trail.
_TRAIL = (("customer", "cliente"), ("district", "distrito"), ("segment", "segmento"))
_DOWN = {By.SALES_REP: "asesor", By.COLLECTOR: "gestor", By.REGION: "region", By.DISTRICT: "distrito",
         By.SEGMENT: "segmento", By.CUSTOMER: "cliente"}  # fmt: skip
_NONE = ""
PAGE, BARS = 25, 10


def filters(actor: Actor) -> tuple[Asked, Any]:
    """The filters in a row, all in the address; and the place that the currency takes among them."""
    address.understood("desde", BASES, _basis)
    address.understood("agrupar", GROUPS, _group)
    as_of = st.date_input(
        _("Fecha de corte"), today(), format="DD/MM/YYYY", key="corte", bind="query-params", width=136
    )
    basis = st.selectbox(
        _("Contar días desde"), list(BASES), format_func=_basis, key="desde", bind="query-params",
        width=126,
    )  # fmt: skip
    by = st.selectbox(
        _("Agrupar por"), list(GROUPS), format_func=_group, key="agrupar", bind="query-params",
        width=112,
    )  # fmt: skip
    place = st.container(width="content")
    with reading() as session:
        lists = {field: values_of(session, actor, field) for field, _key in _LISTS}
    chosen: dict[str, str | None] = {}
    for field, key in _LISTS:
        options = [_NONE, *lists[field]]
        address.understood(key, options, _named)
        chosen[field] = st.selectbox(
            _(FILTERS[field]), options, index=None, placeholder=all_of(field), key=key, format_func=_named,
            bind="query-params", width=98,
        )  # fmt: skip
    chosen |= {field: st.query_params.get(key) for field, key in _TRAIL}
    return Asked(as_of, by, basis, Scope(**chosen)), place


def _basis(one: Basis) -> str:
    return _(BASES[one])


def _group(one: By) -> str:
    return _(GROUPS[one][0])


def _named(one: str) -> str:
    return one or _("(sin asignar)")


def in_currency(view: Asked, place: Any, totals: Sequence[AgingRow], company: str) -> Asked:
    """The view in one of the currencies in use; the company's to begin with."""
    used = sorted((row.currency for row in totals), key=lambda one: (one != company, one)) or [company]
    with place:
        chosen = st.selectbox(_("Moneda"), used, key="moneda", bind="query-params", width=84) or used[0]
    return replace(view, scope=view.scope.only(currency=chosen))


def found_rows(actor: Actor, asked: Asked, limits: Sequence[int], page: int) -> Aging | OpenDocuments:
    """One page of what the view asks for, the largest first; documents by due date."""
    given: dict[str, Any] = {
        "as_of": asked.as_of, "limits": limits, "basis": asked.basis, "scope": asked.scope, "page": Page(page, PAGE),
    }  # fmt: skip
    if asked.by is By.DOCUMENT:
        return kept.read(open_documents, actor, **given)
    return kept.read(aging, actor, by=asked.by, largest_first=True, **given)


def how_many(found: Aging | OpenDocuments) -> int:
    """All rows of the view, on whatever page."""
    return sum(found.counts.values())


def page() -> int:
    """The page of the table that was chosen last, or that the address names."""
    chosen = st.session_state.get("pagina") or st.query_params.get("pagina", "1")
    return int(chosen) if str(chosen).isdecimal() and 0 < int(chosen) < 1_000_000 else 1


def accounts_of(asked: Asked) -> Scope:
    """The scope without what the ledger does not know: documents have sales reps, accounts have none."""
    return asked.scope.only(sales_rep=None)


def link() -> None:
    """The address of this view, to send it to somebody."""
    with st.popover(_("Enlace a esta vista"), icon=":material/link:", key="aging_link"):
        st.caption(_("Copie esta dirección: quien la abra verá esta vista, hasta donde puede ver."))
        address = (st.context.url or "").split("?", maxsplit=1)[0]
        st.code(f"{address}?{urlencode(st.query_params.to_dict())}", language=None, wrap_lines=True)


def sheet(actor: Actor, asked: Asked) -> Sheet:
    """The whole view as a file."""
    with reading() as session:
        return replace(aging_sheet(session, actor, asked), rows=_rows(actor, asked))


def _rows(actor: Actor, asked: Asked) -> Iterator[Sequence[object]]:
    """Read on their way into the file, in one snapshot."""
    with reading() as session:
        yield from aging_sheet(session, actor, asked).rows


def cards(one: Summary) -> None:
    """Exact totals, and how much of what is billed each is."""
    older = _("Más de {days} días").format(days=one.older_than) if one.older_than else _("Vencido más antiguo")
    shown = (
        (_("Total"), one.total, one.currency),
        (_("Por vencer"), one.current, figures.percent(one.current_pct)),
        (_("Vencido"), one.overdue, figures.percent(one.overdue_pct)),
        (older, one.older, figures.percent(one.older_pct)),
        (_("Sin aplicar"), one.unapplied, _("a favor de clientes")),
        *([(_("En aclaración"), one.disputed, _("los clientes lo cuestionan"))] if one.disputed else []),
    )
    with st.grid(len(shown), min_column_width=158):
        for label, amount, chip in shown:
            with st.container(gap="xxsmall"):
                st.metric(label, money(amount))
                st.badge(chip, color="gray")


def bars(found: Aging | OpenDocuments) -> Sequence[tuple[str, Sequence[Decimal]]]:
    """Rows for the chart: name and amounts by bucket; those with nothing billed are left to the table."""
    if isinstance(found, OpenDocuments):
        whose = {row.customer_name for row in found.rows}
        return [(whose.pop() if len(whose) == 1 else _("Documentos"), found.totals[0].buckets)]
    return [(name_of(row, found.by), row.buckets) for row in found.rows if any(row.buckets)][:BARS]


def name_of(row: AgingRow, by: By) -> str:
    """What a row is called; one without key by what it lacks."""
    return row.name or _(GROUPS[by][1])


def table(found: Aging, by: By) -> Any:
    """The rows with all buckets, the total as last; returns the selection."""
    lines = [_line(name_of(row, by), row) for row in found.rows] + [_line(_("TOTAL"), found.totals[0])]
    shown = {"name": columns.text(_(GROUPS[by][0]), width=145)}
    shown |= {f"b{place}": columns.money(bucket_word(name), width=98) for place, name in enumerate(found.buckets)}
    shown |= {
        "unapplied": columns.money(_("Sin aplicar"), width=94), "total": columns.money(_("Total"), width=106),
        **({"disputed": columns.money(_("En aclaración"), width=98)} if found.totals[0].disputed else {}),
        "late": columns.percent(_("% vencido"), width=70),
    }  # fmt: skip
    return columns.grid(
        lines, shown, key=f"aging_{by}", on_select="rerun", selection_mode="single-row",
        phone={"name": 112, "total": 104, "late": 66},
        height=35 * (len(lines) + 1) + 2, alt=_("Saldos por antigüedad, con el total en el último renglón"),
    )  # fmt: skip


def _line(name: str, row: AgingRow) -> SimpleNamespace:
    ages = {f"b{place}": amount for place, amount in enumerate(row.buckets)}
    return SimpleNamespace(
        name=name, unapplied=row.unapplied, total=row.total, disputed=row.disputed, late=overdue_share(row), **ages
    )


# ------------------------------------------------------------------ the way down and up
def trail(asked: Asked, *, rows: bool = True) -> None:
    """Where one is: each filter that the way down set, with the way back up; and, where there are rows, what next."""
    scope = asked.scope
    steps = [(key, field) for field, key in (*_LISTS, *_TRAIL) if getattr(scope, field) is not None]
    if steps:
        everything = [key for key, _field in steps]
        st.button(_("Toda la cartera"), key="trail_all", type="tertiary", on_click=_up, args=(everything,))
    else:
        st.markdown(f"**{_('Toda la cartera')}**", width="content")
    for place, (key, field) in enumerate(steps):
        value = getattr(scope, field) or _("(sin asignar)")
        later = [other for other, _f in steps[place + 1 :]]
        label = f"› {_(FILTERS[field])} {plain(value)}"
        st.button(label, key=f"trail_{key}", type="tertiary", on_click=_up, args=(later,))
    if rows:
        st.caption(f"› {_hint(asked.by)}")


def _hint(by: By) -> str:
    if by is By.DOCUMENT:
        return _("Seleccione un documento para ver lo que se le aplicó")
    if by is By.CUSTOMER:
        return _("Seleccione un cliente para ver sus documentos")
    return _("Seleccione un renglón para ver sus clientes, y luego sus documentos")


def down(actor: Actor, row: AgingRow, asked: Asked) -> None:
    """The button that leads from a selected row to what makes it up."""
    name = name_of(row, asked.by)
    if asked.by is By.CUSTOMER:
        label, to = _("Ver los documentos de {name}").format(name=name), By.DOCUMENT
    else:
        customers = _customers_of(actor, row, asked)
        told = plural("Ver el cliente de {{name}}", "Ver los {n} clientes de {{name}}", customers)
        label, to = told.format(name=name), By.CUSTOMER
    st.button(
        plain(label), key="aging_down", type="primary", icon=":material/arrow_forward:", icon_position="right",
        on_click=_go, args=(_DOWN[asked.by], row.key, to),
    )  # fmt: skip


def _customers_of(actor: Actor, row: AgingRow, asked: Asked) -> int:
    """How many customers a row adds up."""
    field = {key: name for name, key in (*_LISTS, *_TRAIL)}[_DOWN[asked.by]]
    scope = asked.scope.only(**{field: row.key}, currency=row.currency)
    with reading() as session:
        found = aging(session, actor, as_of=asked.as_of, limits=buckets(session), scope=scope, page=Page(size=0))
    return found.counts.get(row.currency, 0)


def _go(key: str, value: str, to: By) -> None:
    _set(key, value)
    st.session_state["agrupar"] = to


def _up(keys: list[str]) -> None:
    for key in keys:
        _set(key, None)
    if st.session_state.get("agrupar") is By.DOCUMENT:
        st.session_state["agrupar"] = By.CUSTOMER


def _set(key: str, value: str | None) -> None:
    if key in {listed for _field, listed in _LISTS}:
        st.session_state[key] = value
    elif value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value
