"""What is agreed with a customer and in which stage his debt is, on his page; and the ways to propose either."""

import streamlit as st

from core.agreements.queries import agreements
from core.auth.actor import Actor, Permission
from core.clock import today
from core.credit.blocks import blocks_of
from core.i18n import _, day
from core.legal.queries import cases
from pages.ui import agreement_list, case_list, frame, guard, menu
from pages.ui.text import plain

_MOST = 4


def show(actor: Actor, customer_id: int, code: str) -> None:
    """A line for each agreement, case and block in force; nothing for who does not see the collectors' work."""
    if not actor.may(Permission.VIEW_COLLECTION):
        return
    with guard.reading() as session:
        agreed = agreements(session, actor, as_of=today(), customer=code)[:_MOST]
        found = {one.number: one for one in cases(session, actor, as_of=today(), customer=code)}
        blocks = blocks_of(session, actor, as_of=today(), customer_id=customer_id)
    may_propose = actor.may(Permission.PROPOSE_AGREEMENT)
    if not (agreed or found or blocks or may_propose):
        return
    with frame.card("agreed"):
        st.markdown(f"**{_('Convenios y etapa')}**")
        for block in blocks:
            told = _("Bloqueado desde el {day}: {reason}").format(day=day(block.from_on), reason=block.reason)
            st.markdown(f":violet-badge[:material/block: {plain(told)}]")
        for one in agreed:
            _line("agreements", one.number, agreement_list.badge(one.state), convenio=one.number)
        for case in list(found.values())[:_MOST]:
            _line("cases", case.number, case_list.badge(case.stage), expediente=case.number)
        if may_propose:
            menu.link("agreements", _("Proponer convenio"), icon="handshake", nuevo="1", cliente=code)
        if actor.may(Permission.HAND_OVER):
            menu.link("cases", _("Entregar a otra etapa"), icon="send", entregar="1", cliente=code)


def _line(stem: str, number: str, badge: str, **query: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        menu.link(stem, number, **query)
        st.markdown(badge, width="content")
