"""Inicio: where an installation stands and where to go on."""

from core.i18n import _
from pages.ui import frame, guard

actor = guard.require()
frame.head(_("Inicio"))
