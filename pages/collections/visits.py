"""Visitas: the route of a day, in its order, with the way and the result of each stop."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.collections.visits import visits_of
from core.i18n import _, plural
from pages.ui import downloads, empty, frame, guard, visit_forms, visit_list, worklist_view

actor = guard.require(Permission.VIEW_COLLECTION)
frame.head(_("Visitas"), _("La ruta del día, en orden"))

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    on = st.date_input(_("Día"), today(), format="DD/MM/YYYY", key="dia", bind="query-params", width=150)
    collector = worklist_view.whose(actor)
    st.space("stretch")
    downloads.buttons(lambda who: visit_list.sheet(who, on, collector), _("visitas"), key="visitas")
    if visit_forms.may_plan(actor) and st.button(
        _("Planear visita"), key="visit_plan", type="primary", icon=":material/add_location_alt:"
    ):
        visit_forms.plan(on, collector)

with guard.reading() as session:
    rows = visits_of(session, actor, on=on, collector=collector)
if not rows:
    empty.state(
        _("Ninguna visita ese día"), _("Planee una, o elija otro día."),
        icon="route",
    )  # fmt: skip
    st.stop()
waiting = sum(row.waits for row in rows)
st.caption(plural("{n} visita", "{n} visitas", len(rows)) + " · " + plural("falta {n}", "faltan {n}", waiting))
visit_list.way(rows)
for row in rows:
    visit_list.card(row, rows, actor)
