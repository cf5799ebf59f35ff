"""Filling a template: only known fields, no calls, no reaching into objects, loops over known lists alone.

The rules are checked on the syntax tree of every text that is filled, so nothing else is ever run; the sandbox is the
second wall.
"""

import difflib
import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # it ships no types
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from core.errors import DomainError
from core.files import docx_pdf
from core.files.docx_blocks import NotDrawable
from core.files.docx_words import told as not_drawable
from core.i18n import N_, _
from core.letters.fields import LISTS, SINGLE
from core.outbox.addresses import one_line

_LOOP = ("index", "first", "last", "length")
_FILTERS = ("upper", "lower")
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Compare, nodes.Operand, nodes.Not, nodes.And,
    nodes.Or, nodes.Const, nodes.CondExpr,
)  # fmt: skip


class TemplateNotUsable(DomainError):
    """A template that cannot be used: every reason, a sentence each."""

    message = N_("La plantilla no se puede usar.")

    def __init__(self, reasons: list[str]) -> None:
        super().__init__()
        self.reasons = reasons

    def lines(self) -> list[str]:
        return list(dict.fromkeys(self.reasons))

    def sentence(self) -> str:
        return "\n".join(self.lines())


class _Strict(SandboxedEnvironment):
    """An environment that refuses, when it reads a text, all that a letter does not need."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined)
        self.globals.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        reasons = [*_wrong(tree, {}, loops=0)]
        if reasons:
            raise TemplateNotUsable(reasons)
        return tree


def _wrong(node: nodes.Node, known: Mapping[str, str], *, loops: int) -> Any:
    """Why a piece of a template is refused; `known`: the variables of the loops around it, and their lists."""
    if isinstance(node, nodes.For):
        yield from _wrong_loop(node, known, loops)
        return
    if isinstance(node, nodes.Name):
        if node.name not in SINGLE and node.name not in LISTS and node.name not in known:
            yield _unknown(node.name, [*SINGLE, *LISTS, *known])
        elif node.name in LISTS or LISTS.get(known.get(node.name, "")):
            yield _whole(node.name)
        return
    if isinstance(node, nodes.Getattr):
        yield from _wrong_attribute(node, known)
        return
    if isinstance(node, nodes.If) and isinstance(node.test, nodes.Name) and node.test.name in LISTS:
        children: Any = [*node.body, *node.elif_, *node.else_]
    elif isinstance(node, nodes.Filter) and node.name in _FILTERS and not node.args and not node.kwargs:
        children = [node.node]
    elif isinstance(node, _PLAIN):
        children = node.iter_child_nodes()
    else:
        yield _("No se permite esto en una plantilla: {what}.").format(what=_SAID.get(type(node), type(node).__name__))
        return
    for child in children:
        yield from _wrong(child, known, loops=loops)


def _wrong_loop(node: nodes.For, known: Mapping[str, str], loops: int) -> Any:
    listed = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    if listed not in LISTS:
        yield _("Solo se puede repetir sobre estas listas: {lists}.").format(lists=", ".join(LISTS))
        return
    if loops or node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
        yield _("Una repetición no puede ir dentro de otra ni llevar condiciones.")
        return
    inside = {**known, node.target.name: listed, "loop": ""}
    for child in [*node.body, *node.else_]:
        yield from _wrong(child, inside, loops=loops + 1)


def _wrong_attribute(node: nodes.Getattr, known: Mapping[str, str]) -> Any:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    if owner not in known:
        yield _unknown(f"{owner}.{node.attr}", [*SINGLE, *LISTS])
        return
    allowed = _LOOP if owner == "loop" else tuple(LISTS[known[owner]])
    if node.attr not in allowed:
        yield _unknown(f"{owner}.{node.attr}", [f"{owner}.{one}" for one in allowed])


def _unknown(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return _("El campo «{name}» no existe. ¿Quiso decir «{near}»?").format(name=name, near=near[0])
    return _("El campo «{name}» no existe. Use solo los de la lista.").format(name=name)


def _whole(name: str) -> str:
    return _("«{name}» es una lista: repítala con un «for» y use los campos de cada renglón.").format(name=name)


_SAID: dict[type, str] = {
    nodes.Call: N_("llamar funciones"), nodes.Getitem: N_("corchetes"), nodes.Assign: N_("«set»"),
    nodes.Macro: N_("«macro»"), nodes.Include: N_("«include»"), nodes.Import: N_("«import»"), nodes.Mul: N_("«*»"),
    nodes.Add: N_("«+»"), nodes.Filter: N_("ese filtro"), nodes.Test: N_("«is»"), nodes.Pow: N_("«**»"),
}  # fmt: skip


def fill(content: bytes, values: Mapping[str, Any]) -> bytes:
    """The Word file with its fields filled in; names with `&`, `<` or `{` are text. Raises TemplateNotUsable."""
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render(dict(values), _Strict(), autoescape=True)
    except TemplateError as error:
        raise TemplateNotUsable([_syntax(error)]) from error
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def fill_text(text: str, values: Mapping[str, Any]) -> str:
    """A text with its fields filled in, as plain text. Raises TemplateNotUsable."""
    try:
        return _Strict().from_string(text).render(dict(values))
    except TemplateError as error:
        raise TemplateNotUsable([_syntax(error)]) from error


def _syntax(error: TemplateError) -> str:
    line = getattr(error, "docx_context", None)
    near = " ".join(" ".join(line).split())[:80] if line is not None else ""
    what = one_line(error.message or "") if isinstance(error, TemplateSyntaxError) else type(error).__name__
    if near:
        return _("Una marca está mal escrita cerca de «{near}» ({what}). Revise sus llaves.").format(
            near=near, what=what
        )
    return _("Una marca está mal escrita ({what}). Revise sus llaves: {{{{ campo }}}}.").format(what=what)


def letter_pdf(content: bytes, values: Mapping[str, Any], *, title: str) -> bytes:
    """The letter in PDF. Raises TemplateNotUsable with everything that cannot be drawn."""
    try:
        return docx_pdf.render(fill(content, values), title=title)
    except NotDrawable as error:
        raise TemplateNotUsable([not_drawable(reason) for reason in error.reasons]) from error
