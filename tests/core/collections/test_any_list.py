"""Whatever happened to customers: points add up, nobody is both listed and waiting, pages make the whole list."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import system
from core.collections.rules import Points, Rules
from core.collections.strategies import save_strategy
from core.collections.worklist import View, worklist
from core.credit.models import BlockCode
from core.customers.models import Customer
from core.disputes.opening import open_dispute
from core.errors import DomainError
from core.policies.settings import buckets
from core.portfolio.aging import aging
from core.portfolio.lines import Page
from tests.build import TODAY, a_charge, a_customer, pay
from tests.core.collections.builders import a_block, a_contact, a_promise, days, listed

_step = st.one_of(
    st.tuples(st.just("charge"), st.integers(-20, 150), st.integers(1, 400_000)),
    st.tuples(st.just("pay"), st.integers(0, 60), st.integers(1, 900)),
    st.tuples(st.just("promise"), st.integers(0, 40), st.integers(0, 30)),
    st.tuples(st.just("dispute"), st.integers(0, 9), st.integers(1, 90)),
    st.tuples(st.just("contact"), st.integers(0, 40), st.integers(-3, 12)),
    st.tuples(st.just("block"), st.integers(0, 1), st.just(0)),
)
_stories = st.lists(st.lists(_step, min_size=1, max_size=7), min_size=1, max_size=5)


def happen(session: Session, customer: Customer, kind: str, first: int, second: int, papers: list[Any]) -> None:
    """One thing; what the rules of the product refuse does not happen."""
    try:
        with session.begin_nested():
            _happen(session, customer, kind, first, second, papers)
    except DomainError:
        pass


def _happen(session: Session, customer: Customer, kind: str, first: int, second: int, papers: list[Any]) -> None:
    if kind == "charge":
        papers.append(a_charge(session, customer, amount=f"{second}.00", overdue_days=first))
    elif kind == "pay" and papers:
        pay(session, customer, papers[-1], amount=f"{second}.00", paid_on=days(-first))
    elif kind == "promise":
        a_promise(session, customer, amount="250.00", made=-first, promised=second - first)
    elif kind == "dispute" and papers:
        open_dispute(
            session, system(), customer_id=customer.id or 0, document=papers[-1].number,
            amount=Decimal(second), opened_on=days(-first), reason="price",
        )  # fmt: skip
    elif kind == "contact":
        on = days(-first)
        a_contact(session, customer, on=on, next_action_on=on + timedelta(days=second) if second >= 0 else None)
    elif kind == "block":
        a_block(session, customer, BlockCode.LEGAL if first else BlockCode.MANUAL)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=_stories, strange=st.booleans(), ago=st.integers(0, 20))
def test_any_history_makes_a_list_that_adds_up(
    session: Session, stories: list[list[Any]], strange: bool, ago: int
) -> None:
    outer = session.begin_nested()
    if strange:
        points = Points(promise_broken=0, growing_delay=99, first_delay=77, amount=(), silence=((0, 1),))
        rules = Rules(points=points, quiet_days=9, any_dispute=False, preventive_days=10, minimum_amount=Decimal(50))
        save_strategy(session, system(), rules=rules)
    for story in stories:
        customer, papers = a_customer(session), list[Any]()
        for kind, first, second in story:
            happen(session, customer, kind, first, second, papers)
    as_of = TODAY - timedelta(days=ago)
    everybody = worklist(session, system(), as_of=as_of)
    waiting = listed(session, as_of=as_of, view=View.WAITING)
    here = [row.code for row in everybody.rows]

    assert all(row.score == sum(row.points.values()) > 0 for row in [*everybody.rows, *waiting])
    assert not set(here) & {row.code for row in waiting}
    assert all(row.aside is None for row in everybody.rows)
    assert all(row.aside is not None for row in waiting)
    order = [(-row.score, -row.overdue, row.code) for row in everybody.rows]
    assert order == sorted(order)
    assert everybody.counts[View.TODO].customers == len(here)
    assert everybody.counts[View.WAITING].customers == len(waiting)
    assert everybody.counts[View.TODO].amount == sum((row.overdue for row in everybody.rows), Decimal(0))
    pages = [listed(session, as_of=as_of, page=Page(number, 2)) for number in range(1, len(here) // 2 + 2)]
    assert [(row.code, row.points) for page in pages for row in page] == [(r.code, r.points) for r in everybody.rows]
    aged = {row.key: row.overdue for row in aging(session, system(), as_of=as_of, limits=buckets(session)).rows}
    assert all(row.overdue == aged.get(row.code, Decimal(0)) for row in [*everybody.rows, *waiting])
    assert set(here) <= set(session.scalars(select(col(Customer.code))))
    outer.rollback()
