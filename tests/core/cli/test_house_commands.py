"""`settings`, `users`, `audit`, `close`, `reopen`: on both databases."""

import pytest
from sqlmodel import col, select

from core.auth.models import User
from core.auth.passwords import matches
from core.db import reading, transaction
from tests.build import a_charge, a_customer
from tests.support import command_line
from tests.support.server import PASSWORD


# ------------------------------------------------------------------ settings
def test_a_setting_is_set_tidy_and_shown(database, cli):
    assert cli("settings", "set", "writeoff.tolerance", " 5 ").out == "writeoff.tolerance = 5.00\n"
    assert cli("settings", "get", "writeoff.tolerance").data == {"key": "writeoff.tolerance", "value": "5.00"}
    assert {row["key"]: row["value"] for row in cli("settings", "list").rows}["writeoff.tolerance"] == "5.00"
    assert command_line.run("settings", "get", "writeoff.tolerance").out == "5.00\n"


def test_a_setting_set_to_what_it_is_leaves_no_event(database, cli):
    for value in ("5", "5.00", "6"):
        cli("settings", "set", "writeoff.tolerance", value)
    assert [row["facts"]["after"] for row in cli("audit", "list").rows] == ["6.00", "5.00"]


def test_a_setting_may_begin_with_a_dash(database, cli):
    assert cli("settings", "set", "--", "company.name", "-Norte-").code == 0
    assert cli("settings", "get", "company.name").data["value"] == "-Norte-"


def test_each_change_is_logged_with_what_was_there_before(database, cli):
    cli("settings", "set", "promises.default_days", "9")
    event = cli("audit", "list").rows[0]
    assert (event["action"], event["entity_id"]) == ("setting.changed", "promises.default_days")
    assert event["facts"] == {"before": "7", "after": "9"}


def test_the_currency_is_fixed_once_a_document_exists(database, cli):
    assert cli("settings", "set", "company.currency", "usd").code == 0
    with transaction() as session:
        a_charge(session, a_customer(session))
    answer = cli("settings", "set", "company.currency", "MXN")
    assert (answer.code, answer.out) == (1, "")
    assert cli("settings", "set", "company.currency", "USD").code == 0


def test_only_who_administers_changes_settings(database, cli, user):
    user("rosa", "manager")
    assert cli("settings", "set", "company.name", "X", "--as", "rosa").code == 1


# ------------------------------------------------------------------ users
def test_a_user_is_added_with_what_the_environment_gives(database, cli):
    assert cli("users", "add", "vero", "--role", "sales_rep", "--sales-rep", "V2").code == 0
    [row] = cli("users", "list").rows
    assert (row["name"], row["role"], row["sales_rep"], row["active"]) == ("vero", "sales_rep", "V2", True)


@pytest.mark.parametrize(("password", "told"), [("corta", "12"), ("123456789012", "primeras que alguien probaría")])
def test_a_weak_password_is_refused(database, cli, monkeypatch, password, told):
    monkeypatch.setenv("CARTERA_PASSWORD", password)
    answer = cli("users", "add", "vero", "--role", "admin")
    assert (answer.code, answer.out) == (1, "")
    assert told in answer.err
    assert password not in answer.err


def test_without_a_password_and_a_terminal_it_is_refused(database, cli, monkeypatch):
    monkeypatch.delenv("CARTERA_PASSWORD")
    answer = cli("users", "add", "vero", "--role", "admin")
    assert answer.code == 1
    assert "CARTERA_PASSWORD" in answer.err


@pytest.mark.parametrize("name", ["system", "", " ", "x" * 61, "a\nb", "=1+1", "'; DROP TABLE app_user; --"])
def test_a_name_that_nobody_should_have_is_refused(database, cli, name):
    answer = cli("users", "add", "--role", "admin", "--", name)
    assert (answer.code, answer.out) == (1, "")
    assert cli("users", "list").rows == []


def test_two_users_do_not_share_a_name(database, cli, user):
    user("ana", "admin")
    assert cli("users", "add", "ANA", "--role", "cashier").code == 1


def test_a_reset_gives_a_new_password(database, cli, user, monkeypatch):
    user("ana", "admin")
    monkeypatch.setenv("CARTERA_PASSWORD", "otra frase bien larga")
    assert cli("users", "reset", "ana").code == 0
    with reading() as session:
        ana = session.scalars(select(User).where(col(User.name) == "ana")).one()
    assert matches("otra frase bien larga", ana.password_hash)
    assert not matches(PASSWORD, ana.password_hash)


@pytest.mark.parametrize("verb", ["disable", "reset"])
def test_who_is_not_there_is_refused(database, cli, verb):
    assert cli("users", verb, "nadie").code == 1


# ------------------------------------------------------------------ audit
def test_the_log_is_filtered_by_user_customer_and_day(database, cli, user):
    with transaction() as session:
        a_customer(session, "C1")
    user("ana", "admin")
    cli("settings", "set", "company.name", "A", "--as", "ana", "--today", "2026-02-01")
    cli("settings", "set", "company.name", "B", "--as", "ana", "--today", "2026-02-03")
    assert len(cli("audit", "list", "--user", "ana").rows) == 2
    days = [row["business_on"] for row in cli("audit", "list", "--from", "2026-02-01", "--to", "2026-02-01").rows]
    assert days == ["2026-02-01"]
    assert cli("audit", "list", "--user", "nadie").data == {
        "customer": None, "user": "nadie", "from": None, "to": None, "rows": [],
    }  # fmt: skip


@pytest.mark.parametrize(("role", "code"), [("auditor", 0), ("admin", 0), ("manager", 1), ("cashier", 1)])
def test_who_may_read_the_log(database, cli, user, role, code):
    user("ana", role)
    assert cli("audit", "list", "--as", "ana").code == code


# ------------------------------------------------------------------ months
def test_months_are_closed_and_reopened(database, cli, user):
    user("ana", "admin")
    user("beto", "admin")
    day = ("--today", "2026-04-10")
    assert cli("close", "2026-03", "--as", "ana", *day).out == "Cerrado hasta 2026-03.\n"
    again = cli("close", "2026-02", *day)
    assert (again.code, again.out) == (0, "2026-02 ya estaba cerrado; no se cambió nada.\n")
    assert cli("reopen", "2026-02", "--reason", "x", "--as", "ana", *day).code == 1
    assert cli("reopen", "2026-02", "--reason", "x", "--as", "beto", *day).code == 0
    assert cli("close", "2026-04", *day).code == 1
