"""The header row and the rows that are no data."""

import pytest

from core.importers.headers import find_header, is_blank, is_total_row

KNOWN = {"factura": "number", "cliente": "customer", "fecha": "issue_date", "importe": "total"}


def test_the_header_is_found_below_title_rows():
    rows = [["Compañía, S.A."], ["Cliente:", "todos"], [], ["Factura", "CLIENTE", "Fecha", "Importe"], ["F1", "C1"]]
    assert find_header(rows, KNOWN.get) == 3


def test_blank_headers_and_unknown_columns_do_no_harm():
    assert find_header([["", "Factura", "Otra", "cliente "]], KNOWN.get) == 0


def test_the_first_of_equal_rows_is_the_header():
    header = ["Factura", "Cliente"]
    assert find_header([header, ["F1", "C1"], header], KNOWN.get) == 0


def test_without_enough_known_names_there_is_no_header():
    assert find_header([["Factura", "x"], ["F1", "C1"]], KNOWN.get) is None
    assert find_header([["Factura", "Factura", "factura"]], KNOWN.get) is None
    assert find_header([["Factura", "Cliente"]], KNOWN.get, at_least=3) is None
    assert find_header([], KNOWN.get) is None


def test_any_number_of_title_rows_may_come_first():
    assert find_header([["x"]] * 500 + [["Factura", "Cliente"]], KNOWN.get) == 500
    assert find_header([["x"]] * 500, KNOWN.get) is None


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL GENERAL", "Totales", "Subtotal", "Sub total", "Sub-Total:", "Gran total", "Suma", "SUMAS",
             "Grand Total", "Total cliente C001", "*", "***", "Suma total"],
)  # fmt: skip
def test_a_row_that_begins_with_total_and_fills_no_other_key_is_left_out(word):
    assert is_total_row([word, "", "", "", "3,000.50"], keys=[0, 1, 2, 3])
    assert is_total_row(["", word, "", "", "3,000.50"], keys=[0, 1, 2, 3])


def test_a_total_may_stand_in_a_column_that_is_no_key():
    assert is_total_row(["Total", "", "", "5.00"], keys=[1, 2])


@pytest.mark.parametrize(
    "cells",
    [
        ["Total Play", "TP1", "", "5.00"], ["invoice", "F1", "C1", "5.00"], ["TP1", "Total Play", "", "5.00"],
        ["", "", "", "5.00"], ["", "", "", ""], ["Totalmente nuevo", "", "", ""], ["*F1", "", "", ""], [],
    ],
)  # fmt: skip
def test_a_real_row_is_never_left_out(cells):
    assert not is_total_row(cells, keys=[0, 1, 2])


def test_a_row_of_figures_alone_is_a_total_when_the_caller_says_which_are_figures():
    assert is_total_row(["", "", "MXN", "5.00"], keys=[0, 1], figures={2, 3})
    assert not is_total_row(["", "x", "MXN", "5.00"], keys=[0, 1], figures={2, 3})
    assert not is_total_row(["", "", "", ""], keys=[0, 1], figures={2, 3})


def test_blank_rows_hold_nothing_but_blanks():
    assert is_blank([])
    assert is_blank(["", " ", "\u00a0"])
    assert not is_blank(["", "0"])
