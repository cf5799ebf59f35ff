"""The one meaning of "open at a date": what is open now, plus what was applied after that date.

It costs what is open and what was applied since, never the whole history.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, func, select, type_coerce, union_all
from sqlmodel import Session, col

from core.ledger.models import Application, Entry
from core.money import Money, total


def settled_since(session: Session, as_of: date) -> bool:
    """Whether anything was applied after `as_of`; if not, what is open now was open then."""
    return session.scalar(select(col(Application.id)).where(col(Application.applied_on) > as_of).limit(1)) is not None


def open_items(session: Session, as_of: date) -> Subquery:
    """Each instalment and credit with something left at the end of `as_of`, one row an entry.

    Columns: `entry_id, customer_id, currency, due_on` (NULL: a credit)`, booked_on, exchange_rate, balance` (> 0).
    """
    now: Select[Any] = select(
        col(Entry.id).label("entry_id"), col(Entry.customer_id), col(Entry.currency), col(Entry.due_on),
        col(Entry.booked_on), col(Entry.exchange_rate), col(Entry.open).label("balance"),
    ).where(col(Entry.open) > 0, col(Entry.booked_on) <= as_of)  # fmt: skip
    if not settled_since(session, as_of):
        return now.subquery("item")
    charges: Select[Any] = select(
        col(Application.charge_id), col(Application.customer_id), col(Application.currency), col(Application.due_on),
        col(Application.charge_on), col(Application.charge_rate), col(Application.amount),
    ).where(col(Application.applied_on) > as_of, col(Application.charge_on) <= as_of)  # fmt: skip
    credits_: Select[Any] = select(
        col(Application.credit_id), col(Application.customer_id), col(Application.currency),
        type_coerce(None, Application.__table__.c.due_on.type).label("due_on"),  # type: ignore[attr-defined]  # a table
        col(Application.credit_on), col(Application.credit_rate), col(Application.amount),
    ).where(col(Application.applied_on) > as_of, col(Application.credit_on) <= as_of)  # fmt: skip
    part = union_all(now, charges, credits_).subquery("part")
    return (
        select(
            part.c.entry_id,
            *(func.min(part.c[name]).label(name) for name in ("customer_id", "currency", "due_on", "booked_on")),
            func.min(part.c.exchange_rate).label("exchange_rate"),
            type_coerce(total(part.c.balance), Money()).label("balance"),
        )
        .group_by(part.c.entry_id)
        .having(func.sum(part.c.balance) > 0)
        .subquery("item")
    )
