"""From opening to closing: who answers, notes, evidence, decision, outcome; and the list that shows it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from core.attachments.keeping import AttachmentNotUsable, listed
from core.auth.actor import Role
from core.disputes import reviewing
from core.disputes.listing import Wanted, Which, dispute_card, dispute_counts, disputes
from core.disputes.models import Dispute
from core.disputes.notices import warn_late
from core.disputes.opening import DeadlineBeforeOpening, UnknownArea, open_dispute
from core.disputes.queries import disputed_items
from core.disputes.reasons import Outcome
from core.disputes.reviewing import add_to_dispute, assign_dispute, close_dispute, move_dispute
from core.documents.checks import ReasonMissing
from core.errors import DomainError, NotAllowed
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.tasks.models import Notice
from tests.build import TODAY, a_charge, a_credit_note, a_customer, an_actor, an_event, pay

ANA = an_actor()
PDF = b"%PDF-1.7\n"


@pytest.fixture
def dispute(session: Session) -> Dispute:
    return opened(session)


def opened(session: Session, code: str = "", amount: str = "300.00", **facts: Any) -> Dispute:
    """A dispute about price of an invoice of 1000.00, opened ten days ago."""
    customer = a_customer(session, code, collector=facts.pop("collector", None))
    document = a_charge(session, customer, amount="1000.00", overdue_days=30)
    values = {"opened_on": TODAY - timedelta(days=10), "reason": "price", **facts}
    return open_dispute(
        session, ANA, customer_id=customer.id or 0, document=document.number, amount=Decimal(amount), **values
    )


def statuses(session: Session, number: str) -> list[str]:
    return [step.status for step in dispute_card(session, ANA, number, as_of=TODAY).steps]


def test_a_dispute_is_reviewed_decided_and_closed_and_every_step_is_kept(session: Session, dispute: Dispute) -> None:
    number = dispute.number
    move_dispute(session, ANA, number=number, status="in_review", notes="Se pidió el pedido a ventas")
    move_dispute(session, ANA, number=number, status="accepted")
    close_dispute(session, ANA, number=number, outcome=Outcome.CORRECTED, closed_on=TODAY, notes="Se refacturó")
    card = dispute_card(session, ANA, number, as_of=TODAY)
    assert [step.status for step in card.steps] == ["open", "in_review", "accepted", "closed"]
    assert (card.row.outcome, card.row.closed_on, card.row.late) == ("corrected", TODAY, None)
    assert session.scalars(disputed_items(TODAY).select()).all() == []


@pytest.mark.parametrize(
    ("before", "after"), [((), "closed"), ((), "open"), (("accepted",), "refused"), (("in_review",), "in_review")]
)
def test_a_step_that_does_not_follow_is_refused(
    session: Session, dispute: Dispute, before: tuple[str, ...], after: str
) -> None:
    for status in before:
        move_dispute(session, ANA, number=dispute.number, status=status, notes="x")
    with pytest.raises(reviewing.NotNext):
        move_dispute(session, ANA, number=dispute.number, status=after, notes="x")


def test_what_was_decided_may_go_back_to_review(session: Session, dispute: Dispute) -> None:
    for status in ("refused", "in_review", "accepted"):
        move_dispute(session, ANA, number=dispute.number, status=status, notes="x")
    assert dispute.status == "accepted"


def test_a_state_of_a_file_is_as_good_as_open(session: Session, dispute: Dispute) -> None:
    dispute.status = "En trámite con ventas"
    assert move_dispute(session, ANA, number=dispute.number, status="in_review").status == "in_review"


def test_a_refusal_says_why(session: Session, dispute: Dispute) -> None:
    with pytest.raises(ReasonMissing):
        move_dispute(session, ANA, number=dispute.number, status="refused", notes="  ")
    with pytest.raises(ReasonMissing):
        close_dispute(session, ANA, number=dispute.number, outcome=Outcome.REFUSED, closed_on=TODAY)


@pytest.mark.parametrize(
    ("decided", "outcome"), [("accepted", Outcome.REFUSED), ("refused", Outcome.CORRECTED), ("refused", "paid")]
)
def test_the_outcome_is_the_one_that_was_decided(
    session: Session, dispute: Dispute, decided: str, outcome: str
) -> None:
    move_dispute(session, ANA, number=dispute.number, status=decided, notes="x")
    with pytest.raises(reviewing.OutcomeDoesNotFit):
        close_dispute(session, ANA, number=dispute.number, outcome=outcome, closed_on=TODAY, notes="x")


@pytest.mark.parametrize("closed_on", [TODAY - timedelta(days=11), TODAY + timedelta(days=1)])
def test_it_is_closed_between_its_opening_and_today(session: Session, dispute: Dispute, closed_on: date) -> None:
    with pytest.raises(reviewing.ClosedOutOfTime):
        close_dispute(session, ANA, number=dispute.number, outcome=Outcome.CORRECTED, closed_on=closed_on)


def test_a_closed_one_changes_no_more_but_takes_evidence(session: Session, dispute: Dispute) -> None:
    close_dispute(session, ANA, number=dispute.number, outcome=Outcome.CORRECTED, closed_on=TODAY)
    for change in (
        lambda: move_dispute(session, ANA, number=dispute.number, status="in_review"),
        lambda: assign_dispute(session, ANA, number=dispute.number, owner_area="sales", deadline_on=None),
        lambda: close_dispute(session, ANA, number=dispute.number, outcome=Outcome.CORRECTED, closed_on=TODAY),
    ):
        with pytest.raises(reviewing.DisputeIsClosed):
            change()
    add_to_dispute(session, ANA, number=dispute.number, files=[("prueba.pdf", PDF)])


def test_a_credit_note_of_the_customer_settles_it(session: Session, dispute: Dispute) -> None:
    customer = session.get_one(type(a_customer(session)), dispute.customer_id)
    note = a_credit_note(session, customer, amount="300.00")
    close_dispute(
        session, ANA, number=dispute.number, outcome=Outcome.CREDIT_NOTE, closed_on=TODAY, credit_note=note.number
    )
    assert dispute.credit_note == note.number


def test_no_other_paper_settles_it(session: Session, dispute: Dispute) -> None:
    customer = session.get_one(type(a_customer(session)), dispute.customer_id)
    reversed_ = a_credit_note(session, customer)
    batch = Batch(session, event_id=an_event(session))
    items = batch.load_of(Source.DOCUMENT, [reversed_.id or 0])[reversed_.id or 0]
    reverse_whole(
        batch, items, source=Source.DOCUMENT, source_id=reversed_.id or 0, number=reversed_.number, on=TODAY, reason="x"
    )
    batch.flush()
    others = (
        a_credit_note(session, a_customer(session)), a_charge(session, customer), reversed_,
        a_credit_note(session, customer, currency="USD", rate="17"),
    )  # fmt: skip
    for number in ("NADIE", *(one.number for one in others)):
        with pytest.raises(reviewing.NotItsCreditNote):
            settle(session, dispute, number)
    with pytest.raises(reviewing.CreditNoteMissing):
        settle(session, dispute, " ")


def settle(session: Session, dispute: Dispute, credit_note: str) -> None:
    close_dispute(
        session, ANA, number=dispute.number, outcome=Outcome.CREDIT_NOTE, closed_on=TODAY, credit_note=credit_note
    )


def test_somebody_else_answers_until_another_day(session: Session, dispute: Dispute) -> None:
    assign_dispute(
        session, ANA, number=dispute.number, owner_area="billing", deadline_on=TODAY + timedelta(days=3), notes="Urge"
    )
    assert (dispute.owner_area, dispute.deadline_on) == ("billing", TODAY + timedelta(days=3))
    assert dispute_card(session, ANA, dispute.number, as_of=TODAY).steps[-1].notes == "Urge"
    with pytest.raises(UnknownArea):
        assign_dispute(session, ANA, number=dispute.number, owner_area="x", deadline_on=None)
    with pytest.raises(DeadlineBeforeOpening):
        assign_dispute(
            session, ANA, number=dispute.number, owner_area=None, deadline_on=TODAY - timedelta(days=11)
        )  # fmt: skip


def test_the_same_area_and_deadline_are_no_step(session: Session, dispute: Dispute) -> None:
    assign_dispute(
        session, ANA, number=dispute.number, owner_area=dispute.owner_area, deadline_on=dispute.deadline_on
    )  # fmt: skip
    assert statuses(session, dispute.number) == ["open"]


def test_notes_and_files_are_kept_with_who_wrote_them(session: Session, dispute: Dispute) -> None:
    add_to_dispute(session, ANA, number=dispute.number, notes="Llegaron 90", files=[("remision.pdf", PDF)])
    card = dispute_card(session, ANA, dispute.number, as_of=TODAY)
    assert (card.steps[-1].notes, card.steps[-1].user_name) == ("Llegaron 90", "ana")
    assert [(one.name, one.user_name) for one in listed(session, ANA, "dispute", card.id)] == [("remision.pdf", "ana")]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, reviewing.NothingToAdd),
        ({"notes": "  "}, reviewing.NothingToAdd),
        ({"files": [("a.exe", b"MZ")]}, AttachmentNotUsable),
        ({"files": [("a.pdf", PDF)] * 11}, reviewing.TooManyFiles),
    ],
)
def test_nothing_and_hostile_files_are_refused(
    session: Session, dispute: Dispute, given: dict[str, Any], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        add_to_dispute(session, ANA, number=dispute.number, **given)


def test_who_only_reads_changes_nothing_and_others_customers_are_not_there(session: Session) -> None:
    dispute = opened(session, collector="eva")
    manager, luis = an_actor(Role.MANAGER, name="mara"), an_actor(Role.COLLECTOR, name="luis")
    assert dispute_card(session, manager, dispute.number, as_of=TODAY).row.number == dispute.number
    with pytest.raises(NotAllowed):
        move_dispute(session, manager, number=dispute.number, status="in_review")
    with pytest.raises(NotAllowed):
        add_to_dispute(session, manager, number=dispute.number, notes="x")
    for act in (
        lambda: dispute_card(session, luis, dispute.number, as_of=TODAY),
        lambda: move_dispute(session, luis, number=dispute.number, status="in_review"),
    ):
        with pytest.raises(reviewing.DisputeNotFound):
            act()
    assert disputes(session, luis, as_of=TODAY).found == 0
    assert dispute_counts(session, luis, as_of=TODAY) == (0, 0, 0, 0, [])


# ------------------------------------------------------------------ the list
def test_the_list_says_what_is_late_and_what_it_comes_to(session: Session) -> None:
    late, fresh = opened(session, "C1"), opened(session, "C2", reason="quality", opened_on=TODAY)
    closed = opened(session, "C3")
    close_dispute(session, ANA, number=closed.number, outcome=Outcome.CORRECTED, closed_on=TODAY)
    move_dispute(session, ANA, number=fresh.number, status="accepted")
    customer = session.get_one(type(a_customer(session)), late.customer_id)
    pay(session, customer, a_charge(session, customer), amount="1.00")
    found = dispute_counts(session, ANA, as_of=TODAY)
    assert found == (2, 1, 1, 1, [("MXN", Decimal("600.00"))])
    numbers = {
        which: [row.number for row in disputes(session, ANA, as_of=TODAY, wanted=Wanted(which)).rows] for which in Which
    }
    assert numbers == {
        Which.LIVE: [late.number, fresh.number], Which.LATE: [late.number], Which.DECIDED: [fresh.number],
        Which.CLOSED: [closed.number], Which.ALL: [late.number, fresh.number, closed.number],
    }  # fmt: skip
    [row] = disputes(session, ANA, as_of=TODAY, wanted=Wanted(Which.LATE)).rows
    assert (row.age, row.late, row.customer, row.owner_area) == (10, 5, "C1", "sales")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(area="sales"), ["C1"]),
        (Wanted(area=""), []),
        (Wanted(reason="quality"), ["C2"]),
        (Wanted(customer="C2"), ["C2"]),
        (Wanted(text="C2"), ["C2"]),
        (Wanted(text="%"), []),
        (Wanted(text="ac-0"), ["C1", "C2"]),
        (Wanted(older=5), ["C1"]),
        (Wanted(older=10), []),
    ],
)
def test_the_list_is_filtered(session: Session, wanted: Wanted, found: list[str]) -> None:
    opened(session, "C1")
    opened(session, "C2", reason="quality", opened_on=TODAY)
    page = disputes(session, ANA, as_of=TODAY, wanted=wanted)
    assert [row.customer for row in page.rows] == found


def test_a_page_of_the_list_knows_how_many_there_are(session: Session) -> None:
    for code in ("C1", "C2", "C3"):
        opened(session, code)
    page = disputes(session, ANA, as_of=TODAY, limit=2, offset=2)
    assert (len(page.rows), page.found) == (1, 3)


# ------------------------------------------------------------------ who hears of it
def told(session: Session) -> set[tuple[str, str]]:
    return {(one.user_name, one.kind) for one in session.scalars(select(Notice))}


def test_whoever_opened_it_and_the_collector_hear_of_the_decision_once(session: Session) -> None:
    dispute, beto = opened(session, collector="eva"), an_actor(name="beto")
    assert told(session) == {("eva", "dispute_opened")}
    move_dispute(session, beto, number=dispute.number, status="in_review")
    move_dispute(session, beto, number=dispute.number, status="accepted")
    close_dispute(session, beto, number=dispute.number, outcome=Outcome.CORRECTED, closed_on=TODAY)
    assert told(session) == {("eva", "dispute_opened"), ("eva", "dispute_resolved"), ("ana", "dispute_resolved")}


def test_nobody_hears_of_his_own_doing(session: Session) -> None:
    dispute = opened(session, collector="ana")
    close_dispute(session, ANA, number=dispute.number, outcome=Outcome.CORRECTED, closed_on=TODAY)
    assert told(session) == set()


def test_each_night_tells_once_of_what_is_late(session: Session) -> None:
    opened(session, collector="eva")
    opened(session, collector="eva", reason="other")  # has its days until today
    beto = an_actor(name="beto")
    assert [warn_late(session, beto, as_of=TODAY) for _ in range(2)] == [1, 0]
    assert {kind for _user, kind in told(session)} == {"dispute_opened", "dispute_late"}
    assert warn_late(session, beto, as_of=TODAY + timedelta(days=1)) == 1
    with pytest.raises(NotAllowed):
        warn_late(session, an_actor(Role.COLLECTOR), as_of=TODAY)
