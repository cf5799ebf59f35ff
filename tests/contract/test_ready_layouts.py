"""The layouts that come with the product, on small exports as the ERPs write them."""

import pytest

from tests.contract.helpers import DAY, Book, shown

pytestmark = pytest.mark.backend("sqlite")

PEOPLE = "code,legal_name,terms_days\n0000100234,Constructora del Norte,30\n0000100777,Ferretera Peña,30"


def amounts(book: Book) -> set[tuple]:
    return shown(book.items(DAY).values(), "key customer kind currency open due_date")


SAP_EN = """Customer line items\t\t\t\t\t\t\t\t
\t\t\t\t\t\t\t\t
Account\tDocument Number\tDocument Type\tDocument Date\tPosting Date\
\tNet due date\tAmount in doc. curr.\tDocument currency\tText
0000100234\t1800000101\tRV\t25.02.2026\t25.02.2026\t27.03.2026\t11,600.00\tMXN\tPedido 1
0000100234\t1800000102\tDR\t05.03.2026\t05.03.2026\t04.04.2026\t1,234.56\tMXN\t
0000100234\t1600000009\tDG\t10.03.2026\t10.03.2026\t10.03.2026\t500.00-\tMXN\tDevolución
\t\t\t\t\t\t\t\t
0000100777\t1800000103\tRV\t01.03.2026\t01.03.2026\t31.03.2026\t100.00\tUSD\t
*\t\t\t\t\t\t12,334.56\tMXN\t
*\t\t\t\t\t\t100.00\tUSD\t
"""

SAP_ES = """Cuenta;Nombre;Nº documento;Clase de documento;Fecha de documento;Fe.contabilización\
;Vencimiento neto;Importe en moneda de documento;Moneda;Texto
0000100234;Constructora del Norte;1800000101;RV;25.02.2026;25.02.2026;27.03.2026;11,600.00;MXN;Pedido 1
0000100234;Constructora del Norte;1800000102;DR;05.03.2026;05.03.2026;04.04.2026;1,234.56;MXN;
0000100234;Constructora del Norte;1600000009;DG;10.03.2026;10.03.2026;10.03.2026;500.00-;MXN;Devolución
0000100777;Ferretera Peña;1800000103;RV;01.03.2026;01.03.2026;31.03.2026;100.00;USD;
"""

SAP_TECHNICAL = """KUNNR,BELNR,BLART,BLDAT,BUDAT,WRBTR,WAERS,SGTXT
0000100234,1800000101,RV,25.02.2026,25.02.2026,11600.00,MXN,
0000100234,1600000009,DG,10.03.2026,10.03.2026,500.00-,MXN,
"""

SAP_OPEN = {
    ("1800000101", "0000100234", "invoice", "MXN", "11600.00", "2026-03-27"),
    ("1800000102", "0000100234", "invoice", "MXN", "1234.56", "2026-04-04"),
    ("1600000009", "0000100234", "credit_note", "MXN", "-500.00", None),
    ("1800000103", "0000100777", "invoice", "USD", "100.00", "2026-03-31"),
}


@pytest.mark.parametrize("text", [SAP_EN, SAP_ES], ids=["english", "spanish"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_open_items_of_sap_become_documents_and_credits_credit_notes(empty_book: Book, text: str, encoding: str):
    empty_book.customers(PEOPLE)
    summary = empty_book.put("documents", text.encode(encoding), "--layout", "sap_fbl5n", "--rate", "17.5")
    assert (summary["read"], summary["new"]) == (4, 4)
    assert amounts(empty_book) == SAP_OPEN


def test_technical_names_of_sap_are_known_too(empty_book: Book):
    empty_book.customers(PEOPLE)
    empty_book.put("documents", SAP_TECHNICAL.encode(), "--layout", "sap_fbl5n")
    assert empty_book.open() == {"1800000101": "11600.00", "1600000009": "-500.00"}


def test_sap_without_customers_makes_them_when_the_layout_says_so(empty_book: Book):
    makes = empty_book.ask("layouts", "show", "sap_fbl5n").get("create_customers")
    answer = empty_book.load("documents", SAP_ES.encode(), "--layout", "sap_fbl5n", "--rate", "17.5")
    assert answer.code == (0 if makes else 1)
    if makes:
        names = shown(empty_book.aging()["rows"], "key name")
        assert names == {("0000100234", "Constructora del Norte"), ("0000100777", "Ferretera Peña")}


CONTPAQI = """CIDDOCUMENTO,CIDDOCUMENTODE,CSERIEDOCUMENTO,CFOLIO,CFECHA,CFECHAVENCIMIENTO\
,CIDCLIENTEPROVEEDOR,CCODIGOCLIENTE,CRAZONSOCIAL,CRFC,CTOTAL,CPENDIENTE,CCANCELADO
1,4,A,101,2026-02-25,2026-03-27,7,0000100234,Constructora del Norte,XAXX010101000,11600.00,11600.00,0
2,4,A,102,2026-03-05,2026-04-04,7,0000100777,Ferretera Peña,XAXX010101000,1234.56,1234.56,0
"""


def test_an_export_of_contpaqi(empty_book: Book):
    empty_book.customers(PEOPLE)
    empty_book.put("documents", CONTPAQI.encode("cp1252"), "--layout", "contpaqi")
    assert amounts(empty_book) == {
        ("A-101", "0000100234", "invoice", "MXN", "11600.00", "2026-03-27"),
        ("A-102", "0000100777", "invoice", "MXN", "1234.56", "2026-04-04"),
    }


SAGE100 = """ARDivisionNo,CustomerNo,InvoiceNo,InvoiceType,InvoiceDate,InvoiceDueDate,CustomerPONo,Balance
01,ABF,0100052,IN,02/25/2026,03/27/2026,PO-9,11600.00
01,ABF,0100053,IN,03/05/2026,04/04/2026,,1234.56
"""


def test_an_export_of_sage_100_joins_division_and_customer(empty_book: Book):
    empty_book.customers("code,legal_name\n01-ABF,American Business Futures")
    empty_book.put("documents", SAGE100.encode(), "--layout", "sage100")
    assert amounts(empty_book) == {
        ("0100052", "01-ABF", "invoice", "MXN", "11600.00", "2026-03-27"),
        ("0100053", "01-ABF", "invoice", "MXN", "1234.56", "2026-04-04"),
    }


SAGE50 = """Customer ID,Customer,Invoice/CM #,Doc. Date,Due Date,Tot. Amt.,Amt. Rec.,Amt. Due
100234,Constructora del Norte,10101,02/25/2026,03/27/2026,11600.00,0.00,11600.00
100777,Ferretera Peña,10102,03/05/2026,04/04/2026,1234.56,0.00,1234.56
100777,Ferretera Peña,10103,03/06/2026,03/06/2026,-50.00,0.00,-50.00
"""


def test_an_export_of_sage_50(empty_book: Book):
    empty_book.customers("code,legal_name\n100234,Constructora del Norte\n100777,Ferretera Peña")
    empty_book.put("documents", SAGE50.encode(), "--layout", "sage50")
    assert amounts(empty_book) == {
        ("10101", "100234", "invoice", "MXN", "11600.00", "2026-03-27"),
        ("10102", "100777", "invoice", "MXN", "1234.56", "2026-04-04"),
        ("10103", "100777", "credit_note", "MXN", "-50.00", None),
    }


MICROSIP = """FOLIO,FECHA,CLIENTE_ID,NOMBRE,FECHA_VENCIMIENTO,IMPORTE,IMPUESTO,NATURALEZA_CONCEPTO,CANCELADO
A101,25/02/2026,100234,Constructora del Norte,27/03/2026,10000.00,1600.00,C,N
A102,05/03/2026,100777,Ferretera Peña,04/04/2026,1234.56,0.00,C,N
N103,06/03/2026,100777,Ferretera Peña,,100.00,16.00,R,N
A104,06/03/2026,100777,Ferretera Peña,05/04/2026,50.00,8.00,C,S
"""


def test_an_export_of_microsip_adds_the_tax_and_leaves_out_what_is_cancelled(empty_book: Book):
    empty_book.customers("code,legal_name\n100234,Constructora del Norte\n100777,Ferretera Peña")
    empty_book.put("documents", MICROSIP.encode("cp1252"), "--layout", "microsip")
    assert amounts(empty_book) == {
        ("A101", "100234", "invoice", "MXN", "11600.00", "2026-03-27"),
        ("A102", "100777", "invoice", "MXN", "1234.56", "2026-04-04"),
        ("N103", "100777", "credit_note", "MXN", "-116.00", None),
    }


@pytest.mark.parametrize("name", ["sap_fbl5n", "microsip", "contpaqi", "sage50", "sage100"])
def test_a_ready_layout_can_be_shown_and_kept_under_another_name(empty_book: Book, name: str):
    shown_ = empty_book.done("layouts", "show", name).out
    empty_book.done("layouts", "save", "mine", empty_book.path(shown_.encode(), "mine.json"))
    assert empty_book.ask("layouts", "show", "mine") == empty_book.ask("layouts", "show", name)
