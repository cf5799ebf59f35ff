"""Estados de cuenta: of one customer on the screen, in PDF and Excel; of many in one zip."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.portfolio.statements import currencies_of, statement
from pages.ui import columns, customer_picker, empty, frame, guard, statement_view
from pages.ui.text import plain

actor = guard.require(Permission.VIEW_PORTFOLIO)
frame.head(_("Estados de cuenta"), _("Lo que movió el saldo de un cliente, y qué tan viejo es"), dated=False)

with frame.card("filters"):
    mode = statement_view.mode()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        customer = customer_picker.picked(actor) if mode == statement_view.ONE else None
        scope = statement_view.many(actor) if mode == statement_view.MANY else None
        start, end = statement_view.period()
        language = statement_view.language()
        rest = st.container(horizontal=True, vertical_alignment="bottom")

if scope is not None:
    accounts = statement_view.chosen_accounts(actor, scope, end)
    if not accounts.rows:
        empty.state(
            _("Nadie debe nada con estos filtros"), _("Cambie la fecha o quite un filtro."), icon="task_alt"
        )  # fmt: skip
        st.stop()
    with frame.card("batch"):
        statement_view.batch(actor, accounts, start, end, language)
        columns.grid(
            accounts.rows[:200],
            {"code": columns.text(_("Clave")), "name": columns.text(_("Cliente"), width="large"),
             "currency": columns.text(_("Moneda")), "total": columns.money(_("Saldo"))},
            key="batch_accounts", height=35 * min(len(accounts.rows) + 1, 11) + 2, phone={"name": 196, "total": 100},
            alt=_("Cuentas con saldo, la mayor primero"),
        )  # fmt: skip
    st.stop()

if customer is None:
    empty.state(
        _("Elija un cliente"), _("Búsquelo arriba por nombre, clave o RFC, o prepare los de varios a la vez."),
        icon="person_search",
    )  # fmt: skip
    st.stop()

with guard.reading() as session:
    with rest:
        currency = statement_view.currency(currencies_of(session, actor, customer.code))
    found = statement(session, actor, customer=customer.code, start=start, end=end, currency=currency)
with rest:
    statement_view.files(found, language)
with frame.card("account"):
    st.markdown(f"**{plain(found.name)}** · {plain(found.customer)} · {found.currency}")
    statement_view.account(found)
    statement_view.ages(found)
with frame.card("movements"):
    statement_view.movements(found)
