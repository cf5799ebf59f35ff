"""The cashier's screens: registering, applying, one payment, unidentified money. Figures, emptiness, wrong roles."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.auth.actor import Role
from core.db import reading, transaction
from core.documents.models import Document
from core.ledger.models import Entry
from core.payments.models import Payment
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, customer_of, pay

REGISTER, CARD, LIST, NOBODYS, APPLY = (
    f"pages/payments/{stem}.py" for stem in ("register_payment", "payment", "payments", "unidentified", "apply_credit")
)


@pytest.fixture
def books(database, business_day):
    """C1 owes F1 (600, oldest), F2 (400) and U1 (100 dollars); P1 of 250 is not applied, X1 of 70 is nobody's."""
    business_day(TODAY)
    with transaction() as session:
        one = a_customer(session, "C1", legal_name="Aceros del Norte", region="Norte")
        a_charge(session, one, amount="600.00", overdue_days=9, number="F1")
        a_charge(session, one, amount="400.00", overdue_days=2, number="F2")
        a_charge(session, one, amount="100.00", number="U1", currency="USD", rate="18.5")
        a_payment(session, one, amount="250.00", number="P1", paid_on=TODAY - timedelta(days=20))
        a_payment(session, None, amount="70.00", number="X1", paid_on=TODAY - timedelta(days=12), reference="SPEI 9")


def texts(at) -> str:
    shown = (*at.title, *at.markdown, *at.caption, *at.error, *at.warning, *at.info)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def button(at, label):
    return next(one for one in at.button if one.label == label)


def field(at, label, kind="text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def figures(at) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


def typed(screen, who, amount, **query):
    """The register with an amount typed for C1."""
    at = screen(REGISTER, who(Role.CASHIER, "caja"), **{"cliente": "C1", **query}).run()
    field(at, "Importe recibido").set_value(amount).run()
    assert not at.exception
    return at


def open_of(number) -> Decimal:
    with reading() as session:
        return session.scalars(select(col(Entry.open)).where(col(Entry.number) == number)).one()


def document_of(session, number) -> Document:
    return session.scalars(select(Document).where(col(Document.number) == number)).one()


def payments_there() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Payment)) or 0


# ------------------------------------------------------------------ registering
def test_without_customer_it_asks_for_one(books, who, screen):
    at = screen(REGISTER, who(Role.CASHIER, "caja")).run()
    assert not at.exception
    assert "Elija primero el cliente" in texts(at)
    assert button(at, "Registrar y aplicar").disabled


def test_the_oldest_are_proposed_and_the_sums_say_so(books, who, screen):
    at = typed(screen, who, "700.00")
    assert figures(at) == {
        "Recibido": "$700.00", "Aplicado": "$700.00", "Queda a favor": "$0.00", "Saldo después": "$300.00"
    }  # fmt: skip
    assert "$700.00** de Aceros del Norte: 1 se liquida, 1 abono, **$0.00** a favor" in texts(at)
    assert list(at.dataframe[0].value["given"]) == [Decimal("600.00"), Decimal("100.00")]


def test_registering_closes_what_is_shown_and_empties_the_form(books, who, screen):
    at = typed(screen, who, "700.00")
    button(at, "Registrar y aplicar").click().run()
    assert not at.exception
    assert (open_of("F1"), open_of("F2")) == (Decimal("0.00"), Decimal("300.00"))
    assert "$700.00 aplicado" in at.success[0].value.replace("\\", "")
    assert field(at, "Importe recibido").value == ""
    assert field(at, "Cliente", "selectbox").value is None
    assert not at.run().success  # told once


def test_the_next_payment_begins_with_the_day_form_and_account_of_the_last(books, who, screen):
    at = typed(screen, who, "10.00")
    field(at, "Fecha del pago", "date_input").set_value(TODAY - timedelta(days=1))
    field(at, "Forma", "selectbox").set_value("cheque")
    field(at, "Cuenta donde se recibió").set_value("Banco 1")
    field(at, "Referencia bancaria o clave de rastreo").set_value("CH-1").run()
    button(at, "Registrar y aplicar").click().run()
    assert field(at, "Fecha del pago", "date_input").value == TODAY - timedelta(days=1)
    assert field(at, "Forma", "selectbox").value == "cheque"
    assert field(at, "Cuenta donde se recibió").value == "Banco 1"
    assert field(at, "Referencia bancaria o clave de rastreo").value == ""


def test_a_day_to_come_is_pointed_out(books, who, screen):
    at = typed(screen, who, "10.00")
    field(at, "Fecha del pago", "date_input").set_value(TODAY + timedelta(days=3)).run()
    assert "Es una fecha posterior a hoy" in texts(at)


def edit(at, **rows):
    """Types amounts into the column Aplicar, as the browser reports it: r0=…, r1=…"""
    key = at.dataframe[0].proto.id.split("-", 2)[2]
    edited = {int(row[1:]): {"given": amount} for row, amount in rows.items()}
    at.session_state[key] = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    return at


def test_the_table_keeps_its_shape_whatever_is_typed(books, who, screen):
    """The browser forgets what was typed when the type of a column changes, or finds it in the data already."""
    at = typed(screen, who, "700.00")
    before = at.dataframe[0]
    edit(at, r0=999999999, r1=0).run()
    assert at.dataframe[0].proto.id == before.proto.id
    assert list(at.dataframe[0].value["given"]) == list(before.value["given"])


def test_more_than_there_is_waits_and_says_what_to_do(books, who, screen):
    at = edit(typed(screen, who, "700.00"), r1=400).run()
    assert "Aplica $1,000.00 y solo hay $700.00: baje la columna Aplicar" in texts(at).replace("**", "")
    assert button(at, "Registrar y aplicar").disabled
    edit(at, r0=0, r1=400.01).run()
    assert "De F2 solo quedan $400.00" in texts(at).replace("**", "")
    assert button(at, "Registrar y aplicar").disabled


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_saved(books, who, screen):
    at = edit(typed(screen, who, "700.00"), r0=0, r1=100).run()
    with transaction() as session:  # another cashier closes F1
        one = customer_of(session, "C1")
        pay(session, one, document_of(session, "F1"), amount="600.00", number="P8")
    button(at, "Registrar y aplicar").click().run()
    assert "La cuenta del cliente cambió" in texts(at)
    assert (open_of("F2"), payments_there()) == (Decimal("400.00"), 3)
    assert list(at.dataframe[0].value["given"]) == [Decimal("100.00")]  # what was typed for F2 is still there
    button(at, "Registrar y aplicar").click().run()
    assert open_of("F2") == Decimal("300.00")


def test_saving_without_applying_leaves_it_in_favour(books, who, screen):
    at = typed(screen, who, "700.00")
    button(at, "Guardar sin aplicar").click().run()
    assert (open_of("F1"), payments_there()) == (Decimal("600.00"), 3)


def test_an_exact_combination_is_found_or_said_not_to_be(books, who, screen):
    at = typed(screen, who, "400.00")
    button(at, "Buscar combinación exacta").click().run()
    assert list(at.dataframe[0].value["given"]) == [Decimal("0.00"), Decimal("400.00")]
    field(at, "Importe recibido").set_value("401.00").run()
    assert "Ninguna combinación" in texts(at)


def test_what_is_typed_in_the_grid_counts_at_once(books, who, screen):
    at = typed(screen, who, "700.00")
    key = at.dataframe[0].proto.id.split("-", 2)[2]  # its widget's key
    at.session_state[key] = {"edited_rows": {0: {"given": 12.34}}, "added_rows": [], "deleted_rows": []}
    at.run()
    assert figures(at)["Aplicado"] == "$112.34"
    assert list(at.dataframe[0].value["left"]) == [Decimal("587.66"), Decimal("300.00")]


def test_cleaning_applies_nothing(books, who, screen):
    at = typed(screen, who, "700.00")
    button(at, "Limpiar").click().run()
    assert figures(at)["Queda a favor"] == "$700.00"
    assert button(at, "Registrar y aplicar").disabled


def test_a_payment_like_one_already_there_warns_and_waits_for_the_tick(books, who, screen):
    at = typed(screen, who, "70.00")
    assert "Se parece a un pago ya registrado" not in texts(at)  # X1 came twelve days ago
    with transaction() as session:
        a_payment(session, customer_of(session, "C1"), amount="70.00", number="P7", paid_on=TODAY)
    at.run()
    assert "P7 del 31/03/2026, mismo cliente, mismo importe $70.00 MXN, otra referencia" in texts(at)
    button(at, "Registrar y aplicar").click().run()
    assert "No se registró ni se aplicó nada" in texts(at)
    assert open_of("F1") == Decimal("600.00")
    field(at, "Es otro pago", "checkbox").check().run()
    button(at, "Registrar y aplicar").click().run()
    assert open_of("F1") == Decimal("530.00")


def test_dollars_are_closed_with_pesos_at_a_rate(books, who, screen):
    at = typed(screen, who, "1876.94")
    field(at, "Documentos en", "button_group").set_value("USD").run()
    field(at, "Tipo de cambio: MXN por USD").set_value("18.7694").run()
    assert list(at.dataframe[0].value["given"]) == [Decimal("100.00")]
    button(at, "Registrar y aplicar").click().run()
    assert not at.exception
    assert open_of("U1") == Decimal("0.00")


@pytest.mark.parametrize("amount", ["12,5", "-5", "0", "1e5", "99999999999999", "1.005", "<b>"])
def test_what_is_no_amount_is_said(books, who, screen, amount):
    at = typed(screen, who, amount)
    assert "Escriba un importe mayor que cero" in texts(at)
    assert button(at, "Registrar y aplicar").disabled
    assert button(at, "Guardar sin aplicar").disabled


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.AUDITOR, Role.MANAGER])
def test_others_do_not_register(books, who, screen, role):
    at = screen(REGISTER, who(role, "x"), cliente="C1").run()
    assert not at.metric
    assert not at.text_input


# ------------------------------------------------------------------ applying what is in favour
def test_money_on_account_is_applied_later(books, who, screen):
    at = screen(APPLY, who(Role.CASHIER, "caja"), folio="P1").run()
    assert not at.exception
    assert "Pago P1" in texts(at)
    button(at, "Aplicar").click().run()
    assert open_of("F1") == Decimal("350.00")


def test_nothing_in_favour_says_so(books, who, screen):
    assert "Nada por aplicar" in texts(screen(APPLY, who(Role.CASHIER, "caja"), folio="F1").run())


# ------------------------------------------------------------------ one payment
def test_the_card_shows_what_a_payment_closed(books, who, screen):
    with transaction() as session:
        one = customer_of(session, "C1")
        pay(session, one, a_charge(session, one, amount="30.00", number="F9"), amount="30.00", number="P9")
    at = screen(CARD, who(Role.CASHIER, "caja"), pago="P9").run()
    assert not at.exception
    assert figures(at) == {"Recibido": "$30.00", "Aplicado o devuelto": "$30.00", "A favor": "$0.00"}
    assert list(at.dataframe[0].value["document"]) == ["F9"]
    assert [one.label for one in at.button].count("Reversar el pago") == 0  # a cashier does not
    manager = screen(CARD, who(Role.MANAGER, "jefa"), pago="P9").run()
    assert button(manager, "Reversar el pago")


def test_who_does_not_see_the_customer_sees_no_payment(books, who, screen):
    at = screen(CARD, who(Role.MANAGER, "sur", region="Sur"), pago="P1").run()
    assert not at.metric
    assert "No puede ver este pago" in texts(at)
    assert "Revise el folio" in texts(at)


def test_payments_are_listed_with_what_is_left(books, who, screen):
    at = screen(LIST, who(Role.CASHIER, "caja")).run()
    assert not at.exception
    assert list(at.dataframe[0].value["number"]) == ["P1"]
    assert list(at.dataframe[0].value["state"]) == ["Sin aplicar"]
    assert "Ningún pago con estos filtros" in texts(screen(LIST, who(Role.CASHIER, "caja"), texto="zzz").run())


# ------------------------------------------------------------------ nobody's money
def test_unidentified_money_is_listed_with_its_age_and_identified(books, who, screen):
    at = screen(NOBODYS, who(Role.CASHIER, "caja"), cliente="C1").run()
    assert not at.exception
    assert list(at.dataframe[0].value["days"]) == [12]
    assert figures(at) == {"Por identificar, MXN": "$70.00"}
    button(at, "Identificar el pago").click().run()
    assert open_of("X1") == Decimal("70.00")
    assert "Todo está identificado" in texts(screen(NOBODYS, who(Role.CASHIER, "caja")).run())


def test_an_auditor_looks_but_does_not_identify(books, who, screen):
    at = screen(NOBODYS, who(Role.AUDITOR, "aud")).run()
    assert list(at.dataframe[0].value["number"]) == ["X1"]
    assert "Identificar el pago" not in [one.label for one in at.button]


def test_a_manager_of_a_region_does_not_see_nobodys_money(books, who, screen):
    at = screen(NOBODYS, who(Role.MANAGER, "sur", region="Sur")).run()
    assert not at.dataframe


def test_credit_notes_are_applied_on_the_same_screen(books, who, screen):
    with transaction() as session:
        a_credit_note(session, customer_of(session, "C1"), amount="45.00", number="N1")
    at = screen(APPLY, who(Role.CASHIER, "caja"), folio="N1").run()
    button(at, "Aplicar").click().run()
    assert open_of("F1") == Decimal("555.00")
