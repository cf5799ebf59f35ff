"""A Word file as blocks to be drawn. What cannot be drawn is named, never left out in silence."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from core.files.docx_blocks import Block, Cell, NotDrawable, PageBreak, Paper, Paragraph, Picture, Run, Table
from core.files.docx_numbering import Numbering
from core.files.docx_styles import Look, Styles, hex_colour

_TWIP = 1 / 20
_EMU = 1 / 12700
#: More than so many dots are no logo.
_MOST_DOTS = 25_000_000


def read(content: bytes) -> Paper:
    """The document as blocks. Raises NotDrawable with everything that cannot be drawn."""
    made = Document(io.BytesIO(content))
    reader = _Reader(made)
    section = reader.section()
    body = reader.blocks(made.element.body, made.part)
    above, below = reader.edge("header"), reader.edge("footer")
    first = made.sections[0].different_first_page_header_footer
    paper = Paper(
        *section, body, above, below, reader.edge("first_page_header") if first else None,
        reader.edge("first_page_footer") if first else None,
    )  # fmt: skip
    if reader.reasons:
        raise NotDrawable(list(dict.fromkeys(reader.reasons)))
    return paper


_NOTHING = {
    "w:proofErr", "w:bookmarkStart", "w:bookmarkEnd", "w:lastRenderedPageBreak", "w:softHyphen", "w:pPr", "w:rPr",
    "w:sectPr", "w:permStart", "w:permEnd", "w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:sdtPr", "w:sdtEndPr",
    "w:tblPrEx", "w:smartTagPr", "w:noProof",
}  # fmt: skip
_INSIDE = {"w:smartTag", "w:sdt", "w:sdtContent", "w:hyperlink"}
_REFUSED = {
    "w:ins": "changes", "w:del": "changes", "w:moveFrom": "changes", "w:moveTo": "changes",
    "w:commentRangeStart": "comments", "w:commentRangeEnd": "comments", "w:commentReference": "comments",
    "w:footnoteReference": "notes", "w:endnoteReference": "notes", "w:pict": "shape", "w:object": "object",
    "mc:AlternateContent": "shape", "m:oMath": "formula", "m:oMathPara": "formula", "w:sym": "symbol",
    "w:altChunk": "object", "w:ruby": "symbol", "w:ptab": "tab",
}  # fmt: skip
_FIELDS = {"PAGE": "page", "NUMPAGES": "pages"}
_ALIGN = {"center": "CENTER", "right": "RIGHT", "end": "RIGHT"}


class _Reader:
    """Walks the XML by what it knows; everything else is a reason to refuse."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.reasons: list[tuple[str, str]] = []
        self.styles = Styles(made.styles.element)
        self.numbering = Numbering(made)
        self.fields_allowed = False

    def refuse(self, key: str, about: str = "") -> None:
        self.reasons.append((key, about))

    def section(self) -> tuple[tuple[float, float], tuple[float, float, float, float], tuple[float, float]]:
        """Page size, margins, and where header and footer begin."""
        sections = self.made.sections
        if len(sections) > 1:
            self.refuse("sections")
        one = sections[0]
        columns = one._sectPr.find(qn("w:cols"))
        if columns is not None and int(columns.get(qn("w:num"), 1)) > 1:
            self.refuse("columns")
        if self.made.settings.odd_and_even_pages_header_footer:
            self.refuse("odd_even")

        def size(value: Any, usual: float) -> float:
            return float(value) * _EMU if value is not None else usual

        paper = (size(one.page_width, 612), size(one.page_height, 792))
        margins = (
            size(one.left_margin, 72), size(one.right_margin, 72), abs(size(one.top_margin, 72)),
            abs(size(one.bottom_margin, 72)),
        )  # fmt: skip
        if paper[0] - margins[0] - margins[1] < 150 or paper[1] - margins[2] - margins[3] < 150:
            self.refuse("margins")
        return paper, margins, (size(one.header_distance, 36), size(one.footer_distance, 36))

    def edge(self, name: str) -> list[Block]:
        """What stands above or below each page; nothing where the file has none."""
        part = getattr(self.made.sections[0], name)
        if part.is_linked_to_previous:
            return []
        self.fields_allowed = True
        try:
            return self.blocks(part._element, part.part)
        finally:
            self.fields_allowed = False

    # ------------------------------------------------------------------ blocks
    def blocks(self, parent: Any, part: Any) -> list[Block]:
        """The paragraphs and tables of a body, a cell, a header."""
        found: list[Block] = []
        for child in parent:
            name = _name(child)
            if name == "w:p":
                found += self.paragraph(child, part)
            elif name == "w:tbl":
                found.append(self.table(child, part))
            elif name in _INSIDE:
                found += self.blocks(child, part)
            else:
                self.known(name)
        return found

    def known(self, name: str) -> None:
        """Passes over what shows nothing; anything else is refused."""
        if name in _REFUSED:
            self.refuse(_REFUSED[name])
        elif name and name not in _NOTHING:
            self.refuse("unknown", name)

    def paragraph(self, element: Any, part: Any) -> list[Block]:
        shape, look = self.styles.paragraph(element)
        properties = element.find(qn("w:pPr"))
        if properties is not None and properties.find(qn("w:framePr")) is not None:
            self.refuse("frame")
        if shape.odd_borders:
            self.refuse("borders")
        label = ""
        numbered = self.numbering.of(element, self.styles)
        if numbered is not None:
            label, indents = numbered
            shape = shape.indented(*indents)
            if label == "?":
                self.refuse("numbering")
        found: list[Block] = []
        runs: list[Run] = []
        fields = _Fields(self)
        for run in self.runs(element, part, look, fields):
            if run.kind == "new_page":
                if runs:
                    found.append(Paragraph(runs, shape, label))
                    runs, label = [], ""
                found.append(PageBreak())
            else:
                runs.append(run)
        if runs or not found:
            found.append(Paragraph(runs or [Run("", look)], shape, label))
        return found

    def runs(self, parent: Any, part: Any, look: Look, fields: _Fields) -> Iterator[Run]:
        """What stands in a paragraph, in order."""
        for child in parent:
            name = _name(child)
            if name == "w:r":
                yield from self.run(child, part, self.styles.run(child, look), fields)
            elif name == "w:fldSimple":
                yield from fields.result(child.get(qn("w:instr"), ""), look)
            elif name in _INSIDE:
                yield from self.runs(child, part, look, fields)
            else:
                self.known(name)

    def run(self, element: Any, part: Any, look: Look, fields: _Fields) -> Iterator[Run]:
        if look.hidden:
            self.refuse("hidden")
        for child in element:
            name = _name(child)
            if name == "w:fldChar":
                yield from fields.mark(child.get(qn("w:fldCharType"), ""), look)
            elif name == "w:instrText":
                fields.instruction += child.text or ""
            elif fields.inside:
                continue  # what Word last showed of a field
            elif name == "w:t":
                text = child.text or ""
                yield Run(text.upper() if look.capitals else text, look)
            elif name == "w:noBreakHyphen":
                yield Run("\u2011", look)
            elif name == "w:tab":
                yield Run("", look, "tab")
            elif name in ("w:br", "w:cr"):
                yield self.line_end(child, look)
            elif name == "w:drawing":
                picture = self.picture(child, part)
                if picture is not None:
                    yield Run("", look, "picture", picture)
            else:
                self.known(name)

    def line_end(self, element: Any, look: Look) -> Run:
        kind = element.get(qn("w:type"), "textWrapping")
        if kind == "column":
            self.refuse("columns")
        return Run("", look, "new_page" if kind == "page" else "break")

    def picture(self, drawing: Any, part: Any) -> Picture | None:
        """An image in the line; floating ones, charts and shapes are refused."""
        from PIL import Image, UnidentifiedImageError

        inline = drawing.find(qn("wp:inline"))
        if inline is None:
            self.refuse("floating")
            return None
        blips = list(inline.iter(qn("a:blip")))
        if len(blips) != 1 or blips[0].get(qn("r:embed")) not in part.rels:
            self.refuse("shape")
            return None
        content = part.rels[blips[0].get(qn("r:embed"))].target_part.blob
        try:
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > _MOST_DOTS:
                    self.refuse("picture_size")
                    return None
                if image.format not in ("PNG", "JPEG", "GIF", "BMP", "TIFF"):
                    raise UnidentifiedImageError
                image.load()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            self.refuse("picture_kind")
            return None
        extent = inline.find(qn("wp:extent"))
        return Picture(content, int(extent.get("cx")) * _EMU, int(extent.get("cy")) * _EMU)

    # ------------------------------------------------------------------ tables
    def table(self, element: Any, part: Any) -> Table:
        properties = element.find(qn("w:tblPr"))
        style = _value(properties, "w:tblStyle")
        if style and self.styles.has_bands(style):
            self.refuse("table_style", self.styles.name(style))
        if properties is not None and properties.find(qn("w:tblpPr")) is not None:
            self.refuse("floating")
        borders = self.styles.table_borders(style, properties)
        grid = [
            float(one.get(qn("w:w"), 0)) * _TWIP for one in element.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
        ]
        rows, repeat = [], 0
        elements = list(_rows(element))
        for place, row in enumerate(elements):
            last = place == len(elements) - 1
            rows.append(self.cells(row, part, borders, first=place == 0, last=last))
            heads = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            repeat += heads and repeat == place
        columns = max((sum(cell.span for cell in row) for row in rows), default=0)
        if not rows or columns == 0:
            self.refuse("empty_table")
        if any(sum(cell.span for cell in row) != columns for row in rows):
            self.refuse("ragged_table")
        if len(grid) != columns:
            grid = [0.0] * columns
        align = _ALIGN.get(_value(properties, "w:jc"), "LEFT")
        return Table(grid, rows, align, repeat, self.styles.padding(style, properties))

    def cells(self, row: Any, part: Any, borders: dict[str, Any], *, first: bool, last: bool) -> list[Cell]:
        if row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}") is not None:
            self.refuse("ragged_table")
        found = [self.cell(one, part) for one in row.iterfind(qn("w:tc"))]
        for child in row:
            if _name(child) not in ("w:tc", "w:sdt"):
                self.known(_name(child))
        for place, cell in enumerate(found):
            sides = {
                "top": borders.get("top" if first else "insideH"),
                "bottom": borders.get("bottom" if last else "insideH"),
                "left": borders.get("left" if place == 0 else "insideV"),
                "right": borders.get("right" if place == len(found) - 1 else "insideV"),
            }
            cell.edges = sides | cell.edges
        return found

    def cell(self, element: Any, part: Any) -> Cell:
        properties = element.find(qn("w:tcPr"))
        made = Cell(self.blocks(element, part))
        if properties is None:
            return made
        made.span = int(_value(properties, "w:gridSpan") or 1)
        merge = properties.find(qn("w:vMerge"))
        made.goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
        shade = properties.find(qn("w:shd"))
        made.shade = hex_colour(shade.get(qn("w:fill"))) if shade is not None else None
        made.valign = {"center": "MIDDLE", "bottom": "BOTTOM"}.get(_value(properties, "w:vAlign"), "TOP")
        if _value(properties, "w:textDirection") not in ("", "lrTb"):
            self.refuse("direction")
        made.edges = {
            side: edge for side, edge in self.styles.borders(properties.find(qn("w:tcBorders"))).items()
            if side in ("top", "bottom", "left", "right")
        }  # fmt: skip
        return made


class _Fields:
    """Fields of Word within a paragraph: page numbers are drawn, all others refused."""

    def __init__(self, reader: _Reader) -> None:
        self.reader, self.depth, self.instruction, self.inside = reader, 0, "", False

    def mark(self, kind: str, look: Look) -> Iterator[Run]:
        """Begin, separate or end of a field."""
        if kind == "begin":
            self.depth, self.instruction, self.inside = self.depth + 1, "", True
        elif kind == "end" and self.depth:
            self.depth -= 1
            self.inside = self.depth > 0
            yield from self.result(self.instruction, look)

    def result(self, instruction: str, look: Look) -> Iterator[Run]:
        """A page number, in headers and footers."""
        words = re.findall(r"[A-Z]+", instruction.upper())
        kind = _FIELDS.get(words[0]) if words else None
        if kind is None:
            self.reader.refuse("field", words[0] if words else "")
        elif not self.reader.fields_allowed:
            self.reader.refuse("page_in_body")
        else:
            yield Run("", look, kind)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if _name(child) == "w:tr":
            yield child
        elif _name(child) in ("w:sdt", "w:sdtContent"):
            yield from _rows(child)


_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
}


def _name(element: Any) -> str:
    """`w:p`; blank for comments of XML."""
    if not isinstance(element.tag, str):
        return ""
    space, _brace, local = element.tag.lstrip("{").partition("}")
    return f"{_PREFIXES.get(space, '?')}:{local}"


def _value(properties: Any, name: str) -> str:
    found = properties.find(qn(name)) if properties is not None else None
    return str(found.get(qn("w:val"), "")) if found is not None else ""
