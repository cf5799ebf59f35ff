"""What every table shares: names of constraints, moments in UTC, closed lists, rows that are never changed; and what
the two databases say differently."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import BindParameter, Boolean, CheckConstraint, DateTime, Dialect, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, UserDefinedType
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of all tables. Inputs are checked by the commands; what the database can hold, constraints hold."""


class Moment(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """CHECK (column IN (…)) from a closed list."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


#: Tables whose rows are only ever inserted, and the columns of others that may change; the migration makes the
#: triggers that refuse the rest, and `db check` makes sure that they are there.
APPEND_ONLY: dict[str, frozenset[str]] = {}


def append_only(table: str, *, may_change: frozenset[str] = frozenset()) -> None:
    """Declares that rows of `table` are never deleted and only the named columns ever updated."""
    APPEND_ONLY[table] = may_change


class year_month(FunctionElement[str]):  # noqa: N801  # reads as the SQL that it becomes
    """The month of a date as text: `2026-03`."""

    type = String()
    inherit_cache = True


@compiles(year_month)
def _month_postgresql(element: year_month, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM')"


@compiles(year_month, "sqlite")
def _month_sqlite(element: year_month, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"


class _Keys(UserDefinedType[Sequence[Any]]):
    """Numbers or texts as one value: JSON for SQLite, an array for PostgreSQL."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return json.dumps if dialect.name == "sqlite" else list


class among(FunctionElement[bool]):  # noqa: N801  # reads as the SQL that it becomes
    """Whether a plain number or text is one of these, or of those that the parameter called `keys` will be.

    They travel as one value, so a thousand cost hardly more than one; IN would compile and bind each of them.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, keys: Sequence[Any] | str) -> None:
        given: BindParameter[Any] = (
            bindparam(keys, type_=_Keys()) if isinstance(keys, str) else bindparam(None, keys, type_=_Keys())
        )
        super().__init__(column, given)

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stays a bare condition: for SQLite, SQLAlchemy would ask whether it equals 1, which no index answers."""
        return self


@compiles(among)
def _among_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY({keys})"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"


class plain_order(FunctionElement[str]):  # noqa: N801  # reads as the SQL that it becomes
    """To sort by a text letter by letter, alike on both databases whatever the server's language."""

    type = String()
    inherit_cache = True


@compiles(plain_order)
def _plain_postgresql(element: plain_order, compiler: Any, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


@compiles(plain_order, "sqlite")
def _plain_sqlite(element: plain_order, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


class day_number(FunctionElement[int]):  # noqa: N801  # reads as the SQL that it becomes
    """A date as a whole number of days, for differences and averages in SQL."""

    type = Integer()
    inherit_cache = True


@compiles(day_number)
def _number_postgresql(element: day_number, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} - DATE '2000-01-01')"


@compiles(day_number, "sqlite")
def _number_sqlite(element: day_number, compiler: Any, **options: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **options)}) - 2451544.5 AS INTEGER)"
