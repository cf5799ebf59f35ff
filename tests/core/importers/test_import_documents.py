"""Kind `documents`: derived values, currencies, what is refused, what is known, credit notes that are applied."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.db import reading
from core.documents.models import Document
from core.files import excel
from core.files.table import Column, Kind, Sheet
from core.ledger.models import Entry

HEADER = "kind,number,customer,issue_date,total"
D = Decimal


def document(number: str) -> Document:
    with reading() as session:
        return session.scalars(select(Document).where(col(Document.number) == number)).one()


def instalments(number: str) -> list[tuple[int, date | None, Decimal]]:
    with reading() as session:
        rows = session.scalars(select(Entry).where(col(Entry.number) == number).order_by(col(Entry.instalment)))
        return [(one.instalment, one.due_on, one.amount) for one in rows]


def row(**cells: str) -> str:
    """One document as a file, F1 of C1 for 100.00 unless said otherwise."""
    said = {"kind": "invoice", "number": "F1", "customer": "C1", "issue_date": "2026-03-01", "total": "100.00"} | cells
    return ",".join(said) + "\n" + ",".join(f'"{cell}"' for cell in said.values()) + "\n"


@pytest.mark.parametrize(
    ("cells", "due"),
    [
        ({}, date(2026, 3, 31)), ({"customer": "C2"}, date(2026, 3, 16)),
        ({"presented_date": "2026-03-10"}, date(2026, 4, 9)), ({"due_date": "2026-03-20"}, date(2026, 3, 20)),
        ({"due_date": "2026-03-20", "instalments": "2026-06-30:60;2026-05-31:40"}, date(2026, 6, 30)),
    ],
)  # fmt: skip
def test_when_a_document_is_due(book, cells, due):
    assert book("documents", row(**cells)).code == 0
    assert document("F1").due_on == due
    assert instalments("F1")[-1][1] == due


def test_instalments_are_numbered_by_due_date(book):
    book("documents", row(instalments="2026-06-30:60;2026-05-31:39.99;2026-04-30:0.01"))
    assert instalments("F1") == [
        (1, date(2026, 4, 30), D("0.01")), (2, date(2026, 5, 31), D("39.99")), (3, date(2026, 6, 30), D("60.00")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "subtotal"),
    [({}, "100.00"), ({"tax": "13.79"}, "86.21"), ({"subtotal": "90", "tax": "16"}, "90.00"), ({"tax": "0"}, "100.00")],
)  # fmt: skip
def test_the_subtotal_is_what_is_not_tax(book, cells, subtotal):
    book("documents", row(**cells))
    assert document("F1").subtotal == D(subtotal)


def test_the_rep_is_the_customers_of_that_moment_and_stays(book):
    book("customers", "code,legal_name,sales_rep\nC1,Uno,V1\n")
    book("documents", row())
    book("customers", "code,legal_name,sales_rep\nC1,Uno,V2\n")
    assert document("F1").sales_rep == "V1"
    assert book("documents", row(number="F2", sales_rep="V9")).code == 0
    assert document("F2").sales_rep == "V9"


def test_the_currency_is_the_customers_else_the_companys(book):
    book("customers", "code,legal_name,currency\nC3,Tres,USD\n")
    book("exchange_rates", "date,currency,rate\n2026-02-28,USD,17.5\n2026-03-02,USD,18\n")
    assert book("documents", row(customer="C3")).data["total"] == {"USD": "100.00"}
    assert (document("F1").exchange_rate, document("F1").currency) == (D("17.5"), "USD")
    assert book("documents", row(number="F2")).data["total"] == {"MXN": "100.00"}
    assert document("F2").exchange_rate == 1


def test_a_rate_comes_from_the_row_else_the_option_else_the_table(book):
    book("exchange_rates", "date,currency,rate\n2026-02-28,USD,17.5\n")
    rows = (
        f"{HEADER},currency,exchange_rate\ninvoice,F1,C1,2026-03-01,1,USD,20.123456\ninvoice,F2,C1,2026-03-01,1,USD,\n"
    )
    book("documents", rows + "invoice,F3,C1,2026-03-01,1,MXN,1\n", "--rate", "19")
    assert [document(number).exchange_rate for number in ("F1", "F2", "F3")] == [D("20.123456"), 19, 1]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"kind": "remisión"}, "kind"), ({"number": "F:1"}, "number"), ({"number": "F;1"}, "number"),
        ({"number": "x" * 61}, "number"), ({"number": ""}, "number"), ({"customer": "C9"}, "customer"),
        ({"customer": ""}, "customer"), ({"issue_date": "2026-02-30"}, "issue_date"),
        ({"issue_date": ""}, "issue_date"),
        ({"issue_date": "1/2/26"}, "issue_date"), ({"total": "-0.01"}, "total"), ({"total": "(5)"}, "total"),
        ({"total": "1.234,56"}, "total"), ({"total": "1,23"}, "total"), ({"total": "1e5"}, "total"),
        ({"total": "NaN"}, "total"), ({"total": "10,000,000,000,000.00"}, "total"), ({"total": "=1+1"}, "total"),
        ({"due_date": "mañana"}, "due_date"), ({"subtotal": "-1"}, "subtotal"), ({"tax": "-1"}, "tax"),
        ({"tax": "100.01"}, "tax"), ({"currency": "PESOS"}, "currency"), ({"currency": "USD"}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": "0"}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": "17.1234567"}, "exchange_rate"),
        ({"exchange_rate": "17"}, "exchange_rate"),
        ({"currency": "USD", "exchange_rate": "2", "total": "9,999,999,999,999.99"}, "total"),
        ({"applies_to": "F0"}, "applies_to"), ({"uuid": "x" * 37}, "uuid"), ({"notes": "x" * 1001}, "notes"),
        ({"instalments": "2026-04-30:30;2026-05-30:69.99"}, "instalments"),
        ({"instalments": "2026-04-30"}, "instalments"),
        ({"instalments": "2026-04-30:130;2026-05-30:-30"}, "instalments"),
        ({"kind": "credit_note", "instalments": "2026-04-30:100"}, "instalments"),
        ({"kind": "credit_note", "applies_to": "F9"}, "applies_to"),
        ({"kind": "credit_note", "applies_to": "F9:x"}, "applies_to"),
        ({"kind": "credit_note", "applies_to": "F8:1;F9"}, "applies_to"),
        ({"kind": "credit_note", "applies_to": "F9:0"}, "applies_to"),
        ({"kind": "credit_note", "applies_to": ":5"}, "applies_to"),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_rows_that_are_refused(book, cells, column):
    answer = book("documents", row(**cells))
    assert (answer.code, len(answer.reasons)) == (1, 1)
    assert answer.err.startswith(f"rows.csv:2: {column}: ")


def test_the_largest_amount_and_zero_are_taken(book):
    book("documents", row(total="9,999,999,999,999.99"))
    book("documents", row(number="F2", total="0.00"))
    assert [document(number).total for number in ("F1", "F2")] == [D("9999999999999.99"), 0]


def test_a_third_decimal_is_rounded_half_up_and_told_once_a_row(book):
    answer = book(
        "documents", f"{HEADER},subtotal\ninvoice,F1,C1,2026-03-01,10.005,8.625\ninvoice,F2,C1,2026-03-01,1.000,\n"
    )
    assert document("F1").total == D("10.01")
    [warning] = answer.data["warnings"]
    assert ": 1 (2)" in warning
    assert "0.010" in warning.replace("0.01.", "0.010.")


def test_due_before_issue_is_only_a_warning(book):
    answer = book("documents", row(due_date="2026-02-01"))
    assert (answer.data["new"], len(answer.data["warnings"])) == (1, 1)


def test_a_number_belongs_to_one_paper_whatever_its_kind(book):
    book("documents", row())
    book("payments", "number,date,amount,customer\nP1,2026-03-01,5,C1\n")
    assert book("documents", row(kind="debit_note")).err.startswith("rows.csv:2: kind: ")
    assert book("documents", row(number="P1")).err.startswith("rows.csv:2: number: ")
    assert book("payments", "number,date,amount,customer\nF1,2026-03-01,5,C1\n").err.startswith("rows.csv:2: number: ")
    assert book("documents", row(number=" F1 ")).data["repeated"] == 1
    assert book("documents", row(number="f1")).data["new"] == 1


def test_a_uuid_is_used_once_whatever_its_case(book):
    uuid = "5A8C7B1E-0F3D-4E1B-9C55-00000000000A"
    book("documents", row(uuid=uuid))
    assert book("documents", row(uuid=uuid.lower())).data["repeated"] == 1
    assert book("documents", row(number="F2", uuid=uuid.lower())).err.startswith("rows.csv:2: uuid: ")
    two = f"{HEADER},uuid\ninvoice,F3,C1,2026-03-01,1,abc\ninvoice,F4,C1,2026-03-01,1,ABC\n"
    assert book("documents", two).err.startswith("rows.csv:3: uuid: ")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"total": "100.01"}, "total"), ({"customer": "C2"}, "customer"), ({"issue_date": "2026-03-02"}, "issue_date"),
        ({"due_date": "2026-04-02"}, "due_date"), ({"currency": "USD"}, "currency"), ({"tax": "5"}, "tax"),
        ({"notes": "otra"}, "notes"), ({"instalments": "2026-03-31:50;2026-04-30:50"}, "instalments"),
        ({"po_number": "OC2"}, "po_number"), ({"presented_date": "2026-03-06"}, "presented_date"),
    ],
)  # fmt: skip
def test_a_known_document_that_says_otherwise_is_a_conflict(book, cells, column):
    first = {"notes": "una", "po_number": "OC1", "presented_date": "2026-03-05", "due_date": "2026-04-01"}
    book("documents", row(**first))
    answer = book("documents", row(**cells))
    assert answer.err.startswith(f"rows.csv:2: {column}: ")
    assert book("documents", row()).data["repeated"] == 1
    assert book("documents", row(**first)).data["repeated"] == 1


def test_what_was_due_by_instalments_and_a_due_date_is_repeated_all_the_same(book):
    rows = row(due_date="2026-03-31", instalments="2026-05-30:50;2026-04-30:50")
    book("documents", rows)
    assert book("documents", rows).data["repeated"] == 1


def test_a_document_gets_its_presentation_once_and_keeps_its_due_date(book):
    book("documents", row())
    answer = book("documents", row(presented_date="2026-03-10"))
    assert (answer.data["updated"], answer.data["new"]) == (1, 0)
    assert (document("F1").presented_on, document("F1").due_on) == (date(2026, 3, 10), date(2026, 3, 31))
    assert book("documents", row(presented_date="2026-03-10")).data["repeated"] == 1
    assert book("documents", row(presented_date="2026-03-11")).code == 1
    assert book("documents", row()).data["repeated"] == 1


def test_nothing_new_in_a_closed_month_but_what_is_known_stays_repeated_there(book, cli):
    book("documents", row())
    assert cli("close", "2026-03", "--today", "2026-04-15").code == 0
    assert book("documents", row()).data["repeated"] == 1
    assert book("documents", row(number="F2")).err.startswith("rows.csv:2: issue_date: ")
    assert book("documents", row(number="F3", issue_date="2026-04-01", due_date="2026-03-01")).code == 0
    assert book("documents", row(presented_date="2026-03-10")).data["updated"] == 1


def test_a_credit_note_drops_its_signs(book, balances):
    rows = f"{HEADER},subtotal,tax\ncredit_note,N1,C1,2026-03-01,-116.00,(100.00),16.00-\n"
    assert book("documents", rows).data["total"] == {"MXN": "116.00"}
    note = document("N1")
    assert (note.total, note.subtotal, note.tax) == (D(116), D(100), D(16))
    assert book("documents", rows.replace("-116", "116")).data["repeated"] == 1
    assert balances() == {"N1": D(-116)}


def test_a_credit_note_follows_the_charges_of_its_file(book, balances):
    book("documents", f"{HEADER},applies_to\ncredit_note,N1,C1,2026-03-05,130,F1;F2\ninvoice,F2,C1,2026-02-01,100,\n"
                      "invoice,F1,C1,2026-03-01,100,\n")  # fmt: skip
    assert balances() == {"F1": D(70)}  # F2 falls due first


def test_what_is_left_of_a_credit_note_stays_in_favour_and_nothing_open_is_told(book, balances):
    book("documents", row())
    rows = f"{HEADER},applies_to\ncredit_note,N1,C1,2026-03-05,130,F1\ncredit_note,N2,C1,2026-03-05,10,F1\n"
    answer = book("documents", rows)
    assert balances() == {"N1": D(-30), "N2": D(-10)}
    assert ["(3)" in warning for warning in answer.data["warnings"]] == [True]
    assert book("documents", rows).data["repeated"] == 2


def test_exact_amounts_are_applied_or_refused(book, balances):
    book("documents", f"{HEADER}\ninvoice,F1,C1,2026-03-01,100\ninvoice,F2,C1,2026-03-01,100\n")
    for bad in ("F1:100.01", "F1:60;F2:60", "F1:60;F1:41"):
        answer = book("documents", row(kind="credit_note", number="N1", total="110", applies_to=bad))
        assert answer.err.startswith("rows.csv:2: applies_to: "), bad
    rows = row(kind="credit_note", number="N1", total="110", applies_to=" F1: 60 ; F2:40.0 ")
    assert book("documents", rows).data["new"] == 1
    assert balances() == {"F1": D(40), "F2": D(60), "N1": D(-10)}
    assert book("documents", rows).data["repeated"] == 1


def test_a_credit_note_pays_only_its_own_customer_in_its_own_currency(book):
    book("documents", f"{HEADER},currency,exchange_rate\ninvoice,F1,C2,2026-03-01,100,,\n"
                      "invoice,F2,C1,2026-03-01,9,USD,17\n"
                      "credit_note,N0,C1,2026-03-01,5,,\n")  # fmt: skip
    for number in ("F1", "F2", "N0", "F9"):
        answer = book("documents", row(kind="credit_note", number="N1", applies_to=number))
        assert answer.err.startswith("rows.csv:2: applies_to: "), number


def test_a_large_credit_note_waits_for_somebody_else_unless_it_is_known_or_of_the_system(book, cli, user):
    user("caja", "cashier")
    cli("settings", "set", "approval.credit_note", "1000")
    small = row(kind="credit_note", number="N1", total="1000.00")
    large = row(kind="credit_note", number="N2", total="100", currency="USD", exchange_rate="10.01")
    assert book("documents", small, "--as", "caja").code == 0
    assert book("documents", large, "--as", "caja").err.startswith("rows.csv:2: total: ")
    assert book("documents", large).data["new"] == 1
    assert book("documents", large, "--as", "caja").data["repeated"] == 1


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (("3/4/2026", "13/4/2026"), date(2026, 4, 3)), (("3/4/2026", "4/13/2026"), date(2026, 3, 4)),
        (("05/05/2026", "2026-01-01"), date(2026, 5, 5)),
    ],
)  # fmt: skip
def test_the_order_of_dates_is_one_for_the_file_and_any_column_proves_it(book, dates, read):
    rows = f"{HEADER},due_date\ninvoice,F1,C1,{dates[0]},1,2026-06-01\ninvoice,F2,C1,2026-03-01,1,{dates[1]}\n"
    assert book("documents", rows).data["new"] == 2
    assert document("F1").issued_on == read


def test_an_instalment_proves_the_order_too(book):
    rows = f"{HEADER},instalments\ninvoice,F1,C1,3/4/2026,2,5/4/2026:1;30/4/2026:1\n"
    assert book("documents", rows).data["new"] == 1
    assert document("F1").issued_on == date(2026, 4, 3)


def test_proofs_that_contradict_make_the_fewer_rows_bad(book):
    rows = "".join(
        f"invoice,F{n},C1,{day},1,2026-06-01\n" for n, day in enumerate(("3/13/2026", "13/3/2026", "14/3/2026"))
    )
    answer = book("documents", f"{HEADER},due_date\n{rows}")
    assert [line.split(": ")[0] for line in answer.reasons] == ["rows.csv:2"]


def test_real_excel_dates_and_numbers(book):
    kinds = {"issue_date": Kind.DATE, "total": Kind.AMOUNT}
    columns = [Column(name, name, kinds.get(name, Kind.TEXT)) for name in HEADER.split(",")]
    rows = [("invoice", "F1", "C1", date(2026, 4, 3), D("10.5"))]
    book("documents", excel.workbook(Sheet(title="x", columns=columns, rows=rows, heading=False)), name="rows.xlsx")
    assert (document("F1").issued_on, document("F1").total) == (date(2026, 4, 3), D("10.5"))


def test_the_second_of_two_different_rows_is_bad_and_the_first_is_loaded_when_told_to(book, tmp_path, balances):
    rows = f"{HEADER}\ninvoice,F1,C1,2026-03-01,100\ninvoice,F1,C1,2026-03-01,200\n"
    assert book("documents", rows).err.startswith("rows.csv:3: number: ")
    book("documents", rows, "--skip-bad-rows", "--rejected", str(tmp_path / "r.csv"))
    assert balances() == {"F1": D(100)}


def test_customers_whom_one_does_not_see_are_not_known(book):
    """Only roles that see everybody import documents: the rule itself is tried on the checker."""
    from core.auth.actor import Actor, Permission, Role
    from core.importers.base import Source, prepare
    from core.importers.kinds import kind_of

    class Seller(Actor):
        def may(self, permission: Permission) -> bool:
            return True

    seller = Seller(7, "vero", Role.SALES_REP, sales_rep="V2")
    made = prepare(seller, kind_of("documents"), Source("rows.csv", row().encode()))
    assert [bad.column for bad in made.bad[2]] == ["customer"]
