"""Microsip: receipts and credit notes, a row for each charge that they credit."""

from decimal import Decimal

import pytest

HEADER = (
    "DOCTO_CC_ID,FOLIO,FECHA,CLIENTE_ID,NOMBRE,NATURALEZA_CONCEPTO,IMPORTE,IMPUESTO,CANCELADO,DOCTO_CC_ACR_ID,"
    "FECHA_VENCIMIENTO\n"
)
CHARGES = (
    "501,A1,2026-03-01,55,Uno,C,100.00,16.00,N,501,2026-03-31\n502,A2,2026-03-02,55,Uno,C,50.00,8.00,N,502,2026-04-01\n"
)
RECEIPT = "601,R9,2026-03-10,55,Uno,R,100.00,16.00,N,501,\n601,R9,2026-03-10,55,Uno,R,20.00,3.20,N,502,\n"


@pytest.fixture
def microsip(database, load):
    return lambda rows, *options: load("documents", HEADER + rows, "--layout", "microsip", *options)


def test_a_receipt_closes_the_charges_that_its_rows_name(microsip, balances):
    answer = microsip(CHARGES + RECEIPT)
    assert answer.code == 0, answer.err
    assert (answer.data["read"], answer.data["new"], answer.data["total"]) == (4, 4, {"MXN": "313.20"})
    assert balances() == {"A2": Decimal("34.80")}


def test_where_the_rows_stand_does_not_matter(microsip, balances):
    assert microsip(RECEIPT + CHARGES).code == 0
    assert balances() == {"A2": Decimal("34.80")}


def test_the_same_export_again_changes_nothing(microsip, balances):
    microsip(CHARGES + RECEIPT)
    again = microsip(CHARGES + RECEIPT)
    assert (again.code, again.data["repeated"], again.data["new"]) == (0, 4, 0)
    assert balances() == {"A2": Decimal("34.80")}


def test_later_receipts_come_with_the_charges_that_are_there_already(microsip, balances):
    microsip(CHARGES)
    later = microsip(CHARGES + RECEIPT)
    assert (later.code, later.data["repeated"], later.data["new"]) == (0, 2, 2)
    assert balances() == {"A2": Decimal("34.80")}


def test_a_row_that_names_no_charge_stays_in_favour(microsip, balances):
    assert microsip(CHARGES + "602,R10,2026-03-10,55,Uno,R,10.00,1.60,N,,\n").code == 0
    assert balances() == {"A1": Decimal(116), "A2": Decimal(58), "R10": Decimal("-11.60")}


def test_a_receipt_may_leave_a_part_in_favour(microsip, balances):
    rows = "601,R9,2026-03-10,55,Uno,R,100.00,16.00,N,501,\n601,R9,2026-03-10,55,Uno,R,4.00,0.00,N,,\n"
    assert microsip(CHARGES + rows).code == 0
    assert balances() == {"A2": Decimal(58), "R9": Decimal(-4)}


def test_a_row_that_stands_twice_counts_once(microsip, balances):
    twice = microsip(CHARGES + RECEIPT + RECEIPT.split("\n", 1)[0] + "\n")
    assert (twice.code, twice.data["new"], twice.data["repeated"]) == (0, 4, 1)
    assert balances() == {"A2": Decimal("34.80")}


def test_a_charge_that_is_not_in_the_file_is_asked_for_and_the_whole_receipt_stays_out(microsip, balances, tmp_path):
    rows = CHARGES + RECEIPT.replace(",502,", ",999,")
    refused = microsip(rows)
    assert refused.code == 1
    assert [line.split(": ")[0] for line in refused.reasons] == ["rows.csv:4", "rows.csv:5"]
    assert "999" in refused.reasons[1]
    assert "DOCTO_CC_ID" in refused.reasons[1]
    skipped = microsip(rows, "--skip-bad-rows", "--rejected", tmp_path / "bad.csv")
    assert (skipped.data["new"], skipped.data["rejected"]) == (2, 2)
    assert balances() == {"A1": Decimal(116), "A2": Decimal(58)}


def test_more_than_the_charge_has_open_is_refused_in_all_its_rows(microsip):
    refused = microsip(CHARGES + RECEIPT.replace("20.00,3.20", "58.01,0.00"))
    assert refused.code == 1
    assert {line.split(": ")[0] for line in refused.reasons} == {"rows.csv:4", "rows.csv:5"}


def test_a_row_that_cannot_be_read_keeps_the_others_of_its_receipt_out(microsip, balances, tmp_path):
    rows = CHARGES + RECEIPT.replace("20.00,3.20", "veinte,3.20")
    answer = microsip(rows, "--skip-bad-rows", "--rejected", tmp_path / "bad.csv")
    assert (answer.data["new"], answer.data["rejected"]) == (2, 2)
    assert balances() == {"A1": Decimal(116), "A2": Decimal(58)}


def test_a_cancelled_charge_takes_its_receipts_with_it(microsip):
    cancelled = CHARGES.replace("16.00,N,501", "16.00,S,501")
    assert "501" in " ".join(microsip(cancelled + RECEIPT).reasons)


def test_without_folios_the_ids_are_the_numbers_also_of_charges_loaded_before(database, load, balances):
    def without(rows: str) -> str:
        return "\n".join(",".join(line.split(",")[:1] + line.split(",")[2:]) for line in rows.splitlines())

    assert load("documents", without(HEADER + CHARGES), "--layout", "microsip").code == 0
    assert load("documents", without(HEADER + RECEIPT), "--layout", "microsip").code == 0
    assert balances() == {"502": Decimal("34.80")}


def test_an_amount_that_is_none_is_a_bad_row_though_it_is_added_to_another(microsip):
    refused = microsip(CHARGES.replace("100.00,16.00", "cien,16.00"))
    assert refused.code == 1
    assert refused.reasons[0].startswith("rows.csv:2: ")
