"""Productividad: what each collector did in a period, what came of it, and the rows behind every figure."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import downloads, empty, frame, guard, productivity_rows, productivity_view

actor = guard.require(Permission.SUPERVISE)
frame.head(_("Productividad"), _("Contactos, promesas y lo recuperado por cada gestor"))

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
    asked, by = productivity_view.filters(actor)
    st.space("stretch")
    downloads.buttons(
        lambda who: productivity_view.sheet(who, asked, by), _("productividad"), key="productividad_archivo"
    )
    if st.button(_("Fijar metas"), key="goal_new", icon=":material/flag:"):
        productivity_rows.goal_dialog()

rows, now, before = productivity_view.read(actor, asked, by)
goals = productivity_view.of_month(actor, asked)
if not rows:
    empty.state(
        _("No hay actividad en este periodo"),
        _("Cambie las fechas o quite la región; los contactos se registran en la agenda."), icon="monitoring",
    )  # fmt: skip
    st.stop()
productivity_view.cards(now, before, productivity_view.whole_goal(rows, goals), asked)
productivity_view.draw(rows, goals)
with frame.card("rows"):
    chosen = productivity_view.table(rows, goals)
with frame.card("detail"):
    productivity_rows.show(actor, asked, by, chosen)
