"""Dates of a file: one order for all, proved by the values or given."""

from datetime import date

import pytest

from core.importers.dates import DateReader, Order, decide_order, prove_order
from core.importers.refusals import AmbiguousDates
from core.importers.values import BadValue

DAY = date(2026, 3, 1)


def column(*cells):
    return [(cell,) for cell in cells]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01",
        "2026-3-1",
        "2026/03/01",
        "2026.03.01",
        "20260301",
        "2026-03-01 00:00:00",
        "2026-03-01T00:00:00",
        "2026-03-01T00:00:00Z",
        "2026-03-01 00:00:00.000",
        " 2026-03-01 ",
        "2026-03-01 00:00",
    ],
)
@pytest.mark.parametrize("order", [None, *Order])
def test_year_first_reads_whatever_the_order(cell, order):
    assert DateReader(order)(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "01/03/2026",
        "1/3/2026",
        "01-03-2026",
        "01.03.2026",
        "01/03/2026 00:00",
        "1/3/2026 0:00:00",
        "01/03/2026 12:00:00 AM",
        "01/03/2026 12:00:00 a. m.",
    ],
)
def test_slashed_dates_read_in_the_order_of_the_file(cell):
    assert DateReader(Order.DMY)(cell) == DAY
    assert DateReader(Order.MDY)(cell) == date(2026, 1, 3)


@pytest.mark.parametrize(
    ("order", "cell"), [(Order.DMY, "3/14/2026"), (Order.MDY, "14/03/2026"), (Order.YMD, "01/03/2026")]
)
def test_a_date_against_the_order_is_bad(order, cell):
    with pytest.raises(BadValue, match="orden del archivo"):
        DateReader(order)(cell)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/09/2026", "no existe"),
        ("29/02/2026", "no existe"),
        ("2026-02-30", "no existe"),
        ("13/13/2026", "no existe"),
        ("00/01/2026", "no existe"),
        ("2026-13-01", "no existe"),
        ("01/03/26", "cuatro cifras"),
        ("1-3-26", "cuatro cifras"),
        ("2026-03-01 13:05:00", "hora"),
        ("2026-03-01T00:00:01", "hora"),
        ("01/03/2026 14:00", "hora"),
        ("01/01/1899", "1900 a 2100"),
        ("2101-01-01", "1900 a 2100"),
        ("9999-12-31", "1900 a 2100"),
        ("46000", "no es una fecha"),
        ("mañana", "no es una fecha"),
        ("", "no es una fecha"),
        ("#REF!", "no es una fecha"),
        ("01/03-2026", "no es una fecha"),
        ("01/mar/2026", "no es una fecha"),
        ("１/３/2026", "no es una fecha"),
    ],
)
def test_a_bad_date_says_why(cell, reason):
    with pytest.raises(BadValue, match=reason):
        DateReader(Order.DMY)(cell)


def test_leap_days_and_the_ends_of_the_calendar_read():
    read = DateReader(Order.DMY)
    assert read("29/02/2028") == date(2028, 2, 29)
    assert read("01/01/1900") == date(1900, 1, 1)
    assert read("31/12/2100") == date(2100, 12, 31)


def test_one_value_proves_the_order_of_the_file():
    assert prove_order(column("3/4/2026", "3/14/2026")).order is Order.MDY
    assert prove_order(column("3/4/2026", "14/3/2026")).order is Order.DMY


def test_any_date_column_proves_it():
    assert prove_order([("03/04/2026", ""), ("04/04/2026", "31/12/2026")]).order is Order.DMY


def test_proofs_that_contradict_make_the_fewer_rows_bad():
    assert prove_order(column("13/1/2026", "1/13/2026", "1/14/2026")).order is Order.MDY
    assert prove_order(column("13/1/2026", "14/1/2026", "1/14/2026")).order is Order.DMY


def test_as_many_proofs_make_the_month_first_ones_bad():
    assert prove_order(column("1/13/2026", "13/1/2026")).order is Order.DMY


def test_proofs_are_counted_by_row():
    rows = [("13/1/2026", "14/1/2026"), ("1/13/2026", ""), ("1/13/2026", "")]
    assert prove_order(rows).order is Order.MDY


def test_without_proof_a_date_that_reads_both_ways_asks_for_the_order():
    with pytest.raises(AmbiguousDates, match="--date-order"):
        decide_order(column("05/05/2026", "03/04/2026"))
    assert decide_order(column("03/04/2026"), Order.DMY) is Order.DMY


def test_iso_dates_prove_nothing():
    with pytest.raises(AmbiguousDates):
        decide_order([("03/04/2026", "2026-05-31")])


def test_dates_that_read_one_way_need_no_order():
    assert decide_order(column("05/05/2026", "2026-03-04", "", "abc", "20260301")) is None
    assert DateReader(None)("05/05/2026") == date(2026, 5, 5)


def test_a_date_that_exists_in_no_order_proves_nothing_impossible():
    assert prove_order(column("13/13/2026", "32/01/2026", "00/15/2026")).order is None
    assert prove_order(column("31/09/2026", "03/04/2026")).order is Order.DMY
