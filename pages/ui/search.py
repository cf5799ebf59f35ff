"""Search from anywhere: customers by name, code or RFC, documents and payments by folio, while one types."""

import streamlit as st

from core.i18n import N_, _
from core.portfolio.search import search
from pages.ui import guard, menu
from pages.ui.text import plain

MOST = 12
SHORTEST = 2
#: Kind of a result: its icon, its word, and the screens that may show it with the name of its key in their address.
_KINDS = {
    "customer": ("storefront", N_("Cliente"), (("customer", "cliente"),)),
    "document": ("description", N_("Documento"), (("document", "folio"), ("customer", "folio"))),
    "payment": ("payments", N_("Pago"), (("payment", "pago"), ("customer", "folio"))),
    "unidentified": ("contact_support", N_("Pago sin identificar"), (("unidentified", "pago"),)),
}


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
    with guard.reading() as session:
        found = search(session, actor, typed, MOST)
    if not found:
        st.markdown(_("Nada coincide con **{text}**.").format(text=plain(typed)))
        st.caption(_("Pruebe con parte del nombre, la clave sin ceros, el RFC o el principio del folio."))
        return
    for at, hit in enumerate(found):
        icon, word, ways = _KINDS[hit.kind]
        label = f"**{plain(hit.title)}** :small[{plain(_(word))} · {plain(hit.detail)}]"
        if st.button(label, key=f"search_hit_{at}", icon=f":material/{icon}:", type="tertiary"):
            stem, name = next((way for way in ways if menu.can_open(actor, way[0])), ways[-1])
            menu.go(stem, **{name: hit.key})
