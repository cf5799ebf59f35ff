"""An empty workbook for each kind: the headings on the first sheet, what goes under them on the second."""

from __future__ import annotations

from typing import Any

from core.files import excel
from core.files.table import Column, Sheet
from core.i18n import _, language
from core.importers.base import Kind
from core.importers.fields import Field


def template(kind: Kind[Any]) -> bytes:
    """The workbook. Its headings are recognised when it comes back filled in; required ones bear an asterisk."""
    headings = [Column(one.name, heading(one), width=max(14, len(heading(one)) + 2)) for one in kind.fields]
    explained = [
        Column("heading", _("Columna")), Column("required", _("Obligatoria"), width=12),
        Column("told", _("Qué se escribe"), width=70), Column("example", _("Ejemplo"), width=28),
        Column("also", _("También se reconoce como"), width=70),
    ]  # fmt: skip
    rows = [
        (heading(one), _("Sí") if one.required else _("No"), _(one.told), one.example,
         ", ".join([one.name, *one.also[:8]]))
        for one in kind.fields
    ]  # fmt: skip
    return excel.workbook(
        Sheet(title=_(kind.title), columns=headings, rows=(), heading=False),
        Sheet(title=_("Cómo llenarla"), columns=explained, rows=rows, heading=False),
    )


def heading(one: Field) -> str:
    """The heading of a field: in Spanish its word there, else the canonical name; `*` when it is required."""
    name = one.label if language() == "es" else one.name
    return f"{name} *" if one.required else name
