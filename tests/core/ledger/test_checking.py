"""`db check` finds what somebody changed behind the program's back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from sqlmodel import Session

from core.auth.actor import Actor, system
from core.auth.models import User
from core.auth.queries import actor_of
from core.clock import now
from core.db import reading, transaction
from core.jobs.check_books import check_books
from core.jobs.close_month import close_month, reopen_month
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.payments.application import Way, undo_application
from core.payments.refunds import refund
from core.payments.registration import register_payment
from core.payments.reversal import reverse_payment
from core.payments.unidentified import identify_payment
from core.policies.settings import set_setting
from tests.build import (
    TODAY,
    a_charge,
    a_credit_note,
    a_customer,
    a_payment,
    an_event,
    line,
    pay,
    received,
)  # fmt: skip
from tests.support.databases import Database, plain

Tamper = Callable[..., None]


@pytest.fixture(autouse=True)
def _today(business_day):
    business_day(TODAY)


@pytest.fixture
def tamper(database: Database) -> Tamper:
    """Runs statements as somebody who switches the protections off for a moment."""

    def run(*statements: str) -> None:
        if database.name != "sqlite":
            with psycopg.connect(plain(database.url), autocommit=True) as connection:
                connection.execute("SET session_replication_role = replica")
                for statement in statements:
                    connection.execute(statement)
            return
        with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            connection.execute("PRAGMA ignore_check_constraints=ON")
            for name, _sql in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for _name, sql in triggers:
                connection.execute(sql)

    return run


def found() -> list[str]:
    with reading() as session:
        return check_books(session, system(), today=TODAY)


@pytest.fixture
def books(database: Database) -> None:
    """F1 (two instalments) partly paid by P1, F2 paid by P2 which came back, N1 in favour, P9 nobody's."""
    with transaction() as session:
        customer = a_customer(session, "C1")
        due = TODAY - timedelta(days=20)
        parts = [(due, "60.00"), (due + timedelta(days=10), "40.00")]
        first = a_charge(session, customer, number="F1", issued_on=due, instalments=parts)
        second = a_charge(session, customer, number="F2", amount="200.00", overdue_days=15)
        pay(session, customer, first, amount="70.00", number="P1", paid_on=TODAY - timedelta(days=5))
        returned = pay(session, customer, second, amount="200.00", number="P2", paid_on=TODAY - timedelta(days=4))
        batch = Batch(session, event_id=an_event(session))
        id_ = returned.id or 0
        items = batch.load_of(Source.PAYMENT, [id_])[id_]
        on = TODAY - timedelta(days=1)
        reverse_whole(batch, items, source=Source.PAYMENT, source_id=id_, number="P2", on=on, reason="returned_cheque")
        batch.flush()
        a_credit_note(session, customer, amount="25.00", number="N1")
        a_payment(session, None, amount="5.00", number="P9")


def test_sound_books_have_nothing_to_say(books):
    assert found() == []


def test_empty_books_are_sound(database):
    assert found() == []


@pytest.mark.parametrize(("statement", "told"), [
    ("UPDATE ledger_entry SET open = open - 1 WHERE number = 'F2'", "F2/1: tiene 199.99 por aplicar"),
    ("UPDATE ledger_application SET amount = 1000 WHERE id = 1", "F1/1: tiene 0.00 por aplicar, pero sus aplicaciones"),
    ("UPDATE ledger_application SET applied_on = '2026-03-01' WHERE id = 1", "antes de que existieran los dos"),
    ("UPDATE ledger_application SET due_on = '2026-03-01' WHERE id = 1", "no lleva los datos de los dos"),
    ("UPDATE ledger_application SET paid_on = NULL WHERE id = 1", "no lleva los datos de los dos"),
    ("UPDATE ledger_application SET currency = 'USD' WHERE id = 1", "no lleva los datos de los dos"),
    ("UPDATE ledger_application SET credit_id = charge_id WHERE id = 1", "no une un abono con un cargo"),
    ("UPDATE ledger_application SET charge_id = 99999 WHERE id = 1", "no une un abono con un cargo"),
    ("UPDATE ledger_application SET amount = amount + 1 WHERE undoes_id IS NOT NULL", "no es su espejo exacto"),
    ("UPDATE ledger_application SET applied_on = '2026-03-01' WHERE undoes_id IS NOT NULL", "no es su espejo exacto"),
    ("UPDATE ledger_application SET undoes_id = 99999 WHERE undoes_id IS NOT NULL", "deshace una que no existe"),
    ("UPDATE ledger_reversal SET reversed_on = '2026-03-29'", "La reversión de P2 del 29/03/2026"),
    ("DELETE FROM ledger_application WHERE applied_on = '2026-03-30' AND amount > 0", "P2: está reversado desde"),
    ("UPDATE ledger_reversal SET reversed_on = '2026-01-01'", "P2: está reversado el 01/01/2026, antes de existir"),
    ("UPDATE ledger_entry SET amount = 1 WHERE kind = 'reversal'", "La reversión de P2"),
    ("UPDATE ledger_entry SET number = 'P3' WHERE kind = 'reversal'", "La reversión de P3"),
    ("UPDATE document SET due_on = '2026-05-01' WHERE number = 'F2'", "F2: vence el 01/05/2026, pero su última"),
    ("UPDATE ledger_entry SET due_on = '2026-05-01' WHERE number = 'F1' AND instalment = 2", "F1: vence el"),
    ("UPDATE ledger_entry SET currency = 'USD' WHERE number = 'P1'", "P1 se aplicó a F1, que es de otro cliente"),
    ("UPDATE ledger_entry SET amount = 1, open = 1 WHERE number = 'N1'", "N1: el total es 25.00, pero sus"),
    ("UPDATE document SET total = 1 WHERE number = 'F2'", "F2: el total es 0.01, pero sus parcialidades suman 200.00"),
    ("DELETE FROM ledger_entry WHERE number = 'F1' AND instalment = 1", "F1: el total es 100.00, pero sus"),
    ("UPDATE document SET issued_on = '2026-01-01' WHERE number = 'F2'", "F2: el movimiento en la cuenta no lleva"),
    ("UPDATE payment SET amount = 1 WHERE number = 'P1'", "P1: el movimiento en la cuenta no lleva los datos del pago"),
    ("UPDATE payment SET came_unidentified = false WHERE number = 'P9'", "P9: el pago no está en ninguna cuenta"),
    ("DELETE FROM payment WHERE number = 'P1'", "P1: es un movimiento de un papel que no existe"),
    ("DELETE FROM ledger_number WHERE number = 'F1'", "F1: el documento no lleva ese número"),
    ("DELETE FROM ledger_number WHERE number = 'P9'", "P9: el pago no lleva ese número"),
    ("DELETE FROM payment WHERE number = 'P9'", "P9: el número está registrado y no es de ningún"),
    ("UPDATE document SET event_id = 99999 WHERE number = 'F2'", "no hay en la bitácora un evento"),
    ("UPDATE audit_event SET user_name = '' WHERE id = 1", "evento 1 sin usuario"),
    ("UPDATE audit_event SET user_id = 77 WHERE id = 1", "evento 1 sin usuario, o de un usuario que no existe"),
])  # fmt: skip
def test_each_kind_of_tampering_is_told(books, tamper, statement, told):
    tamper(statement)
    assert any(told in line for line in found()), found()


@pytest.fixture
def screens(database: Database) -> None:
    """U1 in dollars paid by P1 in pesos; F1 by P2 but for a crumb, undone; N1 partly given back; X1 identified."""
    with transaction() as session:
        ana = an_user(session, "ana")
        set_setting(session, system(), key="writeoff.tolerance", value="1.00")
        customer, nobody = a_customer(session, "C1"), a_customer(session, "C2")
        dollars = a_charge(session, customer, number="U1", amount="10.00", currency="USD", rate="18.5", overdue_days=20)
        pesos = a_charge(session, customer, number="F1", amount="60.00", overdue_days=20)
        for number, amount, charge in (("P1", "187.69", dollars), ("P2", "59.80", pesos)):
            applied = "10.00" if charge is dollars else amount
            lines = [line(session, charge, applied, close=charge is pesos)]
            way = Way(document_rate=Decimal("18.7694") if charge is dollars else None)
            register_payment(session, ana, received=received(customer, amount, number=number), lines=lines, way=way)
        undo_application(session, ana, number="P2", document="F1", on=TODAY, reason="error")
        a_credit_note(session, customer, amount="40.00", number="N1")
        refund(session, ana, number="N1", amount=Decimal("15.00"), on=TODAY)
        a_payment(session, None, amount="5.00", number="X1", paid_on=TODAY - timedelta(days=9))
        a_payment(session, None, amount="6.00", number="X2", paid_on=TODAY - timedelta(days=9))
        identify_payment(session, ana, number="X1", customer_id=nobody.id or 0, on=TODAY)
        reverse_payment(session, an_user(session, "beto"), number="X2", on=TODAY, reason="error")


def test_sound_books_of_screens_have_nothing_to_say(screens):
    assert found() == []


@pytest.mark.parametrize(("statement", "told"), [
    ("DELETE FROM ledger_reversal WHERE document_id IS NOT NULL", "P2 a F1 se deshizo el 31/03/2026 sin una reversión"),
    ("UPDATE ledger_reversal SET reversed_on = '2026-04-02' WHERE document_id IS NOT NULL", "sin una reversión que lo"),
    ("UPDATE ledger_reversal SET event_id = 1 WHERE document_id IS NOT NULL", "sin una reversión que lo diga"),
    ("UPDATE ledger_reversal SET document_id = 1 WHERE document_id IS NOT NULL", "no deshizo nada"),
    ("UPDATE ledger_adjustment SET booked_on = '2026-03-01' WHERE kind = 'refund'", "de N1, no dicen lo mismo"),
    ("UPDATE ledger_adjustment SET source_id = 2 WHERE kind = 'exchange'", "de P1, no dicen lo mismo"),
    ("UPDATE ledger_adjustment SET document_id = 2 WHERE kind = 'exchange'", "cerró U1, que no es el documento"),
    ("UPDATE ledger_reversal SET reversed_on = '2026-03-01' WHERE source = 'payment' AND document_id IS NULL",
     "X2: se reversó el 01/03/2026, antes de recibirse"),
    ("UPDATE ledger_entry SET booked_on = '2026-03-25' WHERE number = 'X1'", "X1: está en una cuenta desde el 25/03"),
    ("UPDATE ledger_entry SET customer_id = 1 WHERE number = 'X1'", "X1: está en una cuenta desde el 31/03/2026 y la"),
    ("DELETE FROM ledger_entry WHERE number = 'X1'", "X1: la bitácora dice que se identificó, pero no está en ninguna"),
    ("DELETE FROM audit_event WHERE action = 'payment.identified'", "X1: está en una cuenta desde el 31/03/2026 y la"),
])  # fmt: skip
def test_tampering_with_what_screens_did_is_told(screens, tamper, statement, told):
    tamper(statement)
    assert any(told in one for one in found()), found()


def test_a_balance_that_left_its_bounds_in_the_past_is_told(books, tamper):
    """Today adds up; on the day between, more was applied than there was."""
    tamper("UPDATE ledger_application SET amount = 30000 WHERE charge_id ="
           " (SELECT id FROM ledger_entry WHERE number = 'F2') AND amount = 20000 AND undoes_id IS NULL"
           " AND id = (SELECT MIN(undoes_id) FROM ledger_application)",
           "UPDATE ledger_application SET amount = -30000 WHERE undoes_id IS NOT NULL")  # fmt: skip
    assert [line for line in found() if line.startswith("F2/1")] == [
        "F2/1: al 27/03/2026 quedaban -100.00 de 200.00; no puede ser menos que cero ni más que el importe."
    ]


def test_an_open_balance_that_no_entry_explains_unties_the_aging(books, tamper):
    tamper("UPDATE ledger_entry SET open = open - 1 WHERE number = 'F2'")
    assert "C1, MXN: el saldo abierto al 31/03/2026 no es la suma de sus movimientos." in found()


def test_missing_protections_are_told(session, database):
    where = "" if database.name == "sqlite" else " ON ledger_entry"
    session.connection().exec_driver_sql(f"DROP TRIGGER keep_ledger_entry_delete{where}")
    told = check_books(session, system(), today=TODAY)
    assert told == ["ledger_entry: faltan las protecciones contra borrar y cambiar (delete)."]


@pytest.mark.backend("postgresql")
def test_protections_that_are_switched_off_are_told(session):
    session.connection().exec_driver_sql("ALTER TABLE payment DISABLE TRIGGER keep_payment_update")
    told = check_books(session, system(), today=TODAY)
    assert told == ["payment: faltan las protecciones contra borrar y cambiar (update)."]


@pytest.fixture
def closed_january(database: Database) -> None:
    with transaction(alone=True) as session:
        customer = a_customer(session, "C1")
        a_charge(session, customer, number="F1", issued_on=date(2026, 1, 10))
        close_month(session, system(), month="2026-01")


def test_what_was_there_when_the_month_closed_may_stay(closed_january):
    assert found() == []


def test_a_paper_slipped_into_a_closed_month_is_told(closed_january, tamper):
    with transaction() as session:
        a_charge(session, a_customer(session, "C2"), number="F2", issued_on=date(2026, 2, 10))
    tamper("UPDATE document SET issued_on = '2026-01-31' WHERE number = 'F2'",
           "UPDATE ledger_entry SET booked_on = '2026-01-31' WHERE number = 'F2'")  # fmt: skip
    assert found() == ["document F2: lleva la fecha 31/01/2026, de un mes que ya estaba cerrado cuando se escribió."]


def test_a_paper_written_while_the_month_was_open_again_may_stay(closed_january):
    with transaction(alone=True) as session:
        reopen_month(session, an_user(session), month="2026-01", reason="factura tardía")
        a_charge(session, a_customer(session, "C2"), number="F2", issued_on=date(2026, 1, 31))
        close_month(session, system(), month="2026-01")
    assert found() == []


def test_money_identified_in_a_month_that_was_closed_by_then_is_told(closed_january, tamper):
    """Even by who changes the log along with the ledger: the event comes after the closing."""
    with transaction() as session:
        a_payment(session, None, number="X1", paid_on=date(2026, 1, 5))
        ana, customer = an_user(session, "ana"), a_customer(session, "C2")
        identify_payment(session, ana, number="X1", customer_id=customer.id or 0, on=date(2026, 2, 5))
    tamper("UPDATE ledger_entry SET booked_on = '2026-01-20' WHERE number = 'X1'",
           "UPDATE payment SET event_id = 1 WHERE number = 'X1'",
           "UPDATE audit_event SET facts = '{\"on\": \"2026-01-20\"}' WHERE action = 'payment.identified'")  # fmt: skip
    assert found() == ["payment X1: lleva la fecha 20/01/2026, de un mes que ya estaba cerrado cuando se escribió."]


def test_money_identified_before_its_month_closed_may_stay(database):
    with transaction(alone=True) as session:
        a_payment(session, None, number="X1", paid_on=date(2026, 1, 5))
        ana, customer = an_user(session, "ana"), a_customer(session, "C2")
        identify_payment(session, ana, number="X1", customer_id=customer.id or 0, on=date(2026, 1, 20))
        close_month(session, system(), month="2026-01")
    assert found() == []


def test_a_log_that_names_no_month_is_told(closed_january, tamper):
    tamper("UPDATE audit_event SET entity_id = '2026-01x' WHERE action = 'month.closed'")
    assert found() == ["Los meses cerrados no son los que dice la bitácora."]


def test_closings_without_their_event_are_told(closed_january, tamper):
    tamper("DELETE FROM ledger_month_lock")
    assert found() == ["Los meses cerrados no son los que dice la bitácora."]


@pytest.mark.backend("sqlite")
def test_a_row_that_refers_to_nothing_is_told(books, tamper):
    tamper("DELETE FROM customer")
    assert any("se refiere a algo de customer que no existe" in line for line in found())


def an_user(session: Session, name: str = "beto") -> Actor:
    """Somebody whom the database knows: the log names real users only."""
    made = User(name=name, role="admin", created_at=now())
    session.add(made)
    session.flush()
    return actor_of(made)
