"""The customer's own list: headings as customers write them, amounts with signs, and hostile files refused in words."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.importers.customer_list import NoListHeader, read_list
from core.importers.refusals import AmbiguousDates, BadFile


def read(text, name="lista.csv", **asked):
    return read_list(name, text.encode() if isinstance(text, str) else text, **({"currency": "MXN"} | asked))


def test_headings_below_a_title_in_any_order_and_totals_left_out():
    found = read(
        "Proveedor: Nosotros\n\nSaldo;Fecha factura;No. factura;Folio fiscal\n"
        '"1,234.50";15/03/2026;00012;ab-1\n\n$10.00;;A-2;\nTotal;;;\n1244.50;;;\n'
    )
    assert [(one.row, one.number, one.on, one.amount, one.uuid) for one in found.rows] == [
        (4, "00012", date(2026, 3, 15), Decimal("1234.50"), "AB-1"), (6, "A-2", None, Decimal("10.00"), None),
    ]  # fmt: skip
    assert found.columns["number"] == "No. factura"


def test_a_balance_counts_before_an_amount_and_a_credit_is_negative():
    assert [one.amount for one in read("folio,importe,saldo\nF1,100.00,40.00\nF2,50.00,\n").rows] == [
        Decimal("40.00"), Decimal("50.00"),
    ]  # fmt: skip
    assert [one.amount for one in read("folio,cargo,abono\nF1,100.00,\nN1,,30.00\nN2,(5.00),\n").rows] == [
        Decimal("100.00"), Decimal("-30.00"), Decimal("-5.00"),
    ]  # fmt: skip


def test_rows_of_another_currency_are_counted_and_left_out():
    found = read("folio,saldo,moneda\nF1,1.00,MXN\nF2,2.00,USD\nF3,3.00,\n")
    assert ([one.number for one in found.rows], found.others) == (["F1", "F3"], 1)


def test_every_bad_row_is_told_with_its_number():
    with pytest.raises(DomainError) as refused:
        read("folio,saldo,fecha\nF1,abc,\n,5.00,13/03/2026\nF3,,\nF4,1.00,31/31/2026\n")
    lines = refused.value.lines()
    assert [line.partition(":")[0] for line in lines] == ["Fila 2", "Fila 3", "Fila 4", "Fila 5"]


def test_many_bad_rows_are_told_in_few_lines():
    with pytest.raises(DomainError) as refused:
        read("folio,saldo\n" + "F1,abc\n" * 100)
    assert refused.value.lines()[-1] == "Y 88 filas más con problemas."


def test_dates_that_read_both_ways_are_asked_about():
    with pytest.raises(AmbiguousDates):
        read("folio,saldo,fecha\nF1,1.00,05/06/2026\n")


@pytest.mark.parametrize(
    ("name", "data"),
    [("lista.pdf", b"%PDF-1.4"), ("lista.xlsx", b"PK\x03\x04 not a workbook"), ("lista.csv", b"MZ\x00\x01\x02"),
     ("lista.csv", b""), ("lista.xlsx", b"folio,saldo\nF1,1.00\n"), ("lista.csv", b"<html><table></table></html>")],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(name, data):
    with pytest.raises(BadFile) as refused:
        read(data, name)
    assert name in str(refused.value)


def test_a_list_without_folio_or_amount_is_refused():
    for text in ("nombre,saldo\nAna,1.00\n", "folio,nombre\nF1,Ana\n", "a,b\n1,2\n"):
        with pytest.raises(NoListHeader):
            read(text)
