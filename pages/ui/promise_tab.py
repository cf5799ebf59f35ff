"""The promises of one customer, on his page."""

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.customers.queries import CustomerCard
from core.i18n import _, money, plural
from core.promises.figures import StatusSum, by_status, overall
from core.promises.queries import Wanted, collectors, promises
from pages.ui import columns, downloads, empty, figures, guard, kept, menu, promise_dialogs, promise_list
from pages.ui.text import plain

PAGE = 10


def promises_tab(one: CustomerCard, actor: Actor, currency: str) -> None:
    """All promises of a customer in one currency, with how many were kept; one that is chosen opens."""
    wanted = Wanted(customer_id=one.id, currency=currency)
    states = kept.read(by_status, actor, as_of=today(), wanted=wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        _kept(states, currency)
        st.space("stretch")
        downloads.buttons(
            lambda who: promise_list.sheet(who, wanted, plain(one.legal_name)), f"{_('promesas')}_{one.code}",
            key="promesas_cliente",
        )  # fmt: skip
        if actor.may(Permission.RECORD_PROMISE) and st.button(
            _("Registrar promesa"), key="promise_new", icon=":material/event_available:"
        ):
            promise_dialogs.record(one.id, one.legal_name, currency)
    total = sum(found.promises for found in states)
    if not total:
        empty.state(_("Sin promesas"), _("Este cliente no ha prometido nada en esta moneda."), icon="event_available")
        return
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina_promesas")
    with guard.reading() as session:
        rows = promises(session, actor, as_of=today(), wanted=wanted, limit=PAGE, offset=first)
        names = dict(collectors(session, actor))
    with place:
        picked = promise_list.table(rows, names, key="promesas_del_cliente", of_one=True)
    if picked:
        menu.go("promise", promesa=picked.number)


def _kept(states: list[StatusSum], currency: str) -> None:
    whole = overall(states)
    if whole is None:
        return
    told = plural("{n} promesa juzgada", "{n} promesas juzgadas", whole.judged)
    amount = plain(money(whole.judged_amount, currency))
    sentence = _("**{pct}** cumplidas de {told}, por {amount}")
    st.markdown(sentence.format(pct=figures.percent(whole.count_pct), told=told, amount=amount))
