"""Letters, their templates, late interest and the outbox on the screen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from core.auth.actor import Role, system
from core.db import reading, transaction
from core.documents.models import Document
from core.letters import ready
from core.letters.models import Letter, LetterTemplate, Stage
from core.letters.running import run_letters
from core.outbox.models import Message
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_customer

LETTERS, TEMPLATES = "pages/letters/letters.py", "pages/letters/letter_templates.py"
INTEREST, OUTBOX = "pages/letters/late_interest.py", "pages/admin/outbox.py"


@pytest.fixture
def books(database, business_day):
    """C1 owes 100 since 10 days and has an e-mail, C2 owes 36,000 since 45 and has none."""
    business_day(TODAY)
    with transaction() as session:
        set_setting(session, system(), key="interest.tax_pct", value="0")
        one = a_customer(session, "C1", legal_name="Aceros & Cía", email="pagos@c1.mx", collector="carla")
        other = a_customer(session, "C2", legal_name="Bombas", collector="carla")
        a_charge(session, one, amount="100.00", number="F1", overdue_days=10)
        a_charge(session, other, amount="36000.00", number="F2", overdue_days=45)


@pytest.fixture
def carla(books, who):
    return who(Role.COLLECTOR, "carla")


def texts(at) -> str:
    shown = (*at.title, *at.markdown, *at.caption, *at.error, *at.info, *at.warning)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def button(at, label):
    return next(one for one in at.button if one.label == label)


def figures(at) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


def opened(at):
    assert not at.exception, at.exception
    return at


# ------------------------------------------------------------------ letters
def test_the_dry_run_shows_who_would_get_what_with_its_totals(carla, screen):
    at = opened(screen(LETTERS, carla).run())
    assert figures(at) == {"Cartas": "2", "Importe que piden": "$36,100.00", "Documentos": "2", "Sin correo": "1"}
    table = at.dataframe[0].value
    assert list(table["name"]) == ["Aceros & Cía", "Bombas"]
    assert list(table["overdue"]) == [Decimal("100.00"), Decimal("36000.00")]


def test_letters_are_made_once_somebody_says_so(carla, screen):
    at = opened(screen(LETTERS, carla).run())
    assert "Se harán 2 cartas con fecha del 31/03/2026." in texts(at)
    button(opened(at), "Hacerlas ahora").click().run()
    assert "2 cartas hechas." in opened(at).toast[0].value
    with reading() as session:
        assert len(session.scalars(select(Letter)).all()) == 2
    assert "Ninguna carta toca ese día" in texts(screen(LETTERS, carla).run())


def test_letters_made_show_their_e_mail_and_what_they_list(carla, screen):
    with transaction() as session:
        run_letters(session, system(), as_of=TODAY)
    at = opened(screen(LETTERS, carla, vista="Hechas").run())
    assert list(at.dataframe[0].value["state"]) == ["En espera", "Sin dirección"]
    assert list(at.dataframe[1].value["number"]) == ["F1"]


def test_a_letter_is_sent_again_to_another_address(carla, screen):
    with transaction() as session:
        run_letters(session, system(), as_of=TODAY)
        session.execute(update(Message).values(status="sent"))
    at = opened(screen(LETTERS, carla, vista="Hechas").run())
    next(one for one in at.text_input if one.label == "A qué dirección").set_value("ana@c1.mx")
    button(at, "Poner en la lista de envío").click().run()
    assert "espera en la lista" in opened(at).toast[0].value
    with reading() as session:
        last = session.scalars(select(Message).order_by(col(Message.id).desc())).first()
    assert (last.to_address, last.status, last.copy_no) == ("ana@c1.mx", "queued", 2)


def test_without_letters_the_screen_says_why(database, business_day, who, screen):
    business_day(TODAY)
    assert "Ninguna carta toca ese día" in texts(opened(screen(LETTERS, who()).run()))
    assert "Ninguna carta con estos filtros" in texts(opened(screen(LETTERS, who(), vista="Hechas").run()))


def test_who_only_reads_has_no_button_to_make_them(books, who, screen):
    at = opened(screen(LETTERS, who(Role.AUDITOR, "audi")).run())
    assert [one.label for one in at.button if one.label.startswith("Hacer")] == []
    assert "Las hace cobranza" in texts(at)


@pytest.mark.parametrize(
    ("path", "role"),
    [(LETTERS, Role.SALES_REP), (TEMPLATES, Role.MANAGER), (INTEREST, Role.COLLECTOR), (OUTBOX, Role.CASHIER)],
)
def test_a_screen_of_another_function_is_refused(books, who, screen, path, role):
    assert "no es de su función" in texts(opened(screen(path, who(role, "otro")).run()))


# ------------------------------------------------------------------ templates
def test_the_ready_template_is_listed_with_the_fields(books, who, screen):
    at = opened(screen(TEMPLATES, who(), carta="Último aviso", idioma="Inglés").run())
    assert "ultimo_aviso_en.docx" in texts(at)
    assert "En uso" in texts(at)
    assert "{{ cliente }}" in list(at.dataframe[0].value["mark"])


def test_a_template_is_uploaded_and_then_put_to_use(books, who, screen):
    at = opened(screen(TEMPLATES, who(), carta="Primer aviso").run())
    content = ready.content(Stage.SECOND, "es")
    at.file_uploader[0].set_value(("nueva.docx", content, "application/octet-stream"))
    button(at, "Revisar y guardar").click().run()
    assert "Versión guardada" in opened(at).toast[0].value
    button(at, "Poner en uso").click().run()
    with reading() as session:
        found = session.scalars(select(LetterTemplate).where(col(LetterTemplate.active))).one()
    assert (found.version, found.name, found.content, found.stage) == (2, "nueva.docx", content, "first")


def test_a_template_with_an_unknown_field_is_refused_by_its_name(books, who, screen):
    at = opened(screen(TEMPLATES, who()).run())
    next(one for one in at.text_input if one.label == "Asunto del correo").set_value("Hola {{ clinte }}")
    at.file_uploader[0].set_value(("x.docx", ready.content(Stage.FIRST, "es"), "application/octet-stream"))
    button(at, "Revisar y guardar").click().run()
    assert "El campo «clinte» no existe. ¿Quiso decir «cliente»?" in texts(opened(at))


# ------------------------------------------------------------------ late interest
def test_the_proposal_shows_segments_and_totals(books, who, screen):
    at = opened(screen(INTEREST, who(Role.CASHIER, "caja"), desde="2026-03-01", hasta="2026-03-31").run())
    assert figures(at) == {"Clientes": "2", "Total en MXN": "$186.17"}
    assert list(at.dataframe[0].value["interest"]) == [Decimal("0.17"), Decimal("186.00")]
    assert list(at.dataframe[1].value["days"]) == [10]


def test_interest_is_charged_with_debit_notes(books, who, screen):
    at = opened(screen(INTEREST, who(Role.CASHIER, "caja"), desde="2026-03-01", hasta="2026-03-31").run())
    button(opened(at), "Cobrarlos ahora").click().run()
    assert "2 notas de cargo registradas." in opened(at).toast[0].value
    with reading() as session:
        notes = session.scalars(select(Document).where(col(Document.kind) == "debit_note")).all()
    assert [note.total for note in notes] == [Decimal("0.17"), Decimal("186.00")]
    done = opened(screen(INTEREST, "caja", vista="Cobrados y condonados").run())
    assert set(done.dataframe[0].value["number"]) == {note.number for note in notes}


def test_interest_is_waived_with_a_reason(books, who, screen):
    at = opened(screen(INTEREST, who(Role.CASHIER, "caja"), desde="2026-03-01", hasta="2026-03-31").run())
    button(at, "Condonar").click().run()
    assert "Escriba el motivo" in texts(opened(at))
    next(one for one in at.text_input if one.label == "Motivo").set_value("Acuerdo")
    button(at, "Condonar").click().run()
    assert figures(opened(screen(INTEREST, "caja", desde="2026-03-01", hasta="2026-03-31").run()))["Clientes"] == "1"


def test_a_rate_is_agreed(books, who, screen):
    at = opened(screen(INTEREST, who(Role.CASHIER, "caja"), vista="Tasas pactadas", cliente="C1").run())
    next(one for one in at.text_input if one.label == "Tasa anual, en %").set_value("18.00")
    next(one for one in at.text_input if one.label == "Dónde consta").set_value("Contrato 7")
    button(at, "Guardar la tasa").click().run()
    assert list(opened(at).dataframe[0].value["annual_pct"]) == [Decimal("18.0000")]


def test_without_interest_the_screen_says_so(books, who, screen):
    at = screen(INTEREST, who(Role.CASHIER, "caja"), desde="2025-01-01", hasta="2025-01-31").run()
    assert "Nadie genera intereses en este periodo" in texts(opened(at))


# ------------------------------------------------------------------ outbox
@pytest.fixture
def queued(books):
    with transaction() as session:
        run_letters(session, system(), as_of=TODAY)


def test_the_outbox_shows_what_waits_and_why(queued, who, screen):
    at = opened(screen(OUTBOX, who()).run())
    assert figures(at) == {"En espera": "1", "Enviados": "0", "No salieron": "0", "Sin dirección": "1"}
    assert sorted(at.dataframe[0].value["to_address"]) == ["pagos@c1.mx", "—"]
    assert "no tiene correo" in texts(opened(screen(OUTBOX, who(), vista="Con problema").run()))


def test_an_address_is_corrected(queued, who, screen):
    at = opened(screen(OUTBOX, who(), vista="Con problema").run())
    next(one for one in at.text_input if one.label == "Dirección").set_value("no es correo")
    button(at, "Corregir y reintentar").click().run()
    assert "no es una dirección de correo" in texts(opened(at))
    next(one for one in at.text_input if one.label == "Dirección").set_value("b@bombas.mx")
    button(at, "Corregir y reintentar").click().run()
    assert figures(opened(at))["En espera"] == "2"


def test_a_message_is_cancelled_and_tried_again(queued, who, screen):
    at = opened(screen(OUTBOX, who(), vista="En espera").run())
    button(at, "Cancelar el correo").click().run()
    assert figures(opened(at))["En espera"] == "0"
    at = opened(screen(OUTBOX, who(), texto="pagos@").run())
    button(at, "Intentar de nuevo").click().run()
    assert figures(opened(at))["En espera"] == "1"


def test_without_a_mail_server_sending_says_what_to_do(queued, who, screen):
    at = opened(screen(OUTBOX, who()).run())
    button(at, "Enviar ahora").click().run()
    assert "ponga su dirección en SMTP_URL" in texts(opened(at))


def test_an_empty_outbox_leads_on(database, who, screen):
    assert "Ningún correo con estos filtros" in texts(opened(screen(OUTBOX, who()).run()))


def test_letters_of_a_day_long_past_can_be_looked_at(carla, screen):
    day = TODAY - timedelta(days=40)
    at = opened(screen(LETTERS, carla, dia=day.isoformat()).run())
    assert list(at.dataframe[0].value["name"]) == ["Bombas"]
