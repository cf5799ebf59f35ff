"""What the stage of a customer says, ready to be read aloud."""

import streamlit as st

from core.auth.actor import Actor
from core.collections.sheet import CallSheet
from core.collections.stages import stage_word
from core.i18n import _
from pages.ui.text import plain


def script(sheet: CallSheet, person: str | None, actor: Actor) -> None:
    """The script of the stage in an expander, filled with the facts of the call; nothing where there is no stage."""
    if sheet.stage is None:
        return
    title = _("Qué decir: {stage}").format(stage=stage_word(sheet.stage, "name"))
    with st.expander(title, icon=":material/record_voice_over:"):
        st.caption(plain(stage_word(sheet.stage, "action")))
        st.markdown(plain(sheet.script(person=person or "", collector=actor.full_name or actor.name)))
