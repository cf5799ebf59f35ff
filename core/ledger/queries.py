"""The one meaning of "open at a date": what is open now, plus what was applied after that date.

It costs what is open and what was applied since, never the whole history.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, Select, Subquery, case, cast, func, select, type_coerce, union_all
from sqlmodel import Session, col

from core.ledger.models import Application, Entry, Side
from core.money import Money, in_base, total, zero

Query = Select[*tuple[Any, ...]]


def settled_since(session: Session, as_of: date) -> bool:
    """Whether anything was applied after `as_of`; if not, what is open now was open then."""
    last = session.scalar(select(func.max(col(Application.applied_on))))
    return last is not None and last > as_of


def open_parts(session: Session, as_of: date, customers: Query | None = None) -> Subquery:
    """What was open at the end of `as_of`, in parts to be added up: by entry they make its balance, by anything else
    (customer, due date…) the balance of that.

    Columns: `entry_id, customer_id, currency, due_on` (NULL: a credit)`, booked_on, amount, base` (company currency at
    the entry's rate, half up per entry)`, future` (what money received after `as_of` has closed of it). `customers`:
    a query of customer ids; only theirs.
    """
    return parts_at(as_of, customers, rolled_back=settled_since(session, as_of))


def parts_at(as_of: date, customers: Query | None, *, rolled_back: bool) -> Subquery:
    """`open_parts` for who knows whether anything was applied after `as_of`."""
    now = _open_now(as_of, customers)
    if not rolled_back:
        return now.subquery("part")
    return union_all(now, _closed_since(as_of, customers)).subquery("part")


def _open_now(as_of: date, customers: Query | None) -> Query:
    found: Query = select(
        col(Entry.id).label("entry_id"), col(Entry.customer_id), col(Entry.currency), col(Entry.due_on),
        col(Entry.booked_on), col(Entry.open).label("amount"), in_base(Entry.open, Entry.exchange_rate).label("base"),
        zero().label("future"),
    ).where(col(Entry.open) > 0)  # fmt: skip
    if customers is None:
        return found.where(col(Entry.booked_on) <= as_of)
    # said so that no index serves it: SQLite would take the one of accounts, and read their whole history
    booked_on = func.coalesce(col(Entry.booked_on), as_of)
    return found.where(col(Entry.customer_id).in_(customers), booked_on <= as_of)


def _closed_since(as_of: date, customers: Query | None) -> Query:
    """What was applied after `as_of` to entries that were there: it was still open then."""
    received = case((col(Application.paid_on) > as_of, col(Application.amount)), else_=zero())
    charges: Query = select(
        col(Application.charge_id).label("entry_id"), col(Application.amount), received.label("future")
    ).where(col(Application.applied_on) > as_of, col(Application.charge_on) <= as_of)
    credits_: Query = select(col(Application.credit_id), col(Application.amount), zero()).where(
        col(Application.applied_on) > as_of, col(Application.credit_on) <= as_of
    )
    if customers is not None:
        charges = charges.where(col(Application.customer_id).in_(customers))
        credits_ = credits_.where(col(Application.customer_id).in_(customers))
    move = union_all(charges, credits_).subquery("move")
    since = (
        select(
            move.c.entry_id,
            cast(total(move.c.amount), Money()).label("amount"),  # PostgreSQL sums BIGINT as NUMERIC
            cast(total(move.c.future), Money()).label("future"),
        )
        .group_by(move.c.entry_id)
        .subquery("since")
    )
    then = type_coerce(col(Entry.open) + since.c.amount, Money())
    return select(
        col(Entry.id), col(Entry.customer_id), col(Entry.currency), col(Entry.due_on), col(Entry.booked_on),
        since.c.amount,
        type_coerce(in_base(then, Entry.exchange_rate) - in_base(Entry.open, Entry.exchange_rate), Money()),
        case((then > zero(), since.c.future), else_=zero()),
    ).join(since, col(Entry.id) == since.c.entry_id)  # fmt: skip


def open_items(session: Session, as_of: date, customers: Query | None = None) -> Subquery:
    """Each instalment and credit with something left at the end of `as_of`, one row an entry.

    Columns: `entry_id, customer_id, currency, due_on` (NULL: a credit)`, booked_on, balance` (> 0)`, base, future`.
    """
    part = open_parts(session, as_of, customers)
    if not isinstance(part.element, Select):  # a union: an entry may have two parts
        same = ("customer_id", "currency", "due_on", "booked_on")
        return (
            select(
                part.c.entry_id, *(func.min(part.c[name]).label(name) for name in same),
                total(part.c.amount).label("balance"), total(part.c.base).label("base"),
                total(part.c.future).label("future"),
            )
            .group_by(part.c.entry_id)
            .having(func.sum(part.c.amount) > 0)
            .subquery("item")
        )  # fmt: skip
    return select(
        part.c.entry_id, part.c.customer_id, part.c.currency, part.c.due_on, part.c.booked_on,
        part.c.amount.label("balance"), part.c.base, part.c.future,
    ).subquery("item")  # fmt: skip


def booked(last: date, first: date | None = None, customers: Query | None = None) -> CTE:
    """What was booked each day, added up: `booked_on, currency, kind, side, due_on, amount`.

    Sums of history start from here: the index of this order is read once, and nothing is sorted but days. Use CASE, not
    WHERE, on what comes out: a condition would be pushed in and break that order.
    """
    keys = [col(Entry.booked_on), col(Entry.currency), col(Entry.kind), col(Entry.side), col(Entry.due_on)]
    found: Query = select(*keys, total(Entry.amount).label("amount")).where(col(Entry.booked_on) <= last)
    if first is not None:
        found = found.where(col(Entry.booked_on) >= first)
    if customers is not None:
        found = found.where(col(Entry.customer_id).in_(customers))
    return found.group_by(*keys).cte("booked")


def applied(last: date, first: date, customers: Query | None = None) -> CTE:
    """What was applied each day to charges, undone applications taken off: `applied_on, currency, due_on, amount`."""
    keys = [col(Application.applied_on), col(Application.currency), col(Application.due_on)]
    found: Query = select(*keys, total(Application.amount).label("amount"))
    found = found.where(col(Application.applied_on).between(first, last))
    if customers is not None:
        found = found.where(col(Application.customer_id).in_(customers))
    return found.group_by(*keys).cte("applied")


def ledger_balances(session: Session, as_of: date, customers: Query | None = None) -> dict[str, Decimal]:
    """The sum of the ledger's own rows up to `as_of` by currency: charges less credits.

    It reads history, not what is open: the other path to every total of the aging.
    """
    day = booked(as_of, customers=customers)
    signed = case((day.c.side == Side.CHARGE, day.c.amount), else_=-day.c.amount)
    found = session.execute(select(day.c.currency, total(signed)).group_by(day.c.currency).order_by(day.c.currency))
    return {row[0]: row[1] for row in found}
