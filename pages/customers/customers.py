"""Clientes: who they are, whose they are, and what each owes."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.i18n import _
from core.portfolio.customers import customer_rows, customer_totals
from pages.ui import columns, customer_table, downloads, empty, frame, guard, menu
from pages.ui.text import plain

actor = guard.require(Permission.VIEW_PORTFOLIO)
PAGE = 15
frame.head(_("Clientes"), _("Con su saldo, moneda por moneda"))

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
    wanted = customer_table.filters(actor)
    by = customer_table.order()

with guard.reading() as session:
    found = customer_totals(session, actor, as_of=today(), wanted=wanted)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(plain(customer_table.told(found)), width="stretch")
    downloads.buttons(lambda one: customer_table.sheet(one, wanted, by), _("clientes"), key="clientes")
    if actor.may(Permission.EDIT_CUSTOMER) and st.button(
        _("Nuevo cliente"), key="customer_new", type="primary", icon=":material/add_business:"
    ):
        menu.go("edit_customer")
if not found.rows:
    empty.state(
        _("Ningún cliente con estos filtros"),
        _("Quite un filtro o busque con parte del nombre. Si falta todo, cargue sus clientes."),
        icon="search_off", link="import_file", label=_("Cargar clientes"),
    )  # fmt: skip
    st.stop()

with frame.card("customers"):
    place = st.container()
    first = columns.pages(found.rows, PAGE, key="pagina")
    with guard.reading() as session:
        listed = customer_rows(session, actor, as_of=today(), wanted=wanted, order=by, limit=PAGE, offset=first)
    with place:
        selection = columns.grid(
            customer_table.shown(listed), customer_table.columns_shown(), key="clientes", on_select="rerun",
            selection_mode="single-row", height=35 * (len(listed) + 1) + 2, phone=customer_table.PHONE,
            alt=_("Clientes con su saldo y su vencido, una moneda por renglón"),
        )  # fmt: skip
if chosen := columns.chosen(selection, listed):
    menu.go("customer", cliente=chosen.code)
