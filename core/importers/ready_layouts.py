"""Layouts that come with the product, for what common ERPs export: data, in the words of `layouts show`.

All of them read open items: what is owed now becomes the document's total, a negative amount a credit note, and
customers that do not exist yet are made. Where one export has columns for the whole amount and for what is left of it,
what is left counts: the payments that came before are not in the file.
"""

from typing import Any

from core.i18n import N_

_OPEN_ITEMS: dict[str, Any] = {
    "kind": "documents", "constants": {"kind": "invoice"}, "credits": "negative", "create_customers": True,
}  # fmt: skip

#: FBL5N, English and Spanish headers and those of the tables (BSID). The key is company, document, year and line, as
#: far as the file has them. Amounts are in the document's currency, else in the local one with the company's.
_SAP_FBL5N: dict[str, Any] = _OPEN_ITEMS | {
    "columns": {
        "Account": "customer", "Customer": "customer", "Cuenta": "customer", "Cliente": "customer",
        "Nº cliente": "customer", "KUNNR": "customer",
        "Nombre": "customer.legal_name", "Nombre 1": "customer.legal_name", "Name 1": "customer.legal_name",
        "Customer name": "customer.legal_name", "NAME1": "customer.legal_name",
        "Document Date": "issue_date", "Fecha de documento": "issue_date", "Fecha documento": "issue_date",
        "Fe.documento": "issue_date", "BLDAT": "issue_date", "Posting Date": "issue_date",
        "Fe.contabilización": "issue_date", "Fecha contabilización": "issue_date",
        "Fecha de contabilización": "issue_date", "BUDAT": "issue_date",
        "Net due date": "due_date", "Vencimiento neto": "due_date", "Fecha de vencimiento neto": "due_date",
        "Debit/Credit ind": "kind", "Indicador debe/haber": "kind", "SHKZG": "kind",
    },
    "join": {
        "number": [
            ["Company Code", "Sociedad", "BUKRS", ""],
            ["Document Number", "Document No", "Nº documento", "Nº doc.", "Número de documento", "BELNR"],
            ["Fiscal Year", "Ejercicio", "GJAHR", ""], ["Line Item", "Item", "Posición", "BUZEI", ""],
        ],
        "notes": [["Reference", "Referencia", "XBLNR", ""], ["Text", "Texto", "SGTXT", ""]],
    },
    "choose": [[
        {"total": "Amount in doc. curr.", "currency": "Document currency"},
        {"total": "Amount in document currency", "currency": "Document currency"},
        {"total": "Importe en moneda de documento", "currency": "Moneda"},
        {"total": "Importe en moneda doc.", "currency": "Moneda"},
        {"total": "Importe en MD", "currency": "Moneda"},
        {"total": "WRBTR", "currency": "WAERS"},
        {"total": "Amount in local currency", "currency": "Local currency"},
        {"total": "Importe en moneda local", "currency": "Moneda local"},
        {"total": "Importe en ML", "currency": "Moneda local"},
        {"total": "DMBTR"},
    ]],
    "words": {"kind": {"S": "invoice", "H": "credit_note"}},
    "skip": {
        "Clearing date": ["*"], "Clearing Document": ["*"], "Fecha compensación": ["*"], "Fecha de compensación": ["*"],
        "Doc.compensación": ["*"], "Documento compensación": ["*"], "AUGDT": ["*"], "AUGBL": ["*"],
    },
}  # fmt: skip

#: DOCTOS_CC with IMPORTES_DOCTOS_CC. IMPORTE is without tax: the total is IMPORTE + IMPUESTO; both must be there. A row
#: of nature R credits the charge whose DOCTO_CC_ID its DOCTO_CC_ACR_ID names, or nobody's yet when that is blank; a
#: receipt has a row for each charge that it credits. Charges bear their own id there, which says nothing.
_MICROSIP: dict[str, Any] = _OPEN_ITEMS | {
    "columns": {
        "FOLIO": "number", "DOCTO_CC_ID": "number", "CLAVE_CLIENTE": "customer", "CLIENTE_ID": "customer",
        "NOMBRE": "customer.legal_name", "NOMBRE_CLIENTE": "customer.legal_name", "RFC": "customer.tax_id",
        "RFC_CURP": "customer.tax_id", "FECHA": "issue_date", "FECHA_VENCIMIENTO": "due_date",
        "IMPORTE": "subtotal", "IMPUESTO": "tax", "NATURALEZA_CONCEPTO": "kind", "TIPO_IMPTE": "kind",
        "TIPO_CAMBIO": "exchange_rate", "DESCRIPCION": "notes", "DOCTO_CC_ACR_ID": "applies_to",
    },
    "credit_lines": "DOCTO_CC_ID",
    "words": {"kind": {"C": "invoice", "R": "credit_note"}},
    "skip": {"CANCELADO": ["S"]},
}  # fmt: skip

#: admDocumentos of CONTPAQi Comercial. Only type 4 (invoice) is the same everywhere; of others the rows are refused.
_CONTPAQI: dict[str, Any] = _OPEN_ITEMS | {
    "columns": {
        "CCODIGOCLIENTE": "customer", "CIDCLIENTEPROVEEDOR": "customer", "CRAZONSOCIAL": "customer.legal_name",
        "CRFC": "customer.tax_id", "CFECHA": "issue_date", "CFECHAVENCIMIENTO": "due_date", "CPENDIENTE": "total",
        "CTOTAL": "total", "CIDDOCUMENTODE": "kind", "CTIPOCAMBIO": "exchange_rate", "CREFERENCIA": "notes",
    },
    "join": {"number": [["CSERIEDOCUMENTO", ""], ["CFOLIO"]]},
    "words": {"kind": {"4": "invoice"}},
    "skip": {"CCANCELADO": ["1", "S"], "CPENDIENTE": ["0"]},
}  # fmt: skip

#: Aged receivables of Sage 50 (Peachtree).
_SAGE50: dict[str, Any] = _OPEN_ITEMS | {
    "columns": {
        "Ref": "number", "Invoice/CM #": "number", "Invoice No": "number", "Doc. Date": "issue_date",
        "Invoice Date": "issue_date", "Date": "issue_date", "Due Date": "due_date", "Date Due": "due_date",
        "Amt. Due": "total", "Amount Due": "total", "Tot. Amt.": "total", "Telephone": "customer.phone",
        "Telephone 1": "customer.phone",
    },
    "choose": [[
        {"customer": "Customer ID", "customer.legal_name": "Customer"},
        {"customer": "Customer"},
    ]],
    "skip": {"Amt. Due": ["0"], "Amount Due": ["0"]},
}  # fmt: skip

#: AR_OpenInvoice of Sage 100 (MAS 90).
_SAGE100: dict[str, Any] = _OPEN_ITEMS | {
    "columns": {
        "CustomerName": "customer.legal_name", "BillToName": "customer.legal_name", "InvoiceType": "kind",
        "InvoiceDate": "issue_date", "InvoiceDueDate": "due_date", "Balance": "total", "CustomerPONo": "po_number",
        "TelephoneNo": "customer.phone", "EmailAddress": "customer.email",
    },
    "join": {"customer": [["ARDivisionNo", ""], ["CustomerNo"]], "number": [["InvoiceNo"], ["HeaderSeqNo", ""]]},
    "words": {"kind": {
        "IN": "invoice", "DM": "debit_note", "FC": "debit_note", "CM": "credit_note", "PP": "credit_note",
        "BF": "invoice",
    }},
    "tell": {"InvoiceType": {"BF": N_(
        "Filas de clientes de saldo anterior (BF), un renglón por mes: su antigüedad por documento no se puede saber: "
        "{n} ({rows})."
    )}},
    "skip": {"Balance": ["0"]},
}  # fmt: skip

#: What people call them.
TITLES = {
    "sap_fbl5n": N_("SAP FBL5N (partidas abiertas)"), "microsip": "Microsip", "contpaqi": "CONTPAQi Comercial",
    "sage50": "Sage 50", "sage100": "Sage 100",
}  # fmt: skip
READY: dict[str, dict[str, Any]] = {
    "sap_fbl5n": _SAP_FBL5N, "microsip": _MICROSIP, "contpaqi": _CONTPAQI, "sage50": _SAGE50, "sage100": _SAGE100,
}  # fmt: skip
