"""Tareas: what each has to do, what a supervisor gave to others, and how it stands."""

import streamlit as st

from core.i18n import _
from pages.ui import downloads, frame, guard, task_forms, task_list

actor = guard.require()
frame.head(_("Tareas"), _("Lo encargado, lo que uno se pone y lo que el sistema levanta solo"))

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
    chosen = task_list.filters(actor)
    st.space("stretch")
    downloads.buttons(lambda who: task_list.sheet(who, chosen), _("tareas"), key="tareas_archivo")
    if st.button(_("Nueva tarea"), key="task_new", icon=":material/add_task:"):
        task_forms.new()
task_list.cards(actor, chosen["whose"], chosen.get("person"))
task_list.show(actor, chosen)
