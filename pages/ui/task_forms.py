"""Giving somebody a task, and ending one with its result and evidence."""

from datetime import timedelta

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.i18n import _
from core.tasks.doing import assign_task, finish_task, pass_task
from core.tasks.queries import people
from pages.ui import customer_picker, forms, guard
from pages.ui.text import plain

NEW, DONE, PASS = "tarea_nueva", "tarea_hecha", "tarea_pasada"
_MOST_MEGABYTES = 10


def new() -> None:
    """Opens the form of a new task beside the list."""
    guard.dialog(_("Nueva tarea"), position="right", width="medium")(_new)()


def finish(task_id: int, title: str) -> None:
    """Opens the form that ends a task."""
    guard.dialog(_("Terminar tarea"), position="right", width="medium")(_finish)(task_id, title)


def pass_on(task_id: int, title: str) -> None:
    """Opens the form that gives a task to somebody else."""
    guard.dialog(_("Pasar la tarea"))(_pass)(task_id, title)


def _pass(task_id: int, title: str) -> None:
    actor: Actor = guard.here().actor
    form = f"{PASS}_{task_id}"
    with guard.reading() as session:
        known = people(session, actor)
    st.markdown(f"**{plain(title)}**")
    person = st.selectbox(_("Quién"), list(known), format_func=known.__getitem__, key=forms.key(form, "quien"))
    if st.button(_("Pasar la tarea"), key=forms.key(form, "guardar"), type="primary", width="stretch"):
        forms.submit(
            lambda opened: pass_task(opened, actor, task_id=task_id, assigned_to=person).id, form=form,
            done=_("Tarea pasada."),
        )  # fmt: skip


def _new() -> None:
    actor: Actor = guard.here().actor
    with guard.reading() as session:
        known = people(session, actor)
    title = st.text_input(_("Qué hay que hacer"), key=forms.key(NEW, "titulo"), max_chars=250) or ""
    person = actor.name
    if len(known) > 1:
        person = st.selectbox(
            _("Quién"), list(known), format_func=known.__getitem__, key=forms.key(NEW, "quien")
        )  # fmt: skip
    due_on = st.date_input(
        _("Para cuándo"), today() + timedelta(days=1), min_value=today(), format="DD/MM/YYYY",
        key=forms.key(NEW, "para"),
    )  # fmt: skip
    customer = customer_picker.picked(actor, key="cliente_tarea", form=NEW)
    notes = st.text_area(_("Notas"), key=forms.key(NEW, "notas"), max_chars=1000, placeholder=_("Opcional")) or ""
    if st.button(
        _("Encargar tarea") if person != actor.name else _("Guardar tarea"), key=forms.key(NEW, "guardar"),
        type="primary", width="stretch", icon=":material/add_task:", disabled=not title.strip(),
    ):  # fmt: skip
        customer_picker.forget(key="cliente_tarea")
        forms.submit(
            lambda opened: assign_task(
                opened, actor, assigned_to=person, title=title, on=today(), due_on=due_on,
                customer_id=customer.id if customer else None, notes=notes,
            ).id,
            form=NEW, done=_("Tarea guardada."),
        )  # fmt: skip


def _finish(task_id: int, title: str) -> None:
    actor: Actor = guard.here().actor
    form = f"{DONE}_{task_id}"
    st.markdown(f"**{plain(title)}**")
    result = st.text_area(_("Resultado"), key=forms.key(form, "resultado"), max_chars=1000) or ""
    file = st.file_uploader(
        _("Evidencia"), key=forms.key(form, "evidencia"), max_upload_size=_MOST_MEGABYTES,
        help=_("PDF, imagen, XML, Excel, Word o texto de hasta 10 MB"),
    )  # fmt: skip
    if st.button(
        _("Terminar tarea"), key=forms.key(form, "guardar"), type="primary", width="stretch", icon=":material/check:"
    ):
        forms.submit(
            lambda opened: finish_task(
                opened, actor, task_id=task_id, on=today(), result=result,
                evidence=(file.name, file.getvalue()) if file else None,
            ).id,
            form=form, done=_("Tarea terminada."),
        )  # fmt: skip
