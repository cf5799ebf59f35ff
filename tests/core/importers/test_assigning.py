"""What a file's columns are before a user changes them, and the layout that comes of it."""

import pytest

from core.importers.assigning import assigned, look
from core.importers.base import Source
from core.importers.kinds import fields_by_kind, kind_of
from core.importers.ready_layouts import READY
from core.importers.specs import Spec, parse

DOCUMENTS = kind_of("documents")
MICROSIP = b"DOCTO_CC_ID,FOLIO,FECHA,CLAVE_CLIENTE,CLIENTE_ID,IMPORTE,IMPUESTO,NATURALEZA_CONCEPTO,TIPO_IMPTE\n"
CONTPAQI = b"CSERIEDOCUMENTO,CFOLIO,CFECHA,CCODIGOCLIENTE,CRAZONSOCIAL,CTOTAL,CPENDIENTE\n"


def ready(name: str) -> Spec:
    return parse(name, READY[name], fields_by_kind())


def fields(name: str, header: bytes) -> dict[str, str]:
    opened = look(DOCUMENTS, Source("rows.csv", header), ready(name))
    return {title.title: title.field for title in opened.titles if title.field}


@pytest.mark.parametrize(
    ("name", "header", "wanted"),
    [
        ("microsip", MICROSIP, {
            "FOLIO": "number", "FECHA": "issue_date", "CLAVE_CLIENTE": "customer", "IMPORTE": "subtotal",
            "IMPUESTO": "tax", "NATURALEZA_CONCEPTO": "kind",
        }),
        ("contpaqi", CONTPAQI, {
            "CSERIEDOCUMENTO": "number", "CFOLIO": "number", "CFECHA": "issue_date", "CCODIGOCLIENTE": "customer",
            "CRAZONSOCIAL": "customer.legal_name", "CPENDIENTE": "total",
        }),
    ],
)  # fmt: skip
def test_of_several_columns_for_one_field_only_the_one_that_counts_is_shown(name, header, wanted):
    assert fields(name, header) == wanted


def test_a_ready_layout_confirmed_by_hand_reads_the_same_columns():
    chosen = fields("contpaqi", CONTPAQI)
    spec = assigned(DOCUMENTS, ready("contpaqi"), chosen, constants={}, create_customers=True, credits_negative=True)
    assert spec.columns["CPENDIENTE"] == "total"
    assert spec.join == {"number": (("CSERIEDOCUMENTO",), ("CFOLIO",))}
    assert spec.skip == ready("contpaqi").skip


def test_a_layout_whose_join_lacks_a_column_shows_what_is_there():
    spec = parse("mine", {"kind": "documents", "columns": {"c": "customer"}, "join": {"number": ["serie", "folio"]}},
                 fields_by_kind())  # fmt: skip
    opened = look(DOCUMENTS, Source("rows.csv", b"folio,c\n1,C1\n"), spec)
    assert [title.field for title in opened.titles] == ["number", "customer"]
