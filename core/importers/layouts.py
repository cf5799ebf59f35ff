"""Named layouts: the ready ones and those that users save."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_, _
from core.importers import specs
from core.importers.base import Layout
from core.importers.kinds import fields_by_kind
from core.importers.models import Layout as Saved
from core.importers.ready_layouts import READY, TITLES
from core.importers.specs import LayoutOfAnotherKind, NotJson, Spec


class LayoutNotFound(DomainError):
    message = N_("No hay un formato «{name}». Los hay: {names}.")


class ReadyLayout(DomainError):
    message = N_("«{name}» viene con el sistema y no se reemplaza. Guarde el suyo con otro nombre.")


class LayoutNameNotValid(DomainError):
    message = N_("«{name}» no sirve como nombre de formato: de 1 a 60 caracteres, en una línea.")


class Listed(NamedTuple):
    """A layout in a list."""

    name: str
    kind: str
    ready: bool


def listed(session: Session, kind: str | None = None) -> list[Listed]:
    """All layouts, or those of one kind: the ready ones first, then by name."""
    saved = session.execute(select(col(Saved.name), col(Saved.kind)).order_by(col(Saved.name)))
    every = [Listed(name, str(said["kind"]), True) for name, said in READY.items()]
    every += [Listed(name, of, False) for name, of in saved]
    return [one for one in every if kind in (None, one.kind)]


def title(name: str) -> str:
    """What people call a layout."""
    return _(TITLES[name]) if name in TITLES else name


def layout(session: Session, name: str, kind: str | None = None) -> Layout:
    """A layout by its name. Raises LayoutNotFound, or LayoutOfAnotherKind when it is not of `kind`."""
    said: object = READY.get(name)
    if said is None:
        found = session.get(Saved, name)
        if found is None:
            raise LayoutNotFound(name=name, names=", ".join(one.name for one in listed(session)))
        said = found.spec
    spec = specs.parse(name, said, fields_by_kind())
    if kind is not None and spec.kind != kind:
        raise LayoutOfAnotherKind(name=name, kind=spec.kind, asked=kind)
    return Layout(name, spec)


def from_json(name: str, data: bytes) -> Spec:
    """The layout that a JSON file says. Raises NotJson or BadLayout."""
    try:
        said = json.loads(data.decode("utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError) as error:
        raise NotJson(name=name, reason=str(error)) from error
    return specs.parse(name, said, fields_by_kind())


def save(session: Session, actor: Actor, *, name: str, spec: Spec) -> None:
    """Keeps a layout; one of the same name is replaced, unless it is a ready one."""
    actor.require(Permission.SAVE_LAYOUT)
    name = name.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise LayoutNameNotValid(name=name[:60])
    if name in READY:
        raise ReadyLayout(name=name)
    db.take(session, "layouts")
    kept = session.get(Saved, name)
    before = None if kept is None else kept.spec
    if kept is None:
        session.add(Saved(name=name, kind=spec.kind, spec=spec.as_json()))
    else:
        kept.kind, kept.spec = spec.kind, spec.as_json()
    record(session, actor, "layout.saved", entity="layout", entity_id=name, before=before, after=spec.as_json())
    session.flush()
