"""Agreements approved by somebody else, by level, as they were proposed; signed."""

from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.agreements.debts import NotOpen, PromisePending
from core.agreements.deciding import (
    AboveLevel,
    DebtChanged,
    FirstDatePassed,
    OwnAgreement,
    approve_agreement,
    refuse_agreement,
)
from core.agreements.proposing import (
    AlreadySigned,
    NotApproved,
    sign_agreement,
)
from core.agreements.queries import agreement_card
from core.agreements.standing import State
from core.agreements.taken import documents_in_force
from core.auth.actor import system
from core.db import reading, transaction
from core.documents.models import Document
from core.errors import DomainError, NotAllowed
from core.policies.settings import set_setting
from core.promises.models import Promise
from core.promises.recording import record_promise
from tests.build import TODAY, a_charge, a_customer, entries_of, pay
from tests.core.agreements.support import (
    ADMIN,
    BOSS,
    CARLA,
    PDF,
    D,
    after,
    approved,
    promises_of,
    proposed,
    state_of,
)


# ------------------------------------------------------------------ approving
def test_approved_it_becomes_one_promise_a_payment(session, books):
    customer, first, _second = books
    due = entries_of(session, first)[0].due_on
    made = approved(session, customer, first, down_payment=D("100.00"), waive_pct=D("100"))
    found = promises_of(session, made)
    assert [(one.promised_on, one.amount) for one in found] == [
        (TODAY, D("100.00")), (after(30), D("266.66")), (date(2026, 5, 30), D("266.66")),
        (date(2026, 6, 30), D("266.68")),
    ]  # fmt: skip
    assert all(later.starts_on == earlier.ends_on + timedelta(days=1)
               for earlier, later in pairwise(found))  # fmt: skip
    assert entries_of(session, first)[0].due_on == due  # due dates of the invoices never change
    assert state_of(session, made) is State.IN_FORCE


def test_interest_that_is_not_waived_is_charged_so_that_the_plan_can_be_paid(session, books):
    customer, first, _second = books
    made = approved(session, customer, first, waive_pct=D("50"), plan_pct=D("12"))
    note = session.get_one(Document, made.interest_document_id)
    assert (note.kind, note.reason, note.total) == ("debit_note", "late_interest", made.total - made.debt)
    assert note.due_on == promises_of(session, made)[-1].promised_on
    left = sum(entry.open for paper in (first, note) for entry in entries_of(session, paper))
    assert left == made.total
    assert {row[0] for row in session.execute(documents_in_force(TODAY))} == {first.id, note.id}


def test_waived_wholly_nothing_is_charged(session, books):
    customer, first, _second = books
    assert approved(session, customer, first, waive_pct=D("100")).interest_document_id is None


@pytest.mark.parametrize("who", [ADMIN, system()])
def test_who_proposed_never_approves(session, books, who):
    customer, first, _second = books
    made = proposed(session, customer, first, actor=who)
    for decide in (approve_agreement, refuse_agreement):
        with pytest.raises(OwnAgreement):
            decide(
                session, who, number=made.number, on=TODAY, **({"reason": "x"} if decide is refuse_agreement else {})
            )
    approve_agreement(session, BOSS, number=made.number, on=TODAY)


def test_a_collector_does_not_approve(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first, actor=ADMIN)
    with pytest.raises(NotAllowed):
        approve_agreement(session, CARLA, number=made.number, on=TODAY)


@pytest.mark.parametrize(
    ("key", "value", "fields"),
    [
        ("agreements.manager_max", "908.99", {}),
        ("agreements.manager_months", "2", {}),
        ("agreements.manager_waiver_pct", "49.99", {"waive_pct": D("50")}),
    ],
)
@pytest.mark.backend("sqlite")
def test_above_the_level_only_the_administrator_approves(session, books, key, value, fields):
    customer, first, _second = books
    set_setting(session, system(), key=key, value=value)
    made = proposed(session, customer, first, **fields)
    with pytest.raises(AboveLevel) as told:
        approve_agreement(session, BOSS, number=made.number, on=TODAY)
    assert "administración" in str(told.value)
    assert agreement_card(session, BOSS, number=made.number, as_of=TODAY).needs_admin
    approve_agreement(session, ADMIN, number=made.number, on=TODAY)
    assert state_of(session, made) is State.IN_FORCE


@pytest.mark.backend("sqlite")
def test_at_the_level_a_manager_approves(session, books):
    customer, first, _second = books
    for key, value in (("max", "904.50"), ("months", "3"), ("waiver_pct", "50")):
        set_setting(session, system(), key=f"agreements.manager_{key}", value=value)
    made = approved(session, customer, first, waive_pct=D("50"))
    assert made.total == D("904.50")


def test_what_was_paid_meanwhile_makes_it_void(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    pay(session, customer, first, amount="100.00")
    with pytest.raises(DebtChanged) as told:
        approve_agreement(session, BOSS, number=made.number, on=TODAY)
    assert "800.00" in str(told.value)
    pay(session, customer, first, amount="800.00")
    with pytest.raises(NotOpen):
        approve_agreement(session, BOSS, number=made.number, on=TODAY)


def test_a_promise_made_meanwhile_is_in_the_way(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    record_promise(
        session, CARLA, customer_id=customer.id, amount=D("900.00"), currency="MXN", made_on=TODAY,
        promised_on=after(5), documents=["F1"],
    )  # fmt: skip
    with pytest.raises(PromisePending):
        approve_agreement(session, BOSS, number=made.number, on=TODAY)


def test_approved_after_its_first_date_is_refused(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first, first_on=after(3))
    with pytest.raises(FirstDatePassed):
        approve_agreement(session, BOSS, number=made.number, on=after(4))


def test_of_two_decisions_at_once_one_wins(database):
    with transaction() as session:
        customer = a_customer(session, "C1", collector="carla")
        number = proposed(session, customer, a_charge(session, customer, overdue_days=10)).number
    told, gate = [], Barrier(2)

    def decide(actor) -> None:
        gate.wait()
        try:
            with transaction() as own:
                approve_agreement(own, actor, number=number, on=TODAY)
            told.append("approved")
        except DomainError as error:
            told.append(type(error).__name__)

    threads = [Thread(target=decide, args=(actor,)) for actor in (BOSS, ADMIN)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["AlreadyDecided", "approved"]
    with reading() as session:
        assert len(session.scalars(select(Promise)).all()) == 3


# ------------------------------------------------------------------ signing
def test_the_signed_document_is_kept(session, books):
    customer, first, _second = books
    made = approved(session, customer, first)
    sign_agreement(
        session, CARLA, number=made.number, on=TODAY, name="convenio.pdf", content=PDF, signed_by="Luis Mora"
    )
    card = agreement_card(session, BOSS, number=made.number, as_of=TODAY)
    assert card.row.signed
    assert [one.name for one in card.files] == ["convenio.pdf"]
    assert [one.remark for one in card.steps if one.step == "signature"] == ["Luis Mora"]
    with pytest.raises(AlreadySigned):
        sign_agreement(session, CARLA, number=made.number, on=TODAY, name="x.pdf", content=PDF, signed_by="Otro")


def test_what_is_not_approved_is_not_signed(session, books):
    made = proposed(session, *books[:2])
    with pytest.raises(NotApproved):
        sign_agreement(session, CARLA, number=made.number, on=TODAY, name="c.pdf", content=PDF, signed_by="Luis")
