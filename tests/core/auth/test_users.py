"""Users: who may make and end them, and what ends with them."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from core.audit.models import AuditEvent
from core.auth import passwords, sessions, users
from core.auth.actor import Actor, Role, system
from core.auth.models import User
from core.auth.queries import UserDisabled, UserNotFound, actor_named, actor_of, sessions_of
from core.auth.queries import users as listed
from core.clock import now
from core.db import reading, transaction
from core.errors import DomainError, NotAllowed

PASSWORD = "Una-clave-larga-2026"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def make(name="ana", role=Role.ADMIN, **fields) -> Actor:
    with transaction() as session:
        user = users.create_user(session, system(), name=name, role=role, password=PASSWORD, **fields)
        return actor_of(user)


def run(command, actor=None, **facts):
    with transaction() as session:
        return command(session, actor or system(), **facts)


def test_a_new_user_has_what_was_said_and_is_in_the_log(session):
    user = users.create_user(
        session, system(), name="ana", role="manager", region="Norte", full_name=" Ana Treviño ", password=PASSWORD
    )
    assert (user.role, user.region, user.full_name, user.sales_rep, user.active) == (
        "manager", "Norte", "Ana Treviño", None, True,
    )  # fmt: skip
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.entity_id) == ("user.created", "ana")
    assert PASSWORD not in str(event.facts)


@pytest.mark.parametrize("name", ["", " ", "system", "System", "a" * 61, "an\na", "-ana", "=1+1", "ana:b"])
def test_names_that_do_not_serve_are_refused(session, name):
    with pytest.raises(users.UserNameNotUsable):
        users.create_user(session, system(), name=name, role="cashier", password=PASSWORD)


@pytest.mark.parametrize("name", ["ana", "ana.treviño", "Héctor Villarreal", "G-07", "user_2", "ana@empresa.mx"])
def test_names_as_files_write_them_serve(session, name):
    assert users.create_user(session, system(), name=name, role="collector", password=PASSWORD).name == name


def test_a_name_differs_by_more_than_capitals(session):
    users.create_user(session, system(), name="Ana", role="cashier", password=PASSWORD)
    with pytest.raises(users.UserNameTaken):
        users.create_user(session, system(), name="ANA", role="cashier", password=PASSWORD)


def test_an_unknown_role_is_refused(session):
    with pytest.raises(users.RoleUnknown, match="king"):
        users.create_user(session, system(), name="beto", role="king", password=PASSWORD)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_admins_manage_users(database, role):
    actor, other = make("x", role), make("otra", Role.CASHIER)
    for command, facts in (
        (users.create_user, {"name": "y", "role": "admin", "password": PASSWORD}),
        (users.change_user, {"name": other.name, "role": "admin"}),
        (users.disable_user, {"name": other.name}),
        (users.enable_user, {"name": other.name}),
        (users.reset_password, {"name": other.name}),
        (listed, {}),
    ):
        with pytest.raises(NotAllowed):
            run(command, actor, **facts)
    with reading() as session, pytest.raises(NotAllowed):
        sessions_of(session, actor, name=other.name)


def test_a_disabled_user_is_out_at_once(database):
    make()
    boss = make("jefa")
    key = sessions.sign_in(name="ana", password=PASSWORD)
    run(users.disable_user, boss, name="ana")
    assert sessions.principal(key) is None
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(name="ana", password=PASSWORD)
    with reading() as session, pytest.raises(UserDisabled):
        actor_named(session, "ana")
    run(users.enable_user, boss, name="ana")
    assert sessions.principal(key) is None, "an old session does not come back"
    assert sessions.principal(sessions.sign_in(name="ana", password=PASSWORD))


def test_nobody_disables_himself_or_stops_being_admin(database):
    ana = make()
    make("jefa")
    with pytest.raises(users.NotYourself):
        run(users.disable_user, ana, name="ana")
    with pytest.raises(users.NotYourself):
        run(users.change_user, ana, name="ana", role="cashier")


def test_two_admins_who_disable_each_other_leave_one(database):
    ana, jefa = make(), make("jefa")
    outcomes: list[str] = []

    def disable(actor, name):
        try:
            run(users.disable_user, actor, name=name)
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=disable, args=pair) for pair in ((ana, "jefa"), (jefa, "ana"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["LastAdmin", "done"]
    with reading() as session:
        assert [user.active for user in session.scalars(select(User))].count(True) == 1


def test_the_owner_of_the_server_may_disable_anybody(database):
    make()
    run(users.disable_user, system(), name="ana")


def test_another_role_ends_the_open_sessions_but_another_full_name_does_not(database):
    make("jefa")
    make("beto", Role.CASHIER)
    key = sessions.sign_in(name="beto", password=PASSWORD)
    run(users.change_user, name="beto", role="cashier", full_name="Beto Ruiz")
    assert sessions.principal(key)
    run(users.change_user, name="beto", role="manager", region="Sur", full_name="Beto Ruiz")
    assert sessions.principal(key) is None
    with reading() as session:
        actor = actor_named(session, "beto")
    assert (actor.role, actor.region, actor.full_name) == (Role.MANAGER, "Sur", "Beto Ruiz")


def test_a_reset_gives_a_password_for_one_use_and_ends_sessions(database, monkeypatch):
    make()
    key = sessions.sign_in(name="ana", password=PASSWORD)
    drawn = run(users.reset_password, name="ana")
    assert sessions.principal(key) is None
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(name="ana", password=PASSWORD)
    visitor = sessions.visitor(sessions.sign_in(name="ana", password=drawn))
    assert visitor is not None
    assert visitor.must_change
    with reading() as session:
        events = [(one.action, str(one.facts)) for one in session.scalars(select(AuditEvent))]
    assert any(action == "user.password_reset" for action, _ in events)
    assert not any(drawn in facts for _, facts in events)


def test_a_password_for_one_use_ends_after_a_day(database, monkeypatch):
    make()
    drawn = run(users.reset_password, name="ana")
    end = now() + users.ONE_TIME
    monkeypatch.setattr(sessions, "now", lambda: end - timedelta(minutes=1))
    assert sessions.sign_in(name="ana", password=drawn)
    monkeypatch.setattr(sessions, "now", lambda: end + timedelta(minutes=1))
    with pytest.raises(sessions.OneTimePasswordExpired):
        sessions.sign_in(name="ana", password=drawn)


def test_who_must_change_the_password_may_do_nothing_else_until_it_is_done(database):
    make()
    drawn = run(users.reset_password, name="ana")
    key = sessions.sign_in(name="ana", password=drawn)
    assert sessions.principal(key) is None
    visitor = sessions.visitor(key)
    assert visitor is not None
    run(users.change_own_password, visitor.actor, current=drawn, new="La luna llega tarde", key=key)
    assert sessions.principal(key) is not None, "the session in which it was changed stays"
    assert sessions.sign_in(name="ana", password="La luna llega tarde")


def test_changing_ones_password_ends_the_other_sessions(database):
    ana = make()
    here, there = (sessions.sign_in(name="ana", password=PASSWORD) for _ in range(2))
    run(users.change_own_password, ana, current=PASSWORD, new="La luna llega tarde", key=here)
    assert sessions.principal(here) is not None
    assert sessions.principal(there) is None


def test_ones_password_needs_the_current_one_and_must_differ(database):
    ana = make()
    with pytest.raises(users.CurrentPasswordWrong):
        run(users.change_own_password, ana, current="no es esta clave", new="La luna llega tarde")
    with pytest.raises(users.PasswordUnchanged):
        run(users.change_own_password, ana, current=PASSWORD, new=PASSWORD)
    with pytest.raises(users.CurrentPasswordWrong):
        run(users.change_own_password, Actor(999, "ana", Role.ADMIN), current=PASSWORD, new="La luna llega tarde")


def test_the_language_is_ones_own(database):
    ana = make()
    run(users.choose_language, ana, language="en")
    with reading() as session:
        assert actor_named(session, "ana").language == "en"
    with pytest.raises(users.LanguageUnknown):
        run(users.choose_language, ana, language="xx")


def test_the_list_tells_state_and_open_sessions(database):
    make()
    make("beto", Role.SALES_REP, sales_rep="V2")
    key = sessions.sign_in(name="beto", password=PASSWORD)
    run(users.disable_user, name="ana")
    with reading() as session:
        rows = listed(session, system())
    assert [(row.name, row.active, row.sessions, row.seen_at is not None) for row in rows] == [
        ("beto", True, 1, True), ("ana", False, 0, False),
    ]  # fmt: skip
    assert sessions.principal(key)


def test_unknown_names_and_system(database):
    with reading() as session:
        with pytest.raises(UserNotFound, match="nadie"):
            actor_named(session, "nadie")
        assert actor_named(session, "system").is_system
