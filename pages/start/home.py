"""Inicio: from no data to the first import; later, what is owed at a glance and where to go on."""

import streamlit as st

from core.clock import today
from core.i18n import _
from core.policies.settings import buckets
from core.portfolio.aging import aging
from core.portfolio.lines import Page
from core.portfolio.standing import standing
from pages.ui import empty, first_steps, frame, guard, overview

actor = guard.require()
with guard.reading() as session:
    now = standing(session, actor)

if now.empty and first_steps.may_begin(actor):
    frame.head(_("Empecemos: aún no hay datos"), now.company or _("Cuatro pasos y verá quién le debe"), dated=False)
    first_steps.show(actor, now)
    st.stop()

frame.head(_("Inicio"), now.company)
if now.empty:
    empty.state(
        _("Aún no hay clientes que usted pueda ver"),
        _("Cuando se carguen, o se los asignen, los verá aquí al instante."), icon="hourglass_empty",
    )  # fmt: skip
    st.stop()

with guard.reading() as session:
    found = aging(
        session, actor, as_of=today(), limits=buckets(session), by=overview.grouping(actor), largest_first=True,
        page=Page(size=overview.MOST_ROWS),
    )  # fmt: skip
overview.show(actor, now, found)
