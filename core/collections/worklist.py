"""The work list: whom to contact today, most valuable first, each with reasons and points; and who waits, and why."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, and_, case, func, or_, select, true, type_coerce
from sqlmodel import Session

from core.auth.actor import Actor, Permission
from core.collections.rules import Aside, Reason, Rules
from core.collections.scoring import scored
from core.collections.strategies import Strategies, strategies
from core.money import Money, total, zero
from core.portfolio.lines import ALL, Page
from core.portfolio.scope import Scope, customers_in
from core.tables import plain_order


class View(StrEnum):
    """Which part of the work list."""

    TODO = "todo"
    DUE_TODAY = "due_today"
    BROKEN = "broken"
    WAITING = "waiting"


class Candidate(NamedTuple):
    """A customer with a reason to be contacted; amounts in company currency. `aside`: why it waits; None: it does not.

    `points` has those of each reason that gave any. Of the rest see `facts.facts`.
    """

    customer_id: int
    code: str
    name: str
    segment: str | None
    phone: str | None
    score: int
    aside: Aside | None
    points: dict[Reason, int]
    overdue: Decimal
    oldest_due_on: date | None
    next_due_on: date | None
    disputed: Decimal
    due_today: Decimal
    live: Decimal
    live_on: date | None
    broken: Decimal
    broken_on: date | None
    partly: Decimal
    partly_on: date | None
    is_blocked: int
    last_id: int | None
    last_on: date | None
    next_id: int | None
    next_on: date | None
    cheque_on: date | None

    def days_overdue(self, as_of: date) -> int | None:
        """Of the oldest instalment; negative: the next falls due in so many days; None: nothing is open."""
        due_on = self.oldest_due_on or self.next_due_on
        return None if due_on is None else (as_of - due_on).days


class Counted(NamedTuple):
    """How many customers, and how much."""

    customers: int
    amount: Decimal


class Worklist(NamedTuple):
    """One page of a view, and what each view counts: overdue, promised for today, lacking of broken ones, overdue."""

    as_of: date
    rows: list[Candidate]
    counts: dict[View, Counted]
    strategies: Strategies


def worklist(
    session: Session, actor: Actor, *, as_of: date, collector: str | None = None, view: View = View.TODO,
    page: Page = ALL,
) -> Worklist:  # fmt: skip
    """The customers whom `actor` sees (of a `collector`: theirs today) on `as_of`, the highest score first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    plan = strategies(session)
    found = scored(
        session, as_of, customers_in(session, actor, Scope(collector=collector)), plan,
        chosen=lambda c: _in_view(c, view), first=page.size and page.size * page.number,
    )  # fmt: skip
    asked = _page(found, view, page).c
    counts = _counts(found)
    told = [asked[name] for name in _FACTS], [asked[f"points_{reason}"] for reason in Reason]
    rows = session.execute(
        select(*counts.c, *told[0], *told[1])
        .select_from(counts.outerjoin(asked.customer_id.table, true()))
        .order_by(*_order(asked))
    ).all()
    counted = {view: Counted(*rows[0][2 * place : 2 * place + 2]) for place, view in enumerate(View)}
    return Worklist(as_of, [_candidate(row[2 * len(View) :]) for row in rows if row[-1] is not None], counted, plan)


def _order(c: Any) -> list[ColumnElement[Any]]:
    return [c.score.desc(), c.overdue.desc(), plain_order(c.code)]


class Move(NamedTuple):
    """Where a customer stands in the list before and after a change; None: not in it."""

    customer: str
    name: str
    segment: str | None
    before: int | None
    after: int | None
    score_before: int | None
    score_after: int | None
    overdue: Decimal


class Simulation(NamedTuple):
    """Who would move: enters, leaves, and by how many places the others; the furthest first."""

    moves: list[Move]
    before: int
    after: int
    entered: int
    left: int


def simulate(
    session: Session, actor: Actor, *, as_of: date, rules: Rules, ended: bool = False, collector: str | None = None
) -> Simulation:
    """What the list of `as_of` would be with this strategy in place of its segment's (`ended`: without it)."""
    actor.require(Permission.SUPERVISE)
    now = strategies(session)
    then = now.without(rules.segment) if ended else now.changed(rules)
    customers = customers_in(session, actor, Scope(collector=collector))
    before, after = (_ranks(session, scored(session, as_of, customers, plan)) for plan in (now, then))
    moves = [_move(before.get(code), after.get(code)) for code in {**before, **after}]
    changed = [one for one in moves if (one.before, one.score_before) != (one.after, one.score_after)]
    return Simulation(
        sorted(changed, key=_furthest), len(before), len(after), len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
    )  # fmt: skip


class _Rank(NamedTuple):
    code: str
    name: str
    segment: str | None
    overdue: Decimal
    score: int
    rank: int


def _ranks(session: Session, found: CTE) -> dict[str, _Rank]:
    c = found.c
    rank = func.row_number().over(order_by=_order(c))
    rows = session.execute(
        select(c.code, c.name, c.segment, c.overdue, c.score, rank).where(c.aside.is_(None)).order_by(rank)
    )
    return {row[0]: _Rank(*row) for row in rows}


def _move(before: _Rank | None, after: _Rank | None) -> Move:
    known = after or before
    assert known is not None
    return Move(
        known.code, known.name, known.segment, before and before.rank, after and after.rank, before and before.score,
        after and after.score, known.overdue,
    )  # fmt: skip


def _furthest(move: Move) -> tuple[int, int, str]:
    if move.before is None or move.after is None:
        return (0, move.after or move.before or 0, move.customer)
    return (1, -abs(move.after - move.before), move.customer)


def _in_view(c: Any, view: View) -> ColumnElement[bool]:
    here: ColumnElement[bool] = c.aside.is_(None)
    match view:
        case View.TODO:
            return here
        case View.DUE_TODAY:
            return and_(here, c.due_today > zero())
        case View.BROKEN:
            return and_(
                here, or_(c[f"points_{Reason.PROMISE_BROKEN}"] > 0, c[f"points_{Reason.PROMISE_PARTLY_KEPT}"] > 0)
            )
        case View.WAITING:
            return ~here


def _counts(found: CTE) -> CTE:
    c = found.c
    lacking = type_coerce(c.broken + c.partly, Money())
    amounts = {View.TODO: c.overdue, View.DUE_TODAY: c.due_today, View.BROKEN: lacking, View.WAITING: c.overdue}
    columns: list[ColumnElement[Any]] = []
    for view, amount in amounts.items():
        chosen = _in_view(c, view)
        columns += [
            func.count().filter(chosen).label(f"n_{view}"),
            total(case((chosen, amount), else_=zero())).label(f"sum_{view}"),
        ]
    return select(*columns).select_from(found).cte("counted")


def _page(found: CTE, view: View, page: Page) -> CTE:
    asked = select(*found.c).where(_in_view(found.c, view))
    if page.size is not None:
        asked = asked.order_by(*_order(found.c)).limit(page.size).offset(page.size * (page.number - 1))
    return asked.cte("page")


_FACTS = [name for name in Candidate._fields if name != "points"]


def _candidate(row: Sequence[Any]) -> Candidate:
    facts = dict(zip(_FACTS, row, strict=False))
    points = dict(zip(Reason, row[len(_FACTS) :], strict=True))
    facts["aside"] = facts["aside"] and Aside(facts["aside"])
    return Candidate(points={reason: given for reason, given in points.items() if given}, **facts)
