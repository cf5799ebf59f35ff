"""CSV: the encoding, the delimiter and the records of a text file, numbered as a spreadsheet would."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from core.files.csv import unguarded
from core.importers.headers import LOOK_AT, known_columns
from core.importers.refusals import BinaryFile, CellTooLong, EmptyFile, NotDecodable, NotText, UnclosedQuote

DELIMITERS = (",", ";", "\t")
_SAMPLE = 256 * 1024  # characters that decide the delimiter
_END = "\x1e"  # a record of its own after the text; it disappears in a quote that is never closed
_SEP = re.compile(r"\ufeff?sep=([,;\t])[\t ]*\n", re.IGNORECASE).match  # Excel's own hint, which it does not show
_GUARDED = re.compile(r"(?:^|[,;\t\n\"])'[=+\-@]").search  # a formula that an export of ours has made text
_SIGNATURES = (
    (b"PK\x03\x04", "ZIP / XLSX"), (b"PK\x05\x06", "ZIP"), (b"%PDF", "PDF"), (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x1f\x8b", "GZIP"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"), (b"SQLite format 3", "SQLite"),
)  # fmt: skip
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|style)", re.IGNORECASE).match


class CsvRows:
    """The records of a text, parsed again at each pass so that a million of them need no room."""

    def __init__(self, name: str, text: str, delimiter: str) -> None:
        """Parse once to count, and to find quotes that never close."""
        self._text = text
        self.delimiter = delimiter
        self._guarded = _GUARDED(text) is not None
        self._count = 0
        last: list[str] = []
        reader = csv.reader(_lines(text, end=True), delimiter=delimiter)
        try:
            for last in reader:  # noqa: B007  # what the last record is tells whether a quote stayed open
                self._count += 1
        except csv.Error:
            raise CellTooLong(name=name, row=self._count + 1) from None
        if last != [_END]:
            raise UnclosedQuote(name=name, row=self._count)
        self._count -= 1

    def __iter__(self) -> Iterator[Sequence[str]]:
        records = islice(csv.reader(_lines(self._text), delimiter=self.delimiter), self._count)
        return ([unguarded(cell) for cell in cells] for cells in records) if self._guarded else records

    def __len__(self) -> int:
        return self._count


def rows(name: str, data: bytes, knows: Callable[[str], object] | None = None) -> CsvRows:
    """The records of a csv; `knows` recognises folded headers and so the delimiter."""
    text = decoded(name, data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff\n\t\x0b\x0c "):
        raise EmptyFile(name=name)
    hint = _SEP(text)
    if hint:
        return CsvRows(name, text[hint.end() :], hint[1])
    return CsvRows(name, text, _delimiter(text, knows))


def decoded(name: str, data: bytes) -> str:
    """The text of UTF-8, of UTF-16 with its mark, else of Windows-1252; raises what it is instead."""
    for signature, found in _SIGNATURES:
        if data.startswith(signature):
            raise NotText(name=name, found=found)
    if _MARKUP(data[:400].removeprefix(b"\xef\xbb\xbf")):
        raise NotText(name=name, found="HTML / XML")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
            if "\0" in text:
                raise NotText(name=name, found="UTF-32")
            return text
        if b"\0" in data:
            raise BinaryFile(name=name)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if error.encoding.startswith("utf-16") or data.startswith(b"\xef\xbb\xbf") or _mostly_utf8(data):
            raise NotDecodable(name=name, line=line) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotDecodable(name=name, line=data.count(b"\n", 0, error.start) + 1) from None


def _mostly_utf8(data: bytes) -> bool:
    """Valid characters outnumber broken bytes: UTF-8 with damage, which Windows-1252 would turn into nonsense."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(1 for character in text if character > "\x7f") > 2 * broken


def _delimiter(text: str, knows: Callable[[str], object] | None) -> str:
    """The delimiter that shows most known headers, then most records of one width, then the widest."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample

    def score(delimiter: str) -> tuple[int, int, int]:
        try:
            records = [
                cells for cells in islice(csv.reader(_lines(sample), delimiter=delimiter), 4 * LOOK_AT) if any(cells)
            ]
        except csv.Error:
            return (0, 0, 0)
        known = max((known_columns(cells, knows) for cells in records[:LOOK_AT]), default=0) if knows else 0
        widths = Counter(len(cells) for cells in records if len(cells) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return (known if known > 1 else 0, count, width)

    return max(DELIMITERS, key=score)


def _lines(text: str, *, end: bool = False) -> Iterator[str]:
    """The lines of a text, one at a time: splitlines() would also break at form feeds and Unicode separators."""
    start, stop = 0, text.find("\n")
    while stop >= 0:
        yield text[start : stop + 1]
        start, stop = stop + 1, text.find("\n", stop + 1)
    if start < len(text):
        yield text[start:] + "\n"
    if end:
        yield _END
