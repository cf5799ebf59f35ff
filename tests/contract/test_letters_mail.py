"""Letters as a mail server gets them: `letters run`, then `outbox send` to a real one."""

import re
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from core.config import config
from tests.contract.helpers import Book


class Office:
    """Takes every message as it came over the line."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken.append(envelope.original_content)
        return "250 OK"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Office()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    config.cache_clear()
    yield found
    controller.stop()
    monkeypatch.undo()
    config.cache_clear()


@pytest.fixture
def dunned(book: Book) -> Book:
    """Books with one letter in the outbox."""
    book.customers("code,legal_name,email\nC1,Cliente Uno,uno@cliente.mx\n")
    book.documents("number,issue_date,total\nF1,2026-01-01,100.00\n")
    assert book.ask("letters", "run", "--as-of", "2026-03-31")["rows"]
    return book


def test_a_letter_with_its_paper_arrives(dunned, office):
    dunned.done("outbox", "send")
    [raw] = office.taken
    email = message_from_bytes(raw, policy=default)
    assert email["To"] == "uno@cliente.mx"
    papers = [one for one in email.iter_attachments() if one.get_content_type() == "application/pdf"]
    assert papers
    assert all(one.get_content().startswith(b"%PDF") for one in papers)


def test_every_line_ends_as_smtp_wants_and_is_short(dunned, office):
    dunned.done("outbox", "send")
    [raw] = office.taken
    assert not re.search(rb"(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("company", "language", "subject"),
    [
        ("", "es", "Recordatorio de pago"),
        ("", "en", "Payment reminder"),
        ("Aceros del Norte", "es", "Recordatorio de pago de Aceros del Norte"),
    ],
)
def test_the_subject_names_the_company_where_it_has_a_name(book, office, company, language, subject):
    book.done("settings", "set", "company.name", company)
    book.customers(f"code,legal_name,email,language\nC1,Cliente Uno,uno@cliente.mx,{language}\n")
    book.documents("number,issue_date,total\nF1,2026-01-01,100.00\n")
    book.done("letters", "run", "--as-of", "2026-03-31")
    book.done("outbox", "send")
    [raw] = office.taken
    assert message_from_bytes(raw, policy=default)["Subject"] == subject
