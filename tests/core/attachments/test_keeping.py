"""What is kept beside a dispute or an agreement, and what is refused in words."""

import io
import zipfile

import pytest
from sqlmodel import Session

from core.attachments import keeping
from core.attachments.keeping import clean_name, content_of, keep, listed
from core.attachments.models import Attachment
from core.auth.actor import Role
from core.errors import DomainError
from tests.build import a_customer, an_actor, an_event

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MESSAGE = OLE + "__nameid_version1.0 __properties_version1.0".encode("utf-16-le").replace(
    " ".encode("utf-16-le"), b"\x00\x00"
)
MAIL = b"From: ana@x.mx\r\nTo: luis@x.mx\r\nSubject: Factura F-1\r\nDate: Mon, 2 Mar 2026 10:00:00 -0600\r\n\r\nHola"


def office(*parts: str) -> bytes:
    """A container with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as container:
        for part in ("[Content_Types].xml", *parts):
            container.writestr(part, "x")
    return made.getvalue()


def a_bomb() -> bytes:
    """A workbook whose one part would be a gigabyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "x")
        with container.open("xl/workbook.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b"\x00" * 1_048_576)
    return made.getvalue()


def kept(session: Session, name: str, content: bytes, entity_id: int = 1, customer_id: int | None = None) -> Attachment:
    return keep(
        session, entity="dispute", entity_id=entity_id, customer_id=customer_id, name=name, content=content,
        event_id=an_event(session),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("foto.JPG", JPEG, "image/jpeg"),
        ("captura.png", PNG, "image/png"),
        ("factura.pdf", PDF, "application/pdf"),
        ("cfdi.xml", b"\xef\xbb\xbf<?xml version='1.0'?><cfdi:Comprobante/>", "application/xml"),
        ("lista.xlsx", office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument"
         ".spreadsheetml.sheet"),
        ("carta.docx", office("word/document.xml"), "application/vnd.openxmlformats-officedocument"
         ".wordprocessingml.document"),
        ("notas.txt", "Recibió 90 de 100 cajas".encode("cp1252"), "text/plain"),
        ("lista.csv", b"a,b\n1,2\n", "text/csv"),
        ("correo.msg", MESSAGE, "application/vnd.ms-outlook"),
        ("correo.eml", MAIL, "message/rfc822"),
    ],
)  # fmt: skip
def test_what_proves_something_is_kept_as_it_came(session: Session, name: str, content: bytes, media_type: str) -> None:
    made = kept(session, name, content)
    assert made.media_type == media_type
    assert content_of(session, an_actor(Role.AUDITOR), made.id or 0) == (name, media_type, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("factura.pdf", b"MZ\x90\x00this program"),
        ("foto.jpg", PNG),
        ("pagina.html", b"<html><script>alert(1)</script></html>"),
        ("pagina.xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("dibujo.xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("dibujo.svg", b"<svg/>"),
        ("notas.txt", b"<script>alert(1)</script>"),
        ("notas.txt", b"\x00\x01\x02\x03"),
        ("libro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
        ("libro.xlsx", office("word/document.xml")),
        ("libro.xlsx", b"PK\x03\x04 cut"),
        ("todo.zip", office("a")),
        ("libro.msg", OLE + b"\x00" * 100),
        ("correo.eml", b"Hola, esto no es un correo"),
        ("sin_terminacion", PDF),
        ("", PDF),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_words(session: Session, name: str, content: bytes) -> None:
    with pytest.raises(keeping.AttachmentNotUsable) as refused:
        kept(session, name, content)
    assert "xlsx" in refused.value.sentence()


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", keeping.EmptyAttachment), (PDF + b"x" * keeping.LARGEST, keeping.AttachmentTooLarge)],
)
def test_nothing_and_too_much_are_refused(session: Session, content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error):
        kept(session, "a.pdf", content)


def test_a_bomb_is_bytes_that_nobody_unpacks(session: Session) -> None:
    content = a_bomb()
    assert kept(session, "lista.xlsx", content).size == len(content)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\foto.png", "foto.png"),
        ("a\u202egpj.exe.pdf", "agpj.exe.pdf"),
        ('que "dice": <esto>?.pdf', "que _dice__ _esto__.pdf"),
        ("  .oculto.pdf. ", "oculto.pdf"),
        ("con.txt", "_con.txt"),
        ("año\n2026.pdf", "año2026.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("a/b/", ""),
    ],
)
def test_a_name_loses_folders_and_what_no_system_takes(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_the_same_file_twice_is_kept_once(session: Session) -> None:
    assert kept(session, "a.pdf", PDF).id == kept(session, "a.pdf", PDF).id
    assert kept(session, "a.pdf", PDF, entity_id=2).id != kept(session, "a.pdf", PDF).id
    found = listed(session, an_actor(), "dispute", 1)
    assert [(one.name, one.size, one.user_name) for one in found] == [("a.pdf", len(PDF), "system")]


def test_who_may_not_see_the_customer_sees_no_file(session: Session) -> None:
    customer = a_customer(session, collector="eva")
    made = kept(session, "a.pdf", PDF, customer_id=customer.id)
    luis, eva = an_actor(Role.COLLECTOR, name="luis"), an_actor(Role.COLLECTOR, name="eva")
    assert [len(listed(session, one, "dispute", 1)) for one in (luis, eva)] == [0, 1]
    assert content_of(session, eva, made.id or 0).content == PDF
    with pytest.raises(keeping.AttachmentNotFound):
        content_of(session, luis, made.id or 0)
