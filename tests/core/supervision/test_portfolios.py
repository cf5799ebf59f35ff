"""Portfolios: what each collector carries, customers given to others all or none, with history and who sees whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.auth.actor import Role, system
from core.auth.users import change_user, create_user
from core.customers.assigning import (
    CollectorNotAvailable,
    Move,
    MovedMeanwhile,
    MoveReasonMissing,
    NothingToMove,
)
from core.customers.editing import version
from core.customers.models import CustomerChange
from core.customers.queries import history
from core.customers.visibility import CustomerNotFound, visible_customer
from core.errors import NotAllowed
from core.promises.recording import record_promise
from core.supervision.portfolios import afterwards, candidates, collectors_of, loads, planned, reassign
from core.supervision.rules import share_out
from core.tasks.models import TaskKind
from core.tasks.queries import tasks, unread
from core.tasks.raising import raise_task
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor, an_event
from tests.support.server import PASSWORD

ANA, EVA = an_actor(Role.COLLECTOR, name="ana"), an_actor(Role.COLLECTOR, name="eva")
BOSS = an_actor(Role.MANAGER, name="jefa")
NORTH = an_actor(Role.MANAGER, name="norte", region="Norte")


@pytest.fixture
def team(session):
    for name, region in (("ana", None), ("eva", None), ("sur", "Sur")):
        create_user(session, system(), name=name, role="collector", region=region, password=PASSWORD)
    return session


@pytest.fixture
def book(team):
    """ana has C1 (overdue 100, credit 30) and C2 (overdue 500, of 200 days); nobody has C3."""
    one = a_customer(team, "C1", collector="ana", region="Norte", segment="A")
    a_charge(team, one, amount="100.00", overdue_days=5)
    a_payment(team, one, amount="30.00")
    two = a_customer(team, "C2", collector="ana", region="Sur", segment="B")
    a_charge(team, two, amount="500.00", overdue_days=200)
    a_charge(team, two, amount="10.00", due_on=TODAY, currency="USD", rate="17")
    a_customer(team, "C3", region="Norte")
    return team


def moved(session, *codes, to="eva", actor=BOSS, reason="Vacaciones"):
    chosen = [one for one in candidates(session, BOSS, as_of=TODAY) if one.code in codes]
    return reassign(session, actor, moves=[Move(one.id, one.collector, to) for one in chosen], reason=reason)


def test_each_load_in_company_currency_and_who_has_nobody_comes_too(book):
    found = {one.collector: one for one in loads(book, BOSS, as_of=TODAY)}
    ana = found["ana"]
    assert (ana.customers, ana.late, ana.balance, ana.overdue, ana.very_late) == (
        2, 2, Decimal("740.00"), Decimal("600.00"), Decimal("500.00"),
    )  # fmt: skip
    assert (found[""].customers, found["eva"].customers) == (1, 0)
    assert next(one.collector for one in loads(book, BOSS, as_of=TODAY)) == "ana"


def test_pending_promises_are_counted_for_the_collector_of_today(book):
    customer = visible_customer(book, BOSS, candidates(book, BOSS, as_of=TODAY, text="C1")[0].id)
    record_promise(
        book, ANA, customer_id=customer.id, amount=Decimal("50.00"), currency="MXN", made_on=TODAY,
        promised_on=TODAY + timedelta(days=3),
    )  # fmt: skip
    assert {one.collector: one.promises for one in loads(book, BOSS, as_of=TODAY)}["ana"] == 1
    moved(book, "C1")
    assert {one.collector: one.promises for one in loads(book, BOSS, as_of=TODAY)}["eva"] == 1


@pytest.mark.parametrize(
    ("asked", "codes"),
    [({}, ["C2", "C1", "C3"]), ({"collector": ""}, ["C3"]), ({"region": "Norte"}, ["C1", "C3"]),
     ({"segment": "B"}, ["C2"]), ({"least_overdue": Decimal("100.00")}, ["C2", "C1"]), ({"text": "c2"}, ["C2"])],
)  # fmt: skip
def test_customers_are_found_by_collector_region_segment_and_amount(book, asked, codes):
    assert [one.code for one in candidates(book, BOSS, as_of=TODAY, **asked)] == codes


def test_who_sees_whom_follows_at_once_with_history_tasks_and_a_notice(book):
    [one] = candidates(book, BOSS, as_of=TODAY, text="C1")
    raise_task(
        book, kind=TaskKind.BROKEN_PROMISE, event_id=an_event(book), assigned_to="ana", assigned_by="system",
        raised_on=TODAY, due_on=TODAY, customer_id=one.id, source="promise", source_id=1,
    )  # fmt: skip
    before = version(book, one.id)
    assert moved(book, "C1", "C2") == 2
    assert visible_customer(book, EVA, one.id).collector == "eva"
    with pytest.raises(CustomerNotFound):
        visible_customer(book, ANA, one.id)
    assert version(book, one.id) > before
    assert [(row.before, row.after, row.reason) for row in collectors_of(book, BOSS, one.id)] == [
        ("ana", "eva", "Vacaciones")
    ]
    assert history(book, BOSS, one.id)[0].reason == "Vacaciones"
    assert [task.kind for task in tasks(book, EVA, as_of=TODAY)] == ["broken_promise"]
    assert [notice.text for notice in unread(book, EVA)] == ["Jefa le asignó clientes (2): Vacaciones"]


def test_many_are_one_write_with_one_event(book):
    moved(book, "C1", "C2", "C3")
    events = book.scalar(select(func.count(func.distinct(CustomerChange.event_id))))
    assert (events, book.scalar(select(func.count()).select_from(CustomerChange))) == (1, 3)


def test_what_somebody_else_moved_meanwhile_moves_nobody(book):
    chosen = candidates(book, BOSS, as_of=TODAY)
    moved(book, "C1")
    with pytest.raises(MovedMeanwhile, match=r"Cliente C1 ya es de eva; usted veía a ana"):
        reassign(book, BOSS, moves=[Move(one.id, one.collector, "eva") for one in chosen], reason="x")
    assert candidates(book, BOSS, as_of=TODAY, text="C2")[0].collector == "ana"


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"reason": " "}, MoveReasonMissing), ({"to": "ana"}, NothingToMove), ({"to": "jefa"}, CollectorNotAvailable),
     ({"actor": ANA}, NotAllowed), ({"actor": NORTH, "to": "sur"}, CollectorNotAvailable)],
)  # fmt: skip
def test_what_cannot_be_given_is_refused(book, asked, refusal):
    with pytest.raises(refusal):
        moved(book, "C1", **asked)


def test_a_regional_manager_moves_and_sees_his_region_only(book):
    assert [one.code for one in candidates(book, NORTH, as_of=TODAY)] == ["C1", "C3"]
    assert {one.collector: one.customers for one in loads(book, NORTH, as_of=TODAY)} == {"ana": 1, "": 1, "eva": 0}
    with pytest.raises(CustomerNotFound):
        moved(book, "C1", "C2", actor=NORTH)
    assert moved(book, "C1", actor=NORTH) == 1


def test_the_preview_is_what_it_will_be(book):
    now, chosen = loads(book, BOSS, as_of=TODAY), candidates(book, BOSS, as_of=TODAY)
    plan = planned(chosen, ["ana", "eva"], now)
    assert {one.customer_id: one.after for one in plan} == {
        chosen[0].id: "ana",
        chosen[1].id: "eva",
        chosen[2].id: "eva",
    }
    reassign(book, BOSS, moves=plan, reason="Equilibrar")
    told = {one.collector: one[2:7] for one in afterwards(now, chosen, plan) if one.collector in ("ana", "eva")}
    assert {one.collector: one[2:7] for one in loads(book, BOSS, as_of=TODAY) if one.collector in told} == told


@given(
    st.lists(st.integers(0, 10_000).map(lambda cents: Decimal(cents).scaleb(-2)), max_size=30),
    st.dictionaries(st.sampled_from("abcde"), st.integers(0, 100).map(Decimal), min_size=1),
)
def test_customers_are_shared_out_so_that_nobody_is_heavier_than_need_be(weights, carried):
    given_ = share_out(list(enumerate(weights)), carried)
    assert given_.keys() == set(range(len(weights)))
    after = dict(carried)
    for place, name in given_.items():
        after[name] += weights[place]
    heaviest = max(weights, default=Decimal(0))
    got = set(given_.values())
    assert all(after[name] - min(after.values()) <= heaviest for name in got)


def test_who_has_a_customer_is_told_by_full_name(book):
    change_user(book, system(), name="ana", role="collector", full_name="Ana Salgado")
    found = candidates(book, BOSS, as_of=TODAY)
    assert [(one.collector, one.collector_name) for one in found] == [
        ("ana", "Ana Salgado"), ("ana", "Ana Salgado"), (None, None)
    ]  # fmt: skip
