"""Rows and their totals by currency in one statement; all rows, or one page of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, func, literal, null, select, type_coerce, union_all
from sqlmodel import Session

from core.money import Money, total
from core.portfolio.scope import Query

#: Columns by name → what to sort by; used on the rows and again on the page.
Order = Callable[[Any], Sequence[ColumnElement[Any]]]


class Page(NamedTuple):
    """Which rows: `size` of them from page `number` (1, 2…) on; None: all."""

    number: int = 1
    size: int | None = None


ALL = Page()


def with_totals(rows: Query, whole: CTE, figures: Sequence[str], order: Order, page: Page = ALL) -> Query:
    """The `rows` on that page, and for each `currency` of `whole`, which they come from, the sums of its `figures`.

    Each has the columns of `rows`, NULL in a sum where nothing is added up; before them comes a count: 0, and in a sum
    how many rows of `whole` it adds up. `rows_and_totals` runs it.
    """
    line = rows.subquery("line")
    lines = select(literal(0).label("count"), *line.c)
    if page.size is not None:
        lines = lines.order_by(*order(line.c)).limit(page.size).offset(page.size * (page.number - 1))
    sums = select(func.count(), *(_summed(str(one.key), whole, figures) for one in line.c)).group_by(whole.c.currency)
    both = union_all(select(lines.subquery("page")), sums).subquery("both")
    columns = [type_coerce(one, Money()) if one.key in figures else one for one in both.c]
    return select(*columns).order_by(both.c.count > 0, *order(both.c))


def rows_and_totals(session: Session, statement: Query) -> tuple[Sequence[Any], Sequence[Any]]:
    """The rows of a statement made by `with_totals`, and its sums."""
    found = session.connection().execute(statement).all()
    end = next((place for place, row in enumerate(found) if row[0]), len(found))
    return found[:end], found[end:]


def _summed(name: str, whole: CTE, figures: Sequence[str]) -> Any:
    if name == "currency":
        return whole.c.currency
    return total(whole.c[name]) if name in figures else null()
