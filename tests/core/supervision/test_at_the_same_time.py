"""Two at once: one does it, the other is told who was quicker, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from core.auth.actor import Role, system
from core.auth.users import create_user
from core.customers.assigning import Move, MovedMeanwhile
from core.db import reading, transaction
from core.errors import DomainError
from core.reconciliations.matching import Theirs
from core.reconciliations.recording import SignedAlready, save
from core.reconciliations.signing import sign
from core.supervision.portfolios import collectors_of, reassign
from core.tasks.doing import TaskDoneAlready, assign_task, finish_task
from core.tasks.queries import Standing, tasks
from tests.build import TODAY, a_customer, an_actor
from tests.support.server import PASSWORD

BOSS, OTHER = an_actor(Role.MANAGER, name="jefa"), an_actor(Role.ADMIN, name="otra")
ANA = an_actor(Role.COLLECTOR, name="ana")


@pytest.fixture
def customer(database):
    with transaction() as session:
        for name in ("ana", "eva", "sol"):
            create_user(session, system(), name=name, role="collector", password=PASSWORD)
        return a_customer(session, "C1", collector="ana").id


def both(*commands):
    """Runs the commands at the same moment, each in its own transaction; what each was refused with, or None."""
    start = Barrier(len(commands))

    def run(command):
        start.wait()
        try:
            with transaction() as session:
                command(session)
        except DomainError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(commands)) as pool:
        return sorted(pool.map(run, commands), key=str)


def test_a_task_is_done_by_one_of_two(customer):
    with transaction() as session:
        task = assign_task(session, BOSS, assigned_to="ana", title="Recoger cheque", on=TODAY, due_on=TODAY).id
    answers = both(*(lambda s, who=who: finish_task(s, who, task_id=task, on=TODAY) for who in (ANA, BOSS)))
    assert answers == [TaskDoneAlready, None]
    with reading() as session:
        assert len(tasks(session, ANA, as_of=TODAY, standing=Standing.DONE)) == 1


def test_a_customer_goes_to_one_of_two_collectors(customer):
    answers = both(*(
        lambda s, who=who, to=to: reassign(s, who, moves=[Move(customer, "ana", to)], reason="x")
        for who, to in ((BOSS, "eva"), (OTHER, "sol"))
    ))  # fmt: skip
    assert answers == [MovedMeanwhile, None]
    with reading() as session:
        assert len(collectors_of(session, BOSS, customer)) == 1


def test_a_minute_is_signed_once(customer):
    with transaction() as session:
        one = save(
            session, ANA, customer_id=customer, currency="MXN", cut_on=TODAY, today=TODAY,
            theirs=[Theirs(2, "F-1", None, Decimal("1.00"))], file=("l.csv", b"x"),
        ).id  # fmt: skip
    answers = both(*(
        lambda s, who=who: sign(
            s, who, reconciliation_id=one, today=TODAY, their_signer="Luis", our_signer="Ana",
            signature=("minuta.pdf", b"%PDF-1.4\n%%EOF\n"),
        )
        for who in (ANA, OTHER)
    ))  # fmt: skip
    assert answers == [SignedAlready, None]
