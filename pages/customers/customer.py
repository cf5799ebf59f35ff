"""Cliente: everything about one customer on one page."""

from collections.abc import Callable

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.customers.people import people_of
from core.customers.queries import customer_card
from core.i18n import _
from core.policies.settings import buckets, company_currency
from core.portfolio.aging import aging
from core.portfolio.customer import accounts_of, credit_of, last_payment, lateness
from core.portfolio.scope import Scope
from pages.ui import agreement_link, contact_tab, customer_people, customer_tabs, empty, frame, guard, promise_tab
from pages.ui import customer_card as card

actor = guard.require(Permission.VIEW_PORTFOLIO)
code = str(st.query_params.get("cliente", ""))
if not code:
    frame.head(_("Cliente"), dated=False)
    empty.state(_("Elija un cliente"), _("Búsquelo arriba o ábralo desde la lista."), icon="search", link="customers")
    st.stop()

with guard.reading() as session:
    one = customer_card(session, actor, code)
    limits = buckets(session)
    found = card.Figures(
        accounts_of(session, actor, one.id, as_of=today()), credit_of(session, actor, one.id, as_of=today()),
        lateness(session, actor, one.id, as_of=today()), last_payment(session, actor, one.id, as_of=today()),
        people_of(session, actor, one.id), company_currency(session),
    )  # fmt: skip
    aged = aging(session, actor, as_of=today(), limits=limits, scope=Scope(customer=one.code))

frame.head(one.legal_name, card.caption(one), dated=False)
accounts = {account.currency: account for account in found.accounts}
currencies = [one.currency, *(name for name in accounts if name != one.currency)]
with st.container(horizontal=True, vertical_alignment="center"):
    card.badges(one, found)
    st.space("stretch")
    card.actions(one, actor)
currency = one.currency
if len(currencies) > 1:
    currency = st.segmented_control(
        _("Moneda"), currencies, default=one.currency, required=True, key="moneda", bind="query-params"
    )
account = accounts.get(currency) or card.none(currency)
card.balances(account, found)

left, right = st.columns([11, 4])
with right:
    ages = next((row for row in aged.rows if row.currency == currency), None)
    card.side(one, account, ages, aged.buckets, found)
    agreement_link.show(actor, one.id, one.code)
with left:
    parts: tuple[tuple[str, Callable[[], None]], ...] = (
        (_("Documentos"), lambda: customer_tabs.documents(one, actor, currency)),
        (_("Movimientos"), lambda: customer_tabs.movements(one, actor, currency)),
        (_("Pagos"), lambda: customer_tabs.payments(one, actor, currency)),
        (_("Gestiones"), lambda: contact_tab.contacts_tab(one, actor)),
        (_("Promesas"), lambda: promise_tab.promises_tab(one, actor, currency)),
        (_("Personas"), lambda: customer_people.people(one, actor)),
        (_("Crédito"), lambda: customer_people.credit(one, actor, found.credit, found.company_currency)),
        (_("Historial"), lambda: customer_tabs.changes(one, actor)),
    )
    for tab, (_name, draw) in zip(
        st.tabs([name for name, _draw in parts], key="vista", bind="query-params"), parts, strict=True
    ):
        with tab:
            if tab.open:
                draw()
