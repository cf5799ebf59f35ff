"""Stages after internal collection: who is proposed, who hands over, what is recovered, how it comes back."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.credit.blocks import block_in_force, set_block
from core.credit.models import Block, BlockCode
from core.customers.visibility import CustomerNotFound
from core.db import reading, transaction
from core.errors import DomainError, NotAllowed
from core.legal.candidates import candidates
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
    AgencyMissing,
    AlreadyProposed,
    AlreadyThere,
    AtHome,
    CaseNotFound,
    DocumentNotOpen,
    HandOverDecided,
    NothingHandedOver,
    NothingLeft,
    OwnHandOver,
    approve_hand_over,
    propose_hand_over,
    refuse_hand_over,
    return_case,
)
from core.legal.models import CostKind, HandOver, HandOverDocument, Stage, StepKind
from core.legal.notices import warn
from core.legal.paper import as_pdf, as_workbook, cases_sheet
from core.legal.queries import (
    agencies,
    case_card,
    cases,
    cost_totals,
    handed_documents,
    hearings,
    open_to_hand,
    waiting_hand_overs,
)
from core.legal.recoveries import agency_totals, recoveries
from core.legal.words import reasons
from core.payments.reversal import reverse_payment
from core.policies.settings import set_setting
from core.portfolio.statement_files import Letterhead
from core.promises.agreed import record_instalments
from core.promises.recording import record_promise
from core.tasks.models import Notice, Task
from tests.build import TODAY, a_charge, a_customer, an_actor, an_event, pay

D = Decimal
CARLA = an_actor(Role.COLLECTOR, name="carla")
BOSS = an_actor(Role.MANAGER, name="jefe")
ADMIN = an_actor(Role.ADMIN, name="dora")


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def books(session):
    """C1, carla's, owes F1 (60,000.00, 200 days overdue) and F2 (1,000.00, not yet due)."""
    customer = a_customer(session, "C1", collector="carla", region="Norte")
    first = a_charge(session, customer, amount="60000.00", overdue_days=200, number="F1")
    second = a_charge(session, customer, amount="1000.00", due_on=after(15), number="F2")
    return customer, first, second


def an_agency(session, name="Despacho Uno", pct="10"):
    return save_agency(session, BOSS, name=name, commission_pct=D(pct))


def proposed(session, customer, stage=Stage.PRELEGAL, *, documents=("F1",), actor=CARLA, **fields) -> HandOver:
    return propose_hand_over(
        session, actor, customer_id=customer.id, stage=stage, documents=documents, reason="no contesta", on=TODAY,
        **fields,
    )  # fmt: skip


def handed(session, customer, stage=Stage.PRELEGAL, *, on=TODAY, **fields) -> HandOver:
    made = proposed(session, customer, stage, **fields)
    return approve_hand_over(session, BOSS, hand_over_id=made.id, on=on)


def number_of(session, customer) -> str:
    return cases(session, ADMIN, as_of=TODAY, customer=customer.code)[0].number


def blocked(session, customer, days=range(10)) -> list[int]:
    return [day for day in days if block_in_force(session, customer.id, BlockCode.LEGAL, after(day))]


# ------------------------------------------------------------------ candidates
@pytest.mark.parametrize(
    ("overdue_days", "amount", "stage"),
    [
        (90, "9000.00", None),  # more than 90 days, not 90
        (91, "9000.00", Stage.PRELEGAL),
        (91, "5000.00", None),  # more than the amount
        (121, "9000.00", Stage.PRELEGAL),  # too little for an agency
        (121, "10000.01", Stage.AGENCY),
        (181, "50000.01", Stage.LEGAL),
    ],
)
def test_days_and_amount_propose_the_furthest_stage_that_fires(session, overdue_days, amount, stage):
    a_charge(session, a_customer(session, "C1"), amount=amount, overdue_days=overdue_days)
    assert [one.proposed for one in candidates(session, ADMIN, as_of=TODAY)] == ([stage] if stage else [])


def test_broken_promises_propose_too_and_reasons_are_told_in_words(session):
    customer = a_customer(session, "C1", collector="carla")
    a_charge(session, customer, amount="100.00", overdue_days=40, number="F1")
    for start in (40, 30, 20):
        record_promise(
            session, CARLA, customer_id=customer.id, amount=D("50.00"), currency="MXN", made_on=after(-start),
            promised_on=after(-start + 5),
        )  # fmt: skip
    [one] = candidates(session, ADMIN, as_of=TODAY)
    assert (one.proposed, one.broken, one.by_age, one.by_promises) == (Stage.PRELEGAL, 3, False, True)
    assert reasons(one) == "3 promesas rotas en 90 días"
    set_setting(session, system(), key="stages.prelegal_broken", value="0")
    assert candidates(session, ADMIN, as_of=TODAY) == []


def test_reasons_name_days_and_amount(session, books):
    [one] = candidates(session, CARLA, as_of=TODAY)
    assert reasons(one) == "200 días de atraso y $60,000.00 vencido"


def test_who_is_in_a_stage_is_proposed_for_a_further_one_only(session, books):
    customer, _first, _second = books
    handed(session, customer, Stage.PRELEGAL)
    [one] = candidates(session, ADMIN, as_of=TODAY)
    assert (one.current, one.proposed) == (Stage.PRELEGAL, Stage.LEGAL)
    proposed(session, customer, Stage.LEGAL)
    assert candidates(session, ADMIN, as_of=TODAY) == []  # a hand-over waits


def test_what_is_paid_under_an_agreement_is_left_out(session, books):
    customer, first, _second = books
    record_instalments(
        session, CARLA, agreement_id=1, customer_id=customer.id, currency="MXN", documents=[first.id], made_on=TODAY,
        instalments=[(after(30), D("60000.00"))], event_id=an_event(session),
    )  # fmt: skip
    assert candidates(session, ADMIN, as_of=after(30)) == []
    assert len(candidates(session, ADMIN, as_of=after(31))) == 1  # its last payment is over


def test_candidates_are_of_the_customers_whom_one_sees(session, books):
    assert candidates(session, an_actor(Role.COLLECTOR, name="otro"), as_of=TODAY) == []
    assert candidates(session, an_actor(Role.MANAGER, name="sur", region="Sur"), as_of=TODAY) == []
    assert len(candidates(session, BOSS, as_of=TODAY, stage=Stage.LEGAL)) == 1
    assert candidates(session, BOSS, as_of=TODAY, stage=Stage.AGENCY) == []


# ------------------------------------------------------------------ handing over
def test_the_list_is_frozen_when_it_is_handed_over(session, books):
    customer, first, _second = books
    made = proposed(session, customer, documents=("F1", "F2"))
    pay(session, customer, first, amount="10000.00")
    approve_hand_over(session, BOSS, hand_over_id=made.id, on=TODAY)
    pay(session, customer, first, amount="5000.00")
    rows = {row.number: row for row in handed_documents(session, ADMIN, hand_over_id=made.id)}
    assert (rows["F1"].proposed, rows["F1"].handed, rows["F1"].open_now) == (
        D("60000.00"), D("50000.00"), D("45000.00"),
    )  # fmt: skip
    assert (rows["F2"].handed, rows["F2"].open_now) == (D("1000.00"), D("1000.00"))


@pytest.mark.parametrize("who", [ADMIN, system()])
def test_who_proposed_never_approves(session, books, who):
    made = proposed(session, books[0], actor=who)
    with pytest.raises(OwnHandOver):
        approve_hand_over(session, who, hand_over_id=made.id, on=TODAY)
    with pytest.raises(OwnHandOver):
        refuse_hand_over(session, who, hand_over_id=made.id, reason="x")


@pytest.mark.backend("sqlite")
def test_collectors_propose_and_managers_approve(session, books):
    customer = books[0]
    for role in (Role.MANAGER, Role.CASHIER, Role.SALES_REP, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            proposed(session, customer, actor=an_actor(role, name="x"))
    made = proposed(session, customer)
    with pytest.raises(NotAllowed):
        approve_hand_over(session, CARLA, hand_over_id=made.id, on=TODAY)
    with pytest.raises(CustomerNotFound):
        proposed(session, customer, actor=an_actor(Role.COLLECTOR, name="otro"))


def test_refused_it_stays_where_it_is_and_may_be_proposed_again(session, books):
    customer = books[0]
    made = proposed(session, customer)
    refuse_hand_over(session, BOSS, hand_over_id=made.id, reason="hay promesa")
    assert cases(session, ADMIN, as_of=TODAY) == []
    with pytest.raises(HandOverDecided):
        approve_hand_over(session, BOSS, hand_over_id=made.id, on=TODAY)
    again = proposed(session, customer)
    assert again.case_id == made.case_id
    told = session.scalars(select(col(Notice.user_name)).where(col(Notice.kind) == "legal"))
    assert list(told) == ["carla"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"documents": ()}, NothingHandedOver), ({"documents": ("F9",)}, DocumentNotOpen),
        ({"stage": Stage.AGENCY}, AgencyMissing), ({"stage": Stage.AGENCY, "agency_id": 99}, AgencyMissing),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_bad_proposals_are_refused_in_words(session, books, fields, refusal):
    with pytest.raises(refusal) as told:
        proposed(session, books[0], **fields)
    assert "{" not in str(told.value)


@pytest.mark.backend("sqlite")
def test_one_proposal_at_a_time_and_never_to_where_it_is(session, books):
    customer = books[0]
    made = proposed(session, customer)
    with pytest.raises(AlreadyProposed):
        proposed(session, customer, Stage.LEGAL)
    approve_hand_over(session, BOSS, hand_over_id=made.id, on=TODAY)
    with pytest.raises(AlreadyThere):
        proposed(session, customer)


def test_what_is_paid_meanwhile_is_not_handed_over(session, books):
    customer, first, _second = books
    made = proposed(session, customer)
    pay(session, customer, first, amount="60000.00")
    with pytest.raises(NothingLeft):
        approve_hand_over(session, BOSS, hand_over_id=made.id, on=TODAY)


def test_of_two_approvals_at_once_one_wins(database):
    with transaction() as session:
        customer = a_customer(session, "C1", collector="carla")
        a_charge(session, customer, number="F1", overdue_days=100)
        made = proposed(session, customer, Stage.LEGAL)
    told, gate = [], Barrier(2)

    def decide(actor) -> None:
        gate.wait()
        try:
            with transaction() as own:
                approve_hand_over(own, actor, hand_over_id=made.id, on=TODAY)
            told.append("approved")
        except DomainError as error:
            told.append(type(error).__name__)

    threads = [Thread(target=decide, args=(actor,)) for actor in (BOSS, ADMIN)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["HandOverDecided", "approved"]
    with reading() as session:
        assert len(session.scalars(select(Block)).all()) == 1


def test_nothing_is_erased_the_stages_are_rows(session, books):
    customer = books[0]
    agency = an_agency(session)
    handed(session, customer, Stage.PRELEGAL)
    handed(session, customer, Stage.AGENCY, agency_id=agency.id)
    number = number_of(session, customer)
    return_case(session, BOSS, number=number, on=after(5), reason="convenio firmado")
    card = case_card(session, ADMIN, number=number, as_of=after(5))
    assert [one.stage for one in card.hand_overs] == ["prelegal", "agency", "internal"]
    assert (card.stage, card.hand_overs[1].agency, card.hand_overs[1].commission_pct) == (
        "internal", "Despacho Uno", D("10.0000"),
    )  # fmt: skip
    with pytest.raises(AtHome):
        return_case(session, BOSS, number=number, on=after(6), reason="otra vez")
    assert cases(session, ADMIN, as_of=after(5)) == []
    assert proposed(session, customer).case_id != session.scalars(select(col(HandOver.case_id))).first()


# ------------------------------------------------------------------ the legal block
def test_the_legal_stage_blocks_credit_and_the_return_lifts_it(session, books):
    customer = books[0]
    handed(session, customer, Stage.LEGAL)
    assert blocked(session, customer) == list(range(10))
    return_case(session, BOSS, number=number_of(session, customer), on=after(4), reason="pagó")
    assert blocked(session, customer) == [0, 1, 2, 3]


def test_prelegal_and_agency_block_nothing(session, books):
    customer = books[0]
    handed(session, customer, Stage.PRELEGAL)
    handed(session, customer, Stage.AGENCY, agency_id=an_agency(session).id)
    assert blocked(session, customer) == []


def test_from_legal_to_an_agency_the_block_is_lifted_and_back_it_is_set_again(session, books):
    customer = books[0]
    agency = an_agency(session)
    handed(session, customer, Stage.LEGAL)
    handed(session, customer, Stage.AGENCY, agency_id=agency.id, on=TODAY)
    assert blocked(session, customer) == [0]  # it had begun that very day
    handed(session, customer, Stage.LEGAL)
    assert blocked(session, customer) == list(range(10))


def test_a_block_set_by_hand_stays(session, books):
    customer = books[0]
    analyst = an_actor(Role.CREDIT_ANALYST, name="cris")
    set_block(session, analyst, customer_id=customer.id, code=BlockCode.LEGAL, from_on=TODAY, reason="demanda vieja")
    handed(session, customer, Stage.LEGAL)
    return_case(session, BOSS, number=number_of(session, customer), on=after(4), reason="pagó")
    assert blocked(session, customer) == list(range(10))


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
