"""The rules of applying money, by table and by property."""

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.payments.rules import exact_combination, exchange_difference, oldest_first, spent_on, worth

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("open_", "amount", "expected"),
    [
        ([3000, 5000, 2000], 4000, [3000, 1000, 0]),
        ([3000], 0, [0]),
        ([3000, 5000], 9000, [3000, 5000]),
        ([], 100, []),
    ],
)
def test_the_oldest_are_closed_first(open_, amount, expected):
    assert oldest_first(open_, amount) == expected


@pytest.mark.parametrize(
    ("open_", "amount", "expected"),
    [
        ([100, 200, 300], 300, [100, 200, 0]),  # the older ones before the one that is alike
        ([100, 250, 300], 300, [0, 0, 300]),
        ([100, 200, 300], 600, [100, 200, 300]),
        ([100, 200, 300], 250, None),
        ([100, 100], 100, [100, 0]),
        ([], 100, None),
        ([500], 100, None),
    ],
)
def test_a_combination_adds_up_exactly(open_, amount, expected):
    assert exact_combination(open_, amount) == expected


@given(st.lists(st.integers(1, 60), max_size=9), st.integers(1, 200))
def test_a_combination_is_found_whenever_there_is_one(open_, amount):
    found = exact_combination(open_, amount)
    ways = [taken for taken in product((1, 0), repeat=len(open_)) if _sum(open_, taken) == amount]
    assert found == ([o * t for o, t in zip(open_, max(ways), strict=True)] if ways else None)


def _sum(open_, taken):
    return sum(o * t for o, t in zip(open_, taken, strict=True))


def test_a_pair_is_found_far_down_the_list():
    open_ = [1_000_000 + 7 * place for place in range(100)]
    found = exact_combination(open_, open_[50] + open_[99])
    assert found is not None
    assert sum(found) == open_[50] + open_[99]


def test_a_long_list_without_combination_ends_soon():
    started = time.monotonic()
    assert exact_combination([2 * place + 100_000 for place in range(5_000)], 7_000_001) is None
    assert time.monotonic() - started < 5


def test_dollars_and_pesos_are_worth_what_the_guide_works_out():
    assert worth(1_870_000, MILLION, 18_769_400) == 99_630
    assert spent_on(99_630, rate=18_769_400, payment_rate=MILLION, left=1_870_000) == 1_870_000
    assert spent_on(100_000, rate=18_769_400, payment_rate=MILLION, left=1_876_940) == 1_876_940
    gain = exchange_difference(spent=1_876_940, payment_rate=MILLION, closed=100_000, issue_rate=18_500_000)
    assert gain == 26_940


def test_what_is_left_beyond_a_centavo_stays():
    assert spent_on(100_000, rate=18_769_400, payment_rate=MILLION, left=1_880_000) == 1_876_940


@settings(max_examples=200)
@given(st.integers(1, 10**12), st.integers(1, 10**9), st.integers(1, 10**9))
def test_worth_is_rounded_half_up(amount, rate, other):
    doubled = 2 * amount * rate
    assert (2 * worth(amount, rate, other) - 1) * other <= doubled < (2 * worth(amount, rate, other) + 1) * other
