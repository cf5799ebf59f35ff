"""The minute of a reconciliation: its paper, its signing, and the files that are kept with it."""

import streamlit as st

from core.attachments.keeping import content_of, listed
from core.auth.actor import Actor
from core.clock import local, today
from core.db import reading
from core.i18n import N_, _, shown
from core.reconciliations import minute
from core.reconciliations.queries import Card, State, card
from core.reconciliations.signing import sign
from pages.ui import downloads, forms, guard, paper_button, people, reconciliation_card, signature_pad
from pages.ui.text import plain

FORM = "firma"
_LANGUAGES = {"es": N_("Español"), "en": N_("Inglés")}
_MOST_MEGABYTES = 10


def files(one: Card) -> None:
    """The differences as a workbook, and the minute as it stands (signed ones are kept as they were signed)."""
    with st.container(horizontal=True, width="content", gap="xsmall"):
        downloads.buttons(lambda actor: minute.sheets(_read(actor, one.id))[0], one.number, key="conciliacion_archivo")
        if one.state is not State.SIGNED:
            for language, word in _LANGUAGES.items():
                paper_button.show(
                    _("Borrador en PDF, {language}").format(language=_(word).lower()),
                    lambda actor, language=language: _draft(actor, one.id, language),  # type: ignore[misc]  # now
                    minute.file_name(one.number, language), key=f"conciliacion_pdf_{language}",
                )  # fmt: skip


def _read(actor: Actor, reconciliation_id: int) -> Card:
    with reading() as session:
        return card(session, actor, reconciliation_id)


def _draft(actor: Actor, reconciliation_id: int, language: str) -> bytes:
    with reading() as session:
        return minute.as_pdf(card(session, actor, reconciliation_id), minute.sender(session), language=language)


def show(actor: Actor, one: Card) -> None:
    """Signing, or what was signed; below, the files."""
    if one.state is State.SIGNED:
        who = " · ".join(part for part in (one.their_signer, one.their_position, one.customer) if part)
        st.markdown(f"**{plain(_('Firmó por el cliente'))}**: {plain(who)}")
        st.markdown(f"**{plain(_('Firmó por la empresa'))}**: {plain(one.our_signer)}")
        if one.notes:
            st.caption(plain(one.notes))
    elif reconciliation_card.may_work(actor, one):
        _sign(actor, one)
    _kept(actor, one)


def _sign(actor: Actor, one: Card) -> None:
    form = f"{FORM}_{one.id}"
    st.caption(
        _("Que firmen aquí mismo, o imprima el borrador y suba la minuta firmada. Al firmar, los acuerdos se "
          "vuelven tareas y promesas, y la minuta ya no cambia.")
    )  # fmt: skip
    with st.container(horizontal=True):
        theirs = st.text_input(_("Firma por el cliente"), key=forms.key(form, "suyo"), max_chars=120) or ""
        position = st.text_input(_("Puesto"), key=forms.key(form, "puesto"), max_chars=120) or ""
    with st.container(horizontal=True):
        ours = st.text_input(
            _("Firma por la empresa"), actor.full_name or actor.name, key=forms.key(form, "nuestro"), max_chars=120
        )
        tongue = "en" if one.customer_language == "en" else "es"
        language = st.selectbox(
            _("Idioma de la minuta"), list(_LANGUAGES), list(_LANGUAGES).index(tongue),
            format_func=lambda key: _(_LANGUAGES[key]), key=forms.key(form, "idioma"),
        )  # fmt: skip
    notes = st.text_area(_("Notas de la minuta"), key=forms.key(form, "notas"), max_chars=1000) or ""
    signature_pad.show(f"{form}_archivo")
    file = st.file_uploader(
        _("Firma o minuta firmada"), type=["png", "jpg", "jpeg", "pdf"], key=forms.key(form, "archivo"),
        max_upload_size=_MOST_MEGABYTES,
    )  # fmt: skip
    if not (theirs.strip() and file):
        st.caption(_("Para firmar escriba quién firma por el cliente y dibuje o suba la firma."))
    if st.button(
        _("Firmar la minuta"), key=forms.key(form, "firmar"), type="primary", width="stretch",
        icon=":material/draw:", disabled=not (theirs.strip() and file),
    ):  # fmt: skip
        forms.submit(
            lambda session: sign(
                session, actor, reconciliation_id=one.id, today=today(), their_signer=theirs, our_signer=ours or "",
                their_position=position, notes=notes, language=language,
                signature=(file.name, file.getvalue()) if file else None,
            ).number,
            form=form, lead=_("La minuta no se firmó."), done=_("Minuta firmada; sus acuerdos ya son tareas."),
        )  # fmt: skip


def _kept(actor: Actor, one: Card) -> None:
    with guard.reading() as session:
        rows = listed(session, actor, "reconciliation", one.id)
    st.markdown(f"#### {_('Archivos')}")
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/attach_file: {plain(row.name)}", width="stretch")
            st.caption(plain(f"{people.known_as(row.user_name)} · {shown(local(row.at))}"))
            paper_button.show(
                _("Descargar"), lambda who, row=row: _content(who, row.id),  # type: ignore[misc]  # bound now
                row.name, key=f"reconciliation_file_{row.id}", mime=row.media_type, icon="download",
            )  # fmt: skip


def _content(actor: Actor, attachment_id: int) -> bytes:
    with reading() as session:
        return content_of(session, actor, attachment_id).content
