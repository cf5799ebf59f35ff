"""Mi agenda: whom to contact today, the most valuable first."""

import streamlit as st

from core.auth.actor import Permission
from core.clock import today
from core.collections.agenda import agenda
from core.i18n import _
from core.portfolio.lines import Page
from pages.ui import columns, downloads, empty, frame, guard, kept, worklist_files, worklist_view
from pages.ui.worklist_view import Shown

actor = guard.require(Permission.VIEW_COLLECTION)
PAGE = 8
own = actor.may(Permission.RECORD_CONTACT)
frame.head(_("Mi agenda") if own else _("Agenda de los gestores"), _("La llamada que más vale, primero"))

collector, shown = worklist_view.whose(actor), worklist_view.part()
number = worklist_view.page_number()
found = kept.read(
    agenda, actor, as_of=today(), collector=collector, view=shown.view, page=Page(number, PAGE), done=Page(number, 50)
)
worklist_view.counts(found, worklist_view.goal_of(actor, collector))
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    worklist_view.views(found, shown)
    st.space("stretch")
    worklist_view.how_it_is_ordered(found, actor)
    downloads.buttons(lambda who: worklist_files.sheet(who, collector, shown), _("agenda"), key="agenda")

if shown is Shown.DONE:
    worklist_files.done(found.done.rows)
    if found.done.found > 50:
        columns.pages(found.done.found, 50, key="pagina")
    st.stop()
total = found.list.counts[shown.view].customers
if not total:
    empty.state(*worklist_view.nobody(shown), icon="task_alt")
    st.stop()
if not found.list.rows:  # the list is shorter by now than the page that was asked for
    st.session_state["pagina"] = 1
    st.rerun()
for place, row in enumerate(found.list.rows, start=(number - 1) * PAGE + 1):
    worklist_view.card(place, row, found, actor)
columns.pages(total, PAGE, key="pagina")
