"""The aging document by document: one row an instalment, one row a payment or credit note not used up."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Subquery, and_, case, func, literal, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.disputes.queries import any_disputes, disputed_items
from core.documents.models import Document
from core.ledger.models import Entry, Source
from core.ledger.queries import open_items, open_parts
from core.money import Money, zero
from core.portfolio.aging import MEASURES, AgingRow, Basis, base_date, measures
from core.portfolio.buckets import names
from core.portfolio.lines import ALL, Page, rows_and_totals, with_totals
from core.portfolio.scope import EVERYTHING, Query, Scope, customers_in
from core.tables import plain_order


class OpenDocument(NamedTuple):
    """An instalment or a credit with something open. Amounts of credits are negative; they have no instalment, due
    date and days (since the base date of the aging). `entry_id`: to ask what closed the rest."""

    entry_id: int
    customer: str  # code
    customer_name: str
    kind: str
    instalment: int | None
    issue_date: date
    due_date: date | None
    days: int | None
    original: Decimal
    applied: Decimal
    open: Decimal
    sales_rep: str
    figures: AgingRow  # key and name are the number


class OpenDocuments(NamedTuple):
    """The rows of an aging by document, and the sums of each currency."""

    buckets: list[str]
    rows: list[OpenDocument]
    totals: list[AgingRow]
    counts: dict[str, int]


#: Customers whose documents are read at once for a file.
_AT_A_TIME = 100
#: Columns of a row before its figures; what is counted from is turned into days.
_KEYS = (
    "key", "currency", "entry_id", "customer", "customer_name", "kind", "instalment", "issue_date", "due_date",
    "counted", "original", "applied", "open", "sales_rep",
)  # fmt: skip


def open_documents(
    session: Session, actor: Actor, *, as_of: date, limits: Sequence[int], basis: Basis = Basis.DUE_DATE,
    scope: Scope = EVERYTHING, page: Page = ALL,
) -> OpenDocuments:  # fmt: skip
    """What was open at the end of `as_of`, by customer, then oldest first (what is in favour last)."""
    actor.require(Permission.VIEW_PORTFOLIO)
    ages = names(limits)
    line = _lines(session, customers_in(session, actor, scope), as_of, limits, basis, scope)
    rows, totals = rows_and_totals(session, with_totals(select(line), line, (*ages, *MEASURES), _order, page))
    return OpenDocuments(
        ages, [_row(row, as_of, len(ages)) for row in rows],
        [_figures(row, "", row.currency, len(ages)) for row in totals], {row.currency: row[0] for row in totals},
    )  # fmt: skip


def each_open_document(
    session: Session, actor: Actor, *, as_of: date, limits: Sequence[int], basis: Basis = Basis.DUE_DATE,
    scope: Scope = EVERYTHING,
) -> Iterator[OpenDocument]:  # fmt: skip
    """The rows of `open_documents`, read a few customers at a time: a file of any length needs no more memory."""
    actor.require(Permission.VIEW_PORTFOLIO)
    part = open_parts(session, as_of, customers_in(session, actor, scope))
    having = select(part.c.customer_id).distinct().subquery("having")
    by_code = select(col(Customer.id)).join(having, having.c.customer_id == col(Customer.id))
    ids = iter(session.scalars(by_code.order_by(plain_order(col(Customer.code)))).all())
    while some := list(islice(ids, _AT_A_TIME)):
        customers = select(col(Customer.id)).where(col(Customer.id).in_(some))
        line = _lines(session, customers, as_of, limits, basis, scope)
        rows = select(literal(0), line).order_by(*_order(line.c))
        for row in session.connection().execute(rows):
            yield _row(row, as_of, len(limits) + 2)


def _lines(
    session: Session, customers: Query | None, as_of: date, limits: Sequence[int], basis: Basis, scope: Scope
) -> CTE:
    item = _with_disputed(session, open_items(session, as_of, customers), as_of, customers)
    is_document = col(Entry.source) == Source.DOCUMENT
    paper = (
        select(
            *item.c, col(Entry.number), col(Entry.kind), col(Entry.instalment), col(Entry.amount), col(Entry.paid_on),
            col(Customer.code), col(Customer.legal_name), col(Document.presented_on),
            case((is_document, func.coalesce(Document.sales_rep, "")), else_=func.coalesce(Customer.sales_rep, ""))
            .label("sales_rep"),
        )
        .join(Entry, col(Entry.id) == item.c.entry_id)
        .join(Customer, col(Customer.id) == item.c.customer_id)
        .outerjoin(Document, and_(is_document, col(Document.id) == col(Entry.source_id)))
        .subquery("paper")
    )  # fmt: skip
    c = paper.c
    is_credit = c.due_on.is_(None)

    def signed(amount: Any) -> ColumnElement[Decimal]:
        return case((is_credit, -amount), else_=amount)

    keys: list[Any] = [
        c.number, c.currency, c.entry_id, c.code, c.legal_name, c.kind, case((c.instalment > 0, c.instalment)),
        func.coalesce(c.paid_on, c.booked_on), c.due_on, base_date(c, basis), signed(c.amount),
        signed(c.amount - c.balance), signed(c.balance), c.sales_rep,
    ]  # fmt: skip
    found = select(
        *(column.label(name) for name, column in zip(_KEYS, keys, strict=True)),
        *measures(c, as_of, limits, basis, c.balance, c.disputed),
    )
    if scope.currency is not None:
        found = found.where(c.currency == scope.currency)
    if scope.sales_rep is not None:
        found = found.where(c.sales_rep == scope.sales_rep)
    return found.cte("line")


def _with_disputed(session: Session, item: Subquery, as_of: date, customers: Query | None) -> Subquery:
    """The items with what is disputed of each."""
    if not any_disputes(session, as_of):
        return select(*item.c, zero().label("disputed")).subquery("disputed_item")
    claim = disputed_items(as_of, customers)
    mine = type_coerce(func.coalesce(claim.c.disputed, zero()), Money()).label("disputed")
    joined = select(*item.c, mine).outerjoin(claim, claim.c.entry_id == item.c.entry_id)
    return joined.subquery("with_disputed")


def _order(line: Any) -> list[ColumnElement[Any]]:
    credits_last = case((line.due_date.is_(None), 1), else_=0)
    return [
        plain_order(line.customer), line.currency, credits_last, line.due_date, line.issue_date,
        plain_order(line.key), line.instalment, line.entry_id,
    ]  # fmt: skip


def _row(row: Any, as_of: date, ages: int) -> OpenDocument:
    days = None if row.counted is None else (as_of - row.counted).days
    return OpenDocument(
        row.entry_id, row.customer, row.customer_name, row.kind, row.instalment, row.issue_date, row.due_date, days,
        row.original, row.applied, row.open, row.sales_rep, _figures(row, row.key, row.currency, ages),
    )  # fmt: skip


def _figures(row: Any, key: str, currency: str, ages: int) -> AgingRow:
    start = 1 + len(_KEYS)
    return AgingRow(key, key, currency, tuple(row[start : start + ages]), *row[start + ages :])
