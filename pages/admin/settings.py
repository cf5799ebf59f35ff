"""Configuración: what the company decides for everybody; each change is in the log."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.policies.settings import all_settings
from pages.ui import frame, guard, menu, setting_fields

actor = guard.require(Permission.CHANGE_SETTINGS)
frame.head(_("Configuración"), _("Lo que la empresa decide para todos; cada cambio queda en la bitácora"), dated=False)

with guard.reading() as session:
    values = all_settings(session)

sides = st.columns(2)
for place, (name, keys) in enumerate(setting_fields.groups().items()):
    with sides[place % 2], frame.card(f"settings-{name}"):
        setting_fields.group_form(actor, name, keys, values)
menu.link("audit_log", _("Ver los cambios en la bitácora"), tema="Configuración")
