"""Late interest: by segments as day by day; after due and grace; agreed rates; charged once; waived with a reason."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.credit.models import Block
from core.disputes.opening import open_dispute
from core.documents.models import Document
from core.errors import NotAllowed
from core.ledger.months import MonthClosed
from core.letters.charging import NothingToCharge, RateKnown, agree_rate, charge, interest_done, waive
from core.letters.interest import PeriodNotValid, proposal
from core.letters.models import InterestSegment
from core.letters.segments import interest_cents, spans
from core.policies.settings import set_setting
from core.portfolio.aging import aging
from tests.build import TODAY, a_charge, a_closed_month, a_customer, a_payment, an_actor, entries_of, pay

DAY = timedelta(days=1)
START, END = date(2026, 1, 1), TODAY


@pytest.fixture
def customer(session):
    set_setting(session, system(), key="interest.tax_pct", value="0")
    return a_customer(session, "C1")


def rows(session, start=START, end=END, **options):
    return proposal(session, system(), start=start, end=end, today=TODAY, **options)


def interest(session, **asked):
    return [str(row.interest) for row in rows(session, **asked)]


def told(row):
    return [
        (str(one.from_on), str(one.to_on), one.days, str(one.balance), str(one.amount))
        for document in row.documents
        for one in document.spans
    ]


@pytest.mark.parametrize(("year", "expected"), [("360", "750.00"), ("365", "739.73")])
def test_a_hundred_thousand_for_45_days_at_six_per_cent(session, customer, year, expected):
    set_setting(session, system(), key="interest.days_in_year", value=year)
    a_charge(session, customer, amount="100000.00", overdue_days=45)
    assert interest(session) == [expected]


def test_a_day_late_bears_one_day(session, customer):
    charged = a_charge(session, customer, amount="36000.00", overdue_days=20)
    pay(session, customer, charged, amount="36000.00", paid_on=TODAY - 19 * DAY)
    assert interest(session) == ["6.00"]


def test_paid_on_its_due_date_bears_none(session, customer):
    charged = a_charge(session, customer, amount="36000.00", overdue_days=20)
    pay(session, customer, charged, amount="36000.00", paid_on=TODAY - 20 * DAY)
    assert rows(session) == []


def test_a_part_paid_makes_two_segments_that_add_up(session, customer):
    charged = a_charge(session, customer, amount="1000.00", number="F1", overdue_days=30)
    pay(session, customer, charged, amount="400.00", paid_on=TODAY - 10 * DAY)
    [row] = rows(session)
    assert told(row) == [
        ("2026-03-02", "2026-03-21", 20, "1000.00", "3.33"), ("2026-03-22", "2026-03-31", 10, "600.00", "1.00"),
    ]  # fmt: skip
    assert row.interest == Decimal("4.33")


def test_money_on_account_does_not_stop_interest_until_it_is_applied(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    a_payment(session, customer, amount="36000.00", paid_on=TODAY - 10 * DAY)
    assert interest(session) == ["60.00"]


def test_grace_days_bear_none(session, customer):
    set_setting(session, system(), key="interest.grace_days", value="3")
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    assert interest(session) == ["42.00"]


def test_what_is_disputed_bears_none_while_it_is(session, customer):
    a_charge(session, customer, number="F1", amount="36000.00", overdue_days=10)
    open_dispute(
        session, system(), customer_id=customer.id, document="F1", amount=Decimal("18000.00"),
        opened_on=TODAY - 5 * DAY, reason="price",
    )  # fmt: skip
    # 5 days of 36,000, then 5 of 18,000
    assert interest(session) == ["45.00"]


def test_a_dispute_falls_on_the_oldest_instalment_first(session, customer):
    parts = [(TODAY - 20 * DAY, "18000.00"), (TODAY - 10 * DAY, "18000.00")]
    a_charge(session, customer, number="F1", instalments=parts)
    open_dispute(
        session, system(), customer_id=customer.id, document="F1", amount=Decimal("27000.00"),
        opened_on=TODAY - 30 * DAY, reason="price",
    )  # fmt: skip
    assert interest(session) == ["15.00"]


def test_a_rate_agreed_counts_from_its_day(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    agree_rate(
        session, system(), customer_id=customer.id, annual_pct=Decimal(24), from_on=TODAY - 4 * DAY,
        agreed_in="Contrato 7",
    )  # fmt: skip
    # 5 days at 6 %, 5 at 24 %
    assert interest(session) == ["150.00"]
    with pytest.raises(RateKnown):
        agree_rate(
            session, system(), customer_id=customer.id, annual_pct=Decimal(1), from_on=TODAY - 4 * DAY,
            agreed_in="Otro",
        )  # fmt: skip


def test_in_puerto_rico_only_an_agreed_rate_counts(session, customer):
    other = a_customer(session, "PR1", country="PR")
    a_charge(session, other, amount="36000.00", overdue_days=10)
    assert rows(session) == []
    agree_rate(
        session, system(), customer_id=other.id, annual_pct=Decimal(12), from_on=START, agreed_in="Contrato"
    )  # fmt: skip
    assert interest(session) == ["120.00"]


def test_only_the_days_of_the_period_count(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=60)
    assert interest(session, start=date(2026, 3, 1), end=date(2026, 3, 10)) == ["60.00"]


def test_charging_makes_one_debit_note_with_tax_a_customer_and_currency(session, customer):
    set_setting(session, system(), key="interest.tax_pct", value="16")
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    a_charge(session, customer, amount="18000.00", overdue_days=10)
    cashier = an_actor(Role.CASHIER)
    [made] = charge(session, cashier, start=START, end=END, today=TODAY, customers=["C1"])
    note = session.scalars(select(Document).where(col(Document.number) == made.number)).one()
    assert (note.kind, note.reason, note.total, note.tax) == (
        "debit_note", "late_interest", Decimal("104.40"), Decimal("14.40"),
    )  # fmt: skip
    assert note.due_on == TODAY
    assert [one.number for one in interest_done(session, cashier)] == [made.number]
    assert len(session.scalars(select(InterestSegment)).all()) == 2


def test_the_same_period_is_charged_once(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    charge(session, system(), start=START, end=END, today=TODAY, customers=["C1"])
    assert rows(session) == []
    with pytest.raises(NothingToCharge):
        charge(session, system(), start=START, end=END, today=TODAY, customers=["C1"])


def test_a_longer_period_charges_only_the_days_that_were_not(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=30)
    charge(session, system(), start=START, end=TODAY - 10 * DAY, today=TODAY, customers=["C1"])
    [row] = rows(session)
    assert (row.start, str(row.interest)) == (TODAY - 9 * DAY, "60.00")


def test_interest_bears_no_interest(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=30)
    charge(session, system(), start=START, end=TODAY - 20 * DAY, today=TODAY - 20 * DAY, customers=["C1"])
    assert interest(session) == ["120.00"]


def test_below_the_minimum_nothing_is_charged(session, customer):
    set_setting(session, system(), key="interest.minimum", value="100.00")
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    assert [row.small for row in rows(session)] == [True]
    with pytest.raises(NothingToCharge):
        charge(session, system(), start=START, end=END, today=TODAY, customers=["C1"])


def test_waived_interest_is_not_proposed_again_and_keeps_its_reason(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    waive(session, system(), customer="C1", start=START, end=END, today=TODAY, reason="Acuerdo comercial")
    assert rows(session) == []
    [done] = interest_done(session, system())
    assert (done.waived_reason, done.number, done.amount) == ("Acuerdo comercial", None, Decimal("60.00"))


def test_each_currency_has_its_own_note(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    a_charge(session, customer, amount="3600.00", currency="USD", rate="17", overdue_days=10)
    assert [(row.currency, str(row.interest)) for row in rows(session)] == [("MXN", "60.00"), ("USD", "6.00")]


def test_what_was_undone_bears_interest_again(session, customer):
    from core.payments.reversal import reverse_payment

    charged = a_charge(session, customer, amount="36000.00", overdue_days=20)
    paid = pay(session, customer, charged, amount="36000.00", paid_on=TODAY - 20 * DAY)
    reverse_payment(session, an_actor(), number=paid.number, on=TODAY - 10 * DAY, reason="returned_cheque")
    # as the books say it: open again from the day of the return on
    assert interest(session) == ["60.00"]


def test_charging_leaves_the_ledger_in_order_and_no_block(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    charge(session, system(), start=START, end=END, today=TODAY, customers=["C1"])
    [row] = aging(session, system(), as_of=TODAY, limits=[30]).rows
    assert row.total == Decimal("36060.00")
    assert session.scalars(select(Block)).all() == []


def test_nothing_is_charged_in_a_closed_month(session, customer):
    a_charge(session, customer, amount="36000.00", overdue_days=10)
    a_closed_month(session, "2026-03")
    with pytest.raises(MonthClosed):
        charge(session, system(), start=START, end=END, today=TODAY, customers=["C1"])


@pytest.mark.parametrize(("start", "end"), [(END, START), (START, TODAY + DAY), (date(2024, 1, 1), date(2025, 6, 1))])
def test_a_period_that_is_none_is_refused(session, customer, start, end):
    with pytest.raises(PeriodNotValid):
        rows(session, start=start, end=end)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.MANAGER, Role.SALES_REP, Role.AUDITOR])
def test_only_who_may_charge_it_sees_it(session, role):
    with pytest.raises(NotAllowed):
        proposal(session, an_actor(role), start=START, end=END, today=TODAY)


# ------------------------------------------------------------------ the same figure, day by day
_DAYS = st.integers(0, 120).map(lambda days: START + days * DAY)
_MOVES = st.dictionaries(_DAYS, st.integers(-50_000_00, 50_000_00), max_size=8)
_RATES = st.dictionaries(_DAYS, st.sampled_from([0, 60_000, 123_456, 480_000]), max_size=3)


@settings(max_examples=200, deadline=None)
@given(
    first=st.integers(0, 999_999_99),
    moves=_MOVES,
    rates=_RATES,
    start=_DAYS,
    end=_DAYS,
    year=st.sampled_from([360, 365]),
)
def test_interest_by_segments_is_interest_day_by_day(first, moves, rates, start, end, year):
    def balance(day):
        return max(0, first + sum(amount for on, amount in moves.items() if on <= day))

    def rate(day):
        known = [on for on in rates if on <= day]
        return rates[max(known)] if known else 60_000

    found = spans(start=start, end=end, balance=balance, rate=rate, changes=[*moves, *rates], days_in_year=year)
    exact, day = Fraction(0), start
    while day <= end:
        exact += Fraction(balance(day - DAY) * rate(day), 1_000_000 * year)
        day += DAY
    assert sum((one.amount for one in found), Decimal("0.00")) == Decimal(int(exact + Fraction(1, 2))).scaleb(-2)
    assert all(one.days == (one.to_on - one.from_on).days + 1 and one.balance > 0 for one in found)
    assert all(before.to_on < after.from_on for before, after in pairwise(found))


def test_half_a_centavo_is_rounded_up():
    assert interest_cents(180_000_000, 360) == 1
    assert interest_cents(179_999_999, 360) == 0


def test_an_instalment_that_is_not_overdue_is_left_alone(session, customer):
    charged = a_charge(session, customer, amount="10.00", due_on=TODAY)
    assert entries_of(session, charged)[0].open == Decimal("10.00")
    assert rows(session) == []
