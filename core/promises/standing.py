"""What became of promises: the one meaning of `paid` and `status`, for any day, from the money that came.

Promises with documents count money applied to these, by the day of the application; promises on account the customer's
payments of their currency, by the day of the payment. It costs what is asked for, never the history of the ledger.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.ledger.models import Application, Entry, Reversal, Source
from core.money import total, zero
from core.promises.models import Promise, PromiseDocument, PromiseEnding, PromiseStatus

Query = Select[*tuple[Any, ...]]
#: The states of a promise whose window has ended without what was promised.
FAILED = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)


def standing(
    as_of: date, *, customers: Query | None = None, since: date | None = None,
    only: Iterable[ColumnElement[bool]] = (),
) -> CTE:  # fmt: skip
    """Every promise made by `as_of` as it stood at the end of that day, one row each.

    Columns: `promise_id, number, customer_id, currency, amount, made_on, promised_on, starts_on, ends_on, as_of, paid`
    (whatever has come from `starts_on` on, never capped)`, counted` (what of it came in the window)`, status`.
    `customers`: a query of customer ids; `since`: only those whose window ended on that day or later; `only`: further
    conditions on Promise. What they leave out costs nothing.
    """
    asked = promises_at(as_of).where(col(Promise.made_on) <= as_of, *only)
    if since is not None:
        asked = asked.where(col(Promise.ends_on) >= since)
    if customers is not None:
        asked = asked.where(col(Promise.customer_id).in_(customers))
    return judged(asked)


def promises_at(as_of: date | ColumnElement[date]) -> Query:
    """Promises to be judged, each at its `as_of`; narrow it with WHERE and JOIN, and give it to `judged`."""
    as_of = literal(as_of, Date) if isinstance(as_of, date) else as_of
    return select(
        col(Promise.id).label("promise_id"), col(Promise.number), col(Promise.customer_id), col(Promise.currency),
        col(Promise.amount), col(Promise.made_on), col(Promise.promised_on), col(Promise.starts_on),
        col(Promise.ends_on), as_of.label("as_of"),
    ).select_from(Promise)  # fmt: skip


def judged(asked: Query) -> CTE:
    """The promises of `promises_at`, a promise more than once if it is asked for at several days, with what they came
    to."""
    # the source stands in each row: as a constant, SQLite would read all entries first to know which are documents'
    a = asked.add_columns(literal(Source.DOCUMENT.value).label("source")).cte()
    moved = union_all(_applied(a), _received(a)).subquery()
    money = (
        select(
            moved.c.promise_id, moved.c.as_of, total(moved.c.amount).label("paid"),
            total(case((moved.c.on <= moved.c.ends_on, moved.c.amount), else_=zero())).label("counted"),
        )
        .group_by(moved.c.promise_id, moved.c.as_of)
        .subquery()
    )  # fmt: skip
    paid = func.coalesce(money.c.paid, zero(), type_=zero().type)
    counted = func.coalesce(money.c.counted, zero(), type_=zero().type)
    ended = and_(col(PromiseEnding.promise_id) == a.c.promise_id, col(PromiseEnding.ended_on) <= a.c.as_of)
    status = case(
        (col(PromiseEnding.ending).is_not(None), col(PromiseEnding.ending)),
        (counted >= a.c.amount, PromiseStatus.KEPT.value),
        (a.c.as_of <= a.c.ends_on, PromiseStatus.PENDING.value),
        (counted > zero(), PromiseStatus.PARTLY_KEPT.value),
        else_=PromiseStatus.BROKEN.value,
    )
    return (
        select(
            *(one for one in a.c if one.key != "source"), paid.label("paid"), counted.label("counted"),
            status.label("status"),
        )
        .select_from(a)
        .outerjoin(PromiseEnding, ended)
        .outerjoin(money, and_(money.c.promise_id == a.c.promise_id, money.c.as_of == a.c.as_of))
        .cte()
    )  # fmt: skip


def _applied(a: CTE) -> Query:
    """Money applied to the documents of promises since their window began, unless undone by the day that counts."""
    undo = aliased(Application)
    undone = select(col(undo.id)).where(col(undo.undoes_id) == col(Application.id), col(undo.applied_on) <= a.c.as_of)
    its_charges = and_(col(Entry.source) == a.c.source, col(Entry.source_id) == col(PromiseDocument.document_id))
    # said in the sum: as conditions on their own table, SQLite would begin with all applications, or filter them first
    money = case((and_(col(Application.amount) > zero(), col(Application.paid_on).is_not(None)), Application.amount))
    return (
        select(a.c.promise_id, a.c.as_of, a.c.ends_on, col(Application.applied_on).label("on"), money.label("amount"))
        .join(PromiseDocument, col(PromiseDocument.promise_id) == a.c.promise_id)
        .join(Entry, its_charges)
        .join(Application, col(Application.charge_id) == col(Entry.id))
        .where(col(Application.applied_on).between(a.c.starts_on, a.c.as_of), ~undone.exists())
    )  # fmt: skip


def _received(a: CTE) -> Query:
    """Payments on the account of customers whose promise names no document, unless reversed by the day that counts."""
    on_account = ~select(col(PromiseDocument.document_id)).where(
        col(PromiseDocument.promise_id) == a.c.promise_id
    ).exists()  # fmt: skip
    reversed_ = select(col(Reversal.id)).where(
        col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Entry.source_id),
        col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= a.c.as_of,
    )  # fmt: skip
    return (
        select(a.c.promise_id, a.c.as_of, a.c.ends_on, col(Entry.paid_on), col(Entry.amount))
        .join(Entry, and_(col(Entry.customer_id) == a.c.customer_id, col(Entry.currency) == a.c.currency))
        .where(
            on_account, col(Entry.source) == Source.PAYMENT,
            # nothing is on the account before it was received, so the index of accounts leaves out what came earlier
            col(Entry.booked_on).between(a.c.starts_on, a.c.as_of), col(Entry.paid_on) >= a.c.starts_on,
            ~reversed_.exists(),
        )
    )  # fmt: skip
