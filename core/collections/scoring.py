"""The points of each customer and who waits, in SQL: the rules of the strategies said over the facts."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, and_, case, false, func, literal, or_, select, true
from sqlmodel import Session

from core.collections.facts import Query, facts
from core.collections.rules import Aside, Reason, Rules, Steps
from core.collections.strategies import EVERYBODY, Strategies
from core.money import zero
from core.policies.settings import setting


def scored(session: Session, as_of: date, customers: Query | None, strategies: Strategies) -> CTE:
    """The facts of each customer for whom there is a reason, with the points of each (`points_<reason>`), their sum
    (`score` > 0) and why it waits (`aside`, NULL: it does not)."""
    pace = any(one.points.growing_delay or one.points.first_delay for one in strategies.by_segment.values())
    cheque_days = int(setting(session, "credit.returned_cheque_days"))
    fact = facts(session, as_of, customers, cheque_days=cheque_days, pace=pace)
    sums = _Sums(fact.c, as_of, strategies)
    points = {reason: expression.label(f"points_{reason}") for reason, expression in sums.points().items()}
    pointed = (
        select(*fact.c, *points.values(), sums.aside().label("aside"))
        .where(sums.wanted())
        .cte("pointed").prefix_with("MATERIALIZED")
    )  # fmt: skip
    score: Any = literal(0, Integer)
    for label in points.values():
        score = score + pointed.c[label.key]
    return select(*pointed.c, score.label("score")).where(score > 0).cte("scored").prefix_with("MATERIALIZED")


class _Sums:
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
        """The points of each reason."""
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
            Reason.GROWING_DELAY: flat(and_(self.enough, f.grows == 1), lambda one: one.points.growing_delay),
            Reason.RISK: self._if(true(), lambda one: [
                (f.cheque_on.is_not(None), one.points.returned_cheque),
                (and_(self.enough, f.is_first == 1), one.points.first_delay),
            ]),
            Reason.NO_CONTACT: self._if(self.enough, lambda one: self._reached(silence, one.points.silence)),
            Reason.DUE_SOON: flat(self._due_soon(), lambda one: one.points.due_soon),
        }  # fmt: skip

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
