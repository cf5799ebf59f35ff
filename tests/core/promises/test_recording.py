"""Recording promises, ending them, their levels, and the instalments of an agreement."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.customers.models import Customer
from core.customers.visibility import CustomerNotFound
from core.documents.checks import AmountNotValid, ReasonMissing
from core.errors import NotAllowed
from core.jobs.check_books import check_books
from core.policies.settings import set_setting
from core.promises.agreed import InstalmentsOutOfOrder, record_instalments, withdraw_instalments
from core.promises.card import Counts, promise_card
from core.promises.models import Promise, PromiseStatus
from core.promises.promisable import next_level, promisable
from core.promises.queries import Wanted, promises
from core.promises.recording import (
    AlreadyPromised,
    AlreadyPromisedOnAccount,
    AnotherCurrency,
    NotACharge,
    NotPending,
    PartOfAgreement,
    PromisedBeforeMade,
    PromiseNotFound,
    record_promise,
    reschedule_promise,
    withdraw_promise,
)
from tests.build import a_charge, a_credit_note, a_customer, an_actor, an_event, pay

ANA, BETO = an_actor(), an_actor(Role.COLLECTOR, name="beto")


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def customer(session: Session) -> Customer:
    """C1 of beto, with F1 and F2 of 1000.00 in pesos."""
    found = a_customer(session, "C1", collector="beto")
    a_charge(session, found, number="F1", issued_on=march(1), due_on=march(5))
    a_charge(session, found, number="F2", issued_on=march(1), due_on=march(9))
    return found


def promise(session: Session, customer: Customer, *documents: str, made: int = 10, due: int = 20, **facts: Any):
    given: dict[str, Any] = {"amount": Decimal("600.00"), "currency": None, **facts}
    return record_promise(
        session, given.pop("actor", ANA), customer_id=customer.id or 0, made_on=march(made), promised_on=march(due),
        documents=documents, **given,
    )  # fmt: skip


def listed(session: Session, on: date) -> dict[str, Any]:
    return {row.number: row for row in promises(session, system(), as_of=on)}


# ------------------------------------------------------------------ recording
def test_a_promise_gets_a_number_of_our_own_and_the_customers_collector(session: Session, customer: Customer):
    made = promise(session, customer, "F1", contact=" Lic. Torres ")
    assert (made.number, made.collector, made.contact) == (f"PR-{made.id:06d}", "beto", "Lic. Torres")
    assert (made.starts_on, made.ends_on) == (march(10), march(20))


def test_the_series_steps_aside_where_an_imported_promise_has_that_name(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    taken = f"PR-{(first.id or 0) + 2:06d}"
    session.add(
        Promise(
            id=(first.id or 0) + 1, number=taken, customer_id=customer.id or 0, currency="MXN", amount=Decimal("1.00"),
            made_on=march(1), promised_on=march(2), starts_on=march(1), ends_on=march(2), event_id=first.event_id,
        )
    )  # fmt: skip
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        from core import db

        db.reserve_ids(session, Promise, 1)
    assert promise(session, customer, "F2").number == f"{taken}-2"


def test_the_currency_is_that_of_the_documents_else_the_customers_else_the_companys(session: Session):
    dollars = a_customer(session, "C8", currency="USD")
    pesos = a_charge(session, dollars, issued_on=march(1))
    assert promise(session, dollars, pesos.number).currency == "MXN"
    assert promise(session, dollars).currency == "USD"
    assert promise(session, a_customer(session, "C9")).currency == "MXN"


def test_a_document_in_another_currency_is_refused(session: Session, customer: Customer):
    with pytest.raises(AnotherCurrency):
        promise(session, customer, "F1", currency="USD")


@pytest.mark.parametrize("number", ["NADA", "N1", "AJENA"])
def test_only_charges_of_this_customer_can_be_promised(session: Session, customer: Customer, number: str):
    a_credit_note(session, customer, number="N1")
    a_charge(session, a_customer(session, "C9"), number="AJENA")
    with pytest.raises(NotACharge):
        promise(session, customer, number)


def test_a_promise_for_a_day_before_it_is_made_is_refused(session: Session, customer: Customer):
    with pytest.raises(PromisedBeforeMade):
        promise(session, customer, made=10, due=9)


def test_nothing_cannot_be_promised(session: Session, customer: Customer):
    with pytest.raises(AmountNotValid):
        promise(session, customer, amount=Decimal("0.00"))


def test_who_may_not_record_promises_is_refused(session: Session, customer: Customer):
    with pytest.raises(NotAllowed):
        promise(session, customer, actor=an_actor(Role.CASHIER, name="caja"))


def test_a_collector_promises_only_for_his_own_customers(session: Session, customer: Customer):
    assert promise(session, customer, "F1", actor=BETO).collector == "beto"
    with pytest.raises(CustomerNotFound):
        promise(session, a_customer(session, "C9"), actor=BETO)


def test_a_form_sent_twice_records_one_promise(session: Session, customer: Customer):
    assert promise(session, customer, submission="x").id == promise(session, customer, submission="x").id
    assert session.scalar(select(func.count()).select_from(Promise)) == 1


def test_every_promise_has_its_event_and_the_books_stay_sound(session: Session, customer: Customer):
    made = promise(session, customer, "F1", actor=system())
    event = session.get_one(AuditEvent, made.event_id)
    assert (event.action, event.entity_id, event.customer_id) == ("promise.recorded", made.number, customer.id)
    assert check_books(session, system(), today=march(31)) == []


# ------------------------------------------------------------------ one pending promise
def test_a_second_promise_is_refused_while_one_on_a_shared_document_is_pending(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    with pytest.raises(AlreadyPromised) as refused:
        promise(session, customer, "F2", "F1", made=20)
    assert refused.value.facts == {"document": "F1", "number": first.number, "ends_on": march(20)}


def test_it_is_judged_on_the_day_of_the_new_one(session: Session, customer: Customer):
    promise(session, customer, "F1", made=10, due=12)
    promise(session, customer, "F1", made=13, due=20)
    assert promise(session, customer, "F1", made=9, due=9).id


def test_a_promise_already_kept_is_in_nobodys_way(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    document = session.scalars(select(_document()).where(_document().number == "F1")).one()
    pay(session, customer, document, amount="600.00", paid_on=march(12))
    with pytest.raises(AlreadyPromised):
        promise(session, customer, "F1", made=11)
    assert promise(session, customer, "F1", made=12).id != first.id


def test_on_account_one_promise_of_a_customer_and_currency_is_pending(session: Session, customer: Customer):
    promise(session, customer)
    promise(session, customer, currency="USD")
    promise(session, customer, "F1")
    promise(session, a_customer(session, "C9"))
    with pytest.raises(AlreadyPromisedOnAccount):
        promise(session, customer, made=20)
    assert promise(session, customer, made=21, due=22).id


def _document() -> Any:
    from core.documents.models import Document

    return Document


# ------------------------------------------------------------------ ending
def test_withdrawn_it_is_so_from_that_day_and_another_can_be_made(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    withdraw_promise(session, ANA, number=first.number, on=march(15), reason="se equivocó de factura")
    assert listed(session, march(14))[first.number].status is PromiseStatus.PENDING
    assert listed(session, march(31))[first.number].status is PromiseStatus.WITHDRAWN
    assert promise(session, customer, "F1", made=15).id


def test_withdrawing_needs_a_reason(session: Session, customer: Customer):
    with pytest.raises(ReasonMissing):
        withdraw_promise(session, ANA, number=promise(session, customer).number, on=march(11), reason=" ")


def test_rescheduled_another_takes_its_place_with_the_same_documents(session: Session, customer: Customer):
    first = promise(session, customer, "F1", "F2")
    second = reschedule_promise(session, ANA, number=first.number, on=march(15), promised_on=march(28))
    rows = listed(session, march(31))
    assert rows[first.number].status is PromiseStatus.RESCHEDULED
    assert (rows[second.number].status, rows[second.number].documents) == (PromiseStatus.BROKEN, ("F1", "F2"))
    assert (second.made_on, second.ends_on, second.amount) == (march(15), march(28), first.amount)


@pytest.mark.parametrize("day", [9, 21])
def test_only_what_is_pending_can_be_ended(session: Session, customer: Customer, day: int):
    first = promise(session, customer, "F1")
    with pytest.raises(NotPending):
        withdraw_promise(session, ANA, number=first.number, on=march(day), reason="x")
    with pytest.raises(NotPending):
        reschedule_promise(session, ANA, number=first.number, on=march(day), promised_on=march(30))


def test_a_promise_is_ended_once(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    withdraw_promise(session, ANA, number=first.number, on=march(15), reason="x")
    with pytest.raises(NotPending):
        withdraw_promise(session, ANA, number=first.number, on=march(14), reason="x")


def test_a_promise_of_a_customer_whom_one_does_not_see_is_not_there(session: Session, customer: Customer):
    hidden = promise(session, a_customer(session, "C9"))
    with pytest.raises(PromiseNotFound):
        withdraw_promise(session, BETO, number=hidden.number, on=march(11), reason="x")
    with pytest.raises(PromiseNotFound):
        promise_card(session, BETO, hidden.number, as_of=march(11))


# ------------------------------------------------------------------ levels
def level(session: Session, number: str) -> int:
    found: int = listed(session, march(31))[number].level
    return found


def test_the_level_rises_with_each_promise_that_failed_before(session: Session, customer: Customer):
    first = promise(session, customer, "F1", made=1, due=3)
    second = promise(session, customer, "F1", "F2", made=5, due=7)
    third = promise(session, customer, "F2", made=9, due=12)
    assert [level(session, one.number) for one in (first, second, third)] == [1, 2, 3]


def test_after_one_that_was_kept_the_level_begins_anew(session: Session, customer: Customer):
    promise(session, customer, "F1", made=1, due=3)
    promise(session, customer, "F1", made=5, due=7, amount=Decimal("10.00"))
    document = session.scalars(select(_document()).where(_document().number == "F1")).one()
    pay(session, customer, document, amount="10.00", paid_on=march(6))
    third = promise(session, customer, "F1", made=9, due=12)
    assert level(session, third.number) == 1


def test_a_promise_on_account_has_no_predecessor(session: Session, customer: Customer):
    promise(session, customer, made=1, due=3)
    assert level(session, promise(session, customer, made=5).number) == 1


def test_what_a_user_ended_neither_raises_the_level_nor_begins_it_anew(session: Session, customer: Customer):
    promise(session, customer, "F1", made=1, due=3)
    second = promise(session, customer, "F1", made=5, due=20)
    third = reschedule_promise(session, ANA, number=second.number, on=march(6), promised_on=march(9))
    assert [level(session, one.number) for one in (second, third)] == [2, 2]


def test_the_level_told_beforehand_is_the_one_that_comes(session: Session, customer: Customer):
    promise(session, customer, "F1", made=1, due=3)
    promise(session, customer, "F1", made=5, due=7)
    asked: dict[str, Any] = {"customer_id": customer.id, "on": march(9)}
    assert next_level(session, ANA, documents=["F1", "F2"], **asked) == 3
    assert next_level(session, ANA, documents=["F2"], **asked) == 1
    assert level(session, promise(session, customer, "F1", "F2", made=9).number) == 3


def test_what_can_be_promised_says_what_is_open_and_what_is_promised_already(session: Session, customer: Customer):
    first = promise(session, customer, "F2")
    on_account = promise(session, customer)
    offered = promisable(session, ANA, customer_id=customer.id or 0, currency="MXN", on=march(12))
    assert [(one.number, str(one.open), one.pending) for one in offered.documents] == [
        ("F1", "1000.00", None), ("F2", "1000.00", first.number),
    ]  # fmt: skip
    assert (str(offered.open), offered.pending) == ("2000.00", on_account.number)


# ------------------------------------------------------------------ agreements
def instalments(session: Session, customer: Customer, *days: int, agreement_id: int = 7, made: int = 10):
    [document] = session.scalars(select(_document().id).where(_document().number == "F1")).all()
    return record_instalments(
        session, ANA, agreement_id=agreement_id, customer_id=customer.id or 0, currency="MXN", documents=[document],
        made_on=march(made), instalments=[(march(day), Decimal("100.00")) for day in days], event_id=an_event(session),
    )  # fmt: skip


def test_the_windows_of_an_agreement_follow_one_another(session: Session, customer: Customer):
    set_setting(session, system(), key="promises.tolerance_days", value="2")
    made = instalments(session, customer, 12, 18, 24)
    assert [(one.starts_on, one.ends_on) for one in made] == [
        (march(10), march(14)), (march(15), march(20)), (march(21), march(26)),
    ]  # fmt: skip
    assert {level(session, one.number) for one in made} == {1}


def test_money_of_one_instalment_does_not_keep_the_next(session: Session, customer: Customer):
    first, second = instalments(session, customer, 12, 18)
    document = session.scalars(select(_document()).where(_document().number == "F1")).one()
    pay(session, customer, document, amount="200.00", paid_on=march(12))
    rows = listed(session, march(19))
    assert [rows[one.number].status for one in (first, second)] == [PromiseStatus.KEPT, PromiseStatus.BROKEN]


def test_an_agreement_is_refused_while_another_promise_on_its_documents_is_pending(
    session: Session, customer: Customer
):
    promise(session, customer, "F1")
    with pytest.raises(AlreadyPromised):
        instalments(session, customer, 12, 18)


def test_instalments_come_one_after_the_other(session: Session, customer: Customer):
    with pytest.raises(InstalmentsOutOfOrder):
        instalments(session, customer, 12, 12)


def test_a_promise_of_an_agreement_is_changed_with_the_agreement_only(session: Session, customer: Customer):
    first, *_ = instalments(session, customer, 12, 18)
    with pytest.raises(PartOfAgreement):
        reschedule_promise(session, ANA, number=first.number, on=march(11), promised_on=march(30))
    with pytest.raises(PartOfAgreement):
        withdraw_promise(session, ANA, number=first.number, on=march(11), reason="x")


def test_an_agreement_that_ends_withdraws_what_is_still_pending(session: Session, customer: Customer):
    made = instalments(session, customer, 12, 18, 24)
    assert (
        withdraw_instalments(session, agreement_id=7, on=march(15), reason="incumplido", event_id=made[0].event_id) == 2
    )
    rows = listed(session, march(31))
    assert [rows[one.number].status.value for one in made] == ["broken", "withdrawn", "withdrawn"]


# ------------------------------------------------------------------ one promise with all that is known of it
def test_the_card_shows_the_money_and_whether_it_counts(session: Session, customer: Customer):
    made = promise(session, customer, "F1", contact="Torres")
    document = session.scalars(select(_document()).where(_document().number == "F1")).one()
    for amount, day in (("50.00", 9), ("100.00", 12), ("200.00", 21)):
        pay(session, customer, document, amount=amount, paid_on=march(day))
    one = promise_card(session, ANA, made.number, as_of=march(31))
    assert [(str(move.amount), move.counts) for move in one.money] == [
        ("100.00", Counts.IN_TIME), ("200.00", Counts.LATE),
    ]  # fmt: skip
    assert (one.row.status, str(one.row.paid), one.made_by) == (PromiseStatus.PARTLY_KEPT, "300.00", "ana")


def test_the_list_is_narrowed_by_state_collector_customer_and_days(session: Session, customer: Customer):
    first = promise(session, customer, "F1")
    second = promise(session, a_customer(session, "C2", collector="carla"), due=25)
    later = date(2026, 3, 22)

    def numbers(**wanted: Any) -> list[str]:
        return [row.number for row in promises(session, system(), as_of=later, wanted=Wanted(**wanted))]

    assert numbers() == [first.number, second.number]
    assert numbers(statuses=(PromiseStatus.PENDING,)) == [second.number]
    assert numbers(collector="beto") == [first.number]
    assert numbers(customer_id=customer.id) == [first.number]
    assert numbers(start=march(21)) == [second.number]
    assert numbers(end=march(21)) == [first.number]
    assert [row.number for row in promises(session, BETO, as_of=later)] == [first.number]
    assert promises(session, BETO, as_of=march(10) - timedelta(days=1)) == []


def test_numbers_are_asked_for_page_by_page_in_an_order_that_does_not_change(session: Session):
    one = a_customer(session, "C9")
    made = [promise(session, one, made=day, due=day) for day in (1, 2, 3, 4)]
    whole = [row.number for row in promises(session, ANA, as_of=march(31))]
    paged = [row.number for at in (0, 2) for row in promises(session, ANA, as_of=march(31), limit=2, offset=at)]
    assert paged == whole == [one.number for one in reversed(made)]
