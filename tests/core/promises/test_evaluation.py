"""Judging promises at a date: what changed, who is told, once; two runs at the same instant."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.customers.models import Customer
from core.db import reading, transaction
from core.documents.models import Document
from core.errors import DomainError, NotAllowed
from core.payments.reversal import reverse_payment
from core.promises.evaluation import Judged, evaluate
from core.promises.models import Promise, PromiseJudgement
from core.promises.recording import AlreadyPromised, record_promise, withdraw_promise
from core.tasks.models import Notice, Task
from tests.build import a_charge, a_customer, an_actor, customer_of, pay

ANA, BETO = an_actor(), an_actor(Role.COLLECTOR, name="beto")


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def customer(session: Session) -> Customer:
    found = a_customer(session, "C1", collector="beto", sales_rep="V1")
    a_charge(session, found, number="F1", issued_on=march(1))
    return found


def promise(
    session: Session, customer: Customer, *documents: str, made: int = 2, due: int = 10, amount: str = "600.00"
):
    return record_promise(
        session, ANA, customer_id=customer.id or 0, amount=Decimal("600.00"), currency=None, made_on=march(made),
        promised_on=march(due), documents=documents,
    )  # fmt: skip


def judged(session: Session, day: int, actor: Any = ANA) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in evaluate(session, actor, as_of=march(day))]


def paid(session: Session, amount: str, day: int):
    document = session.scalars(select(Document).where(col(Document.number) == "F1")).one()
    return pay(session, customer_of(session, "C1"), document, amount=amount, paid_on=march(day))


def test_it_says_what_changed_and_run_again_nothing(session: Session, customer: Customer):
    made = promise(session, customer, "F1")
    assert judged(session, 10) == []
    assert evaluate(session, ANA, as_of=march(11)) == [Judged(made.number, "pending", "broken")]
    assert judged(session, 11) == judged(session, 20) == []


def test_a_change_of_judgement_is_told_each_time(session: Session, customer: Customer):
    promise(session, customer, "F1")
    payment = paid(session, "600.00", 5)
    assert judged(session, 6) == [("pending", "kept")]
    reverse_payment(session, an_actor(Role.MANAGER, name="eva"), number=payment.number, on=march(8), reason="error")
    assert judged(session, 7) == []
    assert judged(session, 8) == [("kept", "pending")]
    assert judged(session, 11) == [("pending", "broken")]


def test_an_earlier_day_is_judged_by_what_had_been_told_by_then(session: Session, customer: Customer):
    promise(session, customer, "F1")
    assert judged(session, 20) == [("pending", "broken")]
    assert judged(session, 10) == []
    paid(session, "100.00", 9)
    assert judged(session, 11) == [("pending", "partly_kept")]
    assert judged(session, 20) == [("broken", "partly_kept")]
    assert judged(session, 11) == judged(session, 20) == []


def test_what_a_user_ended_is_no_finding(session: Session, customer: Customer):
    made = promise(session, customer, "F1")
    withdraw_promise(session, ANA, number=made.number, on=march(9), reason="x")
    assert judged(session, 20) == []


def test_all_of_a_run_is_one_event_and_a_run_without_change_none(session: Session, customer: Customer):
    promise(session, customer, "F1")
    promise(session, customer)
    judged(session, 11)
    judged(session, 12)
    events = session.scalars(select(col(AuditEvent.id)).where(col(AuditEvent.action) == "promise.evaluated")).all()
    assert len(events) == 1
    assert set(session.scalars(select(col(PromiseJudgement.event_id)))) == set(events)


def test_one_judges_the_customers_whom_one_sees(session: Session, customer: Customer):
    other = a_customer(session, "C2")
    a_charge(session, other, number="F2", issued_on=march(1))
    promise(session, customer, "F1")
    promise(session, other, "F2")
    assert len(judged(session, 11, BETO)) == 1
    assert len(judged(session, 11)) == 1


def test_who_may_not_record_promises_does_not_judge_them(session: Session):
    with pytest.raises(NotAllowed):
        evaluate(session, an_actor(Role.AUDITOR, name="aud"), as_of=march(11))


# ------------------------------------------------------------------ who is told
@pytest.fixture
def people(user: Any) -> None:
    user("beto", "collector")
    user("vera", "sales_rep", sales_rep="V1")
    user("otra", "sales_rep", sales_rep="V2")


@pytest.mark.parametrize(("amount", "state"), [(None, "broken"), ("1.00", "partly_kept")])
def test_one_that_fails_raises_its_task_and_tells_collector_and_rep(
    database: Any, people: None, amount: str | None, state: str
):
    with transaction() as session:
        one = a_customer(session, "C1", collector="beto", sales_rep="V1")
        a_charge(session, one, number="F1", issued_on=march(1))
        made = promise(session, one, "F1")
        if amount:
            paid(session, amount, 5)
        judged(session, 11)
    with reading() as session:
        [task] = session.scalars(select(Task)).all()
        notices = session.scalars(select(Notice)).all()
    assert (task.assigned_to, task.customer_id, task.raised_on) == ("beto", one.id, march(11))
    assert {notice.user_name for notice in notices} == {"beto", "vera"}
    assert f'"{made.number}"' in task.facts
    assert f'"{state}"' in task.facts


def test_broken_again_after_a_reversal_it_is_told_only_once(database: Any, people: None):
    with transaction() as session:
        one = a_customer(session, "C1", collector="beto", sales_rep="V1")
        a_charge(session, one, number="F1", issued_on=march(1))
        promise(session, one, "F1")
        judged(session, 11)
        late = paid(session, "600.00", 10)
        assert judged(session, 12) == [("broken", "kept")]
        reverse_payment(session, an_actor(Role.MANAGER, name="eva"), number=late.number, on=march(13), reason="error")
        assert judged(session, 13) == [("kept", "broken")]
        assert session.scalar(select(func.count()).select_from(Task)) == 1
        assert session.scalar(select(func.count()).select_from(Notice)) == 2


def test_what_was_broken_long_ago_is_judged_but_nobody_is_sent_after_it(session: Session, customer: Customer):
    promise(session, customer, "F1")
    assert len(evaluate(session, ANA, as_of=march(10) + timedelta(days=90))) == 1
    assert session.scalar(select(func.count()).select_from(Task)) == 0


# ------------------------------------------------------------------ at the same instant
def at_once(*works: Any) -> list[Any]:
    """Runs each in a thread and a transaction of its own, all let go together; what each returned or was refused."""
    start, told = Barrier(len(works)), list(works)

    def run(place: int, work: Any) -> None:
        start.wait()
        try:
            with transaction() as session:
                told[place] = work(session)
        except DomainError as error:
            told[place] = error

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive(), "a writer hangs"
    return told


def test_of_two_who_promise_the_same_document_at_once_one_is_refused(database: Any):
    with transaction() as session:
        one = a_customer(session, "C1")
        a_charge(session, one, number="F1", issued_on=march(1))
    told = at_once(*[lambda session: promise(session, one, "F1").number] * 3)
    refused = [answer for answer in told if isinstance(answer, AlreadyPromised)]
    assert len(refused) == 2
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Promise)) == 1


def test_two_runs_at_once_tell_each_change_once(database: Any):
    with transaction() as session:
        one = a_customer(session, "C1", collector="beto")
        for number in range(20):
            a_charge(session, one, number=f"F{number}", issued_on=march(1))
            promise(session, one, f"F{number}")
    told = at_once(*[lambda session: len(evaluate(session, system(), as_of=march(11)))] * 3)
    assert sorted(told) == [0, 0, 20]
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(PromiseJudgement)) == 20
        assert session.scalar(select(func.count()).select_from(Task)) == 20
