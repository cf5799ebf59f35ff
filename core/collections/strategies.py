"""Strategies by segment: read, changed as a new version, ended. Who changes one sees first whom it would move."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import plain, record
from core.auth.actor import Actor, Permission
from core.clock import now
from core.collections.models import Stage, Strategy
from core.collections.rules import Points, Rules
from core.collections.stages import STAGES, StageRules
from core.customers.models import Customer
from core.documents import checks
from core.errors import DomainError
from core.i18n import N_
from core.money import MAX_AMOUNT, rounded
from core.policies.settings import setting

MOST_POINTS, MOST_DAYS, MOST_STEPS, MOST_STAGES = 1_000, 3_650, 12, 12
#: The segment of the strategy of all who have none of their own.
EVERYBODY = ""


class PointsNotValid(DomainError):
    message = N_("Los puntos van de 0 a {most}. Corrija {value}.")


class StepsNotRising(DomainError):
    message = N_("En cada escala, lo que va más lejos empieza más alto y da por lo menos los mismos puntos.")


class DaysNotValid(DomainError):
    message = N_("Los días van de 0 a {most}. Corrija {value}.")


class MinimumNotValid(DomainError):
    message = N_("El importe mínimo va de 0.00 a {most}, con dos decimales.")


class StagesNotValid(DomainError):
    message = N_("Una estrategia tiene de 1 a {most} etapas que empiezan en días distintos, cada una con su nombre.")


class StrategyChanged(DomainError):
    message = N_("Otra persona cambió esta estrategia mientras usted la editaba. Cargue la página y revise la nueva.")


class NoStrategy(DomainError):
    message = N_("El segmento «{segment}» no tiene una estrategia propia.")


class Strategies(NamedTuple):
    """All that decides the order of the work list: the strategies by segment, and the quiet days of who says none."""

    by_segment: Mapping[str, Rules]
    quiet_days: int

    def of(self, segment: str | None) -> Rules:
        """The strategy of a customer of that segment."""
        return self.by_segment.get(segment or EVERYBODY, self.by_segment[EVERYBODY])

    def changed(self, rules: Rules) -> "Strategies":
        """The same with one strategy in place of the one of its segment."""
        return self._replace(by_segment={**self.by_segment, rules.segment: rules})

    def without(self, segment: str) -> "Strategies":
        """The same without the strategy of a segment, which falls back to everybody's."""
        left = {name: one for name, one in self.by_segment.items() if name != segment}
        return self._replace(by_segment=left if segment else {**left, EVERYBODY: Rules()})


def strategies(session: Session) -> Strategies:
    """Those in force; everybody's is the product's own until somebody changes it."""
    newest = select(func.max(col(Strategy.id))).group_by(col(Strategy.segment))
    rows = session.scalars(select(Strategy).where(col(Strategy.id).in_(newest), ~col(Strategy.ended))).all()
    stages: dict[int, list[StageRules]] = {}
    for one in session.scalars(
        select(Stage).where(col(Stage.strategy_id).in_([row.id for row in rows])).order_by(col(Stage.from_days))
    ):
        rules = StageRules(one.from_days, one.name, one.action, one.script_es, one.script_en)
        stages.setdefault(one.strategy_id, []).append(rules)
    found = {row.segment: _rules(row, tuple(stages.get(row.id or 0, ()))) for row in rows}
    return Strategies({EVERYBODY: Rules(), **found}, int(setting(session, "worklist.quiet_days")))


def segments(session: Session) -> list[str]:
    """The segments that customers have, by name."""
    named = select(col(Customer.segment)).where(col(Customer.segment).is_not(None)).distinct()
    return sorted(one for one in session.scalars(named) if one)


def save_strategy(session: Session, actor: Actor, *, rules: Rules) -> Rules:
    """Writes a strategy as the next version of its segment's. `rules.version`: the one that was edited."""
    actor.require(Permission.SUPERVISE)
    db.take(session, "strategies")
    segment = checks.text(rules.segment, 80) or EVERYBODY
    newest = _newest(session, segment)
    if rules.version != (newest.version if newest and not newest.ended else 0):
        raise StrategyChanged
    kept = checked(replace(rules, segment=segment, version=(newest.version if newest else 0) + 1))
    return _write(session, actor, kept, ended=False)


def end_strategy(session: Session, actor: Actor, *, segment: str) -> None:
    """From now on the segment has everybody's strategy; everybody's goes back to the product's own."""
    actor.require(Permission.SUPERVISE)
    db.take(session, "strategies")
    newest = _newest(session, segment)
    if newest is None or newest.ended:
        raise NoStrategy(segment=segment)
    _write(session, actor, Rules(segment=segment, version=newest.version + 1, stages=()), ended=True)


def checked(rules: Rules) -> Rules:
    """The strategy with tidy texts and stages in order, or the refusal of what cannot be."""
    for one in fields(Points):
        value = getattr(rules.points, one.name)
        steps = value if isinstance(value, tuple) else ((0, value),)
        if len(steps) > MOST_STEPS or any(low >= high for (low, _a), (high, _b) in pairwise(steps)):
            raise StepsNotRising
        if any(less > more for (_a, less), (_b, more) in pairwise(steps)):
            raise StepsNotRising
        for start, points in steps:
            if not 0 <= points <= MOST_POINTS:
                raise PointsNotValid(most=MOST_POINTS, value=points)
            if not 0 <= start <= (MAX_AMOUNT if one.name == "amount" else MOST_DAYS):
                raise DaysNotValid(most=MOST_DAYS, value=start)
    for days in (rules.quiet_days or 0, rules.preventive_days):
        if not 0 <= days <= MOST_DAYS:
            raise DaysNotValid(most=MOST_DAYS, value=days)
    minimum = rules.minimum_amount
    if not minimum.is_finite() or not 0 <= minimum <= MAX_AMOUNT or minimum != rounded(minimum):
        raise MinimumNotValid(most=MAX_AMOUNT)
    return replace(rules, stages=_checked_stages(rules.stages))


def _checked_stages(stages: tuple[StageRules, ...]) -> tuple[StageRules, ...]:
    tidy = tuple(
        sorted(
            StageRules(
                one.from_days, checks.text(one.name, 80) or "", checks.text(one.action, 250) or "",
                checks.text(one.script_es, 2000) or "", checks.text(one.script_en, 2000) or "",
            )
            for one in stages
        )
    )  # fmt: skip
    starts = {one.from_days for one in tidy}
    if not 1 <= len(tidy) <= MOST_STAGES or len(starts) < len(tidy) or not all(one.name for one in tidy):
        raise StagesNotValid(most=MOST_STAGES)
    if any(abs(start) > MOST_DAYS for start in starts):
        raise DaysNotValid(most=MOST_DAYS, value=max(starts, key=abs))
    return tidy


def _write(session: Session, actor: Actor, rules: Rules, *, ended: bool) -> Rules:
    event = record(
        session, actor, "strategy.ended" if ended else "strategy.saved", entity="strategy", entity_id=rules.segment,
        version=rules.version, quiet_days=rules.quiet_days, minimum_amount=rules.minimum_amount,
        preventive_days=rules.preventive_days, any_dispute=rules.any_dispute, points=asdict(rules.points),
        stages=[one._asdict() for one in rules.stages],
    )  # fmt: skip
    row = Strategy(
        segment=rules.segment, version=rules.version, at=now(), user_name=actor.name, ended=ended,
        quiet_days=rules.quiet_days, minimum_amount=rules.minimum_amount, preventive_days=rules.preventive_days,
        any_dispute=rules.any_dispute, points=json.dumps(plain(asdict(rules.points))), event_id=event.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(Stage(strategy_id=row.id or 0, **one._asdict()) for one in rules.stages)
    session.flush()
    return rules


def _newest(session: Session, segment: str) -> Strategy | None:
    found: Strategy | None = session.scalar(
        select(Strategy).where(col(Strategy.segment) == segment).order_by(col(Strategy.version).desc()).limit(1)
    )
    return found


def _rules(row: Strategy, stages: tuple[StageRules, ...]) -> Rules:
    kept: dict[str, Any] = json.loads(row.points)
    known = {one.name for one in fields(Points)}
    points = {name: _steps(name, value) for name, value in kept.items() if name in known}
    return Rules(
        row.segment, row.version, row.quiet_days, row.minimum_amount, row.preventive_days, row.any_dispute,
        Points(**points), stages or STAGES,
    )  # fmt: skip


def _steps(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple((Decimal(start) if name == "amount" else int(start), points) for start, points in value)
