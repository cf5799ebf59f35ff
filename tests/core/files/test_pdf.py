"""PDF: pages, repeated headers, numbers, and any text whatever it holds."""

import io
import time
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.files.fonts import drawable, markup
from core.files.pdf import Document, Facts, Lines, Strip, Text, render, written
from core.files.table import Column, Kind

COLUMNS = [
    Column("date", "Fecha", Kind.DATE),
    Column("document", "Documento"),
    Column("reference", "Referencia", width=26),
    Column("charge", "Cargo", Kind.AMOUNT),
    Column("balance", "Saldo", Kind.AMOUNT),
]


def lines(count, **changes):
    rows = [(date(2026, 3, 31), f"F-{at}", "ref", Decimal("1234.50"), Decimal("99999999.99")) for at in range(count)]
    return Lines(COLUMNS, changes.get("rows", rows), changes.get("totals", ()))


def pages(*blocks, **options):
    facts = {"title": "Estado", "page_label": "Página {page} de {pages}"}
    document = Document(blocks=blocks, **(facts | options))
    return [page.extract_text() for page in PdfReader(io.BytesIO(render(document))).pages]


def test_every_page_has_its_number_its_footer_and_the_header_of_the_table():
    texts = pages(lines(120), footer="Generado por ana")
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert f"Página {number} de {len(texts)}" in text
        assert "Generado por ana" in text
        assert "Documento" in text


def test_page_labels_come_in_the_language_of_the_reader():
    assert "Page 1 of 1" in pages(Text("x"), page_label="Page {page} of {pages}")[0]


def test_the_letterhead_stands_above_the_first_page_alone():
    texts = pages(lines(120), letterhead=["Distribuidora, S.A.", "RFC XAXX010101000"])
    assert "Distribuidora, S.A." in texts[0]
    assert "Distribuidora, S.A." not in texts[1]


def test_dates_and_amounts_fit_on_one_line():
    text = pages(lines(1))[0]
    assert "31/03/2026" in text
    assert "99,999,999.99" in text


@pytest.mark.parametrize(
    "name",
    [
        "<b>x</b> & <para>",
        "</font>",
        "Łódź Ελλάδα Москва",
        "日本 한국어",
        "🏗️ Ávila",
        "a\x00b\x07c",
        "{x} %s",
        "x" * 500,
    ],
)
def test_any_name_is_shown_and_never_taken_for_markup(name):
    row = (None, name, name, None, None)
    blocks = [
        Text(name, "title"),
        Facts([(name, name)]),
        Strip([(name[:40], name[:40])]),
        lines(0, rows=[row], totals=[row]),
    ]
    assert pages(*blocks, letterhead=[name, name], footer=name[:60], title=name)


def test_what_the_font_has_is_extracted_letter_by_letter():
    text = pages(Text("<b>Ñandú</b> & Łódź Ελλάδα 日本"))[0]
    assert "<b>Ñandú</b> & Łódź Ελλάδα 日本" in text


def test_what_no_font_has_is_a_white_square():
    assert drawable("a🏗️b\x00") == "a□b"
    assert markup("a<b>") == "a&lt;b&gt;"


def test_a_figure_wider_than_its_column_shrinks_and_is_never_cut():
    huge = Decimal("9999999999999.99")
    columns = [Column(f"a{at}", f"Importe {at}", Kind.AMOUNT) for at in range(9)]
    text = pages(Lines(columns, [[huge] * 9]))[0]
    assert text.count("9,999,999,999,999.99") == 9


def test_a_text_longer_than_a_page_flows_on():
    assert len(pages(lines(0, rows=[(None, "palabra " * 4000, None, None, None)]))) > 1


def test_empty_documents_and_tables_are_documents():
    assert len(pages()) == 1
    assert "Fecha" in pages(lines(0))[0]
    assert pages(Strip([]), Facts([]))


def test_values_are_written_as_people_read_them():
    assert written(Decimal("-1234.5"), Kind.AMOUNT) == "-1,234.50"
    assert written(Decimal("45.5"), Kind.PERCENT) == "45.50 %"
    assert written(Decimal("17.5"), Kind.RATE) == "17.500000"
    assert written(1234, Kind.INTEGER) == "1,234"
    assert written(None, Kind.AMOUNT) == ""
    assert written("007", Kind.TEXT) == "007"


def test_a_statement_of_200_lines_is_quick():
    render(Document(title="x", blocks=[lines(1)]))
    start = time.perf_counter()
    render(Document(title="x", blocks=[lines(200)]))
    assert time.perf_counter() - start < 1.5  # 0.05 s on a quiet machine; the goal is 0.3
