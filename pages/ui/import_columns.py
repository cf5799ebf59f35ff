"""Second step of an import: what each column is, by name, by a layout, by hand; kept under a name."""

from typing import Any

import pandas as pd
import streamlit as st

from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_, _
from core.importers import assigning, layouts
from core.importers.base import Kind, Layout
from core.importers.specs import Spec
from pages.ui import company, forms, frame, import_desk, refusal
from pages.ui.import_desk import Desk
from pages.ui.text import plain

NOTHING = "—"
#: Required fields that a whole file may share, so that no column need bring them.
_FIXED = ("kind", "currency", "date", "reason")
_CUSTOMER = N_("Cliente nuevo: {field}")


def show(actor: Actor, desk: Desk) -> None:
    """Header row and sheet, a line a column, fixed values; then on to the review."""
    assert desk.source is not None
    assert desk.opened is not None
    with frame.card("columns"):
        _sheet(desk)
        st.caption(
            _("Encabezado en la fila {row}. Elija qué es cada columna; varias con el mismo campo se unen con un guion.")
            .format(row=desk.opened.header)
        )  # fmt: skip
        chosen = _grid(desk)
        constants, create, negative = _options(desk, chosen)
    spec = assigning.assigned(
        desk.kind, desk.by_hand or (desk.layout.spec if desk.layout else None), chosen, constants=constants,
        create_customers=create, credits_negative=negative,
    )  # fmt: skip
    missing = assigning.missing(desk.kind, spec)
    if actor.may(Permission.SAVE_LAYOUT):
        _keep(actor, desk, spec, missing)
    _bar(desk, spec, missing)


def _sheet(desk: Desk) -> None:
    assert desk.source is not None
    assert desk.opened is not None
    sheets = list(desk.opened.grid.sheets)
    if len(sheets) < 2:
        return
    sheet = st.selectbox(_("Hoja"), sheets, sheets.index(desk.opened.grid.sheet), key="carga_hoja")
    if sheet != desk.opened.grid.sheet:
        try:
            desk.opened = assigning.look(desk.kind, desk.source, desk.layout.spec if desk.layout else None, sheet=sheet)
            desk.sheet, desk.by_hand = sheet, None
        except DomainError as error:
            refusal.lines(error, _("El archivo no se pudo leer."))
            return
        st.rerun()


def labels(kind: Kind[Any]) -> dict[str, str]:
    """Each field in the user's words; required ones with an asterisk."""
    own = {one.name: _(one.label) + (" *" if one.required else "") for one in kind.fields}
    return own | {one.name: _(_CUSTOMER).format(field=_(one.label)) for one in kind.made}


def _grid(desk: Desk) -> dict[str, str | None]:
    assert desk.opened is not None
    words = labels(desk.kind)
    titles = [one for one in desk.opened.titles if one.title]
    frame_ = pd.DataFrame({
        "title": [one.title for one in titles], "example": [one.example for one in titles],
        "field": [words.get(one.field or "", NOTHING) for one in titles],
    })  # fmt: skip
    edited = st.data_editor(
        frame_, key=f"carga_columnas_{desk.sheet}", hide_index=True, disabled=["title", "example"], num_rows="fixed",
        column_config={
            "title": st.column_config.TextColumn(_("Columna del archivo")),
            "example": st.column_config.TextColumn(_("Ejemplo")),
            "field": st.column_config.SelectboxColumn(_("Qué es"), options=[NOTHING, *words.values()]),
        },
    )  # fmt: skip
    fields = {label: name for name, label in words.items()}
    return {title: fields.get(label) for title, label in zip(edited["title"], edited["field"], strict=True)}


def _options(desk: Desk, chosen: dict[str, str | None]) -> tuple[dict[str, str], bool, bool]:
    """Values that hold for the whole file, and what happens with unknown customers and negative totals."""
    base = desk.spec()
    constants = dict(base.constants) if base else {}
    brought = set(chosen.values())
    free = [one for one in desk.kind.fields if one.name in _FIXED and one.name not in brought]
    with st.container(horizontal=True):
        for one in free:
            values = list(dict.fromkeys(one.words.values()))
            label = _("{field}, igual en todo el archivo").format(field=_(one.label))
            before = constants.get(one.name, "")
            if values:
                options = ["", *values]
                place = options.index(before) if before in options else 0
                told = {value: _word(one.words, value) for value in values} | {"": NOTHING}
                constants[one.name] = st.selectbox(
                    label, options, place, format_func=told.__getitem__, key=f"carga_f_{one.name}"
                )
            else:
                hint = company.company().currency if one.name == "currency" else None
                typed = st.text_input(label, before, key=f"carga_f_{one.name}", placeholder=hint)
                constants[one.name] = (typed or "").strip()
    create = negative = False
    if desk.kind.made:
        create = st.checkbox(
            _("Crear los clientes que no existan"), base.create_customers if base else False, key="carga_crear"
        )
    if desk.kind_name == "documents":
        negative = st.checkbox(
            _("Un total negativo es una nota de crédito"), bool(base and base.credits), key="carga_negativos"
        )
    return constants, create, negative


def _word(words: Any, value: str) -> str:
    """A value of a closed list in Spanish: the first of its further words."""
    return next((word for word, one in words.items() if one == value and word != value.replace("_", "")), value)


def _keep(actor: Actor, desk: Desk, spec: Spec, missing: list[str]) -> None:
    with frame.card("keep"), st.form("formato", border=False):
        st.markdown(_("Si recibe este archivo cada semana, guarde el formato: la próxima vez se reconoce solo."))
        name = st.text_input(_("Nombre del formato"), key=forms.key("formato", "nombre")) or ""
        label = _("Guardar formato")
        if forms.button(label, "formato", icon=":material/save:", type="secondary", disabled=bool(missing)):
            forms.submit(
                lambda session: layouts.save(session, actor, name=name, spec=spec), form="formato",
                done=_("Formato «{name}» guardado.").format(name=name), then=lambda _done: _use(desk, name, spec),
            )  # fmt: skip


def _use(desk: Desk, name: str, spec: Spec) -> None:
    """Goes on with the layout that was just kept."""
    assert desk.source is not None
    desk.layout, desk.by_hand, desk.create_customers = Layout(name.strip(), spec), None, None
    desk.opened = assigning.look(desk.kind, desk.source, spec, sheet=desk.sheet)


def _bar(desk: Desk, spec: Spec, missing: list[str]) -> None:
    words = labels(desk.kind)
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        if missing:
            lacking = ", ".join(words[name].removesuffix(" *") for name in missing)
            told = _("Falta decir qué columna trae: {fields}.").format(fields=lacking)
            if any(name in _FIXED for name in missing):
                told += " " + _("Si es igual en todo el archivo, dígalo bajo la tabla.")
            st.markdown(plain(told), width="stretch")
        else:
            st.markdown(plain(_("Todo lo obligatorio tiene su columna.")), width="stretch")
        if st.button(_("Otro archivo"), icon=":material/arrow_back:", key="carga_otro"):
            desk.clear()
            st.rerun()
        label = _("Continuar a revisión")
        if st.button(label, type="primary", icon=":material/arrow_forward:", icon_position="right", key="carga_revisar",
                     disabled=bool(missing)):  # fmt: skip
            desk.by_hand, desk.create_customers = spec, None
            assert desk.source is not None
            assert desk.opened is not None
            desk.sheet = desk.opened.grid.sheet or None
            desk.opened = assigning.look(desk.kind, desk.source, spec, sheet=desk.sheet)
            desk.go(import_desk.REVIEW)
