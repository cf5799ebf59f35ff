"""Last step of an import: all or nothing, with how far it is."""

import streamlit as st

from core.auth.actor import Actor
from core.errors import DomainError
from core.i18n import _, plural
from core.importers.base import Prepared, commit
from pages.ui import forms, frame, import_desk, refusal
from pages.ui.import_desk import Desk, Work
from pages.ui.import_review import sentence


def show(actor: Actor, desk: Desk) -> None:
    """What is about to be saved, the button, and the bar while it is."""
    prepared = desk.prepared(actor)
    if prepared is None:
        return
    if desk.saving is not None:
        _finish(desk, prepared)
    with frame.card("confirm"):
        st.markdown(f"### {_('Se va a guardar')}")
        st.markdown(sentence(prepared, desk))
        if desk.skip_bad_rows and prepared.bad:
            st.markdown(plural("{n} renglón con error se queda fuera.", "{n} renglones con error se quedan fuera.",
                               len(prepared.bad)))  # fmt: skip
        if warnings := prepared.warnings():
            st.info(import_desk.told(warnings), icon=":material/info:")
        st.caption(_("Se guarda todo o nada. Los demás pueden seguir trabajando mientras tanto."))
    with st.bottom, st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Volver a revisión"), icon=":material/arrow_back:", key="carga_revision"):
            desk.go(import_desk.REVIEW)
        if st.button(_("Cargar ahora"), type="primary", icon=":material/upload:", key="carga_guardar"):
            skip = desk.skip_bad_rows
            desk.saving = Work(lambda progress: commit(prepared, skip_bad_rows=skip, progress=progress))
            _finish(desk, prepared)


def _finish(desk: Desk, prepared: Prepared) -> None:
    """Waits for what is being saved; then an empty desk that tells how it went."""
    saving = desk.saving
    assert saving is not None
    try:
        summary = saving.wait(_("Guardando; no cierre esta ventana…"))
    except BaseException as error:
        if saving.error is None:
            raise  # Streamlit turns to another run: the work goes on
        desk.saving = desk.work = None
        if not isinstance(error, DomainError):
            raise
        refusal.lines(error, _("No se cargó nada."))
        return
    desk.last = summary
    desk.apart = prepared if prepared.bad else None
    desk.clear()
    forms.flash(plural("{n} renglón cargado.", "{n} renglones cargados.", summary["new"] + summary["updated"]))
    st.rerun()
