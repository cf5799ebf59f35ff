"""Agreements from the proposal to their end: worked out, approved by somebody else, kept or broken."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.agreements.breach import judge_agreements
from core.agreements.debts import AlreadyInAgreement, NotOpen, PromisePending
from core.agreements.deciding import (
    AboveLevel,
    DebtChanged,
    FirstDatePassed,
    NotInForce,
    OwnAgreement,
    approve_agreement,
    cancel_agreement,
    refuse_agreement,
)
from core.agreements.drafting import (
    DatesNotValid,
    DownPaymentNotValid,
    NothingChosen,
    PaymentsNotValid,
    PaymentsTooSmall,
    PercentNotValid,
    Terms,
    candidates,
    compare,
    draft,
)
from core.agreements.models import Agreement, Frequency
from core.agreements.proposing import (
    AgreementNotFound,
    AlreadyDecided,
    AlreadySigned,
    NotApproved,
    NotYours,
    propose_agreement,
    sign_agreement,
    withdraw_agreement,
)
from core.agreements.queries import agreement_card, agreements, counts, waiting
from core.agreements.standing import State
from core.agreements.taken import documents_in_force
from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.customers.visibility import CustomerNotFound
from core.db import reading, transaction
from core.disputes.opening import open_dispute
from core.documents.debit_notes import register_debit_note
from core.documents.models import Document
from core.errors import DomainError, NotAllowed
from core.ledger.models import Entry
from core.money import ZERO
from core.policies.settings import set_setting
from core.promises.models import Promise, PromiseEnding
from core.promises.recording import record_promise
from core.tasks.models import Notice, Task
from tests.build import TODAY, a_charge, a_customer, an_actor, entries_of, pay

D = Decimal
CARLA = an_actor(Role.COLLECTOR, name="carla")
BOSS = an_actor(Role.MANAGER, name="jefe")
ADMIN = an_actor(Role.ADMIN, name="dora")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def terms(customer, *documents, **fields) -> Terms:
    values = {"first_on": after(30), "times": 3, **fields}
    return Terms(customer.id, values.pop("currency", "MXN"), tuple(one.number for one in documents), **values)


@pytest.fixture
def books(session):
    """C1, carla's, owes F1 (900.00, 60 days overdue) and F2 (300.00, not yet due)."""
    set_setting(session, system(), key="agreements.manager_waiver_pct", value="100")
    customer = a_customer(session, "C1", collector="carla", region="Norte")
    first = a_charge(session, customer, amount="900.00", overdue_days=60, number="F1")
    second = a_charge(session, customer, amount="300.00", due_on=after(15), number="F2")
    return customer, first, second


def proposed(session, customer, *documents, actor=CARLA, **fields) -> Agreement:
    return propose_agreement(session, actor, terms=terms(customer, *documents, **fields), on=TODAY)


def approved(session, customer, *documents, **fields) -> Agreement:
    made = proposed(session, customer, *documents, **fields)
    return approve_agreement(session, BOSS, number=made.number, on=TODAY)


def promises_of(session, agreement) -> list[Promise]:
    wanted = select(Promise).where(col(Promise.agreement_id) == agreement.id).order_by(col(Promise.promised_on))
    return list(session.scalars(wanted))


def state_of(session, agreement, as_of=TODAY) -> State:
    return agreement_card(session, ADMIN, number=agreement.number, as_of=as_of).row.state


# ------------------------------------------------------------------ working it out
def test_the_interest_is_of_what_is_overdue_and_not_disputed(session, books):
    customer, _first, _second = books
    found = {one.number: one for one in candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)}
    assert (found["F1"].days, found["F1"].interest, found["F2"].interest) == (60, D("9.00"), ZERO)  # 6 % of 360
    open_dispute(
        session, CARLA, customer_id=customer.id, document="F1", amount=D("300.00"), opened_on=TODAY, reason="price"
    )
    [one, _two] = candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)
    assert (one.open, one.disputed, one.interest) == (D("900.00"), D("300.00"), D("6.00"))


def test_the_interest_follows_the_settings(session, books):
    customer, first, _second = books
    set_setting(session, system(), key="interest.annual_pct", value="12")
    set_setting(session, system(), key="interest.days_in_year", value="365")
    worked = draft(session, CARLA, terms=terms(customer, first), on=TODAY)
    assert worked.late_interest == D("17.75")  # 900 × 12 % × 60 / 365 = 17.7534


def test_interest_that_was_charged_already_is_not_counted_again(session, books):
    customer, _first, _second = books
    cashier = an_actor(Role.CASHIER, name="caja")
    register_debit_note(
        session, cashier, customer_id=customer.id, issued_on=after(-20), due_on=after(-20), total=D("6.00"),
        currency="MXN", reason="late_interest", number="ND1",
    )  # fmt: skip
    found = {one.number: one for one in candidates(session, CARLA, customer_id=customer.id, currency="MXN", on=TODAY)}
    assert (found["F1"].days, found["F1"].interest) == (60, D("3.00"))  # of the 20 days since
    assert found["ND1"].interest == ZERO  # no interest on interest


def test_debt_interest_waiver_and_plan_add_up(session, books):
    customer, first, second = books
    worked = draft(session, CARLA, terms=terms(customer, first, second, waive_pct=D("50"), plan_pct=D("12")), on=TODAY)
    assert (worked.debt, worked.late_interest, worked.waived) == (D("1200.00"), D("9.00"), D("4.50"))
    assert worked.total == worked.debt + worked.late_interest - worked.waived + worked.plan_interest
    assert worked.total == sum((one.amount for one in worked.payments), ZERO)
    assert worked.plan_interest > 0


def test_alternatives_say_what_is_given_up(session, books):
    customer, first, second = books
    worked = draft(session, CARLA, terms=terms(customer, first, second, times=4, waive_pct=D("50")), on=TODAY)
    found = {one.key: one for one in compare(worked, D("12"))}
    assert list(found) == ["pay_now", "proposal", "shorter", "longer", "no_waiver", "full_waiver"]
    assert (found["pay_now"].total, found["pay_now"].given_up) == (D("1209.00"), ZERO)
    assert found["shorter"].present_value > found["proposal"].present_value > found["longer"].present_value
    assert found["no_waiver"].total == D("1209.00")
    assert found["full_waiver"].total == D("1200.00")
    proposal = found["proposal"]
    assert proposal.given_up == D("1209.00") - proposal.present_value > 0
    assert (proposal.payments, proposal.months) == (4, 4)


def test_alternatives_that_are_the_proposal_again_are_left_out(session, books):
    customer, _first, second = books
    worked = draft(session, CARLA, terms=terms(customer, second, times=1), on=TODAY)
    assert [one.key for one in compare(worked, D("12"))] == ["pay_now", "proposal", "longer"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"times": 0}, PaymentsNotValid),
        ({"times": 121}, PaymentsNotValid),
        ({"frequency": Frequency.OWN, "own": ()}, PaymentsNotValid),
        ({"first_on": after(-1)}, DatesNotValid),
        ({"first_on": date(9999, 12, 1)}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(9), after(9))}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(9), after(5))}, DatesNotValid),
        ({"frequency": Frequency.OWN, "own": (after(4_000),)}, DatesNotValid),
        ({"down_payment": D("10.00"), "down_on": after(30)}, DatesNotValid),  # on the first payment's day
        ({"down_payment": D("10.00"), "down_on": after(-1)}, DatesNotValid),
        ({"down_payment": D("909.00")}, DownPaymentNotValid),
        ({"down_payment": D("-1.00")}, DownPaymentNotValid),
        ({"down_payment": D("0.001")}, DownPaymentNotValid),
        ({"down_payment": D("908.99"), "times": 2}, PaymentsTooSmall),
        ({"waive_pct": D("100.0001")}, PercentNotValid),
        ({"waive_pct": D("-1")}, PercentNotValid),
        ({"plan_pct": D("NaN")}, PercentNotValid),
        ({"plan_pct": D("1.00001")}, PercentNotValid),
        ({"currency": "USD"}, NotOpen),
    ],
)
@pytest.mark.backend("sqlite")
def test_terms_that_make_no_plan_are_refused_in_words(session, books, fields, refusal):
    customer, first, _second = books
    with pytest.raises(refusal) as told:
        draft(session, CARLA, terms=terms(customer, first, **fields), on=TODAY)
    assert "{" not in str(told.value)


def test_no_document_no_agreement(session, books):
    with pytest.raises(NothingChosen):
        draft(session, CARLA, terms=terms(books[0]), on=TODAY)


# ------------------------------------------------------------------ proposing
def test_a_proposal_waits_and_changes_nothing(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    assert state_of(session, made) is State.WAITING
    assert promises_of(session, made) == []
    assert [one.number for one in waiting(session, BOSS, as_of=TODAY)] == [made.number]
    assert counts(session, CARLA, as_of=TODAY) == {State.WAITING: 1}


def test_a_form_sent_twice_is_one_proposal(session, books):
    customer, first, _second = books
    one, two = (
        propose_agreement(session, CARLA, terms=terms(customer, first), on=TODAY, submission="a") for _ in range(2)
    )
    assert one.number == two.number


def test_a_document_is_in_one_agreement_at_a_time(session, books):
    customer, first, second = books
    made = proposed(session, customer, first)
    with pytest.raises(AlreadyInAgreement) as told:
        proposed(session, customer, second, first)
    assert made.number in str(told.value)
    refuse_agreement(session, BOSS, number=made.number, on=TODAY, reason="muy largo")
    assert proposed(session, customer, second, first).number != made.number


def test_a_pending_promise_is_told_with_what_to_do(session, books):
    customer, first, _second = books
    promise = record_promise(
        session, CARLA, customer_id=customer.id, amount=D("900.00"), currency="MXN", made_on=TODAY,
        promised_on=after(5), documents=["F1"],
    )  # fmt: skip
    with pytest.raises(PromisePending) as told:
        proposed(session, customer, first)
    assert promise.number in str(told.value)
    assert "Retírela" in str(told.value)


def test_the_others_customers_stay_hidden(session, books):
    customer, first, _second = books
    stranger = an_actor(Role.COLLECTOR, name="otro")
    with pytest.raises(CustomerNotFound):
        proposed(session, customer, first, actor=stranger)
    made = proposed(session, customer, first)
    assert agreements(session, stranger, as_of=TODAY) == []
    with pytest.raises(AgreementNotFound):
        agreement_card(session, stranger, number=made.number, as_of=TODAY)
    elsewhere = an_actor(Role.MANAGER, name="sur", region="Sur")
    assert waiting(session, elsewhere, as_of=TODAY) == []
    with pytest.raises(AgreementNotFound):
        approve_agreement(session, elsewhere, number=made.number, on=TODAY)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SALES_REP, Role.AUDITOR, Role.CREDIT_ANALYST, Role.MANAGER])
@pytest.mark.backend("sqlite")
def test_only_collectors_and_the_administrator_propose(session, books, role):
    customer, first, _second = books
    with pytest.raises(NotAllowed):
        proposed(session, customer, first, actor=an_actor(role, name="x"))


def test_who_proposed_takes_it_back_and_nobody_else(session, books):
    customer, first, _second = books
    made = proposed(session, customer, first)
    with pytest.raises(NotYours):
        withdraw_agreement(session, ADMIN, number=made.number, on=TODAY, reason="error")
    withdraw_agreement(session, CARLA, number=made.number, on=TODAY, reason="error")
    assert state_of(session, made) is State.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        approve_agreement(session, BOSS, number=made.number, on=TODAY)


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


# ------------------------------------------------------------------ kept, broken, cancelled
@pytest.fixture
def plan(session, books):
    """Three payments of 300.00 on F1, two days of grace; one broken breaks it."""
    set_setting(session, system(), key="agreements.grace_days", value="2")
    customer, first, _second = books
    return customer, first, approved(session, customer, first, waive_pct=D("100"))


def test_paid_as_agreed_it_is_kept(session, plan):
    customer, first, made = plan
    for due in (after(30), date(2026, 5, 30), date(2026, 6, 30)):
        pay(session, customer, first, amount="300.00", paid_on=due)
        assert judge_agreements(session, system(), as_of=due + timedelta(days=5)) == []
    assert state_of(session, made, date(2026, 6, 29)) is State.IN_FORCE
    assert state_of(session, made, date(2026, 6, 30)) is State.COMPLETED
    assert [one.status for one in agreement_card(session, BOSS, number=made.number, as_of=date(2026, 7, 1)).plan] == [
        "kept", "kept", "kept",
    ]  # fmt: skip


def test_paid_all_at_once_it_is_kept(session, plan):
    customer, first, made = plan
    pay(session, customer, first, amount="900.00", paid_on=after(3))
    assert judge_agreements(session, system(), as_of=after(200)) == []
    assert state_of(session, made, after(200)) is State.COMPLETED


def test_after_the_days_of_grace_it_is_broken_once(session, plan):
    customer, _first, made = plan
    assert judge_agreements(session, system(), as_of=after(32)) == []  # due on the 30th, 2 days of grace
    [found] = judge_agreements(session, system(), as_of=after(33))
    assert (found.number, found.customer, found.failed, found.waived) == (made.number, "C1", 1, D("9.00"))
    assert judge_agreements(session, system(), as_of=after(33)) == []
    assert judge_agreements(session, system(), as_of=after(90)) == []
    [task] = session.scalars(select(Task).where(col(Task.kind) == "breach"))
    assert (task.assigned_to, task.customer_id) == ("carla", customer.id)
    assert "9.00" in task.facts  # the waived interest is owed again
    told = session.scalars(select(col(Notice.user_name)).where(col(Notice.kind) == "breach"))
    assert sorted(told) == ["carla", "jefe"]
    assert state_of(session, made, after(33)) is State.BREACHED


def test_paid_within_the_days_of_grace_it_is_not_broken(session, plan):
    customer, first, made = plan
    pay(session, customer, first, amount="300.00", paid_on=after(32))
    assert judge_agreements(session, system(), as_of=after(40)) == []
    assert state_of(session, made, after(40)) is State.IN_FORCE


def test_a_payment_undone_breaks_it_from_its_day(session, plan):
    from core.payments.reversal import reverse_payment

    customer, first, made = plan
    paid = pay(session, customer, first, amount="300.00", paid_on=after(20))
    assert state_of(session, made, after(40)) is State.IN_FORCE
    reverse_payment(session, BOSS, number=paid.number, on=after(45), reason="returned_cheque")
    assert state_of(session, made, after(44)) is State.IN_FORCE
    assert state_of(session, made, after(45)) is State.BREACHED


def test_two_may_fail_where_the_rule_says_two(session, books):
    set_setting(session, system(), key="agreements.breach_after", value="2")
    customer, first, _second = books
    made = approved(session, customer, first)
    assert judge_agreements(session, system(), as_of=after(50)) == []
    assert [one.number for one in judge_agreements(session, system(), as_of=after(70))] == [made.number]


def test_cancelled_its_pending_promises_are_withdrawn(session, plan):
    _customer, first, made = plan
    assert cancel_agreement(session, BOSS, number=made.number, on=after(5), reason="paga de contado") == 3
    assert state_of(session, made, after(5)) is State.CANCELLED
    assert len(session.scalars(select(PromiseEnding)).all()) == 3
    assert session.execute(documents_in_force(after(5))).all() == []
    assert judge_agreements(session, system(), as_of=after(90)) == []
    with pytest.raises(NotInForce):
        cancel_agreement(session, BOSS, number=made.number, on=after(6), reason="otra vez")
    again = propose_agreement(session, CARLA, terms=terms(plan[0], first), on=after(6))
    assert again.number != made.number  # its documents are free again


def test_a_collector_cancels_nothing(session, plan):
    with pytest.raises(NotAllowed):
        cancel_agreement(session, CARLA, number=plan[2].number, on=TODAY, reason="x")


def test_every_step_is_in_the_log(session, plan):
    _customer, _first, made = plan
    judge_agreements(session, system(), as_of=after(40))
    cancel_agreement(session, ADMIN, number=made.number, on=after(41), reason="incumplido")
    actions = session.scalars(
        select(col(AuditEvent.action))
        .where(col(AuditEvent.entity) == "agreement", col(AuditEvent.entity_id) == made.number)
        .order_by(col(AuditEvent.id))
    ).all()
    assert actions == ["agreement.proposed", "agreement.approved", "agreement.breached", "agreement.cancelled"]
    assert session.scalars(select(Entry).where(col(Entry.kind) == "reversal")).all() == []
