"""The list of users as a table, a file and a card."""

from datetime import datetime
from typing import Any, NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.auth.queries import UserRow, users
from core.clock import local
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _
from core.i18n import shown as written
from pages.ui import columns
from pages.ui.roles import ROLES
from pages.ui.text import plain

#: Which users are listed, as it stands in the address.
SHOWN = {"activos": N_("Activos"), "todos": N_("Todos")}


class Line(NamedTuple):
    """A user in words."""

    name: str
    full_name: str
    role: str
    region: str | None
    sales_rep: str | None
    state: str
    seen_at: datetime | None


def _state(user: UserRow) -> str:
    if not user.active:
        return _("Desactivado")
    return _("Por estrenar contraseña") if user.must_change else _("Activo")


def shown(people: list[UserRow]) -> list[Line]:
    """Users in words."""
    return [
        Line(
            one.name, one.full_name, _(ROLES[one.role]), one.region, one.sales_rep, _state(one),
            one.seen_at and local(one.seen_at),
        )
        for one in people
    ]  # fmt: skip


def columns_shown() -> dict[str, Any]:
    """How each column looks."""
    colours = {_("Activo"): "green", _("Por estrenar contraseña"): "orange", _("Desactivado"): "gray"}
    return {
        "name": columns.text(_("Usuario")),
        "full_name": columns.text(_("Nombre")),
        "role": columns.text(_("Función")),
        "region": columns.text(_("Región")),
        "state": columns.chips(_("Estado"), colours),
        "seen_at": columns.moment(_("Último acceso")),
    }


def sheet(actor: Actor) -> Sheet:
    """The list as a file."""
    with reading() as session:
        people = shown(users(session, actor))
    titles = (_("Usuario"), _("Nombre"), _("Función"), _("Región"), _("Asesor"), _("Estado"), _("Último acceso"))
    kinds = (*(Kind.TEXT,) * 6, Kind.DATETIME)
    return Sheet(
        title=_("Usuarios"),
        columns=[Column(key, title, kind) for key, title, kind in zip(Line._fields, titles, kinds, strict=True)],
        rows=people,
    )


def card(user: UserRow) -> None:
    """Who the chosen one is."""
    st.markdown(f"### {plain(user.full_name or user.name)}")
    parts = [user.name, _(ROLES[user.role]), user.region, user.sales_rep, _state(user)]
    st.caption(" · ".join(plain(part) for part in parts if part))
    if user.password_until is not None:
        until = written(local(user.password_until))
        st.caption(_("Su contraseña de un solo uso vale hasta el {until}.").format(until=until))
