"""Strategies by segment: versions, what cannot be, and whom a change would move."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.auth.actor import Role, system
from core.collections.rules import Points, Rules
from core.collections.stages import STAGES, StageRules, filled, stage_of
from core.collections.strategies import (
    DaysNotValid,
    MinimumNotValid,
    NoStrategy,
    PointsNotValid,
    StagesNotValid,
    StepsNotRising,
    StrategyChanged,
    end_strategy,
    save_strategy,
    segments,
    strategies,
)
from core.collections.worklist import simulate
from core.errors import DomainError, NotAllowed
from core.i18n import use
from tests.build import TODAY, a_charge, a_customer, an_actor
from tests.core.collections.builders import codes

BOSS = an_actor(Role.MANAGER, name="jefa")


def test_an_empty_database_has_the_strategy_of_the_product(session: Session) -> None:
    found = strategies(session)
    assert (found.of("Obra"), found.of(None), found.quiet_days) == (Rules(), Rules(), 3)
    assert [stage.from_days for stage in found.of(None).stages] == [-5, 1, 8, 31, 61, 91, 121]


def test_what_is_saved_comes_back_as_the_next_version(session: Session) -> None:
    points = Points(promise_broken=50, amount=((Decimal("100.50"), 3),), silence=())
    stage = StageRules(1, "Única", "Llamar", "Hola {person}", "Hello {person}")
    rules = Rules(
        segment="Obra", quiet_days=0, minimum_amount=Decimal("50.25"), preventive_days=4, any_dispute=False,
        points=points, stages=(stage,),
    )  # fmt: skip
    save_strategy(session, BOSS, rules=rules)
    assert strategies(session).of("Obra") == replace(rules, version=1)
    save_strategy(session, BOSS, rules=replace(rules, version=1, quiet_days=None))
    assert strategies(session).of("Obra") == replace(rules, version=2, quiet_days=None)
    assert strategies(session).of("Tienda") == Rules()


def test_a_strategy_that_is_ended_gives_way_to_everybodys_and_may_begin_again(session: Session) -> None:
    save_strategy(session, BOSS, rules=Rules(segment="Obra", quiet_days=9))
    end_strategy(session, BOSS, segment="Obra")
    assert strategies(session).of("Obra") == Rules()
    with pytest.raises(NoStrategy):
        end_strategy(session, BOSS, segment="Obra")
    save_strategy(session, BOSS, rules=Rules(segment="Obra", quiet_days=8))
    assert strategies(session).of("Obra").quiet_days == 8


def test_who_edited_an_older_version_is_told(session: Session) -> None:
    save_strategy(session, BOSS, rules=Rules(quiet_days=1))
    with pytest.raises(StrategyChanged):
        save_strategy(session, BOSS, rules=Rules(quiet_days=2))


def test_only_a_supervisor_changes_and_simulates(session: Session) -> None:
    for role in (Role.COLLECTOR, Role.CASHIER, Role.AUDITOR, Role.SALES_REP):
        with pytest.raises(NotAllowed):
            save_strategy(session, an_actor(role), rules=Rules())
        with pytest.raises(NotAllowed):
            simulate(session, an_actor(role), as_of=TODAY, rules=Rules())


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        (Rules(points=Points(promise_broken=-1)), PointsNotValid),
        (Rules(points=Points(promise_broken=1_001)), PointsNotValid),
        (Rules(points=Points(days=((10, 5), (10, 6)))), StepsNotRising),
        (Rules(points=Points(days=((10, 5), (20, 4)))), StepsNotRising),
        (Rules(points=Points(silence=((-1, 5),))), DaysNotValid),
        (Rules(quiet_days=-1), DaysNotValid),
        (Rules(preventive_days=4_000), DaysNotValid),
        (Rules(minimum_amount=Decimal("-0.01")), MinimumNotValid),
        (Rules(minimum_amount=Decimal("0.001")), MinimumNotValid),
        (Rules(minimum_amount=Decimal("NaN")), MinimumNotValid),
        (Rules(stages=()), StagesNotValid),
        (Rules(stages=(STAGES[0], STAGES[0])), StagesNotValid),
        (Rules(stages=(StageRules(1, " ", "", "", ""),)), StagesNotValid),
    ],
)
def test_what_cannot_be_is_refused_in_words(session: Session, rules: Rules, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as told:
        save_strategy(session, BOSS, rules=rules)
    assert "{" not in str(told.value)


@pytest.mark.parametrize("table", ["collection_strategy", "collection_stage"])
def test_versions_are_never_changed_nor_erased(session: Session, table: str) -> None:
    save_strategy(session, BOSS, rules=Rules())
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {'points' if 'egy' in table else 'name'} = 'x'"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def test_the_simulation_says_who_enters_leaves_and_moves_and_changes_nothing(session: Session) -> None:
    small = a_customer(session, "CHICO")
    old = a_customer(session, "VIEJO")
    big = a_customer(session, "GRANDE")
    soon = a_customer(session, "PRONTO")
    for customer, amount, late in ((small, "10.00", 5), (old, "500.00", 130), (big, "90000.00", 5), (soon, "9.00", -3)):
        a_charge(session, customer, amount=amount, overdue_days=late)
    before = codes(session)
    points = replace(Points(), amount=((Decimal(1), 0), (Decimal(50_000), 900)))
    rules = Rules(points=points, minimum_amount=Decimal("100.00"), preventive_days=5)
    found = simulate(session, BOSS, as_of=TODAY, rules=rules)
    places = {move.customer: (move.before, move.after) for move in found.moves}
    assert places == {"CHICO": (3, None), "PRONTO": (None, 3), "GRANDE": (2, 1), "VIEJO": (1, 2)}
    assert (found.before, found.after, found.entered, found.left) == (3, 3, 1, 1)
    assert codes(session) == before == ["VIEJO", "GRANDE", "CHICO"]
    save_strategy(session, BOSS, rules=rules)
    assert codes(session) == ["GRANDE", "VIEJO", "PRONTO"]


def test_a_manager_simulates_over_the_customers_he_sees(session: Session) -> None:
    for region in ("Norte", "Sur"):
        a_charge(session, a_customer(session, region[0], region=region), overdue_days=5)
    north = an_actor(Role.MANAGER, region="Norte")
    found = simulate(session, north, as_of=TODAY, rules=Rules(minimum_amount=Decimal(10_000)))
    assert [move.customer for move in found.moves] == ["N"]


def test_a_strategy_may_be_simulated_away(session: Session) -> None:
    a_charge(session, a_customer(session, "O", segment="Obra"), overdue_days=5)
    save_strategy(session, system(), rules=Rules(segment="Obra", minimum_amount=Decimal(10_000)))
    found = simulate(session, BOSS, as_of=TODAY, rules=Rules(segment="Obra"), ended=True)
    assert [(move.customer, move.before, move.after) for move in found.moves] == [("O", None, 1)]


def test_segments_are_those_that_customers_have(session: Session) -> None:
    for segment in ("Tienda", "Obra", "", None, "Obra"):
        a_customer(session, segment=segment)
    assert segments(session) == ["Obra", "Tienda"]


@pytest.mark.parametrize(
    ("days", "name"),
    [(-6, None), (-5, "Preventiva"), (0, "Preventiva"), (1, "Recordatorio"), (7, "Recordatorio"), (8, "Llamada"),
     (30, "Llamada"), (31, "Visita o jefe"), (60, "Visita o jefe"), (61, "Bloqueo y carta formal"),
     (91, "Prelegal"), (120, "Prelegal"), (121, "Legal o despacho"), (None, None)],
)  # fmt: skip
def test_a_stage_begins_on_its_day_and_lasts_until_the_next(days: int | None, name: str | None) -> None:
    found = stage_of(STAGES, days)
    assert (found.name if found else None) == name


def test_scripts_are_spoken_in_both_languages_and_filled_with_the_facts_of_the_call() -> None:
    try:
        for language, word in (("es", "Buenos días, Rosa"), ("en", "Good morning, Rosa")):
            use(language)
            said = filled(STAGES[2].script, {"person": "Rosa", "overdue": "$10.00"})
            assert said.startswith(word)
            assert "$10.00" in said
            assert "{" not in said
    finally:
        use("es")


def test_a_script_of_the_company_cannot_reach_beyond_its_facts() -> None:
    assert filled("{customer.__class__} {0} {otro}", {"customer": "X"}) == "{customer.__class__} {0} {otro}"
