"""Named layouts: what they may say, saving, reading files through them, customers that are made."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.config import ROOT
from core.customers.models import Customer
from core.db import reading
from core.documents.models import Document

D = Decimal
REAL = ROOT.parent / "shared" / "real" / "open_invoices_nulldata.csv"
COLUMNS = {
    "doc": "number", "cte": "customer", "nombre": "customer.legal_name", "monto": "total", "día": "issue_date",
}  # fmt: skip
FULL = {
    "kind": "documents",
    "columns": COLUMNS,
    "constants": {"kind": "invoice"}, "create_customers": True,
}  # fmt: skip


@pytest.fixture
def save(cli, put):
    """`save("mine", {…})` saves a layout."""

    def run(name: str, spec: object, *options: str):
        text = spec if isinstance(spec, (str, bytes)) else json.dumps(spec)
        return cli("layouts", "save", name, put("layout.json", text), *options)

    return run


def customers() -> dict[str, str]:
    with reading() as session:
        return {one.code: one.legal_name for one in session.scalars(select(Customer))}


def test_a_saved_layout_is_listed_shown_and_replaced(database, save, cli):
    assert save("mío", FULL).code == 0
    assert {"name": "mío", "kind": "documents", "ready": False} in cli("layouts", "list").rows
    assert cli("layouts", "show", "mío").data == FULL
    changed = FULL | {"date_order": "dmy", "join": {"number": ["serie", "doc"]}, "credits": "negative"}
    assert save("mío", changed).code == 0
    assert cli("layouts", "show", "mío").data == changed
    assert cli("layouts", "show", "nadie").code == 1


def test_a_layout_is_shown_as_a_table_unless_json_is_asked(database, save, cli):
    save("mío", {"kind": "documents", "columns": {"Folio": "number"}, "join": {"customer": ["A", ["B", ""]]}})
    assert [line.split() for line in cli("layouts", "show", "mío", "--format", "table").out.splitlines()[3:]] == [
        ["kind", "documents"], ["columns", "Folio", "number"], ["join", "customer", '["A",', '["B",', '""]]'],
    ]  # fmt: skip
    csv = cli("layouts", "show", "mío", "--format", "csv").out.splitlines()
    assert csv[0].removeprefix("\ufeff") == "part,key,value"
    assert csv[1:3] == ["kind,,documents", "columns,Folio,number"]


@pytest.mark.parametrize("name", ["sap_fbl5n", "microsip", "contpaqi", "sage50", "sage100"])
def test_a_ready_layout_is_shown_but_not_replaced_and_its_copy_is_the_same(database, save, cli, name):
    shown = cli("layouts", "show", name).data
    assert shown["kind"] == "documents"
    assert save(name, FULL).code == 1
    assert save("copia", shown).code == 0
    assert cli("layouts", "show", "copia").data == shown


@pytest.mark.parametrize(
    "spec",
    [
        "no es json", b"\xff\xfe", "[]", "{}", {"kind": "documents"}, {"kind": "facturas", "columns": {"a": "number"}},
        {"kind": "documents", "columns": {}}, {"kind": "documents", "columns": {"a": "folio"}},
        {"kind": "documents", "columns": {"a": 1}}, {"kind": "documents", "columns": []},
        {"kind": "payments", "columns": {"a": "issue_date"}}, FULL | {"constants": {"kid": "invoice"}},
        FULL | {"join": {"folio": ["a"]}}, FULL | {"join": {"number": "a"}}, FULL | {"join": {"number": []}},
        FULL | {"date_order": "ydm"}, FULL | {"credits": "positive"}, FULL | {"create_customers": "yes"},
        FULL | {"otra": 1}, FULL | {"constants": {"kind": True}},
        {"kind": "payments", "columns": {"a": "number"}, "credits": "negative"},
        {"kind": "exchange_rates", "columns": {"a": "rate"}, "create_customers": True},
        {"kind": "documents", "columns": {"a": "customer.code"}},
        {"kind": "documents", "columns": {"Día": "issue_date", "DIA": "due_date"}},
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_layouts_that_are_refused(database, save, spec):
    answer = save("mío", spec)
    assert (answer.code, answer.out, len(answer.reasons)) == (1, "", 1)


def test_only_who_may_saves_one(database, save, user):
    user("vero", "sales_rep")
    user("caja", "cashier")
    assert save("mío", FULL, "--as", "vero").code == 1
    assert save("mío", FULL, "--as", "caja").code == 0


def test_a_layout_of_another_kind_is_refused(book, save):
    save("mío", FULL)
    assert book("payments", "number,date,amount\n", "--layout", "mío").code == 1


def test_a_file_is_read_through_a_layout(book, save, balances):
    save("mío", FULL | {"constants": {"kind": "factura", "currency": "MXN", "notes": "carga"}, "date_order": "dmy"})
    text = (
        "Reporte\n\nDOC,Cte,Nombre,MONTO,Dia,total,notes\nF1,C1,Uno,10.00,3/4/2026,999,\nF2,C9,Nueve,20,4/4/2026,999,\n"
    )
    answer = book("documents", text, "--layout", "mío")
    assert answer.data["total"] == {"MXN": "30.00"}
    assert balances() == {"F1": D(10), "F2": D(20)}
    with reading() as session:
        made = session.scalars(select(Document).where(col(Document.number) == "F1")).one()
    assert (made.issued_on.isoformat(), made.notes) == ("2026-04-03", "carga")
    assert customers() == {"C1": "Uno", "C2": "Dos", "C9": "Nueve"}
    assert book("documents", text, "--layout", "mío").data["repeated"] == 2
    assert book("documents", text, "--layout", "mío", "--date-order", "mdy").code == 1


def test_the_first_name_met_counts_and_differing_ones_are_one_warning(book, save):
    columns = COLUMNS | {"rfc": "customer.tax_id", "plazo": "customer.terms_days"}
    save("mío", FULL | {"columns": columns})
    header = "doc,cte,nombre,monto,día,rfc,plazo\n"
    rows = "F1,N1,Primero,1,2026-03-01,,20\nF2,N1,Segundo,1,2026-03-01,XAXX010101000,\nF3,0N1,Otro,1,2026-03-01,,\n"
    answer = book("documents", header + rows + "F4,N2,Único,1,2026-03-01,,\n", "--layout", "mío")
    assert customers()["N1"] == "Primero"
    differing = [warning for warning in answer.data["warnings"] if "varios nombres" in warning]
    assert len(differing) == 1
    assert "N1" in differing[0]
    with reading() as session:
        made = session.scalars(select(Customer).where(col(Customer.code) == "N1")).one()
        due = session.scalars(select(col(Document.due_on)).where(col(Document.number) == "F1")).one()
    assert (made.tax_id, made.terms_days) == ("XAXX010101000", 20)
    assert due is not None
    assert due.isoformat() == "2026-03-21"


def test_a_customer_of_bad_rows_alone_is_not_made(book, save, tmp_path):
    save("mío", FULL)
    rows = "doc,cte,nombre,monto,día\nF1,N1,Malo,x,2026-03-01\nF2,N2,Malo,1,2026-03-01\nF2,N3,Otro,2,2026-03-01\n"
    book("documents", rows, "--layout", "mío", "--skip-bad-rows", "--rejected", str(tmp_path / "r.csv"))
    assert set(customers()) == {"C1", "C2", "N2"}


def test_payments_make_customers_too_and_without_one_stay_unidentified(book, save, balances):
    columns = {"folio": "number", "cte": "customer", "nombre": "customer.legal_name", "monto": "amount", "día": "date"}
    save("mío", {"kind": "payments", "columns": columns, "create_customers": True})
    answer = book(
        "payments", "folio,cte,nombre,monto,día\nP1,N1,Nuevo,5,2026-03-01\nP2,,,7,2026-03-01\n", "--layout", "mío"
    )
    assert answer.data["new"] == 2
    assert balances() == {"P1": D(-5)}


def test_join_makes_one_field_of_several_and_wins_over_columns(book, save, balances):
    save("mío", FULL | {"join": {"number": ["serie", "DOC"]}})
    rows = "doc,serie,cte,nombre,monto,día\n1,A,C1,,5,2026-03-01\n1,B,C1,,6,2026-03-01\n2,,C1,,7,2026-03-01\n"
    assert book("documents", rows, "--layout", "mío").code == 0
    assert balances() == {"A-1": D(5), "B-1": D(6), "2": D(7)}
    assert "serie" in book("documents", "doc,cte,nombre,monto,día\n1,C1,,5,2026-03-01\n", "--layout", "mío").err


def test_negative_totals_are_credit_notes_when_the_layout_says_so(book, save, balances):
    rows = "doc,cte,nombre,monto,día\nF1,C1,,100,2026-03-01\nN1,C1,,30.00-,2026-03-01\n"
    save("mío", FULL)
    assert book("documents", rows, "--layout", "mío").code == 1
    save("mío", FULL | {"credits": "negative"})
    assert book("documents", rows, "--layout", "mío").data["total"] == {"MXN": "130.00"}
    assert balances() == {"F1": D(100), "N1": D(-30)}


def test_a_fixed_value_that_cannot_be_is_told_once(book, save):
    save("mío", FULL | {"constants": {"kind": "remisión"}})
    answer = book(
        "documents", "doc,cte,nombre,monto,día\nF1,C1,,1,2026-03-01\nF2,C1,,1,2026-03-01\n", "--layout", "mío"
    )
    assert (answer.code, len(answer.reasons)) == (1, 1)


# ------------------------------------------------------------------ the ready ones
def test_sap_open_items_in_english(database, load, balances, cli):
    text = (
        "Customer Line Item Display\n\n"
        "Account\tDocument Number\tDocument Type\tDocument Date\tNet due date\tAmount in local currency\t"
        "Amount in doc. curr.\tDocument currency\tText\tName 1\tClearing date\n"
        "0000100234\t1800045210\tRV\t13.03.2026\t12.04.2026\t1,234.56\t1,234.56\tMXN\tVenta\tAbarrotes\t\n"
        "100234\t1800045211\tDZ\t15.03.2026\t15.03.2026\t234.56-\t234.56-\tMXN\tPago\tAbarrotes\t\n"
        "100234\t1800045212\tRV\t15.03.2026\t15.03.2026\t1,750.00\t100.00\tUSD\t\tAbarrotes\t\n"
        "100234\t1800045209\tRV\t01.03.2026\t15.03.2026\t999.00\t999.00\tMXN\t\tAbarrotes\t20.03.2026\n\n"
        "\t\t\t\t\t1,000.00\t1,000.00\tMXN\t\t\t\n\t\t\t\t\t1,750.00\t100.00\tUSD\t\t\t\n"
    )
    answer = load("documents", text, "--layout", "sap_fbl5n", "--rate", "17.5")
    assert answer.data["total"] == {"MXN": "1469.12", "USD": "100.00"}, answer.err
    assert answer.data["read"] == 3
    assert balances() == {"1800045210": D("1234.56"), "1800045211": D("-234.56"), "1800045212": D(100)}
    assert customers() == {"0000100234": "Abarrotes"}
    assert any("Clearing date" in warning for warning in answer.data["warnings"])
    again = load("documents", text, "--layout", "sap_fbl5n", "--rate", "17.5")
    assert again.data["repeated"] == 3
    assert cli("db", "check").code == 0


def test_sap_tables_have_a_sign_of_their_own_and_a_key_of_four(database, load, balances):
    text = "BUKRS;KUNNR;BELNR;GJAHR;BUZEI;BLDAT;ZFBDT;SHKZG;WRBTR;DMBTR;WAERS\n" \
           "1000;77;900;2026;1;2026-03-01;;S;10.00;175;USD\n1000;77;901;2026;1;2026-03-01;;H;4.00;70;USD\n"  # fmt: skip
    assert load("documents", text, "--layout", "sap_fbl5n", "--rate", "17.5").code == 0
    assert balances() == {"1000-900-2026-1": D(10), "1000-901-2026-1": D(-4)}


def test_sap_amounts_in_local_currency_never_bear_the_documents_currency(database, load):
    text = "Cuenta;Nº documento;Fecha de documento;Importe en ML;Moneda\n77;900;2026-03-01;1,750.00;USD\n"
    assert load("documents", text, "--layout", "sap_fbl5n").data["total"] == {"MXN": "1750.00"}


def test_microsip_adds_the_tax_leaves_out_what_is_cancelled_and_wants_both_columns(database, load, balances):
    header = "FOLIO,FECHA,CLIENTE_ID,NOMBRE,NATURALEZA_CONCEPTO,IMPORTE,IMPUESTO,CANCELADO,FECHA_VENCIMIENTO\n"
    rows = (
        "A000001,2026-03-01,55,Uno,C,100.004,16.001,N,2026-03-31\nA000002,2026-03-01,55,Uno,R,10.00,1.60,N,\n"
        "A000003,2026-03-01,55,Uno,C,50.00,8.00,S,2026-03-31\n"
    )  # fmt: skip
    answer = load("documents", header + rows, "--layout", "microsip")
    assert (answer.data["read"], answer.data["total"]) == (2, {"MXN": "127.61"}), answer.err
    assert balances() == {"A000001": D("116.01"), "A000002": D("-11.60")}
    without = "FOLIO,FECHA,CLIENTE_ID,NOMBRE,IMPORTE\nB1,2026-03-01,55,Uno,100\n"
    assert "IMPUESTO" in load("documents", without, "--layout", "microsip").err


def test_contpaqi_loads_what_is_pending_of_invoices_that_live(database, load, balances):
    text = (
        "CIDDOCUMENTO,CIDDOCUMENTODE,CSERIEDOCUMENTO,CFOLIO,CFECHA,CFECHAVENCIMIENTO,CCODIGOCLIENTE,CRAZONSOCIAL,CRFC,"
        "CTOTAL,CPENDIENTE,CCANCELADO\n"
        "1,4,A,1001.0,2026-03-01 00:00:00,2026-03-31 00:00:00,CL01,Uno,XAXX010101000,1160.00,160.00,0\n"
        "2,4,A,1002,2026-03-01,2026-03-31,CL01,Uno,,1160.00,0.00,0\n3,4,A,1003,2026-03-01,2026-03-31,CL01,Uno,,5,5,1\n"
    )
    answer = load("documents", text, "--layout", "contpaqi")
    assert answer.data["read"] == 1, answer.err
    assert balances() == {"A-1001": D(160)}
    unknown = load("documents", text.replace("1,4,A", "1,9,B"), "--layout", "contpaqi")
    assert unknown.err.startswith("rows.csv:2: kind: ")


def test_sage_50_with_a_customer_id_or_only_a_name(database, load, balances):
    text = "Customer ID,Customer,Invoice/CM #,Date,Due Date,Amount Due,0 - 30\n" \
           "ACME,Acme Inc.,101,3/13/2026,4/12/2026,50.00,50\n" \
           "ACME,Acme Inc.,CM7,3/14/2026,3/14/2026,(20.00),\nReport Total,,,,,30.00,50\n"  # fmt: skip
    assert load("documents", text, "--layout", "sage50").data["read"] == 2
    assert balances() == {"101": D(50), "CM7": D(-20)}
    assert customers() == {"ACME": "Acme Inc."}
    named = "Customer,Ref,Doc. Date,Due Date,Tot. Amt.,Amt. Rec.,Amt. Due\nBeta,7,3/13/2026,4/12/2026,50,20,30.00\n"
    assert load("documents", named, "--layout", "sage50").data["total"] == {"MXN": "30.00"}
    assert customers()["Beta"] == "Beta"


def test_sage_100_joins_division_and_customer_and_tells_of_balances_forward(database, load, balances):
    text = (
        "ARDivisionNo,CustomerNo,CustomerName,InvoiceNo,HeaderSeqNo,InvoiceType,InvoiceDate,InvoiceDueDate,CustomerPONo,Balance\n"
        "01,ABF,American,0100059,000000,IN,2026-03-01,2026-03-31,PO1,100.00\n"
        "01,ABF,American,0100060,000000,CM,2026-03-01,,,-20.00\n02,ABF,Other,BF202603,,BF,2026-03-01,2026-03-31,,7\n"
    )
    answer = load("documents", text, "--layout", "sage100")
    assert balances() == {"0100059-000000": D(100), "0100060-000000": D(-20), "BF202603": D(7)}
    assert set(customers()) == {"01-ABF", "02-ABF"}
    assert any("BF" in warning for warning in answer.data["warnings"])


@pytest.mark.skipif(not REAL.exists(), reason="the real export does not lie beside this checkout")
def test_the_real_export_loads_to_the_centavo(database, cli, save):
    save("highradius", {
        "kind": "documents", "create_customers": True,
        "columns": {"cust_number": "customer", "name_customer": "customer.legal_name", "posting_date": "issue_date",
                    "due_in_date": "due_date", "converted_usd": "total"},
        "join": {"number": ["business_code", "doc_id"]}, "constants": {"kind": "invoice", "currency": "USD"},
    })  # fmt: skip
    answer = cli("import", "documents", REAL, "--layout", "highradius", "--rate", "17.5")
    assert (answer.data["read"], answer.data["new"]) == (9681, 9681), answer.err[:500]
    assert answer.data["total"] == {"USD": "310427859.34"}
    said = " ".join(answer.data["warnings"])
    assert "576 " in said  # three decimals
    assert " 27 " in said  # due before issue
    assert "553" in said  # customers made
    assert "320" in said  # of several names
    [total] = cli("aging", "--as-of", "2020-05-31").data["totals"]
    assert (total["total"], total["base_total"]) == ("310427859.34", "5432487559.85")
    again = cli("import", "documents", Path(REAL), "--layout", "highradius", "--rate", "17.5")
    assert again.data["repeated"] == 9681
