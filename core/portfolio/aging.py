"""Balances by age at any date: by customer, sales rep, collector, region, district or segment; totals by currency.

One statement adds up what was open, customer by customer, then by what was asked for, then by currency.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Subquery, and_, case, func, null, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.disputes.queries import any_disputes, disputed_items
from core.documents.models import Document
from core.ledger.models import Entry, Source
from core.ledger.queries import parts_at, settled_since
from core.money import Money, total, zero
from core.portfolio.buckets import buckets, names
from core.portfolio.lines import ALL, Page, rows_and_totals, with_totals
from core.portfolio.scope import EVERYTHING, Query, Scope, blank, customers_in
from core.tables import plain_order


class By(StrEnum):
    """What a row of the aging is about."""

    DOCUMENT = "document"
    CUSTOMER = "customer"
    SALES_REP = "sales_rep"
    COLLECTOR = "collector"
    REGION = "region"
    DISTRICT = "district"
    SEGMENT = "segment"


class Basis(StrEnum):
    """The date from which days are counted."""

    DUE_DATE = "due_date"
    ISSUE_DATE = "issue_date"
    PRESENTED_DATE = "presented_date"


#: The figures of a row besides its buckets, in the order of the contract.
MEASURES = ("unapplied", "total", "overdue", "disputed", "future", "base_total")


class AgingRow(NamedTuple):
    """One key and currency. Amounts in that currency, `base_total` in the company's; `unapplied` is negative."""

    key: str
    name: str
    currency: str
    buckets: tuple[Decimal, ...]
    unapplied: Decimal
    total: Decimal
    overdue: Decimal
    disputed: Decimal
    future: Decimal
    base_total: Decimal


class Aging(NamedTuple):
    """An aging: `buckets` are the names of the rows' buckets; `totals` has a row a currency, without key and name, of
    all rows and not only those of the page; `counts`: how many rows each currency has."""

    as_of: date
    basis: Basis
    by: By
    buckets: list[str]
    rows: list[AgingRow]
    totals: list[AgingRow]
    counts: dict[str, int]


def aging(
    session: Session, actor: Actor, *, as_of: date, limits: Sequence[int], by: By = By.CUSTOMER,
    basis: Basis = Basis.DUE_DATE, scope: Scope = EVERYTHING, page: Page = ALL, largest_first: bool = False,
) -> Aging:  # fmt: skip
    """What was open at the end of `as_of`, a row a key and currency, sorted by them; nothing open, no row.

    `limits`: upper ends of the buckets in days. Documents have a function of their own: `open_documents()`.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    ages = names(limits)
    statement = _statement(
        as_of, tuple(limits), by, basis, scope, page, customers_in(session, actor, scope),
        rolled_back=settled_since(session, as_of), with_disputes=any_disputes(session, as_of),
        largest_first=largest_first,
    )  # fmt: skip
    rows, totals = rows_and_totals(session, statement)
    end = 4 + len(ages)
    return Aging(
        as_of, basis, by, ages,
        [AgingRow(row[1], row[2], row[3], row[4:end], *row[end:]) for row in rows],
        [AgingRow("", "", row[3], row[4:end], *row[end:]) for row in totals],
        {row[3]: row[0] for row in totals},
    )  # fmt: skip


@lru_cache(maxsize=256)  # to make it takes longer than a small company's books take to answer it
def _statement(
    as_of: date, limits: tuple[int, ...], by: By, basis: Basis, scope: Scope, page: Page, customers: Query | None, *,
    rolled_back: bool, with_disputes: bool, largest_first: bool,
) -> Query:  # fmt: skip
    reps = by is By.SALES_REP or scope.sales_rep is not None
    part = with_papers(
        parts_at(as_of, customers, rolled_back=rolled_back), reps=reps, presented=basis is Basis.PRESENTED_DATE
    )
    account = _by_customer(part, as_of, limits, basis, scope)
    if with_disputes:
        item = with_papers(disputed_items(as_of, customers), reps="sales_rep" in account.c, presented=False)
        account = _disputed(account, item)
    rows, whole = _lines(account, by, scope)
    return with_totals(rows, whole, (*names(limits), *MEASURES), _largest_first if largest_first else _by_key, page)


def _by_key(line: Any) -> list[ColumnElement[Any]]:
    return [plain_order(line.key), line.currency]


def _largest_first(line: Any) -> list[ColumnElement[Any]]:
    return [line.total.desc(), plain_order(line.key), line.currency]


def with_papers(part: Subquery, *, reps: bool, presented: bool) -> Subquery:
    """The parts with `sales_rep` (the document's; NULL: not a document) and `presented_on`, if they are needed."""
    if not reps and not presented:
        return part
    is_document = col(Entry.source) == Source.DOCUMENT
    rep = case((is_document, blank(Document.sales_rep)), else_=null())
    return (
        select(*part.c, rep.label("sales_rep"), col(Document.presented_on))
        .join(Entry, col(Entry.id) == part.c.entry_id)
        .outerjoin(Document, and_(is_document, col(Document.id) == col(Entry.source_id)))
        .subquery("paper")
    )


def base_date(part: Any, basis: Basis) -> ColumnElement[date]:
    """The date from which an instalment's days are counted; NULL for a credit."""
    if basis is Basis.DUE_DATE:
        return part.due_on  # type: ignore[no-any-return]  # a column of a subquery
    counted = part.booked_on if basis is Basis.ISSUE_DATE else func.coalesce(part.presented_on, part.booked_on)
    return case((part.due_on.is_not(None), counted))


def measures(
    part: Any, as_of: date, limits: Sequence[int], basis: Basis, amount: Any, disputed: Any = None
) -> list[ColumnElement[Decimal]]:
    """The figures of open parts (or items), one expression each, to be added up: buckets, then MEASURES.

    `disputed`: what of an item is disputed; 0.00 without it.
    """
    counted = base_date(part, basis)
    is_credit = part.due_on.is_(None)

    def within(first: date | None, last: date | None) -> ColumnElement[bool]:
        ends = [] if first is None else [counted >= first]
        return and_(*ends, *([] if last is None else [counted <= last]))

    def when(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
        return case((condition, amount), else_=zero())

    def signed(value: Any) -> ColumnElement[Decimal]:
        return case((is_credit, -value), else_=value)

    ages = [when(within(one.first, one.last)).label(one.name) for one in buckets(as_of, limits)]
    figures = (
        case((is_credit, -amount), else_=zero()), signed(amount), when(part.due_on < as_of),
        zero() if disputed is None else disputed, part.future, signed(part.base),
    )  # fmt: skip
    return [*ages, *(figure.label(name) for name, figure in zip(MEASURES, figures, strict=True))]


def _by_customer(part: Subquery, as_of: date, limits: Sequence[int], basis: Basis, scope: Scope) -> CTE:
    """Sums by customer, currency and, where it is known, the documents' sales rep."""
    keys = [part.c[name] for name in ("customer_id", "currency", "sales_rep") if name in part.c]
    figures = measures(part.c, as_of, limits, basis, part.c.amount)
    found = (
        select(*keys, *(total(figure).label(figure.key) for figure in figures))
        .group_by(*keys)
        .having(func.sum(part.c.amount) > 0)
    )
    if scope.currency is not None:
        found = found.where(part.c.currency == scope.currency)
    return found.cte("account")


def _disputed(account: CTE, item: Subquery) -> CTE:
    """The same sums with what is disputed of each: only what is open can be, so each has its row already."""
    keys = [name for name in ("customer_id", "currency", "sales_rep") if name in account.c]
    grouped = [item.c[name] for name in keys]
    claim = select(*grouped, total(item.c.disputed).label("disputed")).group_by(*grouped).subquery("claim")
    mine = type_coerce(func.coalesce(claim.c.disputed, zero()), Money()).label("disputed")
    columns = [mine if column.key == "disputed" else column for column in account.c]
    same = and_(*(claim.c[name] == account.c[name] for name in keys))
    return select(*columns).outerjoin(claim, same).cte("disputed_account")


def _lines(account: CTE, by: By, scope: Scope) -> tuple[Query, CTE]:
    """The rows, with key and name, added up by key where several customers share one; and what their totals add up."""
    figures = [column for column in account.c if column.key not in ("customer_id", "currency", "sales_rep")]
    reps = [account.c.sales_rep] if "sales_rep" in account.c else []
    rep = func.coalesce(*reps, Customer.sales_rep, "")
    key: Any = col(Customer.code)
    name: Any = col(Customer.legal_name)
    if by is not By.CUSTOMER:
        key = name = rep if by is By.SALES_REP else blank(getattr(Customer, by))
    of_account = col(Customer.id) == account.c.customer_id
    if by is By.CUSTOMER and not reps:
        named = select(key.label("key"), name.label("name"), account.c.currency, *figures)
        return named.join(Customer, of_account), account
    found = select(
        key.label("key"), func.min(name).label("name"), account.c.currency,
        *(total(figure).label(figure.key) for figure in figures),
    ).join(Customer, of_account).group_by(key, account.c.currency)  # fmt: skip
    if scope.sales_rep is not None:
        found = found.where(rep == scope.sales_rep)
    line = found.cte("line")
    return select(line), line
