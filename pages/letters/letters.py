"""Cartas: who would get which letter today, making them, and what became of those that were made."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from pages.ui import empty, frame, guard, letter_due, letter_made

actor = guard.require(Permission.VIEW_COLLECTION)
frame.head(_("Cartas"), _("Una por cliente, según sus días de atraso"))

with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    view = letter_due.view()
    if view == letter_due.DUE:
        day = letter_due.day()
        rows = letter_due.read(actor, day)
    else:
        asked = letter_made.filters()
        made = letter_made.read(actor, asked)
    st.space("stretch")
    if view == letter_due.DUE:
        letter_due.downloads(day)
    else:
        letter_made.print_button(made)
        letter_made.downloads(asked)

if view == letter_due.DUE:
    if not rows:
        empty.state(
            _("Ninguna carta toca ese día"),
            _("Nadie llegó a un nivel, o su carta salió hace poco, o prometió pagar, o su saldo está en aclaración."),
            icon="mark_email_read",
        )  # fmt: skip
        st.stop()
    letter_due.figures(rows)
    with frame.card("due"):
        letter_due.run_button(actor, day, rows)
        letter_due.table(rows)
    st.stop()

if not made:
    empty.state(_("Ninguna carta con estos filtros"), _("Amplíe las fechas, o haga las que tocan hoy."), icon="mail")
    st.stop()
left, right = st.columns([8, 4])
with left, frame.card("made"):
    chosen = letter_made.table(made)
with right, frame.card("letter"):
    letter_made.one(actor, chosen or made[0])
