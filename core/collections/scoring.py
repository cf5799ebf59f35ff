"""The points of each customer and who waits, in SQL: the rules of the strategies said over the facts."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, and_, case, false, func, literal, or_, select
from sqlmodel import Session

from core.collections.facts import Query, facts, first_delay, grows
from core.collections.rules import Aside, Reason, Rules, Steps
from core.collections.strategies import EVERYBODY, Strategies
from core.money import zero
from core.policies.settings import setting

#: What holds of a row of those scored; the part of the list that is asked for.
Chosen = Callable[[Any], ColumnElement[bool]]


def scored(
    session: Session, as_of: date, customers: Query | None, strategies: Strategies, *, chosen: Chosen | None = None,
    first: int | None = None,
) -> CTE:  # fmt: skip
    """The facts of each customer for whom there is a reason, with the points of each (`points_<reason>`), their sum
    (`score` > 0) and why it waits (`aside`, NULL: it does not).

    `first`: only so many of the `chosen` will be read, the best; for who cannot be among them, how he used to pay is
    not looked up and gives no points.
    """
    cheque_days = int(setting(session, "credit.returned_cheque_days"))
    fact = facts(session, as_of, customers, cheque_days=cheque_days)
    rules = _Rules(fact.c, as_of, strategies)
    points = [expression.label(f"points_{reason}") for reason, expression in rules.points().items()]
    pointed = (
        select(*fact.c, *points, rules.aside().label("aside"))
        .where(rules.wanted())
        .cte("pointed").prefix_with("MATERIALIZED")
    )  # fmt: skip
    sums = [pointed.c[label.key] for label in points]
    based = select(*pointed.c, sum(sums[1:], sums[0]).label("base")).cte("based").prefix_with("MATERIALIZED")
    paced = _with_pace(based, as_of, strategies, chosen, first)
    habit = _Rules(paced.c, as_of, strategies).of_habit()
    told = [expression.label(f"points_{reason}") for reason, expression in habit.items()]
    score = sum(habit.values(), paced.c.base).label("score")
    kept = [column for column in paced.c if column.key not in ("base", "points_risk", "grows", "is_first")]
    risk = (paced.c.points_risk + habit[Reason.RISK]).label("points_risk")
    others = [label for label in told if label.key != risk.key]
    return select(*kept, *others, risk, score).where(score > 0).cte("scored").prefix_with("MATERIALIZED")


def _with_pace(
    based: CTE, as_of: date, strategies: Strategies, chosen: Chosen | None, first: int | None
) -> CTE:  # fmt: skip
    """The rows with `grows` and `is_first` (1 or 0) of those whom these may bring among the `first` of the chosen."""
    most = max(one.points.growing_delay + one.points.first_delay for one in strategies.by_segment.values())
    c = based.c
    if not most:
        return select(*c, literal(0).label("grows"), literal(0).label("is_first")).cte("paced")
    may = [c.overdue > zero()]
    if chosen is not None:
        may.append(chosen(c))
    if first is not None:
        best = select(c.base).where(*may[1:]).order_by(c.base.desc()).limit(first).subquery("best")
        may.append(c.base + most >= select(func.coalesce(func.min(best.c.base), 0)).scalar_subquery())
    asked = and_(*may)
    return (
        select(
            *c, case((asked, grows(based, as_of)), else_=literal(0)).label("grows"),
            case((and_(asked, first_delay(based, as_of)), 1), else_=0).label("is_first"),
        )
        .cte("paced").prefix_with("MATERIALIZED")
    )  # fmt: skip


class _Rules:
    """The conditions and points over the columns of the facts, each as the customer's strategy says."""

    def __init__(self, fact: Any, as_of: date, strategies: Strategies) -> None:
        self.fact, self.as_of, self.strategies = fact, as_of, strategies
        self.enough = and_(fact.overdue > zero(), self._by_segment(lambda one: fact.overdue >= one.minimum_amount))
        #: a promise for today, or one that broke since, is news whatever was agreed before
        self.news = or_(
            and_(fact.due_today > zero(), fact.last_on < as_of),
            fact.broken_on >= fact.last_on,
            fact.partly_on >= fact.last_on,
        )
        self.news = func.coalesce(self.news, false())
        self.planned = func.coalesce(fact.next_on <= as_of, false())

    def wanted(self) -> ColumnElement[bool]:
        """Whether there is any reason at all to speak with a customer; the others only add points to it."""
        f = self.fact
        return or_(
            self.enough, f.due_today > zero(),
            and_(f.owed > zero(), or_(f.broken > zero(), f.partly > zero(), f.next_on.is_not(None))),
            self._due_soon(),
        )  # fmt: skip

    def points(self) -> dict[Reason, ColumnElement[int]]:
        """The points of each reason but those of habit."""
        f, flat = self.fact, self._flat
        silence = func.coalesce(f.last_on, f.oldest_due_on)
        return {
            Reason.PROMISE_DUE_TODAY: flat(f.due_today > zero(), lambda one: one.points.promise_due_today),
            Reason.PROMISE_BROKEN: flat(
                and_(f.broken > zero(), f.owed > zero()), lambda one: one.points.promise_broken
            ),
            Reason.PROMISE_PARTLY_KEPT: flat(
                and_(f.partly > zero(), f.owed > zero()), lambda one: one.points.promise_partly_kept
            ),
            Reason.NEXT_ACTION_DUE: flat(self.planned, lambda one: one.points.next_action_due),
            Reason.OVERDUE_AMOUNT: self._if(self.enough, lambda one: [
                (f.overdue >= amount, points) for amount, points in reversed(one.points.amount)
            ]),
            Reason.DAYS_OVERDUE: self._if(self.enough, lambda one: self._reached(f.oldest_due_on, one.points.days)),
            Reason.CREDIT_BLOCKED: flat(f.is_blocked == 1, lambda one: one.points.credit_blocked),
            Reason.RISK: flat(f.cheque_on.is_not(None), lambda one: one.points.returned_cheque),
            Reason.NO_CONTACT: self._if(self.enough, lambda one: self._reached(silence, one.points.silence)),
            Reason.DUE_SOON: flat(self._due_soon(), lambda one: one.points.due_soon),
        }  # fmt: skip

    def of_habit(self) -> dict[Reason, ColumnElement[int]]:
        """The points of how a customer used to pay; a cheque that came back is risk enough."""
        f = self.fact
        first = and_(self.enough, f.is_first == 1, f.points_risk == 0)
        return {
            Reason.GROWING_DELAY: self._flat(and_(self.enough, f.grows == 1), lambda one: one.points.growing_delay),
            Reason.RISK: self._flat(first, lambda one: one.points.first_delay),
        }

    def aside(self) -> ColumnElement[str | None]:
        """Why a customer waits; the first reason that holds."""
        f = self.fact
        covered = self._by_segment(
            lambda one: (
                f.disputed > zero()
                if one.any_dispute
                else and_(f.disputed_overdue > zero(), f.disputed_overdue >= f.overdue)
            )
        )
        quiet = self._by_segment(
            lambda one: f.last_on > self.as_of - timedelta(days=self._quiet(one)) if self._quiet(one) else false()
        )
        return case(
            (f.is_legal == 1, Aside.LEGAL.value),
            (covered, Aside.DISPUTE.value),
            (and_(f.live > zero(), f.due_today <= zero()), Aside.PROMISE.value),
            (and_(f.next_on > self.as_of, ~self.news), Aside.NEXT_ACTION.value),
            (and_(quiet, ~self.news, ~self.planned), Aside.QUIET.value),
        )

    def _quiet(self, one: Rules) -> int:
        return self.strategies.quiet_days if one.quiet_days is None else one.quiet_days

    def _due_soon(self) -> ColumnElement[bool]:
        f = self.fact
        near = self._by_segment(
            lambda one: (
                f.next_due_on <= self.as_of + timedelta(days=one.preventive_days) if one.preventive_days else false()
            )
        )
        return and_(f.overdue <= zero(), near)

    def _reached(self, since: Any, steps: Steps) -> list[tuple[ColumnElement[bool], int]]:
        """What holds from so many days since a date on; the furthest first."""
        return [(since <= self.as_of - timedelta(days=days), points) for days, points in reversed(steps)]

    def _flat(self, condition: Any, points: Callable[[Rules], int]) -> ColumnElement[int]:
        return self._if(condition, lambda one: [(condition, points(one))])

    def _if(
        self, condition: Any, steps: Callable[[Rules], list[tuple[ColumnElement[bool], int]]]
    ) -> ColumnElement[int]:
        """The points of the first step that holds, where the condition does; else 0."""

        def of(one: Rules) -> ColumnElement[int]:
            found = [(and_(condition, holds), literal(points, Integer)) for holds, points in steps(one) if points]
            return case(*found, else_=literal(0, Integer)) if found else literal(0, Integer)

        found: ColumnElement[int] = self._by_segment(of)
        return found

    def _by_segment(self, of: Callable[[Rules], Any]) -> Any:
        """What the strategy of the customer's segment says; segments whose strategies agree are one."""
        own = [(name, rules) for name, rules in self.strategies.by_segment.items() if name != EVERYBODY]
        rest = of(self.strategies.by_segment[EVERYBODY])
        return case(*((self.fact.segment == name, of(rules)) for name, rules in own), else_=rest) if own else rest
