"""The nightly run: step by step, each whole; twice, at once, killed or failing, the end is that of one quiet run."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from core import clock, db
from core.auth.actor import Role, system
from core.config import config
from core.errors import DomainError, NotAllowed
from core.i18n import N_
from core.jobs import nightly
from core.jobs.models import NightlyRun, NightlyStep
from core.jobs.nightly_log import runs, schedule, steps_of
from core.jobs.nightly_steps import STEPS, Step
from core.outbox.models import Message
from core.promises.recording import record_promise
from core.schema import metadata
from tests.build import a_charge, a_customer, an_actor, pay

DAY = date(2026, 4, 6)
#: What every run writes anew: that it was there.
_LOG = ("nightly_run", "nightly_step", "audit_event")


@pytest.fixture(autouse=True)
def _today(business_day):
    business_day(DAY)


def build():
    """Something for every step to do."""
    with db.transaction() as session:
        customer = a_customer(session, "C1", region="Norte", collector="beto", email="pagos@c1.example")
        late = a_charge(session, customer, number="F1", amount="900.00", overdue_days=40)
        a_charge(session, customer, number="F2", amount="100.00", overdue_days=-10)
        record_promise(
            session,
            system(),
            customer_id=customer.id,
            amount=Decimal("300.00"),
            currency="MXN",
            made_on=date(2026, 3, 15),
            promised_on=date(2026, 3, 31),
            documents=["F1"],
        )
        pay(session, customer, late, amount="100.00", paid_on=date(2026, 3, 20), number="P1")


@pytest.fixture
def book(database):
    build()
    return database


def everything():
    """All that the books hold, by table, without moments and without what every try draws anew (ids, keys)."""
    with db.reading() as session:
        return {
            table.name: sorted(session.execute(select(*_facts(table))).all(), key=str)
            for table in metadata.sorted_tables
            if table.name not in _LOG
        }


def _facts(table):
    drawn = {"id", "source_id", "message_key", "content"}
    kept = [one for one in table.c if not one.foreign_keys and one.name not in drawn and not one.name.endswith("_at")]
    return kept or list(table.c)


def logged(session):
    return [(one.step, one.error) for one in session.scalars(select(NightlyStep).order_by(col(NightlyStep.id)))]


def test_every_step_is_logged_with_what_it_did(book):
    outcomes = nightly.run(system(), as_of=DAY)
    assert [one.step.name for one in outcomes] == [one.name for one in STEPS]
    with db.reading() as session:
        [run] = runs(session, system(), now=datetime.now(UTC))
        found = steps_of(session, system(), run.id)
    assert (run.state, run.as_of, run.user_name, run.steps, run.failed) == ("done", DAY, "system", len(STEPS), 0)
    assert all(one.done and not one.error and one.started_at <= one.finished_at for one in found)


def test_a_second_run_does_nothing_new(book):
    nightly.run(system(), as_of=DAY)
    once = everything()
    again = nightly.run(system(), as_of=DAY)
    assert everything() == once
    told = {one.step.name: one.step.told(one.done) for one in again}
    assert told.pop("mail").startswith("Sin servidor de correo")
    assert set(told.values()) == {"Nada nuevo."}


def test_only_who_may_run_it_runs_it(book):
    with pytest.raises(NotAllowed):
        nightly.run(an_actor(Role.COLLECTOR), as_of=DAY)
    with db.reading() as session:
        assert session.scalars(select(NightlyRun)).all() == []


class Refused(DomainError):
    message = N_("El servidor de correo no responde.")


def failing(error):
    def work(session, actor, as_of):
        a_customer(session, "HALF")
        raise error

    return Step("fails", "Correo", work, lambda facts: "")


def test_a_step_that_fails_leaves_nothing_of_itself_and_the_others_go_on(book):
    outcomes = nightly.run(system(), as_of=DAY, steps=(failing(Refused()), *STEPS))
    assert [str(one) for one in nightly.failures(outcomes)] == ["Correo: El servidor de correo no responde."]
    with db.reading() as session:
        assert logged(session) == [("fails", "El servidor de correo no responde."), *((s.name, None) for s in STEPS)]
        assert session.scalar(text("SELECT COUNT(*) FROM customer")) == 1
        [run] = runs(session, system(), now=datetime.now(UTC))
        assert (run.state, run.failed) == ("failed", 1)


def test_a_bug_in_a_step_is_told_once_the_others_have_run(book):
    with pytest.raises(ZeroDivisionError):
        nightly.run(system(), as_of=DAY, steps=(failing(ZeroDivisionError()), *STEPS))
    with db.reading() as session:
        [(_, error), *others] = logged(session)
    assert "ZeroDivisionError" in error
    assert others == [(one.name, None) for one in STEPS]


def test_a_mail_server_that_is_down_fails_its_step_and_no_other(book, monkeypatch):
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    config.cache_clear()
    outcomes = nightly.run(system(), as_of=DAY)
    [failed] = nightly.failures(outcomes)
    assert "Envío de correos: El servidor de correo 127.0.0.1 no responde" in str(failed)
    with db.reading() as session:
        assert [name for name, error in logged(session) if error] == ["mail"]
        assert session.scalars(select(col(Message.status))).all() == ["queued"]


def test_without_a_mail_server_letters_wait_for_one(book):
    told = {one.step.name: one.step.told(one.done) for one in nightly.run(system(), as_of=DAY)}
    assert told["letters"] == "1 carta en la bandeja de salida."
    assert told["mail"] == "Sin servidor de correo (SMTP_URL): los correos esperan."


def test_two_at_once_end_as_one(book):
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(nightly.run, system(), as_of=DAY) for _ in range(2)]:
            assert nightly.failures(done.result()) == []
    together = everything()
    nightly.run(system(), as_of=DAY)
    assert everything() == together


def killed_in(step, when):
    """A run in a process of its own that is killed before or after the work of a step, which is not kept by then."""

    def dies(*given):
        if when == "after":
            step.work(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    db.close()  # connections are not shared
    child = os.fork()
    if not child:
        try:
            db._engine.cache_clear()
            nightly.run(system(), as_of=DAY, steps=[step._replace(work=dies) if one is step else one for one in STEPS])
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.name)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_any_step_and_run_again_it_ends_as_an_undisturbed_run(book, cli, step, when):
    killed_in(step, when)
    with db.reading() as session:
        names = [one.name for one in STEPS]
        assert logged(session) == [(name, None) for name in names[: names.index(step.name)]]
        [run] = runs(session, system(), now=datetime.now(UTC) + timedelta(hours=1))
        assert run.state == "cut"
    assert cli("nightly").code == 0
    ended = everything()
    book.empty()
    build()
    nightly.run(system(), as_of=DAY)
    assert everything() == ended


def test_the_command_says_what_each_step_did(book, cli):
    answer = cli("nightly", "--date", DAY, "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.data["date"] == DAY.isoformat()
    assert [row["step"] for row in answer.data["rows"]] == [one.name for one in STEPS]


def test_the_command_fails_in_words_when_a_step_does(book, cli, monkeypatch):
    monkeypatch.setattr("core.cli.nightly.run", partial(nightly.run, steps=(failing(Refused()),)))
    answer = cli("nightly")
    assert (answer.code, answer.out, answer.err) == (1, "", "Correo: El servidor de correo no responde.\n")


def test_the_next_run_is_expected_a_day_after_the_servers_last(book):
    now = datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
    with db.reading() as session:
        assert schedule(session, system(), now=now) == (None, None, True)
    with clock.standing(now):
        nightly.run(system(), as_of=DAY)
    with clock.standing(now + timedelta(hours=5)):
        nightly.run(an_actor(Role.ADMIN), as_of=DAY)  # by the button: it says nothing of the timer
    with db.reading() as session:
        assert schedule(session, system(), now=now + timedelta(hours=25)) == (now, now + timedelta(days=1), False)
        assert schedule(session, system(), now=now + timedelta(hours=27)).late
