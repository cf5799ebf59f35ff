"""Conciliaciones: the customer's file compared, its differences shown, agreed and signed; nothing for who may not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role
from core.auth.queries import actor_named
from core.db import reading, transaction
from core.reconciliations.kinds import Party
from core.reconciliations.matching import Theirs
from core.reconciliations.queries import State, reconciliations
from core.reconciliations.recording import agree, save
from tests.build import TODAY, a_charge, a_customer

PATH = "pages/collections/reconciliations.py"


@pytest.fixture
def book(database, business_day, who):
    business_day(TODAY)
    who(Role.COLLECTOR, "ana", full_name="Ana Treviño")
    with transaction() as session:
        customer = a_customer(session, "C1", legal_name="Aceros del Norte", collector="ana")
        a_charge(session, customer, number="F-1", amount="1000.00")
        a_charge(session, customer, number="F-2", amount="250.00")
        return customer.id


def kept(book):
    with transaction() as session:
        actor = actor_named(session, "ana", origin="web")
        return save(
            session, actor, customer_id=book, currency="MXN", cut_on=TODAY, today=TODAY,
            theirs=[Theirs(2, "F-1", None, Decimal("900.00"))], file=("lista.csv", b"folio,saldo\nF-1,900\n"),
        )  # fmt: skip


def texts(at):
    assert not at.exception, at.exception
    kinds = (at.title, at.markdown, at.caption, at.error, at.metric)
    return " ".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def test_a_file_is_compared_and_opened_at_once(book, screen):
    at = screen(PATH, "ana", nueva="1", cliente="C1").run()
    at.file_uploader[0].set_value(("lista.csv", b"folio,saldo\nF-1,900.00\nX-9,10.00\n", "text/csv")).run()
    next(one for one in at.button if one.label == "Comparar y guardar").click().run()
    said = texts(at)
    assert "CON-" in said
    assert {"$1,250.00", "$910.00", "$340.00"} <= set(said.split())
    causes = at.dataframe[0].value
    assert dict(zip(causes["cause"], causes["difference"], strict=True)) == {
        "Está en lo nuestro y no en lo suyo": Decimal("250.00"),
        "Está en lo suyo y no en lo nuestro": Decimal("-10.00"), "Importe distinto": Decimal("100.00"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"), [("lista.csv", b"a,b\n1,2\n"), ("lista.csv", b"folio,saldo\nF-1,abc\n"), ("lista.xlsx", b"x")]
)
def test_a_file_that_is_no_list_is_refused_in_words_and_nothing_is_kept(book, screen, name, data):
    at = screen(PATH, "ana", nueva="1", cliente="C1").run()
    at.file_uploader[0].set_value((name, data, "text/csv")).run()
    next(one for one in at.button if one.label == "Comparar y guardar").click().run()
    assert "La lista no se comparó." in texts(at)
    with reading() as session:
        assert reconciliations(session, actor_named(session, "ana", origin="web")) == []


def test_the_differences_with_their_causes_and_the_proof(book, screen):
    at = screen(PATH, "ana", folio=kept(book).number).run()
    said = texts(at)
    assert "Aceros del Norte" in said
    assert "Los renglones explican toda la diferencia: $350.00 MXN" in said
    lines = at.dataframe[1].value
    assert list(lines["our_number"]) == ["F-2", "F-1"]


def test_agreements_and_the_minute(book, screen):
    one = kept(book)
    with transaction() as session:
        agree(
            session, actor_named(session, "ana", origin="web"), reconciliation_id=one.id, party=Party.US, owner="ana",
            text="Emitir nota de crédito", today=TODAY, due_on=TODAY + timedelta(days=7),
        )  # fmt: skip
    said = texts(screen(PATH, "ana", folio=one.number, parte="Acuerdos").run())
    assert "Emitir nota de crédito" in said
    assert "Ana Treviño" in said
    at = screen(PATH, "ana", folio=one.number, parte="Minuta").run()
    texts(at)
    assert next(button for button in at.button if button.label == "Firmar la minuta").disabled


def test_the_history_lists_them_and_says_so_when_there_are_none(book, screen):
    assert "No hay conciliaciones" in texts(screen(PATH, "ana").run())
    kept(book)
    at = screen(PATH, "ana").run()
    assert list(at.dataframe[0].value["gap"]) == [Decimal("350.00")]
    assert "No hay conciliaciones" in texts(screen(PATH, "ana", ver="Firmada").run())
    assert State.DRAFT.value == "draft"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_only_reads_sees_all_of_it_and_changes_nothing(book, screen, who, role):
    number = kept(book).number
    name = who(role, "lee")
    at = screen(PATH, name).run()
    assert len(at.dataframe) == 1
    assert "Nueva conciliación" not in [one.label for one in at.button]
    assert not screen(PATH, name, nueva="1").run().file_uploader
    at = screen(PATH, name, folio=number).run()
    assert "Aceros" in texts(at)
    assert not {"Descartar", "Agregar acuerdo"} & {one.label for one in at.button}


def test_nothing_for_who_may_not_or_does_not_see_the_customer(book, screen, who):
    number = kept(book).number
    assert "no es de su función" in texts(screen(PATH, who(Role.SALES_REP, "vera")).run())
    at = screen(PATH, who(Role.COLLECTOR, "eva"), folio=number).run()
    assert "Aceros" not in texts(at)
    assert not screen(PATH, "eva").run().dataframe
