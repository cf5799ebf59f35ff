"""Editar cliente: a new one, or other data of one that is known; every change is kept with its reason."""

import streamlit as st

from core.auth.actor import Permission
from core.customers.queries import customer_card
from core.i18n import _
from pages.ui import customer_form, frame, guard, menu

actor = guard.require(Permission.EDIT_CUSTOMER)
code = str(st.query_params.get("cliente", ""))
one = None
if code:
    with guard.reading() as session:
        one = customer_card(session, actor, code)

if one is None:
    frame.head(_("Nuevo cliente"), _("Para muchos a la vez, cargue un archivo"), dated=False)
    menu.link("import_file", _("Cargar clientes de un archivo"))
else:
    frame.head(one.legal_name, _("Cliente {code}: cambiar sus datos").format(code=one.code), dated=False)
    menu.link("customer", _("Volver al cliente"), icon="arrow_back", cliente=one.code)
customer_form.show(actor, one)
