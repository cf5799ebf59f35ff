"""Promesas: what customers promised, day by day, and how much of it they keep."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.i18n import _, plural
from core.promises.figures import by_status
from core.promises.queries import collectors, promises
from pages.ui import (
    columns,
    downloads,
    empty,
    frame,
    guard,
    kept,
    menu,
    promise_calendar,
    promise_list,
    promise_rates,
)

actor = guard.require(Permission.VIEW_COLLECTION)
PAGE = 15
frame.head(_("Promesas de pago"), _("Una promesa cuenta solo dinero recibido en su plazo"))

with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    asked = promise_list.filters(actor)
    states = kept.read(by_status, actor, as_of=today(), wanted=asked.base())
    currency = promise_list.currency(sorted({one.currency for one in states}))
    st.space("stretch")
    chosen = promise_calendar.chosen_day()
    wanted = asked.wanted(chosen)
    names = dict(kept.read(collectors, actor))
    told = promise_list.told(asked, chosen, names)
    downloads.buttons(lambda who: promise_list.sheet(who, wanted, told), _("promesas"), key="promesas")

if not states:
    empty.state(
        _("Ninguna promesa con estos filtros"), _("Se registran al anotar una gestión, o se cargan de un archivo."),
        icon="event_available", link="worklist",
    )  # fmt: skip
    st.stop()
left, right = st.columns([7, 5])
with left:
    promise_calendar.show(actor, asked, currency)
with right:
    promise_rates.show(actor, asked, states, currency)

total = sum(one.promises for one in kept.read(by_status, actor, as_of=today(), wanted=wanted))
with frame.card("promises"):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{plural('{n} promesa', '{n} promesas', total)} · {told}", width="stretch")
        promise_calendar.back()
    if not total:
        st.caption(_("Ninguna promesa así. Elija otra vista u otro día."))
        st.stop()
    place = st.container()
    first = columns.pages(total, PAGE, key="pagina")
    with guard.reading() as session:
        rows = promises(session, actor, as_of=today(), wanted=wanted, limit=PAGE, offset=first)
    with place:
        picked = promise_list.table(rows, names, key="lista_promesas")
if picked:
    menu.go("promise", promesa=picked.number)
