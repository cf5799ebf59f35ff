"""How a file is read: encodings, delimiters, title and total rows, headers and synonyms, Excel, wrong suffixes."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from tests.contract.helpers import Book, a_workbook, bad_rows

pytestmark = pytest.mark.backend("sqlite")

PLAIN = "kind,number,customer,issue_date,total,notes\ninvoice,F1,C1,2026-03-01,1000.50,Ñandú\n"


# ------------------------------------------------------------------ bytes
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(book: Book, encoding: str, delimiter: str, line_end: str):
    content = PLAIN.replace(",", delimiter).replace("\n", line_end).encode(encoding)
    assert book.put("documents", content)["total"] == {"MXN": "1000.50"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_survive_the_encoding(empty_book: Book, encoding: str):
    empty_book.put("customers", "code,legal_name\nC1,“Peña” Ñandú – €\n".encode(encoding))
    empty_book.documents("number,issue_date,total\nF1,2026-03-01,1.00")
    assert empty_book.row()["name"] == "“Peña” Ñandú – €"


def test_a_header_in_windows_1252_is_recognised(empty_book: Book):
    content = "Código;Razón social;Días;Límite de crédito\nC1;Uno;15;1,000.00\n".encode("cp1252")
    assert empty_book.put("customers", content)["new"] == 1


def test_quoted_cells_hold_delimiters_quotes_and_lines(book: Book):
    content = (
        "kind,number,customer,issue_date,total,notes\n"
        'invoice,F1,C1,2026-03-01,"1,000.50","dice ""hola"", dos\nlíneas"\n'
        "invoice,F2,C1,2026-03-01,x,\n"
    ).encode()
    reasons = book.refused("documents", content)
    assert bad_rows(reasons) == [(3, "total")]
    assert book.put("documents", content.replace(b",x,", b",1.00,"))["new"] == 2


def test_a_last_line_without_end_and_short_rows_are_read(book: Book):
    content = b"kind,number,customer,issue_date,total,notes,po_number\ninvoice,F1,C1,2026-03-01,10.00"
    assert book.put("documents", content)["new"] == 1


# ------------------------------------------------------------------ what is no file of rows
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""), ("blank.csv", b"\n\n  \n"), ("noheader.csv", b"1,2,3\n4,5,6\n"),
        ("text.xlsx", PLAIN.encode()), ("zip.xlsx", b"PK\x03\x04garbage"), ("empty.xlsx", b""),
        ("binary.csv", bytes(range(256)) * 4), ("nul.csv", b"kind,number\x00,customer\x00\n"),
        ("png.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("text.txt", PLAIN.encode()), ("nosuffix", PLAIN.encode()), ("text.pdf", PLAIN.encode()),
    ],
)  # fmt: skip
def test_what_is_not_what_its_suffix_says_is_refused(book: Book, name: str, content: bytes):
    book.refused("documents", content, name=name)


def test_a_workbook_named_csv_is_refused(book: Book):
    path = a_workbook(book.folder / "a.xlsx", [["kind", "number"], ["invoice", "F1"]])
    book.refused("documents", path.rename(book.folder / "a.csv"))


def test_a_zip_that_is_no_workbook_is_refused(book: Book):
    packed = BytesIO()
    with ZipFile(packed, "w") as zipped:
        zipped.writestr("a.csv", PLAIN)
    book.refused("documents", packed.getvalue(), name="a.xlsx")


def test_a_missing_file_and_a_folder_are_refused(book: Book):
    book.fails(1, "import", "documents", book.folder / "missing.csv")
    book.fails(1, "import", "documents", book.folder)


def test_the_suffix_counts_in_any_case(book: Book):
    assert book.put("documents", PLAIN.encode(), name="A.CSV")["new"] == 1


def test_a_header_without_rows_is_fine(book: Book):
    summary = book.put("documents", b"kind,number,customer,issue_date,total\n")
    assert summary == {
        "read": 0, "new": 0, "repeated": 0, "updated": 0, "rejected": 0, "warnings": [], "total": {}
    }  # fmt: skip


def test_a_file_without_a_required_column_is_refused_and_names_it(book: Book):
    reasons = book.refused("documents", b"kind,number,customer,issue_date\ninvoice,F1,C1,2026-03-01\n")
    assert any("total" in line for line in reasons)


# ------------------------------------------------------------------ rows that are no rows
def test_title_rows_blank_rows_and_total_rows_are_left_out(book: Book):
    content = (
        "Distribuidora Ñandú, S.A. de C.V.;;;;\nCartera al 31 de marzo;;;;\n;;;;\n"
        "kind;number;customer;issue_date;total\ninvoice;F1;C1;2026-03-01;10.00\n;;;;\n"
        "Subtotal;;;;10.00\ninvoice;F2;C1;2026-03-02;5.00\nTOTAL;;;;15.00\nTotal general;;;;15.00\n"
    ).encode("cp1252")
    summary = book.put("documents", content)
    assert (summary["read"], summary["total"]) == (2, {"MXN": "15.00"})


@pytest.mark.parametrize(
    "row",
    [
        "Total,,,,10.00", "TOTALES,,,,10.00", "Subtotal C1,,,,10.00", ",,,Total,10.00", ",Total:,,,10.00",
        "Gran total,,,,10.00", "Grand Total,,,,10.00", ",,TOTAL MXN,,10.00", "Total: 1 documento,,,,10.00",
        "Total,1,,,10.00", "Total,,C1,,10.00", "Total C1,,C1,,10.00", ",,C1,Total:,10.00", "C1,Subtotal,,,10.00",
        "Total,,,2026-03-31,10.00", "Importe total,,,,10.00", "** Total,,,,10.00", "Tot.,,,,10.00",
        "C1 Total,,,,10.00", ",,C1 Subtotal:,,10.00", "Report Totals,,,,10.00",
    ],
)  # fmt: skip
def test_total_rows_in_many_words(book: Book, row: str):
    content = f"kind,number,customer,issue_date,total\ninvoice,F1,C1,2026-03-01,10.00\n{row}\n"
    assert book.put("documents", content.encode())["read"] == 1


def test_a_customer_whose_name_begins_with_total_is_no_total_row(empty_book: Book):
    summary = empty_book.customers("code,legal_name,region\nC1,Total Play S.A.,\nTOTAL1,Subtotal y Cía.,")
    assert summary["new"] == 2


def test_a_document_whose_number_begins_with_total_is_no_total_row(book: Book):
    assert book.documents("number,issue_date,total\nTOTAL-1,2026-03-01,10.00")["new"] == 1


def test_the_header_of_each_page_of_a_report_is_no_row(book: Book):
    pages = b"number,customer,kind,issue_date,total\nF2,C1,invoice,2026-03-01,1\n"
    assert book.put("documents", pages + pages.replace(b"F2", b"F3"))["read"] == 2


@pytest.mark.parametrize("row", ["Total,C1,,10.00", "TOTAL-1,C1,,10.00"])
def test_a_row_that_lacks_a_date_is_bad_unless_it_says_nothing_but_total(book: Book, row: str):
    answer = book.load("documents", f"number,customer,issue_date,total\n{row}\n")
    assert (answer.code == 0) is (row == "Total,C1,,10.00")


def test_a_reversal_for_the_total_without_a_date_is_a_bad_row(book: Book):
    book.payments("number,date,amount\nP1,2026-03-01,10.00")
    assert bad_rows(book.refused("reversals", "number,date,reason\nP1,,total")) == [(2, "date")]


def test_rows_are_numbered_as_a_spreadsheet_does(book: Book):
    content = (
        b"Reporte,,,,\n\n,,,,\nkind,number,customer,issue_date,total\n\ninvoice,F1,C1,2026-03-01,10.00\n,,,,\n"
        b"Subtotal,,,,10.00\ninvoice,F2,C1,2026-03-01,diez\n"
    )
    assert bad_rows(book.refused("documents", content)) == [(9, "total")]


# ------------------------------------------------------------------ headers
def test_headers_in_any_order_case_and_accents(book: Book):
    content = "TOTAL,Customer,ISSUE_DATE,Número,kind\n10.00,C1,2026-03-01,F1,Invoice\n".encode()
    assert book.put("documents", content)["new"] == 1


def test_unknown_columns_are_ignored_and_named(book: Book):
    summary = book.documents("number,issue_date,total,zodiaco,color\nF1,2026-03-01,10.00,leo,rojo")
    assert all(any(name in warning for warning in summary["warnings"]) for name in ("zodiaco", "color"))


def test_all_unknown_columns_are_named_however_many(book: Book):
    names = [f"columna{n:02}" for n in range(40)]
    content = f"kind,number,customer,issue_date,total,{','.join(names)}\ninvoice,F1,C1,2026-03-01,1{',x' * 40}\n"
    [warning] = book.put("documents", content.encode())["warnings"]
    assert all(name in warning for name in names)


CUSTOMER_HEADERS = {
    "code": ["clave", "código", "cliente", "no. cliente", "cuenta", "account", "customer", "cust_number", "customerID"],
    "legal_name": ["razón social", "RAZON SOCIAL", "nombre", "name"],
    "tax_id": ["RFC", "tax id", "NIT"],
    "credit_limit": ["límite", "límite de crédito", "credit limit", "LIMITE DE CREDITO"],
    "terms_days": ["días", "plazo", "condiciones", "terms"],
    "sales_rep": ["vendedor", "asesor", "agente", "ejecutivo", "sales rep"],
}
SAMPLE = {
    "code": "C7", "legal_name": "Siete", "tax_id": "XAXX010101000", "credit_limit": "500.00", "terms_days": "15",
    "sales_rep": "V7",
}  # fmt: skip


@pytest.mark.parametrize(("field", "header"), [(f, h) for f, headers in CUSTOMER_HEADERS.items() for h in headers])
def test_synonyms_of_customers(empty_book: Book, field: str, header: str):
    columns = {name: name for name in ("code", "legal_name")} | {field: header}
    content = ",".join(columns.values()) + "\n" + ",".join(SAMPLE[name] for name in columns) + "\n"
    summary = empty_book.put("customers", content.encode())
    assert (summary["new"], summary["warnings"]) == (1, [])
    whole = ",".join(columns) + "\n" + ",".join(SAMPLE[name] for name in columns)
    assert empty_book.customers(whole)["repeated"] == 1


DOCUMENT_HEADERS = {
    "number": ["folio", "factura", "documento", "docto", "invoice", "doc_id", "Invoice/CM #"],
    "customer": ["cliente", "clave", "código", "no. cliente", "cuenta", "account", "cust_number", "customerID"],
    "issue_date": ["fecha", "fecha factura", "F. emisión", "invoice date", "posting_date", "FECHA FACTURA"],
    "due_date": ["vencimiento", "vence", "F. vto.", "due date", "due_in_date"],
    "total": ["importe", "monto", "cargo", "amount", "total", "TOTAL"],
    "currency": ["moneda", "divisa"],
    "exchange_rate": ["tipo de cambio", "T.C.", "paridad", "Tipo de Cambio"],
    "uuid": ["UUID", "folio fiscal"],
    "notes": ["concepto", "observaciones"],
}
DOCUMENT = {
    "kind": "invoice", "number": "F1", "customer": "C1", "issue_date": "2026-03-01", "due_date": "2026-05-05",
    "total": "10.00", "currency": "USD", "exchange_rate": "17.5", "uuid": "6f1b2c3d-0000-4000-8000-000000000001",
    "notes": "hola",
}  # fmt: skip


@pytest.mark.parametrize(("field", "header"), [(f, h) for f, headers in DOCUMENT_HEADERS.items() for h in headers])
def test_synonyms_of_documents(book: Book, field: str, header: str):
    columns = {name: name for name in DOCUMENT} | {field: header}
    content = ",".join(columns.values()) + "\n" + ",".join(DOCUMENT[name] for name in columns) + "\n"
    summary = book.put("documents", content.encode())
    assert (summary["new"], summary["warnings"]) == (1, [])
    book.documents(",".join(DOCUMENT) + "\n" + ",".join(DOCUMENT.values()))
    item = book.items()["F1"]
    assert (item["customer"], item["due_date"], item["total"], item["base_total"], item["currency"]) == (
        "C1", "2026-05-05", "10.00", "175.00", "USD"
    )  # fmt: skip


PAYMENT_HEADERS = {
    "number": ["folio"],
    "date": ["fecha", "fecha de pago"],
    "amount": ["importe", "monto", "abono", "pago", "cobro", "receipt", "amount"],
    "customer": ["cliente", "clave", "no. cliente", "cust_number"],
    "currency": ["moneda", "divisa"],
}
PAYMENT = {"number": "P1", "date": "2026-03-01", "amount": "10.00", "customer": "C1", "currency": "MXN"}


@pytest.mark.parametrize(("field", "header"), [(f, h) for f, headers in PAYMENT_HEADERS.items() for h in headers])
def test_synonyms_of_payments(book: Book, field: str, header: str):
    columns = {name: name for name in PAYMENT} | {field: header}
    content = ",".join(columns.values()) + "\n" + ",".join(PAYMENT[name] for name in columns) + "\n"
    summary = book.put("payments", content.encode())
    assert (summary["new"], summary["warnings"]) == (1, [])
    assert book.open() == {"P1": "-10.00"}


@pytest.mark.parametrize(
    ("written", "kind", "amount"),
    [
        ("Factura", "invoice", "10.00"), ("factura", "invoice", "10.00"), ("INVOICE", "invoice", "10.00"),
        ("Nota de crédito", "credit_note", "-10.00"), ("NOTA DE CREDITO", "credit_note", "-10.00"),
        ("Nota de cargo", "debit_note", "10.00"), (" invoice ", "invoice", "10.00"),
    ],
)  # fmt: skip
def test_kinds_may_be_the_glossarys_words(book: Book, written: str, kind: str, amount: str):
    book.documents(f"kind,number,issue_date,total\n{written},F1,2026-03-01,10.00")
    assert (book.items()["F1"]["kind"], book.open()["F1"]) == (kind, amount)


@pytest.mark.parametrize(
    "method", ["cash", "cheque", "transfer", "card", "other", "Efectivo", "CHEQUE", "transferencia", "Tarjeta", "otro"]
)
def test_methods_may_be_spanish(book: Book, method: str):
    assert book.payments(f"number,date,amount,method\nP1,2026-03-01,10.00,{method}")["new"] == 1


@pytest.mark.parametrize("status", ["active", "inactive", "Activo", "INACTIVO"])
def test_statuses_may_be_spanish(empty_book: Book, status: str):
    assert empty_book.customers(f"code,legal_name,status\nC1,Uno,{status}")["new"] == 1


@pytest.mark.parametrize(
    ("kind", "column", "content"),
    [
        ("documents", "kind", "kind,number,issue_date,total\nrecibo,F1,2026-03-01,10.00"),
        ("documents", "kind", "kind,number,issue_date,total\n,F1,2026-03-01,10.00"),
        ("payments", "method", "number,date,amount,method\nP1,2026-03-01,10.00,trueque"),
        ("customers", "status", "code,legal_name,status\nC9,Nueve,dormido"),
        ("customers", "language", "code,legal_name,language\nC9,Nueve,xx"),
        ("customers", "currency", "code,legal_name,currency\nC9,Nueve,PESOS"),
        ("documents", "currency", "number,issue_date,total,currency,exchange_rate\nF1,2026-03-01,10.00,PESOS,2"),
        ("payments", "currency", "number,date,amount,currency,exchange_rate\nP1,2026-03-01,10.00,XXY,2"),
        ("exchange_rates", "currency", "date,currency,rate\n2026-03-01,PESOS,17"),
    ],
)
def test_a_word_outside_a_closed_list_is_a_bad_row(book: Book, kind: str, column: str, content: str):
    assert bad_rows(book.refused(kind, content)) == [(2, column)]


# ------------------------------------------------------------------ Excel
def test_a_workbook_with_titles_blanks_and_a_total(book: Book):
    grid: list[list[Any]] = [
        ["Cartera", None], [None], ["Tipo", "Folio", "Cliente", "Fecha", "Importe"],
        ["Factura", "F1", "C1", date(2026, 3, 1), 10.5], [], ["Factura", "F2", "C1", date(2026, 3, 2), "x"],
        ["Total", None, None, None, 10.5],
    ]  # fmt: skip
    path = a_workbook(book.folder / "a.xlsx", grid)
    assert bad_rows(book.refused("documents", path)) == [(6, "total")]
    grid[5][4] = 20
    assert book.put("documents", a_workbook(book.folder / "b.xlsx", grid))["total"] == {"MXN": "30.50"}


def test_codes_of_text_in_excel_keep_their_zeros(empty_book: Book):
    path = a_workbook(empty_book.folder / "a.xlsx", [["code", "legal_name"], ["0100", "Cien"]])
    empty_book.put("customers", path)
    assert empty_book.statement("0100")["customer"] == "0100"


def test_the_sheet_that_holds_the_header_is_found(book: Book):
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Datos")
    for row in (["kind", "number", "customer", "issue_date", "total"], ["invoice", "F1", "C1", date(2026, 3, 1), 10]):
        workbook["Datos"].append(row)
    workbook.save(book.folder / "a.xlsx")
    assert book.put("documents", book.folder / "a.xlsx")["new"] == 1


def test_any_number_of_title_rows_comes_before_the_header(book: Book):
    titles = "".join(f"Reporte, línea {n}\n" for n in range(120))
    assert book.put("documents", (titles + PLAIN).encode())["new"] == 1


def test_what_a_formula_shows_is_its_value(book: Book):
    workbook = xlsxwriter.Workbook(str(book.folder / "a.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["kind", "number", "customer", "issue_date", "total"])
    sheet.write_row(1, 0, ["invoice", "F1", "C1", "2026-03-01"])
    sheet.write_formula(1, 4, "=5+5.5", None, 10.5)
    workbook.close()
    assert book.put("documents", book.folder / "a.xlsx")["total"] == {"MXN": "10.50"}


def test_a_hidden_sheet_is_not_read_before_a_visible_one(book: Book):
    workbook = openpyxl.Workbook()
    header = ["kind", "number", "customer", "issue_date", "total"]
    for name, number in (("Oculta", "F1"), ("Visible", "F2")):
        sheet = workbook.create_sheet(name)
        sheet.append(header)
        sheet.append(["invoice", number, "C1", "2026-03-01", 10])
    workbook["Oculta"].sheet_state = "hidden"
    workbook.save(book.folder / "a.xlsx")
    book.put("documents", book.folder / "a.xlsx")
    assert set(book.open()) == {"F2"}
