"""The ready templates: Word files made by the program, in Spanish and English, from the friendliest to the last.

Their words are neutral, call the customer «usted», accuse nobody and threaten nothing.
"""

import io
from functools import cache
from typing import Any, NamedTuple

from core.letters.models import Stage


class Words(NamedTuple):
    """What changes from one stage to the next; the frame is the same for all of a language."""

    title: str
    subject: str
    opening: str
    closing: str


_ES = {
    Stage.REMINDER: Words(
        "Recordatorio de pago",
        "Recordatorio de pago{% if empresa %} de {{ empresa }}{% endif %}",
        "Para facilitarle la programación de sus pagos, le compartimos el detalle de los documentos a su cargo al "
        "{{ fecha }}.",
        "Si ya realizó el pago, le agradecemos enviarnos el comprobante para aplicarlo a su cuenta.",
    ),
    Stage.FIRST: Words(
        "Primer aviso de saldo vencido",
        "Aviso de saldo vencido{% if empresa %} con {{ empresa }}{% endif %}",
        "Al {{ fecha }} nuestros registros muestran los siguientes documentos vencidos en su cuenta. Le pedimos "
        "programar su pago, o indicarnos la fecha en que lo recibiremos.",
        "Si alguno de ellos está en revisión o encuentra una diferencia, por favor háganoslo saber para atenderla.",
    ),
    Stage.SECOND: Words(
        "Segundo aviso de saldo vencido",
        "Segundo aviso de saldo vencido{% if empresa %} con {{ empresa }}{% endif %}",
        "En una comunicación anterior le informamos de documentos vencidos en su cuenta. Al {{ fecha }} no tenemos "
        "registrado el pago de los siguientes.",
        "Le pedimos cubrirlos a la brevedad o comunicarse con nosotros para acordar una fecha de pago.",
    ),
    Stage.FINAL: Words(
        "Último aviso de saldo vencido",
        "Último aviso de saldo vencido{% if empresa %} con {{ empresa }}{% endif %}",
        "A pesar de nuestras comunicaciones anteriores, al {{ fecha }} los siguientes documentos siguen pendientes de "
        "pago.",
        "Le pedimos cubrir este saldo o comunicarse con nosotros dentro de los próximos siete días. Nuestro interés es "
        "acordar con usted una solución y conservar la relación comercial.",
    ),
    Stage.LEGAL_NOTICE: Words(
        "Aviso previo a la gestión legal",
        "Aviso previo a la gestión legal{% if empresa %}, {{ empresa }}{% endif %}",
        "Al {{ fecha }} los siguientes documentos siguen pendientes de pago después de varias comunicaciones.",
        "Si en los próximos diez días no recibimos el pago ni acordamos con usted una forma de cubrirlo, el expediente "
        "podrá pasar a revisión del área legal. Quedamos en la mejor disposición de evitarlo.",
    ),
}
_EN = {
    Stage.REMINDER: Words(
        "Payment reminder",
        "Payment reminder{% if empresa %} from {{ empresa }}{% endif %}",
        "To help you schedule your payments, here is the detail of the documents on your account as of {{ fecha }}.",
        "If you have already paid, please send us the remittance so that we can apply it to your account.",
    ),
    Stage.FIRST: Words(
        "First notice of overdue balance",
        "Overdue balance{% if empresa %} with {{ empresa }}{% endif %}",
        "As of {{ fecha }} our records show the following overdue documents on your account. Please schedule their "
        "payment, or let us know the date on which we will receive it.",
        "If any of them is under review or you find a difference, please let us know so that we can look into it.",
    ),
    Stage.SECOND: Words(
        "Second notice of overdue balance",
        "Second notice of overdue balance{% if empresa %} with {{ empresa }}{% endif %}",
        "In an earlier letter we informed you of overdue documents on your account. As of {{ fecha }} we have "
        "no record of payment of the following.",
        "Please settle them as soon as possible, or contact us to agree on a date of payment.",
    ),
    Stage.FINAL: Words(
        "Final notice of overdue balance",
        "Final notice of overdue balance{% if empresa %} with {{ empresa }}{% endif %}",
        "Despite our earlier letters, as of {{ fecha }} the following documents are still unpaid.",
        "Please settle this balance or contact us within the next seven days. We would like to agree on a solution "
        "with you and to keep our business relationship.",
    ),
    Stage.LEGAL_NOTICE: Words(
        "Notice before legal review",
        "Notice before legal review{% if empresa %}, {{ empresa }}{% endif %}",
        "As of {{ fecha }} the following documents are still unpaid after several letters.",
        "If within the next ten days we neither receive payment nor agree with you on how to settle it, the file may "
        "be passed to our legal department for review. We would much prefer to avoid this.",
    ),
}
_WORDS = {"es": _ES, "en": _EN}


class _Frame(NamedTuple):
    dear: str
    heads: tuple[str, str, str, str]
    total: str
    in_favour: str
    thanks: str
    page: str
    code: str
    mail: str


_FRAMES = {
    "es": _Frame(
        "Estimado cliente:", ("Documento", "Venció", "Días", "Importe"), "Total",
        "Tiene {{ a_favor }} a su favor sin aplicar; díganos a qué documentos corresponde.",
        "Agradecemos su atención.", "Página", "Clave de cliente",
        "Estimado cliente:\n\nAdjuntamos una carta sobre el saldo de {{ cliente }} y su estado de cuenta al "
        "{{ fecha }}. Si ya realizó el pago, le agradecemos enviarnos el comprobante.\n\nAtentamente\n{{ empresa }}",
    ),
    "en": _Frame(
        "Dear customer:", ("Document", "Due date", "Days", "Amount"), "Total",
        "You have {{ a_favor }} in your favour that is not applied; please tell us which documents it pays.",
        "Thank you for your attention.", "Page", "Customer code",
        "Dear customer,\n\nPlease find attached a letter about the balance of {{ cliente }} and your statement of "
        "account as of {{ fecha }}. If you have already paid, please send us the remittance.\n\nSincerely,\n"
        "{{ empresa }}",
    ),
}  # fmt: skip


def mail(stage: Stage, language: str) -> tuple[str, str]:
    """Subject and text of the e-mail that carries the letter."""
    return _WORDS[language][stage].subject, _FRAMES[language].mail


def file_name(stage: Stage, language: str) -> str:
    """What the Word file is called."""
    return f"{_NAMES[stage]}_{language}.docx"


_NAMES = {
    Stage.REMINDER: "recordatorio", Stage.FIRST: "primer_aviso", Stage.SECOND: "segundo_aviso",
    Stage.FINAL: "ultimo_aviso", Stage.LEGAL_NOTICE: "aviso_prelegal",
}  # fmt: skip


@cache
def content(stage: Stage, language: str) -> bytes:
    """The Word file."""
    from docx import Document  # slow to load
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    words, frame = _WORDS[language][stage], _FRAMES[language]
    made: Any = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(215.9), Mm(279.4)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    normal.paragraph_format.space_after = Pt(8)

    def say(text: str, *, bold: bool = False, size: float | None = None, right: bool = False, after: float = 8) -> Any:
        paragraph = made.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold
        run.font.size = Pt(size) if size else None
        paragraph.paragraph_format.space_after = Pt(after)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return paragraph

    say("{{ empresa }}", bold=True, size=14, after=0)
    say("{%p for renglon in membrete %}", after=0)
    say("{{ renglon }}", size=9, after=0).runs[0].font.color.rgb = RGBColor(0x47, 0x55, 0x69)
    say("{%p endfor %}", after=0)
    say("{{ fecha }}", right=True)
    say("{{ cliente }}", bold=True, after=0)
    say(f"{frame.code}: {{{{ clave }}}}", size=9, after=14)
    say(words.title, bold=True, size=12.5).runs[0].font.color.rgb = RGBColor(0x0E, 0x5A, 0x8A)
    say(frame.dear)
    say(words.opening)
    _table(made, frame)
    say("", after=2)
    say("{%p if a_favor %}", after=0)
    say(frame.in_favour)
    say("{%p endif %}", after=0)
    say(words.closing)
    say(frame.thanks, after=18)
    say("{%p if gestor %}", after=0)
    say("{{ gestor }}", bold=True, after=0)
    say("{%p endif %}", after=0)
    say("{{ empresa }}", after=0)
    _page_number(section.footer.paragraphs[0], frame.page)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _table(made: Any, frame: _Frame) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    table = made.add_table(rows=0, cols=4)
    table.style, table.autofit = "Table Grid", False
    widths = (Mm(52), Mm(46), Mm(20), Mm(48))

    def row(cells: tuple[str, ...], *, bold: bool = False) -> None:
        added = table.add_row()
        for place, (cell, text, width) in enumerate(zip(added.cells, cells, widths, strict=True)):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.bold, run.font.size = bold, Pt(9.5)
            if place > 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    row(frame.heads, bold=True)
    row(("{%tr for d in documentos %}", "", "", ""))
    row(("{{ d.folio }}", "{{ d.vencimiento }}", "{{ d.dias }}", "{{ d.importe }}"))
    row(("{%tr endfor %}", "", "", ""))
    row(("{%tr for t in totales %}", "", "", ""))
    row((frame.total, "", "", "{{ t.importe }}"), bold=True)
    row(("{%tr endfor %}", "", "", ""))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _page_number(paragraph: Any, word: str) -> None:
    """«Página 1 de 2» as fields that Word keeps up to date."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def text(value: str) -> None:
        paragraph.add_run(value).font.size = Pt(8)

    def field(instruction: str) -> None:
        for kind in ("begin", "", "end"):
            run = paragraph.add_run()
            run.font.size = Pt(8)
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = f" {instruction} "
            run._r.append(mark)

    text(f"{word} ")
    field("PAGE")
    text(" / ")
    field("NUMPAGES")
