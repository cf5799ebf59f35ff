"""Blocks: set, in force, ended; one of a code at a time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.auth.actor import Role
from core.credit.blocks import (
    AlreadyBlocked,
    BlockEnded,
    BlockEndsBefore,
    BlockNotFound,
    BlockReasonMissing,
    block_in_force,
    blocks_of,
    end_block,
    lift_block,
    set_block,
)
from core.credit.models import Block, BlockCode
from core.customers.visibility import CustomerNotFound
from core.db import reading, transaction
from core.errors import DomainError, NotAllowed
from tests.build import TODAY, a_customer, an_actor

ANALYST = an_actor(Role.CREDIT_ANALYST, name="cris")
MANUAL, LEGAL = BlockCode.MANUAL, BlockCode.LEGAL


def after(days):
    return TODAY + timedelta(days=days)


def block(session, customer, *, code=MANUAL, from_on=TODAY, to_on=None, actor=ANALYST, reason="no paga") -> Block:
    return set_block(session, actor, customer_id=customer.id, code=code, from_on=from_on, to_on=to_on, reason=reason)


def days_in_force(session, customer, code=MANUAL) -> list[int]:
    return [day for day in range(-2, 8) if block_in_force(session, customer.id, code, after(day))]


def test_it_holds_from_its_first_to_its_last_day(session):
    customer = a_customer(session)
    block(session, customer, to_on=after(3))
    assert days_in_force(session, customer) == [0, 1, 2, 3]


def test_without_end_it_holds_until_somebody_ends_it(session):
    customer = a_customer(session)
    made = block(session, customer)
    assert days_in_force(session, customer) == list(range(8))
    end_block(session, ANALYST, block_id=made.id, last_on=after(2))
    assert days_in_force(session, customer) == [0, 1, 2]
    with pytest.raises(BlockEnded):
        end_block(session, ANALYST, block_id=made.id, last_on=after(4))


def test_it_may_end_earlier_than_it_was_to(session):
    customer = a_customer(session)
    made = block(session, customer, to_on=after(6))
    end_block(session, ANALYST, block_id=made.id, last_on=after(1))
    assert days_in_force(session, customer) == [0, 1]


def test_lifted_the_customer_is_free_that_day_but_never_before_it_began(session):
    customer = a_customer(session)
    made = block(session, customer)
    lift_block(session, made, free_on=after(3))
    assert days_in_force(session, customer) == [0, 1, 2]
    again = block(session, customer, from_on=after(4))
    lift_block(session, again, free_on=after(4))
    assert days_in_force(session, customer) == [0, 1, 2, 4]


def test_one_of_a_code_is_in_force_at_a_time(session):
    customer = a_customer(session)
    made = block(session, customer, from_on=after(2))
    for from_on, to_on in ((TODAY, None), (TODAY, after(2)), (after(5), None)):
        with pytest.raises(AlreadyBlocked):
            block(session, customer, from_on=from_on, to_on=to_on)
    block(session, customer, code=LEGAL)  # another code
    block(session, customer, from_on=TODAY, to_on=after(1))  # before it
    end_block(session, ANALYST, block_id=made.id, last_on=after(4))
    block(session, customer, from_on=after(5))  # after it


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"reason": "  "}, BlockReasonMissing), ({"reason": "x" * 251}, BlockReasonMissing),
        ({"to_on": TODAY - timedelta(days=1)}, BlockEndsBefore),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_bad_input_is_refused_in_words(session, fields, refusal):
    with pytest.raises(refusal):
        block(session, a_customer(session), **fields)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.CASHIER, Role.SALES_REP, Role.AUDITOR])
@pytest.mark.backend("sqlite")
def test_others_may_not_block(session, role):
    customer = a_customer(session, collector="x", sales_rep="x")
    with pytest.raises(NotAllowed):
        block(session, customer, actor=an_actor(role, name="x"))


@pytest.mark.backend("sqlite")
def test_a_manager_sets_legal_blocks_only_and_only_in_the_region(session):
    boss = an_actor(Role.MANAGER, name="jefe", region="Norte")
    customer = a_customer(session, region="Norte")
    with pytest.raises(NotAllowed):
        block(session, customer, actor=boss)
    made = block(session, customer, actor=boss, code=LEGAL)
    with pytest.raises(CustomerNotFound):
        block(session, a_customer(session, region="Sur"), actor=boss, code=LEGAL)
    with pytest.raises(BlockNotFound):
        end_block(session, an_actor(Role.MANAGER, name="otra", region="Sur"), block_id=made.id, last_on=TODAY)


def test_the_list_shows_those_of_the_day_or_all(session):
    one, two = a_customer(session, "C1"), a_customer(session, "C2")
    block(session, one, to_on=after(1))
    block(session, two, from_on=after(3), code=LEGAL)
    assert [row.customer_code for row in blocks_of(session, ANALYST, as_of=TODAY)] == ["C1"]
    assert [row.customer_code for row in blocks_of(session, ANALYST)] == ["C2", "C1"]
    assert [row.code for row in blocks_of(session, ANALYST, customer_id=two.id)] == ["legal"]


def test_setting_and_ending_are_in_the_log(session):
    customer = a_customer(session)
    made = block(session, customer)
    end_block(session, ANALYST, block_id=made.id, last_on=after(1))
    wanted = select(AuditEvent).where(col(AuditEvent.customer_id) == customer.id).order_by(col(AuditEvent.id))
    events = session.scalars(wanted).all()
    assert [(one.action, one.user_name) for one in events] == [("block.set", "cris"), ("block.ended", "cris")]
    assert made.event_id == events[0].id


def test_of_two_blocks_at_once_one_wins(database):
    with transaction() as session:
        customer = a_customer(session)
    told, gate = [], Barrier(2)

    def try_it() -> None:
        gate.wait()
        try:
            with transaction() as own:
                block(own, customer)
            told.append("set")
        except DomainError as error:
            told.append(type(error).__name__)

    threads = [Thread(target=try_it) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["AlreadyBlocked", "set"]
    with reading() as session:
        assert len(session.scalars(select(Block)).all()) == 1
