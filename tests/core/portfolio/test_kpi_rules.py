"""The formulas of the glossary, and the examples of the domain guide."""

from decimal import Decimal

import pytest

from core.portfolio import kpi_rules as rules


def d(value: str) -> Decimal:
    return Decimal(value)


def test_dso_is_the_balance_in_days_of_sales():
    assert rules.days_of_sales(d("450.00"), d("300.00"), 30) == d("45.00")
    assert rules.days_of_sales(d("350.00"), d("300.00"), 30) == d("35.00")
    assert rules.average_delay(d("45.00"), d("35.00")) == d("10.00")


@pytest.mark.parametrize("sales", ["0.00", "-5.00"])
def test_without_sales_there_are_no_days(sales):
    assert rules.days_of_sales(d("450.00"), d(sales), 30) is None
    assert rules.average_delay(None, None) is None


def test_effectiveness_is_what_was_collected_of_what_could_be():
    assert rules.effectiveness(d("500"), d("300"), d("450"), d("100")) == d("77.78")


def test_effectiveness_is_missing_only_without_divisor():
    assert rules.effectiveness(d("0"), d("100"), d("100"), d("0")) is None
    assert rules.effectiveness(d("0"), d("100"), d("100"), d("40")) == d("0.00")


def test_a_share_of_nothing_is_missing():
    assert rules.share(d("0"), d("0")) is None
    assert rules.share(d("40"), d("100")) == d("40.00")


@pytest.mark.parametrize(
    ("balance", "months", "days"),
    [
        ("0.00", [(30, "100")], "0.00"),
        ("-5.00", [(30, "100")], "0.00"),
        ("50.00", [(30, "100")], "15.00"),
        ("100.00", [(30, "100")], "30.00"),
        ("150.00", [(30, "100"), (31, "100")], "45.50"),
        ("150.00", [(30, "100"), (31, "0"), (28, "100")], "75.00"),  # a month without sales gives its days
        ("150.00", [(30, "-20"), (31, "100"), (28, "100")], "75.00"),  # and one below zero takes nothing
        ("100.01", [(30, "100")], None),
        ("10.00", [], None),
    ],
)
def test_countback_takes_whole_months_and_the_fraction_of_the_last(balance, months, days):
    found = rules.countback(d(balance), [(length, d(sales)) for length, sales in months])
    assert found == (None if days is None else d(days))
