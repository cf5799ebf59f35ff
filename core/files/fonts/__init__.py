"""The fonts of printed documents: DejaVu Sans Condensed 2.37, kept here because no package ships it (LICENSE.txt).

It covers Latin, Greek, Cyrillic, Arabic and more. Chinese, Japanese and Korean are left to a font that every viewer
has; what neither can draw becomes a white square.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
ITALIC, BOLD_ITALIC = "DejaVuSansCondensed-Oblique", "DejaVuSansCondensed-BoldOblique"
_EAST_ASIAN = {"HeiseiKakuGo-W5": "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef", "HYGothic-Medium": "\uac00-\ud7af"}
_CJK = re.compile("|".join(f"([{characters}]+)" for characters in _EAST_ASIAN.values()))
_FAMILIES = tuple(_EAST_ASIAN)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_FOLDER = Path(__file__).parent

_regular = TTFont(REGULAR, str(_FOLDER / f"{REGULAR}.ttf"))
_bold = TTFont(BOLD, str(_FOLDER / f"{BOLD}.ttf"))
registerFont(_regular)
registerFont(_bold)
registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
_DRAWS = frozenset(_regular.face.charToGlyph)


def drawable(text: str) -> str:
    """`text` with a white square for each character that DejaVu lacks, and without those that nobody sees."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if ord(character) in _DRAWS or character == "\n" else "□" for character in _UNSEEN.sub("", text)
    )


def markup(text: str) -> str:
    """`text` as a paragraph of reportlab shows it letter by letter, whatever `<`, `&` or script is in it."""
    pieces: list[str] = []
    at = 0
    for run in _CJK.finditer(text):
        family = _east_asian(_FAMILIES[0 if run[1] else 1])
        pieces += [escape(drawable(text[at : run.start()])), f'<font name="{family}">{escape(run[0])}</font>']
        at = run.end()
    pieces.append(escape(drawable(text[at:])))
    return "".join(pieces).replace("\n", "<br/>")


@cache
def with_italics() -> str:
    """The family with its slanted faces too, for letters; its name."""
    for name in (ITALIC, BOLD_ITALIC):
        registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))
    registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)
    return REGULAR


@cache
def _east_asian(family: str) -> str:
    registerFont(UnicodeCIDFont(family))
    return family
