"""The nightly run on screen: starting it now, when it ran and runs again, what each step did."""

from types import SimpleNamespace
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import local, now, today
from core.errors import DomainError
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day
from core.jobs import nightly
from core.jobs.nightly_log import CUT, DONE, FAILED, GOING, RunRow, Schedule, StepRow, runs
from pages.ui import columns, downloads, forms, guard
from pages.ui.text import plain

STATES = {DONE: N_("Terminó"), GOING: N_("En curso"), FAILED: N_("Con fallas"), CUT: N_("Interrumpido")}
_COLOURS = {DONE: "green", GOING: "blue", FAILED: "red", CUT: "orange"}
MOST = 1_000


def start(actor: Actor, *, ready: bool) -> None:
    """The button, and how far it is while it works; every step is kept by itself, so it may be left at any time."""
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.button(_("Ejecutar ahora"), icon=":material/play_arrow:", type="primary", key="ejecutar")
        st.space("stretch")
        downloads.buttons(sheet, _("proceso_nocturno"), key="corridas", disabled=not ready)
    if not asked:
        return
    with st.status(_("Trabajando…"), expanded=True) as status:
        try:
            outcomes = nightly.run(actor, as_of=today(), telling=lambda step: status.write(f"{_(step.label)}…"))
        except DomainError as error:
            status.update(label=_("No se ejecutó"), state="error")
            st.error(plain(error.sentence()), icon=":material/error:")
            return
    if nightly.failures(outcomes):
        forms.flash(_("El proceso terminó con fallas; abajo está lo que faltó."))
    else:
        forms.flash(_("El proceso terminó; abajo está lo que hizo."))
    st.rerun()


def expected(found: Schedule) -> None:
    """When the server started it last, and when it is to come again."""
    if found.last is None or found.next is None:
        st.warning(
            _("El servidor todavía no lo ejecuta solo. Programe cada noche: `python -m core nightly`."),
            icon=":material/schedule:",
        )
        return
    told = _("Última vez del servidor: {last}. Siguiente: {next}.").format(
        last=f"{local(found.last):%d/%m/%Y %H:%M}", next=f"{local(found.next):%d/%m/%Y %H:%M}"
    )
    if found.late:
        st.warning(
            f"{plain(told)} {_('No ha corrido a tiempo: revise la tarea programada del servidor.')}",
            icon=":material/alarm:",
        )
    else:
        st.caption(plain(told))


def grid(found: list[RunRow]) -> RunRow | None:
    """The runs as a table; the one that is chosen."""
    rows = [
        SimpleNamespace(
            started_at=one.started_at, as_of=one.as_of, state=_(STATES[one.state]), user_name=one.user_name,
            steps=one.steps, seconds=_took(one),
        )
        for one in found
    ]  # fmt: skip
    shown = {
        "started_at": columns.moment(_("Empezó"), width=136), "as_of": columns.date(_("Día"), width=92),
        "state": columns.chips(_("Estado"), {_(STATES[one]): colour for one, colour in _COLOURS.items()}, width=108),
        "user_name": columns.text(_("Usuario"), width=96), "steps": columns.number(_("Pasos"), width=64),
        "seconds": columns.text(_("Tardó"), width=72),
    }  # fmt: skip
    selection = columns.grid(
        rows, shown, key="corridas", on_select="rerun", selection_mode="single-row-required",
        phone={"started_at": 132, "state": 108}, alt=_("Ejecuciones del proceso nocturno, la más reciente primero"),
    )  # fmt: skip
    return columns.chosen(selection, found) or found[0]


def steps(found: list[StepRow]) -> None:
    """What each step of a run did, or why it could not."""
    for one in found:
        with st.container(gap="xxsmall"):
            mark = ":red[:material/error:]" if one.error else ":green[:material/check_circle:]"
            took = f"{local(one.started_at):%H:%M:%S} – {local(one.finished_at):%H:%M:%S}"
            st.markdown(f"{mark} **{plain(one.step)}** :gray[:small[{took}]]")
            if one.error:
                st.error(plain(one.error))
            else:
                st.markdown(plain(one.done))


def sheet(actor: Actor) -> Sheet:
    """Every run that the screen can show, as a file."""
    with guard.reading() as session:
        found = runs(session, actor, now=now(), limit=MOST)
    columns_ = [
        Column("started_at", N_("Empezó"), Kind.DATETIME), Column("finished_at", N_("Terminó"), Kind.DATETIME),
        Column("as_of", N_("Día"), Kind.DATE), Column("user", N_("Usuario")), Column("state", N_("Estado")),
        Column("steps", N_("Pasos"), Kind.INTEGER), Column("failed", N_("Fallaron"), Kind.INTEGER),
    ]  # fmt: skip
    rows = (
        (one.started_at, one.finished_at, one.as_of, one.user_name, _(STATES[one.state]), one.steps, one.failed)
        for one in found
    )
    return Sheet(
        title=_("Proceso nocturno"), columns=columns_, rows=rows, notes=[_("Al {day}").format(day=day(today()))]
    )


def _took(one: RunRow) -> str | Any:
    if one.finished_at is None:
        return "—"
    return _("{n} s").format(n=max(1, round((one.finished_at - one.started_at).total_seconds())))
