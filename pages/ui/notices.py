"""The bell beside the search: how many notices nobody has read yet, and what they say."""

from typing import Any

import streamlit as st

from core import db
from core.auth.actor import Actor
from core.clock import local
from core.errors import DatabaseNotReady
from core.i18n import _, plural, shown
from core.tasks.queries import NoticeRow, unread, unread_count
from core.tasks.reading import mark_read
from pages.ui import forms, guard, menu
from pages.ui.text import plain

#: Where a notice leads, by what it is about, before its customer's page; others lead to the customer, if there is one.
_SCREENS = {
    "dispute": "disputes", "task": "tasks",
    "task_passed": "tasks", "payment_agreement": "agreements", "collection_hand_over": "cases",
    "collection_case_step": "cases", "collection_case": "cases", "meeting": "meetings", "meeting_agreement": "tasks",
    "reconciliation_agreement": "tasks", "portfolio": "customers",
}  # fmt: skip
_MOST = 30


def button() -> None:
    """«3 avisos», or a quiet bell; on every screen, so it costs one count in an index of unread ones."""
    actor = guard.here().actor
    count = _count(actor)
    label = plural("{n} aviso", "{n} avisos", count) if count else _("Sin avisos")
    icon = ":material/notifications_unread:" if count else ":material/notifications:"
    if st.button(label, icon=icon, key="global_notices_new" if count else "global_notices"):
        dialog()


def dialog() -> None:
    """Opens what has not been read over the screen."""
    guard.dialog(_("Avisos"), width="medium", icon=":material/notifications:")(_body)()


def _count(actor: Actor) -> int:
    try:
        with db.reading() as session:
            return unread_count(session, actor)
    except DatabaseNotReady:
        return 0


def _body() -> None:
    """Each notice is a button that opens what it is about; opened, it is read."""
    actor = guard.here().actor
    with guard.reading() as session:
        rows = unread(session, actor, limit=_MOST + 1)
    if not rows:
        st.markdown(_("No hay avisos sin leer."))
        return
    for one in rows[:_MOST]:
        _notice(actor, one)
    if len(rows) > _MOST:
        st.caption(_("Hay más: aparecen al leer estos."))
    if st.button(_("Marcar todos como leídos"), key="notices_read", icon=":material/done_all:", width="stretch"):
        seen = [one.id for one in rows]
        forms.submit(lambda opened: mark_read(opened, actor, seen))


def _notice(actor: Actor, one: NoticeRow) -> None:
    about = [plain(one.customer)] if one.customer else []
    about.append(plain(shown(local(one.at))))
    label = f"**{plain(one.text)}** :small[{' · '.join(about)}]"
    if st.button(label, key=f"notice_{one.id}", type="tertiary", icon=":material/chevron_right:"):
        stem, address = _way(actor, one)
        forms.submit(lambda opened: mark_read(opened, actor, [one.id]), to=stem, **address)


def _way(actor: Actor, one: NoticeRow) -> tuple[str, dict[str, Any]]:
    """The screen of what it is about, else the customer's, else none."""
    stem = _SCREENS.get(one.source, "")
    if stem and menu.can_open(actor, stem):
        return stem, {}
    if one.customer_code and menu.can_open(actor, "customer"):
        return "customer", {"cliente": one.customer_code}
    return "", {}
