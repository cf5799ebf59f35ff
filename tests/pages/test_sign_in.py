"""The entrance: sign-in under every address, one's own password first, the menu of one's role."""

import ast
from pathlib import Path

import pytest

from core.auth import users
from core.auth.actor import Role, system
from core.auth.queries import actor_named
from core.db import transaction
from pages.ui import menu
from tests.support.server import PASSWORD

ROOT = Path(__file__).resolve().parents[2]


def texts(screen) -> str:
    return " ".join(str(one.value) for kind in (screen.title, screen.markdown, screen.caption) for one in kind)


def enter(at, name, password):
    at.text_input(key="login_name").set_value(name)
    at.text_input(key="login_password").set_value(password)
    at.button(key="login_submit").click()
    return at.run()


def test_nobody_sees_anything_but_the_sign_in(database, screen):
    at = screen("app.py").run()
    assert not at.exception
    assert at.title[0].value == "Inicie sesión"
    assert not at.sidebar.button


def test_the_right_password_opens_the_first_page(who, screen):
    at = enter(screen("app.py").run(), who(), PASSWORD)
    assert not at.exception
    assert "aún no hay datos" in texts(at)
    assert at.session_state["sid"]


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "no es esta clave"), ("nadie", PASSWORD), ("ana", PASSWORD * 9)]
)
def test_a_wrong_password_and_a_wrong_name_read_alike(who, screen, name, password):
    who()
    at = enter(screen("app.py").run(), name, password)
    assert not at.exception
    assert "El usuario y la contraseña no coinciden" in at.error[0].value
    assert "sid" not in at.session_state


def test_blanks_are_asked_for(who, screen):
    at = enter(screen("app.py").run(), who(), "")
    assert "Escriba su usuario y su contraseña" in at.error[0].value


def test_a_one_time_password_is_changed_before_anything_else(who, screen):
    name = who()
    with transaction() as session:
        drawn = users.reset_password(session, system(), name=name)
    at = enter(screen("app.py").run(), name, drawn)
    assert at.title[0].value == "Elija su contraseña"
    assert not at.sidebar.button
    for label, value in (
        ("Contraseña actual", drawn), ("Contraseña nueva", "La luna llega tarde"),
        ("Contraseña nueva, otra vez", "La luna llega tarde"),
    ):  # fmt: skip
        next(one for one in at.text_input if one.label == label).set_value(value)
    next(one for one in at.button if one.label == "Guardar contraseña").click()
    at.run()
    assert not at.exception
    assert "aún no hay datos" in texts(at)


def test_who_comes_back_to_a_session_that_ended_reads_so(who, screen):
    at = screen("app.py", who(Role.CASHIER))
    at.run()
    assert "Su sesión terminó" not in texts(at)
    with transaction() as session:
        users.disable_user(session, system(), name="ana")
        users.enable_user(session, system(), name="ana")
    at.run()
    assert at.title[0].value == "Inicie sesión"
    assert "Su sesión terminó" in at.info[0].value
    assert not screen("app.py").run().info


def test_english_may_be_chosen_before_signing_in(who, screen):
    at = screen("app.py").run()
    at.session_state["login_language"] = "en"
    at.run()
    assert at.title[0].value == "Sign in"
    enter(at, who(Role.CASHIER), PASSWORD)
    assert not at.exception
    with transaction() as session:
        assert actor_named(session, "ana").language == "en"


def test_a_database_without_tables_is_told_in_words(backend, screen, monkeypatch):
    from core import db

    monkeypatch.setattr(db._Place, "url", backend.bare())
    at = screen("app.py")
    at.session_state["sid"] = "x"
    at.run()
    assert not at.exception
    assert "db upgrade" in at.error[0].value


def test_every_screen_of_the_menu_has_a_title_and_a_file_of_its_own():
    stems = [one.stem for one in menu.SCREENS]
    assert len(stems) == len(set(stems))
    listed = {one.path for one in menu.screens()}
    files = {f"pages/{path.relative_to(ROOT / 'pages').as_posix()}" for path in (ROOT / "pages").rglob("*.py")}
    files = {one for one in files if not one.startswith("pages/ui/") and one != "pages/__init__.py"}
    assert files == listed, "a screen that is not in menu.SCREENS cannot be opened"


def test_dialogs_and_fragments_ask_again_who_it_is():
    """Streamlit runs them without the screen around them: those of `guard` know user and language."""
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "pages").rglob("*.py"))
        if path.name != "guard.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"dialog", "fragment"}
        and isinstance(node.value, ast.Name) and node.value.id == "st"
    ]  # fmt: skip
    assert guilty == []
