"""Rows and their totals by currency in one statement; all rows, or one page of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, func, literal, null, select, type_coerce, union_all
from sqlmodel import Session

from core.money import Money, total

#: Columns by name → what to sort by; used on the rows and again on the page.
Order = Callable[[Any], Sequence[ColumnElement[Any]]]


class Page(NamedTuple):
    """Which rows: `size` of them from page `number` (1, 2…) on; None: all."""

    number: int = 1
    size: int | None = None


ALL = Page()


def with_totals(
    session: Session, line: CTE, figures: Sequence[str], order: Order, page: Page = ALL
) -> tuple[Sequence[Any], Sequence[Any]]:
    """The rows of `line` on that page, and for each `currency` the sums of `figures` over all its rows, not only those
    of the page. Each has the columns of `line`; a sum has NULL where nothing is added up. Before them comes a count:
    0, and in a sum how many rows it adds up."""
    rows = select(literal(0).label("count"), *line.c)
    if page.size is not None:
        rows = rows.order_by(*order(line.c)).limit(page.size).offset(page.size * (page.number - 1))
    sums = select(func.count(), *(_summed(one, figures) for one in line.c)).group_by(line.c.currency)
    both = union_all(select(rows.subquery("page")), sums).subquery("both")
    columns = [type_coerce(one, Money()) if one.key in figures else one for one in both.c]
    found = session.execute(select(*columns).order_by(both.c.count > 0, *order(both.c))).all()
    ends = next((place for place, row in enumerate(found) if row[0]), len(found))
    return found[:ends], found[ends:]


def _summed(column: Any, figures: Sequence[str]) -> Any:
    if column.key == "currency":
        return column
    return total(column) if column.key in figures else null()
