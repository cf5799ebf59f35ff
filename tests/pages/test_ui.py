"""What screens are made of: figures, escaped text, forms' amounts, tickets, files made on the click, colours."""

import io
from decimal import Decimal

import openpyxl
import plotly.graph_objects as go
import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from core import i18n
from core.audit.models import AuditEvent
from core.auth import sessions
from core.auth.actor import Actor, Role
from core.auth.queries import user_named
from core.db import reading, transaction
from core.errors import NotAllowed
from core.files import excel
from core.files.table import Column, Kind, Sheet
from core.portfolio.words import bucket_word
from pages.ui import charts, columns, customer_charts, downloads, figures, forms, steps, text
from pages.ui.session import TICKETS, Tickets


@pytest.mark.parametrize(
    ("value", "shown"),
    [("73949148.55", "$73.9 M"), ("999500.00", "$1.0 M"), ("999499.99", "$999 mil"), ("761000.00", "$761 mil"),
     ("9999.99", "$9,999.99"), ("0.00", "$0.00"), ("-5.50", "-$5.50"), ("-85362.80", "-$85 mil"),
     ("1234567890.12", "$1,234.6 M")],
)  # fmt: skip
def test_money_is_shortened(value, shown):
    assert figures.compact(Decimal(value)).replace(figures.NBSP, " ") == shown


def test_what_is_not_known_is_no_zero():
    assert {figures.compact(None), figures.percent(None), figures.decimal(None), figures.exact(None)} == {"s/d"}
    assert figures.percent(Decimal("44.65")) == f"44.7{figures.NBSP}%"


@pytest.mark.parametrize(
    "typed", ["<script>", "**negrita**", "$x$ y $z$", ":red[hola]", "[a](http://x)", "# título", "a\nb"]
)
def test_user_text_stays_text(typed):
    escaped = text.plain(typed)
    assert not any(mark in escaped.replace(f"\\{mark}", "") for mark in "<*$:[]#`_")
    assert "\n" not in escaped
    assert "<" not in text.markup(typed)


@pytest.mark.parametrize(("typed", "value"), [("12,500.00", "12500.00"), ("$1.5", "1.50"), (" 7 ", "7.00")])
def test_amounts_are_read_as_people_write_them(typed, value):
    assert forms.amount(typed) == Decimal(value)


def test_a_blank_amount_is_asked_for():
    with pytest.raises(forms.AmountMissing):
        forms.amount(" ")


@pytest.mark.parametrize("typed", ["abc", "1.234,56", "1,23", "-5", "1e5", "NaN", "1.005", "99999999999999"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(forms.AmountNotRead):
        forms.amount(typed)


def test_a_ticket_is_good_once_and_for_one_browser():
    tickets = Tickets()
    stolen, given = tickets.issue("cookie", "ana"), tickets.issue("cookie", "ana")
    assert tickets.redeem(stolen, "otra") is None
    assert tickets.redeem(stolen, "ana") is None, "one try, whoever made it"
    assert tickets.redeem(given, "ana") == "cookie"
    assert tickets.redeem(given, "ana") is None
    assert tickets.redeem("", "ana") is None


def test_a_ticket_is_over_after_half_a_minute(monkeypatch):
    tickets = Tickets()
    ticket = tickets.issue("cookie", "ana")
    monkeypatch.setattr("time.monotonic", lambda: 1e12)
    assert tickets.redeem(ticket, "ana") is None


def test_the_cookie_is_handed_over_until_the_browser_has_come_for_it():
    at = AppTest.from_function(_remembers)
    ticket = at.session_state["remember"] = TICKETS.issue("cookie", "ana")
    for _ in range(2):  # a run that another one overtakes never reaches the browser
        assert ticket in at.run().html[0].proto.body
    TICKETS.redeem(ticket, "ana")
    assert not at.run().html


def _remembers() -> None:
    from pages.ui import session

    session.remember()


def a_sheet(actor: Actor) -> Sheet:
    return Sheet(
        title="Saldos", notes=["Moneda: MXN"], rows=[("=1+1", Decimal("2.50")), ("B", Decimal("1.00"))],
        columns=[Column("name", "Nombre"), Column("amount", "Importe", Kind.AMOUNT, total=True)],
    )  # fmt: skip


def key_of(name: str) -> str:
    with transaction() as session:
        user = user_named(session, name)
        assert user is not None
        return sessions.open_session(session, user)


def test_a_file_is_made_as_who_clicks_says_who_and_is_in_the_log(who):
    made = downloads._made(key_of(who(Role.CASHIER)), excel.workbook, a_sheet, "saldos.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row]
    assert any("Generado por ana" in str(cell) for cell in cells)
    assert "=1+1" in cells
    with reading() as session:
        event = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.action, event.user_name, event.facts) == ("table.exported", "ana", {"file": "saldos.xlsx", "rows": 2})


def test_who_is_no_longer_signed_in_gets_no_file(who):
    with pytest.raises(NotAllowed):
        downloads._made("x", excel.workbook, a_sheet, "saldos.xlsx")
    key = key_of(who())
    with transaction() as session:
        sessions.sign_out(session, Actor(1, "ana", Role.ADMIN), key=key)
    with pytest.raises(NotAllowed):
        downloads._made(key, excel.workbook, a_sheet, "saldos.xlsx")


@pytest.mark.parametrize(
    ("name", "label"), [("current", "Por vencer"), ("1-30", "1–30"), ("121+", "+120"), ("1+", "+0")]
)
def test_buckets_are_named_for_people(name, label):
    assert bucket_word(name) == label


@pytest.mark.parametrize("count", range(1, 14))
def test_any_number_of_buckets_keeps_both_ends_of_the_ramp(count):
    inks = charts.inks(count)
    assert len(inks) == count
    assert inks[0] == charts.inks(6)[0]
    assert count == 1 or inks[-1] == charts.inks(6)[-1]


AMOUNTS = [Decimal("10.00"), Decimal("5.50")]


@pytest.mark.parametrize(
    "figure",
    [
        charts.aging_bars([("Ana", AMOUNTS), ("Beto", [Decimal("0.00")] * 2)], ["current", "1+"]),
        customer_charts.ages(AMOUNTS, ["current", "1+"]),
        customer_charts.line_use(Decimal("120.00"), Decimal("100.00")),
    ],
    ids=["aging", "ages of a customer", "use of the line"],
)  # fmt: skip
def test_charts_are_what_plotly_knows_for_they_are_sent_as_they_are(figure):
    assert len(go.Figure(figure).data) == len(figure["data"])


def test_bars_are_plain_data_with_the_exact_amount_on_hover():
    figure = charts.aging_bars([("<b>Ana</b>", [Decimal("100000.00"), Decimal("5.50")])], ["current", "1+"])
    first, second, total = figure["data"]
    assert first["y"] == ["&lt;b&gt;Ana&lt;/b&gt;"]
    assert (first["customdata"], second["customdata"], total["customdata"]) == (
        ["$100,000.00"], ["$5.50"], ["$100,005.50"],
    )  # fmt: skip
    assert (first["text"], second["text"]) == (["100"], [""])
    assert charts.aging_bars([], ["current", "1+"])["data"]


def test_bars_count_in_thousands_until_one_is_a_million_long():
    small, large = [("Ana", [Decimal("999999.99")])], [("Ana", [Decimal("1000000.00"), Decimal("49999.99")])]
    assert charts.told(small).startswith("Miles")
    assert charts.told(large).startswith("Millones")
    assert [bar["text"] for bar in charts.aging_bars(large, ["current", "1+"])["data"][:2]] == [["1.0"], [""]]


def test_customers_of_one_name_have_a_bar_each():
    same = [
        ("Casa de Materiales Vega de la Tuna", [Decimal("1.00")]),
        ("Casa de Materiales Vega de los Sauzales", [Decimal("2.00")]),
    ]
    [bar, _total] = charts.aging_bars(same, ["current"])["data"]
    assert len(set(bar["y"])) == 2


def test_steps_know_which_is_now():
    assert [one.state for one in steps.at(1, [("a", ""), ("b", ""), ("c", "")])] == [
        steps.State.DONE, steps.State.NOW, steps.State.LATER,
    ]  # fmt: skip


def test_tables_keep_amounts_exact():
    frame = columns.frame([Column("a", "b", width=3)], ["key", "width"])
    assert list(frame.iloc[0]) == ["a", 3]


def test_english_short_amounts():
    i18n.use("en")
    assert figures.compact(Decimal(761_000)).replace(figures.NBSP, " ") == "$761 k"
