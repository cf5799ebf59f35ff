"""The text of one cell to its value: every notation that the contract allows or refuses."""

from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importers.folding import fold
from core.importers.values import (
    MAX_CENTS,
    BadValue,
    amount,
    cents,
    choice,
    code,
    currency,
    percentage,
    rate,
    text,
    whole,
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.56", 123456),
        ("1,234.56", 123456),
        ("$1,234.56", 123456),
        ("$ 1,234.56", 123456),
        ("38", 3800),
        ("38.5", 3850),
        (".50", 50),
        ("0", 0),
        ("0.00", 0),
        ("007.10", 710),
        ("1,234", 123400),
        ("1,234,567", 123456700),
        ("9,999,999,999,999.99", MAX_CENTS),
        ("\u00a012.00 ", 1200),
        ("(12.00)", -1200),
        ("12.00-", -1200),
        ("-12.00", -1200),
        ("-$12.00", -1200),
        ("$-12.00", -1200),
        ("($1,234.56)", -123456),
        ("-0.00", 0),
    ],
)
def test_an_amount_is_read_in_every_notation_of_the_contract(cell, value):
    assert cents(cell) == (value, False)
    assert amount(cell) == (Decimal(value) / 100, False)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "abc",
        "1.234,56",
        "1,23",
        "12,34.56",
        "1,2345",
        "1,234,56",
        "0,500",
        "1e5",
        "1E5",
        "NaN",
        "Infinity",
        "-inf",
        "#REF!",
        "#N/A",
        "１２",
        "٣",
        "1_000",
        "1 234",
        "12.",
        ".",
        "-",
        "$",
        "()",
        "(-12)",
        "-12-",
        "--5",
        "(12",
        "12)",
        "+5",
        "MXN 12",
        "12 USD",
        "=1+1",
        "1.2.3",
        "12%",
        "€12",
        "0x10",
        "true",
        "2026-03-01",
    ],
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(BadValue, match="no es un importe"):
        cents(cell)


@pytest.mark.parametrize("cell", ["10000000000000.00", "9999999999999.995", "1" * 31, "1" * 5000])
def test_an_amount_too_large_is_refused_and_says_the_largest(cell):
    with pytest.raises(BadValue, match=r"9,999,999,999,999\.99"):
        cents(cell)


@pytest.mark.parametrize(
    ("cell", "value", "rounded"),
    [
        ("1.005", 101, True),
        ("1.0049", 100, True),
        ("0.125", 13, True),
        ("-0.125", -13, True),
        ("(0.005)", -1, True),
        ("2.994999999", 299, True),
        ("1.2300", 123, False),
        ("11173.020", 1117302, False),
        ("0.001", 0, True),
    ],
)
def test_three_decimals_are_rounded_half_up_and_said_when_they_count(cell, value, rounded):
    assert cents(cell) == (value, rounded)


@given(st.integers(-MAX_CENTS, MAX_CENTS))
def test_every_amount_survives_each_notation_exactly(value):
    exact = Decimal(value).scaleb(-2)
    size = abs(exact)
    signed = [f"({size:,})", f"{size}-", f"-${size:,}"] if value < 0 else [f"${size:,}"]
    for cell in [f"{exact}", f"{exact:,}", *signed]:
        assert cents(cell) == (value, False)
        assert amount(cell)[0] == exact


@given(st.decimals(min_value=0, max_value=10**9, places=5))
def test_rounding_is_half_up_for_any_amount(value):
    assert amount(f"{value}")[0] == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_a_bad_value(cell):
    with suppress(BadValue):
        assert abs(cents(cell).cents) <= MAX_CENTS


def test_a_rate_keeps_six_decimals_and_no_more():
    assert rate("17.123456") == Decimal("17.123456")
    assert rate("17.5") == Decimal("17.500000")
    assert rate("17.1234560") == Decimal("17.123456")
    with pytest.raises(BadValue, match="más de 6 decimales"):
        rate("17.1234567")


@pytest.mark.parametrize("cell", ["0", "0.000000", "-17", "(17)"])
def test_a_rate_is_above_zero(cell):
    with pytest.raises(BadValue, match="mayor que cero"):
        rate(cell)


def test_a_percentage_keeps_four_decimals_and_may_carry_its_sign():
    assert percentage("2.1234") == percentage(" 2.1234 % ") == Decimal("2.1234")
    with pytest.raises(BadValue, match="más de 4 decimales"):
        percentage("2.12345")
    with pytest.raises(BadValue, match="negativo"):
        percentage("-1")
    with pytest.raises(BadValue, match="no es un porcentaje"):
        percentage("dos")


def test_a_whole_number_may_come_as_excel_writes_it():
    assert whole("38") == whole("38.0") == whole(" 38.00 ") == 38
    for cell in ("38.5", "treinta", "", "1e2"):
        with pytest.raises(BadValue, match="número entero"):
            whole(cell)
    with pytest.raises(BadValue, match="entre 0 y 365"):
        whole("-1", most=365)
    with pytest.raises(BadValue, match="entre 0 y 365"):
        whole("366", most=365)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0012", "0012"),
        ("2960623488.0", "2960623488"),
        (" C-1 ", "C-1"),
        ("1.50", "1.50"),
        ("A.0", "A.0"),
        ("00.0", "00"),
        ("F-1/A ñ", "F-1/A ñ"),
        ("\u00a0C1\u200b", "C1"),
        ("12E3", "12E3"),
    ],
)
def test_a_code_keeps_its_zeros_and_loses_what_excel_added(cell, value):
    assert code(cell, 40) == value


def test_a_code_that_excel_turned_into_a_number_is_refused():
    with pytest.raises(BadValue, match="formato de texto"):
        code("2.96062E+09", 40)


def test_a_text_too_long_is_refused_and_never_cut():
    assert text("x" * 10, 10) == "x" * 10
    with pytest.raises(BadValue, match="11 caracteres; el máximo es 10"):
        text("x" * 11, 10)


def test_a_text_stays_as_written_but_for_blanks_around_and_line_breaks():
    for written in (
        "=1+1",
        "+52",
        "-x",
        "@y",
        "x\u00a0y",
        "O'Brien'); DROP TABLE",
        "日本 100 % {x} ${y}",
        "🏗️ <b>x</b>",
    ):
        assert text(f"  {written}  ", 80) == written
    assert text("Calle 1\r\n\tCentro", 80) == "Calle 1 Centro"
    assert text("uno\r\ndos", 80, multiline=True) == "uno\ndos"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_refused_and_not_repeated(character):
    with pytest.raises(BadValue, match="caracteres de control") as refusal:
        text(f"a{character}b", 80)
    assert character not in refusal.value.sentence()


def test_a_currency_is_an_iso_code_in_use():
    assert currency("MXN") == "MXN"
    assert currency(" usd ") == "USD"
    for cell in ("PESOS", "M.N.", "MXP", "XAU", "$", "", "US"):
        with pytest.raises(BadValue, match="código ISO"):
            currency(cell)


def test_words_of_closed_lists_are_compared_without_case_and_accents():
    allowed = {"factura": "invoice", "notadecredito": "credit_note", "creditnote": "credit_note"}
    assert choice("Nota de Crédito", allowed) == "credit_note"
    assert choice(" FACTURA ", allowed) == "invoice"
    with pytest.raises(BadValue, match="«remisión» no es uno de los valores posibles: invoice, credit_note"):
        choice("remisión", allowed)


def test_a_refusal_quotes_a_cell_in_one_short_line():
    with pytest.raises(BadValue) as refusal:
        cents("muy\nlargo " * 100)
    assert "\n" not in refusal.value.sentence()
    assert len(refusal.value.sentence()) < 120


def test_braces_in_a_cell_are_only_text():
    with pytest.raises(BadValue, match=r"\{x\}"):
        cents("{x}")


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("Nº documento", "nodocumento"),
        ("N° documento", "nodocumento"),
        ("No. Documento", "nodocumento"),
        ("RAZÓN SOCIAL", "razonsocial"),
        ("cust_number", "custnumber"),
        ("Invoice/CM #", "invoicecm"),
        ("", ""),
        ("  Fe.contabilización ", "fecontabilizacion"),
        ("Día\n(hábil)", "diahabil"),
        ("Año", "ano"),
    ],
)
def test_headers_are_folded_to_letters_and_digits(header, folded):
    assert fold(header) == folded
