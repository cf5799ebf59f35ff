"""Plantillas de cartas: download one, change it in Word, upload it, look at it, put it to use."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.letters.templates import versions
from pages.ui import frame, guard, letter_templates_view

actor = guard.require(Permission.EDIT_TEMPLATES)
frame.head(
    _("Plantillas de cartas"), _("Descargue una, cámbiela en Word, súbala y véala antes de ponerla en uso"), dated=False
)

stage, language = letter_templates_view.which()
with guard.reading() as session:
    rows = versions(session, actor, stage=stage, language=language)
left, right = st.columns([7, 5])
with left:
    with frame.card("versions"):
        letter_templates_view.each(actor, rows)
    with frame.card("fields"):
        letter_templates_view.fields()
with right, frame.card("upload"):
    letter_templates_view.upload(actor, stage, language, rows[0])
