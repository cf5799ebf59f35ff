"""Users, log, settings and one's own account: they show, say so when empty, and refuse the wrong role."""

import pytest
from sqlmodel import select

from core.auth import sessions, users
from core.auth.actor import Role, system
from core.auth.models import User
from core.auth.queries import actor_named
from core.db import reading, transaction
from core.policies.settings import set_setting, setting
from tests.support.server import PASSWORD

USERS, LOG, SETTINGS, ACCOUNT = (f"pages/admin/{stem}.py" for stem in ("users", "audit_log", "settings", "my_account"))


def texts(screen) -> str:
    return " ".join(str(one.value) for kind in (screen.title, screen.markdown, screen.caption) for one in kind)


def button(screen, label):
    return next(one for one in screen.button if one.label == label)


def field(screen, label, kind="text_input"):
    return next(one for one in getattr(screen, kind) if one.label == label)


def test_users_are_listed_with_their_state(who, screen):
    name = who()
    with transaction() as session:
        users.create_user(session, system(), name="beto", role="cashier", password=PASSWORD)
        users.disable_user(session, system(), name="beto")
    at = screen(USERS, name).run()
    assert not at.exception
    assert list(at.dataframe[0].value["name"]) == ["ana"]
    for word in ("Todos", "All"):  # the address of somebody who reads English says the same
        everybody = screen(USERS, name, ver=word).run()
        assert list(everybody.dataframe[0].value["state"]) == ["Activo", "Desactivado"]
        assert not everybody.warning


@pytest.mark.parametrize(
    ("path", "allowed"), [(USERS, {Role.ADMIN}), (LOG, {Role.ADMIN, Role.AUDITOR}), (SETTINGS, {Role.ADMIN})]
)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.CASHIER, Role.COLLECTOR, Role.SALES_REP, Role.AUDITOR])
def test_other_roles_are_refused(who, screen, path, allowed, role):
    at = screen(path, who(role)).run()
    assert not at.exception
    assert ("no es de su función" in texts(at)) is (role not in allowed)
    assert bool(at.dataframe or at.text_input) is (role in allowed)


@pytest.mark.parametrize("path", [USERS, LOG, SETTINGS, ACCOUNT])
@pytest.mark.parametrize("key", [None, "x"])
def test_without_a_session_nothing_is_shown(database, screen, path, key):
    at = screen(path)
    if key is not None:
        at.session_state["sid"] = key
    at.run()
    assert not at.exception
    assert "Su sesión terminó" in texts(at)
    assert not at.dataframe
    assert not at.text_input


def test_a_revoked_session_ends_the_screen_on_the_next_run(who, screen):
    at = screen(ACCOUNT, who()).run()
    assert "Mi cuenta" in texts(at)
    with transaction() as session:
        users.create_user(session, system(), name="jefa", role="admin", password=PASSWORD)
        users.disable_user(session, system(), name="ana")
    assert "Su sesión terminó" in texts(at.run())


def test_a_one_time_password_is_shown_once(who, screen):
    at = screen(USERS, who()).run()
    button(at, "Dar contraseña de un solo uso").click().run()
    assert "Su sesión terminó" in texts(at), "it was one's own: the session ends with it"

    name = who(Role.ADMIN, name="jefa")
    at = screen(USERS, name)
    at.session_state["usuarios"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    button(at, "Dar contraseña de un solo uso").click().run()
    assert not at.exception
    [drawn] = [one.value for one in at.code]
    visitor = sessions.visitor(sessions.sign_in(name="ana", password=drawn))
    assert visitor is not None
    assert visitor.must_change
    assert not at.run().code


def test_a_refusal_is_told_and_changes_nothing(who, screen):
    at = screen(USERS, who()).run()
    button(at, "Desactivar usuario").click().run()
    assert "Nadie puede desactivarse" in at.error[0].value
    with reading() as session:
        assert session.scalars(select(User)).one().active


def test_the_log_shows_events_and_their_before_and_after(who, screen):
    name = who()
    with transaction() as session:
        actor = actor_named(session, "ana", origin="web")
        set_setting(session, actor, key="company.name", value="Aceros <b>Santa</b> Fe")
    at = screen(LOG, name).run()
    assert not at.exception
    rows = at.dataframe[0].value
    assert rows["label"].iloc[0] == "Ajuste cambiado"
    assert "Aceros <b>Santa</b> Fe" in rows["summary"].iloc[0]
    shown = " ".join(one.proto.body for one in at.get("html"))
    assert "Aceros &lt;b&gt;Santa&lt;/b&gt; Fe" in shown
    assert "<b>Santa" not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [({"tema": "Acceso"}, True), ({"usuario": "system"}, True), ({"sobre": "ana"}, True), ({"sobre": "F-404"}, False),
     ({"hasta": "2020-02-01", "desde": "2020-01-01"}, False)],
)  # fmt: skip
def test_the_logs_filters_are_in_the_address(who, screen, query, found):
    at = screen(LOG, who(), **query).run()
    assert not at.exception
    assert bool(at.dataframe) is found
    assert ("Nada con estos filtros" in texts(at)) is not found


def test_dates_the_wrong_way_round_are_told_as_such(who, screen):
    at = screen(LOG, who(), desde="2020-02-01", hasta="2020-01-01").run()
    assert "Las fechas están al revés" in texts(at)


def test_settings_are_saved_and_checked(who, screen):
    name = who()
    at = screen(SETTINGS, name).run()
    assert not at.exception
    field(at, "Nombre de la empresa").set_value("Aceros Santa Fe")
    button(at, "Guardar").click().run()
    assert not at.error
    with reading() as session:
        assert setting(session, "company.name") == "Aceros Santa Fe"

    field(at, "Límites de los tramos de antigüedad").set_value("90,30")
    [save] = [one for one in at.button if one.label == "Guardar" and "aging" in one.key]
    save.click().run()
    assert "90,30" in at.error[0].value
    assert field(at, "Límites de los tramos de antigüedad").value == "90,30", "what was typed stays"
    with reading() as session:
        assert setting(session, "aging.buckets") == "30,60,90,120"


def test_ones_password_is_changed_and_the_session_stays(who, screen):
    at = screen(ACCOUNT, who(Role.COLLECTOR)).run()
    for label, value in (
        ("Contraseña actual", PASSWORD), ("Contraseña nueva", "La luna llega tarde"),
        ("Contraseña nueva, otra vez", "La luna llega tarde"),
    ):  # fmt: skip
        field(at, label).set_value(value)
    button(at, "Cambiar contraseña").click().run()
    assert not at.exception
    assert not at.error
    assert "Mi cuenta" in texts(at)
    assert field(at, "Contraseña actual").value == ""
    assert sessions.sign_in(name="ana", password="La luna llega tarde")


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [("otra", "La luna llega tarde", "La luna llega tarde", "no es esa"), (PASSWORD, "corta", "corta", "al menos 12"),
     (PASSWORD, "La luna llega tarde", "La luna", "no son iguales")],
)  # fmt: skip
def test_a_password_that_does_not_serve_is_refused(who, screen, current, new, again, told):
    at = screen(ACCOUNT, who()).run()
    field(at, "Contraseña actual").set_value(current)
    field(at, "Contraseña nueva").set_value(new)
    field(at, "Contraseña nueva, otra vez").set_value(again)
    button(at, "Cambiar contraseña").click().run()
    assert told in at.error[0].value
    assert sessions.sign_in(name="ana", password=PASSWORD)


def test_the_interface_is_in_the_users_language(who, screen):
    name = who()
    with transaction() as session:
        users.choose_language(session, actor_named(session, "ana"), language="en")
    at = screen(USERS, name).run()
    assert at.title[0].value == "Users"
