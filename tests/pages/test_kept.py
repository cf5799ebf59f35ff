"""Figures that are kept: read once for each state of the books and for whom the actor sees."""

import pytest

from core.auth.actor import Role
from core.db import transaction
from pages.ui import kept
from tests.build import a_customer, an_actor


@pytest.fixture
def asked(database):
    """What was really read; `kept.read(asked.work, …)`."""

    class Asked:
        times = 0

        def work(self, _session, actor, **facts):
            self.times += 1
            return actor.name, facts

    kept._read.clear()
    return Asked()


def test_the_same_question_is_read_once(asked):
    for _ in range(3):
        assert kept.read(asked.work, an_actor(), as_of=1) == ("ana", {"as_of": 1})
    assert asked.times == 1
    kept.read(asked.work, an_actor(), as_of=2)
    assert asked.times == 2


def test_any_write_makes_it_old(asked):
    kept.read(asked.work, an_actor())
    with transaction() as session:
        a_customer(session)
    kept.read(asked.work, an_actor())
    assert asked.times == 2


def test_what_one_sees_is_not_shown_to_who_sees_others(asked):
    north = an_actor(Role.MANAGER, name="norte", region="Norte")
    south = an_actor(Role.MANAGER, name="norte", region="Sur")
    collector = an_actor(Role.COLLECTOR, name="norte")
    for actor in (north, south, collector, an_actor(name="norte")):
        kept.read(asked.work, actor)
    assert asked.times == 4
