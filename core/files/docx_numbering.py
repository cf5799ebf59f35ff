"""Lists of a Word file: the sign or number before each of their paragraphs."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from core.files.docx_styles import Styles, indents


class Numbering:
    """Lists: the sign or number before each of their paragraphs."""

    def __init__(self, made: Any) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, Any]] = {}
        try:
            element = made.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {one.get(qn("w:abstractNumId")): one for one in element.iterfind(qn("w:abstractNum"))}
        for one in element.iterfind(qn("w:num")):
            named = one.find(qn("w:abstractNumId"))
            found = abstract.get(named.get(qn("w:val"))) if named is not None else None
            levels = found.iterfind(qn("w:lvl")) if found is not None else ()
            self._levels[one.get(qn("w:numId"))] = {int(level.get(qn("w:ilvl"), 0)): level for level in levels}

    def of(self, paragraph: Any, styles: Styles) -> tuple[str, tuple[float | None, float | None]] | None:
        """Label and indents of a paragraph of a list, None for any other; the label is `?` when it cannot be made."""
        chain = [*styles.chain(styles.style_of(paragraph)), paragraph]
        properties = [one.find(f"{qn('w:pPr')}/{qn('w:numPr')}") for one in chain]
        number, depth = "", 0
        for one in properties:
            if one is None:
                continue
            if (found := one.find(qn("w:numId"))) is not None:
                number = found.get(qn("w:val"), "")
            if (found := one.find(qn("w:ilvl"))) is not None:
                depth = int(found.get(qn("w:val"), 0))
        level = self._levels.get(number, {}).get(depth)
        if level is None:
            return None if number in ("", "0") else ("?", (None, None))
        indent = level.find(f"{qn('w:pPr')}/{qn('w:ind')}")
        sides = indents(indent) if indent is not None else {}
        return self._label(number, depth, level), (sides.get("left"), sides.get("first"))

    def _label(self, number: str, depth: int, level: Any) -> str:
        for key in [key for key in self._counts if key[0] == number and key[1] > depth]:
            del self._counts[key]
        self._counts[number, depth] = self._counts.get((number, depth), self._start(level) - 1) + 1
        text = _val(level, "w:lvlText")
        if _val(level, "w:numFmt") == "bullet":
            return text if text.isprintable() and text and not 0xE000 <= ord(text[0]) <= 0xF8FF else "•"
        for deep in range(depth + 1):
            at = self._levels[number].get(deep)
            count = self._counts.get((number, deep), self._start(at) if at is not None else 1)
            made = _counted(count, _val(at, "w:numFmt") if at is not None else "decimal")
            if made is None:
                return "?"
            text = text.replace(f"%{deep + 1}", made)
        return text

    @staticmethod
    def _start(level: Any) -> int:
        return int(_val(level, "w:start") or 1)


def _val(parent: Any, name: str) -> str:
    found = parent.find(qn(name))
    return str(found.get(qn("w:val"), "")) if found is not None else ""


def _counted(count: int, kind: str) -> str | None:
    if kind in ("decimal", ""):
        return str(count)
    if kind == "decimalZero":
        return f"{count:02}"
    if kind in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        letter = chr(96 + count)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 1 <= count < 4000:
        roman = _roman(count)
        return roman if kind == "upperRoman" else roman.lower()
    return "" if kind == "none" else None


def _roman(count: int) -> str:
    signs = (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    )  # fmt: skip
    made = ""
    for worth, sign in signs:
        made += sign * (count // worth)
        count %= worth
    return made
