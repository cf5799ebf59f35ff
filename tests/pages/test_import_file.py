"""The import screen: file, columns, review, confirm."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.auth.actor import Role, system
from core.db import reading
from core.documents.models import Document
from core.importers.base import Source, commit, prepare
from core.importers.kinds import kind_of

PATH = "pages/importers/import_file.py"
CSV = "text/csv"
CUSTOMERS = b"code,legal_name,terms_days\nC1,Uno,30\nC2,Dos,15\n"
ROWS = (
    "Tipo,Folio,Cliente,Fecha,Importe\nfactura,F1,C1,2026-03-01,100.00\nfactura,F2,C9,2026-03-01,50.00\n"
    "factura,F3,C2,2026-03-01,\"1.234,56\"\n"
)  # fmt: skip


@pytest.fixture
def opened(database, who, screen):
    """The screen of a cashier, with customers C1 and C2 in the book."""
    commit(prepare(system(), kind_of("customers"), Source("c.csv", CUSTOMERS)))
    return screen(PATH, who(Role.CASHIER)).run()


def upload(at, text: str, name: str = "rows.csv"):
    assert not at.exception
    at.file_uploader[0].set_value((name, text.encode(), CSV)).run()
    assert not at.exception
    return at


def documents() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def texts(at) -> str:
    shown = [*at.markdown, *at.caption, *at.error, *at.info, *at.success, *at.warning, *at.title]
    return "\n".join(str(one.value) for one in shown)


def test_a_known_file_goes_straight_to_the_review_with_the_bad_rows_marked(opened):
    at = upload(opened, ROWS)
    assert {one.label: one.value for one in at.metric} == {
        "Leídos": "3", "Nuevos": "1", "Ya estaban": "0", "Con error": "2", "Total nuevo": "$100.00",
    }  # fmt: skip
    table = at.dataframe[0].value
    assert list(table["row"]) == [3, 4]
    assert "Cliente: no hay un cliente «C9»" in table["reason"].iloc[0]
    assert at.button(key="carga_confirmar").disabled
    assert documents() == 0


def test_bad_rows_are_put_apart_and_the_good_ones_loaded(opened):
    at = upload(opened, ROWS)
    at.radio(key="carga_decision").set_value(1).run()
    at.button(key="carga_confirmar").click().run()
    assert "1 renglón nuevo" in texts(at)
    at.button(key="carga_guardar").click().run()
    assert not at.exception
    assert documents() == 1
    assert "Carga terminada" in texts(at)


def test_unknown_customers_are_made_when_one_says_so(opened):
    at = upload(opened, ROWS.replace("1.234,56", "1,234.56").replace("Folio", "Folio", 1))
    at.selectbox(key="carga_clientes").set_value(True).run()
    assert {one.label: one.value for one in at.metric}["Nuevos"] == "3"
    at.button(key="carga_confirmar").click().run()
    at.button(key="carga_guardar").click().run()
    assert documents() == 3


def test_columns_that_nobody_knows_are_assigned_by_hand_and_kept_as_a_layout(opened):
    at = upload(opened, "papel,quien,cuando,pesos\nF1,C1,13/3/2026,100.00\nF2,C2,14/3/2026,50\n")
    assert at.button(key="carga_revisar").disabled
    at.session_state["carga_columnas_None"] = {
        "edited_rows": {0: {"field": "Folio *"}, 1: {"field": "Cliente *"}, 2: {"field": "Fecha de emisión *"},
                        3: {"field": "Total *"}},
        "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    at.selectbox(key="carga_f_kind").set_value("invoice").run()
    assert not at.exception
    assert not at.button(key="carga_revisar").disabled
    [name] = [one for one in at.text_input if one.label == "Nombre del formato"]
    name.set_value("papelería")
    next(one for one in at.button if one.label == "Guardar formato").click().run()
    assert not at.exception
    at.button(key="carga_revisar").click().run()
    assert {one.label: one.value for one in at.metric}["Nuevos"] == "2"
    assert "Día/mes/año (comprobado)" in at.selectbox(key="carga_orden").options
    at.button(key="carga_otro").click().run()
    again = upload(at, "papel,quien,cuando,pesos\nF1,C1,13/3/2026,100.00\n")
    assert again.selectbox(key="carga_formato").value == "papelería"


def test_dates_that_read_both_ways_are_asked_for(opened):
    at = upload(opened, "Tipo,Folio,Cliente,Fecha,Importe\nfactura,F1,C1,03/04/2026,100.00\n")
    assert "03/04/2026" in texts(at)
    at.selectbox(key="carga_orden").set_value("dmy").run()
    assert {one.label: one.value for one in at.metric}["Nuevos"] == "1"


def test_a_broken_file_is_refused_in_words(opened):
    at = upload(opened, "no es un libro", "rows.xlsx")
    assert "no es un libro de Excel" in texts(at)
    assert documents() == 0


def test_a_file_loaded_twice_is_already_there(opened):
    rows = "Tipo,Folio,Cliente,Fecha,Importe\nfactura,F1,C1,2026-03-01,100.00\n"
    commit(prepare(system(), kind_of("documents"), Source("d.csv", rows.encode())))
    at = upload(opened, rows)
    assert {one.label: one.value for one in at.metric}["Ya estaban"] == "1"


def test_each_role_sees_its_kinds_and_others_nothing(database, who, screen):
    analyst = screen(PATH, who(Role.CREDIT_ANALYST, "cred")).run()
    assert analyst.selectbox(key="carga_tipo").options == ["Clientes"]
    collector = screen(PATH, who(Role.COLLECTOR, "cora")).run()
    assert set(collector.selectbox(key="carga_tipo").options) == {"Promesas de pago", "Gestiones", "Aclaraciones"}
    seller = screen(PATH, who(Role.SALES_REP, "vero")).run()
    assert not seller.file_uploader


def test_foreign_currency_takes_the_rate_of_the_screen(opened):
    at = upload(opened, "Tipo,Folio,Cliente,Fecha,Importe,Moneda\nfactura,F1,C1,2026-03-01,100.00,USD\n")
    assert {one.label: one.value for one in at.metric}["Con error"] == "1"
    at.text_input(key="carga_cambio").set_value("17.5").run()
    at.button(key="carga_confirmar").click().run()
    at.button(key="carga_guardar").click().run()
    with reading() as session:
        assert session.scalar(select(col(Document.exchange_rate))) == Decimal("17.5")


def test_a_collector_loads_the_contacts_of_a_day(database, who, screen):
    commit(prepare(system(), kind_of("customers"), Source("c.csv", b"code,legal_name,collector\nC1,Uno,cora\n")))
    at = screen(PATH, who(Role.COLLECTOR, "cora")).run()
    at.selectbox(key="carga_tipo").set_value("contacts").run()
    rows = (
        "Cliente,Fecha y hora,Medio,Resultado,Comentarios\nC1,2026-03-31 10:15,llamada,No contestó,Buzón\n"
        "C9,2026-03-31 10:20,visita,x,\nC1,2026-03-31 25:00,visita,x,\n"
    )
    at = upload(at, rows)
    assert {one.label: one.value for one in at.metric} == {
        "Leídos": "3", "Nuevos": "1", "Ya estaban": "0", "Con error": "2", "Total nuevo": "s/d",
    }  # fmt: skip
    reasons = list(at.dataframe[0].value["reason"])
    assert "Cliente: no hay un cliente «C9»" in reasons[0]
    assert "La hora de «2026-03-31 25:00» no existe" in reasons[1]
