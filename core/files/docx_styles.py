"""How text looks in a Word file once its styles are followed: defaults, style of the paragraph, of the run, direct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from docx.oxml.ns import qn

_OFF = ("0", "false", "off", "none")
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_LINES = {"top", "bottom", "left", "right", "insideH", "insideV"}
_ALIGN = {"center": "CENTER", "right": "RIGHT", "end": "RIGHT", "both": "JUSTIFY", "distribute": "JUSTIFY"}


@dataclass(frozen=True)
class Look:
    """How a run looks; size in points, colours as `#RRGGBB`."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    capitals: bool = False
    hidden: bool = False
    size: float = 10.0
    colour: str | None = None
    back: str | None = None
    raised: str = ""  # superscript, subscript


@dataclass(frozen=True)
class Shape:
    """How a paragraph stands; lengths in points. `line`: times the usual height, or `exact` points."""

    align: str = "LEFT"
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0
    exact: float | None = None
    new_page: bool = False
    keep_next: bool = False
    contextual: bool = False
    back: str | None = None
    above: tuple[float, str] | None = None  # a line above, below
    below: tuple[float, str] | None = None
    odd_borders: bool = False
    style: str = ""

    def indented(self, left: float | None, first: float | None) -> Shape:
        """With the indents of a list, where the paragraph has none of its own."""
        if self.left or self.first:
            return self
        return replace(self, left=left or 0.0, first=first or 0.0)


class Styles:
    """The styles of a document, each followed to its roots."""

    def __init__(self, element: Any) -> None:
        self._by_id = {one.get(qn("w:styleId")): one for one in element.iterfind(qn("w:style"))}
        self._element = element
        self._known: dict[str, tuple[Shape, Look]] = {}

    @cached_property
    def _default(self) -> str:
        for name, style in self._by_id.items():
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true"):
                return str(name)
        return ""

    def name(self, style: str) -> str:
        """What Word calls a style."""
        found = self._by_id.get(style)
        named = found.find(qn("w:name")) if found is not None else None
        return str(named.get(qn("w:val"))) if named is not None else style

    def chain(self, style: str) -> list[Any]:
        """A style's elements from its root to itself; one that is based on itself ends there."""
        found: list[Any] = []
        while style in self._by_id and self._by_id[style] not in found:
            found.append(self._by_id[style])
            based = self._by_id[style].find(qn("w:basedOn"))
            style = based.get(qn("w:val"), "") if based is not None else ""
        return found[::-1]

    def _of_style(self, style: str) -> tuple[Shape, Look]:
        if style not in self._known:
            shape, look = Shape(style=style), Look()
            defaults = self._element.find(qn("w:docDefaults"))
            if defaults is not None:
                shape = _shaped(shape, defaults.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}"))
                look = _looking(look, defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}"))
            for one in self.chain(style):
                shape = _shaped(shape, one.find(qn("w:pPr")))
                look = _looking(look, one.find(qn("w:rPr")))
            self._known[style] = shape, look
        return self._known[style]

    def style_of(self, paragraph: Any) -> str:
        """The id of a paragraph's style."""
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return str(named.get(qn("w:val"))) if named is not None else self._default

    def paragraph(self, paragraph: Any) -> tuple[Shape, Look]:
        """How a paragraph stands, and how its text looks if its runs say nothing else."""
        shape, look = self._of_style(self.style_of(paragraph))
        return _shaped(shape, paragraph.find(qn("w:pPr"))), look

    def run(self, run: Any, look: Look) -> Look:
        """How a run looks in a paragraph of that look."""
        direct = run.find(qn("w:rPr"))
        if direct is None:
            return look
        named = direct.find(qn("w:rStyle"))
        for one in self.chain(named.get(qn("w:val"), "")) if named is not None else ():
            look = _looking(look, one.find(qn("w:rPr")))
        return _looking(look, direct)

    # ------------------------------------------------------------------ tables
    def has_bands(self, style: str) -> bool:
        """Whether a table's style paints some rows or columns differently."""
        painted = (qn("w:shd"), qn("w:tcBorders"), qn("w:b"), qn("w:color"))
        return any(
            any(next(part.iter(tag), None) is not None for tag in painted)
            for one in self.chain(style)
            for part in one.iterfind(qn("w:tblStylePr"))
        )

    def _properties(self, style: str, direct: Any) -> Iterator[Any]:
        for one in [*(one.find(qn("w:tblPr")) for one in self.chain(style)), direct]:
            if one is not None:
                yield one

    def table_borders(self, style: str, direct: Any) -> dict[str, tuple[float, str] | None]:
        """The lines of a table."""
        found: dict[str, tuple[float, str] | None] = {}
        for one in self._properties(style, direct):
            found |= self.borders(one.find(qn("w:tblBorders")))
        return found

    def borders(self, element: Any) -> dict[str, tuple[float, str] | None]:
        """Lines by side: width and colour; None where there is to be none."""
        found: dict[str, tuple[float, str] | None] = {}
        for one in element if element is not None else ():
            side = one.tag.rpartition("}")[2]
            side = {"start": "left", "end": "right"}.get(side, side)
            if side in _LINES:
                found[side] = line_of(one)
        return found

    def padding(self, style: str, direct: Any) -> tuple[float, float, float, float]:
        """Room inside the cells: left, right, above, below."""
        found = {"left": 5.4, "right": 5.4, "top": 0.0, "bottom": 0.0}
        for one in self._properties(style, direct):
            margins = one.find(qn("w:tblCellMar"))
            for side in margins if margins is not None else ():
                name = side.tag.rpartition("}")[2]
                found[{"start": "left", "end": "right"}.get(name, name)] = points(side.get(qn("w:w")))
        return found["left"], found["right"], found["top"], found["bottom"]


def line_of(element: Any) -> tuple[float, str] | None:
    """Width and colour of a border; None when it is none."""
    if element.get(qn("w:val"), "nil") in ("nil", "none"):
        return None
    width = max(0.25, float(element.get(qn("w:sz"), 4)) / 8)
    return width, hex_colour(element.get(qn("w:color"))) or "#000000"


def hex_colour(value: str | None) -> str | None:
    """`#RRGGBB`; None for `auto` and what is no colour."""
    return f"#{value}" if value and _HEX.fullmatch(value) else None


def points(twips: str | None) -> float:
    """Twentieths of a point as points; 0 for what is no number."""
    try:
        return float(twips or 0) / 20
    except ValueError:
        return 0.0


def _on(parent: Any, name: str, before: bool) -> bool:
    found = parent.find(qn(name))
    return before if found is None else found.get(qn("w:val"), "1") not in _OFF


def _looking(look: Look, properties: Any) -> Look:
    if properties is None:
        return look
    p = properties
    changes: dict[str, Any] = {
        "bold": _on(p, "w:b", look.bold), "italic": _on(p, "w:i", look.italic),
        "underline": _on(p, "w:u", look.underline), "hidden": _on(p, "w:vanish", look.hidden),
        "strike": _on(p, "w:strike", look.strike) or _on(p, "w:dstrike", False),
        "capitals": _on(p, "w:caps", look.capitals) or _on(p, "w:smallCaps", False),
    }  # fmt: skip
    if (size := p.find(qn("w:sz"))) is not None:
        changes["size"] = max(1.0, min(200.0, float(size.get(qn("w:val"), 20)) / 2))
    if (colour := p.find(qn("w:color"))) is not None:
        changes["colour"] = hex_colour(colour.get(qn("w:val")))
    if (raised := p.find(qn("w:vertAlign"))) is not None:
        changes["raised"] = {"superscript": "super", "subscript": "sub"}.get(raised.get(qn("w:val")), "")
    if (shade := p.find(qn("w:shd"))) is not None:
        changes["back"] = hex_colour(shade.get(qn("w:fill")))
    if (marker := p.find(qn("w:highlight"))) is not None:
        changes["back"] = _MARKERS.get(marker.get(qn("w:val")))
    return replace(look, **changes)


_MARKERS = {
    "yellow": "#FFFF00", "green": "#00FF00", "cyan": "#00FFFF", "magenta": "#FF00FF", "blue": "#0000FF",
    "red": "#FF0000", "darkBlue": "#000080", "darkCyan": "#008080", "darkGreen": "#008000", "darkMagenta": "#800080",
    "darkRed": "#800000", "darkYellow": "#808000", "darkGray": "#808080", "lightGray": "#C0C0C0", "black": "#000000",
}  # fmt: skip


def _shaped(shape: Shape, properties: Any) -> Shape:
    if properties is None:
        return shape
    p, changes = properties, dict[str, Any]()
    if (align := p.find(qn("w:jc"))) is not None:
        changes["align"] = _ALIGN.get(align.get(qn("w:val")), "LEFT")
    if (indent := p.find(qn("w:ind"))) is not None:
        changes |= indents(indent)
    if (spacing := p.find(qn("w:spacing"))) is not None:
        changes |= _spacing(spacing)
    if (shade := p.find(qn("w:shd"))) is not None:
        changes["back"] = hex_colour(shade.get(qn("w:fill")))
    if (borders := p.find(qn("w:pBdr"))) is not None:
        sides = {one.tag.rpartition("}")[2]: line_of(one) for one in borders}
        changes |= {"above": sides.get("top"), "below": sides.get("bottom")}
        changes["odd_borders"] = any(sides.get(side) for side in ("left", "right", "between", "bar"))
    changes["new_page"] = _on(p, "w:pageBreakBefore", shape.new_page)
    changes["keep_next"] = _on(p, "w:keepNext", shape.keep_next)
    changes["contextual"] = _on(p, "w:contextualSpacing", shape.contextual)
    return replace(shape, **changes)


def indents(indent: Any) -> dict[str, float]:
    """Left, right and first line of a `w:ind`, in points; only what it says."""
    found = {}
    for name, sides in (("left", ("left", "start")), ("right", ("right", "end"))):
        for side in sides:
            if indent.get(qn(f"w:{side}")) is not None:
                found[name] = points(indent.get(qn(f"w:{side}")))
    if indent.get(qn("w:hanging")) is not None:
        found["first"] = -points(indent.get(qn("w:hanging")))
    elif indent.get(qn("w:firstLine")) is not None:
        found["first"] = points(indent.get(qn("w:firstLine")))
    return found


def _spacing(spacing: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("before", "after"):
        if spacing.get(qn(f"w:{name}")) is not None:
            found[name] = points(spacing.get(qn(f"w:{name}")))
    line = spacing.get(qn("w:line"))
    if line is not None:
        if spacing.get(qn("w:lineRule"), "auto") == "auto":
            found |= {"line": max(0.5, min(5.0, float(line) / 240)), "exact": None}
        else:
            found["exact"] = max(1.0, points(line))
    return found
