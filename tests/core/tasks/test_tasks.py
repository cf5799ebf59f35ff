"""Tasks: who may give and end them, who sees them, that both sides are told, and their words."""

from datetime import timedelta

import pytest

from core import i18n
from core.attachments.keeping import AttachmentNotUsable, listed
from core.auth.actor import Role, system
from core.auth.users import create_user
from core.errors import NotAllowed
from core.tasks.doing import (
    AssigneeDoesNotSee,
    AssigneeNotFound,
    NotYourTeam,
    TaskDoneAlready,
    TaskDueInThePast,
    TaskNeedsTitle,
    assign_task,
    finish_task,
    pass_task,
)
from core.tasks.models import TaskKind
from core.tasks.queries import (
    Standing,
    TaskNotFound,
    Whose,
    how_many,
    people,
    task_counts,
    tasks,
    tasks_of_customer,
    unread,
    unread_count,
)
from core.tasks.raising import notify, raise_task
from core.tasks.reading import mark_read
from core.tasks.words import notice_text, task_title
from tests.build import TODAY, a_customer, an_actor, an_event
from tests.support.server import PASSWORD

TOMORROW = TODAY + timedelta(days=1)
ANA = an_actor(Role.COLLECTOR, name="ana")
BOSS = an_actor(Role.MANAGER, name="jefa")
NORTH = an_actor(Role.MANAGER, name="norte", region="Norte")


@pytest.fixture
def team(session):
    for name, role, region in (("ana", "collector", None), ("eva", "collector", "Sur"), ("jefa", "manager", None)):
        create_user(session, system(), name=name, role=role, region=region, password=PASSWORD, full_name=name.title())
    return session


def given(session, actor=BOSS, to="ana", title="Llevar contrarecibo", **more):
    return assign_task(session, actor, **{"assigned_to": to, "title": title, "on": TODAY, "due_on": TOMORROW, **more})


def test_the_one_who_gets_a_task_is_told_and_the_one_who_gave_it_when_it_is_done(team):
    task = given(team)
    assert [one.text for one in unread(team, ANA)] == ["Jefa le encargó: Llevar contrarecibo"]
    finish_task(team, ANA, task_id=task.id, on=TODAY, result="Entregado")
    assert [one.text for one in unread(team, BOSS)] == ["Ana terminó: Llevar contrarecibo"]
    [row] = tasks(team, BOSS, as_of=TODAY, whose=Whose.GIVEN, standing=Standing.DONE)
    assert (row.done_by, row.done_on, row.result) == ("ana", TODAY, "Entregado")


def test_anybody_may_give_himself_a_task_and_nobody_is_told(team):
    task = given(team, actor=ANA)
    assert task.kind == TaskKind.OTHER
    assert unread_count(team, ANA) == 0
    assert [one.title for one in tasks(team, ANA, as_of=TODAY)] == ["Llevar contrarecibo"]


def test_only_a_supervisor_gives_tasks_to_others(team):
    with pytest.raises(NotAllowed):
        given(team, actor=ANA, to="eva")


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"title": "  "}, TaskNeedsTitle), ({"due_on": TODAY - timedelta(days=1)}, TaskDueInThePast),
     ({"to": "nadie"}, AssigneeNotFound)],
)  # fmt: skip
def test_what_cannot_be_given_is_refused(team, asked, refusal):
    with pytest.raises(refusal):
        given(team, **asked)


def test_a_regional_manager_gives_tasks_to_his_region_only(team):
    with pytest.raises(NotYourTeam):
        given(team, actor=NORTH, to="eva")
    given(team, actor=NORTH, to="ana")
    assert set(people(team, NORTH)) == {"norte", "ana", "jefa"}


def test_a_task_about_a_customer_goes_to_who_sees_it(team):
    customer = a_customer(team, "C1", collector="eva")
    with pytest.raises(AssigneeDoesNotSee):
        given(team, customer_id=customer.id)
    given(team, to="eva", customer_id=customer.id)
    assert len(tasks_of_customer(team, BOSS, customer.id, as_of=TODAY)) == 1


def test_a_task_is_done_once_and_the_second_is_told_who_did_it(team):
    task = given(team)
    finish_task(team, ANA, task_id=task.id, on=TODAY)
    with pytest.raises(TaskDoneAlready, match=r"ana ya la terminó el 31/03/2026"):
        finish_task(team, BOSS, task_id=task.id, on=TOMORROW)


def test_nobody_else_sees_or_ends_it(team):
    task = given(team)
    with pytest.raises(TaskNotFound):
        finish_task(team, an_actor(Role.COLLECTOR, name="eva"), task_id=task.id, on=TODAY)
    with pytest.raises(NotAllowed):
        tasks(team, ANA, as_of=TODAY, whose=Whose.TEAM)


def test_a_supervisor_passes_what_nobody_has_to_somebody(team):
    raise_task(
        team, kind=TaskKind.BROKEN_PROMISE, event_id=an_event(team), assigned_to="", assigned_by="system",
        raised_on=TODAY, due_on=TODAY, source="promise", source_id=1,
    )  # fmt: skip
    [task] = tasks(team, BOSS, as_of=TODAY, whose=Whose.TEAM)
    with pytest.raises(NotAllowed):
        pass_task(team, ANA, task_id=task.id, assigned_to="ana")
    pass_task(team, BOSS, task_id=task.id, assigned_to="ana")
    assert [one.id for one in tasks(team, ANA, as_of=TODAY)] == [task.id]
    assert unread_count(team, ANA) == 1
    finish_task(team, ANA, task_id=task.id, on=TODAY)
    with pytest.raises(TaskDoneAlready):
        pass_task(team, BOSS, task_id=task.id, assigned_to="eva")


def test_evidence_is_kept_with_the_task_and_what_cannot_be_kept_ends_nothing(team):
    task = given(team)
    with pytest.raises(AttachmentNotUsable):
        finish_task(team, ANA, task_id=task.id, on=TODAY, evidence=("virus.pdf", b"MZ\x00\x01"))
    finish_task(team, ANA, task_id=task.id, on=TODAY, evidence=("acuse.txt", b"recibido"))
    assert [one.name for one in listed(team, ANA, "task", task.id)] == ["acuse.txt"]


def test_late_ones_come_first_and_are_counted(team):
    given(team, title="b", on=TODAY - timedelta(days=5), due_on=TODAY - timedelta(days=2))
    given(team, title="c", due_on=TODAY)
    given(team, title="a")
    rows = tasks(team, ANA, as_of=TODAY)
    assert [(one.title, one.late_days) for one in rows] == [("b", 2), ("c", 0), ("a", 0)]
    assert task_counts(team, ANA, as_of=TODAY, since=TODAY) == (3, 1, 1, 0)
    assert how_many(team, ANA, as_of=TODAY, standing=Standing.LATE) == 1


def test_a_region_sees_the_tasks_of_its_people_and_customers(team):
    south, north = a_customer(team, "C1", region="Sur", collector="eva"), a_customer(team, "C2", region="Norte")
    given(team, to="eva", customer_id=south.id, title="sur")
    raise_task(
        team, kind=TaskKind.LEGAL, event_id=an_event(team), assigned_to="x", assigned_by="system", raised_on=TODAY,
        due_on=TODAY, customer_id=north.id, source="case", source_id=1,
    )  # fmt: skip
    seen = tasks(team, NORTH, as_of=TODAY, whose=Whose.TEAM)
    assert [one.customer_code for one in seen] == ["C2"]
    assert how_many(team, BOSS, as_of=TODAY, whose=Whose.TEAM) == 2


def test_a_customer_whom_one_no_longer_sees_is_not_named(team):
    customer = a_customer(team, "C1", collector="ana", legal_name="Aceros Secretos")
    given(team, customer_id=customer.id)
    customer.collector = "eva"
    team.flush()
    [row], [notice] = tasks(team, ANA, as_of=TODAY), unread(team, ANA)
    assert (row.customer, row.customer_code, notice.customer) == (None, None, None)


def test_a_notice_is_read_by_its_own_reader_once(team):
    notify(team, user_name="ana", kind="breach", source="agreement", source_id=1, event_id=an_event(team), number="A1")
    [one] = unread(team, ANA)
    assert mark_read(team, BOSS, [one.id]) == 0
    assert mark_read(team, ANA, [one.id]) == 1
    assert mark_read(team, ANA, [one.id]) == 0
    assert unread(team, ANA) == []


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("broken_promise", '{"number":"P1","amount":"1200.00","currency":"MXN"}', "Promesa P1 por $1,200.00 MXN rota"),
        ("broken_promise", '{"number":"P1"}', "Promesa P1 rota"),
        ("broken_promise", "{}", "Una promesa se rompió"),
        ("already_paid", '{"amount":"5.00","paid_on":"2026-03-30"}', "Dice que ya pagó $5.00 el 30/03/2026"),
        ("meeting", '{"text":"Revisar línea"}', "Reunión: Revisar línea"),
        ("never_heard", "not json", "Pendiente"),
    ],
)
def test_the_words_of_a_task_follow_from_what_is_known(kind, facts, said):
    assert task_title(kind, "", facts).startswith(said)


def test_words_are_in_the_language_of_the_reader():
    facts = '{"number":"P1"}'
    spanish = notice_text("broken_promise", facts)
    i18n.use("en")
    english = notice_text("broken_promise", facts)
    i18n.use("es")
    assert spanish == "Promesa P1 rota"
    assert english == "Promise P1 broken"
