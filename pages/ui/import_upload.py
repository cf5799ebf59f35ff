"""First step of an import: what kind of file, the file, and templates to fill in."""

import contextvars

import streamlit as st

from core.auth.actor import Actor
from core.errors import DomainError
from core.i18n import _, money, plural
from core.importers import assigning, layouts
from core.importers.base import Source
from core.importers.kinds import NAMES, kind_of
from core.importers.templates import template
from pages.ui import downloads, forms, frame, guard, import_desk, import_review, menu, refusal
from pages.ui.import_desk import Desk
from pages.ui.text import plain


def show(actor: Actor, desk: Desk) -> None:
    """Kind, file and template; a file that was read leads to the next step."""
    if desk.last:
        _result(actor, desk)
    kinds = [name for name in NAMES if actor.may(kind_of(name).permission)]
    if desk.kind_name not in kinds:
        desk.kind_name = kinds[0]
    left, right = st.columns([8, 4])
    with left, frame.card("file", height="stretch"):
        desk.kind_name = st.selectbox(
            _("Qué va a cargar"), kinds, kinds.index(desk.kind_name), key="carga_tipo",
            format_func=lambda name: _(kind_of(name).title),
        )  # fmt: skip
        uploaded = st.file_uploader(
            _("Archivo"), type=["csv", "xlsx"], key=forms.key("carga", "archivo"), max_upload_size=50
        )
        st.caption(
            _(
                "Excel (.xlsx) o CSV, hasta 50 MB y 500,000 renglones. "
                "Uno más grande lo carga en el servidor quien administra el sistema."
            )
        )
        if uploaded is not None:
            _read(desk, Source(uploaded.name, uploaded.getvalue()))
    with right, frame.card("template", height="stretch"):
        _template(desk)


def _read(desk: Desk, source: Source) -> None:
    """Looks at the file; a layout that fits is taken by itself."""
    try:
        with guard.reading() as session:
            known = [layouts.layout(session, one.name) for one in layouts.listed(session, desk.kind_name)]
        fits = assigning.suggested(desk.kind, source, known)
        desk.layout = next((one for one in known if one.name == fits), None)
        desk.source = source
        desk.opened = assigning.look(desk.kind, source, desk.layout.spec if desk.layout else None)
    except DomainError as error:
        desk.source = None
        refusal.lines(error, _("El archivo no se pudo leer."))
        return
    desk.last, desk.apart = {}, None
    forms.retire("carga")
    fields = [one.field for one in desk.opened.titles]
    needed = [one.name for one in desk.kind.fields if one.required and one.name not in fields]
    desk.go(import_desk.COLUMNS if needed and desk.layout is None else import_desk.REVIEW)


def _template(desk: Desk) -> None:
    st.markdown(f"### {_('Plantilla')}")
    st.markdown(_("Un libro de Excel con los encabezados y, en la segunda hoja, qué va en cada columna."))
    kind, context = desk.kind, contextvars.copy_context()
    file = f"{_('plantilla')}_{_(kind.title)}.xlsx".replace(" ", "_").lower()
    st.download_button(
        _("Descargar plantilla"), lambda: context.copy().run(template, kind), file, downloads.EXCEL,
        icon=":material/download:", key="carga_plantilla", on_click="ignore", width="stretch",
    )  # fmt: skip
    st.caption(_("También sirve el archivo tal como sale de su sistema, con o sin renglones de título."))


def _result(actor: Actor, desk: Desk) -> None:
    """What the import just done has saved."""
    last = desk.last
    said = [plural("{n} renglón nuevo", "{n} renglones nuevos", last["new"])]
    said += [money(amount, currency) for currency, amount in last["total"].items()]
    if last["updated"]:
        said.append(plural("{n} actualizado", "{n} actualizados", last["updated"]))
    if last["repeated"]:
        said.append(plural("{n} ya estaba", "{n} ya estaban", last["repeated"]))
    if last["rejected"]:
        said.append(plural("{n} apartado", "{n} apartados", last["rejected"]))
    st.success(f"**{plain(_('Carga terminada.'))}** {plain(' · '.join(said))}", icon=":material/check_circle:")
    if last["warnings"]:
        st.info(import_desk.told(last["warnings"]), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if desk.apart is not None:
            with st.container(width=260):
                import_review.apart(desk.apart)
        if menu.can_open(actor, "aging"):
            menu.link("aging", _("Ver la cartera"))
