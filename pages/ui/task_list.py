"""The list of tasks: whose, how they stand, a card each with the one tap that ends it; their file."""

from datetime import timedelta
from typing import Any, Literal

import streamlit as st

from core.attachments.keeping import listed as attachments_of
from core.auth.actor import Actor, Permission
from core.clock import today
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, day, plural
from core.tasks.doing import finish_task
from core.tasks.queries import Standing, TaskCounts, TaskRow, Whose, how_many, people, task_counts, tasks
from core.tasks.words import kind_label
from pages.ui import address, columns, empty, forms, frame, guard, menu, task_forms
from pages.ui.text import plain

PAGE = 8
_WHOSE = {Whose.MINE: N_("Mías"), Whose.GIVEN: N_("Las que encargué"), Whose.TEAM: N_("De mi equipo")}
_STANDING = {Standing.WAITING: N_("Pendientes"), Standing.LATE: N_("Atrasadas"), Standing.DONE: N_("Hechas")}
#: Done ones are counted for so many days.
_LATELY = 7


def filters(actor: Actor) -> dict[str, Any]:
    """Whose tasks, how they stand, and of whom; all in the address."""
    offered = [one for one in Whose if one is Whose.MINE or actor.may(Permission.SUPERVISE)]
    chosen: dict[str, Any] = {"whose": Whose.MINE}
    if len(offered) > 1:
        address.understood("tareas", offered, lambda one: _(_WHOSE[one]))
        chosen["whose"] = st.segmented_control(
            _("Tareas"), offered, default=Whose.MINE, format_func=lambda one: _(_WHOSE[one]), required=True,
            key="tareas", bind="query-params",
        )  # fmt: skip
    address.understood("ver", list(Standing), lambda one: _(_STANDING[one]))
    chosen["standing"] = st.segmented_control(
        _("Ver"), list(Standing), default=Standing.WAITING, format_func=lambda one: _(_STANDING[one]), required=True,
        key="ver", bind="query-params",
    )  # fmt: skip
    if chosen["whose"] is not Whose.MINE:
        with guard.reading() as session:
            known = people(session, actor)
        chosen["person"] = st.selectbox(
            _("Quién la tiene"), list(known), index=None, format_func=lambda one: known.get(one, one),
            placeholder=_("Todos"), key="quien", bind="query-params", width=150,
        )  # fmt: skip
    return chosen


def cards(actor: Actor, whose: Whose, person: str | None) -> None:
    """How many wait, are late, are due today, were done lately."""
    with guard.reading() as session:
        found = task_counts(
            session, actor, as_of=today(), since=today() - timedelta(days=_LATELY - 1), whose=whose, person=person
        )
    with st.grid(4, min_column_width=158):
        for label, number, about in _figures(found):
            with frame.card(f"kpi-{label}", gap="xxsmall", height="stretch"):
                st.metric(label, f"{number:,}")
                st.caption(about)


def _figures(found: TaskCounts) -> list[tuple[str, int, str]]:
    return [
        (_("Por hacer"), found.waiting, _("sin terminar")), (_("Atrasadas"), found.late, _("pasó su fecha")),
        (_("Vencen hoy"), found.due_today, _("las de hoy")),
        (_("Terminadas"), found.done_lately, _("en los últimos siete días")),
    ]  # fmt: skip


def show(actor: Actor, chosen: dict[str, Any]) -> None:
    """One page of tasks."""
    with guard.reading() as session:
        counted = how_many(session, actor, as_of=today(), **chosen)
    if not counted:
        text = _("Aquí aparecen las que le encarguen, las que usted se ponga y las que el sistema levante solo.")
        empty.state(_("No hay tareas"), text, icon="task_alt")
        return
    place = st.container()
    first = columns.pages(counted, PAGE, key="pagina")
    with guard.reading() as session:
        rows = tasks(session, actor, as_of=today(), **chosen, limit=PAGE, offset=first)
    with place:
        for at, one in enumerate(rows):
            _card(actor, one, next_=at == 0)


def _card(actor: Actor, one: TaskRow, *, next_: bool) -> None:
    with frame.card(f"task-{one.id}", horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{plain(one.title)}** {_badge(one)}")
            st.caption(_about(actor, one))
            for text in (one.notes, one.result):
                if text:
                    st.markdown(f":small[{plain(text)}]")
            if one.done_on is not None:
                _evidence(actor, one)
        if one.customer_code and menu.can_open(actor, "customer"):
            menu.link("customer", plain(one.customer), cliente=one.customer_code)
        if one.done_on is None and (one.assigned_to == actor.name or actor.may(Permission.SUPERVISE)):
            _actions(actor, one, next_=next_)


def _badge(one: TaskRow) -> str:
    if one.done_on is not None:
        return f":green-badge[:material/check: {plain(_('Hecha el {day}').format(day=day(one.done_on)))}]"
    if one.late_days:
        late = plural("{n} día de atraso", "{n} días de atraso", one.late_days)
        return f":red-badge[:material/schedule: {plain(late)}]"
    if one.due_on == today():
        return f":orange-badge[:material/today: {_('Vence hoy')}]"
    return f":blue-badge[{plain(_('Para el {day}').format(day=day(one.due_on)))}]"


def _about(actor: Actor, one: TaskRow) -> str:
    said = [kind_label(one.kind)]
    if one.assigned_to != actor.name:
        holder = one.assigned_to_name
        said.append(_("La tiene {name}").format(name=holder) if holder else _("Nadie la tiene"))
    if one.assigned_by not in (actor.name, "system", one.assigned_to_name):
        said.append(_("La encargó {name}").format(name=one.assigned_by))
    if one.late_days:
        said.append(_("era para el {day}").format(day=day(one.due_on)))
    return plain(" · ".join(said))


def _evidence(actor: Actor, one: TaskRow) -> None:
    with guard.reading() as session:
        files = attachments_of(session, actor, "task", one.id)
    if files:
        st.caption(":material/attach_file: " + plain(", ".join(file.name for file in files)))


def _actions(actor: Actor, one: TaskRow, *, next_: bool) -> None:
    kind: Literal["primary", "secondary"] = "primary" if next_ else "secondary"
    if st.button(_("Hecha"), key=f"task_done_{one.id}", type=kind, icon=":material/check:"):
        forms.submit(
            lambda opened: finish_task(opened, actor, task_id=one.id, on=today()).id, form=f"tarea_{one.id}",
            done=_("Tarea terminada."),
        )  # fmt: skip
    label = _("Con resultado")
    if st.button(label, key=f"task_result_{one.id}", icon=":material/edit_note:"):
        task_forms.finish(one.id, one.title)
    if actor.may(Permission.SUPERVISE) and one.assigned_to != actor.name and st.button(
        _("Pasar"), key=f"task_pass_{one.id}", icon=":material/forward:"
    ):  # fmt: skip
        task_forms.pass_on(one.id, one.title)


def sheet(actor: Actor, chosen: dict[str, Any]) -> Sheet:
    """All tasks of the filters as a file."""
    with reading() as session:
        rows = tasks(session, actor, as_of=today(), **chosen)
    titles: list[tuple[str, str, Kind]] = [
        ("title", _("Tarea"), Kind.TEXT), ("kind", _("De dónde viene"), Kind.TEXT),
        ("customer_code", _("Clave"), Kind.TEXT), ("customer", _("Cliente"), Kind.TEXT),
        ("assigned_to_name", _("La tiene"), Kind.TEXT), ("assigned_by", _("La encargó"), Kind.TEXT),
        ("raised_on", _("Desde"), Kind.DATE), ("due_on", _("Para el"), Kind.DATE),
        ("late_days", _("Días de atraso"), Kind.INTEGER), ("done_on", _("Terminada el"), Kind.DATE),
        ("done_by", _("Terminada por"), Kind.TEXT), ("result", _("Resultado"), Kind.TEXT),
    ]  # fmt: skip
    return Sheet(
        title=_("Tareas"), columns=[Column(*one) for one in titles],
        rows=[
            [kind_label(one.kind) if key == "kind" else getattr(one, key) for key, _title, _kind in titles]
            for one in rows
        ],
        notes=[_(_STANDING[chosen["standing"]])],
    )  # fmt: skip
