"""A Word file in PDF without an office suite: paragraphs, lists, tables, images, headers, footers, page numbers.

It draws in one family of letters (DejaVu Sans Condensed) whatever the file asks for.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, HRFlowable, Image, PageTemplate, Spacer
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Drawn
from reportlab.platypus import Table as Grid
from reportlab.platypus.doctemplate import LayoutError

from core.files import docx_blocks as word
from core.files import docx_reading
from core.files.docx_blocks import NotDrawable
from core.files.docx_styles import Look
from core.files.fonts import drawable, markup, with_italics

_ALIGN: dict[str, Literal[0, 1, 2, 4]] = {
    "LEFT": TA_LEFT,
    "CENTER": TA_CENTER,
    "RIGHT": TA_RIGHT,
    "JUSTIFY": TA_JUSTIFY,
}
_SIDE: dict[str, Literal["LEFT", "CENTER", "RIGHT"]] = {"LEFT": "LEFT", "CENTER": "CENTER", "RIGHT": "RIGHT"}
_MORE_SPACES = re.compile(" {2,}|^ | $")
_INDENT = 36.0  # of a tab that begins a paragraph


def render(content: bytes, *, title: str, most_pages: int = 200) -> bytes:
    """The PDF of a Word file. Raises NotDrawable with everything that cannot be drawn."""
    return draw(docx_reading.read(content), title=title, most_pages=most_pages)


def draw(paper: word.Paper, *, title: str, most_pages: int = 200) -> bytes:
    """The PDF of a document that was read."""
    family, target = with_italics(), io.BytesIO()
    edges = _Edges(paper, family)
    width, height = paper.size
    left, right, _top, _bottom = paper.margins
    top, bottom = edges.room()
    if height - top - bottom < 100:
        raise NotDrawable([("margins", "")])
    template = BaseDocTemplate(target, pagesize=paper.size, title=drawable(title), author="", invariant=1)
    frame = Frame(left, bottom, width - left - right, height - top - bottom, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate(frames=[frame]))
    story = _Story(family, width - left - right).flowables(paper.blocks)
    try:
        template.build(story or [Spacer(1, 1)], canvasmaker=_numbered(edges, most_pages))
    except LayoutError as error:
        raise NotDrawable([("too_wide", "")]) from error
    return target.getvalue()


class _Edges:
    """What stands above and below each page."""

    def __init__(self, paper: word.Paper, family: str) -> None:
        self.paper, self.family = paper, family
        self.width = paper.size[0] - paper.margins[0] - paper.margins[1]

    def _made(self, blocks: Sequence[word.Block], page: int, pages: int) -> tuple[list[Flowable], float]:
        made = _Story(self.family, self.width, page=page, pages=pages).flowables(blocks)
        tall = sum(one.wrap(self.width, 10_000)[1] + one.getSpaceBefore() + one.getSpaceAfter() for one in made)
        return made, tall

    def room(self) -> tuple[float, float]:
        """The margins above and below, wider where header or footer need it."""
        paper = self.paper
        heads = max(self._made(blocks or [], 1, 1)[1] for blocks in (paper.header, paper.first_header))
        feet = max(self._made(blocks or [], 1, 1)[1] for blocks in (paper.footer, paper.first_footer))
        return (
            max(paper.margins[2], paper.edges[0] + heads if heads else 0),
            max(paper.margins[3], paper.edges[1] + feet if feet else 0),
        )

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draws both on a page."""
        paper, first = self.paper, page == 1
        header = paper.first_header if first and paper.first_header is not None else paper.header
        footer = paper.first_footer if first and paper.first_footer is not None else paper.footer
        above, _tall = self._made(header, page, pages)
        self._down(canvas, above, paper.size[1] - paper.edges[0])
        below, tall = self._made(footer, page, pages)
        self._down(canvas, below, paper.edges[1] + tall)

    def _down(self, canvas: Canvas, made: Sequence[Flowable], top: float) -> None:
        for one in made:
            top -= one.getSpaceBefore()
            _width, tall = one.wrapOn(canvas, self.width, 10_000)
            top -= tall
            one.drawOn(canvas, self.paper.margins[0], top)
            top -= one.getSpaceAfter()


def _numbered(edges: _Edges, most_pages: int) -> type[Canvas]:
    """A canvas that keeps its pages until the last, for only then their number is known."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  # reportlab's name
            if len(self._pages) >= most_pages:
                raise NotDrawable([("too_wide", "")])
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # what showPage itself does after writing the page

        def save(self) -> None:
            pages = len(self._pages)
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                edges.draw(self, number, pages)
                super().showPage()
            super().save()

    return Numbered


class _Story:
    """Blocks as reportlab's flowables, in a column so wide."""

    def __init__(self, family: str, width: float, *, page: int = 0, pages: int = 0) -> None:
        self.family, self.width, self.page, self.pages = family, width, page, pages

    def flowables(self, blocks: Sequence[word.Block]) -> list[Flowable]:
        """All of them, one below the other."""
        made: list[Flowable] = []
        for place, block in enumerate(blocks):
            if isinstance(block, word.PageBreak):
                made.append(NewPage())
            elif isinstance(block, word.Table):
                made.append(self.table(block))
            else:
                made += self.paragraph(block, blocks[place - 1] if place else None, blocks[place + 1 : place + 2])
        return made

    def paragraph(
        self, block: word.Paragraph, before: word.Block | None, after: Sequence[word.Block]
    ) -> list[Flowable]:
        shape = block.shape
        made: list[Flowable] = [NewPage()] if shape.new_page and before is not None else []
        if shape.keep_next:
            made.append(CondPageBreak(60))
        if shape.above:
            made.append(HRFlowable(width="100%", thickness=shape.above[0], color=HexColor(shape.above[1])))
        if any(run.kind == "picture" for run in block.runs):
            return [*made, *self.pictures(block)]
        text = "".join(self.run(run, first=place == 0) for place, run in enumerate(block.runs))
        style = self.style(block, before, after)
        made.append(Drawn(text or "&nbsp;", style, bulletText=drawable(block.label) if block.label else None))
        if shape.below:
            made.append(HRFlowable(width="100%", thickness=shape.below[0], color=HexColor(shape.below[1])))
        return made

    def style(self, block: word.Paragraph, before: word.Block | None, after: Sequence[word.Block]) -> ParagraphStyle:
        shape = block.shape
        sizes = {run.look.size for run in block.runs}
        size = max(sizes)
        colour = HexColor(block.runs[0].look.colour or "#000000")
        style = ParagraphStyle(
            "docx", fontName=self.family, fontSize=size, leading=shape.exact or size * 1.2 * shape.line,
            alignment=_ALIGN[shape.align], leftIndent=shape.left, rightIndent=shape.right,
            firstLineIndent=0 if block.label else shape.first, spaceBefore=shape.before, spaceAfter=shape.after,
            textColor=colour, splitLongWords=True, bulletFontName=self.family, bulletFontSize=size,
            bulletIndent=max(0.0, shape.left + shape.first), bulletColor=colour,
        )  # fmt: skip
        if shape.back:
            style.backColor = HexColor(shape.back)
        if shape.contextual:
            if isinstance(before, word.Paragraph) and before.shape.style == shape.style:
                style.spaceBefore = 0
            if after and isinstance(after[0], word.Paragraph) and after[0].shape.style == shape.style:
                style.spaceAfter = 0
        return style

    def run(self, run: word.Run, *, first: bool) -> str:
        """A run as reportlab's markup."""
        if run.kind == "break":
            return "<br/>"
        if run.kind == "tab":
            if not first:
                raise NotDrawable([("tab", "")])
            return "&nbsp;" * int(_INDENT / (run.look.size * 0.29))
        text = {"page": str(self.page), "pages": str(self.pages)}.get(run.kind, run.text)
        return _looking(_spaced(text), run.look) if text else ""

    def pictures(self, block: word.Paragraph) -> list[Flowable]:
        """Images that have a paragraph of their own, one below the other, never larger than the page has room for."""
        made: list[Flowable] = []
        for run in block.runs:
            if run.picture is None:
                if run.text.strip() or run.kind not in ("text", "break"):
                    raise NotDrawable([("picture_in_text", "")])
                continue
            wide, tall = run.picture.width, run.picture.height
            scale = min(1.0, self.width / max(wide, 1.0), 640 / max(tall, 1.0))
            image = Image(io.BytesIO(run.picture.content), wide * scale, tall * scale)
            image.hAlign = _SIDE.get(block.shape.align, "LEFT")
            image.spaceBefore, image.spaceAfter = block.shape.before, block.shape.after
            made.append(image)
        return made

    # ------------------------------------------------------------------ tables
    def table(self, table: word.Table) -> Flowable:
        widths = self.widths(table)
        columns, style = len(widths), list[tuple[Any, ...]]()
        left, right, top, bottom = table.padding
        style += [
            ("LEFTPADDING", (0, 0), (-1, -1), left), ("RIGHTPADDING", (0, 0), (-1, -1), right),
            ("TOPPADDING", (0, 0), (-1, -1), top), ("BOTTOMPADDING", (0, 0), (-1, -1), bottom),
        ]  # fmt: skip
        cells: list[list[Any]] = []
        for y, row in enumerate(table.rows):
            line: list[Any] = [""] * columns
            x = 0
            for cell in row:
                end = x + cell.span - 1
                tall = 0 if cell.goes_on else _goes_down(table.rows, y, x)
                if not cell.goes_on:
                    room = sum(widths[x : end + 1]) - left - right
                    line[x] = _Story(self.family, room, page=self.page, pages=self.pages).flowables(cell.blocks)
                    if cell.span > 1 or tall:
                        style.append(("SPAN", (x, y), (end, y + tall)))
                style += _cell_style(cell, (x, y), (end, y + tall))
                x = end + 1
            cells.append(line)
        made = Grid(cells, colWidths=widths, repeatRows=min(table.repeat, len(cells) - 1), hAlign=_SIDE[table.align])
        made.setStyle(style)
        made.splitInRow = 1
        return made

    def widths(self, table: word.Table) -> list[float]:
        """The widths that the file gives, never more than the page has."""
        whole = sum(table.widths)
        if not all(width > 1 for width in table.widths):
            return [self.width / len(table.widths)] * len(table.widths)
        scale = min(1.0, self.width / whole)
        return [width * scale for width in table.widths]


def _goes_down(rows: Sequence[Sequence[word.Cell]], y: int, x: int) -> int:
    """How many rows below a cell go on with it."""
    tall = 0
    for row in rows[y + 1 :]:
        at = 0
        for cell in row:
            if at == x:
                break
            at += cell.span
        else:
            return tall
        if not cell.goes_on:
            return tall
        tall += 1
    return tall


def _cell_style(cell: word.Cell, start: tuple[int, int], end: tuple[int, int]) -> list[tuple[Any, ...]]:
    style: list[tuple[Any, ...]] = [("VALIGN", start, end, cell.valign)]
    if cell.shade:
        style.append(("BACKGROUND", start, end, HexColor(cell.shade)))
    sides = {"top": "LINEABOVE", "bottom": "LINEBELOW", "left": "LINEBEFORE", "right": "LINEAFTER"}
    for side, command in sides.items():
        edge = cell.edges.get(side)
        if edge and not (cell.goes_on and side == "top"):
            style.append((command, start, end, edge[0], HexColor(edge[1])))
    return style


def _spaced(text: str) -> str:
    """Word keeps every space; reportlab would join them."""
    return _MORE_SPACES.sub(lambda found: "\xa0" * len(found[0]) if len(found[0]) > 1 else found[0], text)


def _looking(text: str, look: Look) -> str:
    """Text in a look, as reportlab's markup."""
    made = markup(text)
    for wanted, tag in ((look.bold, "b"), (look.italic, "i"), (look.underline, "u"), (look.strike, "strike")):
        if wanted:
            made = f"<{tag}>{made}</{tag}>"
    if look.raised:
        made = f"<{look.raised}>{made}</{look.raised}>"
    back = f' backColor="{look.back}"' if look.back else ""
    return f'<font size="{look.size:g}" color="{look.colour or "#000000"}"{back}>{made}</font>'


__all__ = ["NotDrawable", "draw", "render"]
