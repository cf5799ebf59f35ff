"""The figures of one customer's page: what is owed, how the line is used, how late the customer pays."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.disputes.queries import disputed_items
from core.ledger.models import Application, Entry, Kind, Reversal, Source
from core.ledger.queries import open_items
from core.money import ZERO, total
from core.policies.settings import setting
from core.portfolio.customers import open_accounts


class Account(NamedTuple):
    """One customer in one currency. Documents are instalments' papers; `base` is `balance` in company currency."""

    currency: str
    balance: Decimal
    overdue: Decimal
    in_favour: Decimal
    disputed: Decimal
    base: Decimal
    base_overdue: Decimal
    documents: int
    overdue_documents: int
    oldest_days: int | None


def accounts_of(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> list[Account]:
    """What one customer owes at the end of `as_of`, a row a currency in which something is open."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    only = select(col(Customer.id)).where(col(Customer.id) == customer_id)
    account, item = open_accounts(session, as_of, only), open_items(session, as_of, only)
    papers = (
        select(
            item.c.currency,
            func.count(col(Entry.source_id).distinct()).label("documents"),
            func.count(case((item.c.due_on < as_of, col(Entry.source_id))).distinct()).label("overdue_documents"),
        )
        .join(Entry, col(Entry.id) == item.c.entry_id)
        .where(item.c.due_on.is_not(None))
        .group_by(item.c.currency)
        .cte("papers")
    )
    claim = disputed_items(as_of, only)
    disputed = select(total(claim.c.disputed)).where(claim.c.currency == account.c.currency).scalar_subquery()
    rows = session.execute(
        select(
            account.c.currency, account.c.balance, account.c.overdue, account.c.in_favour, disputed, account.c.base,
            account.c.base_overdue, func.coalesce(papers.c.documents, 0), func.coalesce(papers.c.overdue_documents, 0),
            account.c.oldest_due_on,
        )
        .outerjoin(papers, papers.c.currency == account.c.currency)
        .order_by(account.c.currency)
    )  # fmt: skip
    return [Account._make([*row[:-1], _days_since(row.oldest_due_on, as_of)]) for row in rows]


def _days_since(due_on: date | None, as_of: date) -> int | None:
    return (as_of - due_on).days if due_on is not None and due_on < as_of else None


class Credit(NamedTuple):
    """The use of a credit line, in company currency. None where there is no limit; `used_pct` None of a limit of 0."""

    limit: Decimal | None
    used: Decimal
    available: Decimal | None
    used_pct: Decimal | None
    watched: bool = False  # above `credit.watch_pct`
    over: bool = False


def credit_of(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> Credit:
    """How much of a customer's limit its balance takes, every currency at the rate of each document."""
    limit = visible_customer(session, actor, customer_id).credit_limit
    only = select(col(Customer.id)).where(col(Customer.id) == customer_id)
    used = session.scalar(select(total(open_accounts(session, as_of, only).c.base))) or ZERO
    if limit is None:
        return Credit(None, used, None, None)
    pct = max(used, ZERO) / limit * 100 if limit else None
    watch = Decimal(setting(session, "credit.watch_pct"))
    return Credit(limit, used, limit - used, pct, pct is not None and pct > watch, used > limit)


class LastPayment(NamedTuple):
    """The latest payment on a customer's account that nobody has reversed."""

    number: str
    on: date
    amount: Decimal
    currency: str


def last_payment(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> LastPayment | None:
    """When a customer last paid, and how much."""
    visible_customer(session, actor, customer_id)
    row = session.execute(
        select(col(Entry.number), col(Entry.booked_on), col(Entry.amount), col(Entry.currency))
        .where(*_payments_of(customer_id), col(Entry.booked_on) <= as_of, ~_reversed_by(as_of))
        .order_by(col(Entry.booked_on).desc(), col(Entry.id).desc())
        .limit(1)
    ).first()
    return None if row is None else LastPayment(*row)


class Lateness(NamedTuple):
    """How many days after its due date the customer pays an instalment, on average; None where nothing was paid."""

    this_year: Decimal | None
    year_before: Decimal | None


def lateness(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> Lateness:
    """Average days late at payment over the last 12 months and the 12 before; who pays early counts as 0 days.

    Each live application of money to an instalment counts once, whatever its amount.
    """
    visible_customer(session, actor, customer_id)
    undo = aliased(Application)
    undone = select(col(undo.id)).where(col(undo.undoes_id) == col(Application.id), col(undo.applied_on) <= as_of)
    rows = session.execute(
        select(col(Application.applied_on), col(Application.due_on))
        .join(Entry, col(Entry.id) == col(Application.credit_id))
        .where(
            *_payments_of(customer_id), col(Application.customer_id) == customer_id,
            col(Application.undoes_id).is_(None), ~undone.exists(),
            col(Application.applied_on) <= as_of, col(Application.applied_on) > _years_before(as_of, 2),
        )
    ).all()  # fmt: skip
    middle = _years_before(as_of, 1)
    return Lateness(
        _mean([max(0, (on - due).days) for on, due in rows if on > middle]),
        _mean([max(0, (on - due).days) for on, due in rows if on <= middle]),
    )


def _payments_of(customer_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Entry.customer_id) == customer_id, col(Entry.source) == Source.PAYMENT, col(Entry.kind) == Kind.PAYMENT,
    )  # fmt: skip


def _reversed_by(as_of: date) -> ColumnElement[bool]:
    return (
        select(col(Reversal.id))
        .where(
            col(Reversal.source) == Source.PAYMENT,
            col(Reversal.source_id) == col(Entry.source_id),
            col(Reversal.document_id).is_(None),
            col(Reversal.reversed_on) <= as_of,
        )
        .exists()
    )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=365 * years)


def _mean(days: Sequence[int]) -> Decimal | None:
    return Decimal(sum(days)) / len(days) if days else None
