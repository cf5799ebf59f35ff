"""Versions of a template on the screen, uploading one, and the fields that it may use."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import local
from core.db import reading
from core.i18n import LANGUAGES, N_, _
from core.i18n import day as written
from core.letters import mail
from core.letters.fields import ABOUT, LISTS, SINGLE
from core.letters.levels import STAGES, stage_word
from core.letters.templates import TemplateRow, activate, add_version, content_of
from pages.ui import address, columns, forms, paper_button
from pages.ui.text import plain

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGES = {"es": N_("Español"), "en": N_("Inglés")}


class FieldLine(NamedTuple):
    """A field, how it is written, and what it holds."""

    mark: str
    about: str


def which() -> tuple[str, str]:
    """Stage and language of the template, in the address."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        address.understood("carta", STAGES, stage_word)
        stage = st.segmented_control(
            _("Carta"), [one.value for one in STAGES], default=next(iter(STAGES)).value, format_func=stage_word,
            required=True, key="carta", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        address.understood("idioma", LANGUAGES, lambda one: _(_LANGUAGES[one]))
        language = st.segmented_control(
            _("Idioma"), list(LANGUAGES), default=LANGUAGES[0], format_func=lambda one: _(_LANGUAGES[one]),
            required=True, key="idioma", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
    return str(stage), str(language)


def each(actor: Actor, rows: list[TemplateRow]) -> None:
    """Every version, the latest first."""
    st.markdown(f"### {_('Versiones')}")
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", key=f"version_{row.version}"):
            _version(actor, row)


def _version(actor: Actor, row: TemplateRow) -> None:
    chip = f" :green-badge[:material/check: {plain(_('En uso'))}]" if row.active else ""
    made = f" · {written(local(row.made_at).date())}" if row.made_at else ""
    told = _("Versión {n}").format(n=row.version)
    st.markdown(f"**{plain(told)}**{chip}  \n:small[{plain(row.name)} · {plain(row.made_by)}{made}]", width="stretch")
    name = row.name.removesuffix(".docx")
    paper_button.show(
        _("Word"), partial(_word, row=row), f"{name}.docx", key=f"word_{row.version}", mime=WORD, icon="docs"
    )
    paper_button.show(_("Ver con datos de muestra"), partial(_sample, row=row), f"{name}.pdf", key=f"pdf_{row.version}")
    if not row.active and st.button(
        _("Poner en uso"), icon=":material/check:", key=f"activar_{row.version}", type="primary"
    ):
        forms.submit(
            lambda session: activate(session, actor, template_id=row.template_id),
            done=_("Las próximas cartas se harán con esta versión."),
        )  # fmt: skip


def _word(actor: Actor, row: TemplateRow) -> bytes:
    with reading() as session:
        return content_of(
            session, actor, stage=row.stage, language=row.language, template_id=row.template_id
        )  # fmt: skip


def _sample(actor: Actor, row: TemplateRow) -> bytes:
    with reading() as session:
        return mail.sample_pdf(
            session, actor, stage=row.stage, language=row.language, template_id=row.template_id
        ).content


def upload(actor: Actor, stage: str, language: str, last: TemplateRow) -> None:
    """A new version: the Word file and the text of the e-mail."""
    st.markdown(f"### {_('Subir una versión')}")
    st.caption(
        _("No se usa hasta que usted la ponga en uso. La letra del PDF es siempre la misma; el diseño, el suyo.")
    )
    form = f"plantilla_{stage}_{language}"
    with st.form(form, border=False):
        file = st.file_uploader(
            _("Documento de Word"), type=["docx"], key=forms.key(form, "archivo"), max_upload_size=2
        )
        subject = st.text_input(_("Asunto del correo"), last.subject, max_chars=200, key=forms.key(form, "asunto"))
        body = st.text_area(_("Texto del correo"), last.body, height=220, key=forms.key(form, "texto"))
        sent = forms.button(_("Revisar y guardar"), form, icon=":material/fact_check:")
    if sent and file is None:
        st.error(_("Elija el documento de Word."), icon=":material/block:")
    elif sent and file is not None:
        with st.spinner(_("Revisando la plantilla…")):
            forms.submit(
                lambda session: add_version(
                    session, actor, stage=stage, language=language, name=file.name, content=file.getvalue(),
                    subject=subject, body=body,
                ),
                form=form, lead=_("La plantilla no se guardó."), done=_("Versión guardada. Véala y póngala en uso."),
            )  # fmt: skip


def fields() -> None:
    """What may be written between double braces."""
    st.markdown(f"### {_('Campos que puede usar')}")
    lines = [FieldLine("{{ " + name + " }}", _(about)) for name, about in SINGLE.items()]
    for name, inside in LISTS.items():
        lines.append(FieldLine("{%p for d in " + name + " %} … {%p endfor %}", _(ABOUT[name])))
        if not inside:
            lines.append(FieldLine("{{ d }}", _("Un renglón")))
        lines += [FieldLine("{{ d." + field + " }}", _(about)) for field, about in inside.items()]
    columns.grid(
        lines, {"mark": columns.text(_("Se escribe"), width=240), "about": columns.text(_("Qué pone"), width=400)},
        key="campos", height=35 * 12 + 2, alt=_("Campos de las plantillas"),
    )  # fmt: skip
    st.caption(_("Para repetir el renglón de una tabla, use {tr} en lugar de {p}.").format(tr="{%tr", p="{%p"))
