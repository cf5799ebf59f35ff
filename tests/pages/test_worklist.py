"""Mi agenda and its form: figures, views in the address, whose it is, what a contact brings with it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.auth.actor import Role, system
from core.collections.queries import contacts_of
from core.customers.people import add_person
from core.db import reading, transaction
from core.promises.queries import promises
from tests.build import TODAY, a_charge, a_customer, a_payment, customer_of
from tests.core.collections.builders import a_contact, a_promise, days

PATH = "pages/collections/worklist.py"
NOON = datetime(2026, 3, 31, 18, tzinfo=UTC)


@pytest.fixture
def book(database, business_day):
    """ana has four customers: one broke his promise, one promised for today, one waits, one owes the most."""
    business_day(TODAY)
    with transaction() as session:
        for code, name, amount in (
            ("C1", "Roto", "900.00"), ("C2", "Hoy", "500.00"), ("C3", "Espera", "300.00"), ("C4", "Mayor", "20000.00")
        ):  # fmt: skip
            one = a_customer(session, code, legal_name=name, collector="ana", phone="81 8160 2120")
            a_charge(session, one, amount=amount, number=f"F-{code}", overdue_days=10)
        a_charge(session, a_customer(session, "X1", legal_name="Ajeno", collector="luis"), overdue_days=50)
        a_promise(session, customer_of(session, "C1"), amount="400.00", promised=-2)
        a_promise(session, customer_of(session, "C2"), amount="500.00")
        a_contact(session, customer_of(session, "C3"), on=days(-1), outcome="no_answer")
        a_payment(session, customer_of(session, "C4"), amount="75.00")
        add_person(session, system(), customer_id=customer_of(session, "C1").id or 0, name="Rosa Peña")


@pytest.fixture
def ana(user, book):
    return user("ana", "collector")


def texts(at):
    assert not at.exception
    kinds = (at.title, at.markdown, at.caption, at.error, at.warning, at.get("html"))
    return " ".join(str(getattr(one, "value", None) or getattr(one, "body", "")) for kind in kinds for one in kind)


def names(at):
    return [button.label.strip("*").split(". ")[-1] for button in at.button if (button.key or "").startswith("abrir_")]


def test_the_four_counts_and_the_cards_in_their_order(ana, screen):
    at = screen(PATH, ana).run()
    assert {one.label: one.value for one in at.metric} == {
        "Por contactar": "3", "Promesas que vencen hoy": "1", "Promesas rotas": "1", "Cobrado en marzo": "$75.00",
    }  # fmt: skip
    assert names(at) == ["Roto", "Hoy", "Mayor"]
    shown = texts(at)
    assert r"vencido \$21,400\.00" in shown
    assert r"Promesa de \$400\.00 rota ayer :gray[+40]" in shown
    assert "Ajeno" not in shown


@pytest.mark.parametrize(
    ("part", "expected"),
    [("por-contactar", ["Roto", "Hoy", "Mayor"]), ("vencen-hoy", ["Hoy"]), ("rotas", ["Roto"]),
     ("en-espera", ["Espera"]), ("nada", ["Roto", "Hoy", "Mayor"])],
)  # fmt: skip
def test_the_view_is_in_the_address(ana, screen, part, expected):
    assert names(screen(PATH, ana, vista=part).run()) == expected


def test_who_waits_says_why(ana, screen):
    assert "Se le contactó ayer: No contestó" in texts(screen(PATH, ana, vista="en-espera").run()).replace("\\", "")


def test_a_call_is_one_tap(ana, screen):
    at = screen(PATH, ana).run()
    assert {link.proto.url for link in at.get("link_button")} == {"tel:8181602120"}


def test_what_was_done_today_is_listed(ana, screen):
    with transaction() as session:
        a_contact(session, customer_of(session, "C4"), on=TODAY, outcome="call_back", notes="Mañana")
    at = screen(PATH, ana, vista="hechas").run()
    assert list(at.dataframe[0].value["outcome"]) == ["Volver a llamar"]


def test_an_empty_agenda_says_so(user, database, business_day, screen):
    business_day(TODAY)
    at = screen(PATH, user("ana", "collector")).run()
    assert "Nadie por contactar" in texts(at)
    assert at.metric[0].value == "0"


def test_a_supervisor_sees_all_agendas_or_one_and_records_nothing(user, book, screen):
    boss = user("jefa", "manager")
    assert names(screen(PATH, boss).run())[0] == "Roto"
    at = screen(PATH, boss, gestor="luis").run()
    assert names(at) == ["Ajeno"]
    assert not [one for one in at.button if (one.key or "").startswith("registrar_")]


@pytest.mark.parametrize("role", ["cashier", "sales_rep", "commission_analyst"])
def test_it_is_not_for_everybody(user, book, screen, role):
    at = screen(PATH, user("otro", role)).run()
    assert names(at) == []
    assert not at.metric


def test_a_page_beyond_the_end_is_the_first(ana, screen):
    assert names(screen(PATH, ana, pagina="9").run()) == ["Roto", "Hoy", "Mayor"]


def test_eight_a_page_and_the_rest_on_the_next(ana, screen):
    with transaction() as session:
        for place in range(9):
            customer = a_customer(session, f"M{place}", collector="ana")
            a_charge(session, customer, amount="10.00", overdue_days=1)
    at = screen(PATH, ana).run()
    assert len(names(at)) == 8
    assert "1–8 de 12" in texts(at)
    assert len(names(screen(PATH, ana, pagina="2").run())) == 4


# ------------------------------------------------------------------ the form
@pytest.fixture
def form(ana, screen, tmp_path, monkeypatch):
    """The body of the dialog as a page of its own, at noon."""
    page = tmp_path / "form.py"
    page.write_text("from pages.ui import contact_form, guard\nguard.require()\ncontact_form.body('C1')\n")
    monkeypatch.setattr("core.collections.hours.now", lambda: NOON)
    monkeypatch.setattr("core.collections.calls.now", lambda: NOON)
    return screen(str(page), ana).run()


def field(at, kind, label):
    return next(one for one in at.get(kind) if one.label == label)


def save(at):
    return field(at, "button", "Guardar gestión").click().run()


def kept():
    with reading() as session:
        customer = customer_of(session, "C1")
        return contacts_of(session, system(), customer.id or 0).rows, promises(session, system(), as_of=TODAY)


def test_the_form_says_whom_to_ask_for_and_what_to_say(form):
    shown = texts(form)
    assert r"Rosa Peña, [81 8160 2120](tel:8181602120) · vencido **\$900\.00** · 10 días" in shown
    assert form.expander[0].label == "Qué decir: Llamada"
    assert "Buenos días, Rosa Peña" in shown
    assert field(form, "button", "Guardar gestión").disabled


def test_an_outcome_suggests_the_next_step_and_is_saved(form):
    form.button_group[0].set_value("no_answer").run()
    assert field(form, "selectbox", "Siguiente paso").value == "call"
    save(form)
    [row] = kept()[0]
    assert (row.outcome, row.person, row.next_action, row.next_action_on) == (
        "no_answer", "Rosa Peña", "call", days(1),
    )  # fmt: skip


def test_a_promise_is_saved_in_the_same_form(form):
    form.button_group[0].set_value("promise").run()
    field(form, "multiselect", "Documentos que promete pagar").set_value(["F-C1"]).run()
    save(form)
    rows, promised = kept()
    assert rows[0].promise in {one.number for one in promised}
    made = next(one for one in promised if one.number == rows[0].promise)
    assert (made.amount, made.documents) == (Decimal("900.00"), ("F-C1",))
    assert rows[0].next_action_on == made.promised_on


def test_an_amount_that_is_none_is_refused_and_nothing_is_kept(form):
    form.button_group[0].set_value("already_paid").run()
    field(form, "text_input", "Importe pagado (MXN)").set_value("mil").run()
    save(form)
    assert "«mil» no es un importe" in texts(form).replace("\\", "")
    assert kept()[0] == []


def test_an_amount_left_blank_is_asked_for(form):
    form.button_group[0].set_value("already_paid").run()
    save(form)
    assert "Falta el importe" in texts(form)
    assert kept()[0] == []


def test_a_dispute_is_saved_in_the_same_form(form):
    form.button_group[0].set_value("dispute").run()
    field(form, "selectbox", "Documento").set_value("F-C1").run()
    assert field(form, "text_input", "Importe en aclaración").value == "900.00"
    save(form)
    assert kept()[0][0].dispute is not None


def test_out_of_hours_the_reason_is_asked_for(ana, screen, tmp_path, monkeypatch):
    page = tmp_path / "night.py"
    page.write_text("from pages.ui import contact_form, guard\nguard.require()\ncontact_form.body('C1')\n")
    night = datetime(2026, 3, 31, 5, tzinfo=UTC)
    monkeypatch.setattr("core.collections.hours.now", lambda: night)
    monkeypatch.setattr("core.collections.calls.now", lambda: night)
    at = screen(str(page), ana).run()
    assert "son las 23:00" in texts(at)
    at.button_group[0].set_value("call_back").run()
    save(at)
    assert kept()[0] == []
    field(at, "text_input", "Motivo para contactarlo a esta hora").set_value("Turno de noche").run()
    save(at)
    assert kept()[0][0].out_of_hours == "Turno de noche"


def test_a_letter_at_night_needs_no_reason(form):
    field(form, "selectbox", "Por qué medio").set_value("letter").run()
    form.button_group[0].set_value("sent").run()
    save(form)
    assert kept()[0][0].channel == "letter"


def test_an_actor_without_the_permission_is_refused_by_the_command(user, book, screen, tmp_path, monkeypatch):
    page = tmp_path / "boss.py"
    page.write_text("from pages.ui import contact_form, guard\nguard.require()\ncontact_form.body('C1')\n")
    monkeypatch.setattr("core.collections.hours.now", lambda: NOON)
    at = screen(str(page), user("jefa", Role.MANAGER.value)).run()
    at.button_group[0].set_value("no_answer").run()
    save(at)
    assert "no tiene permiso" in texts(at)
    assert kept()[0] == []
