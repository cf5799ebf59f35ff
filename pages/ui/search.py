"""Search from anywhere: customers by name, code or RFC, documents and payments by folio, while one types."""

from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.customers.queries import search_customers
from core.i18n import N_, _
from pages.ui import guard, menu
from pages.ui.text import plain

MOST = 12
SHORTEST = 2
#: Kind of a result: its icon, its word, the screen that shows it and the name of its key in the address.
_KINDS = {
    "customer": ("storefront", N_("Cliente"), "customer", "cliente"),
    "document": ("description", N_("Documento"), "customer", "folio"),
    "payment": ("payments", N_("Pago"), "customer", "folio"),
}


class Hit(NamedTuple):
    """One thing found."""

    kind: str
    key: str
    title: str
    detail: str


def hits(actor: Actor, text: str) -> list[Hit]:
    """What `actor` may see of what was typed. The one place that knows where results come from."""
    with guard.reading() as session:
        found = search_customers(session, actor, text, limit=MOST)
    return [Hit("customer", one.code, one.legal_name, one.code) for one in found]


def dialog() -> None:
    """Opens the search over the screen."""
    guard.dialog(_("Buscar"), width="medium", icon=":material/search:")(_body)()


def _body() -> None:
    """Results under the field, each a button that opens it."""
    actor = guard.here().actor
    text = st.text_input(
        _("Cliente, RFC o folio"), type="search", live=True, key="search_text", icon=":material/search:",
        placeholder=_("Nombre, clave, RFC o folio"), label_visibility="collapsed",
    )  # fmt: skip
    typed = (text or "").strip()
    if len(typed) < SHORTEST:
        st.caption(_("Escriba dos letras o más: busca en clientes, facturas, notas y pagos que usted puede ver."))
        return
    found = hits(actor, typed)
    if not found:
        st.markdown(_("Nada coincide con **{text}**.").format(text=plain(typed)))
        st.caption(_("Pruebe con parte del nombre, la clave sin ceros, el RFC o el folio completo."))
        return
    for at, hit in enumerate(found):
        icon, word, stem, name = _KINDS.get(hit.kind, ("search", "", "customer", "cliente"))
        label = f"**{plain(hit.title)}**  :small[{plain(_(word))} · {plain(hit.detail)}]"
        if st.button(label, key=f"search_hit_{at}", icon=f":material/{icon}:", type="tertiary"):
            menu.go(stem, **{name: hit.key})
