"""CSV: the mark of UTF-8, plain amounts, ISO dates, and no text that runs."""

import csv as reader
import io
from datetime import date, datetime
from decimal import Decimal

import pytest

from core.files import csv
from core.files.table import Column, Kind, Sheet

COLUMNS = [
    Column("customer", "Cliente"),
    Column("due_date", "Vence", Kind.DATE),
    Column("open", "Saldo", Kind.AMOUNT, total=True),
    Column("currency", "Moneda"),
]
ROW = ("Peña, S.A.", date(2026, 3, 31), Decimal("-1234.50"), "MXN")


def rows_of(*rows, **options):
    sheet = Sheet(title="Saldos", columns=COLUMNS, rows=rows, notes=["Región: NORTE"], totals_by="currency")
    data = csv.document(sheet, **options)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(reader.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_amounts_are_plain_and_dates_iso():
    assert rows_of(ROW) == [["Cliente", "Vence", "Saldo", "Moneda"], ["Peña, S.A.", "2026-03-31", "-1234.50", "MXN"]]


def test_programs_get_canonical_names():
    assert rows_of(keys=True) == [["customer", "due_date", "open", "currency"]]


@pytest.mark.parametrize("text", ["=1+1", "+52", "-x", "@y", "\tx", "\rx"])
def test_a_text_that_would_run_comes_after_an_apostrophe(text):
    assert rows_of((text, None, None, "MXN"))[1][0] == "'" + text


@pytest.mark.parametrize("text", ["'x", 'a "b"', "a,b", "a\nb", "日本", "1=1"])
def test_other_texts_stay_as_they_are(text):
    assert rows_of((text, None, None, "MXN"))[1] == [text, "", "", "MXN"]


def test_a_decimal_never_shows_an_exponent():
    assert rows_of(("a", None, Decimal("0E-8"), "MXN"))[1][2] == "0.00000000"
    assert rows_of(("a", None, Decimal("1E+3"), "MXN"))[1][2] == "1000"


def test_heading_and_totals_stand_around_the_table_when_asked_for():
    rows = rows_of(ROW, ("B", None, Decimal("5.00"), "USD"), heading=True, totals=True)
    assert rows[:3] == [["Saldos"], ["Región: NORTE"], []]
    assert rows[-2:] == [["Total MXN", "", "-1234.50", ""], ["Total USD", "", "5.00", ""]]


def test_a_moment_is_written_to_the_second():
    sheet = Sheet(title="x", columns=[Column("at", "Hora", Kind.DATETIME)], rows=[(datetime(2026, 3, 1, 13, 5),)])
    assert b"2026-03-01 13:05:00" in csv.document(sheet)


def test_a_row_of_another_length_is_a_bug():
    with pytest.raises(ValueError, match="zip"):
        rows_of(("a",))
