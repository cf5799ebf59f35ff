"""Productivity: every figure counted from the rows, for the collector whom it belongs to, and its rows say the same."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import col, select

from core.audit.events import record
from core.auth.actor import Role, system
from core.auth.users import create_user
from core.clock import standing as at_moment
from core.collections.models import Contact
from core.customers.models import CustomerChange
from core.documents.models import Document
from core.errors import NotAllowed
from core.payments.reversal import reverse_payment
from core.promises.recording import record_promise, withdraw_promise
from core.supervision import figures
from core.supervision.goals import GoalNotUsable, GoalNotYours, goals, set_goal
from core.supervision.productivity import Asked, By, productivity, whole
from core.supervision.rules import per_day, period_before, rate
from tests.build import TODAY, a_charge, a_customer, an_actor, an_event, customer_of, pay
from tests.support.server import PASSWORD

BOSS = an_actor(Role.MANAGER, name="jefa")
NORTH = an_actor(Role.MANAGER, name="norte", region="Norte")
ANA = an_actor(Role.COLLECTOR, name="ana")
MARCH = Asked(date(2026, 3, 1), date(2026, 3, 31), "MXN", TODAY)


@pytest.fixture
def book(session):
    create_user(session, system(), name="ana", role="collector", password=PASSWORD, full_name="Ana Treviño")
    for code, region, collector in (("C1", "Norte", "ana"), ("C2", "Sur", "eva")):
        customer = a_customer(session, code, region=region, collector=collector)
        a_charge(session, customer, number=f"F-{code}", amount="1000.00", due_on=date(2026, 3, 10))
    return session


customer = customer_of


def called(session, code, outcome, *, on=date(2026, 3, 20), hour=10, by="ana", cause=None):
    session.add(
        Contact(
            customer_id=customer(session, code).id, at=datetime(on.year, on.month, on.day, hour, tzinfo=UTC),
            contacted_on=on, channel="call", outcome=outcome, collector=by, cause=cause, event_id=an_event(session),
        )
    )  # fmt: skip
    session.flush()


def row(session, key="ana", asked=MARCH, actor=BOSS, by=By.COLLECTOR):
    return next((one for one in productivity(session, actor, asked=asked, by=by) if one.key == key), None)


def test_contacts_reached_right_party_and_days(book):
    called(book, "C1", "promise")
    called(book, "C1", "no_answer", hour=11)
    called(book, "C2", "call_back", on=date(2026, 3, 21))
    called(book, "C1", "promise", on=date(2026, 2, 28))
    one = row(book)
    assert (one.name, one.contacts, one.reached, one.right_party, one.customers, one.days) == (
        "Ana Treviño", 3, 2, 1, 2, 2,
    )  # fmt: skip
    assert (one.reached_pct, one.right_party_pct, one.contacts_a_day) == (
        Decimal("66.7"), Decimal("33.3"), Decimal("1.5"),
    )  # fmt: skip
    assert len(figures.contacts(book, BOSS, asked=MARCH._replace(collector="ana"))) == 3


def test_promises_made_and_kept_by_count_and_amount(book):
    for code, amount, made, promised in (
        ("C1", "400.00", date(2026, 3, 11), date(2026, 3, 15)), ("C2", "600.00", date(2026, 3, 11), date(2026, 3, 15)),
    ):  # fmt: skip
        record_promise(
            book, system(), customer_id=customer(book, code).id, amount=Decimal(amount), currency="MXN", made_on=made,
            promised_on=promised, documents=[f"F-{code}"], collector="ana",
        )  # fmt: skip

    invoice = book.scalars(select(Document).where(col(Document.number) == "F-C1")).one()
    pay(book, customer(book, "C1"), invoice, amount="400.00", paid_on=date(2026, 3, 14))
    one = row(book)
    assert (one.promises, one.promised, one.due, one.kept) == (2, Decimal("1000.00"), 2, 1)
    assert (one.kept_pct, one.kept_amount_pct) == (Decimal("50.0"), Decimal("40.0"))
    assert [p.status for p in figures.promises_due(book, BOSS, asked=MARCH)] == ["kept", "broken"]
    assert len(figures.promises_made(book, BOSS, asked=MARCH._replace(collector="ana"))) == 2


def test_withdrawn_promises_are_neither_kept_nor_broken(book):
    made = record_promise(
        book, system(), customer_id=customer(book, "C1").id, amount=Decimal("5.00"), currency="MXN",
        made_on=date(2026, 3, 2), promised_on=date(2026, 3, 5), collector="ana",
    )  # fmt: skip
    withdraw_promise(book, system(), number=made.number, on=date(2026, 3, 3), reason="Error")
    one = row(book)
    assert (one.promises, one.due, one.kept_pct) == (1, 0, None)


def test_recovered_is_money_applied_to_what_was_overdue_and_undone_money_is_taken_off(book):

    invoice = book.scalars(select(Document).where(col(Document.number) == "F-C1")).one()
    one = customer(book, "C1")
    pay(book, one, invoice, amount="100.00", paid_on=date(2026, 3, 10))  # due that day: not overdue
    bad = pay(book, one, invoice, amount="200.00", paid_on=date(2026, 3, 12))
    pay(book, one, invoice, amount="300.00", paid_on=date(2026, 3, 20))
    assert row(book).recovered == Decimal("500.00")
    reverse_payment(book, BOSS, number=bad.number, on=date(2026, 3, 25), reason="duplicate")
    assert row(book).recovered == Decimal("300.00")
    assert [line.amount for line in figures.recovered(book, BOSS, asked=MARCH)] == [
        Decimal("-200.00"), Decimal("300.00"), Decimal("200.00"),
    ]  # fmt: skip


def test_what_came_before_the_customer_changed_hands_stays_with_the_former_collector(book):

    invoice = book.scalars(select(Document).where(col(Document.number) == "F-C1")).one()
    one = customer(book, "C1")
    pay(book, one, invoice, amount="100.00", paid_on=date(2026, 3, 12))
    pay(book, one, invoice, amount="40.00", paid_on=date(2026, 3, 20))
    with at_moment(datetime(2026, 3, 15, 18, tzinfo=UTC)):
        event = record(book, system(), "customer.changed").id
    book.add(CustomerChange(customer_id=one.id, event_id=event, field="collector", before="ana", after="eva"))
    one.collector = "eva"
    book.flush()
    found = {line.key: line.recovered for line in productivity(book, BOSS, asked=MARCH)}
    assert (found["ana"], found["eva"]) == (Decimal("100.00"), Decimal("40.00"))
    assert sum(found.values()) == whole(book, BOSS, asked=MARCH).recovered
    of_ana = figures.recovered(book, BOSS, asked=MARCH._replace(collector="ana"))
    assert [line.amount for line in of_ana] == [Decimal("100.00")]


def test_customers_worth_contacting_are_the_overdue_ones(book):
    called(book, "C1", "no_answer")
    assert (row(book).worth, row(book).covered, row(book).covered_pct) == (1, 1, Decimal("100.0"))
    assert (row(book, "eva").worth, row(book, "eva").covered) == (1, 0)
    assert [(one.customer_code, one.contacts) for one in figures.worth_contacting(book, BOSS, asked=MARCH)] == [
        ("C2", 0), ("C1", 1),
    ]  # fmt: skip


def test_causes_of_delay_with_what_is_overdue(book):
    called(book, "C1", "cannot_pay", cause="cash_flow")
    called(book, "C1", "cannot_pay", hour=12, cause="cash_flow")
    called(book, "C2", "reminded", hour=13, cause="no_invoice")
    called(book, "C2", "reminded", hour=14)
    assert [tuple(one) for one in figures.causes(book, BOSS, asked=MARCH)] == [
        ("cash_flow", 1, 2, Decimal("1000.00")), ("no_invoice", 1, 1, Decimal("1000.00")),
    ]  # fmt: skip
    assert [one.cause for one in figures.causes(book, NORTH, asked=MARCH)] == ["cash_flow"]


def test_by_region_and_only_what_one_sees(book):
    called(book, "C1", "promise")
    called(book, "C2", "promise", hour=12)
    assert {one.key: one.contacts for one in productivity(book, BOSS, asked=MARCH, by=By.REGION)} == {
        "Norte": 1, "Sur": 1,
    }  # fmt: skip
    assert whole(book, NORTH, asked=MARCH).contacts == 1
    assert whole(book, BOSS, asked=MARCH._replace(region="Sur")).contacts == 1
    assert len(figures.contacts(book, NORTH, asked=MARCH)) == 1


def test_only_supervisors_see_it(book):
    for actor in (ANA, an_actor(Role.CASHIER), an_actor(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            productivity(book, actor, asked=MARCH)


def test_without_anything_there_is_one_empty_row(session):
    one = whole(session, BOSS, asked=MARCH)
    assert (one.contacts, one.reached_pct, one.contacts_a_day) == (0, None, None)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        ((date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31))),
        ((date(2026, 3, 10), date(2026, 3, 16)), (date(2026, 3, 3), date(2026, 3, 9))),
        ((date(2026, 3, 10), date(2026, 3, 10)), (date(2026, 3, 9), date(2026, 3, 9))),
    ],
)
def test_the_period_before_is_as_long(period, before):
    assert period_before(*period) == before


def test_there_is_no_share_of_nothing():
    assert (rate(1, 0), per_day(1, 0), rate(1, 3)) == (None, None, Decimal("33.3"))


def test_a_goal_holds_until_a_later_month_has_another(book):
    set_goal(book, BOSS, collector="ana", month="2026-02", recovered=Decimal("500.00"))
    set_goal(book, BOSS, collector="ana", month="2026-04", contacts=100)
    assert goals(book, BOSS, month="2026-01") == {}
    assert goals(book, BOSS, month="2026-03")["ana"].recovered == Decimal("500.00")
    assert goals(book, BOSS, month="2026-04")["ana"][1:] == ("2026-04", None, 100, None)
    set_goal(book, BOSS, collector="ana", month="2026-04", contacts=90)
    assert goals(book, BOSS, month="2026-05")["ana"].contacts == 90


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"collector": "nadie"}, GoalNotYours), ({"month": "2026-13"}, GoalNotUsable),
     ({"recovered": Decimal("-1.00")}, GoalNotUsable), ({"kept_pct": Decimal(101)}, GoalNotUsable)],
)  # fmt: skip
def test_a_goal_that_is_none_is_refused(book, asked, refusal):
    with pytest.raises(refusal):
        set_goal(book, BOSS, **({"collector": "ana", "month": "2026-03"} | asked))


def test_only_a_supervisor_sets_goals(book):
    with pytest.raises(NotAllowed):
        set_goal(book, ANA, collector="ana", month="2026-03")


def test_the_rows_of_a_figure_call_collectors_by_full_name(book):
    called(book, "C1", "no_answer")
    asked = MARCH._replace(collector="ana")
    for read in (figures.contacts, figures.worth_contacting):
        assert [one.collector for one in read(book, BOSS, asked=asked)] == ["Ana Treviño"]
