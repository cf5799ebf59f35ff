"""Cases followed: what is recovered, steps and hearings, costs, agencies, lists and papers."""

import io
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.errors import NotAllowed
from core.legal.card import case_card, cost_totals, handed_documents
from core.legal.following import (
    AgencyExists,
    CommissionNotValid,
    CostUndone,
    StepDone,
    StepTextMissing,
    TimeNotValid,
    add_cost,
    add_step,
    change_case,
    finish_step,
    save_agency,
    undo_cost,
)
from core.legal.handing import (
    CaseNotFound,
    approve_hand_over,
    return_case,
)
from core.legal.models import CostKind, HandOverDocument, Stage, StepKind
from core.legal.notices import warn
from core.legal.paper import as_pdf, as_workbook, cases_sheet
from core.legal.queries import agencies, cases, hearings, open_to_hand, waiting_hand_overs
from core.legal.recoveries import agency_totals, recoveries
from core.payments.reversal import reverse_payment
from core.portfolio.statement_files import Letterhead
from core.tasks.models import Notice, Task
from tests.build import TODAY, an_actor, pay
from tests.core.legal.support import ADMIN, BOSS, CARLA, D, after, an_agency, handed, number_of, proposed


# ------------------------------------------------------------------ recoveries
def test_money_since_the_hand_over_is_recovered_with_its_commission(session, books):
    customer, first, second = books
    pay(session, customer, first, amount="1000.00")  # before it, the same day
    made = proposed(session, customer, Stage.AGENCY, agency_id=an_agency(session, pct="12.5").id)
    approve_hand_over(session, BOSS, hand_over_id=made.id, on=TODAY)
    pay(session, customer, first, amount="333.33", paid_on=after(3))
    pay(session, customer, second, amount="500.00", paid_on=after(3))  # was not handed over
    [one] = recoveries(session, ADMIN, start=None, end=after(10))
    assert (one.handed, one.recovered, one.commission) == (D("59000.00"), D("333.33"), D("41.67"))
    [early] = recoveries(session, ADMIN, start=None, end=after(2))
    assert early.recovered == 0
    [later] = recoveries(session, ADMIN, start=after(4), end=after(10))
    assert (later.recovered, later.ever) == (D("0.00"), D("333.33"))


def test_what_is_undone_is_taken_off_on_its_day(session, books):
    customer, first, _second = books
    handed(session, customer, Stage.AGENCY, agency_id=an_agency(session).id)
    paid = pay(session, customer, first, amount="1000.00", paid_on=after(3))
    reverse_payment(session, BOSS, number=paid.number, on=after(8), reason="returned_cheque")
    found = [recoveries(session, ADMIN, start=start, end=end)[0] for start, end in (
        (after(1), after(7)), (after(8), after(9)), (None, after(9)),
    )]  # fmt: skip
    assert [(one.recovered, one.commission) for one in found] == [
        (D("1000.00"), D("100.00")), (D("-1000.00"), D("-100.00")), (D("0.00"), D("0.00")),
    ]  # fmt: skip


def test_each_stage_has_what_came_while_it_lasted(session, books):
    customer, first, _second = books
    one, two = an_agency(session, "Uno", "10"), an_agency(session, "Dos", "20")
    handed(session, customer, Stage.AGENCY, agency_id=one.id)
    pay(session, customer, first, amount="100.00", paid_on=after(5))
    handed(session, customer, Stage.AGENCY, agency_id=two.id, on=after(10))
    pay(session, customer, first, amount="200.00", paid_on=after(12))
    return_case(session, BOSS, number=number_of(session, customer), on=after(20), reason="sin avance")
    pay(session, customer, first, amount="400.00", paid_on=after(21))
    found = recoveries(session, ADMIN, start=None, end=after(30))
    assert [(row.agency, row.recovered, row.from_on, row.until_on) for row in found] == [
        ("Dos", D("200.00"), after(10), after(19)), ("Uno", D("100.00"), TODAY, after(9)),
    ]  # fmt: skip
    totals = agency_totals(found)
    assert [(row.agency, row.recovered, row.commission) for row in totals] == [
        ("Dos", D("200.00"), D("40.00")), ("Uno", D("100.00"), D("10.00")),
    ]  # fmt: skip


# ------------------------------------------------------------------ following a case
@pytest.fixture
def case(session, books) -> str:
    handed(session, books[0], Stage.LEGAL)
    return number_of(session, books[0])


def test_lawyer_court_guarantee_and_prescription_are_kept(session, case):
    change_case(
        session, CARLA, number=case, lawyer="Lic. Paz", court="2.º Civil", file_number="123/2026",
        guarantee="Hipoteca, folio real 99", prescribes_on=after(400),
    )  # fmt: skip
    card = case_card(session, BOSS, number=case, as_of=TODAY)
    assert (card.lawyer, card.court, card.file_number) == ("Lic. Paz", "2.º Civil", "123/2026")
    assert (card.guarantee, card.prescribes_on) == ("Hipoteca, folio real 99", after(400))


def test_hearings_ahead_are_listed_until_they_have_a_result(session, case):
    made = add_step(
        session, CARLA, number=case, kind=StepKind.HEARING, on=after(10), what="Audiencia previa", at_time="10:30"
    )
    add_step(session, CARLA, number=case, kind=StepKind.HEARING, on=after(90), what="Juicio")
    add_step(session, CARLA, number=case, kind=StepKind.NOTE, on=after(1), what="Llamó el abogado")
    [one] = hearings(session, CARLA, as_of=TODAY)
    assert (one.on_day, one.at_time, one.case) == (after(10), "10:30", case)
    assert cases(session, CARLA, as_of=TODAY)[0].hearing_on == after(10)
    finish_step(session, CARLA, step_id=made.id, on=after(10), result="Se difirió")
    assert hearings(session, CARLA, as_of=TODAY) == []
    with pytest.raises(StepDone):
        finish_step(session, CARLA, step_id=made.id, on=after(11), result="Otra cosa")


def test_hearings_and_prescription_are_told_before_and_once(session, case):
    add_step(session, CARLA, number=case, kind=StepKind.HEARING, on=after(10), what="Audiencia")
    change_case(session, CARLA, number=case, prescribes_on=after(100))
    assert warn(session, system(), as_of=after(2)) == 0
    assert warn(session, system(), as_of=after(3)) == 1  # 7 days before
    assert warn(session, system(), as_of=after(4)) == 0
    [told] = session.scalars(select(Notice).where(col(Notice.kind) == "hearing"))
    assert told.user_name == "carla"
    assert warn(session, system(), as_of=after(10)) == 1  # 90 days before it prescribes
    assert warn(session, system(), as_of=after(11)) == 0
    [task] = session.scalars(select(Task).where(col(Task.kind) == "legal"))
    assert (task.assigned_to, task.due_on) == ("carla", after(100))


@pytest.mark.backend("sqlite")
def test_bad_steps_are_refused_in_words(session, case):
    with pytest.raises(StepTextMissing):
        add_step(session, CARLA, number=case, kind=StepKind.NOTE, on=TODAY, what=" ")
    with pytest.raises(TimeNotValid):
        add_step(session, CARLA, number=case, kind=StepKind.HEARING, on=TODAY, what="x", at_time="25:00")
    with pytest.raises(NotAllowed):
        add_step(session, BOSS, number=case, kind=StepKind.NOTE, on=TODAY, what="x")
    with pytest.raises(CaseNotFound):
        add_step(session, an_actor(Role.COLLECTOR, name="otro"), number=case, kind=StepKind.NOTE, on=TODAY, what="x")


def test_costs_add_up_and_are_undone_by_a_row(session, case):
    made = add_cost(
        session, CARLA, number=case, kind=CostKind.FEES, on=TODAY, amount=D("1500.00"), currency="MXN", what="Anticipo"
    )
    add_cost(session, CARLA, number=case, kind=CostKind.COURT, on=TODAY, amount=D("10.50"), currency="USD")
    assert cost_totals(session, BOSS, number=case) == [("MXN", D("1500.00")), ("USD", D("10.50"))]
    undo_cost(session, CARLA, cost_id=made.id, on=TODAY, reason="duplicado")
    assert cost_totals(session, BOSS, number=case)[0] == ("MXN", D("0.00"))
    with pytest.raises(CostUndone):
        undo_cost(session, CARLA, cost_id=made.id, on=TODAY, reason="otra vez")
    assert len(case_card(session, BOSS, number=case, as_of=TODAY).costs) == 3


def test_agencies_have_one_name_and_a_commission(session):
    made = an_agency(session)
    with pytest.raises(AgencyExists):
        an_agency(session)
    with pytest.raises(CommissionNotValid):
        save_agency(session, BOSS, name="Dos", commission_pct=D("100.01"))
    save_agency(session, BOSS, agency_id=made.id, name="Uno", commission_pct=D("8"), active=False)
    assert [(one.name, one.commission_pct, one.active) for one in agencies(session, CARLA)] == [
        ("Uno", D("8.0000"), False)
    ]
    assert agencies(session, CARLA, active_only=True) == []
    with pytest.raises(NotAllowed):
        save_agency(session, CARLA, name="Tres", commission_pct=D("1"))


# ------------------------------------------------------------------ lists and papers
def test_a_proposal_is_in_the_inbox_and_in_the_list(session, books):
    customer = books[0]
    made = proposed(session, customer, Stage.LEGAL, documents=("F1", "F2"))
    [one] = waiting_hand_overs(session, BOSS)
    assert (one.hand_over_id, one.stage, one.documents, one.amount) == (made.id, "legal", 2, D("61000.00"))
    [row] = cases(session, CARLA, as_of=TODAY)
    assert (row.stage, row.waiting, row.handed) == (None, "legal", D("61000.00"))
    assert [one.number for one in open_to_hand(session, CARLA, customer_id=customer.id, as_of=TODAY)] == ["F1", "F2"]


def test_the_list_on_paper_bears_its_folio_and_amounts(session, books):
    customer = books[0]
    made = handed(session, customer, Stage.AGENCY, documents=("F1", "F2"), agency_id=an_agency(session).id)
    card = case_card(session, BOSS, number=number_of(session, customer), as_of=TODAY)
    rows = handed_documents(session, BOSS, hand_over_id=made.id)
    content = as_pdf(card, card.hand_overs[0], rows, Letterhead("Aceros", ()))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    for expected in (f"{card.number}/{made.id}", "F1", "60,000.00", "61,000.00", "Despacho Uno", "10 %", "Recibe"):
        assert expected in text, expected
    sheet = load_workbook(io.BytesIO(as_workbook(card, card.hand_overs[0], rows))).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "F2" in cells
    assert 60000 in cells


def test_the_list_of_cases_is_a_table(session, books):
    handed(session, books[0], Stage.LEGAL)
    [row] = cases_sheet(cases(session, BOSS, as_of=TODAY)).rows
    assert row[1] == "Legal"
    assert [one.handed for one in session.scalars(select(HandOverDocument))] == [D("60000.00")]
