"""Credit notes: against documents or in favour, and the approval of somebody else above the limit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.auth.actor import Role
from core.documents.applying import NotACharge, OfAnotherCustomer, Target
from core.documents.approval import AlreadyDecided, OwnRequest, RequestNotFound, note_requests
from core.documents.checks import AmountNotValid, ReasonMissing
from core.documents.credit_notes import (
    NotACreditNote,
    Note,
    SubtotalNotValid,
    UnknownReason,
    apply_credit_note,
    decide_credit_note,
    register_credit_note,
)
from core.documents.finding import DocumentNotFound
from core.documents.models import Document, NoteRequest
from core.documents.reversal import undo_credit_note_application
from core.errors import NotAllowed
from core.ledger.models import Application
from core.ledger.months import MonthClosed
from core.ledger.posting import NumberTaken, OverApplied
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_closed_month, a_credit_note, a_customer, an_actor, entries_of, line, pay

CASHIER = an_actor(Role.CASHIER, name="caja")
MANAGER = an_actor(Role.MANAGER, name="gerente")
OTHER = an_actor(Role.MANAGER, name="otra")


def note(customer, total="100.00", *targets, **facts):
    values = {"issued_on": TODAY, "currency": "MXN", "reason": "return", **facts}
    return Note(customer_id=customer.id, total=Decimal(total), targets=targets, **values)


def register(session, customer, total="100.00", *targets, actor=CASHIER, submission=None, **facts):
    return register_credit_note(session, actor, note=note(customer, total, *targets, **facts), submission=submission)


def open_of(session, paper):
    return [str(entry.open) for entry in entries_of(session, paper)]


def test_a_note_closes_the_document_that_it_names_and_the_rest_stays_in_favour(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00", number="F-1")
    done = register(session, customer, "100.00", Target("F-1"))
    assert (done.applied, done.left, open_of(session, charge)) == (Decimal("60.00"), Decimal("40.00"), ["0.00"])


def test_a_note_without_document_stays_in_favour(session):
    done = register(session, a_customer(session))
    assert (done.applied, done.left) == (Decimal("0.00"), Decimal("100.00"))


def test_a_note_is_the_customers_reps_of_that_moment(session):
    customer = a_customer(session, sales_rep="V1")
    done = register(session, customer)
    customer.sales_rep = "V2"
    assert session.get_one(Document, done.document_id).sales_rep == "V1"


def test_several_documents_are_closed_by_due_date_whatever_their_order(session):
    customer = a_customer(session)
    late = a_charge(session, customer, amount="30.00", number="C", due_on=date(2026, 4, 20))
    soon = a_charge(session, customer, amount="50.00", number="A", due_on=date(2026, 3, 20))
    register(session, customer, "60.00", Target("C"), Target("A"))
    assert (open_of(session, late), open_of(session, soon)) == (["20.00"], ["0.00"])


def test_an_amount_beside_a_document_is_exact(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00", number="F-1")
    register(session, customer, "100.00", Target("F-1", Decimal("25.00")))
    assert open_of(session, charge) == ["35.00"]
    with pytest.raises(OverApplied):
        register(session, customer, "100.00", Target("F-1", Decimal("35.01")))


def test_amounts_cannot_be_more_than_the_note(session):
    customer = a_customer(session)
    a_charge(session, customer, amount="500.00", number="F-1")
    with pytest.raises(OverApplied):
        register(session, customer, "100.00", Target("F-1", Decimal("100.01")))


def test_an_application_is_dated_when_both_papers_exist(session):
    customer, later = a_customer(session), TODAY + timedelta(days=4)
    a_charge(session, customer, amount="60.00", number="F-1", issued_on=later, due_on=later)
    register(session, customer, "100.00", Target("F-1"))
    assert session.scalars(select(col(Application.applied_on))).all() == [later]


def test_a_note_is_used_until_nothing_is_left(session):
    customer = a_customer(session)
    charges = [a_charge(session, customer, amount=amount) for amount in ("600.00", "400.00", "100.00")]
    made = register(session, customer, "1000.00")
    for charge, amount in zip(charges, ("600.00", "400.00"), strict=False):
        left = apply_credit_note(session, CASHIER, number=made.number, lines=[line(session, charge, amount)])
    assert left == Decimal("0.00")
    with pytest.raises(OverApplied):
        apply_credit_note(session, CASHIER, number=made.number, lines=[line(session, charges[2], "0.01")])


def test_an_undone_application_leaves_the_note_in_favour(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00", number="F-1")
    done = register(session, customer, "100.00", Target("F-1"))
    undo_credit_note_application(session, CASHIER, number=done.number, document="F-1", on=TODAY, reason="x")
    assert open_of(session, charge) == ["60.00"]
    assert open_of(session, session.get_one(Document, done.document_id)) == ["100.00"]


def test_only_charges_take_a_note(session):
    customer = a_customer(session)
    other = a_credit_note(session, customer)
    with pytest.raises(NotACharge):
        register(session, customer, "10.00", Target(other.number))


def test_only_credit_notes_are_applied(session):
    customer = a_customer(session)
    charge = a_charge(session, customer)
    with pytest.raises(NotACreditNote):
        apply_credit_note(session, CASHIER, number=charge.number, lines=[])


def test_a_document_of_another_customer_is_refused(session):
    charge = a_charge(session, a_customer(session))
    with pytest.raises(OfAnotherCustomer):
        register(session, a_customer(session), "10.00", Target(charge.number))


def test_an_unknown_document_is_refused(session):
    with pytest.raises(DocumentNotFound):
        register(session, a_customer(session), "10.00", Target("F-none"))


def test_a_reason_is_one_of_the_catalogue(session):
    with pytest.raises(UnknownReason):
        register(session, a_customer(session), reason="because")


def test_subtotal_and_tax_make_the_total(session):
    customer = a_customer(session)
    done = register(session, customer, "116.00", tax=Decimal("16.00"))
    assert session.get_one(Document, done.document_id).subtotal == Decimal("100.00")
    with pytest.raises(SubtotalNotValid):
        register(session, customer, "116.00", subtotal=Decimal("90.00"), tax=Decimal("16.00"))


def test_an_amount_is_above_zero(session):
    with pytest.raises(AmountNotValid):
        register(session, a_customer(session), "0.00")


def test_no_note_is_issued_in_a_closed_month(session):
    customer = a_customer(session)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        register(session, customer)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COLLECTOR, Role.AUDITOR])
def test_only_who_may_registers_notes(session, role):
    with pytest.raises(NotAllowed):
        register(session, a_customer(session), actor=an_actor(role))


def test_the_same_form_sent_twice_registers_one(session):
    customer = a_customer(session)
    first, second = (register(session, customer, submission="token") for _ in range(2))
    assert (second.document_id, second.repeated) == (first.document_id, True)


def test_a_number_that_is_given_is_kept_and_refused_twice(session):
    customer = a_customer(session)
    assert register(session, customer, number="E-5").number == "E-5"
    with pytest.raises(NumberTaken):
        register(session, customer, number="E-5")


# ------------------------------------------------------------------ approval
def waiting(session, customer=None, total="100.01", *targets, limit="100.00", **facts):
    set_setting(session, an_actor(), key="approval.credit_note", value=limit)
    return register(session, customer or a_customer(session), total, *targets, **facts)


def decide(session, request, actor=MANAGER, *, approve=True, remark="visto"):
    return decide_credit_note(session, actor, request_id=request.request_id, approve=approve, remark=remark)


def test_above_the_limit_a_note_waits_and_changes_nothing(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, number="F-1")
    done = waiting(session, customer, "100.01", Target("F-1"))
    assert (done.document_id, open_of(session, charge)) == (None, ["1000.00"])
    [row] = note_requests(session, MANAGER)
    assert (row.amount, row.applies_to, row.requested_by) == (Decimal("100.01"), "F-1", "caja")


def test_the_limit_itself_does_not_wait(session):
    assert waiting(session, None, "100.00").document_id is not None


def test_the_limit_is_in_company_currency(session):
    assert waiting(session, None, "6.00", currency="USD", exchange_rate=Decimal("18.5")).document_id is None


def test_somebody_else_approves_and_the_note_is_applied(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, number="F-1")
    done = decide(session, waiting(session, customer, "150.00", Target("F-1"), number="E-9"))
    assert (done.number, done.applied, open_of(session, charge)) == ("E-9", Decimal("150.00"), ["850.00"])
    assert session.get_one(Document, done.document_id).applies_to == "F-1"
    assert note_requests(session, MANAGER) == []


def test_what_was_paid_meanwhile_stays_in_favour(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="150.00", number="F-1")
    request = waiting(session, customer, "150.00", Target("F-1", Decimal("150.00")))
    pay(session, customer, charge, amount="100.00")
    done = decide(session, request)
    assert (done.applied, done.left) == (Decimal("50.00"), Decimal("100.00"))


def test_who_asks_never_approves_nor_refuses(session):
    admin = an_actor(Role.ADMIN, name="unica")
    request = waiting(session, actor=admin)
    for approve in (True, False):
        with pytest.raises(OwnRequest):
            decide(session, request, admin, approve=approve)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.COLLECTOR, Role.AUDITOR, Role.CREDIT_ANALYST])
def test_only_who_may_approves(session, role):
    request = waiting(session)
    with pytest.raises(NotAllowed):
        decide(session, request, an_actor(role, name="x"))


def test_a_manager_does_not_see_requests_of_other_regions(session):
    request = waiting(session, a_customer(session, region="SUR"))
    north = an_actor(Role.MANAGER, name="norte", region="NORTE")
    assert note_requests(session, north) == []
    with pytest.raises(RequestNotFound):
        decide(session, request, north)


@pytest.mark.parametrize("approve", [True, False])
def test_a_request_is_decided_once(session, approve):
    request = waiting(session)
    decide(session, request, approve=approve)
    with pytest.raises(AlreadyDecided) as refused:
        decide(session, request, OTHER)
    assert "gerente" in str(refused.value)


def test_a_refusal_says_why_and_posts_nothing(session):
    request = waiting(session)
    with pytest.raises(ReasonMissing):
        decide(session, request, approve=False, remark=" ")
    decide(session, request, approve=False, remark="sin evidencia")
    assert session.scalar(select(func.count()).select_from(Document)) == 0
    assert session.scalars(select(col(NoteRequest.decision_note))).all() == ["sin evidencia"]


def test_each_step_is_one_event(session):
    before = session.scalar(select(func.max(AuditEvent.id))) or 0
    request = waiting(session)
    decide(session, request)
    actions = session.scalars(select(col(AuditEvent.action)).where(col(AuditEvent.id) > before))
    assert [one for one in actions if one.startswith("credit")] == ["credit_note.requested", "credit_note.approved"]


def test_a_number_that_is_taken_is_refused_when_asking(session):
    customer = a_customer(session)
    a_charge(session, customer, number="E-5")
    with pytest.raises(NumberTaken):
        waiting(session, customer, number="E-5")


def test_the_same_form_asks_once(session):
    customer = a_customer(session)
    first = waiting(session, customer, submission="token")
    assert register(session, customer, "100.01", submission="token").request_id == first.request_id
