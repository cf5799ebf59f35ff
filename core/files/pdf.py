"""A document in PDF: letterhead, paragraphs, facts, strips and tables. Knows no business; every text is handed in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from core.files.fonts import BOLD, REGULAR, drawable, markup
from core.files.table import Column, Kind

INK, SOFT, LINE, BAND, RED = (HexColor(value) for value in ("#16222E", "#475769", "#D5DDE6", "#EEF2F7", "#9A1C12"))
MARGIN = 15 * mm
SIZE = 8.0  # of tables, in points
_PAD = 3.0
_TEXT_WEIGHT = 14
_RIGHT = {Kind.AMOUNT, Kind.INTEGER, Kind.PERCENT, Kind.RATE}

_NORMAL = ParagraphStyle("normal", fontName=REGULAR, fontSize=9, leading=12, textColor=INK)
_STYLES = {
    "normal": _NORMAL,
    "title": ParagraphStyle("title", _NORMAL, fontName=BOLD, fontSize=15, leading=19, spaceAfter=2),
    "heading": ParagraphStyle(
        "heading", _NORMAL, fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=6, spaceAfter=3
    ),
    "small": ParagraphStyle("small", _NORMAL, fontSize=7.5, leading=10, textColor=SOFT),
}
_CELL = ParagraphStyle("cell", _NORMAL, fontSize=SIZE, leading=SIZE + 2, splitLongWords=True)
_HEAD = ParagraphStyle("head", _CELL, fontName=BOLD)
_RIGHT_HEAD = ParagraphStyle("right-head", _HEAD, alignment=TA_RIGHT)


class Text(NamedTuple):
    """A paragraph; `style` is normal, title, heading or small. The text is shown as it is, never as markup."""

    text: str
    style: str = "normal"


class Facts(NamedTuple):
    """Labels and their values in two columns, such as a customer's data."""

    pairs: Sequence[tuple[str, str]]


class Strip(NamedTuple):
    """A row of boxes, each a label above a figure, such as an aging; `colours` are hexadecimal, one a box or none."""

    boxes: Sequence[tuple[str, str]]
    colours: Sequence[str] = ()


class Lines(NamedTuple):
    """A table: values by the kinds of its columns, and totals rows in bold below. Its header repeats on each page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    totals: Sequence[Sequence[object]] = ()


class Signatures(NamedTuple):
    """Lines to sign on, side by side: who signs, in a few words each, and a picture of the signature (PNG, JPEG).

    `lead`: what is signed, on the same page as the lines.
    """

    signers: Sequence[tuple[str, bytes | None]]
    lead: str = ""


Block = Text | Facts | Strip | Lines | Signatures


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is to be printed. `page_label` has the places {page} and {pages}: "Página {page} de {pages}"."""

    title: str  # of the file, as viewers show it
    blocks: Sequence[Block]
    letterhead: Sequence[str] = ()  # the first line stands out: the company
    page_label: str = "{page} / {pages}"
    footer: str = ""  # left of the page number: "Generado por ana el 20/11/2026 14:05"
    wide: bool = False


def render(document: Document) -> bytes:
    """The PDF of a document, on letter paper."""
    target = io.BytesIO()
    size = landscape(letter) if document.wide else letter
    width = size[0] - 2 * MARGIN
    template = BaseDocTemplate(target, pagesize=size, title=drawable(document.title), author="", invariant=1)
    frame = Frame(MARGIN, MARGIN + 5 * mm, width, size[1] - 2 * MARGIN - 5 * mm, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate(frames=[frame]))
    story = _letterhead(document.letterhead)
    for block in document.blocks:
        story.extend(_flowables(block, width))
    template.build(story or [Spacer(1, 1)], canvasmaker=_numbered(document, width))
    return target.getvalue()


def _numbered(document: Document, width: float) -> type[Canvas]:
    """A canvas that keeps its pages until the last, for only then their number is known."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  # reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # what showPage itself does after writing the page

        def save(self) -> None:
            pages = len(self._pages)
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setStrokeColor(LINE)
                self.line(MARGIN, MARGIN + 2 * mm, MARGIN + width, MARGIN + 2 * mm)
                self.setFont(REGULAR, 7.5)
                self.setFillColor(SOFT)
                self.drawString(MARGIN, MARGIN - 2 * mm, drawable(document.footer))
                label = document.page_label.format(page=number, pages=pages)
                self.drawRightString(MARGIN + width, MARGIN - 2 * mm, drawable(label))
                super().showPage()
            super().save()

    return Numbered


def _letterhead(lines: Sequence[str]) -> list[Flowable]:
    if not lines:
        return []
    first = ParagraphStyle("company", _STYLES["heading"], fontSize=12, leading=15, spaceBefore=0, spaceAfter=0)
    story: list[Flowable] = [Paragraph(markup(lines[0]), first)]
    story += [Paragraph(markup(line), _STYLES["small"]) for line in lines[1:]]
    return [*story, Spacer(1, 5 * mm)]


def _flowables(block: Block, width: float) -> list[Flowable]:
    if isinstance(block, Text):
        return [Paragraph(markup(block.text), _STYLES[block.style])]
    if isinstance(block, Facts):
        return [_facts(block, width), Spacer(1, 3 * mm)]
    if isinstance(block, Strip):
        return [_strip(block, width), Spacer(1, 4 * mm)] if block.boxes else []
    if isinstance(block, Signatures):
        lead = [Paragraph(markup(block.lead), _NORMAL), Spacer(1, 4 * mm)] if block.lead else []
        return [Spacer(1, 4 * mm), KeepTogether([*lead, _signatures(block, width)])]
    return [_table(block, width), Spacer(1, 4 * mm)]


def _facts(facts: Facts, width: float) -> Flowable:
    cells = [
        [Paragraph(markup(label), _STYLES["small"]), Paragraph(markup(value), _NORMAL)] for label, value in facts.pairs
    ]
    table = Table(cells or [["", ""]], colWidths=[width * 0.22, width * 0.78])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(0, 1)])
    return table


def _strip(strip: Strip, width: float) -> Flowable:
    small = ParagraphStyle("box", _STYLES["small"], alignment=TA_RIGHT)
    figure = ParagraphStyle("figure", _NORMAL, fontName=BOLD, fontSize=9, leading=12, alignment=TA_RIGHT)
    cells = [
        [Paragraph(markup(label), small) for label, _figure in strip.boxes],
        [Paragraph(markup(amount), figure) for _label, amount in strip.boxes],
    ]
    table = Table(cells, colWidths=[width / len(strip.boxes)] * len(strip.boxes))
    style: list[tuple[Any, ...]] = [("BOX", (0, 0), (-1, -1), 0.5, LINE), ("INNERGRID", (0, 0), (-1, -1), 0, BAND)]
    style += [("BACKGROUND", (0, 0), (-1, -1), BAND), *_padding(4, 2)]
    style += [("LINEABOVE", (at, 0), (at, 0), 3, HexColor(colour)) for at, colour in enumerate(strip.colours)]
    table.setStyle(style)
    return table


def _signatures(block: Signatures, width: float) -> Flowable:
    """A picture, a line, and who it is; a gap between two."""
    count = max(len(block.signers), 1)
    each = (width - _GAP * (count - 1)) / count
    pictures: list[Flowable | str] = []
    names: list[Flowable | str] = []
    for who, content in block.signers:
        pictures += [_picture(content, each * 0.7) if content else "", ""]
        names += [Paragraph(markup(who), _CELL), ""]
    widths = [each if at % 2 == 0 else _GAP for at in range(2 * count - 1)]
    table = Table([pictures[:-1], names[:-1]], colWidths=widths, rowHeights=[_SIGNATURE + 2 * mm, None])
    lines = [("LINEABOVE", (2 * at, 1), (2 * at, 1), 0.7, INK) for at in range(count)]
    table.setStyle([("VALIGN", (0, 0), (-1, 0), "BOTTOM"), *_padding(0, 2), *lines])
    return table


_GAP = 12 * mm
_SIGNATURE = 22 * mm


def _picture(content: bytes, width: float) -> Flowable | str:
    """A picture no larger than the place for it; nothing, where the bytes are no picture after all."""
    try:
        wide, high = ImageReader(io.BytesIO(content)).getSize()
        scale = min(width / wide, _SIGNATURE / high)
        return Image(io.BytesIO(content), wide * scale, high * scale, hAlign="LEFT")
    except (OSError, ValueError, ZeroDivisionError):
        return ""


def _table(lines: Lines, width: float) -> Flowable:
    widths = _widths(lines, width)
    head = [
        Paragraph(markup(column.title), _RIGHT_HEAD if column.kind in _RIGHT else _HEAD) for column in lines.columns
    ]
    body = [_cells(row, lines.columns, widths, bold=False) for row in lines.rows]
    body += [_cells(row, lines.columns, widths, bold=True) for row in lines.totals]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 1), (-1, -1), REGULAR, SIZE, SIZE + 2), ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, 0), BAND), ("LINEBELOW", (0, 0), (-1, 0), 0.75, SOFT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(_PAD, 2),
    ]  # fmt: skip
    style += [("ALIGN", (at, 1), (at, -1), "RIGHT") for at, column in enumerate(lines.columns) if column.kind in _RIGHT]
    if lines.totals:
        style += [
            ("FONT", (0, -len(lines.totals)), (-1, -1), BOLD, SIZE, SIZE + 2),
            ("LINEABOVE", (0, -len(lines.totals)), (-1, -len(lines.totals)), 0.75, SOFT),
        ]
    table = LongTable([head, *body], colWidths=widths, repeatRows=1, splitInRow=1)
    table.setStyle(style)
    return table


def _widths(lines: Lines, width: float) -> list[float]:
    """Figures and dates get what their longest needs, up to three quarters of the page; texts share what is left."""
    needs = [0.0] * len(lines.columns)
    for at, column in enumerate(lines.columns):
        if column.kind is not Kind.TEXT:
            shown = [written(row[at], column.kind) for row in (*lines.rows, *lines.totals)]
            longest = max((stringWidth(text, BOLD, SIZE) for text in shown), default=0.0)
            title = max((stringWidth(word, BOLD, SIZE) for word in column.title.split()), default=0.0)
            needs[at] = max(longest, title, 56.0 if column.kind is Kind.AMOUNT else 0.0) + 2 * _PAD + 1
    texts = [(column.width or _TEXT_WEIGHT) if column.kind is Kind.TEXT else 0 for column in lines.columns]
    fixed = sum(needs)
    if not any(texts):
        return [need * width / (fixed or 1) for need in needs]
    scale = min(1.0, width * 0.75 / (fixed or 1))
    left = width - fixed * scale
    return [need * scale + left * weight / sum(texts) for need, weight in zip(needs, texts, strict=True)]


def _cells(row: Sequence[object], columns: Sequence[Column], widths: Sequence[float], *, bold: bool) -> list[Any]:
    """Texts of a row; one that does not fit its column becomes a paragraph that wraps, or for a figure shrinks."""
    font = BOLD if bold else REGULAR
    cells: list[Any] = []
    for value, column, width in zip(row, columns, widths, strict=True):
        text = written(value, column.kind)
        room = width - 2 * _PAD
        if stringWidth(text, font, SIZE) <= room and text == drawable(text) and "\n" not in text:
            cells.append(text)
            continue
        if column.kind is not Kind.TEXT:
            size = max(4.0, SIZE * room / max(stringWidth(text, font, SIZE), 1))
            style = ParagraphStyle("tight", _CELL, fontName=font, fontSize=size)
            style.alignment = TA_RIGHT if column.kind in _RIGHT else TA_LEFT
        else:
            style = _HEAD if bold else _CELL
        cells.append(Paragraph(markup(text), style))
    return cells


def written(value: object, kind: Kind) -> str:
    """A value as print shows it: `1,234.56`, `31/03/2026`, `12.50 %`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        if kind is Kind.RATE:
            return f"{value:,.6f}"
        return f"{value:,.2f} %" if kind is Kind.PERCENT else f"{value:,.2f}"
    if isinstance(value, int) and kind is Kind.INTEGER:
        return f"{value:,}"
    return str(value)


def _padding(sides: float, ends: float) -> list[tuple[Any, ...]]:
    everywhere = (0, 0), (-1, -1)
    return [
        ("LEFTPADDING", *everywhere, sides), ("RIGHTPADDING", *everywhere, sides),
        ("TOPPADDING", *everywhere, ends), ("BOTTOMPADDING", *everywhere, ends),
    ]  # fmt: skip
