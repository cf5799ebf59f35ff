"""What a Word file is read into: blocks to be drawn, and what could not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.files.docx_styles import Look, Shape


class NotDrawable(Exception):  # told apart by who asked, in words of `docx_words`
    """What the file has that cannot be drawn: keys of `docx_words.REASONS`, each once, with what it is about."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__(", ".join(key for key, _about in reasons))
        self.reasons = list(reasons)


class Run(NamedTuple):
    """Text in one look, or what stands in the line like text: `page`, `pages`, `break`, `picture`."""

    text: str
    look: Look
    kind: str = "text"
    picture: Picture | None = None


class Picture(NamedTuple):
    """An image in the line of the text; its size in points."""

    content: bytes
    width: float
    height: float


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `label`: the sign or number of its list."""

    runs: list[Run]
    shape: Shape
    label: str = ""


class PageBreak(NamedTuple):
    """What follows begins on a new page."""


@dataclass
class Cell:
    """A cell: how many columns it takes, whether it goes on with the one above, its edges and colour."""

    blocks: list[Block]
    span: int = 1
    goes_on: bool = False
    shade: str | None = None
    valign: str = "TOP"
    edges: dict[str, tuple[float, str] | None] = field(default_factory=dict)


@dataclass
class Table:
    """A table: widths of its columns in points, and how many first rows repeat on each page."""

    widths: list[float]
    rows: list[list[Cell]]
    align: str
    repeat: int
    padding: tuple[float, float, float, float]  # left, right, top, bottom


Block = Paragraph | Table | PageBreak


@dataclass(frozen=True)
class Paper:
    """A whole document: page and margins in points, what stands above and below each page."""

    size: tuple[float, float]
    margins: tuple[float, float, float, float]  # left, right, top, bottom
    edges: tuple[float, float]  # of header and footer from the paper's edge
    blocks: list[Block]
    header: list[Block]
    footer: list[Block]
    first_header: list[Block] | None
    first_footer: list[Block] | None
