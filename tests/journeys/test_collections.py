"""Collecting in a browser: a morning on the telephone, a supervisor's review, a broken promise that becomes a task."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlmodel import col

from core.agreements.drafting import Terms
from core.agreements.proposing import propose_agreement
from core.auth.actor import system
from core.auth.queries import actor_named
from core.collections.models import Contact
from core.customers.models import Customer
from core.db import reading, transaction
from core.disputes.models import Dispute
from core.policies.settings import set_setting
from core.promises.models import Promise
from core.promises.recording import record_promise
from tests.build import TODAY, customer_of
from tests.journeys.conftest import ALBA, MIRTO, PALMAS, RUEDA, VIDRIOS
from tests.support.databases import Database
from tests.support.server import Server, choose, settled, sign_in, visit

pytestmark = pytest.mark.backend("sqlite")
BROKEN_ON = TODAY - timedelta(days=1)


@pytest.fixture(scope="module")
def matters(book: Database) -> Database:
    """Telephones, a promise whose day was yesterday, an agreement that waits for approval; calls at any hour."""
    with transaction() as session:
        set_setting(session, system(), key="contact.hours.MX", value="0-24")
        for place, customer in enumerate(session.scalars(select(Customer).order_by(col(Customer.code)))):
            customer.phone = f"55 5550 010{place}"
        beto, mirto = actor_named(session, "beto"), customer_of(session, MIRTO)
        record_promise(
            session, beto, customer_id=mirto.id or 0, amount=Decimal("1000.00"), currency="MXN", documents=["F-101"],
            made_on=TODAY - timedelta(days=10), promised_on=BROKEN_ON,
        )  # fmt: skip
        terms = Terms(mirto.id or 0, "MXN", ("F-102",), date(2026, 4, 15), times=2)
        propose_agreement(session, beto, terms=terms, on=TODAY)
    return book


@pytest.fixture(scope="module")
def server(matters: Database, book_server: Server) -> Server:
    return book_server


def register(page: Page) -> Locator:
    """Opens the form of the first customer of the list."""
    page.get_by_role("button", name="Registrar", exact=True).first.tap()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("button", name="Guardar gestión")).to_be_visible()
    settled(page)
    return form


def outcome(page: Page, form: Locator, name: str) -> None:
    form.get_by_role("radio", name=name).tap()
    settled(page)


def save(page: Page, form: Locator, told: str) -> None:
    form.get_by_role("button", name="Guardar gestión").tap()
    expect(page.get_by_test_id("stToast").filter(has_text=told)).to_be_visible()
    settled(page)


@pytest.mark.context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
def test_a_collectors_morning_on_the_telephone(page: Page):
    sign_in(page, "celia")
    visit(page, "/worklist")
    part = page.get_by_role("radiogroup", name="Parte de la agenda")
    expect(part).to_contain_text("Por contactar (4)")
    expect(page.get_by_role("button", name="1. Vidrios Claros")).to_be_visible()
    expect(page.get_by_role("link", name="Llamar").first).to_have_attribute("href", re.compile("^tel:5555500"))

    form = register(page)
    outcome(page, form, "Promete pagar")
    form.get_by_role("textbox", name=re.compile("Importe prometido")).fill("2,000.00")
    form.get_by_role("textbox", name="Notas").fill("Sale en su corrida del viernes.")
    form.get_by_role("textbox", name="Notas").press("Tab")
    settled(page)
    save(page, form, "Gestión guardada, con la promesa")
    expect(part).to_contain_text("Por contactar (3)")
    expect(page.get_by_role("button", name="1. Tornillos Rueda")).to_be_visible()

    form = register(page)
    outcome(page, form, "Aclaración")
    choose(page, "Documento", "F-301")
    save(page, form, "con la aclaración")
    expect(part).to_contain_text("Por contactar (2)")

    form = register(page)
    outcome(page, form, "Ya pagó")
    form.get_by_role("textbox", name=re.compile("Importe pagado")).fill("1,160.00")
    form.get_by_role("textbox", name=re.compile("Importe pagado")).press("Tab")
    settled(page)
    save(page, form, "buscará el pago")

    expect(part).to_contain_text("Por contactar (1)")
    expect(page.get_by_role("button", name="1. Ferretería Las Palmas")).to_be_visible()
    part.get_by_role("radio", name=re.compile("Hechas")).tap()
    settled(page)
    expect(part).to_contain_text("Hechas (3)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with reading() as session:
        told = select(col(Customer.code), col(Contact.outcome)).join(
            Contact, col(Contact.customer_id) == col(Customer.id)
        )
        done = {row.code: row.outcome for row in session.execute(told)}
        assert done == {VIDRIOS: "promise", RUEDA: "dispute", ALBA: "already_paid"}
        [promise] = session.scalars(select(Promise).where(col(Promise.collector) == "celia"))
        assert promise.amount == Decimal("2000.00")
        assert session.scalars(select(col(Dispute.amount))).all() == [Decimal("1500.00")]


def test_a_broken_promise_becomes_a_task_and_a_notice_once_the_night_has_run(
    page: Page, chromium: Browser, server: Server
):
    sign_in(page, "ivan")
    visit(page, "/nightly_run")
    page.get_by_role("button", name="Ejecutar ahora").click()
    expect(page.get_by_test_id("stToast").filter(has_text="El proceso terminó")).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-card-pasos")).to_contain_text("1 promesa rota.")

    context = chromium.new_context(base_url=server.url, locale="es-MX", timezone_id="America/Mexico_City")
    hers = context.new_page()
    sign_in(hers, "beto")
    hers.get_by_role("button", name="1 aviso").click()
    expect(hers.get_by_text(re.compile("Promesa .* rota")).first).to_be_visible()
    visit(hers, "/tasks")
    expect(hers.get_by_role("region").first).to_be_visible()
    expect(hers.get_by_test_id("stMain")).to_contain_text(re.compile(r"Promesa PR-\d+ por \$1,000.00 MXN rota"))
    visit(hers, "/worklist")
    expect(hers.get_by_test_id("stMain")).to_contain_text("Promesa de $1,000.00 rota hoy")
    context.close()


def test_a_supervisors_review(page: Page):
    sign_in(page, "marta")
    visit(page, "/promises")
    expect(page.get_by_test_id("stMain")).to_contain_text("Rotas")

    visit(page, "/strategies")
    points = page.get_by_role("spinbutton", name="Promesa rota")
    points.fill("90")
    points.press("Enter")
    settled(page)
    page.get_by_role("button", name="Simular: quién se movería").click()
    expect(page.locator(".st-key-card-simulacion")).to_contain_text("Quién se movería")
    settled(page)
    page.get_by_role("button", name="Guardar estrategia").click()
    expect(page.get_by_test_id("stToast")).to_be_visible()

    visit(page, "/agreements?convenio=CV-000001")
    page.get_by_role("button", name="Aprobar el convenio").click()
    expect(page.get_by_test_id("stToast").filter(has_text="Convenio aprobado")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("Vigente")

    visit(page, "/portfolios?texto=Palmas")
    page.get_by_text("Elegir el 1 de la lista").click()
    settled(page)
    choose(page, "Para quién", "Beto Ruiz")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Motivo").fill("Celia lleva de más")
    page.get_by_role("textbox", name="Motivo").press("Tab")
    settled(page)
    page.get_by_role("button", name=re.compile("^Reasignar 1 cliente")).click()
    expect(page.get_by_test_id("stToast").filter(has_text="1 cliente reasignado")).to_be_visible()
    settled(page)

    visit(page, "/meetings")
    page.get_by_role("button", name="Nueva reunión").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Nombre").fill("Revisión de cartera")
    form.get_by_role("textbox", name="Nombre").press("Tab")
    settled(page)
    form.get_by_role("button", name="Convocar reunión").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("Revisión de cartera")
    with reading() as session:
        assert customer_of(session, PALMAS).collector == "beto"
        promised = session.scalars(select(col(Promise.promised_on)).where(col(Promise.agreement_id).is_not(None))).all()
        assert promised == [date(2026, 4, 15), date(2026, 5, 15)]
