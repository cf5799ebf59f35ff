"""Exact money: `Decimal` in Python, whole centavos (BIGINT) in the database; rates in millionths."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, case, func, literal, type_coerce
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
ONE = Decimal("1.000000")
MAX_AMOUNT = Decimal("9999999999999.99")
MAX_CENTS = 999_999_999_999_999


def rounded(value: Decimal) -> Decimal:
    """`value` to the centavo, half up (away from zero)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def cents(value: Decimal) -> int:
    """An exact amount as whole centavos; refuses fractions of one."""
    scaled = value.scaleb(2)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has fractions of a centavo: round it first")
    return int(scaled)


def from_cents(value: int) -> Decimal:
    """Whole centavos as an amount with two decimals."""
    return Decimal(value).scaleb(-2)


def micros(rate: Decimal) -> int:
    """A rate as whole millionths."""
    return int(rate.scaleb(6))


def base_cents(amount: int, rate: int) -> int:
    """What `amount` centavos are in company currency at `rate` millionths, half up. Not for negatives."""
    return (amount * rate + 500_000) // 1_000_000


class _Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as a whole number of its smallest unit."""

    impl = BigInteger
    cache_ok = True
    scale = 0

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, (Decimal, int)) or isinstance(value, bool):
            raise TypeError(f"{type(value).__name__} is not exact: use Decimal")
        whole = Decimal(value).scaleb(self.scale)
        if whole != whole.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimals: round it first")
        return int(whole)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.scale)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """What `process_result_value` does, in one step: a report reads hundreds of thousands of amounts."""
        unit = Decimal(1).scaleb(-self.scale)
        nothing = {None: None, 0: unit * 0}
        return lambda value: unit * value if value else nothing[value]

    def coerce_compared_value(self, op: Any, value: Any) -> "TypeDecorator[Decimal]":
        if op in (operators.mul, operators.truediv, operators.floordiv, operators.mod):
            raise TypeError("money is not multiplied in SQL: rounding belongs to money.rounded() and money.in_base()")
        return self

    class comparator_factory(TypeDecorator.Comparator[Decimal]):
        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            if op in (operators.mul, operators.truediv, operators.floordiv, operators.mod):
                raise TypeError(
                    "money is not multiplied in SQL: rounding belongs to money.rounded() and money.in_base()"
                )
            result = super().operate(op, *other, **kwargs)
            # `amount - paid` stays money; the plain BIGINT it would become is a hundredfold error.
            keeps = op in (operators.add, operators.sub, operators.neg)
            return type_coerce(result, self.type) if keeps else result


class Money(_Scaled):
    """An amount with two decimals, kept as whole centavos."""

    scale = 2
    cache_ok = True


class Rate(_Scaled):
    """An exchange rate with six decimals, kept as whole millionths."""

    scale = 6
    cache_ok = True


class Percent(_Scaled):
    """A percentage with four decimals, kept as whole ten-thousandths."""

    scale = 4
    cache_ok = True


def zero() -> ColumnElement[Decimal]:
    """0.00 for use in SQL (`CASE … ELSE`)."""
    return type_coerce(literal(0, Integer), Money())


def total(amount: Any) -> ColumnElement[Decimal]:
    """SUM of amounts as Money, 0.00 where there is none. The only sum of money in SQL.

    PostgreSQL sums BIGINT as NUMERIC, so nothing overflows there; SQLite raises on overflow.
    """
    return type_coerce(func.coalesce(func.sum(amount), type_coerce(literal(0, Integer), Money())), Money())


def in_base(amount: Any, rate: Any) -> ColumnElement[Decimal]:
    """A non-negative open amount in company currency at `rate`, rounded half up, in SQL.

    Written so that no step overflows 64 bits as long as the result fits: whole units and centavo rest apart.
    """
    cent, micro = type_coerce(amount, BigInteger), type_coerce(rate, BigInteger)
    million = literal(1_000_000, BigInteger)
    rest = cent % million
    parts = (cent - rest) // million * micro + (rest * micro + literal(500_000, BigInteger)) // million
    return type_coerce(case((micro == million, cent), else_=parts), Money())
