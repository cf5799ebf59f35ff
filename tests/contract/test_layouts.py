"""Layouts: somebody else's columns to ours; constants, joins, credits, customers made on the way."""

import json

import pytest

from tests.contract.helpers import DAY, Book, a_workbook, bad_rows, pick, shown

pytestmark = pytest.mark.backend("sqlite")

READY = ("sap_fbl5n", "microsip", "contpaqi", "sage50", "sage100")
COLUMNS = {"folio": "number", "cliente": "customer", "fecha": "issue_date", "monto": "total"}
PLAIN = {"kind": "documents", "columns": COLUMNS, "constants": {"kind": "invoice"}}
ROWS = b"folio,cliente,fecha,monto\nF1,C1,2026-03-01,10.00\n"


def save(book: Book, layout: dict, name: str = "mine") -> None:
    book.done("layouts", "save", name, book.path(json.dumps(layout), "layout.json"))


def load(book: Book, layout: dict, content: bytes | str, *options: str) -> dict:
    save(book, layout)
    content = content.encode() if isinstance(content, str) else content
    return book.put("documents", content, "--layout", "mine", *options)


def refused(book: Book, layout: dict, content: bytes | str, *options: str) -> list[str]:
    save(book, layout)
    content = content.encode() if isinstance(content, str) else content
    return book.refused("documents", content, "--layout", "mine", *options)


# ------------------------------------------------------------------ keeping them
def test_a_saved_layout_is_shown_as_it_is(book: Book):
    layout = {
        **PLAIN, "join": {"po_number": ["a", "b"]}, "date_order": "dmy", "credits": "negative",
        "create_customers": True,
    }  # fmt: skip
    save(book, layout)
    shown_ = book.ask("layouts", "show", "mine")
    assert {key: shown_[key] for key in layout} == layout


def test_the_list_has_the_ready_ones_and_mine(book: Book):
    save(book, PLAIN)
    text = json.dumps(book.ask("layouts", "list"))
    assert all(f'"{name}"' in text for name in (*READY, "mine"))


def test_saving_replaces(book: Book):
    save(book, PLAIN)
    save(book, {**PLAIN, "constants": {"kind": "debit_note"}})
    assert book.ask("layouts", "show", "mine")["constants"] == {"kind": "debit_note"}


@pytest.mark.parametrize("name", READY)
def test_a_ready_one_is_not_replaced(book: Book, name: str):
    before = book.ask("layouts", "show", name)
    book.fails(1, "layouts", "save", name, book.path(json.dumps(PLAIN), "layout.json"))
    assert book.ask("layouts", "show", name) == before


@pytest.mark.parametrize(
    "text",
    [
        "{", "", "[]", '"x"', "null", '{"kind": "documents"}', '{"columns": {"folio": "number"}}',
        '{"kind": "planets", "columns": {"a": "number"}}', '{"kind": "documents", "columns": {"a": "nonsense"}}',
        '{"kind": "documents", "columns": ["a"]}', '{"kind": "documents", "columns": {"a": "customer.nonsense"}}',
        '{"kind": "documents", "columns": {"a": "number"}, "constants": {"nonsense": "x"}}',
        '{"kind": "documents", "columns": {"a": "number"}, "join": {"nonsense": ["a", "b"]}}',
        '{"kind": "documents", "columns": {"a": "number"}, "date_order": "xyz"}',
        '{"kind": "documents", "columns": {"a": "number"}, "credits": "sometimes"}',
        '{"kind": "documents", "columns": {"a": "number"}, "create_customers": "perhaps"}',
        '{"kind": "documents", "columns": {"a": "amount"}}',
    ],
)  # fmt: skip
def test_what_is_no_layout_is_refused(book: Book, text: str):
    book.fails(1, "layouts", "save", "mine", book.path(text.encode(), "layout.json"))
    book.fails(1, "layouts", "show", "mine")


def test_a_binary_file_and_a_missing_one_are_no_layouts(book: Book):
    book.fails(1, "layouts", "save", "mine", book.path(bytes(range(256)), "layout.json"))
    book.fails(1, "layouts", "save", "mine", book.folder / "missing.json")


def test_an_unknown_layout_is_refused(book: Book):
    book.fails(1, "layouts", "show", "nobody")
    book.fails(1, "import", "documents", book.path(ROWS), "--layout", "nobody")


def test_a_layout_of_another_kind_is_refused(book: Book):
    save(book, PLAIN)
    book.fails(1, "import", "payments", book.path(ROWS), "--layout", "mine")


def test_every_kind_may_have_a_layout(book: Book):
    save(book, {"kind": "payments", "columns": {"n": "number", "d": "date", "a": "amount", "c": "customer"}})
    assert book.put("payments", b"n,d,a,c\nP1,2026-03-01,10.00,C1\n", "--layout", "mine")["new"] == 1
    save(book, {"kind": "customers", "columns": {"k": "code", "n": "legal_name"}}, "people")
    assert book.put("customers", b"k,n\nC9,Nueve\n", "--layout", "people")["new"] == 1


# ------------------------------------------------------------------ columns and constants
def test_only_the_columns_that_it_names_are_read(book: Book):
    content = "folio,cliente,fecha,monto,due_date,currency\nF1,C1,2026-03-01,10.00,2026-12-31,USD\n"
    load(book, PLAIN, content)
    assert pick(book.items()["F1"], "due_date currency") == {"due_date": "2026-03-31", "currency": "MXN"}


def test_headers_are_compared_case_and_accents_aside_after_title_rows(book: Book):
    layout = {
        **PLAIN,
        "columns": {"Número": "number", "Cliente": "customer", "Emisión": "issue_date", "Monto $": "total"},
    }
    content = "Reporte;;;\n\nNUMERO;cliente;EMISION;monto $\nF1;C1;2026-03-01;10.00\nTotal;;;10.00\n"
    assert load(book, layout, content)["new"] == 1


def test_bad_rows_name_the_canonical_column(book: Book):
    reasons = refused(book, PLAIN, ROWS.replace(b"10.00", b"diez"))
    assert bad_rows(reasons) == [(2, "total")]


def test_constants_fill_what_no_column_brings(book: Book):
    layout = {**PLAIN, "constants": {"kind": "debit_note", "currency": "USD", "exchange_rate": "17.5", "notes": "hola"}}
    load(book, layout, ROWS)
    assert pick(book.items()["F1"], "kind currency base_total") == {
        "kind": "debit_note", "currency": "USD", "base_total": "175.00"
    }  # fmt: skip


def test_constants_fill_blank_cells_and_no_others(book: Book):
    layout = {
        **PLAIN,
        "columns": {**COLUMNS, "moneda": "currency"},
        "constants": {"kind": "invoice", "currency": "USD"},
    }
    content = "folio,cliente,fecha,monto,moneda\nF1,C1,2026-03-01,10.00,\nF2,C1,2026-03-01,10.00,EUR\n"
    load(book, layout, content, "--rate", "17")
    assert book.totals() == {"USD": "10.00", "EUR": "10.00"}


def test_a_header_that_the_layout_needs_and_the_file_lacks_is_refused(book: Book):
    refused(book, PLAIN, b"folio,cliente,fecha\nF1,C1,2026-03-01\n")


# ------------------------------------------------------------------ join
def test_join_makes_one_field_of_several_columns(book: Book):
    layout = {
        **PLAIN,
        "columns": {k: v for k, v in COLUMNS.items() if v != "number"},
        "join": {"number": ["serie", "folio"]},
    }
    load(book, layout, "serie,folio,cliente,fecha,monto\nA,0012,C1,2026-03-01,10.00\n")
    assert set(book.open()) == {"A-0012"}


def test_join_wins_over_columns(book: Book):
    layout = {**PLAIN, "join": {"number": ["cliente", "folio"]}}
    load(book, layout, ROWS)
    assert set(book.open()) == {"C1-F1"}


def test_join_finds_its_headers_case_and_accents_aside(book: Book):
    layout = {**PLAIN, "join": {"number": ["Compañía", "Folio"]}}
    load(book, layout, "COMPANIA,FOLIO,cliente,fecha,monto\nU001,7,C1,2026-03-01,10.00\n")
    assert set(book.open()) == {"U001-7"}


def test_join_of_excel_numbers_loses_their_trailing_zero(book: Book):
    layout = {**PLAIN, "join": {"number": ["soc", "folio"]}}
    load(book, layout, "soc,folio,cliente,fecha,monto\nU001,1930659387.0,C1,2026-03-01,10.00\n")
    assert set(book.open()) == {"U001-1930659387"}


# ------------------------------------------------------------------ credits
@pytest.mark.parametrize("written", ["-10.00", "10.00-", "(10.00)"])
def test_with_negative_credits_a_negative_total_is_a_credit_note(book: Book, written: str):
    load(
        book,
        {**PLAIN, "credits": "negative"},
        f"folio,cliente,fecha,monto\nF1,C1,2026-03-01,50.00\nN1,C1,2026-03-01,{written}\n",
    )
    assert {(row["kind"], row["open"]) for row in book.items().values()} == {
        ("invoice", "50.00"), ("credit_note", "-10.00")
    }  # fmt: skip


def test_without_it_a_negative_invoice_is_a_bad_row(book: Book):
    assert bad_rows(refused(book, PLAIN, ROWS.replace(b"10.00", b"-10.00"))) == [(2, "total")]


# ------------------------------------------------------------------ customers made on the way
MAKES = {
    **PLAIN, "create_customers": True,
    "columns": {**COLUMNS, "nombre": "customer.legal_name", "dias": "customer.terms_days", "zona": "customer.region"},
}  # fmt: skip
PEOPLE = """folio,cliente,fecha,monto,nombre,dias,zona
F1,N1,2026-03-01,10.00,Nuevo Uno,15,NORTE
F2,N1,2026-03-02,20.00,Nuevo Uno,15,NORTE
F3,C1,2026-03-02,5.00,Otro Nombre,99,SUR
"""


def test_unknown_customers_are_made_from_the_file(book: Book):
    summary = load(book, MAKES, PEOPLE)
    assert pick(summary, "read new") == {"read": 3, "new": 3}
    assert shown(book.aging()["rows"], "key name total") == {
        ("N1", "Nuevo Uno", "30.00"), ("C1", "Cliente Uno", "5.00")
    }  # fmt: skip
    assert book.items()["F1"]["due_date"] == "2026-03-16"
    assert {row["key"] for row in book.aging(DAY, "--by", "region", "--customer", "N1")["rows"]} == {"NORTE"}


def test_known_customers_stay_as_they_are(book: Book):
    load(book, MAKES, PEOPLE)
    assert book.items()["F3"]["due_date"] == "2026-04-01"


def test_the_first_name_counts_and_differing_ones_are_one_warning(book: Book):
    content = PEOPLE.replace("F2,N1,2026-03-02,20.00,Nuevo Uno", "F2,N1,2026-03-02,20.00,Nuevo 1").replace(
        "F3,C1", "F3,N1"
    )
    warnings = load(book, MAKES, content)["warnings"]
    assert shown(book.aging()["rows"], "key name total") == {("N1", "Nuevo Uno", "35.00")}
    assert len([one for one in warnings if "N1" in one]) == 1


def test_without_create_customers_they_are_bad_rows(book: Book):
    assert set(bad_rows(refused(book, {**MAKES, "create_customers": False}, PEOPLE))) == {
        (2, "customer"),
        (3, "customer"),
    }


def test_only_customers_of_good_rows_are_made(book: Book):
    content = PEOPLE + "F4,N4,2026-03-02,x,Nuevo Cuatro,15,NORTE\n"
    load(book, MAKES, content, "--skip-bad-rows", "--rejected", str(book.folder / "bad.csv"))
    book.fails(1, "statement", "N4")
    assert book.statement("N1")["closing"] == "30.00"


def test_the_same_file_again_makes_nobody_and_nothing(book: Book):
    load(book, MAKES, PEOPLE)
    assert pick(book.put("documents", PEOPLE.encode(), "--layout", "mine"), "new repeated") == {"new": 0, "repeated": 3}


def test_other_zeros_are_the_same_new_customer(book: Book):
    book.customers("code,legal_name\n0077,Siete")
    load(book, MAKES, "folio,cliente,fecha,monto,nombre,dias,zona\nF1,77,2026-03-01,10.00,Siete,15,X\n")
    assert book.row()["key"] == "0077"


# ------------------------------------------------------------------ order of dates
AMBIGUOUS = "folio,cliente,fecha,monto\nF1,C1,03/04/2026,10.00\n"


@pytest.mark.parametrize(
    ("own", "option", "read"),
    [("dmy", [], "2026-04-03"), ("mdy", [], "2026-03-04"), ("dmy", ["--date-order", "mdy"], "2026-03-04")],
)
def test_the_layouts_order_decides_and_the_option_wins(book: Book, own: str, option: list[str], read: str):
    load(book, {**PLAIN, "date_order": own}, AMBIGUOUS, *option)
    assert book.items("2026-12-31")["F1"]["issue_date"] == read


def test_without_one_the_file_is_asked(book: Book):
    assert any("--date-order" in line for line in refused(book, PLAIN, AMBIGUOUS))


def test_an_excel_file_with_a_layout(book: Book):
    save(book, {**PLAIN, "join": {"number": ["serie", "folio"]}, "credits": "negative"})
    grid = [["Cartera"], ["Serie", "Folio", "Cliente", "Fecha", "Monto"], ["A", 12, "C1", "2026-03-01", -10.5]]
    path = a_workbook(book.folder / "a.xlsx", grid)
    book.put("documents", path, "--layout", "mine")
    assert book.open() == {"A-12": "-10.50"}


def test_a_negative_total_needs_no_kind(book: Book):
    layout = {"kind": "documents", "columns": {**COLUMNS, "tipo": "kind"}, "credits": "negative"}
    load(book, layout, "folio,cliente,fecha,monto,tipo\nF1,C1,2026-03-01,50.00,factura\nN1,C1,2026-03-01,-10.00,\n")
    assert book.open() == {"F1": "50.00", "N1": "-10.00"}


def test_customers_may_be_made_from_payments_too(book: Book):
    layout = {
        "kind": "payments", "create_customers": True,
        "columns": {"n": "number", "c": "customer", "d": "date", "a": "amount", "x": "customer.legal_name"},
    }  # fmt: skip
    save(book, layout)
    book.put("payments", b"n,c,d,a,x\nP1,Z1,2026-03-01,10.00,Zeta\nP2,,2026-03-01,5.00,Zeta\n", "--layout", "mine")
    assert shown(book.aging()["rows"], "key name total") == {("Z1", "Zeta", "-10.00")}


def test_columns_of_a_layout_that_the_file_lacks_are_blank_unless_required(book: Book):
    layout = {**PLAIN, "columns": {**COLUMNS, "vence": "due_date", "pedido": "po_number"}}
    assert load(book, layout, ROWS)["new"] == 1


def test_two_spellings_of_a_new_customer_are_one(book: Book):
    header = "folio,cliente,fecha,monto,nombre,dias,zona"
    content = f"{header}\nF1,007,2026-03-01,10.00,Siete,15,X\nF2,7,2026-03-01,5.00,Siete,15,X\n"
    assert load(book, MAKES, content)["warnings"]
    assert shown(book.aging()["rows"], "key total") == {("007", "15.00")}


def test_the_first_name_of_the_file_counts_though_credits_take_effect_last(book: Book):
    rows = "folio,cliente,nombre,fecha,monto\nN1,N7,Primero,2026-03-01,-5\nF1,N7,Segundo,2026-03-01,9"
    load(book, MAKES | {"credits": "negative"}, rows)
    assert shown(book.aging()["rows"], "key name") == {("N7", "Primero")}
