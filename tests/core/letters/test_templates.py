"""Templates: what may be written in one, what is refused and how it is said, versions, what the paper then says."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from pypdf import PdfReader

from core.auth.actor import Role, system
from core.errors import NotAllowed
from core.letters import checking, fields, mail, ready, rendering
from core.letters.models import Stage
from core.letters.rendering import TemplateNotUsable
from core.letters.running import run_letters
from core.letters.templates import TextOfMailNotValid, activate, add_version, versions
from core.outbox.models import MessageFile
from tests.build import TODAY, a_charge, a_customer, an_actor

MAIL = {"subject": "Hola {{ cliente }}", "body": "Saldo de {{ total }}"}


def word(*texts: str, change: Callable[[Any], None] | None = None) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    if change:
        change(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def packed(content: bytes, **parts: bytes) -> bytes:
    """A Word file with more parts in it."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return target.getvalue()


def refused(*texts: str) -> list[str]:
    with pytest.raises(TemplateNotUsable) as error:
        rendering.letter_pdf(word(*texts), fields.values(fields.sample(), "es"), title="x")
    return error.value.lines()


def says(content: bytes, facts=None, language: str = "es") -> str:
    values = fields.values(facts or fields.sample(), language)
    pdf = rendering.letter_pdf(content, values, title="x")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("stage", list(Stage))
def test_every_ready_template_passes_its_own_check(stage, language):
    checking.check(ready.content(stage, language), *ready.mail(stage, language))
    said = says(ready.content(stage, language), language=language)
    assert "Núñez & Hijos <Refacciones>, S. de R.L. de C.V." in said
    assert ("6 de marzo de 2026" if language == "es" else "March 6, 2026") in said
    assert "F-1005" in said


@pytest.mark.parametrize(
    "name", ["A & B", "<w:p>", "{{ total }}", "{% for %}", "{_{ x }_}", 'O\'Brien "x"', "a\x07b\x0cc"]
)
def test_a_name_is_text_whatever_is_in_it(name):
    facts = fields.sample()._replace(customer=name)
    said = says(word("[{{ cliente }}]"), facts)
    shown = {"a\x07b\x0cc": "a b c", "{_{ x }_}": "{{ x }}"}.get(name, name)
    assert f"[{shown}]" in said


def test_an_unknown_field_is_named_with_the_one_that_was_meant():
    assert refused("{{ clinte }}") == ["El campo «clinte» no existe. ¿Quiso decir «cliente»?"]
    assert refused("{%p for d in documentos %}", "{{ d.folo }}", "{%p endfor %}") == [
        "El campo «d.folo» no existe. ¿Quiso decir «d.folio»?"
    ]
    assert refused("{{ zzzzzz }}") == ["El campo «zzzzzz» no existe. Use solo los de la lista."]


@pytest.mark.parametrize(
    "text",
    [
        "{{ cliente.__class__ }}", "{{ cliente.__class__.__mro__[1].__subclasses__() }}", "{{ ''.join(cliente) }}",
        "{{ range(10) }}", "{{ cliente * 999999999 }}", "{{ 9 ** 9999999 }}", "{{ cliente['upper'] }}",
        "{{ lipsum() }}", "{{ cycler.__init__.__globals__ }}", "{{ self }}", "{{ cliente|attr('x') }}",
        "{{ cliente|center(99999999) }}", "{% set x = cliente %}", "{% include 'x' %}", "{% import 'x' as y %}",
        "{% macro x() %}{% endmacro %}", "{{ cliente ~ cliente }}", "{{ [1,2] }}", "{{ documentos }}",
        "{{ cliente is defined }}", "{% extends 'x' %}", "{{ namespace() }}",
    ],
)  # fmt: skip
def test_nothing_but_fields_is_run(text):
    assert refused(text)


def test_loops_go_over_known_lists_only_and_not_within_each_other():
    assert "Solo se puede repetir" in refused("{%p for x in range(9) %}", "x", "{%p endfor %}")[0]
    nested = ("{%p for d in documentos %}", "{%p for t in totales %}", "x", "{%p endfor %}", "{%p endfor %}")
    assert "dentro de otra" in refused(*nested)[0]


def test_conditions_and_the_place_in_a_list_may_be_used():
    text = "{% if a_favor %}A favor: {{ a_favor }}{% else %}nada{% endif %}{% if nivel == '2' %} dos{% endif %}"
    loop = "{% for d in documentos %}{{ loop.index }}:{{ d.folio }}{% if not loop.last %}, {% endif %}{% endfor %}"
    said = says(word(text, loop))
    assert "A favor: $150.00 MXN dos" in said
    assert "1:F-1000, 2:F-1001" in said.replace("\n", " ")


@pytest.mark.parametrize("text", ["{{ cliente", "{% if a_favor %}x", "{{ }}", "{% endfor %}"])
def test_a_mark_that_is_miswritten_is_told(text):
    assert "llaves" in refused(text)[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.4", "No es un documento de Word"),
        (b"PK\x03\x04 nothing", "dañado"),
        (b"x" * 2_000_001, "demasiado grande"),
        (packed(word("x"), word__vbaProject_bin=b"x"), "macros"),
        (packed(word("x"), **{"word__embeddings__oleObject1.bin": b"x"}), "incrustado"),
        (packed(word("x"), **{"word__extra.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "dañado"),
        (packed(word("x"), **{"word__big.xml": b" " * 21_000_000}), "demasiado grande"),
    ],
)
def test_what_is_no_plain_word_file_is_refused_unread(content, told):
    if b"vbaProject_bin" in content:
        content = content.replace(b"vbaProject_bin", b"vbaProject.bin")
    with pytest.raises(TemplateNotUsable) as error:
        checking.check(content, "x", "x")
    assert told in error.value.sentence()


def test_links_to_the_outside_are_refused():
    def linked(document):
        document.part.relate_to("http://x.mx/a.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)

    with pytest.raises(TemplateNotUsable) as error:
        checking.check(word("x", change=linked), "x", "x")
    assert "vínculo hacia afuera (http://x.mx/a.png)" in error.value.sentence()


def test_everything_wrong_is_told_at_once():
    def tabbed(document):
        document.add_paragraph("a\tb")

    with pytest.raises(TemplateNotUsable) as error:
        checking.check(word("x", change=tabbed), "{{ uno }}", "{{ dos }}")
    assert len(error.value.lines()) == 3


def test_a_template_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(checking, "_SECONDS", 0.05)
    with pytest.raises(TemplateNotUsable) as error:
        checking.check(word("x"), "x", "x")
    assert "Tarda demasiado" in error.value.sentence()


def test_a_file_full_of_open_braces_does_not_hang_the_application(monkeypatch):
    monkeypatch.setattr(checking, "_SECONDS", 5)
    with pytest.raises(TemplateNotUsable):
        checking.check(word("{{" * 400_000), "x", "x")


# ------------------------------------------------------------------ versions
def test_a_version_is_used_once_it_is_activated_and_old_letters_stay_as_they_were(session):
    for code in ("C1", "C2"):
        a_charge(session, a_customer(session, code), overdue_days=10)
    first = run_letters(session, system(), as_of=TODAY)[0]
    new = add_version(
        session, system(), stage="reminder", language="es", name="mi.docx", content=word("Nueva {{ cliente }}"), **MAIL
    )
    assert [(one.version, one.active) for one in versions(session, system(), stage="reminder", language="es")] == [
        (2, False), (1, True),
    ]  # fmt: skip
    activate(session, system(), template_id=new.id)
    a_charge(session, a_customer(session, "C3"), overdue_days=10)
    [second] = run_letters(session, system(), as_of=TODAY)

    def text(letter_id):
        paper = mail.printed(session, system(), letter_id=letter_id)
        return PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()

    assert "Recordatorio de pago" in text(first.letter_id)
    assert "Nueva Cliente C3" in text(second.letter_id)


def test_the_mail_carries_the_letter_and_a_statement_of_each_currency(session):
    customer = a_customer(session, "C1", email="a@x.mx", language="en")
    a_charge(session, customer, number="F1", overdue_days=10)
    a_charge(session, customer, number="F2", currency="USD", rate="17", overdue_days=10)
    [row] = run_letters(session, system(), as_of=TODAY)
    made = mail.compose(session, system(), row.letter_id)
    assert made.subject == "Payment reminder"
    assert [file.name for file in made.files] == [
        "letter_C1_2026-03-31.pdf", "statement_C1_MXN_2026-03-31.pdf", "statement_C1_USD_2026-03-31.pdf",
    ]  # fmt: skip
    assert all(file.content.startswith(b"%PDF") for file in made.files)


def test_the_copy_that_went_out_is_what_is_printed_again(session):
    a_charge(session, a_customer(session, "C1", email="a@x.mx"), overdue_days=10)
    [row] = run_letters(session, system(), as_of=TODAY)
    from sqlalchemy import select, update

    from core.outbox.models import Message

    message = session.scalars(select(Message)).one()
    session.add(MessageFile(message_id=message.id, name="c.pdf", media_type="application/pdf", content=b"as it went"))
    session.execute(update(Message).values(status="sent"))
    assert mail.printed(session, system(), letter_id=row.letter_id).content == b"as it went"


def test_letters_that_no_e_mail_takes_are_printed_together(session):
    for code in ("C1", "C2"):
        a_charge(session, a_customer(session, code), overdue_days=10)
    ids = [row.letter_id for row in run_letters(session, system(), as_of=TODAY)]
    packed_ = mail.to_print(session, system(), letter_ids=ids)
    with zipfile.ZipFile(io.BytesIO(packed_)) as archive:
        assert archive.namelist() == ["carta_C1_2026-03-31.pdf", "carta_C2_2026-03-31.pdf"]


@pytest.mark.parametrize(("subject", "body"), [("", "x"), ("x", " "), ("a\nb", "x"), ("x" * 201, "x")])
def test_the_text_of_the_mail_must_be_there(session, subject, body):
    with pytest.raises(TextOfMailNotValid):
        add_version(
            session, system(), stage="first", language="es", name="x.docx", content=word("x"), subject=subject,
            body=body,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.MANAGER, Role.CASHIER, Role.AUDITOR])
def test_only_an_administrator_edits_templates(session, role):
    with pytest.raises(NotAllowed):
        add_version(session, an_actor(role), stage="first", language="es", name="x.docx", content=word("x"), **MAIL)


def test_a_letter_of_somebody_elses_customer_is_not_printed(session):
    a_charge(session, a_customer(session, "C1", collector="carla"), overdue_days=10)
    [row] = run_letters(session, system(), as_of=TODAY)
    with pytest.raises(mail.LetterNotFound):
        mail.printed(session, an_actor(Role.COLLECTOR, name="otra"), letter_id=row.letter_id)
