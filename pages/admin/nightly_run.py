"""Proceso nocturno: what the night did, step by step; started now if need be."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import now
from core.i18n import _
from core.jobs.nightly_log import runs, schedule, steps_of
from pages.ui import empty, frame, guard, nightly_view

actor = guard.require(Permission.RUN_NIGHTLY)
frame.head(_("Proceso nocturno"), _("Promesas, convenios, avisos, cartas, correos y cifras del mes"))

with guard.reading() as session:
    found = runs(session, actor, now=now())
    expected = schedule(session, actor, now=now())

with frame.card("ahora"):
    nightly_view.expected(expected)
    nightly_view.start(actor, ready=bool(found))

if not found:
    empty.state(
        _("Todavía no se ha ejecutado"), _("Ejecútelo ahora, o espere a la noche: repetirlo no hace daño."),
        icon="bedtime",
    )  # fmt: skip
    st.stop()

left, right = st.columns([3, 2])
with left, frame.card("corridas"):
    st.subheader(_("Ejecuciones"), anchor=False)
    chosen = nightly_view.grid(found)
with right, frame.card("pasos"):
    st.subheader(_("Qué hizo"), anchor=False)
    if chosen is not None:
        with guard.reading() as session:
            steps = steps_of(session, actor, chosen.id)
        nightly_view.steps(steps)
