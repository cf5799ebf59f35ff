"""Credit and debit notes on the screen, and their approval by somebody else."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.auth.queries import actor_named
from core.db import reading, transaction
from core.documents.approval import note_requests
from core.documents.credit_notes import Note, register_credit_note
from core.documents.models import Document
from core.ledger.models import Entry
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_credit_note, a_customer, customer_of

NOTES, APPROVALS = "pages/documents/notes.py", "pages/documents/note_approvals.py"


@pytest.fixture
def books(database, business_day):
    """C1 owes F1 of 600; credit notes above 100 wait for approval."""
    business_day(TODAY)
    with transaction() as session:
        set_setting(session, system(), key="approval.credit_note", value="100.00")
        a_charge(session, a_customer(session, "C1", legal_name="Aceros", region="Norte"), amount="600.00", number="F1")


def texts(at) -> str:
    shown = (*at.title, *at.markdown, *at.caption, *at.error, *at.info)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def button(at, label):
    return next(one for one in at.button if one.label == label)


def field(at, label, kind="text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def registered(screen, who, total="50.00", document="F1"):
    """A credit note typed and sent."""
    at = screen(NOTES, who(Role.CASHIER, "caja"), cliente="C1").run()
    field(at, "Total con impuesto").set_value(total)
    if document:
        field(at, "Documentos a los que se aplica", "multiselect").set_value([document])
    field(at, "Motivo", "selectbox").set_value("return").run()
    button(at, "Registrar nota de crédito").click().run()
    assert not at.exception
    return at


def open_of(number) -> Decimal:
    with reading() as session:
        return session.scalars(select(col(Entry.open)).where(col(Entry.number) == number)).one()


def test_a_credit_note_closes_the_document(books, who, screen):
    at = registered(screen, who)
    assert open_of("F1") == Decimal("550.00")
    assert "$50.00 aplicado, $0.00 a favor" in at.toast[0].value


def test_without_document_it_stays_in_favour_and_is_listed(books, who, screen):
    at = registered(screen, who, document="")
    assert open_of("F1") == Decimal("600.00")
    assert list(at.dataframe[0].value["left"]) == [Decimal("50.00")]


def test_above_the_limit_it_waits(books, who, screen):
    at = registered(screen, who, total="100.01")
    assert "espera la aprobación de otra persona" in at.toast[0].value
    assert open_of("F1") == Decimal("600.00")
    assert list(at.dataframe[0].value["requested_by"]) == ["caja"]


def test_somebody_else_approves_it(books, who, screen):
    registered(screen, who, total="150.00")
    at = screen(APPROVALS, who(Role.MANAGER, "jefa")).run()
    assert not at.exception
    assert list(at.dataframe[0].value["amount"]) == [Decimal("150.00")]
    button(at, "Aprobar la nota").click().run()
    assert open_of("F1") == Decimal("450.00")
    assert "Nada por aprobar" in texts(screen(APPROVALS, who(Role.MANAGER, "jefa")).run())


def test_a_refusal_needs_a_word(books, who, screen):
    registered(screen, who, total="150.00")
    at = screen(APPROVALS, who(Role.MANAGER, "jefa")).run()
    button(at, "Rechazar").click().run()
    assert "Escriba el motivo" in texts(at)
    field(at, "Motivo o comentario").set_value("sin evidencia").run()
    button(at, "Rechazar").click().run()
    with reading() as session:
        assert note_requests(session, system()) == []
        assert session.scalars(select(Document).where(col(Document.kind) == "credit_note")).all() == []


def test_who_asks_does_not_approve(books, who, screen):
    who(Role.ADMIN, "unica")
    with transaction() as session:
        asked = Note(customer_of(session, "C1").id or 0, TODAY, Decimal("150.00"), "MXN", "return")
        register_credit_note(session, actor_named(session, "unica"), note=asked)
    at = screen(APPROVALS, "unica").run()
    button(at, "Aprobar la nota").click().run()
    assert "debe aprobarla o rechazarla otra persona" in texts(at)


def test_a_debit_note_is_owed(books, who, screen):
    at = screen(NOTES, who(Role.CASHIER, "caja"), cliente="C1").run()
    field(at, "Qué registra", "button_group").set_value("cargo").run()
    field(at, "Total con impuesto").set_value("80.00")
    field(at, "Motivo", "selectbox").set_value("bank_fee").run()
    button(at, "Registrar nota de cargo").click().run()
    assert not at.exception
    with reading() as session:
        kinds = session.scalars(select(col(Entry.kind)).where(col(Entry.amount) == Decimal("80.00")))
        assert list(kinds) == ["debit_note"]


def test_nothing_typed_is_nothing_saved(books, who, screen):
    at = screen(NOTES, who(Role.CASHIER, "caja"), cliente="C1").run()
    assert button(at, "Registrar nota de crédito").disabled
    assert "Elija el cliente y el motivo" in texts(at)


@pytest.mark.parametrize(("path", "role"), [(NOTES, Role.COLLECTOR), (APPROVALS, Role.CASHIER), (NOTES, Role.AUDITOR)])
def test_the_wrong_role_sees_nothing(books, who, screen, path, role):
    with transaction() as session:
        a_credit_note(session, customer_of(session, "C1"))
    at = screen(path, who(role, "x")).run()
    assert not at.dataframe
    assert not at.text_input
