"""Stages after internal collection: who is proposed, who hands over, how it comes back, what is blocked."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.credit.blocks import set_block
from core.credit.models import Block, BlockCode
from core.customers.visibility import CustomerNotFound
from core.db import reading, transaction
from core.errors import DomainError, NotAllowed
from core.legal.candidates import candidates
from core.legal.card import case_card, handed_documents
from core.legal.handing import (
    AgencyMissing,
    AlreadyProposed,
    AlreadyThere,
    AtHome,
    DocumentNotOpen,
    HandOverDecided,
    NothingHandedOver,
    NothingLeft,
    OwnHandOver,
    approve_hand_over,
    refuse_hand_over,
    return_case,
)
from core.legal.models import HandOver, Stage
from core.legal.queries import cases
from core.legal.words import reasons
from core.policies.settings import set_setting
from core.promises.agreed import record_instalments
from core.promises.recording import record_promise
from core.tasks.models import Notice
from tests.build import TODAY, a_charge, a_customer, an_actor, an_event, pay
from tests.core.legal.support import ADMIN, BOSS, CARLA, D, after, an_agency, blocked, handed, number_of, proposed


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
