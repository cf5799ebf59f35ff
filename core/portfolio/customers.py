"""Customers with what they owe: the list, page by page, and the figures of one customer's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, case, func, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.queries import found_by
from core.customers.visibility import visible_to
from core.ledger.queries import open_items
from core.money import Money, total, zero
from core.policies.settings import company_currency
from core.tables import plain_order

Query = Select[*tuple[Any, ...]]


class Order(StrEnum):
    """How the list is sorted; amounts by what they are worth in company currency."""

    NAME = "name"
    CODE = "code"
    BALANCE = "balance"
    OVERDUE = "overdue"


class Owing(StrEnum):
    """Which customers, by what they owe."""

    ALL = "all"
    BALANCE = "balance"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; None: whatever it is. `text` is looked for in code, name and RFC."""

    text: str = ""
    region: str | None = None
    sales_rep: str | None = None
    collector: str | None = None
    segment: str | None = None
    status: str | None = None
    owing: Owing = Owing.ALL


class CustomerRow(NamedTuple):
    """One customer and currency (one row without balance in its own). `balance` = open charges less `in_favour`."""

    id: int
    code: str
    legal_name: str
    tax_id: str | None
    region: str | None
    segment: str | None
    sales_rep: str | None
    collector: str | None
    status: str
    currency: str
    balance: Decimal
    overdue: Decimal
    in_favour: Decimal
    oldest_days: int | None
    terms_days: int
    credit_limit: Decimal | None


class CurrencyTotal(NamedTuple):
    """What the customers of a list owe in one currency."""

    currency: str
    customers: int
    balance: Decimal
    overdue: Decimal


class ListTotals(NamedTuple):
    """How many rows and customers a list has, and what they owe by currency (those with something open)."""

    rows: int
    customers: int
    totals: list[CurrencyTotal]


def customer_rows(
    session: Session, actor: Actor, *, as_of: date, wanted: Wanted = Wanted(), order: Order = Order.NAME,
    limit: int | None = None, offset: int = 0,
) -> list[CustomerRow]:  # fmt: skip
    """A page of the customers whom the actor sees, with their balances at the end of `as_of`."""
    actor.require(Permission.VIEW_PORTFOLIO)
    line = _lines(session, actor, as_of, wanted)
    rows = session.execute(
        select(*(line.c[name] for name in _READ)).order_by(*_ORDERS[order](line)).limit(limit).offset(offset)
    )
    return [_row(as_of, row) for row in rows]


def customer_totals(session: Session, actor: Actor, *, as_of: date, wanted: Wanted = Wanted()) -> ListTotals:
    """What `customer_rows` adds up to."""
    actor.require(Permission.VIEW_PORTFOLIO)
    line = _lines(session, actor, as_of, wanted)
    rows = session.execute(
        select(
            line.c.currency, func.count(), func.count(case((line.c.owes, 1))), total(line.c.balance),
            total(line.c.overdue), select(func.count(line.c.id.distinct())).scalar_subquery(),
        )
        .group_by(line.c.currency)
        .order_by(line.c.currency)
    ).all()  # fmt: skip
    return ListTotals(
        sum(row[1] for row in rows), rows[0][-1] if rows else 0,
        [CurrencyTotal(currency, owing, *sums) for currency, _rows, owing, *sums, _all in rows if owing],
    )  # fmt: skip


_READ = (
    "id", "code", "legal_name", "tax_id", "region", "segment", "sales_rep", "collector", "status", "currency",
    "balance", "overdue", "in_favour", "oldest_due_on", "terms_days", "credit_limit",
)  # fmt: skip


def _row(as_of: date, row: Any) -> CustomerRow:
    values = list(row)
    due = values[_READ.index("oldest_due_on")]
    values[_READ.index("oldest_due_on")] = (as_of - due).days if due is not None and due < as_of else None
    return CustomerRow(*values)


def _lines(session: Session, actor: Actor, as_of: date, wanted: Wanted) -> CTE:
    """One row a customer and currency with something open; customers with nothing open have one too."""
    account = open_accounts(session, as_of, None)
    currency = func.coalesce(account.c.currency, Customer.currency, company_currency(session))
    figures = [
        type_coerce(func.coalesce(account.c[name], zero()), Money()).label(name)
        for name in ("balance", "overdue", "in_favour", "base", "base_overdue")
    ]
    own = [getattr(Customer, name) for name in _READ if name in Customer.__table__.c and name != "currency"]  # type: ignore[attr-defined]  # SQLModel adds it
    found = (
        select(
            *own, currency.label("currency"), *figures, account.c.oldest_due_on,
            account.c.customer_id.is_not(None).label("owes"),
        )
        .outerjoin(account, account.c.customer_id == col(Customer.id))
        .where(visible_to(actor), *_conditions(wanted, account))
    )  # fmt: skip
    return found.cte("line")


def open_accounts(session: Session, as_of: date, customers: Query | None) -> CTE:
    """What is open at the end of `as_of`, a row a customer and currency; `base…`: in company currency.

    Columns: `customer_id, currency, balance, overdue, in_favour, base, base_overdue, oldest_due_on`.
    """
    item = open_items(session, as_of, customers)
    is_charge, is_overdue = item.c.due_on.is_not(None), item.c.due_on < as_of

    def added(condition: ColumnElement[bool], amount: Any) -> ColumnElement[Decimal]:
        return total(case((condition, amount), else_=zero()))

    return (
        select(
            item.c.customer_id,
            item.c.currency,
            total(case((is_charge, item.c.balance), else_=-item.c.balance)).label("balance"),
            added(is_overdue, item.c.balance).label("overdue"),
            added(~is_charge, item.c.balance).label("in_favour"),
            total(case((is_charge, item.c.base), else_=-item.c.base)).label("base"),
            added(is_overdue, item.c.base).label("base_overdue"),
            func.min(item.c.due_on).label("oldest_due_on"),
        )
        .group_by(item.c.customer_id, item.c.currency)
        .cte("account")
    )


def _conditions(wanted: Wanted, account: CTE) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = [
        func.coalesce(getattr(Customer, name), "") == value
        for name in ("region", "sales_rep", "collector", "segment", "status")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.text.strip():
        made.append(found_by(wanted.text))
    if wanted.owing is Owing.BALANCE:
        made.append(account.c.customer_id.is_not(None))
    if wanted.owing is Owing.OVERDUE:
        made.append(account.c.overdue > zero())
    return made


def _by_name(line: CTE) -> Sequence[Any]:
    return (func.lower(line.c.legal_name), *_by_code(line))


def _by_code(line: CTE) -> Sequence[Any]:
    return (plain_order(line.c.code), line.c.currency)


_ORDERS: dict[Order, Callable[[CTE], Sequence[Any]]] = {
    Order.NAME: _by_name,
    Order.CODE: _by_code,
    Order.BALANCE: lambda line: (line.c.base.desc(), *_by_code(line)),
    Order.OVERDUE: lambda line: (line.c.base_overdue.desc(), *_by_code(line)),
}
