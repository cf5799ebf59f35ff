"""Money: exact, rounded in one place, never multiplied in SQL."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from core.ledger.models import Entry
from core.money import MAX_CENTS, Money, base_cents, cents, from_cents, in_base, micros, rounded, total
from tests.build import a_charge, a_customer


@pytest.mark.parametrize(
    ("value", "expected"), [("0.005", "0.01"), ("1.004", "1.00"), ("-0.005", "-0.01"), ("2.675", "2.68")]
)
def test_halves_are_rounded_up_away_from_zero(value, expected):
    assert rounded(Decimal(value)) == Decimal(expected)


def test_a_fraction_of_a_centavo_is_refused():
    with pytest.raises(ValueError, match="fractions"):
        cents(Decimal("1.001"))


def test_a_float_is_not_money():
    with pytest.raises(TypeError, match="not exact"):
        Money().process_bind_param(0.1, None)


@given(st.integers(-MAX_CENTS, MAX_CENTS))
def test_centavos_and_amounts_are_the_same_thing(value):
    assert cents(from_cents(value)) == value


def test_a_difference_of_money_stays_money(session: Session):
    charge = a_charge(session, a_customer(session), amount="900.50")
    [row] = session.execute(select(col(Entry.amount) - col(Entry.open), col(Entry.amount) + col(Entry.open))).all()
    assert row == (Decimal("0.00"), charge.total * 2)


def test_a_sum_of_nothing_is_zero(session: Session):
    assert session.scalar(select(total(Entry.amount))) == Decimal("0.00")


def test_multiplying_money_in_sql_raises():
    with pytest.raises(TypeError, match="not multiplied"):
        _ = col(Entry.amount) * 2


@pytest.mark.parametrize(
    ("amount", "rate"),
    [("9999999999999.99", "1"), ("123456789.01", "18.769449"), ("0.01", "0.5"), ("0.01", "0.499999"),
     ("100.00", "17.5"), ("99999999999.99", "90.123456")],
)  # fmt: skip
def test_company_currency_in_sql_equals_company_currency_in_python(session: Session, amount, rate):
    customer = a_customer(session)
    a_charge(session, customer, amount=amount, currency="USD", rate=rate, issued_on=date(2026, 3, 1))
    expected = base_cents(cents(Decimal(amount)), micros(Decimal(rate)))
    assert session.scalar(select(in_base(Entry.open, Entry.exchange_rate))) == from_cents(expected)
    assert from_cents(expected) == rounded(Decimal(amount) * Decimal(rate))
