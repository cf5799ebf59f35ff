"""The demo company: sound books of any size, the same for the same seed and day, all or nothing."""

import json
import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from core import db
from core.agreements.queries import agreements
from core.agreements.standing import State
from core.auth import passwords
from core.auth.actor import Role, system
from core.auth.models import User
from core.auth.queries import actor_named
from core.collections.models import Contact, Visit
from core.collections.worklist import View, worklist
from core.credit.blocks import in_force
from core.credit.models import Block
from core.customers.models import Customer
from core.customers.tax_ids import doubt
from core.demo import NotEmpty, is_demo, load
from core.demo import loading as demo_loading
from core.demo.customers import how_many
from core.demo.days import SPAN, Days
from core.disputes.models import Dispute
from core.documents.models import Document, NoteRequest
from core.jobs.check_books import check_books
from core.ledger.models import Adjustment, Application, Entry, Kind, Reversal
from core.legal.models import HandOver
from core.letters.mail import printed
from core.letters.models import Letter
from core.outbox.models import Message
from core.payments.models import Payment
from core.promises.evaluation import evaluate
from core.promises.levels import levels
from core.promises.models import Promise, PromiseStatus
from core.promises.standing import standing
from core.reconciliations.models import Reconciliation
from core.supervision.models import Meeting
from core.tasks.models import Notice, Task
from tests.build import a_customer

DAY = date(2026, 11, 20)
#: What the same seed and day must fill alike; users have passwords drawn at random.
ALIKE = (
    "customer", "customer_person", "customer_change", "document", "payment", "ledger_entry", "ledger_application",
    "ledger_reversal", "ledger_number", "exchange_rate", "setting", "ledger_month_lock", "audit_event",
    "ledger_adjustment", "note_request", "contact", "promise", "promise_document", "promise_ending",
    "promise_judgement", "dispute", "dispute_step", "task", "notice", "letter", "letter_line", "visit",
    "payment_agreement", "collection_hand_over", "meeting",
)  # fmt: skip


def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def nobodys():
    """Payments that are on nobody's account."""
    held = select(col(Entry.id)).where(col(Entry.source) == "payment", col(Entry.source_id) == col(Payment.id))
    return ~held.exists()


def everything():
    with db.reading() as session:
        return {table: session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all() for table in ALIKE}


@pytest.mark.parametrize("documents", [1, 7, 400, 1500])
def test_the_books_hold_whatever_the_size(database, documents):
    load(documents=documents, seed=3, today=DAY)
    with db.reading() as session:
        assert check_books(session, system(), today=DAY) == []
        assert count(session, Document) == documents
        assert is_demo(session)


def test_written_in_chunks_without_indexes_it_is_as_sound(database, monkeypatch):
    monkeypatch.setattr(demo_loading, "BULK", 1)
    monkeypatch.setattr(demo_loading, "_CHUNK", 100)
    load(documents=900, seed=3, today=DAY)
    with db.reading() as session:
        assert check_books(session, system(), today=DAY) == []
        assert count(session, Document, col(Document.uuid).is_not(None)) == 0
    with db.transaction() as session:  # the sequences go on, and the indexes are there again
        a_customer(session, "NEW")
        named = {str(index.name) for index in Entry.metadata.tables["ledger_entry"].indexes}
        listed = "SELECT name FROM sqlite_master" if db.is_sqlite() else "SELECT indexname FROM pg_indexes"
        assert named <= set(session.scalars(text(listed)))


def test_there_is_something_of_everything(database):
    load(documents=2500, seed=1, today=DAY)
    with db.reading() as session:
        assert set(session.scalars(select(col(Document.kind)).distinct())) == {
            "invoice", "debit_note", "credit_note",
        }  # fmt: skip
        assert set(session.scalars(select(col(Document.currency)).distinct())) == {"MXN", "USD"}
        assert set(session.scalars(select(col(Payment.method)).distinct())) == {
            "cash", "cheque", "transfer", "card",
        }  # fmt: skip
        assert count(session, Reversal, col(Reversal.reason) == "returned_cheque") > 0
        assert count(session, Entry, col(Entry.instalment) == 3) > 0
        assert count(session, Entry, col(Entry.kind) == Kind.PAYMENT, col(Entry.open) > 0) > 0
        assert count(session, Application, col(Application.undoes_id).is_not(None)) > 0
        assert count(session, Payment, nobodys()) >= 3
        assert {row for (row,) in session.execute(select(col(Customer.region)).distinct())} == {
            "Norte",
            "Centro",
            "Sur",
        }


def test_what_the_counter_does_by_hand_is_there_too(database):
    load(documents=2500, seed=1, today=DAY)
    with db.reading() as session:
        kinds = dict(session.execute(select(col(Adjustment.kind), func.count()).group_by(col(Adjustment.kind))).all())
        assert (kinds["exchange"], kinds["write_off"], kinds["refund"]) == (3, 2, 3)
        assert count(session, NoteRequest, col(NoteRequest.state) == "waiting") == 3
        assert session.scalar(select(func.count(col(Payment.method).distinct())).where(nobodys())) == 3
        assert set(session.scalars(select(col(Payment.currency)).where(nobodys()))) == {"MXN", "USD"}


def test_promises_of_every_state_stand_as_the_money_that_came_says(database):
    load(documents=2500, seed=1, today=DAY)
    with db.reading() as session:
        its = standing(DAY).c
        rows = session.execute(select(its.status, its.paid, its.amount, its.ends_on)).all()
        level = levels(session, session.scalars(select(col(Promise.id))))
    found = Counter(row.status for row in rows)
    assert found.keys() == set(PromiseStatus)
    assert found["kept"] > found["partly_kept"] > 0
    assert max(level.values()) >= 3
    due = [row.ends_on for row in rows if row.status == "pending"]
    assert DAY in due
    assert max(due) > DAY


def test_the_nights_up_to_yesterdays_are_judged_and_tonights_is_not(database):
    load(documents=2500, seed=1, today=DAY)
    with db.transaction() as session:
        assert evaluate(session, system(), as_of=DAY - timedelta(days=1)) == []
        tonight = evaluate(session, system(), as_of=DAY)
        assert 0 < len(tonight) < 30
        failed = {one.number for one in tonight if one.after in ("broken", "partly_kept")}
        raised = session.scalars(select(col(Task.facts)).where(col(Task.raised_on) == DAY)).all()
        assert failed == {json.loads(facts)["number"] for facts in raised if "number" in facts}


def test_every_collector_has_called_and_nobody_more_than_a_few_times(database):
    load(documents=2500, seed=1, today=DAY)
    with db.reading() as session:
        collectors = set(session.scalars(select(col(Customer.collector)).distinct()))
        assert set(session.scalars(select(col(Contact.collector)).distinct())) == collectors
        per = select(func.count()).select_from(Contact).group_by(col(Contact.customer_id))
        assert max(session.scalars(per)) <= 10
        assert count(session, Dispute, col(Dispute.closed_on).is_(None)) > 0
        assert count(session, Dispute, col(Dispute.closed_on).is_not(None)) > 0
        assert count(session, Task, col(Task.done_on).is_(None)) > 0
        assert count(session, Notice, col(Notice.read_at).is_(None)) > 0


def test_matters_of_weeks_stand_where_they_should(database, business_day):
    business_day(DAY)
    load(documents=2500, seed=1, today=DAY)
    with db.reading() as session:
        assert set(session.scalars(select(col(Letter.level)).distinct())) == {1, 2, 3}
        assert set(session.scalars(select(col(Message.status)).distinct())) == {"sent"}
        states = {one.state for one in agreements(session, system(), as_of=DAY)}
        assert {State.WAITING, State.IN_FORCE, State.BREACHED} <= states
        stages = session.execute(select(col(HandOver.stage), col(HandOver.state))).all()
        assert {("legal", "approved"), ("agency", "approved"), ("prelegal", "waiting")} <= {
            tuple(one) for one in stages
        }
        assert count(session, Block, in_force(DAY)) == 1
        assert count(session, Visit, col(Visit.planned_on) == DAY) >= 6
        assert count(session, Meeting, col(Meeting.closed_at).is_not(None)) == 1
        assert count(session, Reconciliation, col(Reconciliation.signed_on).is_not(None)) == 1
        letter = session.scalars(select(col(Letter.id)).order_by(col(Letter.id).desc())).first()
        assert printed(session, system(), letter_id=letter).content.startswith(b"%PDF")


def test_every_collector_finds_a_list_a_promise_of_today_and_what_was_done_this_morning(database, business_day):
    business_day(DAY)
    load(documents=6000, seed=1, today=DAY)
    with db.reading() as session:
        for name in session.scalars(select(col(User.name)).where(col(User.role) == Role.COLLECTOR)):
            actor = actor_named(session, name)
            counts = worklist(session, actor, as_of=DAY).counts
            assert counts[View.TODO].customers >= 3, name
            assert counts[View.DUE_TODAY].customers >= 1, name
            assert counts[View.WAITING].customers >= 1, name
            done = count(session, Contact, col(Contact.contacted_on) == DAY, col(Contact.collector) == name)
            assert done >= 1, name


def test_a_long_demo_tells_how_far_it_is(database, monkeypatch):
    monkeypatch.setattr(demo_loading, "_CHUNK", 100)
    told: list[tuple[int, int]] = []
    load(documents=400, seed=3, today=DAY, progress=lambda done, of: told.append((done, of)))
    assert len(told) >= 3
    assert told == sorted(told)
    assert all(0 < done <= of == 400 for done, of in told)


def test_nothing_but_due_dates_lies_after_today(database):
    load(documents=600, seed=2, today=DAY)
    dated = {
        "document": ("issued_on", "presented_on"), "payment": ("paid_on",), "ledger_entry": ("booked_on", "paid_on"),
        "ledger_application": ("applied_on",), "ledger_reversal": ("reversed_on",), "exchange_rate": ("rate_on",),
        "audit_event": ("business_on",), "contact": ("contacted_on",), "promise": ("made_on",),
        "promise_ending": ("ended_on",), "promise_judgement": ("as_of",), "dispute": ("opened_on", "closed_on"),
        "task": ("raised_on", "done_on"),
    }  # fmt: skip
    with db.reading() as session:
        latest = [str(session.scalar(text(f"SELECT MAX({column}) FROM {table}")) or "")
                  for table, columns in dated.items() for column in columns]  # fmt: skip
        assert max(latest) <= str(DAY)
        assert str(session.scalar(text("SELECT MAX(due_on) FROM ledger_entry"))) > str(DAY)


def test_the_same_seed_and_day_make_the_same_data(database, backend):
    load(documents=300, seed=5, today=DAY)
    first = everything()
    backend.empty()
    load(documents=300, seed=5, today=DAY)
    assert everything() == first
    backend.empty()
    load(documents=300, seed=6, today=DAY)
    assert everything()["customer"] != first["customer"]


def test_everybody_can_sign_in_and_every_role_is_there(database):
    users = load(documents=50, today=DAY)
    assert {one.role for one in users} == set(Role)
    assert len({one.password for one in users}) == len(users)
    with db.reading() as session:
        kept = {user.name: user.password_hash for user in session.scalars(select(User))}
        assert kept.keys() == {one.name for one in users}
        assert passwords.matches(users[0].password, kept[users[0].name])
        collectors = set(session.scalars(select(col(Customer.collector)).distinct()))
        assert collectors <= kept.keys()


def test_the_rfcs_follow_the_rule(database):
    load(documents=900, today=DAY)
    with db.reading() as session:
        doubted = [row.tax_id for row in session.scalars(select(Customer)) if doubt(row.tax_id, row.country)]
    assert doubted == []


@pytest.mark.parametrize("documents", [1, 10, 500, 6_000, 1_000_000, 10_000_000])
def test_customers_grow_with_the_documents(documents):
    assert 1 <= how_many(documents) <= 20_000
    assert how_many(6_000) == 180
    assert how_many(1_000_000) == 20_000


def test_a_database_with_anything_in_it_is_refused(database):
    with db.transaction() as session:
        a_customer(session)
    with pytest.raises(NotEmpty):
        load(documents=10, today=DAY)
    with db.reading() as session:
        assert count(session, User) == 0
        assert not is_demo(session)


def test_an_unfinished_demo_is_nothing(database, monkeypatch):
    def fails(*_args, **_options):
        raise RuntimeError("killed")

    monkeypatch.setattr(demo_loading, "_unidentified", fails)
    with pytest.raises(RuntimeError):
        load(documents=200, today=DAY)
    with db.reading() as session:
        assert [count(session, model) for model in (User, Customer, Document, Entry)] == [0, 0, 0, 0]
        assert not is_demo(session)


def test_two_at_once_make_one_company(database):
    told: list[str] = []

    def run() -> None:
        try:
            load(documents=60, today=DAY)
            told.append("loaded")
        except NotEmpty:
            told.append("refused")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["loaded", "refused"]


def test_days_are_those_up_to_today():
    days = Days(DAY, seed=1)
    assert days.dates[SPAN] == DAY == days.dates[days.last]
    assert days.dates[days.on_weekday(3, 4)].weekday() == 4
    assert all(days.works[days.working(place)] for place in range(30))
