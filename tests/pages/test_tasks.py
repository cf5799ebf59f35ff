"""Tareas and the bell: one's own tasks done in one tap, those of the team for a supervisor only, notices counted."""

from datetime import timedelta

import pytest

from core.auth.actor import Actor, Role
from core.auth.queries import actor_named
from core.db import reading, transaction
from core.tasks.doing import assign_task, finish_task
from core.tasks.queries import Standing, tasks, unread_count
from tests.build import TODAY, a_customer

PATH = "pages/supervision/tasks.py"


@pytest.fixture
def team(database, business_day, who):
    business_day(TODAY)
    who(Role.COLLECTOR, "ana", full_name="Ana Treviño")
    who(Role.MANAGER, "jefa", full_name="Rosa Jefa")


def acting(name: str) -> Actor:
    with reading() as session:
        return actor_named(session, name, origin="web")


def given(title, *, by="jefa", to="ana", days=1, **more):
    with transaction() as session:
        return assign_task(
            session, acting(by), assigned_to=to, title=title, on=TODAY - timedelta(days=10),
            due_on=TODAY + timedelta(days=days), **more,
        ).id  # fmt: skip


def texts(at):
    assert not at.exception
    return " ".join(str(one.value) for kind in (at.title, at.markdown, at.caption) for one in kind).replace("\\", "")


def test_ones_own_tasks_the_most_late_first_with_their_customer(team, screen):
    with transaction() as session:
        customer = a_customer(session, "C1", legal_name="Aceros del Norte", collector="ana").id
    given("Recoger cheque")
    given("Llevar contrarecibo", days=-3, customer_id=customer)
    at = screen(PATH, "ana").run()
    said = texts(at)
    assert said.index("Llevar contrarecibo") < said.index("Recoger cheque")
    assert "3 días de atraso" in said
    assert "Aceros del Norte" in said
    assert "La encargó Rosa Jefa" in said


def test_one_tap_ends_a_task(team, screen):
    task = given("Recoger cheque")
    at = screen(PATH, "ana").run()
    at.button(key=f"task_done_{task}").click().run()
    assert "No hay tareas" in texts(at)
    with reading() as session:
        [row] = tasks(session, acting("ana"), as_of=TODAY, standing=Standing.DONE)
    assert row.done_by == "ana"


def test_a_supervisor_sees_what_he_gave_and_what_the_team_has(team, screen):
    given("Recoger cheque")
    assert "No hay tareas" in texts(screen(PATH, "jefa").run())
    for view in ("Las que encargué", "De mi equipo"):
        said = texts(screen(PATH, "jefa", tareas=view).run())
        assert "Recoger cheque" in said
        assert "La tiene Ana Treviño" in said


def test_a_collector_is_not_offered_the_teams_view(team, screen):
    at = screen(PATH, "ana", tareas="De mi equipo").run()
    assert [one.proto.label for one in at.get("button_group")] == ["Ver"]
    assert "No hay tareas" in texts(at)


def test_done_ones_show_their_result(team, screen):
    task = given("Recoger cheque")
    with transaction() as session:
        finish_task(session, acting("ana"), task_id=task, on=TODAY, result="Cheque 123", evidence=("a.txt", b"acuse"))
    said = texts(screen(PATH, "ana", ver="Hechas").run())
    assert "Cheque 123" in said
    assert "a.txt" in said


def test_without_a_session_nothing_is_shown(team, screen):
    assert "Su sesión terminó" in texts(screen(PATH).run())


def bell(at):
    return next(one for one in at.button if one.key in ("global_notices", "global_notices_new"))


def test_the_bell_counts_what_nobody_has_read_on_every_screen(team, screen):
    assert bell(screen(PATH, "ana").run()).label == "Sin avisos"
    given("Uno")
    assert bell(screen(PATH, "ana").run()).label == "1 aviso"
    given("Dos")
    assert bell(screen("pages/customers/customers.py", "ana").run()).label == "2 avisos"
    with reading() as session:
        assert unread_count(session, acting("ana")) == 2


def test_the_bell_is_in_english_for_who_reads_english(team, screen, who):
    who(Role.COLLECTOR, "bob", language="en")
    assert bell(screen(PATH, "bob").run()).label == "No notices"
