"""What a Word file must not bring along: macros, links to the outside, embedded objects, bombs."""

import io
import re
import zipfile
from collections.abc import Iterator

from core.i18n import N_, _

MOST_BYTES = 2_000_000
_MOST_UNPACKED = 20_000_000
_MOST_TEXT = 2_000_000  # of one XML part
_MOST_PARTS = 400

REASONS = {
    "not_docx": N_("No es un documento de Word (.docx). Ábralo en Word y guárdelo con ese tipo."),
    "too_large": N_("Es demasiado grande: a lo más 2 MB. Reduzca las imágenes."),
    "bomb": N_("Su contenido es demasiado grande para una carta."),
    "macros": N_("Tiene macros. Guárdelo como .docx sin macros."),
    "external": N_("Tiene un vínculo hacia afuera ({about}). En Word: clic derecho, Quitar hipervínculo."),
    "object": N_("Tiene un objeto incrustado ({about}). Quítelo."),
    "broken": N_("El archivo está dañado. Ábralo en Word y guárdelo de nuevo."),
}
_EXTERNAL = re.compile(rb"""<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*["']External["'][^>]*>""", re.IGNORECASE)
_TARGET = re.compile(rb"""Target\s*=\s*["']([^"']*)["']""")


def told(reason: tuple[str, str]) -> str:
    """A reason as a sentence."""
    key, about = reason
    return _(REASONS[key]).format(about=about)


def dangers(content: bytes) -> list[tuple[str, str]]:
    """Why a file is refused unread: keys of `REASONS`, with what each is about; none when it may be read."""
    if len(content) > MOST_BYTES:
        return [("too_large", "")]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "word/document.xml" not in archive.namelist() or "[Content_Types].xml" not in archive.namelist():
                return [("not_docx", "")]
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return [("bomb", "")]
            return list(dict.fromkeys(_of_parts(archive, parts)))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return [("not_docx", "")] if not content.startswith(b"PK") else [("broken", "")]
    except EOFError:
        return [("broken", "")]


def _of_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    for part in parts:
        name = part.filename.lower()
        if "vba" in name or (name.endswith((".bin", ".ocx")) and "printersettings" not in name):
            yield ("macros", "") if "vba" in name else ("object", part.filename)
        if "/embeddings/" in name or "/activex/" in name or "/afchunk" in name:
            yield "object", part.filename
        if not name.endswith((".xml", ".rels")):
            continue
        if part.file_size > _MOST_TEXT:
            yield "bomb", ""
            continue
        text = archive.read(part)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or not _utf8(text):
            yield "broken", ""
        if name == "[content_types].xml" and b"macroEnabled" in text:
            yield "macros", ""
        if name.endswith(".rels"):
            for found in _EXTERNAL.finditer(text):
                target = _TARGET.search(found[0])
                yield "external", target[1].decode("utf-8", "replace")[:80] if target else ""


def _utf8(text: bytes) -> bool:
    """XML in another coding could hide what is looked for above."""
    return not text.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")) and b"\x00" not in text[:100]
