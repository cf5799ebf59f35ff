"""Judging promises at a date: what changed since they were judged last, and who is told of it. Run again, nothing."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from core import db
from core.audit.events import plain, record
from core.auth.actor import Actor, Permission, Role
from core.auth.models import User
from core.clock import now
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.promises.models import Promise, PromiseJudgement, PromiseStatus
from core.promises.standing import FAILED, standing
from core.tables import among, plain_order
from core.tasks.models import Notice, Task, TaskKind

#: A promise that broke longer ago is history (an import of past years): judged, but nobody is sent after it.
NEWS = timedelta(days=90)
SOURCE = "promise"


class Judged(NamedTuple):
    """A promise whose state is another than when it was judged last."""

    number: str
    before: str
    after: str


class _Changed(NamedTuple):
    promise_id: int
    number: str
    before: str
    after: str
    customer_id: int
    currency: str
    amount: Decimal
    paid: Decimal
    promised_on: date
    ends_on: date
    collector: str | None
    sales_rep: str | None


def evaluate(session: Session, actor: Actor, *, as_of: date) -> list[Judged]:
    """Judges the promises of the customers whom `actor` sees as they stand at `as_of`, and returns what changed since
    the last judgement of that day or an earlier one (none: it was pending), by number.

    Who fails raises a task for the collector and a notice for collector and sales rep, once a promise. One event for
    all of it; none when nothing changed. What a user ended is no finding.
    """
    actor.require(Permission.RECORD_PROMISE)
    db.take(session, "promises.evaluate")
    changed = _changed(session, actor, as_of)
    if not changed:
        return []
    event = record(session, actor, "promise.evaluated", entity="promises", entity_id=as_of, on=as_of, new=len(changed))
    rows = ((one.promise_id, as_of, one.before, one.after, event.id) for one in changed)
    db.insert_many(session, PromiseJudgement, ("promise_id", "as_of", "before", "status", "event_id"), rows)
    failed = [one for one in changed if one.after in FAILED and one.ends_on > as_of - NEWS]
    _raise_tasks(session, failed, as_of, event.id)
    _notify(session, failed, event.id)
    return [Judged(one.number, one.before, one.after) for one in changed]


def _changed(session: Session, actor: Actor, as_of: date) -> list[_Changed]:
    its = standing(as_of).c
    last = (
        select(col(PromiseJudgement.status))
        .where(col(PromiseJudgement.promise_id) == its.promise_id, col(PromiseJudgement.as_of) <= as_of)
        .order_by(col(PromiseJudgement.as_of).desc(), col(PromiseJudgement.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    judged = (
        select(*its, func.coalesce(last, PromiseStatus.PENDING.value).label("before"))
        .where(its.status.not_in((PromiseStatus.WITHDRAWN.value, PromiseStatus.RESCHEDULED.value)))
        .subquery()
    ).c
    found = session.execute(
        select(
            judged.promise_id, judged.number, judged.before, judged.status, judged.customer_id, judged.currency,
            judged.amount, judged.paid, judged.promised_on, judged.ends_on,
            func.coalesce(col(Customer.collector), col(Promise.collector)), col(Customer.sales_rep),
        )
        .join(Promise, col(Promise.id) == judged.promise_id)
        .join(Customer, col(Customer.id) == judged.customer_id)
        .where(judged.status != judged.before, visible_to(actor))
        .order_by(plain_order(judged.number))
    )  # fmt: skip
    return [_Changed(*row) for row in found]


def _raise_tasks(session: Session, failed: Sequence[_Changed], as_of: date, event_id: int) -> None:
    known = set(session.scalars(
        select(col(Task.source_id)).where(
            col(Task.kind) == TaskKind.BROKEN_PROMISE, col(Task.source) == SOURCE,
            among(col(Task.source_id), [one.promise_id for one in failed]),
        )
    ))  # fmt: skip
    columns = (
        "kind", "source", "source_id", "title", "facts", "customer_id", "assigned_to", "assigned_by", "raised_on",
        "due_on", "event_id",
    )  # fmt: skip
    rows = (
        (TaskKind.BROKEN_PROMISE.value, SOURCE, one.promise_id, "", _facts(one), one.customer_id, one.collector or "",
         "system", as_of, as_of, event_id)
        for one in failed if one.promise_id not in known
    )  # fmt: skip
    db.insert_many(session, Task, columns, rows)


def _notify(session: Session, failed: Sequence[_Changed], event_id: int) -> None:
    known = {(name, source_id) for name, source_id in session.execute(
        select(col(Notice.user_name), col(Notice.source_id)).where(
            col(Notice.kind) == TaskKind.BROKEN_PROMISE, col(Notice.source) == SOURCE,
            among(col(Notice.source_id), [one.promise_id for one in failed]),
        )
    )}  # fmt: skip
    users = _users(session, failed)
    at = now()
    columns = ("user_name", "kind", "source", "source_id", "facts", "customer_id", "at", "event_id")
    rows = (
        (name, TaskKind.BROKEN_PROMISE.value, SOURCE, one.promise_id, _facts(one), one.customer_id, at, event_id)
        for one in failed
        for name in sorted({*users.get((Role.COLLECTOR, one.collector), ()),
                            *users.get((Role.SALES_REP, one.sales_rep), ())})
        if (name, one.promise_id) not in known
    )  # fmt: skip
    db.insert_many(session, Notice, columns, rows)


def _users(session: Session, failed: Iterable[_Changed]) -> dict[tuple[Role, str | None], set[str]]:
    """The users behind collectors and sales reps: a rep's user may bear another name than the rep."""
    failed = list(failed)
    collectors, reps = sorted({one.collector or "" for one in failed}), sorted({one.sales_rep or "" for one in failed})
    rep = func.coalesce(col(User.sales_rep), col(User.name))
    found: dict[tuple[Role, str | None], set[str]] = {}
    for name, role, stands_for in session.execute(
        select(col(User.name), col(User.role), rep).where(
            col(User.active),
            or_(among(col(User.name), collectors), (col(User.role) == Role.SALES_REP) & among(rep, reps)),
        )
    ):
        found.setdefault((Role.COLLECTOR, name), set()).add(name)
        if role == Role.SALES_REP:
            found.setdefault((Role.SALES_REP, stands_for), set()).add(name)
    return found


def _facts(one: _Changed) -> str:
    """What the words of a task or notice are made of."""
    return json.dumps({
        "number": one.number, "amount": plain(one.amount), "paid": plain(one.paid), "currency": one.currency,
        "promised_on": plain(one.promised_on), "status": one.after,
    })  # fmt: skip
