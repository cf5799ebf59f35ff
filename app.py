"""Sign-in, menu by permission, the page; nothing else."""

import streamlit as st

from pages.ui import failures, frame, framework, guard, navigation, session, style

st.set_page_config(page_title="Cartera al Día", page_icon=frame.ICON, layout="wide", initial_sidebar_state=232)

with failures.told():
    visitor = guard.visitor()
    style.apply()
    framework.speak()
    if visitor is None:
        navigation.signed_out().run()
    elif visitor.must_change:
        session.remember()
        navigation.must_change().run()
    else:
        session.remember()
        page = navigation.signed_in(visitor.actor)
        frame.sidebar(visitor.actor)
        page.run()
