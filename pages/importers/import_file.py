"""Carga de datos: a file of the ERP in four steps: file, columns, review, confirm."""

from core.auth.actor import ANY_IMPORT
from core.i18n import _
from pages.ui import frame, guard, import_columns, import_confirm, import_desk, import_review, import_upload

actor = guard.require(*ANY_IMPORT)
desk = import_desk.desk(actor.user_id)
frame.head(_("Carga de datos"), import_desk.caption(desk), dated=False)
with frame.card("steps"):
    import_desk.steps_of(desk)
show = {
    import_desk.FILE: import_upload.show,
    import_desk.COLUMNS: import_columns.show,
    import_desk.REVIEW: import_review.show,
    import_desk.CONFIRM: import_confirm.show,
}[desk.step]
show(actor, desk)
