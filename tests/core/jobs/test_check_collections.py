"""`db check` finds collectors' rows that somebody changed behind the program's back."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import system
from core.collections.calls import ContactForm, Promised, record_contact
from core.collections.models import Channel
from core.db import reading, transaction
from core.disputes.opening import open_dispute
from core.jobs.check_books import check_books
from core.letters.running import run_letters
from core.policies.settings import set_setting
from core.promises.recording import reschedule_promise
from core.tasks.models import TaskKind
from core.tasks.raising import raise_task
from tests.build import TODAY, a_charge, a_customer, an_event
from tests.support.databases import Database

LATER = TODAY + timedelta(days=5)


@pytest.fixture
def books(database: Database, business_day) -> Database:
    """C1 owes F1 and F2: a contact with a promise, put off; a dispute, a letter, a task; C2 owes G1."""
    business_day(TODAY)
    with transaction() as session:
        set_setting(session, system(), key="contact.hours.MX", value="0-24")
        first, other = a_customer(session, "C1", email="pagos@c1.example"), a_customer(session, "C2")
        for number in ("F1", "F2"):
            a_charge(session, first, number=number, amount="100.00", overdue_days=20)
        a_charge(session, other, number="G1", amount="50.00", overdue_days=-5)
        run_letters(session, system(), as_of=TODAY)
        form = ContactForm(
            customer_id=first.id or 0, channel=Channel.CALL, outcome="promise",
            promise=Promised(amount=Decimal("60.00"), currency="MXN", promised_on=LATER, documents=["F1"]),
        )  # fmt: skip
        made = record_contact(session, system(), contact=form)
        reschedule_promise(session, system(), number=made.promise or "", on=TODAY, promised_on=LATER)
        open_dispute(
            session, system(), customer_id=first.id or 0, document="F2", amount=Decimal("10.00"), opened_on=TODAY,
            reason="price",
        )  # fmt: skip
        raise_task(
            session, kind=TaskKind.OTHER, event_id=an_event(session), assigned_to="ana", assigned_by="ana",
            raised_on=TODAY, due_on=TODAY, title="Llamar",
        )  # fmt: skip
    return database


def found() -> list[str]:
    with reading() as session:
        return check_books(session, system(), today=TODAY)


def tamper(database: Database, statement: str) -> None:
    """As somebody who switches the protections of SQLite off."""
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _name, sql in triggers:
            connection.execute(sql)


def test_sound_rows_have_nothing_to_say(books):
    assert found() == []


@pytest.mark.backend("sqlite")  # the rules are plain SQL; the sound books above run them on both databases
@pytest.mark.parametrize(("statement", "told"), [
    ("UPDATE promise SET ends_on = '2026-01-01' WHERE id = 1", "La promesa PR-000001 no tiene sus fechas en orden"),
    ("UPDATE promise SET event_id = 99999 WHERE id = 1", "promise 1: no hay en la bitácora un evento"),
    ("UPDATE promise_ending SET event_id = 99999", "promise_ending 1: no hay en la bitácora un evento"),
    ("UPDATE promise_document SET document_id = 3 WHERE promise_id = 1", "La promesa PR-000001 nombra G1, que no es"),
    ("UPDATE promise SET currency = 'USD' WHERE id = 1", "nombra F1, que no es un cargo de su cliente en su moneda"),
    ("UPDATE promise_ending SET ended_on = '2026-01-01'", "La promesa PR-000001 terminó el 01/01/2026, antes de"),
    ("UPDATE promise_ending SET ending = 'withdrawn'", "La promesa PR-000002 está en lugar de PR-000001"),
    ("UPDATE dispute SET document_id = 3", "La aclaración AC-000001 es sobre G1, que no es un cargo de su cliente"),
    ("UPDATE dispute SET closed_on = '2026-01-01'", "La aclaración AC-000001 se cerró el 01/01/2026, antes de"),
    ("UPDATE contact SET customer_id = 2", "La gestión 1 lleva una promesa o una aclaración de otro cliente"),
    ("UPDATE letter SET customer_id = 2", "La carta 1 nombra F1, que no es un documento de su cliente"),
    ("UPDATE letter_line SET number = 'F9' WHERE number = 'F1'", "La carta 1 nombra F9, que no es un documento"),
    ("UPDATE letter SET overdue = 1", "La carta 1 dice que se deben 0.01, pero sus renglones suman 200.00"),
    ("DELETE FROM outbox_message", "La carta 1 no está entre los correos"),
    ("UPDATE outbox_message SET status = 'sent'", "El correo 1 no dice cuándo se envió"),
    ("UPDATE task SET done_on = '2026-04-01'", "La tarea 1 está hecha sin decir cuándo o por quién"),
])  # fmt: skip
def test_what_was_changed_is_told(books, statement, told):
    tamper(books, statement)
    assert any(told in one for one in found()), found()
