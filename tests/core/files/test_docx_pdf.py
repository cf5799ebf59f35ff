"""A Word file in PDF: what it says is drawn, in its looks; what cannot be drawn is named."""

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from pypdf import PdfReader

from core.files import docx_pdf, docx_reading, docx_words
from core.files.docx_blocks import NotDrawable

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def made(write: Callable[[Any], None]) -> bytes:
    document = Document()
    write(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def pages(write: Callable[[Any], None]) -> list[str]:
    reader = PdfReader(io.BytesIO(docx_pdf.render(made(write), title="Prueba")))
    return [page.extract_text() for page in reader.pages]


def reasons(write: Callable[[Any], None]) -> list[str]:
    with pytest.raises(NotDrawable) as refused:
        docx_pdf.render(made(write), title="x")
    assert all(docx_words.told(one) for one in refused.value.reasons)
    return [key for key, _about in refused.value.reasons]


def paragraph(document: Any, inner: str) -> None:
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w', 'wp', 'r')}>{inner}</w:p>"))


def test_paragraphs_are_drawn_in_order_whatever_is_in_them():
    def write(document):
        for text in ("Uno & <dos>", "Año {{ tres }}", "  dos  espacios"):
            document.add_paragraph(text)

    [page] = pages(write)
    assert "Uno & <dos>" in page
    assert "Año {{ tres }}" in page
    assert page.index("Uno") < page.index("Año") < page.index("espacios")


def test_looks_follow_the_styles_and_what_the_run_says():
    def write(document):
        document.styles["Normal"].font.size = Pt(13)
        document.styles["Normal"].font.italic = True
        found = document.add_paragraph()
        run = found.add_run("a")
        run.bold, run.font.color.rgb = True, RGBColor(1, 2, 3)
        found.add_run("b").italic = False
        found.alignment = WD_ALIGN_PARAGRAPH.CENTER

    [block] = docx_reading.read(made(write)).blocks
    first, second = (run.look for run in block.runs)
    assert (first.bold, first.italic, first.size, first.colour) == (True, True, 13.0, "#010203")
    assert (second.bold, second.italic, block.shape.align) == (False, False, "CENTER")


def test_bold_and_italic_have_faces_of_their_own():
    def write(document):
        document.add_paragraph().add_run("negrita").bold = True
        document.add_paragraph().add_run("cursiva").italic = True

    reader = PdfReader(io.BytesIO(docx_pdf.render(made(write), title="x")))
    fonts = {str(font["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("Bold" in font for font in fonts)
    assert any("Oblique" in font for font in fonts)


def test_lists_have_their_bullets_and_numbers():
    def write(document):
        for text in ("uno", "dos"):
            document.add_paragraph(text, style="List Number")
        document.add_paragraph("punto", style="List Bullet")

    [page] = pages(write)
    assert "1." in page
    assert "2." in page
    assert "•" in page


def test_tables_keep_widths_spans_borders_and_shades():
    def write(document):
        table = document.add_table(rows=2, cols=3, style="Table Grid")
        table.cell(0, 0).merge(table.cell(0, 1)).text = "junto"
        table.cell(0, 2).merge(table.cell(1, 2)).text = "alto"
        for column, width in zip(table.columns, (20, 30, 40), strict=True):
            column.width = Mm(width)

    [table] = docx_reading.read(made(write)).blocks[:1]
    assert [round(width) for width in table.widths] == [57, 85, 113]
    assert [cell.span for cell in table.rows[0]] == [2, 1]
    assert table.rows[1][2].goes_on
    assert table.rows[0][0].edges["top"] == (0.5, "#000000")
    assert "junto" in pages(write)[0]


def test_a_long_table_repeats_its_head_on_each_page():
    def write(document):
        table = document.add_table(rows=121, cols=1, style="Table Grid")
        table.cell(0, 0).text = "Encabezado"
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for at in range(1, 121):
            table.cell(at, 0).text = f"renglón {at}"

    found = pages(write)
    assert len(found) > 2
    assert all("Encabezado" in page for page in found)
    assert "renglón 120" in found[-1]


def test_page_breaks_and_page_numbers():
    def number(paragraph, instruction):
        for kind in ("begin", "", "end"):
            run = paragraph.add_run()._r
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark.text = instruction
            run.append(mark)

    def write(document):
        document.sections[0].header.paragraphs[0].text = "Arriba"
        foot = document.sections[0].footer.paragraphs[0]
        foot.add_run("hoja ")
        number(foot, "PAGE")
        foot.add_run(" de ")
        number(foot, r" NUMPAGES \* MERGEFORMAT ")
        document.add_paragraph("primera").add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("segunda")

    found = pages(write)
    assert ["primera" in found[0], "segunda" in found[1]] == [True, True]
    assert ["hoja 1 de 2" in found[0], "hoja 2 de 2" in found[1]] == [True, True]
    assert all("Arriba" in page for page in found)


def test_the_first_page_may_have_its_own_head():
    def write(document):
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = "Membrete"
        section.header.paragraphs[0].text = "Sigue"
        document.add_page_break()
        document.add_paragraph("fin")

    found = pages(write)
    assert ["Membrete" in found[0], "Sigue" in found[0], "Sigue" in found[1]] == [True, False, True]


def test_images_in_the_line_are_drawn():
    def write(document):
        document.add_picture(io.BytesIO(PNG), width=Mm(20))

    reader = PdfReader(io.BytesIO(docx_pdf.render(made(write), title="x")))
    assert len(reader.pages[0].images) == 1


def test_an_empty_document_is_an_empty_page():
    assert len(pages(lambda document: None)) == 1


def test_a_cell_higher_than_a_page_goes_on_the_next():
    def write(document):
        cell = document.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
        for at in range(150):
            cell.add_paragraph(f"línea {at}")

    found = pages(write)
    assert len(found) > 1
    assert "línea 149" in found[-1]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<w:ins w:id='1' w:author='x'><w:r><w:t>x</w:t></w:r></w:ins>", "changes"),
        ("<w:r><w:footnoteReference w:id='2'/></w:r>", "notes"),
        ("<w:r><w:pict/></w:r>", "shape"),
        ("<w:r><w:object/></w:r>", "object"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>", "symbol"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "tab"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>oculto</w:t></w:r>", "hidden"),
        ("<w:fldSimple w:instr=' DATE '/>", "field"),
        ("<w:fldSimple w:instr=' PAGE '/>", "page_in_body"),
        ("<w:r><w:drawing><wp:anchor/></w:drawing></w:r>", "floating"),
        ("<w:r><w:commentReference w:id='1'/></w:r>", "comments"),
        ("<w:pPr><w:framePr/></w:pPr>", "frame"),
        ("<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='987'/></w:numPr></w:pPr>", "numbering"),
        ("<w:nada/>", "unknown"),
    ],
)
def test_what_cannot_be_drawn_is_named_not_dropped(inner, expected):
    assert reasons(lambda document: paragraph(document, inner)) == [expected]


def test_all_reasons_are_told_at_once():
    def write(document):
        paragraph(document, "<w:r><w:pict/></w:r>")
        paragraph(document, "<w:fldSimple w:instr=' DATE '/>")
        document.add_section()

    assert set(reasons(write)) == {"sections", "shape", "field"}


def test_a_banded_table_style_is_refused_by_its_name():
    def write(document):
        document.add_table(rows=1, cols=1, style="Light Shading Accent 1")

    with pytest.raises(NotDrawable) as refused:
        docx_pdf.render(made(write), title="x")
    assert refused.value.reasons == [("table_style", "Light Shading Accent 1")]


def test_an_image_amid_text_is_refused():
    def write(document):
        found = document.add_paragraph("logo ")
        found.add_run().add_picture(io.BytesIO(PNG))

    assert reasons(write) == ["picture_in_text"]


def test_an_image_that_is_none_is_refused():
    def write(document):
        document.add_picture(io.BytesIO(PNG))
        for part in document.part.package.iter_parts():
            if part.partname.endswith(".png"):
                part._blob = b"\x01\x00\x00\x00 EMF"

    assert reasons(write) == ["picture_kind"]


def test_no_more_pages_than_a_letter_may_have():
    def write(document):
        for _at in range(6):
            document.add_page_break()

    with pytest.raises(NotDrawable):
        docx_pdf.render(made(write), title="x", most_pages=3)
