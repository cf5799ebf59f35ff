"""The first page of an installation with data: what is owed by currency, its ages, and where to go on."""

from decimal import Decimal

import streamlit as st

from core.auth.actor import Actor, Permission, Role
from core.i18n import _, plural
from core.portfolio.aging import Aging, AgingRow, By
from core.portfolio.standing import Standing
from pages.ui import charts, empty, figures, frame, menu

_MOST_BARS = 8
#: Enough for the largest of each currency.
MOST_ROWS = 60
_LINKS = (
    "worklist",
    "promises",
    "aging",
    "register_payment",
    "import_file",
    "customers",
    "statements",
    "unidentified",
    "notes",
    "audit_log",
)


def grouping(actor: Actor) -> By:
    """How the chart of this user's first page is grouped: what is next below what he or she sees."""
    narrow = {Role.COLLECTOR: By.CUSTOMER, Role.SALES_REP: By.CUSTOMER, Role.MANAGER: By.SALES_REP}
    return narrow.get(actor.role, By.REGION)


def show(actor: Actor, now: Standing, found: Aging) -> None:
    """Totals by currency, then the ages as bars, then links to what the user may do."""
    _links(actor)
    if not found.totals:
        empty.state(
            _("No hay saldos abiertos"), _("Todo está cobrado, o falta cargar documentos."), icon="task_alt",
            link="import_file" if actor.may(Permission.IMPORT_BOOKS) else "",
        )  # fmt: skip
        return
    for total in sorted(found.totals, key=lambda one: one.currency != now.currency):
        _currency(total)
        _bars(found, total.currency)


def _currency(total: AgingRow) -> None:
    st.markdown(f"#### {_('Moneda')}: {total.currency}")
    cards = (
        (_("Cartera total"), total.total, _("con lo que está sin aplicar")),
        (_("Por vencer"), total.buckets[0], _share(total.buckets[0], total)),
        (_("Vencido"), total.overdue, _share(total.overdue, total)),
        (_("Sin aplicar"), total.unapplied, _("a favor de clientes")),
    )
    with st.grid(4, min_column_width=158):
        for label, amount, about in cards:
            with frame.card(f"kpi-{total.currency}-{label}", gap="xxsmall", height="stretch"):
                st.metric(
                    label, figures.compact(amount),
                    help=_("Exacto: {amount}").format(amount=figures.exact(amount, total.currency).replace("$", r"\$")),
                )  # fmt: skip
                st.caption(about)


def _share(part: Decimal, total: AgingRow) -> str:
    whole = sum(total.buckets, Decimal("0.00"))
    share = figures.percent(part * 100 / whole) if whole else figures.no_data()
    return _("{share} de lo facturado abierto").format(share=share)


def _bars(found: Aging, currency: str) -> None:
    rows = [row for row in found.rows if row.currency == currency and any(row.buckets)]
    shown = [(row.name or _("Sin asignar"), row.buckets) for row in rows[:_MOST_BARS]]
    if not shown:
        return
    with frame.card(f"bars-{currency}"):
        st.markdown(f"**{_title(found.by)}**")
        charts.legend(found.buckets)
        charts.show(charts.aging_bars(shown, found.buckets), key=f"home_bars_{currency}")
        with st.container(horizontal=True, vertical_alignment="center"):
            left = found.counts.get(currency, 0) - len(shown)
            hidden = plural("Falta {n} renglón menor. ", "Faltan {n} renglones menores. ", left) if left > 0 else ""
            st.caption(hidden + charts.told(shown))
            st.space("stretch")
            menu.link("aging", _("Ver la tabla completa"), moneda=currency)


def _title(by: By) -> str:
    return {
        By.REGION: _("Antigüedad por región"), By.SALES_REP: _("Antigüedad por asesor"),
    }.get(by, _("Antigüedad por cliente"))  # fmt: skip


def _links(actor: Actor) -> None:
    with frame.card("links"), st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if actor.role is Role.COLLECTOR and st.button(
            _("Empezar por mi agenda"), key="home_agenda", type="primary", icon=":material/call:"
        ):
            menu.go("worklist")
        for stem in _LINKS:
            if menu.can_open(actor, stem):
                menu.link(stem)
