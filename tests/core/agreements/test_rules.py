"""The arithmetic of agreements: interest, dates, plans, present value, arrears."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agreements import rules
from core.agreements.models import Frequency
from core.money import ZERO, rounded

D = Decimal
START = date(2026, 3, 31)
money = st.integers(1, 10**11).map(lambda cents: D(cents).scaleb(-2))
percent = st.integers(0, 100_0000).map(lambda parts: D(parts).scaleb(-4))


@pytest.mark.parametrize(
    ("balance", "pct", "days", "year", "interest"),
    [
        ("100000.00", "6", 45, 360, "750.00"),  # the domain guide's own example
        ("100000.00", "6", 45, 365, "739.73"),
        ("1000.00", "6", 0, 360, "0.00"),
        ("1000.00", "6", -10, 360, "0.00"),  # not yet due
        ("0.01", "6", 30, 360, "0.00"),
        ("100.00", "3", 6, 360, "0.05"),
        ("30.00", "6", 1, 360, "0.01"),  # 0.005: half up
        ("1000.00", "0", 90, 365, "0.00"),
        ("1000.00", "36.5", 366, 365, "366.00"),
    ],
)
def test_late_interest_is_simple_on_the_days_of_delay(balance, pct, days, year, interest):
    assert rules.accrued(D(balance), D(pct), days, year) == D(interest)


@pytest.mark.parametrize(
    ("first", "frequency", "expected"),
    [
        ("2026-01-31", Frequency.MONTHLY, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2028-01-31", Frequency.MONTHLY, ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
        ("2026-11-30", Frequency.MONTHLY, ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"]),
        ("2026-02-26", Frequency.WEEKLY, ["2026-02-26", "2026-03-05", "2026-03-12", "2026-03-19"]),
        ("2028-02-15", Frequency.FORTNIGHTLY, ["2028-02-15", "2028-02-29", "2028-03-15", "2028-03-31"]),
        ("2026-04-10", Frequency.FORTNIGHTLY, ["2026-04-15", "2026-04-30", "2026-05-15", "2026-05-31"]),
        ("2026-12-16", Frequency.FORTNIGHTLY, ["2026-12-31", "2027-01-15", "2027-01-31", "2027-02-15"]),
    ],
)  # fmt: skip
def test_dates_follow_the_calendar_with_leap_days_and_month_ends(first, frequency, expected):
    found = rules.due_dates(date.fromisoformat(first), frequency, 4)
    assert [day.isoformat() for day in found] == expected


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-03-31", "2026-03-31", 0), ("2026-03-31", "2026-04-01", 1), ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-01", 2), ("2026-03-31", "2027-03-31", 12), ("2028-02-29", "2029-02-28", 12),
        ("2028-02-29", "2029-03-01", 13),
    ],
)  # fmt: skip
def test_a_begun_month_counts_as_one(start, end, months):
    assert rules.months_between(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_the_last_payment_takes_the_rest():
    dates = rules.due_dates(date(2026, 4, 30), Frequency.MONTHLY, 3)
    plan = rules.plan(D("1000.00"), start=START, dates=dates)
    assert [one.amount for one in plan] == [D("333.33"), D("333.33"), D("333.34")]


def test_the_down_payment_comes_first_and_bears_no_interest():
    dates = rules.due_dates(date(2026, 4, 30), Frequency.MONTHLY, 2)
    plan = rules.plan(D("1000.00"), start=START, dates=dates, down_payment=D("200.00"), plan_pct=D("12"))
    assert [(one.position, one.due_on, one.principal, one.interest) for one in plan] == [
        (0, START, D("200.00"), D("0.00")),
        (1, date(2026, 4, 30), D("400.00"), D("8.00")),  # 800 × 12 % × 30 / 360
        (2, date(2026, 5, 30), D("400.00"), D("4.00")),
    ]


@given(
    owed=money, count=st.integers(1, 60), down=percent, pct=percent,
    frequency=st.sampled_from([Frequency.WEEKLY, Frequency.FORTNIGHTLY, Frequency.MONTHLY]),
    gap=st.integers(1, 90), year=st.sampled_from([360, 365]),
)  # fmt: skip
def test_the_payments_add_up_to_the_plan_to_the_centavo(owed, count, down, pct, frequency, gap, year):
    down_payment = min(rounded(owed * down / 200), owed - D("0.01"))
    dates = rules.due_dates(START + timedelta(days=gap), frequency, count)
    plan = rules.plan(owed, start=START, dates=dates, down_payment=down_payment, plan_pct=pct, days_in_year=year)
    assert sum((one.principal for one in plan), ZERO) == owed
    assert sum((one.amount for one in plan), ZERO) == owed + sum((one.interest for one in plan), ZERO)
    assert all(one.principal == rounded(one.principal) and one.interest == rounded(one.interest) for one in plan)
    assert [one.due_on for one in plan] == sorted({one.due_on for one in plan})
    parts = [one.principal for one in plan if one.position]
    assert all(part == parts[0] for part in parts[:-1])
    assert ZERO <= parts[-1] - parts[0] < D("0.01") * count


@given(owed=money, count=st.integers(1, 36), pct=percent, more=percent, gap=st.integers(0, 90))
def test_later_payments_and_higher_rates_are_never_worth_more(owed, count, pct, more, gap):
    soon, late = (rules.due_dates(START + timedelta(days=days), Frequency.MONTHLY, count) for days in (1, 1 + gap))
    early, later = rules.plan(owed, start=START, dates=soon), rules.plan(owed, start=START, dates=late)
    worth = rules.present_value(early, START, pct)
    assert ZERO <= worth <= owed
    assert rules.present_value(later, START, pct) <= worth
    assert rules.present_value(early, START, pct + more) <= worth


def test_paid_today_it_is_worth_what_it_is():
    [one] = rules.plan(D("1234.56"), start=START, dates=[START])
    assert rules.present_value([one], START, D("99")) == D("1234.56")


def test_a_year_ahead_it_is_worth_less_by_the_rate():
    [one] = rules.plan(D("1120.00"), start=START, dates=[date(2027, 3, 31)])
    assert rules.present_value([one], START, D("12")) == D("1000.00")


DUE = [(D("100.00"), date(2026, 4, 30)), (D("100.00"), date(2026, 5, 31)), (D("100.00"), date(2026, 6, 30))]


@pytest.mark.parametrize(
    ("came", "as_of", "behind"),
    [
        ([], "2026-04-30", 0),  # its last day is still good
        ([], "2026-05-01", 1),
        ([], "2026-07-01", 3),
        ([("2026-04-30", "100.00")], "2026-05-31", 0),
        ([("2026-04-01", "300.00")], "2026-12-31", 0),  # all at once, early: nothing fails afterwards
        ([("2026-04-30", "99.99")], "2026-05-01", 1),
        ([("2026-05-02", "100.00")], "2026-05-03", 1),  # late: it was behind once
        ([("2026-05-02", "100.00"), ("2026-05-31", "100.00"), ("2026-06-30", "100.00")], "2026-12-31", 1),
        ([("2026-05-31", "100.00"), ("2026-06-30", "100.00")], "2026-12-31", 1),  # one left out, never two
    ],
)
def test_money_serves_the_oldest_payment_and_arrears_are_counted_at_their_worst(came, as_of, behind):
    received = [(date.fromisoformat(day), D(amount)) for day, amount in came]
    assert rules.arrears(DUE, received, date.fromisoformat(as_of)) == behind
