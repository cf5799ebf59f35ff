"""A person at the door: signs in, comes back, is refused where he or she may not be, leaves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.auth.actor import Role, system
from core.auth.users import create_user, reset_password
from core.db import transaction
from tests.support.databases import Database
from tests.support.server import PASSWORD, Server, settled, sign_in, visit


@pytest.fixture(scope="module")
def server(backend: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of this module, on books without a customer; who changes a user has one of one's own."""
    backend.empty()
    with transaction() as session:
        create_user(session, system(), name="ana", role=Role.ADMIN, full_name="Ana Ruiz", password=PASSWORD)
        for name in ("beto", "olvido", "revocado"):
            create_user(session, system(), name=name, role=Role.COLLECTOR, password=PASSWORD)
    started = Server(backend.url, tmp_path_factory.mktemp("door") / "server.log")
    yield started
    started.stop()


@pytest.fixture
def fresh(server: Server, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has asked for anything yet."""
    started = Server(server.database_url, tmp_path / "server.log")
    yield started
    started.stop()


@pytest.fixture
def errors(page: Page):
    """What the browser complains of; the policy on contents must not stop anything of ours."""
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text) if one.type == "error" and "404" not in one.text else None)
    page.on("pageerror", lambda one: told.append(str(one)))
    return told


def test_signing_in_coming_back_and_leaving(page: Page, errors):
    sign_in(page, "ana")
    expect(page.get_by_role("heading", name="Empecemos: aún no hay datos")).to_be_visible()
    [kept] = [one for one in page.context.cookies() if one["name"] == "cartera_session"]
    assert kept["httpOnly"]
    assert kept["sameSite"] == "Strict"
    assert kept["value"] not in page.content()

    visit(page, "/users")  # a new tab of the same browser
    expect(page.get_by_role("heading", name="Usuarios")).to_be_visible()
    expect(page.locator('input[type="password"]')).to_have_count(0)

    page.get_by_role("button", name="Cuenta, idioma y salida").click()
    page.get_by_role("menuitem", name="Cerrar sesión").click()
    expect(page.get_by_role("heading", name="Inicie sesión")).to_be_visible()
    settled(page)
    page.context.add_cookies(
        [{"name": kept["name"], "value": kept["value"], "url": page.url}]
    )  # who copied the cookie gains nothing
    visit(page, "/users")
    expect(page.get_by_role("heading", name="Inicie sesión")).to_be_visible()
    assert errors == []


def test_a_link_opens_after_the_sign_in_with_its_filters(page: Page, fresh: Server):
    """The first thing that is opened after a start: no screen may run without app.py."""
    visit(page, f"{fresh.url}/audit_log?tema=Acceso")
    expect(page.get_by_role("heading", name="Inicie sesión")).to_be_visible()
    expect(page.get_by_text("Bitácora")).to_have_count(0)
    page.get_by_role("textbox", name="Usuario").fill("ana")
    page.locator('input[type="password"]').fill(PASSWORD)
    page.get_by_role("button", name="Iniciar sesión").click()
    expect(page.get_by_role("heading", name="Bitácora")).to_be_visible()
    settled(page)
    assert "tema=Acceso" in page.url


@pytest.mark.backend("sqlite")
def test_a_wrong_password_is_refused_and_what_was_typed_stays(page: Page):
    visit(page)
    page.get_by_role("textbox", name="Usuario").fill("ana")
    page.locator('input[type="password"]').fill("no es esta clave")
    page.get_by_role("button", name="Iniciar sesión").click()
    expect(page.get_by_text("El usuario y la contraseña no coinciden")).to_be_visible()
    expect(page.get_by_role("textbox", name="Usuario")).to_have_value("ana")


@pytest.mark.backend("sqlite")
def test_an_address_of_another_role_is_refused_and_an_unknown_one_leads_home(page: Page):
    sign_in(page, "beto")
    visit(page, "/users")
    expect(page.get_by_role("heading", name="Esta página no es de su función")).to_be_visible()
    expect(page.get_by_text("ana", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="Usuarios")).to_have_count(0)
    visit(page, "/no_hay_tal")
    expect(page.get_by_text(re.compile("not found", re.IGNORECASE))).to_have_count(0)
    expect(page.get_by_role("heading", name="Inicio")).to_be_visible()


@pytest.mark.backend("sqlite")
def test_a_one_time_password_is_replaced_first(page: Page):
    with transaction() as session:
        drawn = reset_password(session, system(), name="olvido")
    visit(page)
    page.get_by_role("textbox", name="Usuario").fill("olvido")
    page.locator('input[type="password"]').fill(drawn)
    page.get_by_role("button", name="Iniciar sesión").click()
    expect(page.get_by_role("heading", name="Elija su contraseña")).to_be_visible()
    page.get_by_role("textbox", name="Contraseña actual").fill(drawn)
    page.get_by_role("textbox", name="Contraseña nueva", exact=True).fill("La luna llega tarde")
    page.get_by_role("textbox", name="Contraseña nueva, otra vez").fill("La luna llega tarde")
    page.get_by_role("button", name="Guardar contraseña").click()
    expect(page.get_by_role("heading", name="Inicio")).to_be_visible()


@pytest.mark.backend("sqlite")
def test_a_revoked_session_is_out_on_its_next_click(page: Page):
    sign_in(page, "revocado")
    with transaction() as session:
        reset_password(session, system(), name="revocado")
    page.get_by_role("link", name="Inicio").click()
    expect(page.get_by_role("heading", name="Inicie sesión")).to_be_visible()


@pytest.mark.backend("sqlite")
@pytest.mark.context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
def test_on_the_telephone_nothing_is_wider_than_the_screen(page: Page):
    visit(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sign_in(page, "ana")
    for path in ("", "users", "audit_log", "settings", "my_account"):
        visit(page, f"/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        for button in page.locator('[data-testid^="stBaseButton-secondary"]:visible').all()[:10]:
            box = button.bounding_box()
            assert box is None or box["height"] >= 44, path


@pytest.mark.backend("sqlite")
def test_a_double_click_makes_one_user(page: Page):
    sign_in(page, "ana")
    visit(page, "/users")
    page.get_by_role("button", name="Nuevo usuario").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Usuario").fill("carla")
    settled(page)
    save = dialog.get_by_role("button", name="Crear usuario")
    save.click()
    page.wait_for_timeout(120)
    if save.is_visible():
        save.click(force=True, no_wait_after=True)
    expect(page.get_by_text("Contraseña de un solo uso para carla")).to_be_visible()
    expect(page.get_by_text("Ya hay un usuario")).to_have_count(0)


@pytest.mark.backend("sqlite")
def test_headers_and_health(server: Server):
    import json
    import urllib.request

    with urllib.request.urlopen(f"{server.url}/") as answer:
        headers = answer.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    with urllib.request.urlopen(f"{server.url}/salud") as answer:
        assert json.load(answer) == {"estado": "bien"}
