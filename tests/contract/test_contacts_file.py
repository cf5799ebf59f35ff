"""Kind `contacts`: what makes two rows the same contact shows how each was read."""

import json
from datetime import datetime

import pytest

from tests.contract.helpers import Book, a_workbook, bad_rows, pick, rows_in_database

HEADER = "customer,at,channel,outcome,notes,next_action_on,collector\n"


@pytest.fixture
def called(book: Book) -> Book:
    """C3 lives where it is an hour later than in Mexico City, C4 in Tijuana, C5 says no time zone that exists."""
    book.customers(
        "code,legal_name,time_zone,collector\nC3,Tres,America/Cancun,cora\nC4,Cuatro,America/Tijuana,cora\nC1,Uno,,cora"
    )
    return book


def again(book: Book, first: str, second: str) -> str:
    """What becomes of a row after another: `new`, `repeated` or the column of the conflict."""
    assert book.put("contacts", HEADER + first)["new"] == 1
    answer = book.load("contacts", HEADER + second)
    if answer.code:
        return bad_rows(answer.reasons)[0][1]
    return next(name for name in ("new", "repeated") if answer.data[name])


@pytest.mark.parametrize("at", ["2026-03-02T10:00:00", "2026-03-02 10:00", "2026-03-02T16:00:00Z", "2026-03-02"])
def test_contacts_are_written_once(called: Book, at: str):
    content = f"{HEADER}C1,{at},call,no_answer,,2026-03-05,"
    assert pick(called.put("contacts", content), "new total") == {"new": 1, "total": {}}
    assert called.put("contacts", content)["repeated"] == 1
    assert rows_in_database()["contact"] == 1


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-03-02T10:00:00", "2026-03-02 10:00", True),
        ("2026-03-02T10:00:00", "02/03/2026 10:00 a. m.", True),
        ("2026-03-02T22:05", "02/03/2026 10:05 PM", True),
        ("2026-03-02T00:00", "02/03/2026 12:00 am", True),
        ("2026-03-02T10:00", "2026-03-02T16:00:00Z", True),
        ("2026-03-02T10:00", "2026-03-02T10:00:00-06:00", True),
        ("2026-03-02T10:00", "2026-03-02T17:00:00.000+0100", True),
        ("2026-03-02T10:00", "2026-03-02T10:00:01", False),
        ("2026-03-02T10:00", "2026-03-02T10:00:00Z", False),
        ("2026-03-02", "2026-03-02T00:00:00", True),
        ("2026-03-02", "02.03.2026", True),
    ],
)
def test_a_moment_is_read_in_every_way_of_writing_it(called: Book, one: str, other: str, same: bool):
    options = ("--date-order", "dmy")
    assert called.put("contacts", f"{HEADER}C1,{one},call,no_answer,,,", *options)["new"] == 1
    summary = called.put("contacts", f"{HEADER}C1,{other},call,no_answer,,,", *options)
    assert summary["repeated" if same else "new"] == 1


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(("customer", "utc"), [("C1", "16:00"), ("C3", "15:00"), ("C4", "18:00")])
def test_without_an_offset_it_is_the_customers_clock(called: Book, customer: str, utc: str):
    first = f"{customer},2026-03-02T10:00,call,no_answer,,,"
    assert again(called, first, f"{customer},2026-03-02T{utc}:00Z,call,no_answer,,,") == "repeated"


@pytest.mark.backend("sqlite")
def test_the_clock_of_the_company_can_be_another(called: Book, monkeypatch):
    from core.config import config

    monkeypatch.setenv("TZ_BUSINESS", "America/Puerto_Rico")
    config.cache_clear()
    try:
        found = again(called, "C1,2026-03-02T10:00,call,x,,,", "C1,2026-03-02T14:00:00Z,call,x,,,")
    finally:
        monkeypatch.undo()
        config.cache_clear()
    assert found == "repeated"


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    ("word", "channel"),
    [("llamada", "call"), ("Visita", "visit"), ("correo", "email"), ("WhatsApp", "whatsapp"), ("Carta", "letter"),
     ("correo electrónico", "email")],
)  # fmt: skip
def test_channels_may_be_spanish_words(called: Book, word: str, channel: str):
    assert again(called, f"C1,2026-03-02T10:00,{word},x,,,", f"C1,2026-03-02T10:00,{channel},x,,,") == "repeated"


@pytest.mark.backend("sqlite")
def test_another_channel_or_customer_at_that_moment_is_another_contact(called: Book):
    content = "C1,2026-03-02T10:00,call,x,,,\nC1,2026-03-02T10:00,email,x,,,\nC2,2026-03-02T10:00,call,x,,,"
    assert called.put("contacts", HEADER + content)["new"] == 3


@pytest.mark.backend("sqlite")
def test_an_outcome_is_the_catalogues_or_as_written(called: Book):
    assert again(called, "C1,2026-03-02,call,No contestó,,,", "C1,2026-03-02,call,no_answer,,,") == "repeated"
    assert again(called, "C2,2026-03-02,call,Contestó su perro,,,", "C2,2026-03-02,call,no_answer,,,") == "outcome"


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C1,2026-03-02T10:00:00,pigeon,no answer,,,", "channel"),
        ("C9,2026-03-02T10:00:00,call,x,,,", "customer"),
        ("C1,2026-03-02T25:00,call,x,,,", "at"),
        ("C1,2026-03-02T10:61,call,x,,,", "at"),
        ("C1,13:00,call,x,,,", "at"),
        ("C1,2026-02-30 10:00,call,x,,,", "at"),
        ("C1,2026-03-02 13:00 pm,call,x,,,", "at"),
        ("C1,2026-03-02T10:00+25:00,call,x,,,", "at"),
        ("C1,ayer,call,x,,,", "at"),
        ("C1,,call,x,,,", "at"),
        ("C1,2026-03-02T10:00,,x,,,", "channel"),
        ("C1,2026-03-02T10:00,call,,,,", "outcome"),
        (f"C1,2026-03-02T10:00,call,{'x' * 121},,,", "outcome"),
        (f"C1,2026-03-02T10:00,call,x,{'x' * 2001},,", "notes"),
        ("C1,2026-03-02T10:00,call,x,,mañana,", "next_action_on"),
    ],
)
def test_bad_rows_name_their_column(called: Book, row: str, column: str):
    assert bad_rows(called.refused("contacts", HEADER + row)) == [(2, column)]


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("C1,2026-03-02T10:00,call,no_answer,,,", "repeated"),
        ("C1,2026-03-02T10:00,call,no_answer,hola,2026-03-05,cora", "repeated"),
        ("C1,2026-03-02T10:00,call,promise,,,", "outcome"),
        ("C1,2026-03-02T10:00,call,no_answer,adiós,,", "notes"),
        ("C1,2026-03-02T10:00,call,no_answer,,2026-03-06,", "next_action_on"),
        ("C1,2026-03-02T10:00,call,no_answer,,,cosme", "collector"),
    ],
)
def test_a_known_contact_is_never_changed(called: Book, row: str, found: str):
    assert again(called, "C1,2026-03-02T10:00,call,no_answer,hola,2026-03-05,", row) == found


@pytest.mark.backend("sqlite")
def test_twice_in_one_file_is_one_or_bad(called: Book):
    first = "C1,2026-03-02T10:00,call,no_answer,,,"
    assert pick(called.put("contacts", f"{HEADER}{first}\n{first}"), "new repeated") == {"new": 1, "repeated": 1}
    assert bad_rows(called.refused("contacts", f"{HEADER}C2,2026-03-02,call,a,,,\nC2,2026-03-02,call,b,,,")) == [
        (3, "at")
    ]


@pytest.mark.backend("sqlite")
def test_the_files_days_prove_the_order_of_its_moments(called: Book):
    content = "customer,at,channel,outcome\nC1,03/04/2026 10:00,call,x\nC2,25/04/2026 9:30,call,x"
    called.put("contacts", content)
    assert called.put("contacts", "customer,at,channel,outcome\nC1,2026-04-03T10:00,call,x")["repeated"] == 1
    reasons = called.refused("contacts", "customer,at,channel,outcome\nC1,03/04/2026 10:00,call,x")
    assert "--date-order" in reasons[0]


@pytest.mark.backend("sqlite")
def test_moments_of_excel_are_what_was_typed(called: Book):
    grid = [
        ("Cliente", "Fecha y hora", "Medio", "Resultado", "Comentarios"),
        ("C1", datetime(2026, 3, 2, 10, 7, 41), "Llamada", "No contestó", "a"),
        ("C2", datetime(2026, 3, 2), "Visita", "x", None),
        ("C1", "02/03/2026 16:45", "Correo", "x", None),
    ]  # fmt: skip
    path = a_workbook(called.folder / "gestiones.xlsx", grid, "dd/mm/yyyy hh:mm")
    assert called.put("contacts", path, "--date-order", "dmy")["new"] == 3
    same = "C1,2026-03-02T10:07:41,call,x,b,,\nC2,2026-03-02,visit,x,,,\nC1,2026-03-02T16:45,email,x,,,"
    assert bad_rows(called.refused("contacts", HEADER + same)) == [(2, "outcome")]


@pytest.mark.backend("sqlite")
def test_a_layout_joins_the_day_and_the_hour_and_says_the_channel(called: Book):
    layout = {
        "kind": "contacts", "columns": {"Cuenta": "customer", "Tipificación": "outcome"},
        "join": {"at": ["Fecha", "Hora"]}, "constants": {"channel": "llamada"}, "date_order": "dmy",
    }  # fmt: skip
    called.done("layouts", "save", "marcador", called.path(json.dumps(layout), "marcador.json"))
    assert called.ask("layouts", "show", "marcador")["kind"] == "contacts"
    content = "Cuenta,Fecha,Hora,Tipificación,Duración\nC1,02/03/2026,16:45,No contestó,35\nC2,02/03/2026,,Recado,5"
    assert called.put("contacts", content, "--layout", "marcador")["new"] == 2
    again_ = "customer,at,channel,outcome\nC1,2026-03-02T16:45,call,no_answer\nC2,2026-03-02,call,message_left"
    assert called.put("contacts", again_)["repeated"] == 2


@pytest.mark.backend("sqlite")
def test_every_second_of_excel_comes_back(called: Book):
    moments = [datetime(2026, 3, 2, 8 + n % 12, n * 7 % 60, n * 13 % 60) for n in range(200)]
    grid = [("customer", "at", "channel", "outcome"), *(("C1", one, "call", "x") for one in moments)]
    called.put("contacts", a_workbook(called.folder / "a.xlsx", grid, "yyyy-mm-dd hh:mm:ss"))
    rows = "\n".join(f"C1,{one.isoformat()},call,x" for one in moments)
    assert called.put("contacts", "customer,at,channel,outcome\n" + rows)["repeated"] == len(moments)


@pytest.mark.backend("sqlite")
def test_a_collector_brings_contacts_of_his_own_customers_under_his_name(called: Book, user):
    user("cora", "collector")
    content = HEADER + "C1,2026-03-02T10:00,call,x,,,\nC2,2026-03-02T10:00,call,x,,,"
    assert bad_rows(called.refused("contacts", content, "--as", "cora")) == [(3, "customer")]
    assert called.put("contacts", HEADER + "C1,2026-03-02T10:00,call,x,,,", "--as", "cora")["new"] == 1
    assert called.put("contacts", HEADER + "C1,2026-03-02T10:00,call,x,,,cora")["repeated"] == 1


def test_after_everything_the_books_are_sound(called: Book):
    called.put("contacts", HEADER + "C1,2026-03-02T10:00,call,x,línea uno,,\nC4,2026-03-02,letter,sent,,2026-03-09,")
    assert called.events()[0]["action"] == "import.contacts"
    called.done("db", "check")
