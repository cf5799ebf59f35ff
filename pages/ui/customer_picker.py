"""Choosing a customer: a list with search where it fits in one, else a search first. Kept in the address."""

import streamlit as st

from core.auth.actor import Actor
from core.customers.queries import CustomerOption, customer_options, search_customers
from core.i18n import _
from pages.ui import forms, guard

#: More customers than these are not sent to the browser at once.
MOST = 2_000
FOUND = 30


def picked(actor: Actor, *, key: str = "cliente", form: str = "") -> CustomerOption | None:
    """The customer chosen in a field whose value is the code, in the address as `key`; None while nobody is.

    `form`: the form that it belongs to, emptied with it by `forget()`.
    """
    name = forms.key(form, key) if form else key
    with guard.reading() as session:
        options = customer_options(session, actor, limit=MOST)
        if len(options) > MOST:
            text = st.text_input(
                _("Buscar cliente"), key=f"{name}_texto", icon=":material/search:", placeholder=_("Nombre, clave o RFC")
            )
            wanted = text or str(st.query_params.get(key, ""))
            options = search_customers(session, actor, wanted, limit=FOUND)
    by_code = {one.code: one for one in options}
    codes, asked = list(by_code), str(st.query_params.get(key, ""))
    code = st.selectbox(
        _("Cliente"), codes, index=codes.index(asked) if asked in by_code else None, key=f"{name}_elegido",
        format_func=lambda one: f"{one} · {by_code[one].legal_name}", placeholder=_("Elija un cliente"),
    )  # fmt: skip
    if code is None:
        st.query_params.pop(key, None)
        return None
    if code != asked:  # bound, the address would have the label instead of the code
        st.query_params[key] = code
    return by_code[code]


def forget(*, key: str = "cliente") -> None:
    """Takes the customer out of the address, once the form is done with."""
    st.query_params.pop(key, None)
