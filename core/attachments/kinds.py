"""What kind of file some bytes are, told by what they hold and never by what they are called. Nothing is unpacked."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import NamedTuple

OCTETS = "application/octet-stream"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of the streams that every Outlook message has.
_MESSAGE = tuple(name.encode("utf-16-le") for name in ("__nameid_version1.0", "__properties_version1.0"))
_BOM = b"\xef\xbb\xbf"
_MAIL_HEADER = re.compile(rb"(?im)^(from|received|return-path|message-id|mime-version|subject|date):[ \t]\S")
#: What a browser would run if it were opened there.
_RUNS = re.compile(rb"(?i)<\s*(!doctype\s+html|html|script|svg|iframe|xsl:stylesheet|[a-z]+:script)\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileKind(NamedTuple):
    """One kind that is kept: how files of it are called, and what they are served as."""

    name: str
    suffixes: tuple[str, ...]
    media_type: str


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n")


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _is_xml(content: bytes) -> bool:
    start = content.removeprefix(_BOM).lstrip()
    return start.startswith(b"<") and _is_text(content) and not _RUNS.search(content)


def _is_message(content: bytes) -> bool:
    return content.startswith(_OLE) and all(name in content for name in _MESSAGE)


def _is_mail(content: bytes) -> bool:
    head = content.removeprefix(_BOM)[:20_000].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return _is_text(content) and len({found.lower() for found in _MAIL_HEADER.findall(head)}) >= 2


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return not _CONTROL.search(text)


def _is_plain(content: bytes) -> bool:
    return _is_text(content) and not _RUNS.search(content)


def _office(part: str) -> Callable[[bytes], bool]:
    """A document of Office has this part, and no macros; only the list of its parts is read."""

    def holds(content: bytes) -> bool:
        if not content.startswith(b"PK"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                names = set(parts.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return False
        return {"[Content_Types].xml", part} <= names and not any("vbaproject" in name.lower() for name in names)

    return holds


_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS: tuple[tuple[FileKind, Callable[[bytes], bool]], ...] = (
    (FileKind("PDF", ("pdf",), "application/pdf"), _is_pdf),
    (FileKind("PNG", ("png",), "image/png"), _is_png),
    (FileKind("JPEG", ("jpg", "jpeg"), "image/jpeg"), _is_jpeg),
    (FileKind("Excel", ("xlsx",), f"{_OFFICE}.spreadsheetml.sheet"), _office("xl/workbook.xml")),
    (FileKind("Word", ("docx",), f"{_OFFICE}.wordprocessingml.document"), _office("word/document.xml")),
    (FileKind("Outlook", ("msg",), "application/vnd.ms-outlook"), _is_message),
    (FileKind("EML", ("eml",), "message/rfc822"), _is_mail),
    (FileKind("XML", ("xml",), "application/xml"), _is_xml),
    (FileKind("TXT", ("txt",), "text/plain"), _is_plain),
    (FileKind("CSV", ("csv",), "text/csv"), _is_plain),
)
#: How files that are kept may end, for a form.
SUFFIXES = tuple(suffix for kind, _ in _KINDS for suffix in kind.suffixes)


def kind_of(name: str, content: bytes) -> FileKind | None:
    """The kind of a file, when it holds what its name says; else None."""
    suffix = name.rpartition(".")[2].lower()
    return next((kind for kind, holds in _KINDS if suffix in kind.suffixes and holds(content)), None)
