"""Prelegal and legal on the screen: candidates, hand-over and its approval, a case, agencies."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.auth.actor import Role, system
from core.auth.queries import actor_named
from core.db import reading, transaction
from core.legal.card import case_card
from core.legal.following import add_step, save_agency
from core.legal.handing import approve_hand_over, propose_hand_over
from core.legal.models import Stage, StepKind
from core.legal.queries import cases
from tests.build import TODAY, a_charge, a_customer, customer_of, pay

SCREEN = "pages/collections/cases.py"
D = Decimal


@pytest.fixture
def books(database, business_day, who):
    """C1, carla's, owes F1 (60,000.00, 200 days overdue) and F2 (300.00, not yet due); one agency at 10 %."""
    business_day(TODAY)
    with transaction() as session:
        customer = a_customer(session, "C1", legal_name="Aceros", collector="carla", region="Norte")
        a_charge(session, customer, amount="60000.00", overdue_days=200, number="F1")
        a_charge(session, customer, amount="300.00", due_on=TODAY + timedelta(days=15), number="F2")
        save_agency(session, system(), name="Despacho Uno", commission_pct=D("10"))
    who(Role.COLLECTOR, "carla")
    who(Role.MANAGER, "jefe")


def texts(at) -> str:
    shown = (*at.title, *at.markdown, *at.caption, *at.error, *at.info, *at.warning)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def labels(at) -> list[str]:
    return [one.label for one in at.button]


def button(at, label):
    return next(one for one in at.button if one.label == label)


def field(at, label, kind="text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def handed(stage=Stage.LEGAL, *, approve=True, **fields) -> str:
    with transaction() as session:
        customer = customer_of(session, "C1")
        made = propose_hand_over(
            session, actor_named(session, "carla"), customer_id=customer.id or 0, stage=stage, documents=["F1"],
            reason="no contesta", on=TODAY, **fields,
        )  # fmt: skip
        if approve:
            approve_hand_over(session, actor_named(session, "jefe"), hand_over_id=made.id or 0, on=TODAY)
        return cases(session, system(), as_of=TODAY, customer="C1")[0].number


def card(number):
    with reading() as session:
        return case_card(session, system(), number=number, as_of=TODAY)


def test_without_cases_it_says_so(books, screen):
    at = screen(SCREEN, "carla").run()
    assert not at.exception
    assert "Ningún expediente aquí" in texts(at)


def test_candidates_are_listed_with_their_reasons(books, screen):
    at = screen(SCREEN, "carla", ver="Candidatos").run()
    assert not at.exception
    rows = at.dataframe[0].value
    assert list(rows["reasons"]) == ["200 días de atraso y $60,000.00 vencido"]
    assert list(rows["proposed"]) == ["Legal"]


def test_a_hand_over_is_proposed_on_the_screen_and_approved_by_the_manager(books, screen):
    at = screen(SCREEN, "carla", entregar="legal", cliente="C1").run()
    assert not at.exception
    assert "1 documento: $60,000.00 MXN" in texts(at)
    assert "se bloquea su crédito" in texts(at)
    button(at, "Proponer la entrega").click().run()
    assert "Escriba el motivo" in texts(at)
    field(at, "Motivo", "text_area").set_value("no contesta").run()
    button(at, "Proponer la entrega").click().run()
    assert not at.exception
    with reading() as session:
        [row] = cases(session, system(), as_of=TODAY)
    assert (row.stage, row.waiting) == (None, "legal")

    at = screen(SCREEN, "carla", expediente=row.number).run()
    assert "Aprobar la entrega" not in labels(at)
    at = screen(SCREEN, "jefe", expediente=row.number).run()
    button(at, "Aprobar la entrega").click().run()
    assert not at.exception
    assert card(row.number).stage == "legal"


def test_who_proposed_sees_no_button_to_approve(books, who, screen):
    who(Role.ADMIN, "carla2")
    number = handed(approve=False)
    assert "Aprobar la entrega" in labels(screen(SCREEN, "carla2", expediente=number).run())
    at = screen(SCREEN, "carla", expediente=number).run()
    assert "alguien distinto de quien la propuso" in texts(at)


def test_a_case_shows_its_list_steps_costs_and_what_came(books, screen):
    number = handed()
    with transaction() as session:
        customer = customer_of(session, "C1")
        carla = actor_named(session, "carla")
        add_step(session, carla, number=number, kind=StepKind.HEARING, on=TODAY + timedelta(days=9), what="Previa")
    at = screen(SCREEN, "carla", expediente=number).run()
    assert not at.exception
    assert "Aceros" in texts(at)
    listed = next(one.value for one in at.dataframe if "handed" in one.value and "number" in one.value)
    assert list(listed["handed"]) == [D("60000.00")]
    assert "Sin gastos" in texts(at)
    assert customer is not None
    at = screen(SCREEN, "carla", ver="Audiencias").run()
    assert "Previa" in texts(at)


def test_agencies_show_what_they_recovered_and_earned(books, screen):
    with reading() as session:
        from core.legal.queries import agencies

        [agency] = agencies(session, system())
    handed(Stage.AGENCY, agency_id=agency.agency_id)
    with transaction() as session:
        from core.documents.finding import visible_document

        pay(session, customer_of(session, "C1"), visible_document(session, system(), "F1"), amount="1000.00")
    at = screen(SCREEN, "jefe", ver="Despachos").run()
    assert not at.exception
    rows = at.dataframe[0].value
    assert (list(rows["recovered"]), list(rows["commission"])) == ([D("1000.00")], [D("100.00")])
    assert "Nuevo despacho" in labels(at)
    assert "Nuevo despacho" not in labels(screen(SCREEN, "carla", ver="Despachos").run())


def test_the_wrong_role_sees_nothing_and_the_auditor_changes_nothing(books, who, screen):
    number = handed()
    at = screen(SCREEN, who(Role.CASHIER, "caja")).run()
    assert "no es de su función" in texts(at)
    assert at.dataframe == []
    at = screen(SCREEN, who(Role.AUDITOR, "audi"), expediente=number).run()
    assert not at.exception
    assert not {"Anotar paso", "Anotar gasto", "Pasar a otra etapa", "Devolver a interna"} & set(labels(at))
    at = screen(SCREEN, who(Role.COLLECTOR, "otro"), expediente=number).run()
    assert "Aceros" not in texts(at)
